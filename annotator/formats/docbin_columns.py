"""The container of spaCy's DocBin: one zlib stream of msgpack that holds its documents by columns.

Read and written here without a Doc, so that memory is bound by one document and by the words of the
bin: columns wait in temporary files, and nothing that a file says is taken for an address.
"""

from __future__ import annotations

import mmap
import shutil
import sys
import tempfile
import zlib
from array import array
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct

from annotator.errors import InputError, UsageError
from annotator.formats.msgpack_values import (
    DAMAGED,
    Extent,
    array_head,
    bytes_extent,
    bytes_head,
    decoded,
    elements,
    entries,
)
from annotator.formats.source import Source

VERSION = "0.1"
_CHUNK = 1 << 18
_IN_MEMORY = 1 << 16
_LARGEST = 8 * 1024**3
_RATIO, _ALWAYS = 200, 256 * 1024**2
_NOTHING = 0xC0
_MOST_BYTES = 2**32 - 1
"""What one msgpack value may hold."""
_BYTE_COLUMNS = ("tokens", "spaces", "lengths")
_LIST_COLUMNS = ("cats", "flags", "span_groups", "user_data")


class PackedDocument(Struct, frozen=True):
    """One document as it stands in the columns.

    ``tokens`` has a row of numbers (uint64) for each token, in the order of the bin's attributes;
    ``spaces`` says of each whether a blank follows. The others are msgpack.
    """

    tokens: array[int]
    spaces: bytes
    cats: bytes = b"\x80"
    flags: bytes = b"\x80"
    span_groups: bytes = b""
    user_data: bytes = b"\x80"


# -- writing -------------------------------------------------------------------------------------


def write_bin(
    file: BinaryIO, attributes: list[int], documents: Iterable[PackedDocument], words: Iterable[str]
) -> int:
    """Write the documents as they come, and give their number; ``words`` is read behind them.

    Raises UsageError where they are more than one bin holds.
    """
    count = 0
    with ExitStack() as stack:
        columns: dict[str, Any] = {
            name: stack.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))
            for name in (*_BYTE_COLUMNS, *_LIST_COLUMNS)
        }
        for document in documents:
            count += 1
            columns["tokens"].write(_little_endian(document.tokens).tobytes())
            columns["spaces"].write(document.spaces)
            columns["lengths"].write(_little_endian(array("i", [len(document.spaces)])).tobytes())
            columns["cats"].write(document.cats)
            columns["flags"].write(document.flags)
            for name in ("span_groups", "user_data"):
                value = getattr(document, name)
                columns[name].write(bytes_head(len(value)) + value)
        _write_columns(_Packer(file), columns, attributes, sorted(set(words)), count)
    return count


class _Packer:
    """Compresses what it is given into a file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._zlib = zlib.compressobj()

    def write(self, data: bytes) -> int:
        return self._file.write(self._zlib.compress(data))

    def end(self) -> None:
        self._file.write(self._zlib.flush())


def _write_columns(
    packer: _Packer, columns: dict[str, Any], attributes: list[int], words: list[str], count: int
) -> None:
    encode = msgspec.msgpack.encode
    packer.write(bytes((0x80 | 3 + len(columns),)))
    for name, value in (("version", VERSION), ("attrs", attributes), ("strings", words)):
        packer.write(encode(name) + encode(value))
    for name, column in columns.items():
        head = array_head(count)
        if name in _BYTE_COLUMNS:
            size = column.tell()
            if size > _MOST_BYTES:
                raise UsageError(
                    "These are more tokens than one DocBin can hold.",
                    "Export in several files: --documents NAME…",
                )
            head = bytes_head(size)
        packer.write(encode(name) + head)
        column.seek(0)
        shutil.copyfileobj(column, packer, _CHUNK)
    packer.end()


# -- reading -------------------------------------------------------------------------------------


class Columns:
    """What a bin holds, unpacked: attributes, words, and the documents one at a time."""

    def __init__(self, data: mmap.mmap, source: Source) -> None:
        self._data = data
        found = {
            decoded(data, key, str): value for key, value in entries(data, Extent(0, len(data)))
        }
        missing = {"attrs", "strings", *_BYTE_COLUMNS} - found.keys()
        if missing:
            raise InputError(f"{DAMAGED}: there is no {sorted(missing)[0]}")
        if found["strings"].size > source.largest_record:
            raise InputError(f"its words are more than {source.largest_record:,} bytes")
        self.attributes: list[int] = decoded(data, found["attrs"], list[int])
        self.words: list[str] = decoded(data, found["strings"], list[str])
        self._bytes = {name: bytes_extent(data, found[name]) for name in _BYTE_COLUMNS}
        self.lengths = self._checked_lengths()
        self._lists = {
            name: elements(data, found[name], len(self.lengths))
            for name in _LIST_COLUMNS if name in found
        }  # fmt: skip

    def _checked_lengths(self) -> array[int]:
        """How many tokens each document has; the columns are as long as that says."""
        lengths = array("i")
        extent = self._bytes["lengths"]
        if extent.size % lengths.itemsize:
            raise InputError(f"{DAMAGED}: its lengths are cut off")
        lengths.frombytes(self._data[extent.start : extent.end])
        lengths = _little_endian(lengths)
        total = sum(lengths)
        if not self.attributes or min(lengths, default=0) < 0:
            raise InputError(f"{DAMAGED}: its lengths or attributes are none")
        if total != self._bytes["spaces"].size or (
            total * len(self.attributes) * 8 != self._bytes["tokens"].size
        ):
            raise InputError(f"{DAMAGED}: its tokens are not as many as its lengths say")
        return lengths

    def documents(self, largest: int) -> Iterator[PackedDocument | InputError]:
        """The documents in order, once; what is wrong with one, or larger, is an error instead."""
        token, space = self._bytes["tokens"].start, self._bytes["spaces"].start
        for length in self.lengths:
            end = token + length * len(self.attributes) * 8
            values = {name: next(found) for name, found in self._lists.items()}
            size = max(end - token, *(value.size for value in values.values()), 0)
            if size > largest:
                yield InputError(
                    f"the document is larger than {largest:,} bytes", "Cut it into smaller ones."
                )
            else:
                try:
                    yield self._document(Extent(token, end), Extent(space, space + length), values)
                except InputError as error:
                    yield error
            token, space = end, space + length

    def _document(
        self, tokens: Extent, spaces: Extent, values: dict[str, Extent]
    ) -> PackedDocument:
        numbers = array("Q")
        numbers.frombytes(self._data[tokens.start : tokens.end])
        return PackedDocument(
            _little_endian(numbers), self._data[spaces.start : spaces.end],
            **{name: self._value(name, extent) for name, extent in values.items()},
        )  # fmt: skip

    def _value(self, name: str, extent: Extent) -> bytes:
        """The msgpack of a value; what a column holds as bytes is msgpack within."""
        if name not in ("cats", "flags"):
            if self._data[extent.start] == _NOTHING:
                return b""
            extent = bytes_extent(self._data, extent)
        return self._data[extent.start : extent.end]


@contextmanager
def opened_bin(source: Source) -> Iterator[Columns]:
    """The columns of a file, unpacked into a temporary one. Raises InputError."""
    with tempfile.TemporaryFile() as spool:
        _unpack(source, spool)
        spool.flush()
        if not spool.tell():
            raise InputError(f"{source.shown}: {DAMAGED}: it is empty")
        with mmap.mmap(spool.fileno(), 0, access=mmap.ACCESS_READ) as data:
            try:
                columns = Columns(data, source)
            except InputError as error:
                raise InputError(f"{source.shown}: {error.message}", error.hint) from None
            yield columns


def _unpack(source: Source, spool: Any) -> None:
    with source.open() as file:
        size = file.seek(0, 2)
        file.seek(0)
        most = min(_LARGEST, max(_ALWAYS, size * _RATIO))
        unpacker = zlib.decompressobj()
        try:
            while not unpacker.eof and (chunk := unpacker.unconsumed_tail or file.read(_CHUNK)):
                spool.write(unpacker.decompress(chunk, _CHUNK))
                if spool.tell() > most:
                    raise InputError(
                        f"{source.shown}: unpacks to more than {most:,} bytes, as files do that "
                        "are made to fill a disk",
                        "If it is what it should be, save its documents in several bins.",
                    )
        except zlib.error as error:
            raise InputError(f"{source.shown}: {DAMAGED}: {error}") from None
    if not unpacker.eof:
        raise InputError(f"{source.shown}: {DAMAGED}: it is cut off", "Save it anew.")


def _little_endian(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
