"""A one-line question: a note, a name."""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from annotator.core.safe_text import cut, safe
from annotator.tui.dialogs.dialog import Dialog

_OTHER = 16
"""Cells for the name of the other thing: with all other keys, what a narrow screen has."""


class SafeInput(Input):
    """An input that takes stand-ins for what a terminal would act on, should it be pasted.

    Pasted lines become one, parted by spaces.
    """

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.replace(" ".join(event.text.split()), *sorted(self.selection))

    def replace(self, text: str, start: int, end: int) -> None:
        """Put text, made safe, in place of [start, end): all that is typed or pasted."""
        super().replace(safe(text), start, end)


def with_typed(value: str, shown: str) -> str:
    """``value`` with what was changed in its safe picture; what was not is as it was."""
    before = safe(value)
    first = _same(before, shown)
    last = _same(before[first:][::-1], shown[first:][::-1])
    return value[:first] + shown[first : len(shown) - last] + value[len(value) - last :]


def _same(a: str, b: str) -> int:
    """How many characters two strings have in common at their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))


class Prompt(Dialog[str | None]):
    """Enter gives the text, escape None; tab goes to another thing to ask the same of, if any."""

    BINDINGS = [("escape", "give_up", "give up"), Binding("tab", "go_to_other", priority=True)]
    DEFAULT_CSS = """
    Prompt { align: center middle; }
    Prompt > Vertical {
        width: 72; max-width: 95%; height: auto;
        background: $panel; border: round $accent; padding: 0 1;
    }
    Prompt Input { min-width: 12; }
    Prompt Input { background: $surface; }
    Prompt Input.-textual-compact { padding: 0 1; }
    """

    def __init__(
        self,
        title: str,
        value: str = "",
        *,
        other: str | None = None,
        go_to_other: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__()
        self._other = other
        self._go_to_other = go_to_other
        self._title = title
        self._value = value

    def compose(self) -> ComposeResult:
        """The input in its box."""
        with Vertical() as box:
            box.border_title = Content(safe(self._title))
            other = "" if self._other is None else f"tab: {cut(self._other, _OTHER)}’s · "
            box.border_subtitle = Content(f"enter saves · {other}esc gives up")
            yield SafeInput(safe(self._value), select_on_focus=False, compact=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Done."""
        self.dismiss(with_typed(self._value, event.value))

    def action_give_up(self) -> None:
        """Leave things as they are."""
        self.dismiss(None)

    def action_go_to_other(self) -> None:
        """Ask of the other thing instead; what was typed here is given up."""
        if self._other is not None:
            self.dismiss(None)
            self._go_to_other()
