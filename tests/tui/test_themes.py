"""Themes: chosen and remembered, readable, and told apart without colour too."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from rich._palettes import EIGHT_BIT_PALETTE
from rich.color import Color, ColorSystem
from screen_driver import Running

from annotator.errors import BusyError
from annotator.tui.themes import DEFAULT, THEMES, in_few_colours, named_colours
from annotator.workflow.own_choices import OwnChoices, config_folder

BLACKS = (0, 8)


def luminance(colour: tuple[int, int, int]) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [c / 255 for c in colour]
    parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(a: tuple[int, int, int], b: tuple[int, int, int]) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", THEMES)
def test_the_named_colours_of_a_theme_differ_and_can_be_read(name: str) -> None:
    colours = named_colours(name)
    found = [colours.ansi_colors[n] for n in range(16)]
    least = 7 if name == "contrast" else 4.5
    for number, colour in enumerate(found):
        if number not in BLACKS:
            assert contrast(colour, colours.background_color) >= least, (number, colour)
    assert all(a != b for a, b in combinations(found, 2))
    theme = THEMES[name]
    if theme.background is not None:
        assert colours.background_color == tuple(bytes.fromhex(theme.background[1:]))


async def test_a_theme_is_chosen_in_the_palette_and_remembered(
    running: Running, tmp_path: Path
) -> None:
    choices = OwnChoices(tmp_path / "config")
    async with running(choices=choices) as d:
        assert d.app.theme == DEFAULT
        d.label("SDF", "3")
        before = {s.style.color for y in range(4) for s in d.view.render_line(y) if s.style}
        offered = {c.title: c.choose for c in d.app.looks()}
        assert [*offered][: len(THEMES)] == [f"theme: {name}" for name in THEMES]
        offered["theme: light"]()
        await d.settle()
        assert d.app.theme == "light"
        after = {s.style.color for y in range(4) for s in d.view.render_line(y) if s.style}
        assert before.isdisjoint(after), "what was painted before is painted anew"
    assert OwnChoices(tmp_path / "config").get("theme", THEMES) == "light"
    async with running(choices=OwnChoices(tmp_path / "config")) as d:
        assert d.app.theme == "light"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("theme = [", "screen.toml: found what is no TOML: "),
        ('theme = "pink"', 'screen.toml: theme: found "pink"; allowed: dark, light, contrast, '),
        ("theme = 5", "screen.toml: theme: found 5; allowed: dark, "),
        ('glyphs = "x\\u001b[m"', "screen.toml: glyphs: found "),
    ],
)
async def test_a_file_of_choices_that_is_none_keeps_nobody_out_and_is_told(
    running: Running, tmp_path: Path, text: str, told: str
) -> None:
    (tmp_path / "screen.toml").write_text(text)
    async with running(choices=OwnChoices(tmp_path)) as d:
        assert d.app.theme == DEFAULT
        assert told in d.said
        assert "\x1b" not in d.said
        await d.press("l")
        assert told not in d.said, "it is told once"


async def test_a_broken_file_of_choices_is_not_written_over(
    running: Running, tmp_path: Path
) -> None:
    (tmp_path / "screen.toml").write_text("theme = [")
    async with running(choices=OwnChoices(tmp_path)) as d:
        d.app.choose_theme("light")
        await d.settle()
        assert d.app.theme == "light", "it is shown all the same"
        assert "Mend it or take it away" in d.said
    assert (tmp_path / "screen.toml").read_text() == "theme = ["


def test_a_choice_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BusyError, match="could not be written") as caught:
        OwnChoices(tmp_path / "file").choose("theme", "light")
    assert caught.value.hint == "It was not noted. Make the file and its folder writable to you."


def test_what_else_is_chosen_in_the_file_stays(tmp_path: Path) -> None:
    (tmp_path / "screen.toml").write_text("later = 'a \"b\"'\ntheme = 'dark'\n")
    OwnChoices(tmp_path).choose("theme", "light")
    assert (tmp_path / "screen.toml").read_text() == 'later = "a \\"b\\""\ntheme = "light"\n'


def test_the_folder_of_choices_follows_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/some/where")
    assert config_folder() == Path("/some/where/annotator")
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    monkeypatch.setenv("HOME", "/home/alice")
    assert config_folder() == Path("/home/alice/.config/annotator")


@pytest.mark.parametrize("name", [*THEMES, None])
async def test_cursor_selection_hint_and_text_differ_in_every_theme_and_without_colour(
    running: Running, tmp_path: Path, name: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    choices = OwnChoices(tmp_path)
    if name is None:
        monkeypatch.setenv("NO_COLOR", "1")
    else:
        choices.choose("theme", name)
    async with running(choices=choices, size=(160, 20)) as d:
        await d.press("shift+right", "shift+right", "f", "s")
        line = next(y for y, row in enumerate(d.rows()) if "Talal" in row)
        looks = {str(s.style) for s in d.view.render_line(line) if s.text.strip()}
        assert len(looks) >= 5, "gutter, text, selection, cursor, hint"
        shades = {s.style.bgcolor for s in d.view.render_line(line) if s.style}
        assert len(shades) >= 3, looks


@pytest.mark.parametrize("name", THEMES)
def test_in_sixteen_colours_all_that_is_said_stands_out(name: str) -> None:
    theme = in_few_colours(THEMES[name])
    assert theme.background or theme.dark
    ground = shown_as(theme.background or "#121212")
    assert shown_as(theme.panel) == shown_as(theme.surface) == ground, "no panel of middle grey"
    for colour in (theme.foreground, theme.accent, theme.warning):
        assert contrast(shown_as(colour), ground) >= 4, (name, colour)


def shown_as(colour: str | None) -> tuple[int, int, int]:
    """The one of xterm's sixteen colours that a terminal is told to show."""
    number = Color.parse(colour or "").downgrade(ColorSystem.STANDARD).number
    assert number is not None
    red, green, blue = EIGHT_BIT_PALETTE[number]
    return red, green, blue
