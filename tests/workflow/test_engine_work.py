"""Engines at work within the process: what they learn of, when anew, and how faults are told."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path

import msgspec
import pytest
from engine_world import ASKED, NAMES, install, teach
from msgspec.structs import replace
from proposing import proposed_span
from session_state import at, label, new_document, session_at

from annotator.core.annotation import Span
from annotator.core.answering import rejection
from annotator.core.edits import create
from annotator.core.ids import new_id
from annotator.core.learned_model import checksum
from annotator.errors import NotFoundError, UsageError
from annotator.store.base import Store
from annotator.suggest import registry
from annotator.suggest.sealed import sealed
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.engine_answers import Fared
from annotator.workflow.engine_choice import is_on, switch
from annotator.workflow.engine_events import (
    Began,
    Broken,
    Checked,
    Event,
    Learned,
    NewModel,
    NotLearned,
    Proposed,
    Task,
)
from annotator.workflow.engine_work import perform
from annotator.workflow.pages import page_of
from annotator.workflow.suggestion_actions import replace_open

NewProject = Callable[..., Store]


@pytest.fixture
def taught(new_project: NewProject) -> Store:
    store = new_project("news")
    teach(store)
    return store


def ticking() -> Callable[[], float]:
    ticks = iter(range(10_000))
    return lambda: float(next(ticks))


def told(store: Store, **options: object) -> list[Event]:
    me = store.annotator("me").id
    task = Task(project="", annotator=me, layers=("entity",), **options)  # type: ignore[arg-type]
    found: list[Event] = []
    for event in perform(store, task, ticking()):
        if isinstance(event, NewModel):
            store.save_model(me, event.model)
        elif not isinstance(event, Began):
            found.append(event)
    return found


def proposals(store: Store, **options: object) -> list[tuple[str, str, str | None]]:
    asked = store.find_document("asked.txt")
    (event,) = (e for e in told(store, documents=(asked,), **options) if isinstance(e, Proposed))
    return [(p.text, p.label, p.origin.engine) for p in event.proposals if isinstance(p, Span)]


def test_what_was_finished_is_learned_once_and_proposed(taught: Store) -> None:
    first, second = (told(taught, engines=("crf", "gazetteer")) for _ in range(2))
    assert [(e.engine, e.layer, e.sentences, e.seconds) for e in first] == [
        ("crf", "entity", 6, 1.0), ("gazetteer", "entity", 6, 1.0),
    ]  # fmt: skip
    assert [e.seconds for e in second] == [0.0, 0.0]
    assert [e.seconds for e in told(taught, engines=("crf",), anew=True)] == [1.0]
    found = proposals(taught)
    assert ("Zed Doe", "PERSON", "crf") in found
    assert ("Ann Lee", "PERSON", "gazetteer") in found


def test_a_model_is_handed_over_once_it_is_made_and_nothing_is_written(taught: Store) -> None:
    me = taught.annotator("me").id
    before = taught.moment()
    task = Task(project="", annotator=me, engines=("crf", "gazetteer"), layers=("entity",))
    made = [e.model for e in perform(taught, task) if isinstance(e, NewModel)]
    assert [(model.engine, model.layer, model.is_whole) for model in made] == [
        ("crf", "entity", True), ("gazetteer", "entity", True),
    ]  # fmt: skip
    assert taught.model(me, "crf", "entity") is None
    assert taught.moment() == before
    for model in made:
        taught.save_model(me, model)
    assert not [e for e in perform(taught, task) if isinstance(e, NewModel)]


def test_a_model_is_used_only_as_long_as_it_is_of_what_is_finished(taught: Store) -> None:
    told(taught, engines=("crf",))
    session = teach_more(taught)
    assert [e.seconds for e in told(taught, engines=("crf",))] == [1.0]
    session.undo()
    session.undo()
    assert [(e.sentences, e.seconds) for e in told(taught, engines=("crf",))] == [(6, 1.0)]


def teach_more(store: Store) -> AnnotateSession:
    session = session_at(store, "asked.txt", "me")
    label(session, "Zed Doe", "1")
    session.reader.clear()
    at(session, "Zed")
    session.cut.toggle_done()
    return session


def test_a_damaged_or_foreign_model_is_not_used_but_made_again(taught: Store) -> None:
    told(taught, engines=("crf",))
    me = taught.annotator("me").id
    good = taught.model(me, "crf", "entity")
    assert good is not None
    for bad in (
        replace(good, data=good.data[:-9]),
        replace(good, version="0"),
        replace(good, fingerprint="of something else"),
        *(replace(good, data=data, checksum=checksum(data)) for data in (b"", good.data[:-9])),
    ):
        taught.save_model(me, bad)
        (event,) = told(taught, engines=("crf",))
        assert isinstance(event, Learned)
        assert event.seconds == 1.0
        assert taught.model(me, "crf", "entity") == good


def test_a_model_that_makes_an_engine_fail_is_made_again_and_a_new_one_tells_its_fault(
    taught: Store, toys: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    toys("acting")
    me = taught.annotator("me").id
    told(taught, engines=("acting",))
    good = taught.model(me, "acting", "entity")
    assert good is not None
    taught.save_model(me, replace(good, data=b"fails", checksum=checksum(b"fails")))
    (event,) = told(taught, engines=("acting",))
    assert isinstance(event, Learned)
    assert event.seconds == 1.0
    assert taught.model(me, "acting", "entity") == good
    monkeypatch.setattr(type(registry.get("acting")), "train", lambda *_: b"fails")
    taught.save_model(me, replace(good, data=b"fails", checksum=checksum(b"fails")))
    (event,) = told(taught, engines=("acting",))
    assert event == Broken("acting", "entity", "KeyError: 'a fault of the engine'")


def test_what_was_answered_is_left_out(taught: Store) -> None:
    me = taught.annotator("me").id
    asked = taught.find_document("asked.txt")
    log = taught.start_session(me)
    (event,) = (e for e in told(taught, documents=(asked,)) if isinstance(e, Proposed))
    mine = [p for p in event.proposals if p.origin.engine == "crf"]
    replace_open(taught, log, asked, me, "crf", mine)
    session = session_at(taught, "asked.txt", "me")
    shown = {s.proposed.text: s for s in session.annotations.suggested.shown()}
    session.commit("reject", rejection(session.annotations, session.schema, shown["Zed Doe"]))
    assert "Zed Doe" not in {text for text, _, _ in proposals(taught)}


def test_sentences_of_documents_said_to_be_finished_are_learned_of(new_project: NewProject) -> None:
    store = new_project("news")
    teach(store)
    asked = store.find_document("asked.txt")
    (event,) = told(store, engines=("gazetteer",), finished=(asked,))
    assert isinstance(event, Learned)
    assert event.sentences == 8
    assert page_of(store, asked, store.annotator("me").id).taught == frozenset()


def test_without_anything_finished_each_engine_says_so(new_project: NewProject) -> None:
    store = new_project("news")
    store.annotator("me", create=True)
    found = told(store)
    assert [(e.engine, e.reason) for e in found if isinstance(e, NotLearned)] == [
        ("crf", "no sentence is finished yet"), ("gazetteer", "no sentence is finished yet"),
    ]  # fmt: skip


def test_an_engine_made_of_files_says_what_it_waits_for(taught: Store) -> None:
    (event,) = told(taught, engines=("lists",))
    assert isinstance(event, NotLearned)
    assert event.reason == "nothing was named that it could be made of"
    assert event.hint == "Name it: annotator suggest train --engine lists --from FILE…"


def test_a_check_says_how_good_an_engine_is(new_project: NewProject) -> None:
    store = new_project("news")
    teach(store)
    (few,) = told(store, engines=("crf",), check=True)
    assert isinstance(few, NotLearned)
    assert few.reason == "6 sentences are finished; a check needs 20"


def test_a_check_asks_what_has_gold_and_is_taught_by_nobody(new_project: NewProject) -> None:
    store = new_project("news")
    me = store.annotator("me", create=True)
    gold = store.annotator("gold", create=True)
    text = " ".join(f"Mr {name} went home {count} times." for name in NAMES for count in range(3))
    for name in ("mine.txt", "both.txt", "theirs.txt"):
        store.add_document(new_document(name, text))
        id = store.find_document(name)
        who = me if name == "mine.txt" else gold
        document = store.document(id)
        start = text.index(NAMES[0])
        made = Span(new_id(), id, who.id, "entity", "PERSON", ((start, start + len(NAMES[0])),),
                    NAMES[0])  # fmt: skip
        store.apply(store.start_session(who.id), document.id, "label", (create(made),))
    finished = tuple(store.find_document(name) for name in ("mine.txt", "both.txt"))
    task = Task(project="", annotator=me.id, engines=("gazetteer",), layers=("entity",),
                finished=finished, check=True)  # fmt: skip
    (checked,) = (e for e in perform(store, task) if isinstance(e, Checked))
    count = len(store.sentences(finished[0]))
    assert checked.quality.gold == count, "the sentences of theirs.txt; what is taught is not asked"
    assert checked.quality.taught + checked.quality.asked == 3 * count


def test_engines_are_switched_for_the_project_and_for_a_layer(taught: Store) -> None:
    assert is_on(taught, "crf", "entity")
    switch(taught, "crf", "entity", "off")
    assert [is_on(taught, "crf", layer) for layer in ("entity", "claim")] == [False, True]
    assert {e.engine for e in told(taught)} == {"gazetteer"}
    assert {e.engine for e in told(taught, engines=("crf",))} == {"crf"}
    switch(taught, "crf", None, "off")
    switch(taught, "crf", "claim", "on")
    assert [is_on(taught, "crf", layer) for layer in ("entity", "claim")] == [False, True]
    switch(taught, "crf", None, "on")
    assert is_on(taught, "crf", "entity")
    with pytest.raises(UsageError, match="There is no engine 'none'"):
        switch(taught, "none", None, "off")
    with pytest.raises(NotFoundError, match="There is no layer 'mood' that the engine crf"):
        switch(taught, "crf", "mood", "off")
    with pytest.raises(NotFoundError, match="There is no layer 'mood' that an engine"):
        list(perform(taught, Task(project="", annotator="", layers=("mood",))))


@pytest.fixture
def toys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts engines of a package of somebody else's, through entry points, in the place of ours."""
    monkeypatch.syspath_prepend(str(install(tmp_path)))

    def put(*names: str) -> None:
        points = [EntryPoint(n, f"toy_engines:{n.upper()}", registry.GROUP) for n in names]
        monkeypatch.setattr(registry, "entry_points", lambda group: points)

    return put


def test_an_engine_of_somebody_else_proposes_like_ours_and_a_broken_one_is_named(
    taught: Store, toys: Callable[..., None]
) -> None:
    toys("raise", "toy")
    asked = taught.find_document("asked.txt")
    found = told(taught, documents=(asked,))
    assert found[0] == Broken("raise", "entity", "KeyError: 'a fault of the engine'")
    assert isinstance(found[1], Learned)
    last = found[-1]
    assert isinstance(last, Proposed)
    assert [(p.text, p.origin.engine, p.origin.score) for p in last.proposals] == [
        (ASKED[:3], "toy", 0.75), ("Nob", "toy", 0.75),
    ]  # fmt: skip
    assert [e for e in told(taught, check=True, engines=("toy",)) if isinstance(e, Checked)] == []


def test_what_an_engine_says_about_its_end_does_not_fill_a_screen(
    taught: Store, toys: Callable[..., None]
) -> None:
    toys("wordy")
    (event,) = (e for e in told(taught) if isinstance(e, Broken))
    assert event.reason.startswith("ValueError: invalid literal for int")
    assert event.reason.endswith(" num…")
    assert len(event.reason) == 200


def test_quick_engines_are_heard_before_slow_ones_begin_and_slow_ones_keep_their_word(
    taught: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(install(tmp_path)))
    real = registry.entry_points
    toy = EntryPoint("a_toy", "toy_engines:A_TOY", registry.GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: [*real(group=group), toy])
    for layer in ("claim", "source", "cue"):
        switch(taught, "crf", layer, "off")
    me, asked = taught.annotator("me"), taught.find_document("asked.txt")
    task = Task(project="", annotator=me.id, documents=(asked,), lenient=True)
    session = taught.start_session(me.id)

    def heard() -> list[tuple[str, ...]]:
        """What was proposed by whom, and before which engines began."""
        found: list[tuple[str, ...]] = []
        for event in perform(taught, task, ticking()):
            if isinstance(event, Began):
                found += [(event.engine,)] if not found or found[-1] != (event.engine,) else []
            elif isinstance(event, Proposed):
                asked_now = [a for a in event.by if a.engine in ("gazetteer", "crf", "a_toy")]
                changes = 0
                for one in asked_now:
                    mine = [p for p in event.proposals if p.origin.engine == one.engine]
                    owner = (asked, me.id, one.engine)
                    done = replace_open(taught, session, *owner, mine, event.scope(one))
                    changes += len(done.changes)
                told = (f"{changes} changes", *(one.engine for one in asked_now))
                found.append((*told, "and more") if event.more_to_come else told)
        return [event for event in found if event[0] not in ("rules", "lists", "spacy")]

    first = heard()
    early = first.index(("1 changes", "gazetteer", "and more"))
    assert ("crf",) in first[early:]
    assert first.index(("a_toy",)) > first.index(("1 changes", "gazetteer", "crf", "and more"))
    assert first[-1] == ("2 changes", "gazetteer", "crf", "a_toy")
    assert [event for event in heard() if event[0].endswith("changes")] == [
        ("0 changes", "gazetteer", "and more"), ("0 changes", "gazetteer", "crf", "and more"),
        ("0 changes", "gazetteer", "crf", "a_toy"),
    ]  # fmt: skip


def test_how_engines_fared_is_told_by_the_layers_that_they_propose_for(taught: Store) -> None:
    switch(taught, "crf", None, "off")
    asked, me = taught.find_document("asked.txt"), taught.annotator("me")
    session = session_at(taught, "asked.txt", "me")
    session.suggestions.replace_open(
        "gazetteer",
        [
            proposed_span("PERSON", words, score, text=ASKED)
            for words, score in (("Zed Doe", 0.9), ("home", 0.8), ("Ann Lee", 0.2))
        ],
    )
    session.suggestions.replace_open("rules", [proposed_span("CUE", "saw", 0.6, text=ASKED)])
    shown = {s.proposed.text: s for s in session.annotations.suggested.shown()}
    session.suggestions.reject(shown["home"])
    session.suggestions.accept(shown["Zed Doe"])
    session.suggestions.reject(shown["saw"])
    task = Task(project="", annotator=me.id, documents=(asked,), lenient=True)
    found = [e for e in perform(taught, task, ticking()) if isinstance(e, Fared)]
    fared = {(e.engine, e.layer): (e.right, e.rejected) for e in found}
    assert fared["gazetteer", "entity"] == (1, 1)
    assert fared["gazetteer", "claim"] == (0, 0)
    assert fared["rules", "attribution"] == (0, 1)


def test_an_engine_whose_package_is_gone_is_named_and_the_others_go_on(
    taught: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = msgspec.msgpack.encode({"name": "xx_none", "version": "1", "labels": {"PER": "PERSON"}})
    taught.save_model(
        taught.annotator("me").id, sealed(registry.get("spacy"), "entity", "xx_none", 0, kept)
    )
    monkeypatch.setattr("annotator.suggest.spacy_pipeline.find_spec", lambda name: None)
    found = told(taught, documents=(taught.find_document("asked.txt"),))
    assert [e for e in found if isinstance(e, Broken)] == [
        Broken(
            *("spacy", "entity"),
            "The engine spacy needs spacy. Install with: pip install 'annotator[spacy]'",
        )
    ]
    last = found[-1]
    assert isinstance(last, Proposed)
    assert {asked.engine for asked in last.by} == {"crf", "gazetteer"}
