"""Going to a place, and back to where one was."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from annotator.core.page import Stop
from annotator.core.ranges import Range
from annotator.tui.window import Place

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen


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
        screen.session.complete()
    session = screen.session
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
        session.stepping.choose(suggestion)
        return
    session.moved()
    session.reader.move_to(stop.start, extend=session.reader.anchor is not None)
