"""The real command in a real pseudo-terminal: what is shown, what is stored, what survives."""

from __future__ import annotations

import os
import pty
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from emulator import PATIENCE, Terminal, command_line
from session_state import ARTICLE, new_document, session_at, stored_rows

from annotator.core.annotation import Actor
from annotator.core.ids import new_id
from annotator.store.sqlite.project import create_project, open_project
from annotator.tui.signals import HUNG_UP

NAME = "\x1b]0;owned\x07[bold]evil[/bold].txt"
HOSTILE = [
    "Red \x1b[31mtext\x1b[0m and a title \x1b]0;owned\x07 and \x1b[2J\x1b[H cleared.",
    "Markup [bold]markup[/bold] and [/] and [@click=app.quit]here[/].",
    "Tabs\there\tand\tthere, bells \x07 and backspaces \x08\x08\x08 and C1 \x9b31m\x9d0;x\x9c.",
    "Wide 漢字、テスト and 한국어 end.",
    "Combining e\u0301 a\u0301\u0323\u0308 and ZWJ 👨‍👩‍👧‍👦 and 👍🏽 and ❤️ end.",
    "Right שלום עולם to left مرحبا and \u202eoverride\u202c and \u2066isolate\u2069 end.",
    "Carriage\rreturn and \x7f delete and \u2028 separator end.",
]
GUTTER = 5
"""The column of the rule behind the sentence numbers."""
RULES = {"│", "┃"}
SCHEMA = """
name = "evil"
version = 1
[layer.entity]
title = "[red]Entity[/red]"
scope = "span"
overlap = "any"
unit = "token"
[layer.entity.labels.PERSON]
key = "1"
title = "[bold]person[/bold]"
description = "[blink]x[/blink]"
"""


def rules(terminal: Terminal) -> list[str]:
    """What stands in the gutter's column, down to the last row of text."""
    rows = terminal.rows()
    last = max(y for y, row in enumerate(rows[:-2]) if row[GUTTER : GUTTER + 1] in RULES)
    return [terminal.column(y, GUTTER) for y in range(last + 1) if rows[y][: GUTTER + 1].strip()]


@pytest.fixture(scope="module", params=[(120, 40), (80, 24)], ids=["120x40", "80x24"])
def hostile(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Terminal, Path]]:
    """The screen on a document that attacks the terminal by every way in."""
    path = tmp_path_factory.mktemp("hostile") / "p.db"
    with create_project(path, SCHEMA) as store:
        store.add_document(new_document(NAME, "\n".join(HOSTILE)))
        session = session_at(store, NAME)
        label = session.schema.keys()["1"]
        for words in ("text", "markup[/bold]", "漢字", "ZWJ 👨‍👩‍👧‍👦 and", "שלום עולם to"):
            start = "\n".join(HOSTILE).index(words)
            session.reader.select(start, start + len(words))
            session.spans.label(*label)
            session.spans.set_note(session.need_focus(), "\x1b[41mnote\x9b[bold]\x07")
            session.spans.mention(session.need_focus(), Actor(new_id(), "\x1b[42mactor[/]"))
        session.reader.move_to(0)
        session.save_position()
    terminal = Terminal(command_line(path, "annotate", NAME), *request.param)
    terminal.until_shown("sentence 1/")
    yield terminal, path
    terminal.child.close(force=True)


def test_nothing_of_a_document_reaches_the_terminal_raw(hostile: tuple[Terminal, Path]) -> None:
    terminal, _ = hostile
    for keys in ("\t", "\t", "\t", "\t", "\t", "\x1b[1;5H"):
        terminal.type(keys)
    terminal.until_shown("sentence 1/")
    for key, title in (("gd", "Documents"), ("?", "Keys"), (";", "Note")):
        terminal.type("\t" + key)
        terminal.until_shown(f"╭─ {title}")
        terminal.type("\x1b")
        terminal.until(lambda rows, title=title: not any(f"─ {title}" in r for r in rows), title)
    for attack in (
        b"\x1b[31mtext", b"owned\x07", b"\x1b]0;owned", b"\x1b[41mnote", b"\x1b[42mactor",
        b"\x1b[2J\x1b[H cleared", b"\x9b31m", "\u202e".encode(), "\x9b".encode(), "\u2066".encode(),
        b"\x08\x08\x08", b"Tabs\t", b"\x1b[5mx",
    ):  # fmt: skip
        assert attack not in terminal.raw, attack
    assert "owned" not in terminal.screen.title


def test_text_and_gutter_stand_where_they_should(hostile: tuple[Terminal, Path]) -> None:
    terminal, _ = hostile
    terminal.type("\x1b[1;5H")
    rows = terminal.until(lambda rows: any("[bold]markup" in row for row in rows), "markup")
    assert set(rules(terminal)) <= RULES
    assert len(rules(terminal)) >= 7
    text = "\n".join(rows)
    for shown in (
        "Red ␛[31mtext␛[0m",
        "[@click=app.quit]here[/]",
        "Tabs␉here␉and␉there",
        "␇",
        "␈␈␈",
    ):
        assert shown in text


def test_stray_input_does_nothing(hostile: tuple[Terminal, Path]) -> None:
    terminal, path = hostile
    edits = stored_rows(path, "SELECT count(*) FROM edit")
    terminal.type("\x1b[I\x1b[O\x1b[200~d1dd\x1b[201~")
    terminal.until_shown("pasting does nothing")
    terminal.type("\x1b[I\x1b[O\x1b[1;5Hl")
    terminal.until(lambda rows: "sentence 1/" in rows[-1] and "pasting" not in rows[-1], "calm")
    assert stored_rows(path, "SELECT count(*) FROM edit") == edits


def test_another_size_is_filled_at_once(hostile: tuple[Terminal, Path]) -> None:
    terminal, _ = hostile
    columns, rows = terminal.screen.columns, terminal.screen.lines
    for size in ((60, 16), (150, 50), (10, 3)):
        terminal.resize(*size)
        terminal.until(lambda rows, size=size: rows[size[1] - 1].strip(), f"{size}")
    terminal.resize(columns, rows)
    terminal.until(
        lambda rows: "sentence 1/" in rows[-1] and rows[0][GUTTER : GUTTER + 1] in RULES, "full"
    )
    assert set(rules(terminal)) <= RULES


def project_of(path: Path, root: Path) -> Path:
    """A project with one short article, nothing annotated."""
    with create_project(path, (root / "schemas" / "news.toml").read_text("utf-8")) as store:
        store.add_document(new_document("a.txt", ARTICLE))
    return path


@pytest.fixture(scope="module")
def article(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    return project_of(tmp_path_factory.mktemp("article") / "p.db", root)


@pytest.fixture
def fresh(tmp_path: Path, root: Path) -> Path:
    return project_of(tmp_path / "p.db", root)


def test_key_screen_and_file_agree_and_survive_a_kill(article: Path) -> None:
    terminal = Terminal(command_line(article, "annotate"), 120, 40)
    terminal.until_shown("sentence 1/3")
    terminal.type("x")
    terminal.type("\x1b[1;2C")
    terminal.type("s")
    terminal.until_shown("SOURCE s1")
    spans = "SELECT label, text FROM span ORDER BY start"
    assert stored_rows(article, spans) == [("SOURCE", "Talal Sillo")]
    terminal.type("u")
    terminal.until_shown("undone: SOURCE gone")
    assert stored_rows(article, spans) == []
    terminal.type("U")
    terminal.until_shown("redone: SOURCE back")
    terminal.type("jc")
    terminal.until_shown("CLAIM c1")
    terminal.type("a")
    terminal.until_shown("beyond the screen")
    terminal.type("s")
    terminal.until_shown("← s1")
    assert stored_rows(article, "SELECT source FROM attribution") == [("Talal Sillo",)]
    terminal.type(" ")
    terminal.until_shown("1 done")
    assert stored_rows(article, "SELECT done FROM sentence_mark") == [(1,)]
    terminal.type("q")
    terminal.until_shown("CUE  saved")
    terminal.kill()
    assert len(stored_rows(article, spans)) == 3

    again = Terminal(command_line(article, "annotate"), 80, 24)
    again.until_shown("← s1")
    again.until_shown("1 done")
    again.type("\x1b[1;5F")
    again.until_shown("sentence 3/3")
    assert again.quit() == 0
    with open_project(article) as store:
        assert session_at(store, "a.txt").reader.ordinal == 2


def test_keys_typed_ahead_of_a_window_go_into_it_and_those_behind_it_to_the_document(
    fresh: Path,
) -> None:
    path = fresh
    terminal = Terminal(command_line(path, "annotate"))
    terminal.until_shown("Talal Sillo")
    terminal.type("1")
    terminal.until_shown("PERSON")
    terminal.type(";hello dd world\rj")
    terminal.until(lambda rows: "sentence 2/" in rows[-1], "sentence 2")
    assert stored_rows(path, "SELECT label, note FROM span") == [("PERSON", "hello dd world")]
    terminal.type("?qk\x1b[200~1\x1b[201~;two\x1b[27ul")
    terminal.until(lambda rows: "sentence 1/" in rows[-1], "sentence 1")
    terminal.type("dvl\rgroup\rj")
    terminal.until(lambda rows: "sentence 2/" in rows[-1], "sentence 2 again")
    assert [row[0] for row in stored_rows(path, "SELECT label FROM span")] == ["GROUP"]
    verbs = [row[0] for row in stored_rows(path, "SELECT verb FROM edit ORDER BY number")]
    assert verbs == ["label", "note", "delete", "label"]
    assert terminal.quit() == 0


def test_a_key_that_waits_for_another_program_says_so_on_the_terminal(fresh: Path) -> None:
    terminal = Terminal(command_line(fresh, "annotate"))
    terminal.until_shown("sentence 1/")
    other = sqlite3.connect(fresh, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    terminal.type("1")
    rows = terminal.until_shown("waiting for another program that is writing")
    assert not [row for row in rows if "PERSON╯" in row or "╰PERSON" in row]
    other.execute("ROLLBACK")
    other.close()
    terminal.until(lambda rows: "waiting" not in rows[-1], "an end of waiting")
    terminal.until(lambda rows: "PERSON  saved" in rows[-1], "what the key did")
    assert stored_rows(fresh, "SELECT label FROM span") == [("PERSON",)]
    assert terminal.quit() == 0


JUNK = (
    *(b"\xe9x", b"\x9b31m", b"\xe4z", b"\x1b[100;1:3u", b"\x1b[:P", b"\x1b[1114112u"),
    *(b"\x1b[?62;1;4c", b"\x1b]11;rgb:0/0/0\x07", b"\x1b[57441;2u"),
)


def test_bytes_that_are_no_keys_change_nothing(fresh: Path) -> None:
    terminal = Terminal(command_line(fresh, "annotate"))
    for junk in JUNK:
        terminal.until_shown("sentence 1/")
        terminal.type(junk)
        terminal.type("j")
        terminal.until(lambda rows: "sentence 2/" in rows[-1], repr(junk))
        terminal.type("k")
    assert terminal.quit() == 0
    assert stored_rows(fresh, "SELECT count(*) FROM edit") == [(0,)]


def test_a_terminal_that_goes_without_a_word_ends_the_program(article: Path) -> None:
    keyboard, slave = pty.openpty()
    program = subprocess.Popen(
        [sys.executable, "-m", "annotator.cli.main", "-p", str(article), "annotate"],
        stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
        env={**os.environ, "TERM": "xterm-256color"},
    )  # fmt: skip
    os.close(slave)
    shown = b""
    while b"Talal" not in shown:
        shown += os.read(keyboard, 65_536)
    os.close(keyboard)
    assert program.wait(PATIENCE) == HUNG_UP


def test_searching_and_going_through_a_queue_in_a_real_terminal(fresh: Path) -> None:
    terminal = Terminal(command_line(fresh, "annotate"))
    terminal.until_shown("sentence 1/3")
    terminal.type("/s[a-z]")
    terminal.until_shown("not found")
    terminal.type("\x15/s[a-z]+d")
    terminal.until_shown("1 of 2")
    terminal.type("\r\x1bOR")
    terminal.until(lambda rows: "2 of 2" in rows[-1] and "sentence 2/" in rows[-1], "the second")
    terminal.type("\x1b[1;2R")
    terminal.until(lambda rows: "1 of 2" in rows[-1] and "sentence 1/" in rows[-1], "back again")
    terminal.type("\x1b[13;2~")
    terminal.until(lambda rows: "2 of 2" in rows[-1], "around")
    terminal.type("/raq\rc")
    terminal.until_shown("CLAIM c1")
    assert stored_rows(fresh, "SELECT text FROM span") == [("Nobody else in Raqqa did",)]
    terminal.type("kgcwithout\r")
    terminal.until(lambda rows: "checks 3 of" in rows[-1] and "sentence 3/" in rows[-1], "checks")
    terminal.type("gs")
    terminal.until_shown("─ Statistics")
    terminal.type("q/")
    terminal.until_shown("words /regex/")
    terminal.type("\x1b[27u")
    terminal.until_shown("? help")
    assert terminal.quit() == 0
    assert stored_rows(fresh, "SELECT keys > 30 FROM session") == [(1,)]


def test_documents_attributes_and_ties_by_single_keys_in_a_real_terminal(fresh: Path) -> None:
    with open_project(fresh) as store:
        store.add_document(new_document("b.txt", "Raqqa fell. It did."))
    terminal = Terminal(command_line(fresh, "annotate"), 140, 30)
    terminal.until_shown("sentence 1/3")
    terminal.type("v\x1b[1;2Cs")
    terminal.until_shown("SOURCE s1")
    terminal.type("\rn")
    terminal.until_shown("kind: named")
    terminal.type("jc\r~i")
    terminal.until_shown("mode: indirect")
    terminal.type("aas\x1b[27u")
    terminal.until_shown("CLAIM c1")
    terminal.type("aasillo\r")
    terminal.until_shown("← s1")
    terminal.type("\x04b.t\r")
    terminal.until(lambda rows: "b.txt" in rows[-1] and "sentence 1/2" in rows[-1], "b.txt")
    terminal.type("\x04\x1b[A\r")
    terminal.until(lambda rows: "a.txt" in rows[-1] and "sentence 2/3" in rows[-1], "a.txt again")
    values = "SELECT name, value, uncertain FROM attribute ORDER BY name, value"
    assert ("mode", "indirect", 1) in stored_rows(fresh, values)
    assert ("kind", "named", 0) in stored_rows(fresh, values)
    assert stored_rows(fresh, "SELECT source FROM attribution") == [("Talal Sillo",)]
    assert terminal.quit() == 0


def test_panels_stand_on_the_background_in_sixteen_colours(
    fresh: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTUAL_COLOR_SYSTEM", "standard")
    terminal = Terminal(command_line(fresh, "annotate"))
    terminal.until_shown("No annotation here.")

    def grounds() -> set[str]:
        return {terminal.screen.buffer[y][x].bg for y in range(1, 38) for x in range(120)}

    # Of a cell that is not painted yet it is the terminal's own.
    terminal.until(
        lambda _: grounds() <= {"black", "white", "brightwhite"},
        "no ground but those of the text and of the cursor",
    )
    assert terminal.quit() == 0
