"""What the mouse can do besides pointing at text."""

from __future__ import annotations

from screen_driver import Driver, Running


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
