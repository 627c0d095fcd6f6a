"""A document and a schema as awkward as the screen must bear: see ``awkward_text``."""

from __future__ import annotations

from itertools import cycle, islice

from bench.news_text import CLAIM, MARKER, NAME, SOURCE, NewsText, news_text

_SENTENCE = 10_000
"""Code points of the first sentence."""
_ON_ONE_WORD = 30
"""Spans that lie on the eighth word, each reaching a word further than the one before."""
_LABELS, _LABEL = 80, 60
"""How many labels the entities have, and how many characters each."""


def awkward_text(sentences: int, spans: int) -> NewsText:
    """As ``news_text``, but the first sentence is as long as a chapter, thirty spans lie on one
    word of it, and a claim in it has its source at the document's end."""
    news = news_text(sentences, spans - _ON_ONE_WORD)
    clauses = cycle(news.text[a:b].rstrip(".") for a, b in news.sentences[1:9])
    opening = f"{MARKER}: "
    while len(opening) < _SENTENCE:
        opening += next(clauses) + ", and "
    opening = f"{opening[:_SENTENCE].rstrip()}.\n\n"
    moved = len(opening) - news.sentences[1][0]
    text = opening + news.text[news.sentences[1][0] :]
    cut = ((0, len(opening.rstrip())), *((a + moved, b + moved) for a, b in news.sentences[1:]))
    words = _words(opening)
    stack = [(words[7][0], words[7 + n][1], NAME) for n in range(_ON_ONE_WORD)]
    first = news.sentences[1][0]
    kept = [n for n, span in enumerate(news.spans) if span[0] >= first]
    numbers = {number: place for place, number in enumerate(kept, len(stack) + 1)}
    far_claim = (words[5][0], words[40][1], CLAIM)
    others = [(news.spans[n][0] + moved, news.spans[n][1] + moved, news.spans[n][2]) for n in kept]
    far_source = max(n for n, span in enumerate(others) if span[2] == SOURCE) + len(stack) + 1
    ties = [(numbers[a], numbers[b]) for a, b in news.relations if a in numbers and b in numbers]
    return NewsText(text, cut, (*stack, far_claim, *others), ((len(stack), far_source), *ties))


def _words(text: str) -> list[tuple[int, int]]:
    found, at = [], 0
    for word in text.split(" "):
        found.append((at, at + len(word.rstrip(".,:"))))
        at += len(word) + 1
    return found


def awkward_labels() -> list[str]:
    """The names of the labels of the layer ``entity``."""
    return [
        "".join(islice(cycle(f"LABEL_NUMBER_{n}_WITH_A_NAME_THAT_GOES_ON_"), _LABEL))
        for n in range(_LABELS)
    ]


def awkward_schema() -> str:
    """A schema with these labels, the first by the key ``1``; claims, sources and their tie."""
    parts = ['name = "awkward"', "version = 1"]
    keys = {"entity": "1", "claim": "c", "source": "s"}
    for layer, labels in (
        ("entity", awkward_labels()), ("claim", ["CLAIM"]), ("source", ["SOURCE"]),
    ):  # fmt: skip
        parts += [f"[layer.{layer}]", 'scope = "span"', 'overlap = "any"']
        for number, label in enumerate(labels):
            parts.append(f"[layer.{layer}.labels.{label}]")
            if number == 0:
                parts.append(f'key = "{keys[layer]}"')
            parts.append(f'description = "{"What this label is for, at some length. " * 3}"')
    parts.append("[relation.attribution]")
    for layer in ("claim", "source"):
        parts += [f"[relation.attribution.roles.{layer}]", f'layers = ["{layer}"]']
    return "\n".join(parts) + "\n"
