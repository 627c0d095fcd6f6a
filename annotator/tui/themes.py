"""The themes: colours of the screen, and how the sixteen that a schema may name look in each.

Textual's own table gives red and magenta, and each plain and bright pair, one and the same colour.
Here all differ, and each but black has a contrast to the background of at least 4.5 : 1 (WCAG AA),
in ``contrast`` of 7 : 1 (AAA). Those of ``colour-blind`` follow Okabe and Ito, Color Universal
Design (2008): red and green, which many cannot tell apart, are vermilion and bluish green there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from rich.terminal_theme import TerminalTheme
from textual.theme import Theme

Rgb = tuple[int, int, int]

DARK: Final[list[Rgb]] = [
    (96, 96, 96), (222, 104, 62), (104, 172, 92), (206, 152, 62),
    (100, 142, 224), (176, 116, 206), (62, 166, 160), (190, 190, 190),
    (132, 132, 132), (255, 112, 126), (164, 226, 92), (242, 220, 104),
    (116, 192, 255), (246, 136, 216), (112, 234, 220), (248, 248, 248),
]  # fmt: skip
"""Black, red, green, yellow, blue, magenta, cyan, white; then bright."""
_LIGHT: Final[list[Rgb]] = [
    (120, 120, 120), (192, 75, 33), (73, 126, 64), (147, 106, 37),
    (55, 109, 215), (156, 80, 193), (47, 125, 121), (84, 84, 84),
    (104, 104, 104), (176, 0, 17), (59, 95, 17), (98, 84, 8),
    (0, 87, 159), (161, 12, 120), (14, 97, 88), (16, 16, 16),
]  # fmt: skip
_CONTRAST: Final[list[Rgb]] = [
    (96, 96, 96), (226, 123, 86), (104, 172, 92), (206, 152, 62),
    (113, 151, 227), (185, 131, 211), (63, 168, 162), (190, 190, 190),
    (132, 132, 132), (255, 112, 126), (164, 226, 92), (242, 220, 104),
    (116, 192, 255), (246, 136, 216), (112, 234, 220), (248, 248, 248),
]  # fmt: skip
_COLOUR_BLIND: Final[list[Rgb]] = [
    (110, 110, 110), (213, 94, 0), (0, 158, 115), (230, 159, 0),
    (0, 132, 206), (204, 121, 167), (86, 180, 233), (190, 190, 190),
    (132, 132, 132), (255, 150, 90), (90, 215, 170), (240, 228, 66),
    (100, 160, 255), (245, 180, 215), (160, 225, 255), (248, 248, 248),
]  # fmt: skip

THEMES: Final = {
    "dark": Theme(
        "dark", primary="#0178D4", secondary="#004578", warning="#ffa62b", error="#ba3c5b",
        success="#4EBF71", accent="#ffa62b", foreground="#e0e0e0",
    ),
    "light": Theme(
        "light", primary="#2F6FB0", secondary="#0178D4", warning="#8A4B00", error="#A0203F",
        success="#1F6B36", accent="#8A4B00", foreground="#1C1C1C", background="#FAFAFA",
        surface="#EEEEEE", panel="#E8E8E8", dark=False,
    ),
    "contrast": Theme(
        "contrast", primary="#3AA0FF", secondary="#9AD0FF", warning="#FFD75F", error="#FF8A8A",
        success="#7CFF9B", accent="#FFD75F", foreground="#FFFFFF", background="#000000",
        surface="#1C1C1C", panel="#1C1C1C", variables={"text-muted": "#E0E0E0",
        "text-disabled": "#C8C8C8"},
    ),
    "colour-blind": Theme(
        "colour-blind", primary="#0072B2", secondary="#56B4E9", warning="#E69F00", error="#D55E00",
        success="#009E73", accent="#E69F00", foreground="#e0e0e0",
    ),
}  # fmt: skip
"""By the name that a person gives; the first is the default."""

_DARKNESS: Final = "#121212"
"""The library's background of dark themes that name none."""


def in_few_colours(theme: Theme) -> Theme:
    """A theme for terminals of sixteen colours, of which the one nearest to each is shown.

    Panels and lines stand on the background: the nearest to a dark grey is a middle one, on which
    little can be read. Orange would be bright red; yellow is what is meant.
    """
    ground = theme.background or _DARKNESS
    accent = "#FFFF54" if theme.dark else theme.accent
    warning = "#FFFF54" if theme.dark else theme.warning
    return replace(theme, panel=ground, surface=ground, accent=accent, warning=warning)


DEFAULT: Final = next(iter(THEMES))

_PALETTES: Final = {
    "dark": ((18, 18, 18), (224, 224, 224), DARK),
    "light": ((250, 250, 250), (28, 28, 28), _LIGHT),
    "contrast": ((0, 0, 0), (255, 255, 255), _CONTRAST),
    "colour-blind": ((18, 18, 18), (224, 224, 224), _COLOUR_BLIND),
}


def named_colours(theme: str) -> TerminalTheme:
    """How the sixteen named colours look in a theme, and the colours they stand on."""
    background, foreground, colours = _PALETTES[theme]
    return TerminalTheme(background, foreground, colours[:8], colours[8:])
