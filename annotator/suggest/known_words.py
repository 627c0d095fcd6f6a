"""Words that most people know as names, or as parts of names: files of this package.

They are told apart, never proposed: what a name is labelled, if at all, an engine learns from the
annotator. Of a language that the files hold no word of, nothing is known, and nothing is missing.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import resources

_LOWER = "titles"
"""The kind that counts without a capital too: “president” stands before names."""
_CACHED = 1 << 16


@cache
def _kinds() -> dict[str, tuple[str, ...]]:
    """Words in lower case, with the kinds that they are of: the names of the files."""
    found: dict[str, tuple[str, ...]] = {}
    folder = resources.files("annotator.suggest") / "known_words"
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        kind, _, ending = file.name.partition(".")
        if ending == "txt":
            lines = file.read_text("utf-8").splitlines()
            words = (w for line in lines if not line.startswith("#") for w in line.split())
            for word in words:
                found[word] = (*found.get(word, ()), kind)
    return found


@lru_cache(maxsize=_CACHED)
def kinds_of(word: str) -> tuple[str, ...]:
    """What a word, as it is written, may be."""
    kinds = _kinds().get(word.lower(), ())
    return kinds if word[:1].isupper() else tuple(kind for kind in kinds if kind == _LOWER)
