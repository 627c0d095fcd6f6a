"""Every format that is registered: what is exported is read again, less what the report named."""

from __future__ import annotations

import tempfile
from itertools import product
from pathlib import Path

import pytest
from essence import essence
from hypothesis import HealthCheck, Phase, given, settings
from random_records import projects

from annotator.core.schema import Schema
from annotator.errors import UsageError
from annotator.formats import options, registry
from annotator.formats.base import Format, Record, Source, Target
from annotator.formats.loss import Losses
from annotator.workflow.recognising import Recognised, Recogniser

BOTH_WAYS = [f for f in registry.all_formats() if f.reads and f.writes]
FEW = settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
ALICE = projects().map(lambda records: [r for r in records if r.annotator == "alice"])


def installed(format: Format) -> Format:
    """The format, or a skip that says what is missing."""
    try:
        format.require()
    except UsageError as error:
        pytest.skip(str(error))
    return format


def target_of(format: Format, schema: Schema, **place: object) -> Target:
    given = options.checked(format.name, format.write_options, {})
    return Target(options=given, schema=schema, losses=Losses(), **place)  # type: ignore[arg-type]


def write(format: Format, records: list[Record], schema: Schema, folder: Path) -> Path:
    """The export's path."""
    path = folder / f"project{format.extensions[0]}"
    if format.folder:
        path.mkdir()
        format.export(iter(records), target_of(format, schema, folder=path))
    else:
        with path.open("wb") as file:
            format.export(iter(records), target_of(format, schema, file=file))
    return path


def read(format: Format, path: Path, schema: Schema) -> list[Record]:
    """The records, of a file of this format."""
    found = []
    for entry in Recogniser(format.name, {}).files([path], path.parent / "unpacked"):
        assert isinstance(entry, Recognised), entry
        source = Source(
            entry.file.path, entry.file.name, schema=schema, losses=Losses(),
            options=options.checked(format.name, format.read_options, {}),
        )  # fmt: skip
        for item in entry.format.read(source):
            assert isinstance(item, Record), item
            found.append(item)
        assert not list(source.losses)
    return found


@pytest.mark.parametrize("format", BOTH_WAYS, ids=lambda format: format.name)
def test_what_is_exported_is_read_again(format: Format, full_schema: Schema) -> None:
    installed(format)

    @FEW
    @given(records=ALICE)
    def round_trip(records: list[Record]) -> None:
        with tempfile.TemporaryDirectory() as name:
            path = write(format, records, full_schema, Path(name))
            found = read(format, path, full_schema)
        target = target_of(format, full_schema)
        expected = [essence(format.reduce(record, target)) for record in records]
        given = [essence(record) for record in found]
        for item in (*expected, *given):
            if not format.carries.name:
                item["name"] = ""
            if not format.carries.sentences:  # which the segmenter makes again
                item["sentences"] = None
        assert sorted(given, key=_order) == sorted(expected, key=_order)

    round_trip()


@FEW
@given(records=ALICE)
def test_reducing_is_done_once_and_every_loss_is_named(
    records: list[Record], full_schema: Schema
) -> None:
    for record, format in product(records, BOTH_WAYS):
        first, again = (target_of(format, full_schema) for _ in range(2))
        reduced = format.reduce(record, first)
        kept = essence(reduced)
        assert essence(format.reduce(reduced, again)) == kept, format.name
        assert not list(again.losses), format.name
        whole = essence(record)
        lost = whole != {**kept, "sentences": whole["sentences"]}
        assert bool(first.losses) >= lost, format.name


def _order(item: dict[str, object]) -> str:
    return f"{item['text']!r} {item['name']!r}"
