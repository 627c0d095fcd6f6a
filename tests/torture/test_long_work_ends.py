"""The end in the midst of long work: at once, nothing half done, whoever else writes meanwhile."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest
from emulator import Terminal, command_line
from file_check import findings
from session_state import new_document, stored_rows

from annotator.store.sqlite.project import create_project, open_project
from annotator.tui.signals import exit_code
from annotator.workflow.annotate import AnnotateSession

pytestmark = pytest.mark.torture

DOCUMENTS = 4_000
LEFT = "SELECT count(DISTINCT document_id) FROM suggestion"


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory, schema_source: str) -> Path:
    path = tmp_path_factory.mktemp("many") / "p.db"
    with create_project(path, schema_source) as store, store.transaction():
        for number in range(DOCUMENTS):
            store.add_document(new_document(f"{number}.txt", f"Raqqa fell, said {number} of SDF."))
    return path


@pytest.fixture
def path(master: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(master, tmp_path / "p.db"))


def write_as_bob(path: Path) -> None:
    """Another annotator labels in the documents that come last."""
    with open_project(path) as store:
        bob = store.annotator("bob", create=True)
        session = store.start_session(bob.id)
        for number in range(DOCUMENTS - 5, DOCUMENTS):
            made = AnnotateSession(store, store.find_document(f"{number}.txt"), bob, session)
            made.spans.label(*made.schema.keys()["4"])


def by_key(terminal: Terminal) -> int:
    terminal.type("\x11")
    return 0


def by_escape_and_key(terminal: Terminal) -> int:
    terminal.type("\x1b")
    terminal.until_shown("stopped: ")
    return by_key(terminal)


def by_signal(number: signal.Signals) -> Callable[[Terminal], int]:
    def end(terminal: Terminal) -> int:
        os.kill(terminal.child.pid, number)
        return exit_code(number)

    return end


@pytest.mark.parametrize(
    "end",
    [by_key, by_escape_and_key, by_signal(signal.SIGTERM), by_signal(signal.SIGHUP)],
    ids=["ctrl+q", "escape", "SIGTERM", "SIGHUP"],
)
def test_a_propagation_over_the_project_ends_with_the_program(
    path: Path, end: Callable[[Terminal], int]
) -> None:
    terminal = Terminal(command_line(path, "annotate", "0.txt"))
    try:
        terminal.until_shown("sentence 1/1")
        terminal.type("4**")
        terminal.until_shown("documents looked through")
        write_as_bob(path)
        expected = end(terminal)
        terminal.child.expect(pexpect.EOF)
        terminal.child.close()
        assert terminal.child.exitstatus == expected
    finally:
        terminal.child.close(force=True)
    assert b"Traceback" not in terminal.raw
    ((proposed,),) = stored_rows(path, LEFT)
    assert 0 < proposed < DOCUMENTS - 1
    edits = stored_rows(path, "SELECT count(*) FROM edit WHERE verb = 'propagate'")
    assert edits == [(proposed,)], "each document is an edit, whole or not there"
    assert stored_rows(path, "SELECT count(*) FROM span") == [(6,)]
    assert findings(path) == []
