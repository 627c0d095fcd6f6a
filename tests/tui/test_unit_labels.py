"""Labels of sentences and of the document: seen in the text, chosen, described, taken off."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from screen_driver import Driver, Running
from session_state import ARTICLE, UNITS, project, stored_rows

MIXED = UNITS + (
    '[layer.entity]\ntitle = "entity"\nscope = "span"\nunit = "run"\n'
    '[layer.entity.labels.PERSON]\nkey = "5"\n'
)


@pytest.fixture
def labelled(running: Running, tmp_path: Path) -> object:
    @asynccontextmanager
    async def run(size: tuple[int, int] = (100, 24)) -> AsyncIterator[Driver]:
        texts = {"a.txt": ARTICLE, "blank.txt": " \n"}
        with project(tmp_path / "u.db", MIXED, texts) as store:
            async with running(on=store, size=size) as d:
                yield d

    return run


def rows_with(d: Driver, words: str) -> list[str]:
    return [row.rstrip() for row in d.rows() if words in row]


async def test_labels_stand_below_the_first_line_in_both_views(labelled: Running) -> None:
    async with labelled() as d:
        d.type("1", "3")
        assert rows_with(d, "◇ CHECK") == ["     │ ◇ CHECK"]
        assert rows_with(d, "◆ document: REPORT") == ["     │ ◆ document: REPORT"]
        d.type("t")
        assert rows_with(d, "◇ CHECK") == ["     │ ◇ CHECK"]
        d.type("j", "2")
        assert rows_with(d, "MINOR") == ["     │ ◆ MINOR · why: dull"]
        d.type("1", "1")
        assert rows_with(d, "MINOR") == []
        assert "CHECK taken off the sentence" in d.said


async def test_tab_chooses_them_and_keys_act_on_them(labelled: Running, tmp_path: Path) -> None:
    async with labelled() as d:
        d.label("Talal Sillo", "5")
        d.type("1", "3", "ctrl+end", "ctrl+home")
        assert d.session.unit_focus is None, "the innermost is the span"
        d.type("tab")
        assert rows_with(d, "◆ CHECK")
        d.type("!")
        assert rows_with(d, "◆ CHECK?")
        await d.press(";", *"why?", "enter", "enter", "1", "~", "2", "escape")
        assert rows_with(d, "◆ CHECK? · topic: money, law~")
        stored = "SELECT label, flagged, note FROM unit_label ORDER BY label"
        assert stored_rows(tmp_path / "u.db", stored) == [
            ("CHECK", 1, "why?"), ("REPORT", 0, None),
        ]  # fmt: skip
        d.type("tab")
        assert rows_with(d, "◆ document: REPORT")
        d.type("4")
        assert rows_with(d, "◆ document: OPINION")
        d.type("d")
        assert "deleted OPINION" in d.said
        assert rows_with(d, "document:") == []
        d.type("u")
        assert rows_with(d, "◆ document: OPINION")
        d.type("shift+tab", "shift+tab")
        assert d.focus.label == "PERSON"


async def test_where_no_span_lies_the_sentences_label_is_the_focus(labelled: Running) -> None:
    async with labelled() as d:
        d.type("j", "1", "k", "j", "l")
        assert rows_with(d, "◆ CHECK")
        d.type("e")
        assert "CHECK lies on the whole sentence. This key is for spans" in d.said
        await d.press("enter", "1", "escape")
        assert rows_with(d, "◆ CHECK · topic: money")
        d.type("5")
        assert d.labels == ["PERSON"], "a key of another layer labels what is at the cursor"
        d.type("d", "d")
        assert not d.session.annotations.unit_labels
        d.type("d")
        assert "no annotation here" in d.said


async def test_the_inspector_tells_the_one_in_focus(labelled: Running) -> None:
    async with labelled(size=(120, 24)) as d:
        d.type("1", "!")
        assert [line[:2] for line in d.screen.inspector.lines[:2]] == [
            ("title", "◆ sentence: CHECK"),
            ("warning", "? flagged as doubtful"),
        ]


async def test_a_document_without_sentences_may_be_labelled(labelled: Running) -> None:
    async with labelled() as d:
        d.open("blank.txt")
        d.type("3")
        assert "document: REPORT" in d.said
        d.type("!", "tab")
        assert "no further annotation" in d.said
        d.type("d")
        assert not d.session.annotations.unit_labels
        d.type("1")
        assert "the document has no sentence" in d.said


async def test_they_are_found_flagged_and_searched(labelled: Running) -> None:
    async with labelled() as d:
        d.type("j", "2", "!", "k")
        await d.press("g", "f", "enter")
        assert d.session.unit_focus is not None
        assert d.session.reader.ordinal == 1
        d.type("ctrl+home", "/", *"label:minor", "enter")
        assert d.session.reader.ordinal == 1


async def test_a_label_repaints_its_sentence_and_what_moves(labelled: Running) -> None:
    async with labelled() as d:
        lines = d.view.lines.counters.lines
        d.type("j", "1")
        d.type("l", "l")
        before = d.view.counters.refreshed
        d.type("h")
        assert d.view.counters.refreshed - before == 1
        d.type("j")
        before = d.view.counters.refreshed
        d.type("k")
        assert d.view.counters.refreshed - before <= 3, "two texts, and the label that is the focus"
        assert d.view.lines.counters.lines - lines <= 3
