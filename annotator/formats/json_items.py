"""The JSON values of a file one after the other, whatever they are strung together with.

JSON Lines, one array, and values just written behind each other (pretty-printed or not) are read
alike, in memory bound by the longest value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, BinaryIO, NamedTuple

import msgspec

from annotator.errors import InputError
from annotator.formats.loss import quoted
from annotator.formats.source import Source

BOM = b"\xef\xbb\xbf"
MOST_VALUES = 10_000_000
"""Most values within a document's JSON: an empty list takes twenty times its two bytes."""
_CHUNK = 1 << 18
_START = re.compile(rb"[^\s,]")
_SKIPPED = re.compile(rb'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
"""What lies between brackets, whole strings among it."""
_BARE = re.compile(rb'[^\s,"\[\]{}]*')
"""A number or a word."""
_STRING = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
_STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[\]{},]', re.DOTALL)
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_OPENING, _CLOSING = frozenset(b"[{"), frozenset(b"]}")


class JsonItem(NamedTuple):
    """One value's bytes and the line it begins on; None where it is longer than allowed."""

    line: int
    data: bytes | None


def json_items(source: Source) -> Iterator[JsonItem]:
    """The values of the file: its lines, else the elements of its array, else value by value.

    A line that is no JSON is one item, and the next begins on the next line.
    """
    head = source.head(_CHUNK).removeprefix(BOM)
    with source.open() as file:
        if are_lines(head):
            for number, line in numbered_lines(file, source.largest_record):
                if line is None or line.strip():
                    yield JsonItem(number, line if line is None else line.strip())
        else:
            yield from _Scanner(source.largest_record, head.lstrip()[:1] == b"[").items(file)


def are_lines(head: bytes) -> bool:
    """Whether a file that begins so has one JSON value a line."""
    lines = [line for line in head.lstrip().split(b"\n") if line.strip()]
    if not lines or lines[0][:1] != b"{":
        return False
    if len(lines) == 1:
        return True
    return _value(lines[0]) is not None or (
        lines[1].lstrip()[:1] == b"{" and lines[0].rstrip()[-1:] == b"}"
    )


class FirstValue(NamedTuple):
    """The first value of a file, for sniffing; of one that is cut off, its beginning."""

    value: Any
    is_whole: bool


def first_value(head: bytes) -> Any:
    """The first value of a file that begins so, or as much of it as is there; else None.

    Of an array that is the first element.
    """
    return first_of(head).value


@lru_cache(maxsize=2)
def first_of(head: bytes) -> FirstValue:
    """The same, and whether all of it is there."""
    head = head.removeprefix(BOM).lstrip()
    if head[:1] not in (b"[", b"{"):
        return FirstValue(None, False)
    data: bytes | None = head.split(b"\n", 1)[0]
    if not are_lines(head):
        scanner = _Scanner(len(head), head[:1] == b"[")
        data = next((item.data for item in scanner.feed(head)), None)
    value = None if data is None else _value(data)
    if value is not None:
        return FirstValue(value, True)
    value = _value(_closed(head.lstrip(b"[ \t\r\n") if data is None else data))
    return FirstValue(value, False)


def _value(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None


def _closed(data: bytes) -> bytes:
    """A value that is cut off, cut behind the last thing in it that is whole, and closed again."""
    open_ = bytearray()
    cut, depth = 0, 0
    for match in _STRING_OR_BRACKET.finditer(data):
        byte = data[match.start()]
        if byte in _OPENING:
            open_.append(byte + 2)  # its closing bracket in ASCII
        elif byte in _CLOSING:
            del open_[-1:]
            cut, depth = match.end(), len(open_)
        elif byte == 0x2C:
            cut, depth = match.start(), len(open_)
    if not cut:
        return data.rstrip(b"\\") + b'"' + bytes(reversed(open_))
    return data[:cut] + bytes(reversed(open_[:depth]))


def numbered_lines(file: BinaryIO, limit: int) -> Iterator[tuple[int, bytes | None]]:
    """Numbered lines; None for one of more than ``limit`` bytes, which is not kept in memory."""
    number = 0
    while line := file.readline(limit + 1):
        number += 1
        if number == 1:
            line = line.removeprefix(BOM)
        if len(line) <= limit or line.endswith(b"\n"):
            yield number, line
            continue
        while (rest := file.readline(1 << 20)) and not rest.endswith(b"\n"):
            continue
        yield number, None


def decoded(data: bytes) -> Any:
    """The value. Raises InputError, which says what is wrong with it as JSON."""
    check_values(data, MOST_VALUES)
    try:
        return msgspec.json.decode(data)
    except RecursionError:
        raise InputError("the JSON is nested too deep to be read") from None
    except UnicodeDecodeError as error:
        raise not_utf8(error, data) from None
    except msgspec.DecodeError as error:
        raise not_json(error, data) from None


def check_values(data: bytes, most: int) -> None:
    """Raise InputError where decoding would take memory out of all proportion.

    Counted are the marks that begin or part values, those within strings too.
    """
    if len(data) > most and sum(map(data.count, (b",", b"[", b"{"))) > most:
        raise InputError(
            f"the JSON holds more than {most:,} values", "Cut the document into smaller ones."
        )


def not_utf8(error: UnicodeDecodeError, data: bytes) -> InputError:
    """What to say of a value whose bytes are no text; the byte is counted from its beginning."""
    try:
        data.decode()
    except UnicodeDecodeError as found:
        error = found
    bad = error.object[error.start : error.start + 1].hex() or "the end"
    return InputError(
        f"not UTF-8 at byte {error.start} of the line: {error.reason} (0x{bad})",
        "Save the file as UTF-8.",
    )


def not_json(error: msgspec.DecodeError, data: bytes) -> InputError:
    """What to say of bytes that could not be decoded."""
    if _SURROGATE.search(data):
        return InputError(
            f"not JSON: {error}", "It may hold half of a surrogate pair (\\ud800 to \\udfff)."
        )
    return InputError(f"not JSON: {error}")


def decoded_object(data: bytes) -> dict[str, Any]:
    """The value, which must be an object. Raises InputError."""
    value = decoded(data)
    if not isinstance(value, dict):
        raise InputError(f"an object is expected, and not {quoted(str(value))}")
    return value


class _Scanner:
    """Parts a stream of bytes into the values at its base: in an array, or side by side."""

    def __init__(self, limit: int, in_array: bool) -> None:
        self._limit = limit
        self._depth = 0
        self._opens_array = in_array
        self._line = self._start_line = 1
        self._parts: list[bytes] = []
        self._size = 0
        self._in_value = self._in_string = self._in_bare = False
        self._skip = 0
        """Bytes of the next chunk that a backslash at the end of this one escapes."""

    def items(self, file: BinaryIO) -> Iterator[JsonItem]:
        """The values of a file; one that ends too early comes as it is."""
        first = True
        while chunk := file.read(_CHUNK):
            yield from self.feed(chunk.removeprefix(BOM) if first else chunk)
            first = False
        if self._in_value:
            yield self._item()

    def feed(self, chunk: bytes) -> Iterator[JsonItem]:
        """The values that end in this chunk."""
        at, begin, counted = self._skip, 0, 0
        self._skip = 0
        while True:
            if not self._in_value:
                start = self._value_start(chunk, at)
                if start is None:
                    break
                self._line += chunk.count(b"\n", counted, start)
                at = begin = counted = start
                self._in_value, self._start_line = True, self._line
            end = self._value_end(chunk, at)
            self._keep(chunk[begin:end])
            if end is None:
                break
            yield self._item()
            at = end
        self._line += chunk.count(b"\n", counted)

    def _value_start(self, chunk: bytes, at: int) -> int | None:
        """Where the next value begins, if it does here."""
        while match := _START.search(chunk, at):
            at, byte = match.end(), chunk[match.start()]
            if self._opens_array and byte == 0x5B:
                self._opens_array = False
            elif byte not in _CLOSING:
                return match.start()
        return None

    def _value_end(self, chunk: bytes, at: int) -> int | None:
        """One past the value's end, if it is here; ``at`` is where it begins or goes on."""
        if not (self._depth or self._in_string or self._in_bare):
            self._in_string = chunk[at] == 0x22
            self._in_bare = not self._in_string and chunk[at] not in _OPENING
            at += self._in_string
        if self._in_bare:
            return self._bare_end(chunk, at)
        while True:
            if self._in_string:
                at = self._string_end(chunk, at)
                if not self._in_string and not self._depth:
                    return at
            match = _SKIPPED.match(chunk, at)
            at = len(chunk) if match is None else match.end()
            if at >= len(chunk):
                return None
            byte = chunk[at]
            at += 1
            if byte == 0x22:
                self._in_string = True
                continue
            self._depth += 1 if byte in _OPENING else -1
            if not self._depth:
                return at

    def _string_end(self, chunk: bytes, at: int) -> int:
        """One past the closing quote, or the chunk's end where the string goes on."""
        match = _STRING.match(chunk, at)
        end = len(chunk) if match is None else match.end()
        if end >= len(chunk):
            return len(chunk)
        if chunk[end] == 0x22:
            self._in_string = False
            return end + 1
        self._skip = 1
        return len(chunk)

    def _bare_end(self, chunk: bytes, at: int) -> int | None:
        """One past a number or word, unless it may go on in the next chunk."""
        match = _BARE.match(chunk, at)
        end = at if match is None else match.end()
        if end == len(chunk):
            return None
        self._in_bare = False
        return end

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        if self._size <= self._limit:
            self._parts.append(part)
        else:
            self._parts.clear()

    def _item(self) -> JsonItem:
        data = b"".join(self._parts) if self._size <= self._limit else None
        self._parts, self._size, self._in_value = [], 0, False
        return JsonItem(self._start_line, data)
