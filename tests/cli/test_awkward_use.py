"""Wrong, unlucky and hostile uses of the command line, within the process."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.cli import output
from annotator.errors import BusyError
from annotator.formats.base import Record
from annotator.store.base import Store
from annotator.workflow.taking_in import Taken

Run = Callable[..., Any]


@pytest.fixture
def project(annotator: Run, folder: Path) -> Path:
    """A project with one document, and nothing else, in the current folder."""
    (folder / "rain.txt").write_text("Bob said it rained.")
    assert annotator("import", "rain.txt").code == 0
    return folder / "annotations.db"


# -- what an export must not replace -------------------------------------------------------------


@pytest.mark.parametrize(
    "target", ["annotations.db", "./x/../annotations.db", "link", "hard", "annotations.db-journal"]
)
def test_an_export_never_replaces_the_project(target: str, annotator: Run, project: Path) -> None:
    (project.parent / "x").mkdir()
    (project.parent / "link").symlink_to(project)
    (project.parent / "hard").hardlink_to(project)
    before = project.read_bytes()
    result = annotator("export", "-o", target)
    assert result.code == 2
    assert "this is the project itself" in result.err
    assert project.read_bytes() == before
    assert not (project.parent / "annotations.db-journal").exists()


def test_nor_where_the_default_place_is_the_projects(annotator: Run, project: Path) -> None:
    own = project.parent / "exports" / "mine.jsonl"
    own.parent.mkdir()
    project.rename(own)
    assert annotator("-p", "exports/mine.jsonl", "export").code == 2
    assert annotator("-p", "exports/mine.jsonl", "status").code == 0


def test_a_span_without_an_annotator_arrives(annotator: Run, folder: Path) -> None:
    span = {"layer": "entity", "label": "PERSON", "start": 0, "end": 5}
    record = {"format": "annotator/1", "text": "Alice.", "status": "done", "spans": [span]}
    (folder / "a.jsonl").write_text(json.dumps(record))
    assert "1 document and 1 annotation imported." in annotator("import", "a.jsonl").err
    found = json.loads(annotator("export", "-o", "-").out)
    assert (found["annotator"], found["status"], len(found["spans"])) == ("alice", "done", 1)


# -- paths that cannot be read -------------------------------------------------------------------


LONG = "x" * 300


def test_one_bad_path_stops_no_other(annotator: Run, folder: Path) -> None:
    (folder / "good.txt").write_text("Good.")
    result = annotator("import", LONG, "good.txt", "nope/x.txt")
    assert result.code == 1
    assert f"refused: {LONG}: File name too long" in result.err
    assert "1 document and 0 annotations imported; 2 refused." in result.err


def test_a_hint_is_given_once(annotator: Run, folder: Path) -> None:
    for name in ("a.json", "b.json"):
        (folder / name).write_text("{")
    result = annotator("import", "a.json", "b.json")
    assert result.err.count("of no format that is known") == 2
    assert result.err.count("say so with --format") == 1


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs /proc")
def test_an_error_while_reading_is_told_of_the_file(annotator: Run, folder: Path) -> None:
    (folder / "good.txt").write_text("Good.")
    result = annotator("import", "--format", "text", "/proc/self/mem", "good.txt")
    assert result.code == 1
    assert "refused: /proc/self/mem: Input/output error" in result.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_files_and_projects(annotator: Run, project: Path) -> None:
    closed = project.parent / "closed.txt"
    closed.touch(mode=0)
    (project.parent / "other.txt").write_text("Other.")
    result = annotator("import", "closed.txt", "other.txt")
    assert (result.code, "refused: closed.txt: Permission denied" in result.err) == (1, True)
    project.chmod(0)
    assert annotator("status").code == 3


def test_a_name_too_long_for_a_project_is_told(annotator: Run) -> None:
    for arguments in (["status"], ["init"], ["import", "x"]):
        result = annotator("-p", LONG, *arguments)
        assert (result.code, result.err) == (4, f"annotator: {LONG}: File name too long\n")
    assert annotator("schema", "show", f"{LONG}.toml").code == 3


def test_bytes_that_are_no_text_in_names(annotator: Run, folder: Path) -> None:
    old = os.fsdecode(b"d\xe9")
    (folder / old).mkdir()
    (folder / old / os.fsdecode(b"n\xe9.txt")).write_text("Old.")
    project = os.fsdecode(b"p\xe9.db")
    assert annotator("-p", project, "init").code == 0
    assert "1 document" in annotator("-p", project, "import", old).err
    shown = annotator("-p", project, "show", "n\\udce9.txt")
    assert (shown.code, "Old." in shown.out) == (0, True)
    exported = annotator("-p", project, "export")
    assert "exports/p\\udce9.jsonl" in exported.err
    assert exported.code == 0


# -- what others do meanwhile --------------------------------------------------------------------


def test_a_project_that_another_makes_first_is_opened(
    annotator: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from annotator.workflow import projects

    make = projects.init

    def outrun(path: Path, *rest: str) -> Store:
        make(path).close()
        return make(path, *rest)

    monkeypatch.setattr(projects, "init", outrun)
    (folder / "a.txt").write_text("One.")
    result = annotator("import", "a.txt")
    assert (result.code, "1 document" in result.err) == (0, True)


def test_an_import_that_ends_early_says_what_is_stored(
    annotator: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from annotator.workflow.taking_in import Intake

    take = Intake.take

    def fail_at_b(self: Intake, record: Record, *rest: Any, **more: Any) -> Taken:
        if record.document.name == "b.txt":
            raise ended
        return take(self, record, *rest, **more)

    monkeypatch.setattr(Intake, "take", fail_at_b)
    for name in "ab":
        (folder / f"{name}.txt").write_text(name)
    ended: BaseException = KeyboardInterrupt()
    result = annotator("import", "a.txt", "b.txt")
    assert result.code == 130
    assert result.err.endswith(
        "Broken off: 1 document and 0 annotations imported. That is stored.\n\nInterrupted.\n"
    )
    ended = BusyError("The disk of annotations.db is full.")
    result = annotator("import", "b.txt", "a.txt")
    assert (result.code, "Broken off" in result.err) == (4, False)


# -- what reaches the terminal -------------------------------------------------------------------


def test_wrong_use_repeats_arguments_safely(annotator: Run) -> None:
    raw = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]")
    for arguments in (
        ["show", "a", "e\x1b[31m.txt"],
        ["status", "x\x1b]0;pwn\x07"],
        ["\x9b5m"],
        ["--\u202e"],
        ["export", "--format"],
    ):
        result = annotator(*arguments)
        assert (result.code, raw.search(result.err)) == (2, None)
    forged = annotator("show", "a", "b\nNothing was lost.")
    assert "b\\nNothing was lost." in forged.err


def test_an_export_does_nothing_to_a_terminal(annotator: Run, folder: Path) -> None:
    text = "a\x7fb\x85c\x9b5md\u202ee\u2066f\u061cg\ufeffh\U000e0041i\u2028j\u200dk\u00e9."
    (folder / "a.txt").write_text(text)
    annotator("import", "a.txt")
    exported = annotator("export", "-o", "-")
    assert re.search("[\x7f-\x9f\u202e\u2066\u061c\ufeff\U000e0041\u2028]", exported.out) is None
    assert json.loads(exported.out)["text"] == text
    (folder / "x.jsonl").write_text(exported.out)
    annotator("-p", "b.db", "init")
    annotator("-p", "b.db", "import", "x.jsonl")
    assert annotator("-p", "b.db", "export", "-o", "-").out == exported.out


@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_a_schema_is_shown_as_it_was_given(
    start: str, annotator: Run, folder: Path, root: Path
) -> None:
    source = (root / "schemas" / "conll.toml").read_text("utf-8")
    given = (start + source.replace("\n", "\r\n") + "#\tend").encode()
    (folder / "mine.toml").write_bytes(given)
    assert annotator("init", "--schema", "mine.toml").code == 0
    for arguments in ([], ["mine.toml"]):
        assert annotator("schema", "show", *arguments).out.encode() == given


def test_a_schema_on_a_terminal_is_safe(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    output.exact("a\tb\x1b[0m\n")
    assert capsys.readouterr().out == "a\tb\\x1b[0m\n"


# -- damaged projects ----------------------------------------------------------------------------


@pytest.mark.parametrize("gone", ["attribute", "fragment"])
def test_a_project_that_lacks_rows_is_called_damaged(
    gone: str, annotator: Run, root: Path, folder: Path
) -> None:
    annotator("import", str(root / "seeds" / "raqqa.jsonl"))
    script = (
        "import sqlite3, sys; base = sqlite3.connect(sys.argv[1], isolation_level=None);"
        f" base.execute('DELETE FROM {gone}'); base.close()"
    )
    subprocess.run([sys.executable, "-c", script, "annotations.db"], cwd=folder, check=True)
    for arguments in (["show", "raqqa.txt"], ["export", "--annotator", "all", "-o", "-"]):
        result = annotator("-a", "gold", *arguments)
        assert result.code == 3
        assert "annotations.db is damaged" in result.err


def test_a_damaged_name_in_the_file_is_called_damaged(annotator: Run, project: Path) -> None:
    content = project.read_bytes()
    assert content.count(b"CREATE TABLE annotator") == 1
    project.write_bytes(content.replace(b"CREATE TABLE annotator", b"CREATE TXBLE ann\xffator"))
    for arguments in (["status"], ["show", "rain.txt"], ["export"], ["import", "rain.txt"]):
        result = annotator(*arguments)
        assert (result.code, "is damaged" in result.err) == (3, True)


# -- what is made, what is left alone ------------------------------------------------------------


def test_no_project_is_made_for_nothing(annotator: Run, folder: Path) -> None:
    result = annotator("import", "missing.txt")
    assert (result.code, "refused: missing.txt" in result.err) == (3, True)
    assert list(folder.iterdir()) == []


def test_nobody_is_added_who_sees_no_screen(annotator: Run, project: Path) -> None:
    assert annotator("-a", "ghost", "annotate").code == 2
    assert json.loads(annotator("status", "--json").out)["annotators"] == []


def test_a_folder_is_imported_without_its_project(annotator: Run, project: Path) -> None:
    (project.parent / "b.txt").write_text("Two.")
    result = annotator("import", ".")
    assert (result.code, "refused" in result.err) == (0, False)
    assert "1 document and 0 annotations imported; 1 already there." in result.err
    named = annotator("import", "annotations.db")
    assert (named.code, "annotations.db: this is the project itself" in named.err) == (3, True)


@pytest.mark.parametrize("name", [" al ", "all", "", "x" * 500, "a\nb"])
def test_a_name_nobody_could_give_is_refused(name: str, annotator: Run, folder: Path) -> None:
    record = {"format": "annotator/1", "text": "Al.", "annotator": name, "status": "done"}
    (folder / "a.jsonl").write_text(json.dumps(record))
    result = annotator("import", "a.jsonl")
    assert (result.code, "is no name for an annotator" in result.err) == (3, True)
    assert len(result.err) < 800
    assert annotator("import", "a.jsonl", "--annotator", "al").code == 0


def test_an_actor_of_a_suggestion_alone_is_mentioned(annotator: Run, folder: Path) -> None:
    span = {"layer": "entity", "label": "PERSON", "start": 0, "end": 2, "actor": "a"}
    record = {"format": "annotator/1", "name": "a.txt", "text": "Al.", "annotator": "alice",
              "actors": [{"id": "a", "name": "Al"}],
              "suggestions": [{"id": "s", "state": "open", "span": span}]}  # fmt: skip
    (folder / "a.jsonl").write_text(json.dumps(record))
    annotator("import", "a.jsonl")
    assert annotator("export", "--strict", "-o", "-").code == 0
    lonely = {**record, "name": "b.txt", "text": "B.", "suggestions": []}
    (folder / "b.jsonl").write_text(json.dumps({**lonely, "actors": [{"name": "Nobody"}]}))
    annotator("import", "b.jsonl")
    assert annotator("export", "--strict", "-o", "-", "--documents", "a.txt").code == 0
    strict = annotator("export", "--strict", "-o", "-")
    assert (strict.code, "or in the format jsonl" in strict.err) == (3, False)


def test_a_suggestion_and_a_span_may_have_one_id(annotator: Run, folder: Path) -> None:
    id = "01a213f2-9769-70ab-8c4d-accb2068b5d1"
    span = {"layer": "entity", "label": "PERSON", "start": 0, "end": 2}
    record = {"format": "annotator/1", "text": "Al.", "annotator": "alice",
              "spans": [{"id": id, **span}],
              "suggestions": [{"id": id, "state": "open", "span": span}]}  # fmt: skip
    (folder / "a.jsonl").write_text(json.dumps(record))
    assert annotator("import", "a.jsonl").code == 0
    annotator("export", "-o", "out.jsonl")
    assert annotator("import", "out.jsonl").code == 0


def test_a_format_below_nothing_is_damage(annotator: Run, project: Path) -> None:
    data = bytearray(project.read_bytes())
    data[60:64] = (-7).to_bytes(4, "big", signed=True)
    project.write_bytes(data)
    result = annotator("status")
    assert (result.code, "is damaged" in result.err) == (3, True)


def test_a_target_that_is_meant_as_a_folder_is_no_file(annotator: Run, project: Path) -> None:
    result = annotator("export", "-o", "new/")
    assert (result.code, "new/: a folder" in result.err) == (2, True)
    assert not (project.parent / "new").exists()


def test_schema_check_goes_on_after_what_cannot_be_read(annotator: Run) -> None:
    result = annotator("schema", "check", "nope.toml", "nwes", "news")
    assert result.code == 3
    assert result.out.startswith("news: news")
    assert "nope.toml: No such file" in result.err
    assert "no schema 'nwes'" in result.err


def test_a_name_that_had_to_be_made_is_not_called_taken(annotator: Run, folder: Path) -> None:
    (folder / "a.jsonl").write_text(json.dumps({"format": "annotator/1", "text": "A."}))
    result = annotator("import", "a.jsonl")
    assert "named: a.jsonl:1 is document\n" in result.err
    assert "taken" not in result.err


def test_no_name_forges_a_line(annotator: Run, folder: Path) -> None:
    forged = "a\nNothing was lost.\n\x9b"
    (folder / forged).write_bytes(b"\0\1")
    for arguments in (["import", forged], ["show", forged], ["import", "--json", forged]):
        result = annotator(*arguments)
        assert "\nNothing was lost." not in (result.out + result.err).replace("\\n", "")
        if "--json" in arguments:
            assert json.loads(result.out)["refused"][0]["place"] == forged
    record = {
        "format": "annotator/1",
        "text": "A.",
        "annotator": "me",
        "spans": [{"layer": "entity", "label": "x\nNothing was lost.", "start": 0, "end": 1}],
    }
    (folder / "a.jsonl").write_text(json.dumps(record))
    told = annotator("import", "a.jsonl")
    assert "has no label x\\nNothing was lost." in told.err
