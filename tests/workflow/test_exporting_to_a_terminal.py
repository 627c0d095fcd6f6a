"""An export to a terminal: no format does anything to it, and what is no text is not sent there."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.errors import UsageError
from annotator.formats import registry
from annotator.formats.base import Format, Refusal
from annotator.store.base import Store
from annotator.workflow.escaping import for_terminal
from annotator.workflow.exporting import Request, export
from annotator.workflow.importing import Request as ImportRequest
from annotator.workflow.importing import import_paths

EVIL = "\x1b[2J\x1b]0;title\x07 \x9b31m \u202egnihton\u202c \x7f \u200e\U000e0041 \u2028 été 😀"
ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\U000e0041]")
STREAMED = [f for f in registry.all_formats() if f.writes and not f.folder and not f.missing]


class Terminal(io.BytesIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def store(new_project: Callable[..., Store], tmp_path: Path) -> Store:
    span = {"id": "s", "layer": "thing", "label": "A", "start": 0, "end": len(EVIL)}
    row = {"format": "annotator/1", "name": "a.txt", "text": EVIL, "meta": {EVIL: EVIL}}
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps({**row, "annotator": "me", "spans": [{**span, "note": EVIL}]}))
    made = new_project()
    for step in import_paths(made, ImportRequest(paths=(path,), default_annotator="me")):
        assert not isinstance(step.outcome, Refusal), step.outcome
    return made


@pytest.mark.parametrize("format", STREAMED, ids=lambda format: format.name)
def test_a_terminal_is_acted_upon_by_no_format(format: Format, store: Store) -> None:
    terminal, file = Terminal(), io.BytesIO()
    request = Request(annotator="me", format=format.name)
    export(store, request, file)
    if format.binary:
        with pytest.raises(UsageError, match="nothing for a terminal"):
            export(store, request, terminal)
        assert terminal.getvalue() == b""
        return
    export(store, request, terminal)
    shown = terminal.getvalue().decode()
    assert not ACTS.search(shown)
    assert "été" in shown
    assert "😀" in shown
    assert shown.count("\n") == file.getvalue().count(b"\n")


def test_nor_by_what_was_held_back_to_be_sure(store: Store) -> None:
    terminal = Terminal()
    export(store, Request(annotator="me", strict=True), terminal)
    assert not ACTS.search(terminal.getvalue().decode())


def test_what_is_cut_between_writes_is_whole_again() -> None:
    terminal = Terminal()
    file = for_terminal(terminal)
    for byte in "é😀\x1b\xff".encode()[:-2] + b"\xff":
        file.write(bytes((byte,)))
    file.flush()
    assert terminal.getvalue().decode() == "é😀\\x1b\\xff"
    plain = io.BytesIO()
    assert for_terminal(plain) is plain
