from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from annotator.cli import output
from annotator.cli.main import COMMANDS
from annotator.cli.reference import reference

Run = Callable[..., Any]
ROW = {
    "format": "annotator/1",
    "name": "rain.txt",
    "text": "Bob said it rained.",
    "annotator": "alice",
    "spans": [{"layer": "source", "label": "SOURCE", "start": 0, "end": 3}],
    "status": "done",
}


@pytest.fixture
def record(folder: Path) -> Path:
    (folder / "rain.jsonl").write_text(json.dumps(ROW))
    return folder / "rain.jsonl"


# -- the whole way -------------------------------------------------------------------------------


def test_init_import_show_status_export(annotator: Run, folder: Path, root: Path) -> None:
    made = annotator("init")
    assert (made.code, made.out) == (0, "")
    assert "annotations.db: made, with the schema news." in made.err
    (folder / "rain.txt").write_text("Bob said it rained.")
    taken = annotator("import", "rain.txt")
    assert (taken.code, taken.out) == (0, "")
    assert "1 document and 0 annotations imported." in taken.err
    shown = annotator("show", "rain.txt")
    assert (shown.code, shown.err) == (0, "")
    assert "Bob said it rained." in shown.out
    exported = annotator("export")
    assert (exported.code, exported.out) == (0, "")
    assert "1 record written to exports/annotations.jsonl.\nNothing was lost." in exported.err
    data = (folder / "exports" / "annotations.jsonl").read_text()
    streamed = annotator("export", "-o", "-")
    assert (streamed.code, streamed.out) == (0, data)
    published = json.loads((root / "schemas" / "export.schema.json").read_bytes())
    jsonschema.validate(json.loads(data), published)
    assert json.loads(data)["annotator"] == "alice"


def test_export_import_export_gives_the_same_bytes(annotator: Run, root: Path) -> None:
    annotator("import", str(root / "seeds" / "raqqa.jsonl"))
    first = annotator("export", "--annotator", "all", "-o", "one.jsonl")
    assert "Nothing was lost" in first.err
    annotator("-p", "two.db", "init")
    assert annotator("-p", "two.db", "import", "one.jsonl").code == 0
    second = annotator("-p", "two.db", "export", "--annotator", "all", "-o", "-")
    assert second.out == Path("one.jsonl").read_text(encoding="utf-8")
    assert len(json.loads(second.out)["spans"]) > 50


# -- init ----------------------------------------------------------------------------------------


def test_init_takes_a_schema_and_never_a_file_that_is_there(annotator: Run, folder: Path) -> None:
    assert "schema quotes" in annotator("init", "--schema", "quotes").err
    again = annotator("init")
    assert again.code == 3
    assert "annotations.db: there is a file already" in again.err
    unknown = annotator("-p", "b.db", "init", "--schema", "nwes")
    assert unknown.code == 2
    assert "There is: news, checkworthy, conll, polnear, quotes" in unknown.err
    (folder / "mine.toml").write_text('name = "mine"\n')
    broken = annotator("-p", "b.db", "init", "--schema", "mine.toml")
    assert broken.code == 3
    assert "mine.toml" in broken.err
    assert not (folder / "b.db").exists()


# -- import --------------------------------------------------------------------------------------


def test_import_makes_the_project_where_there_is_none(annotator: Run, record: Path) -> None:
    for options, name in (([], "annotations.db"), (["-p", "other.db"], "other.db")):
        made = annotator(*options, "import", "rain.jsonl")
        assert (made.code, f"{name}: made, with the schema news." in made.err) == (0, True)


def test_a_strict_import_that_is_refused_makes_no_project(
    annotator: Run, record: Path, folder: Path
) -> None:
    (folder / "bad.jsonl").write_text('{"format": "annotator/1"}')
    refused = annotator("import", "--strict", "rain.jsonl", "bad.jsonl")
    assert refused.code == 3
    assert "Nothing was imported: 1 document or file is wrong, first bad.jsonl:1: not" in (
        refused.err
    )
    for wrong in (("--format", "nope"), ("--layer", "nope"), ("--encoding", "nope")):
        assert annotator("import", *wrong, "rain.jsonl").code == 2
    assert sorted(p.name for p in folder.iterdir()) == ["bad.jsonl", "rain.jsonl"]
    good = annotator("import", "--strict", "rain.jsonl")
    assert (good.code, "1 document and 1 annotation imported." in good.err) == (0, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", ""), ("schema", "derive", ""), ("merge", ""), ("backup", ""), ("restore", ""),
        ("-p", "", "status"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_an_empty_path_is_not_this_folder(
    annotator: Run, record: Path, arguments: tuple[str, ...]
) -> None:
    wrong = annotator(*arguments)
    assert (wrong.code, "an empty path" in wrong.err) == (2, True)
    assert list(record.parent.iterdir()) == [record]


def test_import_exit_codes(annotator: Run, record: Path) -> None:
    missing = annotator("import", "nope.txt")
    assert missing.code == 3
    assert "refused: nope.txt: No such file or directory" in missing.err
    both = annotator("import", "nope.txt", "rain.jsonl")
    assert both.code == 1
    assert "1 document and 1 annotation imported; 1 refused." in both.err
    again = annotator("import", "rain.jsonl")
    assert again.code == 0
    assert again.err == "0 documents and 0 annotations imported; 1 already there.\n"
    (record.parent / "snow.txt").write_text(json.loads(record.read_text())["text"])
    other = annotator("import", "snow.txt")
    assert "already there: snow.txt, as rain.txt" in other.err
    assert annotator("import").code == 2
    assert annotator("import", "rain.jsonl", "--as", "nonsense").code == 2


def test_import_as_and_for_somebody(annotator: Run, record: Path) -> None:
    annotator("import", "rain.jsonl", "--as", "gold")
    annotator("import", "rain.jsonl", "--annotator", "bob")
    found = json.loads(annotator("status", "--json").out)
    assert found["annotators"] == ["bob", "gold"]
    wrong = annotator("import", "rain.jsonl", "--annotator", "all")
    assert wrong.code == 2


# -- export --------------------------------------------------------------------------------------


def test_export_chooses_documents(annotator: Run, record: Path, folder: Path) -> None:
    (folder / "b.txt").write_text("Two.")
    annotator("import", "rain.jsonl", "b.txt")

    def names(*arguments: str) -> list[str]:
        result = annotator("export", "-o", "-", *arguments)
        assert result.code == 0, result.err
        return [json.loads(line)["name"] for line in result.out.splitlines()]

    assert names() == ["rain.txt", "b.txt"]
    assert names("--documents", "done") == ["rain.txt"]
    assert names("--documents", "b.txt", "rain.txt") == ["rain.txt", "b.txt"]
    assert names("--documents", "b.txt", "--documents", "rain.txt") == ["rain.txt", "b.txt"]
    assert annotator("export", "b.txt").code == 2
    assert annotator("export", "--documents", "c.txt").code == 2
    assert annotator("export", "--annotator", "gold").code == 2
    assert annotator("export", "--format", "brut").code == 2


def test_export_says_whose_annotations_there_are_instead(annotator: Run, record: Path) -> None:
    annotator("import", "rain.jsonl")
    result = annotator("-a", "bob", "export", "-o", "-")
    assert (result.code, json.loads(result.out)["annotator"]) == (0, "bob")
    assert "bob has annotated nothing here; alice did: see --annotator." in result.err


def test_a_configuration_holds_no_records_and_stays_beside_the_tasks(annotator: Run) -> None:
    annotator("init")
    config = ("export", "--format", "label-studio", "--part", "config")
    assert annotator(*config).err == "Written to exports/annotations.label-studio.xml.\n"
    assert json.loads(annotator(*config, "--json").out)["records"] is None
    assert (
        "0 records written to exports/annotations.label-studio.json."
        in annotator("export", "--format", "label-studio").err
    )


# -- show, annotate, status ----------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["lanes", "compact", "inline"])
def test_show_in_every_mode(mode: str, annotator: Run, record: Path) -> None:
    annotator("import", "rain.jsonl")
    result = annotator("show", "rain.txt", "--mode", mode)
    assert result.code == 0
    assert "Bob" in result.out
    unknown = annotator("show", "brain.txt")
    assert unknown.code == 2
    assert "brain.txt" in unknown.err


def test_nothing_of_a_document_reaches_the_terminal_raw(annotator: Run, folder: Path) -> None:
    name = "a\x1b]0;x\x07.txt"
    (folder / name).write_text("\x1b[31mred\x9b5m\u202eevil [bold]x[/]\r\n")
    raw = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]")
    taken = annotator("import", name, "missing\x1b[0m.txt")
    assert not raw.search(taken.out + taken.err)
    for command in (["status"], ["show", "a\\x1b]0;x\\x07.txt"], ["show", "\x1b[0m"], ["export"]):
        result = annotator(*command)
        assert not raw.search(result.out + result.err), command


def test_annotate_needs_a_terminal_and_a_document(annotator: Run, record: Path) -> None:
    annotator("init")
    empty = annotator("annotate")
    assert empty.code == 2
    assert "no documents yet" in empty.err
    annotator("import", "rain.jsonl")
    assert "needs a terminal" in annotator("annotate").err
    assert "needs a terminal" in annotator().err
    assert annotator("annotate", "nope").code == 2


def test_alone_without_a_project_says_what_to_do(annotator: Run) -> None:
    result = annotator()
    assert result.code == 3
    assert "annotator init" in result.err
    assert "annotator demo" in result.err


def test_status(annotator: Run, record: Path) -> None:
    annotator("import", "rain.jsonl")
    result = annotator("status")
    assert result.code == 0
    assert "annotations · schema news 1 · annotator alice · 1 document\n" in result.out
    assert re.search(r"rain\.txt +0 +1 +1 +0 +0 +0 +0 +done", result.out)
    assert re.search(r"source +SOURCE +1", result.out)
    found = json.loads(annotator("status", "--json").out)
    assert found["documents"][0]["name"] == "rain.txt"
    assert found["labels"] == [{"layer": "source", "label": "SOURCE", "count": 1}]


def test_status_checks_place_by_place(annotator: Run, record: Path) -> None:
    annotator("import", "rain.jsonl")
    result = annotator("status", "--checks")
    assert result.code == 1
    assert result.out.splitlines() == [
        "rain.txt: sentence 1: SOURCE lacks kind: 'Bob'",
        "rain.txt: sentence 1: SOURCE never used: 'Bob'",
    ]
    assert "2 places to look at." in result.err
    first = json.loads(annotator("status", "--checks", "--json").out.splitlines()[0])
    assert first.pop("annotation")
    assert first.pop("end") - first.pop("start") == len("Bob")
    assert first == {
        "document": "rain.txt", "sentence": 1, "finding": "SOURCE lacks kind: 'Bob'"
    }  # fmt: skip
    nobody = annotator("-a", "bob", "status", "--checks")
    assert (nobody.code, nobody.out) == (0, "")
    assert "Nothing found." in nobody.err


# -- schema, demo, completion --------------------------------------------------------------------


def test_schema(annotator: Run, folder: Path) -> None:
    listed = annotator("schema", "list")
    assert listed.out.splitlines()[0].split()[0] == "news"
    assert len(listed.out.splitlines()) == 5
    assert annotator("schema", "show", "conll").out.startswith("#")
    annotator("init", "--schema", "conll")
    assert annotator("schema", "show").out == annotator("schema", "show", "conll").out
    (folder / "bad.toml").write_text('name = "bad"\nversion = "x"\n')
    checked = annotator("schema", "check", "news", "bad.toml")
    assert checked.code == 3
    assert checked.out.startswith("news: news 1, 4 layers")
    assert "bad.toml:2" in checked.err


def test_demo_without_a_terminal_prints_and_exports(annotator: Run, folder: Path) -> None:
    result = annotator("demo")
    assert result.code == 0, result.err
    assert "Talal Sillo, a spokesman for the SDF" in result.out
    assert "╰─" in result.out
    assert "Exported to exports/demo.jsonl." in result.err
    assert json.loads((folder / "exports" / "demo.jsonl").read_text())["name"] == "raqqa.txt"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str, annotator: Run) -> None:
    result = annotator("completion", shell)
    assert result.code == 0
    assert "_ANNOTATOR_COMPLETE" in result.out


def test_documents_are_completed(annotator: Run, record: Path, folder: Path) -> None:
    from click.shell_completion import ShellComplete

    from annotator.cli.main import cli

    annotator("import", "rain.jsonl")
    complete = ShellComplete(cli, {}, "annotator", "_ANNOTATOR_COMPLETE")
    found = complete.get_completions(["show"], "ra")
    assert [item.value for item in found] == ["rain.txt"]
    os.unlink(folder / "annotations.db")  # noqa: PTH108
    assert complete.get_completions(["show"], "ra") == []


# -- who, which and what went wrong --------------------------------------------------------------


def test_the_environment_names_project_and_annotator(
    annotator: Run, record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNOTATOR_PROJECT", "env.db")
    monkeypatch.setenv("ANNOTATOR_NAME", "bob")
    assert annotator("init").code == 0
    assert "env · schema news 1 · annotator bob" in annotator("status").out
    assert "annotator carol" in annotator("-a", "carol", "status").out


def test_a_login_without_a_name(annotator: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 4242")

    monkeypatch.setattr("getpass.getuser", nobody)
    annotator("init")
    assert "annotator annotator" in annotator("status").out
    assert annotator("-a", " ", "status").code == 2
    assert annotator("-a", "x\x1b[0m", "status").code == 2


def test_an_unforeseen_error_is_one_line_unless_asked(
    annotator: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("oops\x1b[0m")

    monkeypatch.setattr("annotator.workflow.resources.schema_names", fail)
    result = annotator("schema", "list")
    assert result.code == 3
    assert "internal error: ZeroDivisionError: oops\\x1b[0m" in result.err
    assert "--debug" in result.err
    assert "Traceback" not in result.err
    assert "Traceback" in annotator("--debug", "schema", "list").err


def test_an_interrupt_ends_with_130(annotator: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("annotator.workflow.resources.schema_names", interrupt)
    assert annotator("schema", "list").code == 130


def test_wrong_use_is_2(annotator: Run) -> None:
    for arguments in (["nonsense"], ["status", "--nonsense"], ["completion", "tcsh"]):
        result = annotator(*arguments)
        assert result.code == 2
        assert "Usage:" in result.err


# -- documentation, display ----------------------------------------------------------------------


def test_the_tutorial_wants_a_terminal(annotator: Run) -> None:
    done = annotator("demo", "--tutorial")
    assert done.code == 2
    assert "needs a terminal" in done.err


def test_status_fits_a_terminal_whatever_names_are(
    annotator: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "an-agency-with-a-name-that-goes-on-and-on/2017-06-06-a-long-report-000123.txt"
    (folder / Path(name).name).write_text("It rained.")
    annotator("import", Path(name).name)
    whole = annotator("status").out
    assert Path(name).name in whole, "in a pipe nothing is cut"
    monkeypatch.setattr(output, "columns", lambda: 90)
    lines = annotator("status").out.splitlines()
    assert max(len(line) for line in lines) <= 90
    assert any("…" in line and "00123.txt" in line for line in lines)


@pytest.mark.parametrize("columns", [60, 72, 80])
def test_status_keeps_to_a_narrow_terminal(
    annotator: Run, record: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    long = folder / "2017-06-06-a-long-report-of-the-day-000123.txt"
    long.write_text("It rained.")
    assert annotator("import", str(record)).code == 0
    assert annotator("import", str(long)).code == 0
    whole = annotator("status").out.splitlines()
    monkeypatch.setattr(output, "columns", lambda: columns)
    lines = annotator("status").out.splitlines()
    assert max(len(line) for line in lines) <= columns < max(len(line) for line in whole)
    head, rain, other = (line.split() for line in lines[lines.index("") + 1 :][:3])
    assert other[0].endswith("0123.txt")
    if columns < 80:
        assert head == ["document", "done", "spans"], "what is 0 everywhere has no column"
        assert (rain[1:], other[1:]) == (["✓0/1", "1"], ["0/1", "0"])
    else:
        assert (head[-1], rain[-1], other[-1]) == ("status", "done", "open")


def test_words_that_belong_together_take_the_lines_they_need(
    annotator: Run, record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    annotator("import", str(record))
    whole = annotator("status").out.splitlines()[0]
    monkeypatch.setattr(output, "columns", lambda: 40)
    lines = annotator("status").out.splitlines()
    assert max(map(len, lines[:2])) <= 40
    assert " · ".join(lines[:2]) == whole


def test_theme_and_glyphs_are_chosen_for_all_projects(
    annotator: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    assert annotator("theme", "light").code == 0
    assert (folder / "config/annotator/screen.toml").read_text() == 'theme = "light"\n'
    assert "light" in next(line for line in annotator("theme").out.splitlines() if "in use" in line)
    assert annotator("theme", "pink").code == 2
    assert annotator("glyphs", "safe").code == 0
    chosen = (folder / "config/annotator/screen.toml").read_text()
    assert chosen == 'glyphs = "safe"\ntheme = "light"\n'
    (line,) = (line for line in annotator("glyphs").out.splitlines() if "in use" in line)
    assert line.startswith("safe")
    assert "There is: all, safe" in annotator("glyphs", "pink").err
    (folder / "config/annotator/screen.toml").write_text("theme = [")
    told = annotator("theme")
    assert (told.code, "dark" in told.out) == (3, True)
    assert "screen.toml: found what is no TOML" in told.err


def test_the_keys_in_force_are_shown_and_mistakes_are_told(
    annotator: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    (folder / "annotator").mkdir()
    file = folder / "annotator/keys.toml"
    file.write_text('jump = "f6"')
    done = annotator("keys")
    assert done.code == 0
    assert any(line.split()[:2] == ["jump", "f6"] for line in done.out.splitlines())
    assert "entity PERSON" in done.out
    file.write_text('jump = "j"')
    done = annotator("keys")
    assert done.code == 3
    assert "keys.toml:1:" in done.err
    assert "sentence_next" in done.err


def test_the_reference_is_the_one_of_the_code(root: Path) -> None:
    assert (root / "docs" / "cli.md").read_text("utf-8") == reference()


def test_every_command_is_in_the_reference() -> None:
    for name in COMMANDS:
        assert f"## annotator {name}\n" in reference()
