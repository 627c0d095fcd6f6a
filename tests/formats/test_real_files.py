"""Every real file comes in, equal when written and read again, or is refused with a reason."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench.real_files import Outcome, files_of, outcome, outcomes

SAMPLE = 4
LARGEST = 60_000
READ_AND_WRITTEN = {"brat", "cas-json", "cas-xmi", "doccano", "label-studio", "prodigy"}


def check(found: Outcome) -> None:
    """Nothing wrong, nothing changed, and every refusal with a place and a reason of its own."""
    where = f"{found.corpus}, {found.format}"
    assert not found.counts["wrong"], where
    assert not found.counts["changed"], where
    for message, (_, place) in found.reasons.items():
        assert found.corpus in place, (where, message)
        assert not message.startswith("the format "), (where, message)  # our own fault


def test_a_sample_of_each_corpus_and_format(corpora: Path, tmp_path: Path) -> None:
    formats: Counter[str] = Counter()
    for corpus in sorted(path for path in corpora.iterdir() if path.is_dir()):
        unpacked = tmp_path / corpus.name
        unpacked.mkdir()
        for name, entries in files_of(corpus, unpacked):
            few = [e for e in entries if not hasattr(e, "file") or e.file.size < LARGEST][:SAMPLE]
            found = outcome(corpus.name, name, few)
            check(found)
            formats[name] += found.counts["documents"]
            if name in READ_AND_WRITTEN:
                assert found.counts["back"] == found.counts["documents"]
    assert {name for name, number in formats.items() if number} >= READ_AND_WRITTEN


@pytest.mark.torture
def test_every_file(corpora: Path) -> None:
    total: Counter[str] = Counter()
    for found in outcomes(corpora):
        check(found)
        total += found.counts
    assert total["documents"] > 9_000
    assert total["spans"] > 50_000
