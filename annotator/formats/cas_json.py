"""UIMA CAS JSON 0.4: feature structures as a list, with the types they are of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from annotator.errors import InputError
from annotator.formats.base import Carries, Format, ImportItem, Record, Source, Target
from annotator.formats.cas_reading import CasReader
from annotator.formats.cas_structures import (
    ARGUMENTS,
    ARRAY,
    LIST_VALUE,
    SOFA,
    VIEW,
    Cas,
    Structure,
)
from annotator.formats.cas_writing import (
    SOFA_ID,
    add_used,
    for_structures,
    members,
    structures,
    types_of,
)
from annotator.formats.file_names import FileNames
from annotator.formats.json_items import BOM, decoded
from annotator.formats.reducing import OUT

_KEYS = (b'"%FEATURE_STRUCTURES"', b'"%TYPES"', b'"%VIEWS"')
CARRIES = Carries(
    name=True, sentences=True, nesting="any", duplicates=True, attributes=True, notes=True,
    relations=True, n_ary=True, relation_details=True,
)  # fmt: skip


class CasJsonFormat(Format):
    """Reads and writes the JSON that INCEpTION and dkpro-cassis exchange, a file a document."""

    name = "cas-json"
    title = "UIMA CAS JSON 0.4"
    extensions = (".cas-json", ".json")
    folder = True
    carries = CARRIES

    def sniff(self, head: bytes, path: Path) -> float:
        """Sure by its keys."""
        if head.lstrip()[:1] != b"{":
            return 0.0
        return 1.0 if any(key in head for key in _KEYS) else 0.0

    def read(self, source: Source) -> Iterator[ImportItem]:
        """The one document. Raises InputError."""
        cas = parse(source.content(), source)
        if cas.text is None:
            raise InputError(f"{source.shown}: the file holds no text", "Its text lies elsewhere.")
        yield CasReader(cas, cas.text, source).record()

    def reduce(self, record: Record, target: Target) -> Record:
        """A CAS always has sentences."""
        return for_structures(super().reduce(record, target), target.losses)

    def write(self, records: Iterable[Record], target: Target) -> int:
        """A file for each record."""
        names, encoder, number = FileNames(), msgspec.json.Encoder(), 0
        for record in records:
            found = list(structures(record, target.schema))
            types = add_used(types_of(target.schema), found)
            row = {
                "%TYPES": {
                    name: {
                        "%NAME": name,
                        "%SUPER_TYPE": supertype,
                        **{f: {"%NAME": f, "%RANGE": kind} for f, kind in features.items()},
                    }
                    for name, (supertype, features) in types.items()
                },
                "%FEATURE_STRUCTURES": [_sofa(record), *_rows(found)],
                "%VIEWS": {VIEW: {"%SOFA": SOFA_ID, "%MEMBERS": members(found)}},
            }
            with target.open(f"{names.stem(record, '.txt')}.json") as file:
                file.write(msgspec.json.format(encoder.encode(row), indent=1) + b"\n")
            number += 1
        return number


FORMAT = CasJsonFormat()


def _sofa(record: Record) -> dict[str, Any]:
    return {
        "%ID": SOFA_ID, "%TYPE": SOFA, "sofaNum": 1, "sofaID": VIEW, "mimeType": "text",
        "sofaString": record.document.text,
    }  # fmt: skip


def _rows(found: list[Structure]) -> Iterator[dict[str, Any]]:
    """The structures, and an array for each feature that refers to several."""
    free = count(found[-1].id + 1 if found else SOFA_ID + 1)
    for structure in found:
        references = {}
        for name, ids in structure.references.items():
            references[f"@{name}"] = ids[0]
            if name == ARGUMENTS:
                references[f"@{name}"] = array = next(free)
                yield {"%ID": array, "%TYPE": ARRAY, "%ELEMENTS": ids}
        row: dict[str, Any] = {"%ID": structure.id, "%TYPE": structure.type}
        if structure.begin is not None:
            row |= {"@sofa": SOFA_ID, "begin": structure.begin, "end": structure.end}
        yield {**row, **structure.values, **references}


def parse(data: bytes, source: Source) -> Cas:
    """The structures of a file. Raises InputError."""
    row = decoded(data.removeprefix(BOM))
    rows = row.get("%FEATURE_STRUCTURES") if isinstance(row, dict) else None
    if isinstance(rows, dict):
        rows = [{"%ID": id, **r} for id, r in rows.items() if isinstance(r, dict)]
    if not isinstance(rows, list):
        raise InputError(f"{source.shown}: there is no list %FEATURE_STRUCTURES")
    found, arrays, first = Cas(), dict[int, list[int]](), None
    for number, one in enumerate(rows, start=1):
        place = f"{source.shown}: structure {number}"
        structure = _structure(one, place)
        if lost := sum(len(value) for key, value in one.items() if _is_of_values(key, value)):
            source.losses.add(LIST_VALUE, OUT, place, lost)
        if structure.type == SOFA:
            found.views += 1
            first = structure.id if first is None else first
            if structure.id == first and "sofaString" in structure.values:
                found.text = structure.values["sofaString"]
        elif "%ELEMENTS" in one:
            arrays[structure.id] = structure.references.get("%ELEMENTS", [])
        elif structure.references.pop("sofa", [first]) in ([first], []):
            if structure.id in found.structures:
                raise InputError(f"{source.shown}: the id {structure.id} is used twice")
            found.structures[structure.id] = structure
    for structure in found.structures.values():
        structure.references = {
            name: [id for one in ids for id in arrays.get(one, [one])]
            for name, ids in structure.references.items()
        }
    return found


def _structure(row: Any, place: str) -> Structure:
    if not isinstance(row, dict) or not isinstance(row.get("%TYPE"), str):
        raise InputError(f"{place} has no %TYPE")
    found = Structure(_whole(row.get("%ID"), f"{place}: %ID"), row["%TYPE"])
    for key, value in row.items():
        match key[:1], value:
            case _ if key in ("begin", "^begin"):
                found.begin = _whole(value, f"{place}: begin")
            case _ if key in ("end", "^end"):
                found.end = _whole(value, f"{place}: end")
            case "@", int():
                found.references[key[1:]] = [value]
            case ("@", list()) | ("%", list()) if all(type(v) is int for v in value):
                found.references[key.removeprefix("@")] = value
            case "%", _:
                pass
            case _, bool() | int() | float() | str():
                found.values[key.lstrip("#")] = _said(value)
            case _, None | list():
                pass
            case _:
                raise InputError(f"{place}: {key} is neither a value nor a reference")
    if (found.begin is None) != (found.end is None):
        raise InputError(f"{place} has a begin without an end, or an end without a begin")
    return found


def _is_of_values(key: str, value: Any) -> bool:
    """Whether it is a list, and not of references."""
    is_list = isinstance(value, list)
    return is_list and not (key[:1] in ("@", "%") and all(type(v) is int for v in value))


def _whole(value: Any, place: str) -> int:
    if isinstance(value, str) and value.isdecimal() and len(value) < 10:
        value = int(value)
    if type(value) is not int:
        raise InputError(f"{place} is no whole number")
    return value


def _said(value: bool | float | str) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
