"""The command palette: every command with its keys, the looks of the screen, and the engines."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from annotator.tui.dialogs.picker import Choice, Picker
from annotator.tui.engine_switches import engine_choices

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen

Do = Callable[[], object]


class Palette(Picker[Do]):
    """Picks what to do, by words or letters of what it is called."""

    PROMPT = "type what you want to do"
    KEYS = "enter does it"


def open_palette(screen: AnnotateScreen) -> None:
    """Choose from all that can be done on the annotation screen, and do it."""

    def chosen(do: Do | None) -> None:
        if do is not None:
            do()

    keymap = screen.keymap
    choices: list[Choice[Do]] = [
        Choice(partial(screen.perform, command), command.title, keymap.keys_of(command))
        for command in keymap.commands
        if command.id != "palette"
    ]
    choices += [
        Choice(look.choose, f"{look.title} · {look.about}")
        for look in screen.app.looks()  # type: ignore[attr-defined]
    ]
    choices += engine_choices(screen)
    screen.asking.ask(Palette("Commands", choices), chosen)
