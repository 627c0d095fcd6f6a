"""Engines beside the screen: what they propose comes in while the keyboard is quiet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from annotator.errors import AnnotatorError
from annotator.tui import pauses
from annotator.tui.arrivals import Arrivals
from annotator.tui.pauses import Pauses

if TYPE_CHECKING:
    from annotator.tui.app import AnnotatorApp
    from annotator.tui.screens.annotate import AnnotateScreen
    from annotator.workflow.learning import Learning

_TAKING_IN_PAUSE = 0.1
"""Seconds from one part of what engines propose to the next: between them keys have their way."""


class EnginesBeside:
    """Looks after the engines of an app; ``make`` makes them once they are wanted.

    ``tell`` is told what goes wrong, ``go_on`` called when more is to be taken in.
    """

    def __init__(
        self,
        app: AnnotatorApp,
        make: Callable[[], Learning] | None,
        keyboard: Pauses,
        tell: Callable[[AnnotatorError], None],
        go_on: Callable[[], None],
    ) -> None:
        self._app = app
        self._make = make
        self._keyboard = keyboard
        self._tell = tell
        self._do_go_on = go_on
        self._learning: Learning | None = None
        self._goes_on = False
        self.arrivals = Arrivals(keyboard)

    @property
    def learning(self) -> Learning | None:
        """The engines; None where there are none."""
        if self._learning is None and self._make is not None:
            self._learning = self._make()
        return self._learning

    def look_after(self, screen: AnnotateScreen) -> None:
        """Show what engines propose by now; what goes wrong is told once."""
        learning = self.learning if screen.session.is_complete else None
        if learning is None or not self.arrivals.may_come:
            return
        is_resting = self._keyboard.has_lasted(pauses.REST)
        try:
            with self.arrivals.watched(screen.session):
                if learning.when_idle(screen.session, is_resting=is_resting):
                    screen.bring_in()
        except AnnotatorError as error:
            self._tell(error)
        if learning.is_behind and not self._goes_on:
            self._goes_on = True
            self._app.set_timer(_TAKING_IN_PAUSE, self.go_on)

    def go_on(self) -> None:
        """Take in more of what engines propose, unless a key has come."""
        self._goes_on = False
        self._do_go_on()

    def propose_anew(self) -> None:
        """Other engines are on: what is suggested is to be what these propose."""
        if self._learning is not None:
            self._learning.propose_anew()

    def stop(self) -> None:
        """End what is going on."""
        if self._learning is not None:
            self._learning.stop()
