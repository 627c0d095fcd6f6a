"""Where the values of a msgpack file begin and end, so that large ones are read piece by piece."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from typing import NamedTuple, TypeVar

import msgspec

from annotator.errors import InputError

DAMAGED = "a damaged DocBin"
_Value = TypeVar("_Value")

_FIXED = {0xCA: 4, 0xCB: 8, 0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8, 0xD0: 1, 0xD1: 2, 0xD2: 4, 0xD3: 8}
_FIXED |= {0xD4: 2, 0xD5: 3, 0xD6: 5, 0xD7: 9, 0xD8: 17}
"""First byte → bytes that follow it."""
_BYTES = {0xC4: 1, 0xC5: 2, 0xC6: 4}
_SIZED = _BYTES | {0xD9: 1, 0xDA: 2, 0xDB: 4}
"""First byte → width of the size that follows it."""
_EXTENSIONS = {0xC7: 1, 0xC8: 2, 0xC9: 4}
_ARRAYS = {0xDC: 2, 0xDD: 4}
_MAPS = {0xDE: 2, 0xDF: 4}


class Extent(NamedTuple):
    """A half-open range of bytes."""

    start: int
    end: int

    @property
    def size(self) -> int:
        """In bytes."""
        return self.end - self.start


def decoded(data: mmap.mmap, extent: Extent, kind: type[_Value]) -> _Value:
    """The value there. Raises InputError where it is none of that kind."""
    return unpacked(data[extent.start : extent.end], kind)


def unpacked(data: bytes, kind: type[_Value]) -> _Value:
    """The value of these bytes. Raises InputError where it is none of that kind."""
    try:
        return msgspec.msgpack.decode(data, type=kind)
    except RecursionError:
        raise InputError(f"{DAMAGED}: it is nested too deep to be read") from None
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, TypeError) as error:
        raise InputError(f"{DAMAGED}: {error}") from None


def bytes_extent(data: mmap.mmap, extent: Extent) -> Extent:
    """Where the bytes of a value lie. Raises InputError where it holds no bytes."""
    width = _BYTES.get(data[extent.start])
    if width is None:
        raise InputError(f"{DAMAGED}: bytes are expected at byte {extent.start}")
    return Extent(extent.start + 1 + width, extent.end)


def entries(data: mmap.mmap, extent: Extent) -> Iterator[tuple[Extent, Extent]]:
    """Key and value of each entry of a map. Raises InputError."""
    count, at = _count(data, extent.start, 0x80, _MAPS)
    for _ in range(count):
        key = Extent(at, _end(data, at))
        value = Extent(key.end, _end(data, key.end))
        at = value.end
        yield key, value


def elements(data: mmap.mmap, extent: Extent, expected: int) -> Iterator[Extent]:
    """The elements of an array, found as they are asked for. Raises InputError if not so many."""
    count, at = _count(data, extent.start, 0x90, _ARRAYS)
    if count != expected:
        raise InputError(f"{DAMAGED}: {count:,} entries for {expected:,} documents")
    return _values(data, at, count)


def _values(data: mmap.mmap, at: int, count: int) -> Iterator[Extent]:
    for _ in range(count):
        value = Extent(at, _end(data, at))
        at = value.end
        yield value


def _count(data: mmap.mmap, at: int, short: int, sized: dict[int, int]) -> tuple[int, int]:
    """How many a map or array at this byte holds, and where the first begins."""
    byte = data[at]
    if byte & 0xF0 == short:
        return byte & 0x0F, at + 1
    if byte not in sized:
        raise InputError(f"{DAMAGED}: a list or map is expected at byte {at}")
    end = at + 1 + sized[byte]
    return int.from_bytes(data[at + 1 : end]), end


def _end(data: mmap.mmap, at: int) -> int:
    """One past the value that begins at a byte. Raises InputError where the file ends before."""
    waiting = 1
    while waiting:
        waiting -= 1
        if at >= len(data):
            raise InputError(f"{DAMAGED}: it is cut off")
        byte = data[at]
        at += 1
        if 0x80 <= byte <= 0x8F:
            waiting += 2 * (byte & 0x0F)
        elif 0x90 <= byte <= 0x9F:
            waiting += byte & 0x0F
        elif 0xA0 <= byte <= 0xBF:
            at += byte & 0x1F
        elif byte in _FIXED:
            at += _FIXED[byte]
        elif width := _SIZED.get(byte, 0) or _EXTENSIONS.get(byte, 0):
            at += width + int.from_bytes(data[at : at + width]) + (byte in _EXTENSIONS)
        elif width := _ARRAYS.get(byte, 0) or _MAPS.get(byte, 0):
            waiting += int.from_bytes(data[at : at + width]) * (1 + (byte in _MAPS))
            at += width
    if at > len(data):
        raise InputError(f"{DAMAGED}: it is cut off")
    return at


def bytes_head(size: int) -> bytes:
    """What stands before so many bytes; at most 2³² - 1."""
    for first, width in _BYTES.items():
        if size < 1 << 8 * width:
            return bytes((first,)) + size.to_bytes(width)
    raise OverflowError(size)


def array_head(count: int) -> bytes:
    """What stands before so many elements."""
    return b"\xdd" + count.to_bytes(4)
