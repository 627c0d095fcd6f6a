"""A small cache with a limit."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar

V = TypeVar("V")


class Kept(OrderedDict[Hashable, V]):
    """A cache that keeps the ``limit`` entries used last."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def find(self, key: Hashable, make: Callable[[], V]) -> V:
        """The entry of this key, made where there is none."""
        try:
            found = self[key]
        except KeyError:
            found = self[key] = make()
            if len(self) > self._limit:
                self.popitem(last=False)
        else:
            self.move_to_end(key)
        return found
