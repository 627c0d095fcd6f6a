"""Importing and exporting hold one document at a time, however many there are."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.formats.base import Refusal
from annotator.formats.loss import KINDS, Losses
from annotator.store.base import Store
from annotator.workflow.exporting import Request as ExportRequest
from annotator.workflow.exporting import export
from annotator.workflow.importing import Report, Request, import_paths

NewProject = Callable[..., Store]


def row(n: int) -> dict[str, Any]:
    """A small document with a span and an actor of its own."""
    return {
        "format": "annotator/1", "name": f"{n}.txt", "text": f"{n} Ada spoke. It rained.",
        "annotator": "alice", "actors": [{"id": f"a{n}", "name": f"Ada {n}"}],
        "spans": [{"layer": "thing", "label": "A", "start": 0, "end": 1, "actor": f"a{n}"}],
    }  # fmt: skip


def take_in(store: Store, path: Path) -> int:
    taken = 0
    for step in import_paths(store, Request(paths=(path,), default_annotator="me")):
        assert not isinstance(step.outcome, Refusal), step.outcome
        taken += step.outcome.new_document
    return taken


def written(path: Path, numbers: range) -> Path:
    path.write_text("".join(f"{json.dumps(row(n))}\n" for n in numbers))
    return path


def test_nothing_asks_for_all_documents_or_actors(
    new_project: NewProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = new_project()
    assert take_in(store, written(tmp_path / "1.jsonl", range(3))) == 3

    def forbidden(*_: object) -> None:
        raise AssertionError("all of the project was asked for")

    for method in ("documents", "actors"):
        monkeypatch.setattr(type(store), method, forbidden)
    assert take_in(store, written(tmp_path / "2.jsonl", range(2, 5))) == 2
    for documents, number in ((("all",), 5), (("4.txt", "1.txt"), 2), (("3.txt",), 1)):
        target = tmp_path / "out.jsonl"
        request = ExportRequest(annotator="alice", target=target, documents=documents)
        assert export(store, request, None).records == number  # type: ignore[arg-type]
        names = [json.loads(line)["name"] for line in target.read_text().splitlines()]
        assert names == sorted(names)


def test_kinds_of_losses_without_end_become_one() -> None:
    losses = Losses()
    for n in range(3 * KINDS):
        losses.add(f"kind {n}", "left out", "here")
    assert len(losses) == 3 * KINDS
    assert len(list(losses)) == KINDS + 1


def test_labels_without_end_that_a_schema_lacks_become_one(
    new_project: NewProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.workflow.importing._MOST_LACKING", 5)
    span = {"layer": "thing", "start": 0, "end": 1}
    spans = [{**span, "label": f"X{n}"} for n in range(12)]
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps({**row(1), "actors": [], "spans": spans}))
    report = Report()
    request = Request(paths=(path,), default_annotator="me")
    (step,) = import_paths(new_project(), request, report)
    assert isinstance(step.outcome, Refusal)
    assert report.lacking == {**{f"thing X{n}": 1 for n in range(5)}, "further labels": 7}


@pytest.mark.torture
def test_memory_does_not_grow_with_the_project(new_project: NewProject, tmp_path: Path) -> None:
    store, done, peaks = new_project(), 0, []
    target = tmp_path / "out.jsonl"
    for number in (200, 200, 1000):  # the first loads modules and fills caches
        path = written(tmp_path / "in.jsonl", range(done, done + number))
        tracemalloc.start()
        assert take_in(store, path) == number
        done += number
        request = ExportRequest(annotator="alice", target=target)
        assert export(store, request, None).records == done  # type: ignore[arg-type]
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < peaks[1] + 400_000, peaks
