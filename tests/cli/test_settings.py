"""``annotator settings``."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import UsageError
from annotator.store.sqlite.project import open_project
from annotator.workflow.thresholds import thresholds

Run = Callable[..., Any]


def test_a_setting_is_shown_and_chosen(annotator: Run) -> None:
    annotator("init")
    shown = annotator("settings")
    assert shown.code == 0
    assert shown.out.startswith("see-others  on  annotators may see what others annotate")
    assert annotator("settings", "see-others").out == "on\n"
    assert annotator("settings", "see-others", "off").err == "see-others is off.\n"
    assert annotator("settings", "see-others").out == "off\n"
    wrong = annotator("settings", "see-others", "maybe")
    assert (wrong.code, "It is one of: on, off." in wrong.err) == (2, True)
    unknown = annotator("settings", "colour")
    assert (unknown.code, "There is: see-others, learning, suggest.ENGINE" in unknown.err) == (
        2,
        True,
    )


def test_thresholds_of_layers_are_settings(annotator: Run) -> None:
    annotator("init")
    assert annotator("settings", "threshold.entity").out == "0.00\n"
    assert annotator("settings", "threshold.entity", "0.65").code == 0
    assert annotator("settings", "threshold.entity").out == "0.65\n"
    assert annotator("settings", "threshold.entity", "2").code == 2
    assert annotator("settings", "threshold.").code == 2


def test_a_threshold_that_none_can_be_is_told_with_what_it_can_be(
    annotator: Run, folder: Path
) -> None:
    annotator("init")
    with closing(sqlite3.connect(folder / "annotations.db")) as raw, raw:
        raw.execute("INSERT INTO setting (name, value) VALUES ('threshold.entity', 'abc')")
    with open_project(folder / "annotations.db") as store:
        with pytest.raises(UsageError, match=r"threshold\.entity cannot be 'abc'"):
            thresholds(store, store.schema())
        assert annotator("settings", "threshold.entity", "0.5").code == 0
        assert thresholds(store, store.schema()) == {"entity": 0.5}


@pytest.mark.parametrize(
    ("name", "value", "there_is"),
    [
        (
            "threshold.NOPE",
            "0.5",
            "There is: entity, claim, source, cue, attribution, contradiction, support.",
        ),
        (
            "threshold.NOPE",
            None,
            "There is: entity, claim, source, cue, attribution, contradiction, support.",
        ),
        ("suggest.NOPE", "off", "There is: crf, gazetteer, lists, rules, spacy"),
        ("suggest.NOPE.entity", "off", "There is: crf, gazetteer, lists, rules, spacy"),
        ("suggest.crf.NOPE", "off", "There is: entity, claim, source, cue."),
        ("suggest.crf.", "off", "There is: entity, claim, source, cue."),
    ],
)
def test_a_setting_of_what_there_is_not_is_refused_with_what_there_is(
    annotator: Run, name: str, value: str | None, there_is: str
) -> None:
    annotator("init")
    said = annotator("settings", name, *(() if value is None else (value,)))
    assert (said.code, said.out) == (2, "")
    assert there_is in said.err
    assert len(annotator("settings").out.splitlines()) == 2, "nothing was chosen"


def test_what_was_chosen_for_layers_and_engines_is_listed(annotator: Run) -> None:
    annotator("init")
    annotator("settings", "threshold.attribution", "0.4")
    annotator("settings", "suggest.crf.claim", "off")
    annotator("settings", "suggest.rules", "off")
    annotator("settings", "threshold.entity", "0")
    rows = [line.split(None, 2) for line in annotator("settings").out.splitlines()[2:]]
    assert rows == [
        ["suggest.crf.claim", "off", "whether an engine makes suggestions"],
        ["suggest.rules", "off", "whether an engine makes suggestions"],
        [
            "threshold.attribution",
            "0.40",
            "the score from which on suggestions of a layer are shown",
        ],
    ]


def test_a_choice_for_a_layer_that_is_gone_is_told_and_can_be_taken_back(
    annotator: Run, folder: Path
) -> None:
    annotator("init")
    chosen = [("threshold.NOPE", "0.50"), ("suggest.NOPE", "off"), ("colour", "red")]
    with closing(sqlite3.connect(folder / "annotations.db")) as raw, raw:
        raw.executemany("INSERT INTO setting (name, value) VALUES (?, ?)", chosen)
    rows = [line.split(None, 2) for line in annotator("settings").out.splitlines()[2:]]
    assert rows == [
        ["colour", "red", "without effect: There is no setting 'colour'."],
        ["suggest.NOPE", "off", "without effect: There is no engine 'NOPE'."],
        ["threshold.NOPE", "0.50", "without effect: There is no layer 'NOPE' in the schema."],
    ]
    assert annotator("settings", "threshold.NOPE").out == "0.50\n"
    assert annotator("settings", "threshold.NOPE", "0").err == "threshold.NOPE is 0.00.\n"
    assert "threshold.NOPE" not in annotator("settings").out
    for command in (("status",), ("suggest", "status"), ("suggest", "run"), ("doctor",)):
        assert annotator(*command).code == 0, command
