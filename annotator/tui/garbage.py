"""When garbage is collected: between keys, never during them."""

from __future__ import annotations

import gc

_YOUNG, _ALL = 1, 2
_KEYS_TYPED_AHEAD = 400
"""Keys without any pause after which the young garbage is collected behind one of them."""
_KEYS_WITHOUT_REST = 5_000
"""Keys without a rest after which all garbage is collected in a short pause."""


class Garbage:
    """Collects garbage between keys instead of during them.

    Each painted strip is part of a reference cycle, so frames always leave some; the collector's
    own timing puts tens of milliseconds into single keys. What the last keys left is collected in
    a moment; to collect all takes the longer the more was made since the document was read.
    """

    def __init__(self) -> None:
        self._young = 0
        self._old = 0

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
        """A key has left some; many without a pause have it collected."""
        self._young += 1
        self._old += 1
        if self._young >= _KEYS_TYPED_AHEAD:
            self._collect(_YOUNG)

    def collect(self, *, is_resting: bool) -> None:
        """Collect what keys have left: all of it if somebody ``is_resting``, else the young."""
        if self._old and (is_resting or self._old >= _KEYS_WITHOUT_REST):
            self._collect(_ALL)
            self._old = 0
        elif self._young:
            self._collect(_YOUNG)

    def _collect(self, generation: int) -> None:
        gc.collect(generation)
        self._young = 0
