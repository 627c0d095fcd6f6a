"""``annotator suggest``: engines on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engine_world import ASKED, TAUGHT

Run = Callable[..., Any]


@pytest.fixture
def taught(annotator: Run, folder: Path) -> Path:
    """A project in which one of two documents is labelled, and finished."""
    spans = [
        {"layer": "entity", "label": "PERSON", "start": at, "end": at + 7}
        for at in range(len(TAUGHT))
        if TAUGHT.startswith(" Mr ", at - 4)
    ]
    rows = [
        {"format": "annotator/1", "name": "taught.txt", "text": TAUGHT, "annotator": "alice",
         "status": "done", "spans": spans},
        {"format": "annotator/1", "name": "asked.txt", "text": ASKED, "annotator": "alice"},
    ]  # fmt: skip
    (folder / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    annotator("init")
    assert annotator("import", "in.jsonl").code == 0
    return folder


@pytest.mark.usefixtures("taught")
def test_train_run_and_status(annotator: Run) -> None:
    trained = annotator("suggest", "train", "--layer", "entity")
    assert (trained.code, trained.out) == (0, "")
    assert trained.err.startswith("crf entity: 6 finished sentences, learned in ")
    ran = annotator("suggest", "run", "--layer", "entity")
    assert ran.code == 0
    assert "crf entity: 6 finished sentences, learned before" in ran.err
    assert ran.err.endswith("1 document: 2 suggestions open, 2 of them new; 0 gone\n")
    again = annotator("suggest", "run", "--layer", "entity")
    assert again.err.endswith("1 document: 2 suggestions open, 0 of them new; 0 gone\n")
    shown = annotator("suggest", "status").out.splitlines()
    assert shown[0].split() == [
        *("engine", "layer", "trained", "on", "open", "accepted", "corrected", "rejected"),
    ]
    assert shown[1].split() == ["crf", "entity", "on", "6", "1", "0", "0", "0"]
    rows = json.loads(annotator("suggest", "status", "--json").out)
    (gazetteer,) = (r for r in rows if (r["engine"], r["layer"]) == ("gazetteer", "entity"))
    assert (gazetteer["on"], gazetteer["trained"], gazetteer["open"]) == (True, 6, 1)


def test_status_counts_all_that_an_engine_proposed(annotator: Run, folder: Path) -> None:
    said = (
        "The mayor said that the bridge is closed. " + "It is the end of the day in the town. " * 3
    )
    (folder / "said.txt").write_text(said)
    annotator("init")
    annotator("import", "said.txt")
    assert "4 suggestions open" in annotator("suggest", "run").err
    rows = json.loads(annotator("suggest", "status", "--json").out)
    assert {r["engine"]: r["open"] for r in rows if r["open"]} == {"rules": 4}
    figures = json.loads(annotator("status", "--json").out)
    assert figures["engines"] == [
        {"engine": "rules", "open": 4, "accepted": 0, "corrected": 0, "rejected": 0}
    ]
    assert annotator("status").out.splitlines()[-1].split() == ["rules", "4", "0", "0", "0"]
    annotator("suggest", "off", "rules")
    assert "0 suggestions open, 0 of them new; 4 gone" in annotator("suggest", "run").err


@pytest.mark.usefixtures("taught")
def test_a_check_tells_why_there_is_none(annotator: Run) -> None:
    found = annotator("suggest", "status", "--check")
    assert found.code == 0
    told = [line for line in found.out.splitlines() if "a check needs" in line]
    assert [line.startswith("crf entity, crf claim, ") for line in told] == [True]
    assert told[0].endswith(": 6 sentences are finished; a check needs 20")


@pytest.mark.usefixtures("taught")
def test_an_engine_without_its_files_is_told(annotator: Run) -> None:
    Path("names.tsv").write_text("Zed Doe\tPERSON\n")
    annotator("suggest", "train", "--engine", "lists", "--from", "names.tsv")
    annotator("suggest", "off", "spacy", "--layer", "cue")
    lines = [line.split() for line in annotator("suggest", "status").out.splitlines()]
    states = {tuple(line[:2]): line[2:4] for line in lines}
    assert states["lists", "entity"][0] == "on"
    assert states["spacy", "entity"] == ["no", "files"]
    assert states["spacy", "cue"][0] == "off"
    assert states["crf", "entity"][0] == states["rules", "attribution"][0] == "on"


@pytest.mark.usefixtures("taught")
def test_an_engine_is_switched_off_and_on(annotator: Run) -> None:
    assert annotator("suggest", "off", "crf", "--layer", "entity").err == "crf is off for entity.\n"
    ran = annotator("suggest", "run", "--layer", "entity", "--json")
    assert {row["engine"] for row in json.loads(ran.out) if "engine" in row} == {"gazetteer"}
    assert annotator("suggest", "on", "crf").err == "crf is on.\n"
    wrong = annotator("suggest", "off", "none")
    assert (wrong.code, "There is no engine 'none'." in wrong.err) == (2, True)


def test_lists_are_given_and_what_is_wrong_in_them_is_told(annotator: Run, taught: Path) -> None:
    (taught / "names.tsv").write_text("Zed Doe\tPERSON\n")
    (taught / "bad.jsonl").write_text('{"label": "PERSON", "pattern": [{"POS": "X"}]}\n')
    given = annotator("suggest", "train", "--engine", "lists", "--from", "names.tsv")
    assert given.code == 0
    assert given.err.startswith("lists entity: ")
    ran = annotator("suggest", "run", "--engine", "lists", "--layer", "entity", "--json")
    placed = json.loads(ran.out)[-1]
    assert (placed["event"], placed["open"]) == ("placed", 1)
    bad = annotator("suggest", "train", "--engine", "lists", "--from", "bad.jsonl")
    assert (bad.code, "bad.jsonl:1: the key POS with 'X' is not supported" in bad.err) == (3, True)
    which = annotator("suggest", "train", "--from", "names.tsv")
    assert (which.code, "--from wants one --engine." in which.err) == (2, True)
    crf = annotator("suggest", "train", "--engine", "crf", "--from", "names.tsv")
    assert (crf.code, "takes no files" in crf.err) == (2, True)


def test_without_anything_it_says_so_and_works(annotator: Run) -> None:
    annotator("init")
    ran = annotator("suggest", "run", "--layer", "entity")
    assert ran.code == 0
    assert "crf entity: no sentence is finished yet" in ran.err
    assert ran.err.count("Mark sentences done with the space bar.") == 1
    assert annotator("suggest", "status").code == 0
    unknown = annotator("suggest", "run", "--layer", "mood")
    assert (unknown.code, "There is no layer 'mood'" in unknown.err) == (2, True)


@pytest.mark.usefixtures("taught")
def test_what_to_do_next(annotator: Run) -> None:
    plain = annotator("suggest", "next", "--by", "text")
    assert plain.out.splitlines() == [
        "asked.txt 1  Yesterday Mr Zed Doe went home by car.", "asked.txt 2  Nobody saw Ann Lee.",
    ]  # fmt: skip
    doubted = json.loads(annotator("suggest", "next", "--count", "1", "--json").out)
    assert [row["number"] for row in doubted] == [2]
    assert doubted[0]["doubt"] > 0
    diverse = annotator("suggest", "next", "--by", "diversity", "--count", "1")
    assert diverse.out == "asked.txt 2  Nobody saw Ann Lee.\n"
    for by in ("text", "diversity"):
        whole = annotator("suggest", "next", "--by", by, "--documents")
        assert whole.out == "asked.txt  2 sentences not done\n"
    (row,) = json.loads(annotator("suggest", "next", "--documents", "--json").out)
    assert (row["document"], row["open"], row["doubt"] > 0) == ("asked.txt", 2, True)
