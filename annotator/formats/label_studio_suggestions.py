"""Suggestions as Label Studio's predictions hold them: spans of an engine, with a score."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from annotator.core.annotation import Origin, Span, Suggestion
from annotator.formats.flattening import pieces
from annotator.formats.label_studio_task import UNNAMED_ENGINE
from annotator.formats.loss import Losses, quoted
from annotator.formats.record import Record
from annotator.formats.reducing import OUT


def open_suggestions(record: Record, losses: Losses) -> Iterator[Suggestion]:
    """The suggestions of spans that nobody has decided on; what else there is goes into losses."""
    for suggestion in record.suggestions:
        span = suggestion.proposed
        if not isinstance(span, Span):
            losses.add("suggestion of no span", OUT, record.document.name)
            continue
        example = f"{record.document.name}: {span.label} {quoted(span.text)}"
        if suggestion.state != "open":
            losses.add("suggestion that was answered", OUT, example)
            continue
        if span.attributes or span.actor or span.note is not None or span.flagged:
            losses.add("attribute, actor, note or flag of a suggestion", OUT, example)
        if len(span.fragments) > 1:
            losses.add("suggested span with gaps", "split into its fragments", example)
        bare = replace(
            span, attributes=(), actor=None, note=None, flagged=False, origin=_origin(span.origin)
        )
        for n, piece in enumerate(pieces(bare, record.document.text)):
            id = f"{suggestion.id} piece {n + 1}" if n else suggestion.id
            yield replace(suggestion, id=id, proposed=piece)


def _origin(given: Origin) -> Origin:
    """Engine and version as one name, which is all that a prediction has."""
    name = " ".join(part for part in (given.engine, given.version) if part)
    return Origin(name or UNNAMED_ENGINE, None, given.score)
