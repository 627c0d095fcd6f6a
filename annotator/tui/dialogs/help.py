"""The help screen: every command with its keys, and the schema's labels with theirs."""

from __future__ import annotations

from itertools import groupby

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from annotator.core.schema import Schema
from annotator.core.visual_lines import wrap
from annotator.tui.dialogs.dialog import Dialog
from annotator.tui.keymap import Keymap

_WIDTH = 80
_FRAME = 7
"""Cells of the page that its border, padding and scroll bar take."""
_KEY_COLUMN = 16
_LEAST = 12


class HelpScreen(Dialog[None]):
    """Made from the registry of commands, so that it cannot say what is not so."""

    BINDINGS = [("escape,question_mark,q,enter", "dismiss", "close")]
    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > VerticalScroll {
        width: 80; max-width: 95%; height: auto; max-height: 90%;
        background: $panel; border: round $accent; padding: 0 2;
    }
    """

    def __init__(self, keymap: Keymap, schema: Schema) -> None:
        super().__init__()
        self._keymap = keymap
        self._schema = schema
        # Held, not looked up: a signal may take the window down before it is filled.
        self._text = Static(id="page")

    def compose(self) -> ComposeResult:
        """One scrolling page."""
        page = VerticalScroll(self._text)
        page.border_title = "Keys"
        page.border_subtitle = "↑ ↓ scroll · esc close"
        yield page

    def on_resize(self, event: events.Resize) -> None:
        """Another width, another wrapping."""
        room = min(_WIDTH, event.size.width * 95 // 100) - _FRAME - _KEY_COLUMN
        self._text.update(self._page(max(_LEAST, room)))

    def _page(self, room: int) -> Content:
        parts: list[Content | tuple[str, str]] = []
        for group, commands in groupby(self._keymap.commands, key=lambda command: command.group):
            parts.append((f"\n{group}\n", "bold"))
            for command in commands:
                parts += _entry(self._keymap.keys_of(command), command.title, room)
        parts.append(("\nLabels\n", "bold"))
        for layer in self._schema.layers:
            for label in layer.labels:
                about = label.description or label.title or layer.title
                parts += _entry(label.key or "enter", f"{label.name}  {about}", room)
        return Content.assemble(*parts)


def _entry(keys: str, title: str, room: int) -> list[Content | tuple[str, str]]:
    """Keys at the left; the title beside them in lines of ``room`` cells."""
    lines = [line.text.rstrip() for line in wrap(title, 0, len(title), room)]
    below = "\n" + " " * _KEY_COLUMN
    return [(f"{f'  {keys}':<{_KEY_COLUMN}}", "$accent"), Content(below.join(lines) + "\n")]
