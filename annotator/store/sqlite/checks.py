"""What must hold of a record before it is written, whatever the caller believed.

Offsets that do not fit their text are refused here, so that no edit, import or bug elsewhere can
move one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from math import isfinite
from typing import Final

from annotator.core.annotation import (
    Actor,
    Record,
    Relation,
    Span,
    Suggestion,
    UnitLabel,
    surface,
)
from annotator.core.document import Sentence
from annotator.core.edits import Changes
from annotator.core.naming import named, quoted
from annotator.errors import InputError, RuleError
from annotator.store.sqlite.connection import Connection

_REFERRERS: Final = {
    Actor: (
        ("a span mentions", "SELECT text FROM span WHERE actor_id = ?"),
        ("a relation names", "SELECT role FROM argument WHERE actor_id = ?"),
    ),
    Span: (("a relation holds", "SELECT role FROM argument WHERE span_id = ?"),),
    Relation: (("a relation holds", "SELECT role FROM argument WHERE relation_argument_id = ?"),),
    Sentence: (
        (
            "an annotator marked",
            "SELECT name FROM sentence_mark JOIN annotator ON annotator.id = annotator_id"
            " WHERE sentence_id = ?",
        ),
        ("a label is on", "SELECT label FROM unit_label WHERE sentence_id = ?"),
    ),
}

_NEIGHBOURS: Final = (
    'SELECT start, "end" FROM (SELECT start, "end" FROM sentence WHERE document_id = ?1'
    " AND start < ?2 ORDER BY start DESC LIMIT 1)"
    ' UNION ALL SELECT start, "end" FROM (SELECT start, "end" FROM sentence'
    " WHERE document_id = ?1 AND start >= ?2 ORDER BY start LIMIT 2)"
)


def check_place(record: Record, text_of: Callable[[str], str]) -> None:
    """Raise InputError where a span, proposed span or sentence does not fit its document's text,
    or a score is no number that both SQL and JSON can hold."""
    if isinstance(record, Span | Relation | UnitLabel):
        score = record.origin.score
        if score is not None and not isfinite(score):
            raise InputError(f"{named(record)} has the score {score}, which is no finite number.")
    if isinstance(record, Suggestion):
        check_place(record.proposed, text_of)
    elif isinstance(record, Sentence):
        length = len(text_of(record.document))
        if not 0 <= record.start < record.end <= length:
            raise InputError(f"{named(record)} does not lie in the text of {length} characters.")
    elif isinstance(record, Span):
        _check_span(record, text_of(record.document))


def _check_span(span: Span, text: str) -> None:
    places = span.fragments
    if not places:
        raise InputError(f"The span {span.id} has no fragment.")
    if any(not 0 <= start < end <= len(text) for start, end in places):
        raise InputError(
            f"{named(span)} does not lie in the text of {len(text)} characters.",
            "Offsets count code points; those of other tools must be converted.",
        )
    if any(first[1] >= second[0] for first, second in pairwise(places)):
        raise InputError(f"The fragments of {named(span)} touch, overlap or are out of order.")
    found = surface(text, places)
    if found != span.text:
        raise InputError(
            f"{named(span)} is not what the document says there: {quoted(found)}.",
            "Offsets count code points; those of other tools must be converted.",
        )


def check_references(connection: Connection, changes: Changes) -> None:
    """Look, after all changes are written, that nothing refers to what is not there.

    Raises RuleError: what is deleted is still used, or what is made needs something missing.
    """
    for change in changes:
        if change.after is None:
            _check_unused(connection, change.record)
        else:
            _check_targets(connection, change.after)


def _check_unused(connection: Connection, gone: Record) -> None:
    for what, query in _REFERRERS.get(type(gone), ()):
        found = connection.rows(query, (gone.id,))
        if found:
            raise RuleError(
                f"{named(gone)} cannot go: {what} it ({quoted(str(found[0][0]))}"
                f"{f' and {len(found) - 1} more' if len(found) > 1 else ''}).",
                "Take that away first, or both in one edit.",
            )


def _check_targets(connection: Connection, record: Record) -> None:
    for kind, id in targets_of(record):
        if connection.row(f"SELECT 1 FROM {kind} WHERE id = ?", (id,)) is None:
            raise RuleError(
                f"{named(record)} refers to the {kind} {id}, which does not exist.",
                "Someone may have deleted it; load the document again.",
            )


def targets_of(record: Record) -> Iterable[tuple[str, str]]:
    """Kind and id of the records that this one cannot be without."""
    if isinstance(record, Relation):
        yield from ((a.kind, a.target) for a in record.arguments)
    if isinstance(record, Span) and record.actor is not None:
        yield ("actor", record.actor)
    sentence = getattr(record, "sentence", None)
    if sentence is not None:
        yield ("sentence", sentence)


def check_cut(connection: Connection, changes: Changes) -> None:
    """Raise RuleError where a changed sentence now overlaps its neighbour."""
    for change in changes:
        now = change.after
        if not isinstance(now, Sentence):
            continue
        around = connection.rows(_NEIGHBOURS, (now.document, now.start))
        if any(first[1] > second[0] for first, second in pairwise(around)):
            raise RuleError(
                f"{named(now)} would overlap another sentence.",
                "Someone may have cut the document anew; load it again.",
            )
