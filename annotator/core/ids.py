"""UUIDv7 identifiers (RFC 9562 §5.7): ordered by time, so that indexes stay compact."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

Clock = Callable[[], float]
"""Seconds since the epoch, like ``time.time``; injected wherever a time is recorded."""


class IdSource:
    """Makes UUIDv7 text that never goes backwards within the process, even when the clock does.

    Two identifiers of the same millisecond are told apart, and ordered, by counting up the 12 bits
    behind the time stamp (RFC 9562 §6.2, method 1); their overflow moves the time stamp on.
    """

    def __init__(
        self, clock: Clock = time.time, random_bits: Callable[[int], int] = secrets.randbits
    ) -> None:
        self._clock = clock
        self._random_bits = random_bits
        self._last = 0

    def __call__(self) -> str:
        """A new identifier: 36 characters, lower-case hexadecimal."""
        stamp = (int(self._clock() * 1000) << 12) | self._random_bits(8)
        self._last = stamp if stamp > self._last else self._last + 1
        millis, sequence = self._last >> 12, self._last & 0xFFF
        tail = (0b10 << 62) | self._random_bits(62)
        digits = f"{millis:012x}7{sequence:03x}{tail:016x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


new_id = IdSource()
"""The process's own source; tests inject another."""
