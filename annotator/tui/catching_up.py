"""Showing what was written elsewhere while a document is on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.errors import AnnotatorError, SchemaChangedError, StaleError
from annotator.tui.search_mode import SearchMode

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen


class CatchingUp:
    """What one screen does about edits of others, of another screen, and of its own long work."""

    def __init__(self, screen: AnnotateScreen) -> None:
        self._screen = screen

    def catch_up(self) -> None:
        """Show what was written elsewhere meanwhile; nothing is painted where nothing was."""
        screen = self._screen
        if isinstance(screen.mode, SearchMode) and screen.mode.is_looking:
            return
        if screen.long_work.unseen:
            self.see_work()
            screen.bring_in()
        try:
            if screen.session.elsewhere.catch_up():
                screen.bring_in()
        except SchemaChangedError as error:
            self.open_anew(error)
            screen.bring_up_to_date()
        except AnnotatorError as error:
            screen.warn(error)

    def see_work(self) -> None:
        """Take in what long work changed in the open document."""
        screen = self._screen
        if screen.large_edits.is_going_on:
            return
        try:
            if screen.session.document.id in screen.long_work.unseen:
                screen.session.elsewhere.look()
        except AnnotatorError as error:
            screen.say_error(error)
        screen.long_work.unseen.clear()

    def caught_up(self, error: StaleError) -> AnnotatorError:
        """Show what others made of what a key was meant for, so that it can be pressed again."""
        try:
            if self._screen.session.elsewhere.look():
                return StaleError(error.message, "Press the key again")
        except AnnotatorError as another:
            return another
        return error

    def open_anew(self, error: SchemaChangedError, hint: str = "") -> None:
        """Work goes on under the schema that is in force now."""
        self._screen.open_document(self._screen.session.document.id)
        self._screen.say_error(StaleError(error.message, hint))
