"""Suggestions in a real pseudo-terminal, small and without colour: seen, answered, propagated."""

from __future__ import annotations

from pathlib import Path

import pytest
from emulator import Terminal, command_line
from proposing import proposed_span
from session_state import new_document, session_at, stored_rows

from annotator.store.sqlite.project import create_project

TEXT = (
    "Talal Sillo, who leads the SDF, said on Monday it had begun.\n\n"
    "Nobody in Raqqa saw the SDF. Later the SDF left, and Raqqa was quiet.\n"
)
STATES = "SELECT label, text, state FROM suggestion WHERE engine = 'crf' ORDER BY start"


def test_answers_in_a_small_terminal_without_colour(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    path = tmp_path / "p.db"
    with create_project(path, (root / "schemas" / "news.toml").read_text("utf-8")) as store:
        store.add_document(new_document("a.txt", TEXT))
        store.add_document(new_document("b.txt", "The SDF again."))
        session_at(store, "a.txt").suggestions.replace_open(
            "crf",
            [
                proposed_span("PERSON", "Talal Sillo", 0.9, text=TEXT),
                proposed_span("DATE", "Monday", 0.4, text=TEXT),
                proposed_span("LOCATION", "Raqqa", 0.8, text=TEXT),
                proposed_span("GROUP", "Nobody", 0.3, text=TEXT),
            ],
        )
    terminal = Terminal(command_line(path, "annotate"), 60, 16)
    terminal.until_shown("╚═?PERSON═╝")
    rows = terminal.until_shown("4 suggested")
    assert any("╰?DA" in row for row in rows), "dotted, and with a question mark"
    terminal.type("y")
    terminal.until_shown("╰─PERSON──╯")
    terminal.type("n")
    terminal.until_shown("rejected: DATE")
    assert stored_rows(path, STATES)[:2] == [
        ("PERSON", "Talal Sillo", "accepted"),
        ("DATE", "Monday", "rejected"),
    ]
    terminal.type(" ")
    terminal.until_shown("╚?GRO╝")
    terminal.type("=")
    terminal.until_shown("2 accepted")
    terminal.type("u")
    terminal.until_shown("open again")
    terminal.type("\x1b[1;5Hw3")
    terminal.until_shown("GROUP")
    terminal.type("*")
    terminal.until_shown("2 × 'SDF' suggested")
    terminal.type("yy")
    terminal.until_shown("accepted: GROUP")
    made = "SELECT text, engine FROM span WHERE label = 'GROUP' ORDER BY start"
    terminal.until(lambda _: len(stored_rows(path, made)) == 3, "three of them")
    assert stored_rows(path, made) == [("SDF", None), ("SDF", "propagate"), ("SDF", "propagate")]
    terminal.type("u")
    terminal.until_shown("undone as one")
    assert len(stored_rows(path, made)) == 1
    assert terminal.quit() == 0
