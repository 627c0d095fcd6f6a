"""The page of measured keys, docs/economy.md: written by ``bench/economy.py --write``, tested."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from statistics import mean, median

from bench.economy_hands import Count

PAGE = Path(__file__).resolve().parent.parent / "docs" / "economy.md"

GOALS = {
    "span": 4, "any 3 words": 5, "boundary by one": 6, "link": 3, "suggestion": 2, "undo": 1,
}  # fmt: skip
"""Keys that each may take at most; medians."""
_BEST_ELSEWHERE = {"any 3 words": "8", "boundary by one": "10", "link": "11", "undo": "cannot"}

_DONE = {
    "any 3 words": "label any 3 words, three lines down",
    "boundary by one": "mend a boundary by one token, up to three lines down",
    "link": "tie the focused span to another",
    "span": "label the next span of the gold",
    "fragment": "add a fragment to it",
    "attribute": "set an attribute, uncertain or not",
    "mention": "name the actor that a span mentions",
    "new actor": "make that actor, its name aside",
    "note": "write a note, its words aside",
    "flag": "flag as doubtful",
    "sentence done": "mark a sentence done, and go on",
    "suggestion": "accept a suggestion, and go on",
    "undo": "take an edit back",
}
_COLUMNS = (
    "span", "any 3 words", "boundary by one", "link", "attribute", "fragment", "mention",
    "new actor", "of an actor", "note", "flag", "cut", "sentence done", "undo",
)  # fmt: skip

_TEXT = """\
# The economy of keys

Made by `python bench/economy.py --write`; tests compare. What is counted, and how, says
[bench/README.md](../bench/README.md).

## Beside the best other terminal tool

Keys from a cursor elsewhere on the screen to a saved result, medians over the first four sentences
of the seed. The other tool is the one that needs fewest of those that run in a terminal.

{beginning}
## Whole documents

The seed, four documents of german_news_quotes, three of gum and three of litbank, each annotated
again from nothing by keys. Each result is exported and equals the gold: spans with all their
fragments, relations of any number of arguments, attributes, doubts, actors with all that is said of
them, notes, flags, sentences and their ticks. A cell is the median, the mean and the number.

{whole}
Nested and crossing spans of many words take most keys: nothing but their two ends tells where they
lie. A tie of two spans of one layer takes a third key, which says which of them is which; one to a
span beyond the screen takes the letters that find it in a list. Values of attributes take two keys
while there are no more of them than keys, and some letters else.
"""


def short_rows(count: Count, by_engine: Count) -> list[str]:
    """A row for each thing that is done: keys, goal, what the best other tool needs."""
    keys = {**count.keys, "suggestion": by_engine.keys["suggestion"]}
    return [
        f"| {done} | {median(keys[kind]):g} | {_goal(kind)} | {_BEST_ELSEWHERE.get(kind, '')} |"
        for kind, done in _DONE.items()
        if keys.get(kind)
    ]


def whole_row(name: str, count: Count) -> str:
    """The row of a document."""
    cells = [_cell(count.keys.get(kind, [])) for kind in _COLUMNS]
    return f"| {name} | {' | '.join(cells)} |"


def medians(row: str) -> str:
    """A document's row without the means."""
    return re.sub(r" \([\d.]+\)", "", row)


def rows_of(page: str, name: str) -> list[str]:
    """The rows of the table ``beginning`` or ``whole``, without its head."""
    table = page.split("\n## ")[1 if name == "beginning" else 2]
    return [line for line in table.splitlines() if line.startswith("| ")][2:]


def written(short: Iterable[str], whole: Iterable[str]) -> str:
    """The whole page."""
    head = "| what is done | keys | goal | best other tool |\n| --- | --- | --- | --- |\n"
    columns = f"| document | {' | '.join(_COLUMNS)} |\n{'| --- ' * (len(_COLUMNS) + 1)}|\n"
    return _TEXT.format(
        beginning=head + "".join(f"{row}\n" for row in short),
        whole=columns + "".join(f"{row}\n" for row in whole),
    )


def _goal(kind: str) -> str:
    return f"≤{GOALS[kind]}" if kind in GOALS else ""


def _cell(keys: list[int]) -> str:
    return f"{median(keys):g} ({mean(keys):.1f}) ×{len(keys)}" if keys else ""
