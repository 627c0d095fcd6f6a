"""Every real document goes through spaCy's bins and through Parquet, and comes back equal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from essence import essence
from test_round_trips import installed, target_of

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from annotator.core.schema import NO_SCHEMA
from annotator.formats import options, registry
from annotator.formats.base import Record, Source
from annotator.formats.loss import Losses
from annotator.workflow.recognising import Recognised, items_of
from bench.real_files import files_of


def documents(corpus: Path, folder: Path) -> Iterator[Record]:
    for name, entries in files_of(corpus, folder):
        for entry in entries:
            if isinstance(entry, Recognised):
                given = options.checked(name, entry.format.read_options, {})
                source = Source(entry.file.path, entry.file.name, options=given)
                for item in items_of(entry.format, source):
                    if isinstance(item, Record):
                        yield item


@pytest.mark.torture
@pytest.mark.parametrize("name", ["spacy", "parquet"])
def test_every_real_document_comes_back(name: str, corpora: Path, tmp_path: Path) -> None:
    format = installed(registry.get(name))
    found = 0
    for corpus in sorted(path for path in corpora.iterdir() if path.is_dir()):
        (folder := tmp_path / corpus.name).mkdir()
        path = tmp_path / f"{corpus.name}{format.extensions[0]}"
        with path.open("wb") as file:
            format.export(documents(corpus, folder), target_of(format, NO_SCHEMA, file=file))
        (again := tmp_path / f"{corpus.name} again").mkdir()
        given = options.checked(name, format.read_options, {})
        source = Source(path, corpus.name, losses=Losses(), options=given)
        pairs = zip(format.read(source), documents(corpus, again), strict=True)
        for item, document in pairs:
            assert isinstance(item, Record), item
            expected = format.reduce(document, target_of(format, NO_SCHEMA))
            assert essence(item) == essence(expected), item.place
            found += 1
        assert not list(source.losses), corpus.name
    assert found > 5_000
