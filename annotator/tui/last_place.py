"""Where the cursor was, noted for the next start, and the keys that were pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.errors import AnnotatorError

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen


class LastPlace:
    """The place of one screen's cursor, as the project knows it."""

    def __init__(self, screen: AnnotateScreen) -> None:
        self._screen = screen
        self._noted: tuple[str, int] | None = None

    def remember(self) -> None:
        """Note where the cursor is, for a start after whatever may happen.

        A place that could not be noted is tried again on leaving only: a busy store makes us wait.
        """
        session = self._screen.session
        place = (session.document.id, session.reader.cursor.start)
        if place == self._noted:
            return
        self._noted = place
        try:
            self.save()
        except AnnotatorError as error:
            self._screen.warn(error)

    def save(self) -> None:
        """Save the cursor, and count the keys since the last time."""
        session, app = self._screen.session, self._screen.app
        session.save_position()
        session.count_keys(app.keys_pressed)  # type: ignore[attr-defined]
        app.keys_pressed = 0  # type: ignore[attr-defined]
