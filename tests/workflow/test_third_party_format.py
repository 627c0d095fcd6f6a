"""A format of somebody else's, through an entry point: files that belong together, a folder out."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from annotator.cli.main import run
from annotator.errors import UsageError
from annotator.formats import registry
from annotator.formats.base import (
    Carries,
    Format,
    ImportItem,
    Option,
    Record,
    Refusal,
    Source,
    Target,
)
from annotator.formats.building import RecordBuilder
from annotator.formats.file_names import FileNames
from annotator.formats.label_names import LabelNames
from annotator.store.base import Store
from annotator.workflow import exporting
from annotator.workflow.importing import Report, Request, import_paths
from annotator.workflow.taking_in import Taken

NewProject = Callable[..., Store]


class ToyFormat(Format):
    """``a.toy`` holds a span a line, of the text in ``a.txt``."""

    name = "toy"
    title = "toy stand-off"
    extensions = (".toy",)
    folder = True
    carries = Carries(name=True, nesting="any")
    read_options = (Option(name="colour", help="What for.", values=("red", "blue"), default="red"),)
    write_options = read_options

    def sniff(self, head: bytes, path: Path) -> float:
        return 0.9 if path.suffix == ".toy" else 0.0

    def parts(self, path: Path) -> tuple[Path, ...]:
        return (path.with_suffix(".txt"),)

    def read(self, source: Source) -> Iterator[ImportItem]:
        if source.content() == b"fault":
            raise KeyError("a fault of the plugin")
        text_file = source.beside(source.path.with_suffix(".txt"))
        build = RecordBuilder(source, text_file.content().decode(), name=source.name[:-4] + ".txt")
        for number, line in enumerate(source.content().decode().splitlines(), start=1):
            start, end, word = line.split(" ")
            if word == "?":
                source.losses.add("question", "left out", source.at(number))
                continue
            build.span(*LabelNames.of(source).label(word), ((int(start), int(end)),))
        yield build.record()

    def write(self, records: Iterable[Record], target: Target) -> int:
        names, written = FileNames(), 0
        for record in records:
            written += 1
            stem = names.stem(record, ".txt")
            with target.open(f"{stem}.txt") as file:
                file.write(record.document.text.encode())
            with target.open(f"{stem}.toy") as file:
                for s in sorted(record.spans, key=lambda s: s.start):
                    word = LabelNames(target.schema).written(s.layer, s.label)
                    file.write(f"{s.start} {s.end} {word}\n".encode())
        return written


FORMAT = ToyFormat()


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = registry._entry_points()
    points = [*ours.values(), EntryPoint("toy", f"{__name__}:FORMAT", registry.GROUP)]
    monkeypatch.setattr(registry, "entry_points", lambda group: points)


def imported(store: Store, *paths: Path, **options: Any) -> tuple[list[Taken | Refusal], Report]:
    report = Report()
    request = Request(paths=paths, default_annotator="me", **options)
    return [step.outcome for step in import_paths(store, request, report)], report


def given(folder: Path) -> Path:
    folder.mkdir()
    (folder / "a.txt").write_text("Bob said so.")
    (folder / "a.toy").write_text("0 3 A\n4 8 B\n")
    (folder / "b.txt").write_text("Plain.")
    return folder


def test_files_that_belong_together_are_one_document(
    new_project: NewProject, tmp_path: Path
) -> None:
    store = new_project()
    outcomes, report = imported(store, given(tmp_path / "in"))
    assert [(o.name, o.annotations) for o in outcomes if isinstance(o, Taken)] == [
        ("a.txt", 2),
        ("b.txt", 0),
    ]
    assert not report.losses
    me = store.annotator("me").id
    found = store.annotations(store.find_document("a.txt"), me).spans
    assert sorted((s.layer, s.label, s.text) for s in found) == [
        ("thing", "A", "Bob"),
        ("thing", "B", "said"),
    ]


def test_the_text_may_be_missing_and_the_plugin_at_fault(
    new_project: NewProject, tmp_path: Path
) -> None:
    folder = given(tmp_path / "in")
    (folder / "a.txt").unlink()
    (folder / "c.toy").write_text("fault")
    outcomes, _ = imported(new_project(), folder)
    refusals = [o for o in outcomes if isinstance(o, Refusal)]
    assert [(r.place, r.message) for r in refusals] == [
        (str(folder / "a.toy"), f"{folder / 'a.txt'}: No such file or directory"),
        (str(folder / "c.toy"), "the format toy failed: KeyError: 'a fault of the plugin'"),
    ]
    assert sum(isinstance(o, Taken) for o in outcomes) == 1


def test_it_is_written_as_a_folder_whole_or_not_at_all(
    new_project: NewProject, tmp_path: Path
) -> None:
    store, out = new_project(), tmp_path / "out"
    imported(store, given(tmp_path / "in"))
    request = exporting.Request(annotator="me", format="toy", target=out)
    report = exporting.export(store, request, io.BytesIO())
    assert (report.records, bool(report.losses)) == (2, False)
    content = {p.name: p.read_text() for p in out.iterdir()}
    assert content == {
        "a.txt": "Bob said so.", "a.toy": "0 3 A\n4 8 B\n", "b.txt": "Plain.", "b.toy": "",
    }  # fmt: skip
    exporting.export(store, request, io.BytesIO())
    (out / "mine.txt").write_text("not theirs")
    with pytest.raises(UsageError, match=r"holds mine\.txt, which this export does not write"):
        exporting.export(store, request, io.BytesIO())
    assert (out / "mine.txt").read_text() == "not theirs"
    assert {p.name for p in tmp_path.iterdir()} >= {"in", "out"}
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".out")]
    with pytest.raises(UsageError, match="a folder of files"):
        exporting.export(store, exporting.Request(annotator="me", format="toy"), io.BytesIO())
    again, _ = imported(new_project(), out)
    assert sum(o.annotations for o in again if isinstance(o, Taken)) == 2


def test_a_failed_export_leaves_no_folder(new_project: NewProject, tmp_path: Path) -> None:
    store = new_project()
    (tmp_path / "in.jsonl").write_text(
        '{"format":"annotator/1","name":"a","text":"Bob.","annotator":"me",'
        '"spans":[{"layer":"thing","label":"A","start":0,"end":3,"note":"n"}]}'
    )
    imported(store, tmp_path / "in.jsonl")
    request = exporting.Request(annotator="me", format="toy", target=tmp_path / "out", strict=True)
    with pytest.raises(Exception, match="Nothing was written: toy stand-off would lose 1 × note"):
        exporting.export(store, request, io.BytesIO())
    assert [p.name for p in tmp_path.iterdir() if p.suffix != ".db"] == ["in.jsonl"]


def test_its_options_are_checked(new_project: NewProject, tmp_path: Path) -> None:
    store, folder = new_project(), given(tmp_path / "in")
    with pytest.raises(UsageError, match="takes no --shade") as caught:
        imported(store, folder, format="toy", options={"shade": "x"})
    assert "--colour" in caught.value.hint
    outcomes, _ = imported(store, folder, options={"colour": "blue"})
    assert [o.name for o in outcomes if isinstance(o, Taken)] == ["a.txt"]
    with pytest.raises(UsageError, match="--colour is not 'green'"):
        exporting.export(
            store,
            exporting.Request(
                annotator="me", format="toy", target=tmp_path / "o", options={"colour": "green"}
            ),
            io.BytesIO(),
        )


def test_the_command_line_shows_and_takes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    given(tmp_path / "in")
    (tmp_path / "in" / "a.toy").write_text("0 3 PERSON\n4 8 ?\n")
    assert run(["export", "--help"]) == 0
    assert "--colour red|blue" in capsys.readouterr().out
    assert run(["import", "in", "--strict"]) == 3
    assert "Nothing was imported: 1 × question would be lost" in capsys.readouterr().err
    assert not (tmp_path / "annotations.db").exists()
    assert run(["import", "in"]) == 1
    assert "lost: 1 × question: left out" in capsys.readouterr().err
    assert run(["export", "--format", "toy", "--colour", "blue", "-o", "out"]) == 0
    assert "Nothing was lost." in capsys.readouterr().err
    assert run(["export", "--format", "jsonl", "--colour", "blue"]) == 2
    assert "The format jsonl takes no --colour" in capsys.readouterr().err
