"""Pauses of the keyboard, and what each is long enough for.

Whatever is done in a pause may be met by the key that ends it, which waits until it is over. So
what takes a millisecond is done in a short pause, and what takes ten when somebody reads.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

SHORT = 0.25
"""Seconds without a key: nobody is typing."""
PAUSE = 0.6
"""Seconds after which what takes some milliseconds is done: who types slowly has pressed a key by
then."""
REST = 2.0
"""Seconds after which somebody reads, and a key will hardly come right now."""


class Pauses:
    """Knows when the last key was dealt with."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._last_key = 0.0
        self.keys = 0
        """Keys that were dealt with."""

    @property
    def now(self) -> float:
        """Seconds, by the clock that keys are timed with."""
        return self._clock()

    def key(self) -> None:
        """A key has been dealt with."""
        self.keys += 1
        self._last_key = self._clock()

    def has_lasted(self, seconds: float) -> bool:
        """Whether no key has come for so long."""
        return self._clock() - self._last_key >= seconds
