"""Suggestions change no key of hand work: whatever is suggested, the same keys make the same.

So they can cost nothing over a document: whoever leaves them alone presses what they would press
without them. Only the keys that are about suggestions, and ``tab``, are kept out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace
from proposing import LAYERS, proposed_attribution
from screen_driver import Driver, Running
from session_state import ARTICLE, assert_saved, project

from annotator.core.annotation import Annotation, Origin, Span, surface
from annotator.store.sqlite.store import SqliteStore

KEYS = (
    *("right", "left", "w", "b", "w", "j", "k", "up", "down", "home", "end", "ctrl+home"),
    *("shift+right", "shift+left", "v", "x", "x", "z", "escape"),
    *("1", "2", "3", "1", "2", "3", "c", "s", "q", "d", "!", "+", "e", "a", "f", "u", "U"),
    *("space", "|", "&"),
)
"""What is pressed; what comes up often stands here more than once."""
LABELS = ("PERSON", "GROUP", "LOCATION", "CLAIM", "SOURCE", "CUE")
COUNT = 120


@pytest.fixture
def store(path: Path, root: Path) -> Iterator[SqliteStore]:
    schema = (root / "schemas" / "news.toml").read_text("utf-8")
    with project(path, schema, {"plain.txt": ARTICLE, "suggested.txt": ARTICLE}) as made:
        yield made


def made(d: Driver) -> dict[str, Any]:
    """All that keys of hand work lead to: what is made, and where it goes on from."""
    session = d.session
    spans = session.annotations.spans
    places = {id: (s.layer, s.label, s.fragments, s.flagged) for id, s in spans.items()}
    ties = [
        (r.type, tuple((a.role, places.get(a.target)) for a in r.arguments))
        for r in session.annotations.relations.values()
    ]
    return {
        "spans": sorted(places.values()),
        "ties": sorted(ties, key=repr),
        "cursor": session.reader.cursor,
        "selection": session.reader.selection,
        "cut": [(s.start, s.end) for s in session.sentences],
        "done": [session.is_done(s) for s in session.sentences],
        "focus": None if session.focus is None else places[session.focus.id],
        "drafted": d.view._draft,
    }


def keys_for(d: Driver, lot: Random) -> list[str]:
    """The keys of one thing to do, some of which depend on what is shown."""
    key = lot.choice(KEYS)
    if key == "e":
        if d.session.focus is None or d.session.reader.selection is not None:
            return []
        moves = lot.choices(("right", "left", "tab", ",", "."), k=lot.randint(0, 3))
        return ["e", *moves, lot.choice(("enter", "enter", "escape"))]
    if key in "123" and lot.random() < 0.3:
        return [key, "u", lot.choice("123")]  # a label goes to what an undo has put in focus
    return [key]


def hint_keys(d: Driver, lot: Random) -> list[str]:
    """The letters of a hint, if hints are shown."""
    hints = [letters for _, _, letters in d.view.hints]
    return list(lot.choice(hints)) if hints else []


def by_hand(d: Driver, lot: Random) -> list[tuple[list[str], dict[str, Any]]]:
    """Press keys where nothing is suggested: which they were, and what is made then."""
    found = []
    for _ in range(COUNT):
        keys = keys_for(d, lot)
        d.type(*keys)
        if keys == ["f"]:
            keys.append(lot.choice("tshosw"))
            d.type(keys[-1])
        if keys and keys[0] in "af":
            hint = hint_keys(d, lot)
            d.type(*hint, "escape")
            keys += [*hint, "escape"]
        found.append((keys, made(d)))
    return found


def proposals(d: Driver, lot: Random) -> list[Annotation]:
    """Something for every sentence, right or wrong, crossing or not; at times a tie."""
    text, found = d.session.document.text, list[Annotation]()
    for ordinal in range(len(d.session.sentences)):
        words = d.session.reader.tokens_of(ordinal)
        for number in range(lot.randint(0, 6)):
            first = lot.randrange(len(words))
            last = min(len(words) - 1, first + lot.choice((0, 0, 1, 2, 6)))
            label, place = lot.choice(LABELS), ((words[first].start, words[last].end),)
            found.append(Span(
                f"{ordinal}-{number}", "", "", LAYERS.get(label, "entity"), label, place,
                surface(text, place), origin=Origin("x", "1", lot.random()),
            ))  # fmt: skip
    if lot.random() < 0.5:
        found += [replace(item, id=f"tied {item.id}") if isinstance(item, Span) else item
                  for item in proposed_attribution()][:-1]  # fmt: skip
    return found


@pytest.mark.parametrize("seed", range(8))
async def test_hand_work_is_the_same_whatever_is_suggested(running: Running, seed: int) -> None:
    lot = Random(seed)
    async with running("plain.txt") as d:
        plan = by_hand(d, lot)
        assert d.labels or any(now["spans"] for _, now in plan), "something is made"
    async with running("suggested.txt") as d:
        pressed: list[str] = []
        for keys, expected in plan:
            if lot.random() < 0.2:
                d.session.suggestions.replace_open("x", proposals(d, lot))
                d.screen.bring_up_to_date()
            d.type(*keys)
            pressed += keys
            assert made(d) == expected, pressed
        assert_saved(d.session)
