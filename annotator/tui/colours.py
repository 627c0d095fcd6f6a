"""The sixteen colours that a schema may name, as they look on the screen.

Textual's own table gives red and magenta, and each plain and bright pair, one and the same colour.
Here all differ, and each but black has a contrast of at least 4.5 : 1 to the background (WCAG AA).
"""

from __future__ import annotations

from typing import Final

from rich.terminal_theme import TerminalTheme

COLOURS: Final = TerminalTheme(
    (18, 18, 18),
    (224, 224, 224),
    [
        (96, 96, 96),
        (222, 104, 62),
        (104, 172, 92),
        (206, 152, 62),
        (100, 142, 224),
        (176, 116, 206),
        (62, 166, 160),
        (190, 190, 190),
    ],
    [
        (132, 132, 132),
        (255, 112, 126),
        (164, 226, 92),
        (242, 220, 104),
        (116, 192, 255),
        (246, 136, 216),
        (112, 234, 220),
        (248, 248, 248),
    ],
)
"""Background, foreground; black, red, green, yellow, blue, magenta, cyan, white; then bright."""
