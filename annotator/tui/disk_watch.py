"""What the screen says of its disk: that a key waits for it, that the project's file is gone."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from annotator.errors import AnnotatorError, BusyError

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen


class DiskWatch:
    """Watches over the project of a screen from ``begin`` to ``end``."""

    def __init__(self, screen: AnnotateScreen) -> None:
        self._screen = screen
        self._thread = threading.get_ident()
        self._is_gone = False

    def begin(self) -> None:
        """Have the status line tell of waiting."""
        self._screen.session.store.tell_waiting(self._show_waiting)

    def end(self) -> None:
        """Nothing is shown any more."""
        self._screen.session.store.tell_waiting(None)

    def _show_waiting(self, seconds: float) -> None:
        """Paint the status line now: the key that waits for the disk keeps all else from it.

        Nothing else changes. What the key means is shown when it is on disk.
        """
        if threading.get_ident() != self._thread:
            return  # No key waits for what is done beside the screen.
        screen = self._screen
        screen.status.wait(seconds)
        screen._compositor.update_widgets({screen.status})
        screen._compositor_refresh()

    def rescued(self) -> AnnotatorError | None:
        """Copy what was saved where the project's file is gone: with us, the last of it would go.

        Gives what to say of it.
        """
        try:
            saved = self._screen.session.store.upkeep.rescue()
        except AnnotatorError as error:
            return error
        if saved is None:
            return None
        return BusyError(f"The project's file is gone from its place; what was saved is in {saved}")

    def keep_safe(self) -> None:
        """Notice, without a key, that the project's file is gone."""
        was_gone, self._is_gone = self._is_gone, self._screen.session.store.upkeep.is_gone()
        if self._is_gone and not was_gone and (error := self.rescued()) is not None:
            self._screen.warn(error)
