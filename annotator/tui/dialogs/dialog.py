"""The base of all small windows."""

from __future__ import annotations

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

T = TypeVar("T")


class Dialog(ModalScreen[T]):
    """A window that closes once: a second click, on its way already, finds it closed."""

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Close with a result; nothing where it is closed already."""
        if not self.is_current:
            return AwaitComplete()
        return super().dismiss(result)
