"""The stacks of undo and redo, found again from the log."""

from __future__ import annotations

from annotator.core.replaying import LogEntry
from annotator.core.undo_stacks import UndoStacks


def entry(id: str, target: str | None = None, *, undoable: bool = True) -> LogEntry:
    return LogEntry(
        id=id, clock=1, session="s", annotator="a", document="d", time="", verb="v",
        target=target, undoable=undoable,
    )  # fmt: skip


def undo(id: str, target: str) -> LogEntry:
    return entry(id, target, undoable=False)


def test_undo_and_redo_move_between_the_stacks() -> None:
    log = [entry("1"), entry("2"), undo("3", "2"), undo("4", "1"), entry("5", "1")]
    stacks = UndoStacks(log)
    assert (stacks.undo, stacks.redo) == (["5"], ["3"])
    assert stacks.previous == {"1": None, "2": "1", "3": None, "4": "3", "5": None}


def test_a_new_edit_ends_redoing() -> None:
    stacks = UndoStacks([entry("1"), undo("2", "1"), entry("3")])
    assert (stacks.undo, stacks.redo) == (["3"], [])


def test_an_undo_made_apart_closes_the_gap() -> None:
    stacks = UndoStacks([entry("1"), entry("2"), entry("3"), undo("4", "2")])
    assert (stacks.undo, stacks.redo) == (["1", "3"], ["4"])
    assert stacks.previous["3"] == "1"


def test_undone_twice_is_undone_once() -> None:
    stacks = UndoStacks([entry("1"), entry("2"), undo("3", "2"), undo("4", "2")])
    assert (stacks.undo, stacks.redo) == (["1"], ["3"])


def test_lost_edits_are_on_no_stack() -> None:
    stacks = UndoStacks([entry("1"), entry("2"), entry("3")], {"2"})
    assert (stacks.undo, stacks.previous["3"]) == (["1", "3"], "1")


def test_edits_that_are_on_no_stack_use_none() -> None:
    assert not UndoStacks([entry("1", undoable=False)]).is_used
    assert UndoStacks([entry("1")], {"1"}).is_used
