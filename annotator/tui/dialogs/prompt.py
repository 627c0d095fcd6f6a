"""A one-line question: a note, a name."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from annotator.core.safe_text import safe


class Prompt(ModalScreen[str | None]):
    """Enter gives the text, escape None."""

    BINDINGS = [("escape", "give_up", "give up")]
    DEFAULT_CSS = """
    Prompt { align: center middle; }
    Prompt > Vertical {
        width: 72; max-width: 95%; height: auto;
        background: $panel; border: round $accent; padding: 0 1;
    }
    Prompt Input { background: $surface; }
    Prompt Input.-textual-compact { padding: 0 1; }
    """

    def __init__(self, title: str, value: str = "") -> None:
        super().__init__()
        self._title = title
        self._value = value

    def compose(self) -> ComposeResult:
        """The input in its box."""
        with Vertical() as box:
            box.border_title = safe(self._title)
            box.border_subtitle = "enter saves · esc gives up"
            yield Input(safe(self._value), select_on_focus=False, compact=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Done."""
        self.dismiss(event.value)

    def action_give_up(self) -> None:
        """Leave things as they are."""
        self.dismiss(None)
