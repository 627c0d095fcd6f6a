"""Suggestions change nothing of hand work that asks in windows, by mouse or of whole sentences.

As ``test_hand_keys``, on a schema whose layers overlap in every way and label sentences and the
document too, with proposals of all kinds: in pieces, across sentences, on what is made already.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from screen_driver import Driver, Running, key_event
from session_state import assert_saved, project
from textual.events import MouseDown, MouseEvent, MouseMove, MouseUp

from annotator.core.annotation import (
    Annotation,
    Argument,
    Fragments,
    Origin,
    Relation,
    Span,
    UnitLabel,
    surface,
)
from annotator.store.sqlite.store import SqliteStore

TEXT = (
    "Talal Sillo, a spokesman for the SDF, said on Monday the operation had begun.\n\n"
    "“We saw it,” he said. Nobody else in Raqqa did, Sillo told the SDF on Monday.\n\n"
    "The SDF said it. The monitor denied it.\n"
)
MORE = """
[layer.worth]
scope = "sentence"
[layer.worth.labels.CHECK]
key = "C"
[layer.worth.labels.SKIP]
key = "S"
[layer.topic]
scope = "document"
[layer.topic.labels.WAR]
key = "W"
[layer.topic.labels.PEACE]
key = "P"
[layer.mark]
scope = "span"
overlap = "any"
unit = "token"
[layer.mark.labels.NOTE]
key = "N"
[layer.flat]
scope = "span"
overlap = "none"
unit = "run"
[layer.flat.labels.FLAT]
key = "F"
[layer.flat.labels.LEVEL]
key = "L"
"""
LAYERS = {
    "PERSON": "entity", "GROUP": "entity", "CLAIM": "claim", "SOURCE": "source", "CUE": "cue",
    "NOTE": "mark", "FLAT": "flat", "LEVEL": "flat",
}  # fmt: skip
ROLES = {"CLAIM": "claim", "SOURCE": "source", "CUE": "cue"}
KEYS = (
    *("right", "left", "w", "b", "w", "j", "k", "up", "down", "home", "end", "ctrl+home"),
    *("shift+right", "shift+left", "shift+down", "v", "x", "x", "z", "escape", "f3", "shift+f3"),
    *("1", "2", "1", "2", "c", "s", "q", "C", "S", "W", "P", "N", "F", "L", "N", "F"),
    *("d", "!", "+", "u", "u", "U", "space", "|", "&"),
)
WINDOWS = (
    *(("enter", "enter", "i"), ("enter", "i"), ("enter", "down", "enter")),
    *(("m", "enter"), ("m", "Z", "e", "d", "enter"), (";", "h", "m", "enter"), ("ctrl+l", "enter")),
    *(("a", "a", "enter"), ("a", "a", "down", "enter"), ("g", "c", "enter"), ("g", "f", "enter")),
    *(("/", *"SDF", "enter"), ("/", *"label:CLAIM", "enter"), ("/", *"label:CHECK", "enter")),
)
NEED_A_FOCUS = ("m", ";")
"""Without one they open no window, and the keys behind them would mean something else."""
COUNT = 45
SIZE = (110, 56)
Deed = tuple[str, tuple[Any, ...]]


@pytest.fixture
def source(root: Path) -> str:
    return (root / "schemas" / "news.toml").read_text("utf-8") + MORE


@pytest.fixture
def store(path: Path, source: str) -> Iterator[SqliteStore]:
    with project(path, source, {"t.txt": TEXT}) as made:
        yield made


@pytest.fixture
def other(tmp_path: Path, source: str) -> Iterator[SqliteStore]:
    """Another project, since actors belong to all documents of one."""
    with project(tmp_path / "other.db", source, {"t.txt": TEXT}) as made:
        yield made


def made(d: Driver) -> dict[str, Any]:
    """All that hand work leads to: what is made, and where it goes on from."""
    session = d.session
    held, ordinals = session.annotations, {s.id: n for n, s in enumerate(session.sentences)}
    names = {id: actor.name for id, actor in held.actors.items()}

    def told(item: Span | UnitLabel) -> tuple[Any, ...]:
        values = tuple((a.name, a.values) for a in item.attributes)
        if isinstance(item, Span):
            place: object = item.fragments, names.get(item.actor or "")
        else:
            place = ordinals.get(item.sentence or "")
        return item.layer, item.label, place, item.flagged, item.note, values

    spans = {id: told(span) for id, span in held.spans.items()}
    ties = [
        (r.type, *((a.role, spans.get(a.target) or names.get(a.target)) for a in r.arguments))
        for r in held.relations.values()
    ]
    focus, unit, last = session.focus, session.unit_focus, session.last_focus
    return {
        "spans": sorted(spans.values(), key=repr),
        "units": sorted(map(told, held.unit_labels.values()), key=repr),
        "ties": sorted(ties, key=repr),
        "cursor": (session.reader.cursor, session.reader.selection),
        "sentences": [(s.start, s.end, session.is_done(s)) for s in session.sentences],
        "focus": [item and told(item) for item in (focus, unit, last)],
        "keyboard": (type(d.screen.mode), type(d.dialog), d.view._draft),
    }


def drawn(d: Driver, lot: Random) -> Deed:
    """The next thing to do by hand."""
    focus, unit = d.session.focus, d.session.unit_focus
    kind = lot.choice(("keys",) * 6 + ("again", "edges", "hints", "mouse", "window", "window"))
    if kind == "again":
        first, second = lot.choice("12cCWNF"), lot.choice("12cNF")
        return "keys", (first, "u", second, "u", "U")
    if kind == "edges" and focus is not None and d.session.reader.selection is None:
        moves = lot.choices(("right", "left", "tab", ",", "."), k=lot.randint(0, 3))
        return "keys", ("e", *moves, lot.choice(("enter", "enter", "escape")))
    if kind == "hints":
        return "hints", lot.choice((("a",), ("f", lot.choice("tshosw"))))
    if kind == "mouse":
        return "mouse", tuple(sorted(lot.sample(range(len(TEXT)), lot.choice((1, 2)))))
    if kind == "window":
        keys = lot.choice(WINDOWS)
        if keys[0] not in NEED_A_FOCUS or focus is not None or (unit and keys[0] == ";"):
            return "window", keys
    return ("again", ()) if lot.random() < 0.05 else ("keys", (lot.choice(KEYS),))


async def do(d: Driver, deed: Deed, lot: Random | None = None) -> Deed:
    """Do it; with ``lot`` a hint is chosen, and what was done is given back."""
    kind, what = deed
    if kind == "keys":
        d.type(*what)
    elif kind == "hints":
        d.type(*what)
        hints = [letters for _, _, letters in d.view.hints] if lot is not None else []
        if lot is not None and hints:
            d.type(*(hint := lot.choice(hints)))
            what = (*what, *hint)
        d.type("escape")
    elif kind == "window":
        for key in (*what, "escape", "escape"):
            d.app.post_message(key_event(key))
            await d.worked()
    elif kind == "mouse":
        await drag(d, *what)
    else:
        d.open("t.txt")
        await d.settle()
    return kind, what


async def drag(d: Driver, *offsets: int) -> None:
    """Press the button on a code point, pull to the others, and let go."""
    cells = [cell for offset in offsets if (cell := cell_of(d, offset)) is not None]
    kinds: list[type[MouseEvent]] = [MouseDown, *[MouseMove] * (len(cells) - 1), MouseUp]
    for kind, (x, y) in zip(kinds, [*cells, cells[-1]] if cells else (), strict=False):
        d.view.post_message(kind(d.view, x, y, 0, 0, 1, False, False, False, x, y))
        await d.settle()


def cell_of(d: Driver, offset: int) -> tuple[int, int] | None:
    """Where a code point stands on the view; None for one in no line, such as a line's end."""
    for y, row in enumerate(d.view._rows):
        if row.sub == 0 and row.start <= offset < row.end:
            return row.line.column_of(offset) + d.view.lines.gutter, y
    return None


def proposals(d: Driver, lot: Random) -> list[Annotation]:
    """Anything, right or wrong, of every kind."""
    session, found = d.session, list[Annotation]()
    text, parts = session.document.text, {label: list[str]() for label in ROLES}

    def add(label: str, place: Fragments, id: str) -> None:
        words, origin = surface(text, place), Origin("x", "1", lot.random())
        found.append(Span(id, "", "", LAYERS[label], label, place, words, origin=origin))
        parts.get(label, []).append(id)

    for span in session.annotations.spans.values():
        parts.get(span.label, []).append(span.id)
        labels = [label for label, layer in LAYERS.items() if layer == span.layer]
        if lot.random() < 0.3:
            add(lot.choice(labels), span.fragments, f"on {span.id}")
    for ordinal, sentence in enumerate(session.sentences):
        words = session.reader.tokens_of(ordinal)
        for number in range(lot.randint(0, 5)):
            first = lot.randrange(len(words))
            last = min(len(words) - 1, first + lot.choice((0, 0, 1, 2, 6)))
            beyond = 40 * (lot.random() < 0.15)
            place: Fragments = ((words[first].start, min(len(text), words[last].end + beyond)),)
            if lot.random() < 0.15 and not beyond and last < len(words) - 2:
                place = (*place, (words[-2].start, words[-2].end))
            add(lot.choice(list(LAYERS)), place, f"{ordinal}-{number}")
        found += units("worth", lot.choice(("CHECK", "SKIP")), sentence.id, lot)
    found += units("topic", lot.choice(("WAR", "PEACE")), None, lot)
    for number in range(lot.randint(0, 4)):
        tied = [(ROLES[label], lot.choice(ids)) for label, ids in parts.items() if ids]
        if len(tied) > 1 and tied[0][0] == "claim":
            arguments = tuple(Argument(role, "span", id) for role, id in tied[: lot.randint(2, 3)])
            origin = Origin("x", "1", lot.random())
            found.append(Relation(f"t{number}", "", "", "attribution", arguments, origin=origin))
    return found


def units(layer: str, label: str, sentence: str | None, lot: Random) -> list[Annotation]:
    """Now and then a label for a sentence or the document."""
    id, origin = f"{layer} {sentence}", Origin("x", "1", lot.random())
    found = UnitLabel(id, "", "", layer, label, sentence, origin=origin)
    return [found] if lot.random() < 0.5 else []


@pytest.mark.parametrize("seed", [5, 12])
async def test_hand_work_of_every_kind_is_the_same_whatever_is_suggested(
    running: Running, other: SqliteStore, seed: int
) -> None:
    lot, plan = Random(seed), list[tuple[Deed, dict[str, Any]]]()
    async with running("t.txt", size=SIZE) as d:
        for _ in range(COUNT):
            deed = await do(d, drawn(d, lot), lot)
            plan.append((deed, made(d)))
    async with running("t.txt", size=SIZE, on=other) as d:
        for number, (deed, expected) in enumerate(plan):
            if lot.random() < 0.3:
                d.session.suggestions.replace_open("x", proposals(d, lot))
                d.screen.bring_up_to_date()
            await do(d, deed)
            assert made(d) == expected, [deed for deed, _ in plan[: number + 1]]
        assert_saved(d.session)
