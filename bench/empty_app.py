"""A Textual app with one word on it: what any screen made with Textual costs to start."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static

MARKER = "ready"


class EmptyApp(App[None]):
    """Shows the marker and nothing else."""

    BINDINGS = [("ctrl+q", "quit", "Quit")]

    def compose(self) -> ComposeResult:
        """The one widget."""
        yield Static(MARKER)


if __name__ == "__main__":
    EmptyApp().run()
