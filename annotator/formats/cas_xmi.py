"""UIMA CAS XMI: feature structures as elements of XML, with a type system in a file beside.

The type system is written, and not needed to read. What XML cannot hold is replaced, and told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from msgspec.structs import replace

from annotator.core.annotation import surface
from annotator.errors import InputError
from annotator.formats.base import Format, ImportItem, Record, Source, Target
from annotator.formats.cas_json import CARRIES
from annotator.formats.cas_reading import CasReader
from annotator.formats.cas_structures import (
    ARRAY,
    LIST_VALUE,
    OF,
    PACKAGE,
    SOFA,
    VIEW,
    Cas,
    Structure,
)
from annotator.formats.cas_writing import (
    SOFA_ID,
    Types,
    add_used,
    for_structures,
    members,
    structures,
    types_of,
)
from annotator.formats.file_names import FileNames
from annotator.formats.reducing import OUT

TYPE_SYSTEM = "TypeSystem.xml"
_XMI = "http://www.omg.org/XMI"
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INSTEAD = "\ufffd"
_NUMBERS = re.compile(r"\d{1,9}(?: +\d{1,9})*")
_WHOLE = re.compile(r"-?\d{1,9}")
_DEEPEST = 8
_WHITE = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


class CasXmiFormat(Format):
    """Reads and writes the XMI of UIMA, a file a document and one type system for all."""

    name = "cas-xmi"
    title = "UIMA CAS XMI"
    extensions = (".cas-xmi", ".xmi")
    folder = True
    carries = CARRIES

    def sniff(self, head: bytes, path: Path) -> float:
        """Sure where the namespaces of XMI and UIMA are in sight."""
        found = _XMI.encode() in head and b"http:///uima/cas.ecore" in head
        return 1.0 if found and head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" else 0.0

    def parts(self, path: Path) -> tuple[Path, ...]:
        """The type system, under the names that tools give it."""
        names = (TYPE_SYSTEM, "typesystem.xml", f"{path.stem}-typesystem.xml")
        return tuple(path.with_name(name) for name in names)

    def read(self, source: Source) -> Iterator[ImportItem]:
        """The one document. Raises InputError with the line."""
        cas = XmiParser(source).cas(source.content())
        if cas.text is None:
            raise InputError(f"{source.shown}: the file holds no text", "Its text lies elsewhere.")
        yield CasReader(cas, cas.text, source).record()

    def reduce(self, record: Record, target: Target) -> Record:
        """Besides what is declared: characters that XML cannot hold become U+FFFD."""
        legal = _Legal(super().reduce(record, target), target).record()
        return for_structures(legal, target.losses)

    def write(self, records: Iterable[Record], target: Target) -> int:
        """A file for each record, and the type system."""
        names, count, types = FileNames(), 0, types_of(target.schema)
        for record in records:
            found = list(structures(record, target.schema))
            types = add_used(types, found)
            with target.open(f"{names.stem(record, '.txt')}.xmi") as file:
                file.writelines(f"{line}\n".encode() for line in _lines(record, found))
            count += 1
        with target.open(TYPE_SYSTEM) as file:
            file.writelines(f"{line}\n".encode() for line in _type_system(types))
        return count


FORMAT = CasXmiFormat()


# -- reading --------------------------------------------------------------------------------------


class XmiParser:
    """Reads elements as structures; a document type, which may hold entities, is refused."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._found = Cas()
        self._depth = 0
        self._current: Structure | None = None
        self._first: int | None = None
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def cas(self, data: bytes) -> Cas:
        """The structures of the first view. Raises InputError with the line."""
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            raise self._wrong(f"not XML: {reason}", error.lineno) from None
        return self._found

    def _wrong(self, message: str, line: int = 0) -> InputError:
        return InputError(f"{self._source.at(line or self._parser.CurrentLineNumber)}: {message}")

    def _doctype(self, *_: object) -> None:
        raise self._wrong("a document type declaration, with which no CAS begins")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._wrong("nested too deep for XMI")
        space, _, name = tag.rpartition(" ")
        if self._depth == 1 and (space, name) != (_XMI, "XMI"):
            raise self._wrong(f"{name} is not the root of an XMI file")
        if self._depth == 3:
            place = self._source.at(self._parser.CurrentLineNumber)
            self._source.losses.add(LIST_VALUE, OUT, f"{place}: {name}")
        if self._depth != 2 or (name in ("NULL", "View") and space == "http:///uima/cas.ecore"):
            return
        self._structure(_type(space, name), attributes)

    def _structure(self, type: str, attributes: dict[str, str]) -> None:
        id = self._whole(attributes.pop(f"{_XMI} id", "-1"), "xmi:id")
        found = Structure(id, type, line=self._parser.CurrentLineNumber)
        if type == SOFA:
            self._found.views += 1
            if self._first is None or attributes.get("sofaID") == VIEW:
                self._first = id
                self._found.text = attributes.get("sofaString")
            return
        sofa = attributes.pop("sofa", None)
        if sofa is not None and "begin" in attributes and "end" in attributes:
            found.begin = self._whole(attributes.pop("begin"), "begin")
            found.end = self._whole(attributes.pop("end"), "end")
            found.values["sofa"] = sofa
        for name, said in attributes.items():
            found.values[name] = said
            if _NUMBERS.fullmatch(said):
                found.references[name] = [int(part) for part in said.split()]
        if id in self._found.structures:
            raise self._wrong(f"the id {id} is used twice")
        self._found.structures[id] = found

    def _end(self, _: str) -> None:
        self._depth -= 1
        if self._depth == 0:
            kept = self._found.structures.values()
            first = str(self._first)
            self._found.structures = {s.id: s for s in kept if s.values.pop("sofa", first) == first}

    def _whole(self, said: str, what: str) -> int:
        if not _WHOLE.fullmatch(said):
            raise self._wrong(f"{what} is no whole number: {said[:40]!r}")
        return int(said)


def _type(space: str, name: str) -> str:
    """The type of an element: its namespace says the packages."""
    packages = space.removeprefix("http:///").removesuffix(".ecore").replace("/", ".")
    return f"{packages}.{name}" if packages and packages != "uima.noNamespace" else name


# -- writing --------------------------------------------------------------------------------------


class _Legal:
    """A record without characters that XML cannot hold."""

    def __init__(self, record: Record, target: Target) -> None:
        self._record = record
        self._losses = target.losses

    def record(self) -> Record:
        record, document = self._record, self._record.document
        text = self._legal(document.text)
        return replace(
            record,
            document=replace(document, text=text, name=self._legal(document.name)),
            spans=tuple(
                replace(s, text=surface(text, s.fragments), note=self._note(s.note))
                for s in record.spans
            ),
            relations=tuple(replace(r, note=self._note(r.note)) for r in record.relations),
        )

    def _note(self, note: str | None) -> str | None:
        return None if note is None else self._legal(note)

    def _legal(self, text: str) -> str:
        for match in _ILLEGAL.finditer(text):
            self._losses.add(
                "character that XML cannot hold", "written as U+FFFD",
                f"{self._record.document.name}: U+{ord(match[0]):04X}",
            )  # fmt: skip
        return _ILLEGAL.sub(_INSTEAD, text)


def _lines(record: Record, found: list[Structure]) -> Iterator[str]:
    packages = {s.type.rpartition(".")[0] for s in found} | {PACKAGE.rstrip(".")}
    prefixes = {package: f"p{n}" for n, package in enumerate(sorted(packages))}
    spaces = " ".join(
        f'xmlns:{prefix}="http:///{package.replace(".", "/")}.ecore"'
        for package, prefix in prefixes.items()
    )
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield (
        f'<xmi:XMI xmlns:xmi="{_XMI}" xmlns:cas="http:///uima/cas.ecore" {spaces} '
        'xmi:version="2.0">'
    )
    yield '<cas:NULL xmi:id="0"/>'
    for structure in found:
        package, _, name = structure.type.rpartition(".")
        values: dict[str, object] = {"xmi:id": structure.id}
        if structure.begin is not None:
            values |= {"sofa": SOFA_ID, "begin": structure.begin, "end": structure.end}
        values |= structure.values
        values |= {name: " ".join(map(str, ids)) for name, ids in structure.references.items()}
        said = " ".join(f"{key}={_quoted(str(value))}" for key, value in values.items())
        yield f"<{prefixes[package]}:{name} {said}/>"
    text = _quoted(record.document.text)
    yield (
        f'<cas:Sofa xmi:id="{SOFA_ID}" sofaNum="1" sofaID="{VIEW}" mimeType="text" '
        f"sofaString={text}/>"
    )
    held = " ".join(map(str, members(found)))
    yield f'<cas:View sofa="{SOFA_ID}" members="{held}"/>'
    yield "</xmi:XMI>"


def _quoted(value: str) -> str:
    return quoteattr(value, _WHITE)


def _type_system(types: Types) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier">'
    yield "<types>"
    for name, (supertype, features) in types.items():
        yield f"<typeDescription><name>{escape(name)}</name><description/>"
        yield f"<supertypeName>{supertype}</supertypeName><features>"
        for feature, kind in features.items():
            held = kind.removesuffix(OF)
            range = f"<rangeTypeName>{kind}</rangeTypeName>"
            if held != kind:
                range = (
                    f"<rangeTypeName>{ARRAY}</rangeTypeName><elementType>{escape(held)}"
                    "</elementType><multipleReferencesAllowed>false</multipleReferencesAllowed>"
                )
            yield (
                f"<featureDescription><name>{escape(feature)}</name><description/>"
                f"{range}</featureDescription>"
            )
        yield "</features></typeDescription>"
    yield "</types>"
    yield "</typeSystemDescription>"
