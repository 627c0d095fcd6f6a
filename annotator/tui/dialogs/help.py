"""The help screen: every command with its keys, and the schema's labels with theirs."""

from __future__ import annotations

from itertools import groupby

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from annotator.core.commands import COMMANDS
from annotator.core.safe_text import safe
from annotator.core.schema import Schema
from annotator.tui.keymap import Keymap


class HelpScreen(ModalScreen[None]):
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

    def compose(self) -> ComposeResult:
        """One scrolling page."""
        page = VerticalScroll(Static(self._page()))
        page.border_title = "Keys"
        page.border_subtitle = "↑ ↓ scroll · esc close"
        yield page

    def _page(self) -> Content:
        parts: list[Content | tuple[str, str]] = []
        for group, commands in groupby(COMMANDS, key=lambda command: command.group):
            parts.append((f"\n{group}\n", "bold"))
            for command in commands:
                parts.append((f"  {self._keymap.keys_of(command):<22}", "$accent"))
                parts.append(Content(f"{command.title}\n"))
        parts.append(("\nLabels\n", "bold"))
        for layer in self._schema.layers:
            for label in layer.labels:
                parts.append((f"  {label.key or 'enter':<22}", "$accent"))
                about = label.description or label.title or layer.title
                parts.append(Content(safe(f"{label.name}  {about}") + "\n"))
        return Content.assemble(*parts)
