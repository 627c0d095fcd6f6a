"""Merging projects: what comes together, what is kept beside it, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from merge_world import OTHER, Copy, cut_anew, same_text
from msgspec.structs import replace
from store_world import World, new_document

from annotator.core.annotation import Span
from annotator.core.annotation_set import AnnotationSet
from annotator.core.edits import (
    Change,
    create,
    delete,
    delete_annotation,
    merge_sentences,
    split_sentence,
    update,
)
from annotator.core.ids import derived_id
from annotator.errors import BusyError, ProjectError, RuleError, UsageError
from annotator.store.sqlite.project import open_project
from annotator.workflow.doctor import examine
from annotator.workflow.settling import find_conflict, settle

Maker = Callable[..., Copy]


@pytest.fixture
def make(tmp_path: Path, schema_source: str) -> Iterator[Maker]:
    """Projects, closed at the end."""
    made: list[Copy] = []

    def call(name: str, *documents: object, schema: str = schema_source) -> Copy:
        made.append(Copy.make(tmp_path / name, schema, *documents))
        return made[-1]

    def copy(of: Copy, name: str) -> Copy:
        made.append(of.copy(tmp_path / name))
        return made[-1]

    call.copy = copy  # type: ignore[attr-defined]
    yield call
    for each in made:
        each.store.close()


@pytest.fixture
def two(make: Maker) -> tuple[Copy, Copy, Span]:
    """Two copies of a project in which alice labelled one name."""
    first = make("a.db", same_text(), new_document("other.txt", OTHER))
    world = first.at("raqqa.txt", "alice")
    span = world.span("Sillo")
    world.add(span)
    return first, make.copy(first, "b.db"), span  # type: ignore[attr-defined]


def apply(copy: Copy, name: str, *changes: Change, document: str = "raqqa.txt") -> World:
    world = copy.at(document, name)
    copy.store.apply(world.session, world.document.id, "test", changes)
    return world


def spans(copy: Copy, name: str = "alice", document: str = "raqqa.txt") -> list[tuple[str, str]]:
    world = copy.at(document, name)
    return [(s.label, s.text) for s in copy.store.annotations(world.document.id, world.alice).spans]


def spans_of(copy: Copy, name: str = "alice") -> list[Span]:
    world = copy.at("raqqa.txt", name)
    found = copy.store.annotations(world.document.id, world.alice).spans
    return sorted(found, key=lambda s: s.start)


# -- what comes together ---------------------------------------------------------------------------


def test_work_of_two_people_comes_together(two: tuple[Copy, Copy, Span]) -> None:
    mine, theirs, _ = two
    apply(mine, "alice", create(mine.at("raqqa.txt", "alice").span("Raqqa", "LOCATION")))
    apply(theirs, "bob", create(theirs.at("raqqa.txt", "bob").span("SDF", "GROUP")))
    report = mine.merge(theirs)
    assert spans(mine) == [("PERSON", "Sillo"), ("LOCATION", "Raqqa")]
    assert spans(mine, "bob") == [("GROUP", "SDF")]
    assert (report.edits, report.made, report.conflicts) == (
        {str(theirs.path): 1},
        {"span": 1},
        [],
    )
    mine.check()


def test_an_older_copy_brings_nothing(two: tuple[Copy, Copy, Span]) -> None:
    mine, theirs, span = two
    apply(mine, "alice", update(span, replace(span, label="GROUP")))
    before = mine.dump()
    theirs.store.close()
    reopened = Copy.open(theirs.path)
    report = mine.merge(reopened)
    reopened.store.close()
    assert (report.edits, report.changed, report.conflicts) == ({}, {}, [])
    assert mine.dump() == before
    assert spans(mine) == [("GROUP", "Sillo")]


def test_a_newer_copy_is_taken_over(two: tuple[Copy, Copy, Span]) -> None:
    mine, theirs, span = two
    apply(theirs, "alice", update(span, replace(span, label="GROUP")))
    report = mine.merge(theirs)
    assert (spans(mine), report.conflicts) == ([("GROUP", "Sillo")], [])
    assert mine.dump()["history"] == theirs.dump()["history"]


def test_the_same_text_taken_in_twice_is_one_document(make: Maker) -> None:
    old, new = make("a.db", same_text("old.txt")), make("b.db", same_text("new.txt"))
    for copy, name in ((old, "old.txt"), (new, "new.txt")):
        world = copy.at(name, "alice")
        sentence = copy.store.sentences(world.document.id)[0]
        unit = world.unit_label(sentence.id)
        world.add(world.span("Sillo"), unit, world.mark(sentence))
    merged = make.copy(new, "c.db")  # type: ignore[attr-defined]
    report = merged.merge(old)
    old.merge(new)
    assert old.dump() == merged.dump()
    assert [d.name for d in merged.store.documents("")] == ["old.txt"]
    assert spans(merged, document="old.txt") == [("PERSON", "Sillo")] * 2
    world = merged.at("old.txt", "alice")
    made = merged.store.annotations(world.document.id, world.alice)
    assert (len(made.unit_labels), len(made.sentence_marks)) == (2, 1)
    assert (report.documents, report.recut, report.conflicts) == ([], [], [])


def test_what_two_projects_import_from_one_file_is_one_thing(make: Maker) -> None:
    mine, theirs = make("a.db", same_text()), make("b.db", same_text())
    for copy in (mine, theirs):
        copy.act("raqqa.txt", "alice", "import", 0, 0)
    span = spans_of(theirs)[0]
    apply(theirs, "alice", update(span, replace(span, label="GROUP")))
    report = mine.merge(theirs)
    mine.check()
    assert [s.label for s in spans_of(mine)] == ["GROUP", "PERSON"]
    world = mine.at("raqqa.txt", "alice")
    made = mine.store.annotations(world.document.id, world.alice)
    assert (len(made.relations), len(made.unit_labels)) == (1, 1)
    assert len(mine.store.actors()) == 1
    assert (report.made, report.changed, report.conflicts) == ({}, {"span": 1}, [])


def test_the_more_careful_setting_counts_in_either_direction(make: Maker) -> None:
    mine, theirs = make("a.db", same_text()), make("b.db", same_text())
    theirs.store.set_setting("see-others", "off")
    other = make.copy(theirs, "c.db")  # type: ignore[attr-defined]
    report = mine.merge(theirs)
    assert (report.settings, report.is_empty) == ([("see-others", "off")], False)
    assert mine.store.setting("see-others") == "off"
    mine.store.set_setting("see-others", "on")
    assert (other.merge(mine).settings, other.store.setting("see-others")) == ([], "off")
    assert other.merge(mine).is_empty
    assert mine.merge(other, dry_run=True).settings == [("see-others", "off")]
    assert mine.store.setting("see-others") == "on"
    mine.merge(other)
    assert mine.dump() == other.dump()


def test_another_cut_of_the_same_text_keeps_what_lies_on_equal_sentences(make: Maker) -> None:
    first, second = make("a.db", same_text()), make("b.db", cut_anew())
    world = second.at("raqqa.txt", "bob")
    cut = second.store.sentences(world.document.id)
    world.add(world.mark(cut[0]), world.mark(cut[len(cut) - 1]), world.span("Raqqa", "LOCATION"))
    report = first.merge(second)
    assert report.recut == ["raqqa.txt"]
    mine = first.at("raqqa.txt", "bob")
    made = first.store.annotations(mine.document.id, mine.alice)
    kept = first.store.sentences(mine.document.id)
    assert [m.sentence for m in made.sentence_marks] == [kept[0].id]
    assert [(i.conflict.kind, i.in_force) for i in report.conflicts] == [("sentence_mark", None)]
    assert [s.text for s in made.spans] == ["Raqqa"]


def test_names_of_other_texts_are_told_apart(make: Maker) -> None:
    first, second = make("a.db", same_text()), make("b.db", new_document("raqqa.txt", OTHER))
    apply(second, "alice", create(second.at("raqqa.txt", "alice").span("Another", "PERSON")))
    report = first.merge(second)
    names = [d.name for d in first.store.documents("")]
    assert names[0] == "raqqa.txt"
    assert report.renamed == [("raqqa.txt", names[1])]
    assert spans(first) == []
    assert spans(first, document=names[1]) == [("PERSON", "Another")]
    second.merge(first)
    assert second.dump() == first.dump()


def test_cursors_come_along_where_they_are_newer(two: tuple[Copy, Copy, Span]) -> None:
    mine, theirs, _ = two
    world = theirs.at("raqqa.txt", "bob")
    theirs.store.save_position(world.document.id, world.alice, 7)
    apply(theirs, "bob", create(world.span("SDF", "GROUP")))
    mine.merge(theirs)
    here = mine.at("raqqa.txt", "bob")
    assert mine.store.position(here.document.id, here.alice) == 7


# -- conflicts -------------------------------------------------------------------------------------


def test_both_versions_of_what_both_changed_are_kept(two: tuple[Copy, Copy, Span]) -> None:
    mine, theirs, span = two
    apply(mine, "alice", update(span, replace(span, label="GROUP")))
    apply(theirs, "alice", update(span, replace(span, label="LOCATION")))
    report = mine.merge(theirs)
    (info,) = report.conflicts
    assert {info.in_force.label, info.other.label} == {"GROUP", "LOCATION"}
    assert (info.document, info.annotator, info.verb) == ("raqqa.txt", "alice", "test")
    assert mine.merge(theirs).conflicts == []
    assert [i.conflict for i in mine.store.conflicts()] == [info.conflict]
    row = mine.store._db.row("SELECT kind, in_force, text, other FROM open_conflict")
    assert row == ("span", info.in_force.label, "Sillo", info.other.label)


def test_what_one_deleted_and_the_other_tied_stays(two: tuple[Copy, Copy, Span]) -> None:
    mine, theirs, span = two
    apply(mine, "alice", delete(span))
    world = theirs.at("raqqa.txt", "alice")
    claim = world.span("operations", "CLAIM", "claim")
    apply(
        theirs, "alice", create(claim), create(world.relation(("claim", claim), ("source", span)))
    )
    mine.merge(theirs)
    assert sorted(spans(mine)) == [("CLAIM", "operations"), ("PERSON", "Sillo")]
    (info,) = mine.store.conflicts()
    assert (info.in_force, info.other) == (replace(span, revision=1), None)
    mine.check()
    alice = mine.at("raqqa.txt", "alice")
    settle(mine.store, alice.alice, info, "other")
    made = mine.store.annotations(alice.document.id, alice.alice)
    assert [s.text for s in made.spans] == ["operations"]
    assert made.relations == ()
    mine.check()
    assert list(mine.store.conflicts()) == []
    assert mine.store.undo(alice.session, alice.document.id) is not None
    assert len(list(mine.store.conflicts())) == 1
    mine.check()


def test_a_relation_that_lost_an_argument_here_and_got_a_note_there(
    two: tuple[Copy, Copy, Span],
) -> None:
    mine, theirs, span = two
    world = mine.at("raqqa.txt", "alice")
    claim, cue = world.span("operations", "CLAIM", "claim"), world.span("said", "CUE", "cue")
    tie = world.relation(("claim", claim), ("source", span), ("cue", cue))
    apply(mine, "alice", create(claim), create(cue), create(tie))
    theirs.merge(mine)
    made = AnnotationSet((claim, cue, span), (tie,))
    apply(mine, "alice", *delete_annotation(made, mine.store.schema(), cue))
    apply(theirs, "alice", update(tie, replace(tie, note="odd")))
    mine.merge(theirs)
    alice = mine.at("raqqa.txt", "alice")
    (kept,) = mine.store.annotations(alice.document.id, alice.alice).relations
    shown = {i.conflict.kind: i for i in mine.store.conflicts()}
    assert kept.note == "odd"
    assert len(kept.arguments) == 3
    assert len(shown["relation"].other.arguments) == 2
    assert shown["span"].other is None
    mine.check()


def test_the_same_split_on_both_sides_is_one(two: tuple[Copy, Copy, Span]) -> None:
    mine, theirs, _ = two
    for copy in (mine, theirs):
        world = copy.at("raqqa.txt", "alice")
        first = copy.store.sentences(world.document.id)[0]
        at = world.document.text.index("confirmed")
        id = derived_id(first.id, "split", str(at))
        apply(copy, "alice", *split_sentence(first, world.document.text, at, id))
    before = mine.dump()["sentence"]
    assert mine.merge(theirs).conflicts == []
    assert mine.dump()["sentence"] == before


@pytest.mark.parametrize("keep", ["this", "other"])
def test_two_cuts_of_one_sentence_are_settled_as_a_whole(
    two: tuple[Copy, Copy, Span], keep: str
) -> None:
    mine, theirs, _ = two
    for copy, word in ((mine, "confirmed"), (theirs, "operations")):
        world = copy.at("raqqa.txt", "alice")
        first = copy.store.sentences(world.document.id)[0]
        at = world.document.text.index(word)
        id = derived_id(first.id, "split", str(at))
        apply(copy, "alice", *split_sentence(first, world.document.text, at, id))
    ours, others = ([(s[2], s[3]) for s in c.dump()["sentence"]] for c in (mine, theirs))
    mine.merge(theirs)
    kept = [(s[2], s[3]) for s in mine.dump()["sentence"]]
    other = others if kept == ours else ours
    found = list(mine.store.conflicts())
    assert {i.conflict.kind for i in found} == {"sentence"}
    alice = mine.at("raqqa.txt", "alice")
    settle(mine.store, alice.alice, found[0], keep)
    assert list(mine.store.conflicts()) == []
    assert [(s[2], s[3]) for s in mine.dump()["sentence"]] == (kept if keep == "this" else other)
    mine.check()
    mine.store.undo(alice.session, alice.document.id)
    assert [(s[2], s[3]) for s in mine.dump()["sentence"]] == kept
    mine.check()


def test_a_mark_on_a_sentence_that_was_merged_away_is_kept(two: tuple[Copy, Copy, Span]) -> None:
    mine, theirs, _ = two
    world = mine.at("raqqa.txt", "alice")
    first, second, *_ = mine.store.sentences(world.document.id)
    apply(mine, "alice", *merge_sentences(first, second))
    apply(mine, "alice", create(world.span("Raqqa")))
    bob = theirs.at("raqqa.txt", "bob")
    apply(theirs, "bob", create(bob.span("SDF")))
    apply(theirs, "bob", create(bob.mark(second)))
    mine.merge(theirs)
    (info,) = mine.store.conflicts()
    assert (info.in_force, info.other.sentence) == (None, second.id)
    with pytest.raises(RuleError, match="does not exist"):
        settle(mine.store, world.alice, info, "other")


def test_an_actor_deleted_here_and_mentioned_there_stays(two: tuple[Copy, Copy, Span]) -> None:
    mine, theirs, span = two
    world = mine.at("raqqa.txt", "alice")
    actor = world.actor()
    apply(mine, "alice", create(actor))
    theirs.merge(mine)
    mine.store.undo(world.session, world.document.id)
    apply(theirs, "alice", update(span, replace(span, actor=actor.id)))
    mine.merge(theirs)
    assert [a.id for a in mine.store.actors()] == [actor.id]
    (info,) = mine.store.conflicts()
    assert (info.conflict.kind, info.other) == ("actor", None)
    mine.check()


def test_undo_after_a_merge_never_gets_stuck(two: tuple[Copy, Copy, Span]) -> None:
    mine, theirs, span = two
    for copy, label in ((mine, "GROUP"), (theirs, "LOCATION")):
        now = span
        for word in ("SDF", "Raqqa"):
            world = apply(copy, "alice", create(copy.at("raqqa.txt", "alice").span(word, label)))
            after = update(now, replace(now, label=label, note=word))
            apply(copy, "alice", after)
            now = after.after
    mine.merge(theirs)
    world = mine.at("raqqa.txt", "alice")
    count = 0
    while mine.store.undo(world.session, world.document.id) is not None:
        count += 1
    assert count == 7  # the first label, four more, and the two notes that are in force
    assert spans(mine) == []
    while mine.store.redo(world.session, world.document.id) is not None:
        count -= 1
    assert count == 0
    mine.check()


def test_a_conflict_is_found_by_the_end_of_its_id(two: tuple[Copy, Copy, Span]) -> None:
    mine, theirs, span = two
    apply(mine, "alice", update(span, replace(span, label="GROUP")))
    apply(theirs, "alice", update(span, replace(span, label="LOCATION")))
    (info,) = mine.merge(theirs).conflicts
    assert find_conflict(mine.store, info.conflict.id[-8:]) == info
    for id in ("", "nonsense"):
        with pytest.raises(UsageError, match="no open conflict ends with"):
            find_conflict(mine.store, id)


# -- schemas ---------------------------------------------------------------------------------------


def test_the_schema_that_has_all_is_in_force_afterwards(make: Maker, schema_source: str) -> None:
    more = schema_source + '\n[layer.entity.labels.ANIMAL]\nkey = "A"\n'
    small, large = make("a.db", same_text()), make("b.db", same_text("x.txt"), schema=more)
    apply(large, "bob", create(large.at("x.txt", "bob").span("SDF", "ANIMAL")), document="x.txt")
    small.merge(large)
    assert small.store.schema_source() == more
    large.merge(small)
    assert large.dump() == small.dump()


def test_schemas_that_do_not_go_together_are_refused(make: Maker, schema_source: str) -> None:
    other = schema_source.replace("layer.entity.labels.PERSON", "layer.entity.labels.HUMAN")
    mine, theirs = make("a.db", same_text()), make("b.db", same_text(), schema=other)
    before = mine.path.read_bytes()
    with pytest.raises(UsageError, match=r"do not go together: .*HUMAN"):
        mine.merge(theirs)
    assert mine.path.read_bytes() == before


# -- safety ----------------------------------------------------------------------------------------


def test_a_dry_run_says_the_same_and_writes_nothing(two: tuple[Copy, Copy, Span]) -> None:
    mine, theirs, span = two
    apply(mine, "alice", update(span, replace(span, label="GROUP")))
    apply(theirs, "alice", update(span, replace(span, label="LOCATION")))
    before, theirs_before = mine.path.read_bytes(), theirs.path.read_bytes()
    foretold = mine.merge(theirs, dry_run=True)
    assert mine.path.read_bytes() == before
    assert mine.merge(theirs) == foretold
    assert theirs.path.read_bytes() == theirs_before


def test_a_log_that_does_not_lead_to_what_is_stored_stops_the_merge(
    two: tuple[Copy, Copy, Span],
) -> None:
    mine, theirs, _ = two
    apply(theirs, "bob", create(theirs.at("raqqa.txt", "bob").span("SDF", "GROUP")))
    with theirs.store.transaction():
        theirs.store._db.write("UPDATE span SET label = 'PLACE'")
    before = mine.path.read_bytes()
    with pytest.raises(ProjectError, match=r"b\.db: what is stored of 'raqqa\.txt' is not"):
        mine.merge(theirs)
    assert mine.path.read_bytes() == before


def test_a_merge_that_fails_half_way_leaves_the_target_as_it_was(
    two: tuple[Copy, Copy, Span], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, theirs, _ = two
    apply(theirs, "bob", create(theirs.at("raqqa.txt", "bob").span("SDF", "GROUP")))
    before = mine.dump()
    with monkeypatch.context() as patch:
        patch.setattr(
            "annotator.store.sqlite.merge_writer.MergeWriter.renumber",
            lambda _: (_ for _ in ()).throw(BusyError("full")),
        )
        with pytest.raises(BusyError, match="full"):
            mine.merge(theirs)
    assert mine.dump() == before
    assert mine.merge(theirs).made == {"span": 1}


def test_a_file_that_holds_a_text_twice_is_taken_in_in_any_order(make: Maker) -> None:
    once = make("a.db", same_text("here.txt"), new_document("other.txt", OTHER))
    twice = make("b.db", same_text("x.txt"), same_text("y.txt"))
    for copy, name, word in (
        (once, "here.txt", "Sillo"),
        (twice, "x.txt", "Talal"),
        (twice, "y.txt", "Raqqa"),
    ):
        world = copy.at(name, "alice")
        sentence = copy.store.sentences(world.document.id)[0]
        world.add(world.span(word), world.mark(sentence), world.unit_label(sentence.id))
        copy.store.undo(world.session, world.document.id)
        copy.store.redo(world.session, world.document.id)
    base = make("base.db")
    dumps = []
    for number, steps in enumerate((((once, twice),), ((twice, once),), ((twice,), (once,)))):
        merged = make.copy(base, f"m{number}.db")  # type: ignore[attr-defined]
        reports = [merged.merge(*files) for files in steps]
        assert [pair for r in reports for pair in r.doubled] == [("x.txt", "y.txt")]
        dumps.append(merged.dump())
        assert merged.merge(twice, once).is_empty
        assert merged.dump() == dumps[-1]
        merged.check()
        found = sorted(text for _, text in spans(merged, document="here.txt"))
        assert found == ["Raqqa", "Sillo", "Talal"]
    assert dumps[0] == dumps[1] == dumps[2]
    once.merge(twice)
    once.check()
    assert [d.name for d in once.store.documents("")] == ["here.txt", "other.txt"]
    with pytest.raises(ProjectError, match=r"'x\.txt' and 'y\.txt' have the same text") as error:
        twice.merge(once)
    assert "new project" in error.value.hint


def test_a_source_may_be_on_a_read_only_medium(two: tuple[Copy, Copy, Span]) -> None:
    mine, theirs, _ = two
    apply(theirs, "bob", create(theirs.at("raqqa.txt", "bob").span("SDF", "GROUP")))
    theirs.store.close()
    before = theirs.path.read_bytes()
    with open_project(theirs.path, read_only=True) as source:
        assert mine.store.merge([source]).made == {"span": 1}
    assert theirs.path.read_bytes() == before


# -- the doctor ------------------------------------------------------------------------------------


@pytest.fixture
def parted(two: tuple[Copy, Copy, Span]) -> Copy:
    """A merged project with a conflict about one span."""
    mine, theirs, span = two
    for copy, label in ((mine, "GROUP"), (theirs, "LOCATION")):
        apply(copy, "alice", update(span, replace(span, label=label)))
    mine.merge(theirs)
    return mine


def kinds(copy: Copy) -> set[str]:
    return {finding.kind for finding in examine(copy.store)}


def test_the_doctor_finds_nothing_in_a_merged_project(parted: Copy) -> None:
    assert kinds(parted) == set()


def test_the_doctor_finds_a_version_that_nobody_made(parted: Copy) -> None:
    with parted.store.transaction():
        parted.store._db.write("UPDATE span SET label = 'PERSON'")
    assert "replay" in kinds(parted)


def test_the_doctor_finds_a_broken_stack_in_a_merged_project(parted: Copy) -> None:
    with parted.store.transaction():
        parted.store._db.write("UPDATE history SET redo_id = undo_id")
    assert kinds(parted) == {"history"}
