"""The tutorial: every step by what the project shows, with the keys that it names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from screen_driver import Running
from session_state import session_at

from annotator.core.schema import Schema
from annotator.store.sqlite.store import SqliteStore
from annotator.tui.key_file import parse_keymap
from annotator.workflow.demo import prepare
from annotator.workflow.tutorial import STEPS, Tutorial

KEYS = (
    ("j", "j", "j"), ("1",), ("v", "w", "s"), ("enter", "n"), ("l", "l", "q"), ("l", "c"),
    ("e", "right", "enter"), ("a", "d"), ("a", "s"), ("enter", "i"),
    ("shift+tab", "m", "enter"), ("space",), ("u",),
)  # fmt: skip
"""What somebody presses who does as each step says."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made, _, _ = prepare(tmp_path, "alice", bare=True)
    assert isinstance(made, SqliteStore)
    with made:
        yield made


async def test_who_does_as_it_says_gets_through(running: Running) -> None:
    async with running("raqqa.txt", size=(120, 40), tutorial=True) as d:
        tutor = d.screen.tutor
        assert tutor is not None
        for number, keys in enumerate(KEYS, start=1):
            assert tutor.plain.startswith(f"{number}/{len(STEPS)} "), (keys, tutor.plain, d.said)
            await d.press(*keys)
        assert "That is all you need" in tutor.plain
        assert tutor.render_line(0).text.strip().startswith("That is all")


async def test_other_keys_and_a_narrow_screen_change_what_it_says(
    running: Running, news: Schema
) -> None:
    keymap = parse_keymap('sentence_next = "f6"', "keys.toml", news)
    async with running("raqqa.txt", size=(60, 16), tutorial=True, keymap=keymap) as d:
        tutor = d.screen.tutor
        assert tutor is not None
        assert "f6 is one sentence down" in tutor.plain
        await d.settle()
        shown = [tutor.render_line(y).text.strip() for y in range(tutor.size.height)]
        assert " ".join(shown).replace("  ", " ").endswith("f6 is one sentence down.")
        await d.press("1")
        assert tutor.plain.startswith("1/"), "a label elsewhere is not what was asked"


def test_every_step_is_open_at_the_start(store: SqliteStore) -> None:
    session = session_at(store, "raqqa.txt")
    done = [step.text for step in STEPS[:-1] if step.is_done(session)]
    assert done == []
    tutorial = Tutorial({"sentence_next": "j"})
    assert tutorial.look(session).startswith("1/")
