"""When garbage is collected: between keys, never during them."""

from __future__ import annotations

import gc
from time import monotonic

IDLE_SECONDS = 0.25
"""Without a key for so long, nobody is typing."""
_KEYS_BETWEEN_COLLECTIONS = 400


class Garbage:
    """Collects garbage between keys instead of during them.

    Each painted strip is part of a reference cycle, so frames always leave some; the collector's
    own timing puts tens of milliseconds into single keys.
    """

    def __init__(self) -> None:
        self._keys = 0
        self._last_key = 0.0

    def switch_off(self) -> None:
        """Let nothing be collected while a document is read and first painted."""
        gc.disable()

    def switch_on(self) -> None:
        """Leave it to the collector again."""
        gc.unfreeze()
        gc.enable()

    def freeze(self) -> None:
        """Take all that exists out of the collector's sight: it is there to stay."""
        gc.freeze()

    def key(self) -> None:
        """Count a key; many without a pause collect the young generations."""
        self._last_key = monotonic()
        self._keys += 1
        if self._keys >= _KEYS_BETWEEN_COLLECTIONS:
            gc.collect(1)
            self._keys = 0

    def is_quiet(self, seconds: float = IDLE_SECONDS) -> bool:
        """Whether no key has come for so long."""
        return monotonic() - self._last_key >= seconds

    def collect(self) -> None:
        """Collect what the keys since the last time have left."""
        if self._keys:
            gc.collect()
            self._keys = 0
