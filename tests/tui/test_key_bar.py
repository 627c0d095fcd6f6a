"""The bar and the inspector follow what the keys act on, at every width."""

from __future__ import annotations

import pytest
from proposing import proposed_span
from screen_driver import Running

from annotator.core.safe_text import cell_width


async def test_the_bar_follows_selection_focus_and_mode(running: Running) -> None:
    async with running(size=(260, 40)) as d:
        assert "4 LOCATION" in d.screen.bar.plain
        assert "│" not in d.screen.bar.plain, "nothing is in focus"
        await d.press("v")
        assert d.screen.bar.plain.startswith(" selecting ")
        assert "enter pick" in d.screen.bar.plain
        await d.press("escape", "x")
        assert d.screen.bar.plain.startswith(" selected ")
        await d.press("s")
        for keys in ("enter attributes", "e edges", "a tie", "m actor"):
            assert keys in d.screen.bar.plain
        await d.press("!")
        d.label("SDF", "3")
        assert "attributes" not in d.screen.bar.plain, "a GROUP has none"
        assert "tie" not in d.screen.bar.plain, "and no role"
        await d.press("l", "v")
        assert "+ add to GROUP" in d.screen.bar.plain
        await d.press("escape", "f")
        assert d.screen.bar.plain.startswith(" jump ")


@pytest.mark.parametrize("width", [60, 80, 120, 200])
async def test_keys_of_a_focus_are_in_sight_at_every_width(running: Running, width: int) -> None:
    async with running(size=(width, 20)) as d:
        d.label("Talal Sillo", "s")
        await d.settle()
        line = d.screen.bar.render_line(0).text
        assert cell_width(line) == width
        actions = line.split("│")[1]
        for key in ("enter", "e", "a", "m", "d", ";", "!", "?"):
            assert key in actions.split(), line
        assert " 1 " in line
        assert " c " in line


async def test_the_inspector_says_what_labels_are_for(running: Running) -> None:
    async with running(size=(120, 60)) as d:
        d.select("SDF")
        told = [line.text for line in d.screen.inspector.lines]
        assert "Label the selection" in told
        assert "3 GROUP" in told
        assert any("A named armed force" in text for text in told)
        await d.press("3")
        told = [line.text for line in d.screen.inspector.lines]
        assert any("A named armed force" in text for text in told), "and of the label it has"


async def test_what_has_no_room_on_the_status_line_goes_whole(running: Running) -> None:
    async with running(size=(60, 16)) as d:
        names = [proposed_span("LOCATION", "Raqqa", 0.8)]
        d.session.suggestions.replace_open("crf", names)
        d.screen.bring_up_to_date()
        shown = d.screen.status.render_line(0).text
        assert "1 suggested  alice" in shown
        await d.press("tab")
        shown = d.screen.status.render_line(0).text
        assert shown == " a.txt  sentence 3/3  1 suggested  ?LOCATION crf 0.80 saved "
        assert "alice" in d.said, "a test or a screen reader is told all of it"
        await d.resize(120, 16)
        assert "0 done  1 suggested  ?LOCATION crf 0.80  alice" in (
            d.screen.status.render_line(0).text
        )


async def test_a_mode_tells_all_its_keys_however_narrow_the_screen(running: Running) -> None:
    async with running(size=(60, 16)) as d:
        d.label("SDF", "3")
        await d.press("e")
        shown = d.screen.bar.render_line(0).text
        assert "move the edge" in shown
        assert shown.rstrip().endswith("enter esc"), shown
        await d.resize(120, 16)
        assert d.screen.bar.render_line(0).text.rstrip().endswith("enter done  esc give up")


async def test_the_inspector_leaves_the_text_room_on_a_narrow_screen(running: Running) -> None:
    async with running(size=(60, 16)) as d:
        await d.press("i")
        assert (d.screen.inspector.size.width, d.view.size.width) == (24, 36)
        await d.resize(120, 16)
        assert d.screen.inspector.size.width == 38
