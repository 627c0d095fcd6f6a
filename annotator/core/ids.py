"""UUIDv7 identifiers (RFC 9562 §5.7): ordered by time, so that indexes stay compact."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from hashlib import sha256

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

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_own(id: str) -> bool:
    """Whether an id is a UUID, which no other program gives away."""
    return _UUID.fullmatch(id) is not None


def derived_id(id: str, *within: str) -> str:
    """A UUIDv7 made of ``id`` and what it holds within; the time is that of ``id``, or 0.

    The same on every machine: what is made twice alike gets one id.
    """
    digest = sha256("\0".join((id, *within)).encode()).hexdigest()
    stamp = id[:8] + id[9:13] if is_own(id) else "0" * 12
    variant = "89ab"[int(digest[3], 16) % 4]
    digits = f"{stamp}7{digest[:3]}{variant}{digest[4:19]}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
