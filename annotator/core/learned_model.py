"""What an engine learned for a layer, as it is kept: what made it, of what, and its bytes."""

from __future__ import annotations

from hashlib import sha256

from msgspec import Struct


class LearnedModel(Struct, frozen=True, kw_only=True):
    """The bytes of a model and what must be known before they are used.

    ``fingerprint`` is that of what it was made of, ``sentences`` how many of these were finished.
    ``checksum`` is the SHA-256 of ``data`` in hexadecimal, as it was when the model was made.
    """

    engine: str
    layer: str
    version: str
    fingerprint: str
    sentences: int
    checksum: str
    data: bytes

    @property
    def is_whole(self) -> bool:
        """Whether the bytes are those that were kept."""
        return checksum(self.data) == self.checksum


def checksum(data: bytes) -> str:
    """SHA-256 of a model's bytes, in hexadecimal."""
    return sha256(data).hexdigest()
