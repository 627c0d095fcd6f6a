"""One record changed in several files: what is in force, and what is kept beside it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from annotator.core.annotation import Span
from annotator.core.edits import Change, create, delete, update
from annotator.core.threads import Thread
from annotator.errors import ProjectError

SPAN = Span("s", "d", "a", "entity", "PERSON", ((0, 2),), "ab")


def labelled(before: Span, label: str) -> Change:
    return update(before, replace(before, label=label))


def after(change: Change) -> Span:
    assert isinstance(change.after, Span)
    return change.after


def thread(*changes: Change) -> Thread:
    made = Thread(None)
    for number, change in enumerate((create(SPAN), *changes)):
        made.take(change, f"edit {number}", 0)
    return made


def kept(made: Thread) -> list[object]:
    return [v.record and (v.record.label, v.edit) for v in made.contenders()]


def test_changes_one_after_the_other_are_no_conflict() -> None:
    first = labelled(SPAN, "GROUP")
    made = thread(first, labelled(after(first), "PLACE"))
    assert (made.now.record, kept(made)) == (replace(SPAN, label="PLACE", revision=3), [])


def test_the_later_of_two_changes_is_in_force_and_the_other_is_kept() -> None:
    made = thread(labelled(SPAN, "GROUP"), labelled(SPAN, "PLACE"))
    assert made.now.record == replace(SPAN, label="PLACE", revision=2)
    assert kept(made) == [("GROUP", "edit 1")]


def test_work_that_goes_on_from_the_kept_version_brings_it_in_force() -> None:
    mine = labelled(SPAN, "GROUP")
    made = thread(mine, labelled(SPAN, "PLACE"), labelled(after(mine), "EVENT"))
    assert made.now.record == replace(SPAN, label="EVENT", revision=3)
    assert kept(made) == [("PLACE", "edit 2")]


def test_the_same_change_twice_is_none() -> None:
    made = thread(labelled(SPAN, "GROUP"), labelled(SPAN, "GROUP"))
    assert (made.now.record, kept(made)) == (replace(SPAN, label="GROUP", revision=2), [])


def test_a_side_that_is_only_older_takes_nothing_back() -> None:
    mine = labelled(SPAN, "GROUP")
    made = thread(mine, labelled(after(mine), "PLACE"), labelled(SPAN, "GROUP"))
    assert (made.now.record, kept(made)) == (replace(SPAN, label="PLACE", revision=3), [])


@pytest.mark.parametrize("deletion_first", [True, False])
def test_a_change_beats_a_deletion_whichever_came_later(deletion_first: bool) -> None:
    changes = [delete(SPAN), labelled(SPAN, "GROUP")]
    made = thread(*(changes if deletion_first else reversed(changes)))
    assert made.now.record == replace(SPAN, label="GROUP", revision=2)
    assert kept(made) == [None]


def test_a_deletion_that_was_undone_is_no_conflict() -> None:
    back = Change(None, replace(SPAN, revision=2))
    made = thread(delete(SPAN), labelled(SPAN, "GROUP"), back)
    assert made.now.record == replace(SPAN, label="GROUP", revision=2)
    assert kept(made) == []
    made.take(labelled(after(back), "PLACE"), "edit 4", 0)
    assert made.now.record == replace(SPAN, label="PLACE", revision=3)
    assert kept(made) == [("GROUP", "edit 2")]


def test_who_changed_and_took_it_back_stands_in_nobodys_way() -> None:
    mine = labelled(SPAN, "GROUP")
    made = thread(mine, labelled(after(mine), "PERSON"), labelled(SPAN, "PLACE"))
    assert (made.now.record, kept(made)) == (replace(SPAN, label="PLACE", revision=2), [])


def test_deleting_twice_is_deleting() -> None:
    made = thread(delete(SPAN), delete(SPAN))
    assert (made.now.record, kept(made)) == (None, [])


def test_a_deletion_set_aside_is_kept() -> None:
    made = thread(delete(SPAN))
    made.restore()
    assert (made.now.record, kept(made)) == (SPAN, [None])


def test_a_gap_in_the_log_is_an_error() -> None:
    with pytest.raises(ProjectError, match="no version 7"):
        thread(labelled(replace(SPAN, label="EVENT", revision=7), "GROUP"))
