"""Going to a place, and back to where one was."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from annotator.core.page import Stop
from annotator.core.ranges import Range
from annotator.errors import RuleError
from annotator.tui.window import Place

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen
    from annotator.workflow.annotate import AnnotateSession


class Left(NamedTuple):
    """Where one was: the cursor with its selection, the annotation chosen, the rows in sight."""

    held: tuple[int, Range | None, Range | None]
    focus: str | None
    anchor: Place


def place_of(screen: AnnotateScreen) -> Left:
    """Where the cursor and the view are now."""
    session = screen.session
    return Left(session.reader.held(), session.focus_id, screen.view.window.anchor)


def put_back(screen: AnnotateScreen, left: Left) -> None:
    """Back to where one was in the open document."""
    session = screen.session
    session.reader.put_back(left.held)
    session.focus_id = left.focus
    screen.view.window.anchor = left.anchor


def visit(screen: AnnotateScreen, stop: Stop) -> None:
    """Put the cursor, and the focus where an annotation is meant, on a place of any document.

    Where a selection was started in the same document and no annotation is meant, it reaches there.
    """
    if stop.document != screen.session.document.id:
        screen.open_document(stop.document)
    session = screen.session
    if not session.is_complete:
        session.reader.move_to(stop.start)
        screen.reading_on.then(partial(_arrive, screen, stop))
        return
    _choose(session, stop)


def _arrive(screen: AnnotateScreen, stop: Stop) -> None:
    """Choose what is meant, unless the cursor went on meanwhile."""
    here = screen.session.reader.cursor
    is_there = here.start <= stop.start < max(here.end, here.start + 1)
    if is_there and stop.document == screen.session.document.id:
        _choose(screen.session, stop)
        screen.bring_up_to_date()


def _choose(session: AnnotateSession, stop: Stop) -> None:
    span = session.annotations.spans.get(stop.target or "")
    if span is not None:
        session.choose(span)
        return
    if stop.target in session.annotations.unit_labels:
        session.reader.clear()
        session.reader.move_to(stop.start)
        session.focus_id = stop.target
        return
    suggestion = session.annotations.suggested.open.get(stop.target or "")
    if suggestion is not None:
        session.stepping.choose(suggestion.id)
        return
    session.moved()
    session.reader.move_to(stop.start, extend=session.reader.anchor is not None)


def show(screen: AnnotateScreen, target: str) -> None:
    """Go to an annotation or suggestion (id) of the open document; of an actor, ask what to do.

    Of a relation the first of its spans is meant, of what is proposed its suggestion. Raises
    RuleError where it is gone.
    """
    session = screen.session
    annotations, suggested = session.annotations, session.annotations.suggested
    actor, relation = annotations.actors.get(target), annotations.relations.get(target)
    if actor is not None:
        screen.going.actor(actor)
        return
    if relation is not None:
        ends = (a.target for a in relation.arguments if a.target in annotations.spans)
        target = next(ends, target)
    proposing = (s.id for s in suggested.proposing(target) if suggested.is_shown(s.id))
    target = next(proposing, target)
    if not (
        target in annotations.spans
        or target in annotations.unit_labels
        or suggested.is_shown(target)
    ):
        raise RuleError("that is gone")
    session.stepping.choose(target)
