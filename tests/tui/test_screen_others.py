"""Several annotators at one project: what the screen shows of others, and of keys too late."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from screen_driver import Driver, Release, Running, key_event
from session_state import assert_saved, label, session_at
from settling import work_ended
from textual.widgets import Input

from annotator.store.sqlite.project import open_project
from annotator.store.sqlite.store import SqliteStore
from annotator.tui.dialogs.picker import Picker
from annotator.workflow.schema_changes import change_schema


@pytest.fixture
def second(store: SqliteStore, path: Path) -> Iterator[SqliteStore]:
    """The project, opened by somebody else's program."""
    with open_project(path) as opened:
        yield opened


def source_with_places(store: SqliteStore) -> str:
    """The next version of the project's schema: LOCATION is called PLACE."""
    source = store.schema_source().replace("version = 1", "version = 2")
    return source.replace("[layer.entity.labels.LOCATION]", "[layer.entity.labels.PLACE]")


async def test_others_are_shown_on_demand_dimmed_and_kept_up_to_date(
    running: Running, second: SqliteStore
) -> None:
    bob = session_at(second, "a.txt", "bob")
    label(bob, "Raqqa", "4")
    async with running() as d:
        mine = d.label("Talal Sillo", "1")
        assert not [row for row in d.rows() if "bob" in row]
        await d.press("ctrl+o")
        assert "seen, not touched: bob" in d.said
        (row,) = [row for row in d.rows() if "└" in row]
        assert "LOC" in row
        assert d.session.focus == mine
        d.at("Raqqa")
        assert d.session.focus is None
        lines = [line.text for line in d.screen.inspector.lines]
        assert lines[-2:] == ["Others here", "  bob: LOCATION  Raqqa"]
        label(bob, "the operation had begun", "c")
        assert not [row for row in d.rows() if "CLAIM bob" in row]
        d.idle()
        assert [row for row in d.rows() if "CLAIM bob" in row]
        lanes = [row.lane for row in d.view._rows if row.lane is not None]
        states = {s.label: s.state for lane in lanes for s in lane.segments}
        assert states == {"PERSON": "plain", "CLAIM": "other", "LOCATION": "other"}
        await d.press("ctrl+o")
        assert not [row for row in d.rows() if "└" in row]


async def test_in_compact_mode_they_are_underlined(running: Running, second: SqliteStore) -> None:
    label(session_at(second, "a.txt", "bob"), "Raqqa", "4")
    async with running() as d:
        await d.press("t", "ctrl+o")
        found = [
            segment.style
            for y in range(d.view.size.height)
            for segment in d.view.render_line(y)
            if segment.text == "Raqqa"
        ]
        assert [style.underline for style in found if style] == [True]


async def test_where_nobody_wrote_nothing_is_painted(running: Running, second: SqliteStore) -> None:
    label(session_at(second, "a.txt", "bob"), "Raqqa", "4")
    async with running() as d:
        await d.press("ctrl+o")
        d.idle()
        before = d.view.counters.refreshed
        for _ in range(20):
            d.idle()
        assert d.view.counters.refreshed == before


async def test_what_this_annotator_did_at_another_screen_appears(
    running: Running, second: SqliteStore
) -> None:
    async with running() as d:
        label(session_at(second, "a.txt"), "Raqqa", "4")
        d.idle()
        assert d.labels == ["LOCATION"]
        assert_saved(d.session)


async def test_a_key_that_comes_too_late_is_shown_and_may_be_pressed_again(
    running: Running, second: SqliteStore
) -> None:
    async with running() as d:
        span = d.label("Raqqa", "4")
        await work_ended(d.app)
        other = session_at(second, "a.txt")
        other.choose(other.annotations.span(span.id))
        other.spans.set_note(other.need_focus(), "which one?")
        d.type("!")
        assert "was changed meanwhile by 'alice' (note" in d.said
        assert "Press the key again" in d.said
        assert d.focus.note == "which one?"
        assert not d.focus.flagged
        await d.press("!")
        assert (d.focus.note, d.focus.flagged) == ("which one?", True)


async def test_a_change_of_schema_is_said_and_the_document_shown_under_it(
    running: Running, second: SqliteStore
) -> None:
    source = source_with_places(second)
    migrate = '\n[migrate.layer.entity.labels]\nLOCATION = "PLACE"\n'
    async with running() as d:
        d.label("Raqqa", "4")
        d.select("SDF")
        change_schema(second, source + migrate, "new.toml", "lead")
        d.type("4")
        assert "was changed meanwhile by 'lead', to news 2" in d.said
        assert "Press the key again" in d.said
        await d.settle()
        assert d.labels == ["PLACE"]
        assert "PLACE" in d.screen.bar.plain
        d.select("SDF")
        await d.press("4")
        assert d.labels == ["PLACE", "PLACE"]
        await d.press("u", "u")
        assert d.labels == []


async def test_a_dialog_that_offers_labels_of_before_writes_none_of_them(
    running: Running, second: SqliteStore
) -> None:
    source = source_with_places(second)
    async with running() as d:
        d.select("Raqqa")
        await d.press("enter")
        assert isinstance(d.dialog, Picker)
        change_schema(second, source, "new.toml", "lead")
        d.idle()
        for letter in "location":
            await d.pilot.press(letter)
        await d.press("enter")
        assert "Press the key again" in d.said
        assert d.labels == []
        assert d.session.schema.version == 2


async def test_an_answer_on_its_way_comes_before_what_others_made(
    running: Running, second: SqliteStore
) -> None:
    source = source_with_places(second)
    async with running() as d:
        d.select("Raqqa")
        await d.press("enter", *"location")
        assert isinstance(d.dialog, Picker)
        change_schema(second, source, "new.toml", "lead")
        d.dialog.on_input_submitted(Input.Submitted(d.dialog.query_one(Input), "location"))
        assert d.dialog is None
        d.idle()
        await d.settle()
        assert "Press the key again" in d.said
        assert d.labels == []
        assert d.session.schema.version == 2


@pytest.mark.parametrize("keys", [("g", "s"), ("g", "c", "tab")])
async def test_a_window_that_looks_through_the_project_hides_no_change_of_schema(
    running: Running, second: SqliteStore, keys: tuple[str, ...]
) -> None:
    source = second.schema_source().replace("version = 1", "version = 2")
    async with running() as d:
        change_schema(second, source, "new.toml", "lead")
        for key in keys:
            d.app.post_message(key_event(key))
            await d.worked()
        assert d.dialog is not None
        d.dialog.dismiss()
        await d.settle()
        d.idle()
        assert d.session.schema.version == 2


async def test_what_is_read_after_a_change_of_schema_is_shown_under_it(
    running: Running, second: SqliteStore, release: Release
) -> None:
    source = source_with_places(second)
    migrate = '\n[migrate.layer.entity.labels]\nLOCATION = "PLACE"\n'
    label(session_at(second, "a.txt", "alice"), "Raqqa", "4")
    async with running() as d:
        d.at("Raqqa")
        change_schema(second, source + migrate, "new.toml", "lead")
        release()
        await d.read()
        assert "to news 2" in d.said
        await d.read()
        assert d.session.schema.version == 2
        assert d.labels == ["PLACE"]


async def test_a_change_of_schema_is_noticed_while_nobody_types(
    running: Running, second: SqliteStore
) -> None:
    source = second.schema_source().replace("version = 1", "version = 2")
    async with running() as d:
        await d.press("ctrl+o")
        change_schema(second, source, "new.toml", "lead")
        d.idle()
        await d.settle()
        assert d.session.schema.version == 2
        assert "to news 2  saved" in d.said
        assert d.session.others.shown
        d.open("many.txt")
        assert d.session.others.shown


def lines_in_sight(d: Driver) -> tuple[int, int]:
    """The rows of the cursor's line, its lanes among them: those in sight, and all."""
    here = d.view.lines.place_of(d.session.reader.cursor.start)
    seen = [place for place in d.view.window.places() if place[:2] == here[:2]]
    return len(seen), d.view.lines.rows_of(here.ordinal, here.line)


async def test_what_comes_from_elsewhere_leaves_the_cursor_and_its_lanes_in_sight(
    running: Running, second: SqliteStore
) -> None:
    async with running("many.txt", size=(80, 20)) as d:
        await d.press(*["down"] * 20)
        places, here = d.view.window.places(), d.session.reader.ordinal
        again = session_at(second, "many.txt", "alice")
        for sentence in range(places[0].ordinal, here + 1):
            for words, key in (("SDF", "2"), ("Monday", "7"), ("Raqqa", "4")):
                start = again.document.text.index(words, again.sentences[sentence].start)
                again.reader.select(start, start + len(words))
                again.spans.label(*again.schema.keys()[key])
        d.idle()
        assert len(d.session.annotations.spans) == 3 * (here + 1 - places[0].ordinal)
        assert lines_in_sight(d) == (3, 3)
        d.view._scroll(-200)
        top = d.view.window.anchor
        again.undo()
        d.idle()
        assert d.view.window.anchor == top == (0, 0, 0)
        assert lines_in_sight(d)[0] == 0
