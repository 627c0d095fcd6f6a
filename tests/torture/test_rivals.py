"""Eight processes edit one file: nobody sees a lock, no update is lost, a stale one is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from file_check import findings
from rival_process import COUNTER, OWN, SHARED
from session_state import new_document

from annotator.core.annotation import Span
from annotator.core.edits import create
from annotator.core.ids import new_id
from annotator.store.sqlite.project import create_project, open_project

RIVALS = 8
TEXT = "Talal Sillo spoke to the SDF in Raqqa. " * 9
SCHEMA = """
name = "rivals"
version = 1
[layer.claim]
title = "Claims"
scope = "span"
overlap = "any"
[layer.claim.labels.CLAIM]
key = "c"
"""
SEED = int(os.environ.get("ANNOTATOR_SEED", "1"))
PROGRAM = Path(__file__).with_name("rival_process.py")


def make(path: Path) -> None:
    """A project with two spans to count on."""
    with create_project(path, SCHEMA) as store:
        for name in (OWN, SHARED):
            store.add_document(new_document(name, TEXT))
        document, who = store.find_document(SHARED), store.annotator(COUNTER, create=True).id
        session = store.start_session(who)
        for start, end in ((0, 5), (6, 11)):
            owner = (new_id(), document, who, "claim", "CLAIM")
            span = Span(*owner, ((start, end),), TEXT[start:end])
            store.apply(session, document, "label", (create(span),), undoable=False)


def run(root: Path, path: Path, edits: int) -> list[dict[str, Any]]:
    """All processes at once; gives what each of them told. Errors fail the test."""
    environment = {**os.environ, "PYTHONPATH": str(root)}
    started = [
        subprocess.Popen(
            [sys.executable, str(PROGRAM), str(path), f"rival {n}", str(edits), str(SEED + n)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for n in range(RIVALS)
    ]
    told = []
    for process in started:
        out, errors = process.communicate()
        assert (process.returncode, errors) == (0, "")
        told.append(json.loads(out))
    return told


@pytest.mark.parametrize(
    "edits",
    [6, pytest.param(1000, marks=[pytest.mark.torture, pytest.mark.timeout(0)])],
)
def test_rivals_lose_no_update_and_see_no_lock(root: Path, tmp_path: Path, edits: int) -> None:
    path = tmp_path / "p.db"
    make(path)
    told = run(root, path, edits)
    with open_project(path) as store:
        counter = store.annotator(COUNTER).id
        counts = store.annotations(store.find_document(SHARED), counter).spans
        own = store.find_document(OWN)
        kept = [
            [s.id for s in store.annotations(own, store.annotator(f"rival {n}").id).spans]
            for n in range(RIVALS)
        ]
        logged = sum(1 for _ in store.edits())
    assert sum(int(span.note or 0) for span in counts) == sum(t["counted"] for t in told)
    assert kept == [t["spans"] for t in told]
    assert logged == 2 + sum(t["written"] for t in told)
    assert findings(path) == []
    if edits >= 100:
        assert sum(t["refused"] for t in told) > 0, "the rivals never met"
