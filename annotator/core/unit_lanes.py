"""The row that says which labels lie on a whole sentence, or on the document.

It can be read without colour: ``◆`` stands before the focus, ``◈`` before the suggestion that is
next, ``◇`` before others, ``?`` before what is only suggested and behind what is doubted, ``~``
behind an uncertain attribute.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from annotator.core.annotation import UnitLabel
from annotator.core.lanes import LaneRow, LaneSegment, State
from annotator.core.safe_text import fit, safe

_GAP = 2
_LEAST = 8
"""Cells below which no further label is begun, but counted."""

Unit = tuple[UnitLabel, str, State]
"""A label, the id under which it may be the focus, and how it is drawn."""


def unit_rows(units: Sequence[Unit], width: int) -> tuple[LaneRow, ...]:
    """One row for the document's labels and one for the sentence's, as far as there are any.

    Each takes up to ``width`` cells; labels that have no room are counted.
    """
    document = [unit for unit in units if unit[0].sentence is None]
    sentence = [unit for unit in units if unit[0].sentence is not None]
    return tuple(_row(group, width) for group in (document, sentence) if group)


def caption_of(label: UnitLabel, state: State) -> str:
    """What a label's place in the row says, safe to print."""
    sign = {"focus": "◆", "next": "◈"}.get(state, "◇")
    lead = "?" if state in ("suggestion", "next") else ""
    scope = "document: " if label.sentence is None else ""
    doubt = "?" if label.flagged else ""
    parts = [f"{sign} {lead}{scope}{safe(label.label)}{doubt}", *_attributes(label)]
    return " · ".join(parts)


def _attributes(label: UnitLabel) -> Iterable[str]:
    for attribute in label.attributes:
        doubt = "~" if attribute.uncertain else ""
        yield f"{safe(attribute.name)}: {safe(', '.join(attribute.values))}{doubt}"


def _row(units: Sequence[Unit], width: int) -> LaneRow:
    segments: list[LaneSegment] = []
    at = 0
    for number, (label, id, state) in enumerate(units):
        left = len(units) - number
        room = width - at - (len(f"+{left} more") + _GAP if left > 1 else 0)
        if segments and room < _LEAST:
            text, cells = fit(f"+{left} more", width - at)
            if cells:
                segments.append(LaneSegment(at, cells, text, "", "", "", "more"))
            break
        caption = caption_of(label, state)
        text, cells = fit(caption, max(1, room))
        if len(text) < len(caption):
            text, cells = fit(caption, max(0, room - 1))
            text, cells = f"{text}…", cells + 1
        segments.append(
            LaneSegment(at, cells, text, id, label.layer, label.label, "bracket", state)
        )
        at += cells + _GAP
    return LaneRow(tuple(segments))
