"""How right the rules are on English news: who says what, as the syntax trees of a corpus tell it.

GUM has no ties, but its trees do: of a verb of saying the clause that depends on it, or that it
stands in (``ccomp``, ``parataxis``), is what is said, and its subject is who says it; behind
"according to" stands the source, and what that hangs on is said. Letters and digits are compared:
marks and "that" belong to nothing here. Trees know nothing of what guidelines ask (that a denied
saying makes no claim, that a noun can be one), so some of what counts as wrong is not.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from annotator.core.ranges import Range
from annotator.suggest.attribution import readings
from annotator.suggest.lexicon import lexicons
from annotator.suggest.quality import LabelQuality
from bench.suggest import CORPORA

_LISTED = """
    say tell add announce argue assert believe claim comment acknowledge admit allege caution
    concede confirm contend complain exclaim pledge recall remark reveal declare deny estimate
    explain insist note predict promise reply report state stress suggest testify think tweet vow
    warn write ask show find conclude expect hope indicate agree call quote describe accuse point
    emphasize maintain observe respond reiterate fear answer shout urge demand propose mention
    express
"""
SAYING = frozenset(_LISTED.split())
"""Lemmas of verbs whose clause is taken for said."""
LATE = ("ie9", "korea", "questionnaire", "stampede", "warhol", "worship")
"""Texts that were looked at when the rules were made, and not before."""
LEAST = 3
"""Words of a claim at least."""

Letters = frozenset[int]
"""Places of letters and digits, code points of a sentence."""
Tie = tuple[Letters, Letters, Letters]
"""Those of what is said, of the cue, and of who says it."""


class Tree:
    """A sentence with its syntax: the text, and for each word its row and what hangs on it."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        self.text = ""
        self.places: dict[int, Range] = {}
        self.rows = {int(row[0]): row for row in rows if row[0].isdigit()}
        self._read(rows)
        self._hanging: dict[int, list[int]] = {}
        for number, row in self.rows.items():
            self._hanging.setdefault(int(row[6]), []).append(number)

    def _read(self, rows: Sequence[Sequence[str]]) -> None:
        """The text, and where words lie in it; those that one word is written for share it."""
        parts, end = 0, 0
        for row in rows:
            first, _, last = row[0].partition("-")
            if "." in first:
                continue
            if last or int(first) > parts:
                start = len(self.text)
                end = start + len(row[1])
                self.text += row[1] + ("" if "SpaceAfter=No" in row[9] else " ")
                parts = int(last) if last else parts
            if not last:
                start = end - len(row[1]) if int(first) == parts else start
                self.places[int(first)] = Range(start, min(end, start + len(row[1])))
                start = self.places[int(first)].end

    def under(self, number: int) -> set[int]:
        """A word and all that hangs on it."""
        found = {number}
        for below in self.hanging(number):
            found |= self.under(below)
        return found

    def hanging(self, number: int, *relations: str) -> list[int]:
        """The words that hang on one, by these relations if any are named."""
        below = self._hanging.get(number, [])
        return [n for n in below if not relations or self.relation(n) in relations]

    def relation(self, number: int) -> str:
        """How a word hangs on its head."""
        return self.rows[number][7].partition(":")[0]

    def letters(self, numbers: set[int]) -> Letters:
        """Where the letters of these words are."""
        return letters(self.text, (self.places[n] for n in numbers))


def letters(text: str, places: Iterable[Range]) -> Letters:
    """Where the letters and digits in stretches of a text are."""
    return frozenset(n for place in places for n in range(*place) if text[n].isalnum())


def trees(path: Path) -> Iterator[Tree]:
    """The sentences of a file in CoNLL-U."""
    rows: list[list[str]] = []
    for line in [*path.read_text("utf-8").split("\n"), ""]:
        if line and not line.startswith("#"):
            rows.append(line.split("\t"))
        elif not line and rows:
            yield Tree(rows)
            rows = []


def ties(tree: Tree) -> Iterator[Tie]:
    """Who says what by a tree."""
    for number, row in tree.rows.items():
        found = None
        if row[3] == "VERB" and row[2].lower() in SAYING:
            found = _by_verb(tree, number)
        elif row[1].lower() == "according" and tree.relation(int(row[6])) == "obl":
            found = _by_preposition(tree, number)
        if found is not None and len(found[0]) >= LEAST:
            said, cue, who = found
            yield tree.letters(said), tree.letters(cue), tree.letters(who)


def _by_verb(tree: Tree, verb: int) -> tuple[set[int], set[int], set[int]]:
    said: set[int] = set()
    for clause in tree.hanging(verb, "ccomp"):
        opened = {n for n in tree.hanging(clause, "mark") if tree.rows[n][1].lower() == "that"}
        said |= tree.under(clause) - opened
    if not said and tree.relation(verb) == "parataxis":
        said = tree.under(int(tree.rows[verb][6])) - tree.under(verb)
    particles = {n for n in tree.hanging(verb) if tree.rows[n][7] == "compound:prt"}
    subjects = [n for n in tree.hanging(verb, "nsubj") if tree.rows[n][7] == "nsubj"]
    who: set[int] = set().union(*map(tree.under, subjects))
    return said, {verb} | particles, who


def _by_preposition(tree: Tree, first: int) -> tuple[set[int], set[int], set[int]]:
    source = int(tree.rows[first][6])
    cue = tree.under(first)
    said = tree.under(int(tree.rows[source][6])) - tree.under(source)
    return said, cue, tree.under(source) - cue


def read(text: str) -> list[Tie]:
    """Who says what by the rules."""
    english = next(lexicon for lexicon in lexicons() if lexicon.language == "English")
    return [
        (
            letters(text, reading.claim),
            letters(text, reading.cues),
            frozenset() if reading.source is None else letters(text, [reading.source]),
        )
        for reading in readings(text, Range(0, len(text)), english)
    ]


def measure(paths: Sequence[Path]) -> Iterator[str]:
    """A line for cues, sources, claims and ties: right, wrong, missed, precision, recall, F1."""
    kinds = ("claim", "cue", "source", "tie")
    counts = {kind: [0, 0, 0] for kind in kinds}
    for path in paths:
        for tree in trees(path):
            gold, given = set(ties(tree)), set(read(tree.text.rstrip()))
            for place, kind in enumerate(kinds):
                mine, right = (
                    ties_ if kind == "tie" else {tie[place] for tie in ties_ if tie[place]}
                    for ties_ in (given, gold)
                )
                for side, part in enumerate((mine & right, mine - right, right - mine)):
                    counts[kind][side] += len(part)
    for kind, row in counts.items():
        quality = LabelQuality(kind, *row)
        figures = " ".join(f"{f:6.2f}" for f in (quality.precision, quality.recall, quality.f1))
        yield f"  {kind:8} {row[0]:5} {row[1]:5} {row[2]:6} {figures}"


def main() -> None:
    """Print the figures, for the texts that the rules were made with and for the others."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=CORPORA)
    options = parser.parse_args()
    paths = sorted((options.corpora / "gum" / "dep").glob("GUM_news_*.conllu"))
    if not paths:
        print(f"gum: not here ({options.corpora}); skipped")
        return
    late = [path for path in paths if path.stem.removeprefix("GUM_news_") in LATE]
    print(f"  {'':8} right wrong missed  prec.  recall F1")
    for part in ([path for path in paths if path not in late], late):
        print(f"{len(part)} texts")
        print(*measure(part), sep="\n")


if __name__ == "__main__":
    main()
