"""What the mouse can do besides pointing at text."""

from __future__ import annotations

from pathlib import Path

from proposing import proposed_span
from screen_driver import Driver, Running, key_event
from session_state import stored_rows
from textual.events import MouseDown, MouseMove, MouseUp

from annotator.core.annotation import Span


async def click_on(d: Driver, text: str) -> None:
    """Click on the first cell of what the bar shows."""
    line = d.screen.bar.render_line(0).text
    await d.pilot.click(d.screen.bar, offset=(line.index(text), 0))
    await d.settle()


async def test_a_click_on_the_bar_presses_the_key(running: Running) -> None:
    async with running(size=(260, 20)) as d:
        d.at("SDF")
        await click_on(d, "GROUP")
        assert d.labels == ["GROUP"]
        await click_on(d, "flag")
        assert d.focus.flagged
        await click_on(d, "e edges")
        assert "boundaries" in d.screen.bar.plain
        await d.press("left")
        await click_on(d, "enter")
        assert d.focus.text == "the SDF"
        await click_on(d, "? help")
        assert d.dialog is not None
        await d.press("escape")
        await d.pilot.click(d.screen.bar, offset=(0, 0))
        await d.settle()
        assert d.dialog is None, "where no key is, nothing happens"


async def test_a_click_on_a_hint_types_it(running: Running) -> None:
    async with running(size=(160, 20)) as d:
        d.label("Talal Sillo", "s")
        d.label("the operation had begun", "c")
        await d.press("a")
        y = next(y for y, row in enumerate(d.rows()) if "OURCE" in row)
        row = d.view._rows[y]
        assert row.lane is not None
        number, _ = row.hints[0]
        x = row.lane.segments[number].column + d.view.lines.gutter
        await d.pilot.click(d.view, offset=(x, y))
        await d.settle()
        assert [r.type for r in d.session.annotations.relations.values()] == ["attribution"]
        await d.press("f", "o")
        offset = d.view.hints[0][0]
        place = next(
            (d.view._rows[y].line.column_of(offset) + d.view.lines.gutter, y)
            for y in range(20)
            if d.view._rows[y].hints
            and d.view._rows[y].lane is None
            and d.view._rows[y].start <= offset < d.view._rows[y].end
        )
        await d.pilot.click(d.view, offset=place)
        await d.settle()
        assert d.session.reader.cursor.start == offset
        assert "jump" not in d.screen.bar.plain


async def click_in_inspector(d: Driver, words: str) -> None:
    """Click on the first line of the inspector that holds these words."""
    inspector = d.screen.inspector
    rows = [inspector.render_line(y).text for y in range(inspector.size.height)]
    y = next(y for y, row in enumerate(rows) if words in row)
    await d.pilot.click(inspector, offset=(rows[y].index(words), y))
    await d.settle()


async def test_a_click_in_the_inspector_goes_to_what_it_names(running: Running, path: Path) -> None:
    async with running(size=(140, 40)) as d:
        source = d.label("Talal Sillo", "s")
        claim = d.label("the operation had begun", "c")
        await d.press("a", "s")
        assert d.focus.id == claim.id
        await click_in_inspector(d, "Talal Sillo")
        assert d.focus.id == source.id, "the other end of the tie"
        person = d.label("Talal Sillo", "1")
        await click_in_inspector(d, "SOURCE  Talal Sillo")
        assert d.focus.id == source.id, "what else lies here"
        d.session.choose(person)
        await d.press("m", "enter", "e")
        await click_in_inspector(d, "mentions Talal Sillo")
        assert d.title == "Talal Sillo", "what to do with the actor"
        await d.press("escape")
        assert "boundaries" not in d.screen.bar.plain, "a click leaves the mode"
        await click_in_inspector(d, "“Talal Sillo”")
        assert d.focus.id == person.id, "where a line leads nowhere, nothing happens"
        assert stored_rows(path, "SELECT count(*) FROM span") == [(3,)]


async def test_a_click_in_the_inspector_goes_to_a_suggestion(running: Running) -> None:
    async with running(size=(140, 40)) as d:
        d.label("Talal Sillo", "s")
        names = [proposed_span("PERSON", "Talal", 0.8), proposed_span("GROUP", "SDF", 0.6)]
        d.session.suggestions.replace_open("crf", names)
        d.at("Talal")
        await click_in_inspector(d, "?PERSON")
        found = d.session.suggestions.chosen
        assert found is not None
        assert isinstance(found.proposed, Span)
        assert (found.id, found.proposed.text) == (d.session.focus_id, "Talal")


async def test_clicks_on_the_status_line(running: Running) -> None:
    async def click(words: str) -> None:
        line = d.screen.status.render_line(0).text
        await d.pilot.click(d.screen.status, offset=(line.index(words), 0))
        await d.settle()

    async with running(size=(140, 40)) as d:
        names = [proposed_span("PERSON", "Talal Sillo", 0.8), proposed_span("GROUP", "SDF", 0.6)]
        d.session.suggestions.replace_open("crf", names)
        d.screen.bring_up_to_date()
        at = []
        for _ in range(3):
            await click("2 suggested")
            at.append(d.word)
        assert sorted(at[:2]) == ["SDF", "Talal"], "one after the other"
        assert at[2] == at[0], "and behind the last the first"
        await click("saved")
        await click("sentence 1")
        assert d.word == at[0]
        await click("a.txt")
        assert d.screen.documents.list.has_keys
        await click("a.txt")
        assert not d.screen.documents.list.display


async def test_a_key_right_behind_a_click_comes_after_it(running: Running) -> None:
    async with running(size=(100, 20)) as d:
        d.label("Talal Sillo", "1")
        d.at("Nobody")
        await d.settle()
        x, y = d.cell_on_screen("Sillo")
        for kind in (MouseDown, MouseMove, MouseUp):
            d.app.post_message(kind(None, x, y, 0, 0, 1, False, False, False, x, y))
        d.app.post_message(key_event("e"))
        await d.settle()
        assert "boundaries" in d.screen.bar.plain
        assert "gave up" not in d.said
