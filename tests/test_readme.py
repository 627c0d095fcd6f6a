"""What README and tours tell a newcomer to type is typed here, in order, and works."""

from __future__ import annotations

import gc
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from settling import settle

from annotator.core.annotation import Relation, Span
from annotator.core.annotation_set import AnnotationSet
from annotator.core.schema_file import parse_schema
from annotator.suggest import registry
from annotator.tui.app import AnnotatorApp
from annotator.tui.keymap import key_name, shown
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.demo import prepare
from annotator.workflow.importing import Request, import_paths
from annotator.workflow.pages import page_of
from annotator.workflow.projects import init
from annotator.workflow.suggestion_actions import replace_open

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("README.md", "docs/tour.md")
MAKE = {"make demo": "annotator demo", "make test": "pytest"}
NAMED = {shown(key): key for key in ("left", "right", "up", "down", "pageup", "pagedown", "escape")}


def text_of(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text_of(page), re.DOTALL | re.MULTILINE)


def commands(page: str) -> list[str]:
    return [line for block in blocks(page, "sh") for line in block.splitlines() if line.strip()]


def tour(page: str, heading: str) -> list[str]:
    """The keys of the table below a heading, in Textual's names."""
    table = text_of(page).split(f"\n## {heading}\n")[1].split("\n## ")[0]
    cells = [re.split(r"(?<!\\)\|", row)[1] for row in table.splitlines() if row.startswith("| `")]
    typed = [key.replace("\\|", "|") for cell in cells for key in re.findall(r"`(.+?)`", cell)]
    return [
        key for text in typed for key in (list(text) if " " in text else [NAMED.get(text, text)])
    ]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What a newcomer has: the seeds, in a folder with no project yet."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    return tmp_path


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    here = str(Path(sys.executable).parent)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ANNOTATOR_")}
    environment["PATH"] = f"{here}{os.pathsep}{environment['PATH']}"
    return subprocess.run(
        command, shell=True, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_the_page_works(page: str, checkout: Path) -> None:
    ran = 0
    for command in commands(page):
        bare = command.split("#")[0].strip()
        if bare in MAKE:
            dry = run(f"make -n -C {ROOT} {bare.split()[1]}", checkout)
            assert MAKE[bare] in dry.stdout
            assert dry.returncode == 0
            continue
        done = run(command, checkout)
        assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
        ran += 1
    assert ran >= 5


def test_the_two_commands_stand_in_the_first_screenful() -> None:
    first = text_of("README.md").splitlines()[:24]
    assert all(any(line.startswith(command) for line in first) for command in MAKE)


@pytest.mark.parametrize("page", PAGES)
def test_commands_that_need_a_terminal_say_so_without_one(page: str, checkout: Path) -> None:
    run("annotator import seeds/raqqa.txt", checkout)
    shutil.copy(checkout / "annotations.db", checkout / "tour.db")
    interactive = [c for b in blocks(page, "console") for c in re.findall(r"^\$ (annotator .*)", b,
                   re.MULTILINE)]  # fmt: skip
    assert interactive
    for command in interactive:
        done = run(command, checkout)
        if command == "annotator demo":
            assert (done.returncode, "PERSON" in done.stdout) == (0, True)
        else:
            assert (done.returncode, "needs a terminal" in done.stderr) == (2, True)


def test_the_questions_to_the_database_are_answered(checkout: Path) -> None:
    made = [c for c in commands("README.md") if "seed.db" in c]
    for command in made:
        assert run(command, checkout).returncode == 0
    database = sqlite3.connect(checkout / "seed.db")
    answers = [database.execute(question).fetchall() for question in blocks("README.md", "sql")]
    views = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type='view'")}
    database.close()
    assert len(answers) == 3
    assert all(answers)
    assert ("Talal Sillo", 1) in answers[0]
    assert all(cue for _, _, cue in answers[1])
    assert any(name == "Islamic State" and "ISIS" in names for name, _, names in answers[2])
    (told,) = re.findall(r"^The views are (.*)$", text_of("README.md"), re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", told)) == views


def test_the_record_shown_is_part_of_the_real_one() -> None:
    told = json.loads(blocks("README.md", "json")[0])
    real = json.loads((ROOT / "exports" / "raqqa.jsonl").read_text("utf-8"))
    assert real["text"].startswith(told.pop("text").rstrip("…"))
    assert real["tokens"][:2] == told.pop("tokens")
    for key, value in told.items():
        if isinstance(value, list):
            for part in value:
                assert any(part.items() <= whole.items() for whole in real[key]), part
        else:
            assert real[key] == value


def test_the_schema_shown_is_part_of_the_shipped_one() -> None:
    told = tomllib.loads(blocks("README.md", "toml")[0])
    shipped = tomllib.loads((ROOT / "schemas" / "news.toml").read_text("utf-8"))

    def compare(part: Any, whole: Any) -> None:
        if isinstance(part, dict):
            for key, value in part.items():
                compare(value, whole[key])
        elif isinstance(part, str) and part.endswith("…"):
            assert whole.strip().startswith(part.rstrip("…"))
        else:
            assert part == whole

    compare(told, shipped)


@pytest.mark.parametrize("page", PAGES)
def test_pictures_and_links_lead_somewhere(page: str) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", text_of(page))
    assert targets
    for target in targets:
        assert ((ROOT / page).parent / target).exists(), target


async def type_keys(app: AnnotatorApp, keys: list[str]) -> list[str]:
    """Press the keys; gives the warnings of the status line on the way."""
    warnings = []
    try:
        async with app.run_test(size=(110, 32)) as pilot:
            await settle(pilot)
            (screen,) = (s for s in app.screen_stack if isinstance(s, AnnotateScreen))
            for key in keys:
                await pilot.press("space" if key == " " else key)
                await settle(pilot)
                text, warns = screen._message
                if warns:
                    warnings.append(f"{key}: {text}")
    finally:
        gc.enable()
        gc.unfreeze()
    return warnings


async def play(tmp_path: Path, keys: list[str]) -> AnnotationSet:
    """Type the keys into the bare article; gives what is annotated then."""
    store = init(tmp_path / "tour.db")
    list(import_paths(store, Request(paths=(ROOT / "seeds" / "raqqa.txt",), default_annotator="")))
    document = store.documents("")[0].id
    who = store.annotator("you", create=True)
    session = store.start_session(who.id)
    app = AnnotatorApp(lambda id: AnnotateSession(store, id, who, session), document)
    warnings = await type_keys(app, keys)
    found = AnnotateSession(store, document, who, session).annotations
    store.close()
    assert warnings == []
    return found


async def test_the_five_minutes_give_what_they_promise(tmp_path: Path) -> None:
    found = await play(tmp_path, tour("README.md", "Five minutes on the seed article"))
    spans = {span.label: span.text for span in found.spans.values()}
    assert spans == {
        "PERSON": "Talal Sillo",
        "SOURCE": "Talal Sillo, a spokesman for the SDF",
        "CUE": "confirmed",
        "CLAIM": "operations had begun in co-ordination with the US-led coalition",
    }
    told = {(a.name, v) for s in found.spans.values() for a in s.attributes for v in a.values}
    assert told == {("kind", "named"), ("mode", "indirect"), ("act", "statement")}
    schema = parse_schema((ROOT / "schemas" / "news.toml").read_text("utf-8"), "news.toml")
    for span in found.spans.values():
        asked = schema.layer(span.layer).attributes_of(span.label)
        assert {a.name for a in asked if a.required} <= {a.name for a in span.attributes}
    (relation,) = found.relations.values()
    tied = {a.role: found.spans[a.target].label for a in relation.arguments}
    assert tied == {"claim": "CLAIM", "source": "SOURCE", "cue": "CUE"}


async def test_the_long_tour_writes_what_it_says_and_the_gold_annotation_has(
    tmp_path: Path,
) -> None:
    found = await play(tmp_path, tour("docs/tour.md", "Writing"))
    spans = {span.text: span for span in found.spans.values()}
    assert {text: span.label for text, span in spans.items()} == {
        "US": "LOCATION",
        "Arab": "NATIONALITY",
        "Islamic State": "GROUP",
    }
    assert not any(span.flagged for span in spans.values())
    assert spans["Islamic State"].note == "ISIS and IS are short for it"
    assert found.actors[spans["US"].actor or ""].name == "United States"
    gold = json.loads((ROOT / "seeds" / "raqqa.jsonl").read_text("utf-8"))
    known = {(s["label"], s["start"], s["end"]) for s in gold["spans"]}
    assert {(s.label, s.start, s.end) for s in found.spans.values()} <= known
    assert {actor.name for actor in found.actors.values()} <= {a["name"] for a in gold["actors"]}


async def test_the_long_tour_of_suggestions_gives_what_it_says(tmp_path: Path) -> None:
    store = init(tmp_path / "tour.db")
    list(import_paths(store, Request(paths=(ROOT / "seeds" / "raqqa.txt",), default_annotator="")))
    document = store.documents("")[0].id
    who = store.annotator("you", create=True)
    session, schema = store.start_session(who.id), store.schema()
    rules, page = registry.get("rules"), page_of(store, document, who.id)
    found = [p for at in rules.layers(schema) for p in rules.load(b"", schema, at).propose(page)]
    replace_open(store, session, document, who.id, "rules", found)
    app = AnnotatorApp(lambda id: AnnotateSession(store, id, who, session), document)
    warnings = await type_keys(app, tour("docs/tour.md", "Suggestions"))
    left = AnnotateSession(store, document, who, session).annotations
    edits = [(edit.verb, edit.changes) for edit in store.edits(document)][::-1]
    store.close()
    assert warnings == []
    assert [verb for verb, _ in edits] == [
        *("suggest", "accept", "done", "reject", "undo", "undo", "undo"),
        *("correct", "undo", "accept", "undo"),
        *("label", "propagate", "accept", "accept", "accept", "undo", "undo", "undo", "undo"),
    ]
    made = [c.record for c in edits[1][1] if isinstance(c.record, Span | Relation)]
    assert {getattr(r, "label", "attribution") for r in made} == {
        *("SOURCE", "CUE", "CLAIM", "attribution")
    }
    assert [span.text for span in left.spans.values()] == ["US"]
    assert len(left.suggestions) == len(found)
    assert left.suggested.thresholds


async def test_the_long_tour_reads_what_it_says(tmp_path: Path) -> None:
    store, document, name = prepare(tmp_path, "you")
    who = store.annotator(name)
    before = store.annotations(document, who.id)
    session = store.start_session(who.id)

    async def read(keys: list[str]) -> list[str]:
        app = AnnotatorApp(lambda id: AnnotateSession(store, id, who, session), document)
        return await type_keys(app, keys)

    keys = tour("docs/tour.md", "Reading")
    cut = keys.index("d") + 1
    warnings = await read(keys[:cut])
    between = store.annotations(document, who.id)
    warnings += await read(keys[cut:])
    after = store.annotations(document, who.id)
    store.close()
    assert warnings == []
    gone = {s.id: s.text for s in before.spans if s.id not in {x.id for x in between.spans}}
    assert list(gone.values()) == [
        "operations had begun in co-ordination with the US-led coalition"
    ]
    assert len(before.relations) - len(between.relations) == 2
    assert {s.id for s in after.spans} == {s.id for s in before.spans}
    assert {r.id for r in after.relations} == {r.id for r in before.relations}


def test_key_names_of_the_tour_are_keys() -> None:
    assert key_name("space", " ") == " "
    assert NAMED["→"] == "right"
