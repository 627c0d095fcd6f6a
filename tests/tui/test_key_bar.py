"""The bar and the inspector follow what the keys act on, at every width."""

from __future__ import annotations

import pytest
from proposing import proposed_span
from screen_driver import Driver, Running

from annotator.core.safe_text import cell_width
from annotator.core.schema_file import parse_schema
from annotator.tui.widgets.label_bar import laid_out


async def test_the_bar_follows_selection_focus_and_mode(running: Running) -> None:
    async with running(size=(260, 40)) as d:
        assert "4 LOCATION" in d.screen.bar.plain
        assert "│" not in d.screen.bar.plain, "nothing is in focus"
        await d.press("v")
        assert "│ selecting  enter pick" in d.screen.bar.plain
        await d.press("escape", "x")
        assert "│ selected  enter pick" in d.screen.bar.plain
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


def rows(d: Driver) -> list[str]:
    return [d.screen.bar.render_line(y).text for y in range(d.screen.bar.size.height)]


@pytest.mark.parametrize(("width", "height"), [(60, 16), (80, 24), (120, 40), (230, 50)])
async def test_labels_and_keys_of_a_focus_are_named_at_every_width(
    running: Running, width: int, height: int
) -> None:
    async with running(size=(width, height)) as d:
        d.label("Talal Sillo", "s")
        await d.settle()
        lines = rows(d)
        assert {cell_width(line) for line in lines} == {width}
        actions = " ".join(line.split("│")[1] for line in lines).split()
        for key in ("enter", "e", "a", "m", "d", ";", "!", "?"):
            assert key in actions, lines
        assert "attributes" in actions
        parts = [part for row in d.screen.bar._labels for part in row]
        names = [text.strip() for text, kind in parts if kind == "plain" and text.strip()]
        assert len(names) == 12
        assert min(len(name) for name in names) == 3, "CUE is whole, the others have as much"
        assert len(lines) == (1 if width == 230 else 2)


@pytest.mark.parametrize("size", [(60, 16), (110, 32)])
async def test_a_key_stands_in_one_place_whatever_is_in_focus(
    running: Running, size: tuple[int, int]
) -> None:
    async with running(size=size) as d:
        height = d.screen.bar.size.height
        before = [line[: size[0] // 2] for line in rows(d)]
        for keys in (["v", "l"], ["s"], ["f"], ["escape"], ["a"], ["escape"]):
            await d.press(*keys)
            assert d.screen.bar.size.height == height
            if d.screen._mode is None:
                assert [line[: size[0] // 2] for line in rows(d)] == before
                assert rows(d)[-1].rstrip().endswith("? help")


def test_labels_that_begin_alike_are_told_apart() -> None:
    begins = "A_LABEL_OF_SIXTY_CHARACTERS_AS_LONG_AS_THEY_MAY_GET_00"
    labels = "".join(f'[layer.a.labels.{begins}{n}]\nkey = "{n}"\n' for n in range(1, 7))
    schema = parse_schema(f'name = "a"\nversion = 1\n[layer.a]\nscope = "span"\n{labels}', "a.toml")
    lines = laid_out(schema, 4, 57, 2)
    names = [
        text.strip() for line in lines for text, kind in line if kind == "plain" and text != " "
    ]
    assert len(set(names)) == 6
    assert all(name.startswith("…") for name in names)


def test_more_keys_than_there_is_room_for_say_so() -> None:
    keys = "123456789coqrABCDEFGHIJKLMNOPQRSTVWXYZ"
    labels = "".join(f'[layer.a.labels.L{n}]\nkey = "{key}"\n' for n, key in enumerate(keys))
    schema = parse_schema(f'name = "a"\nversion = 1\n[layer.a]\nscope = "span"\n{labels}', "a.toml")
    first, second = ("".join(text for text, _ in line) for line in laid_out(schema, 4, 37, 2))
    assert first.split() == list(keys[: len(first.split())])
    assert second.rstrip().endswith("…")
    assert cell_width(second) <= 37


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
        assert "move the edge" in rows(d)[0]
        assert rows(d)[1].rstrip().endswith("enter done  esc give up"), rows(d)
        await d.resize(120, 16)
        assert rows(d)[0].rstrip().endswith("enter done  esc give up")


async def test_the_inspector_leaves_the_text_room_on_a_narrow_screen(running: Running) -> None:
    async with running(size=(60, 16)) as d:
        await d.press("i")
        assert (d.screen.inspector.size.width, d.view.size.width) == (24, 36)
        await d.resize(120, 16)
        assert d.screen.inspector.size.width == 38
