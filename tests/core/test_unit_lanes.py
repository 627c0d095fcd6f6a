from __future__ import annotations

import pytest

from annotator.core.annotation import AttributeValues, UnitLabel
from annotator.core.lanes import State
from annotator.core.safe_text import cell_width
from annotator.core.unit_lanes import Unit, unit_rows


def unit(label: str, state: State = "plain", sentence: str | None = "s", **rest: object) -> Unit:
    made = UnitLabel(label, "d", "alice", "worth", label, sentence, **rest)  # type: ignore[arg-type]
    return made, made.id, state


def texts(*units: Unit, width: int = 60) -> list[str]:
    return [row.text for row in unit_rows(units, width)]


def test_labels_are_told_without_colour() -> None:
    topic = (AttributeValues("topic", ("money", "law"), True),)
    assert texts(
        unit("CHECK", "focus", flagged=True, attributes=topic),
        unit("MINOR", "suggestion"),
        unit("REPORT", sentence=None),
    ) == ["◇ document: REPORT", "◆ CHECK? · topic: money, law~  ◇ ?MINOR"]
    assert texts(unit("MINOR", "next")) == ["◈ ?MINOR"]
    assert texts() == []


def test_what_has_no_room_is_cut_or_counted() -> None:
    assert texts(unit("A" * 30), width=12) == ["◇ AAAAAAAAA…"]
    many = [unit(f"LABEL_{n}") for n in range(9)]
    assert texts(*many, width=40) == ["◇ LABEL_0  ◇ LABEL_1  ◇ LABEL_2  +6 more"]


@pytest.mark.parametrize("width", [1, 4, 8, 13, 40, 200])
def test_a_row_keeps_to_its_cells_and_is_safe(width: int) -> None:
    odd = [unit(f"漢字\x1b[31m{n}👨‍👩‍👧") for n in range(6)]
    for row in unit_rows(odd, width):
        assert cell_width(row.text) <= width
        assert "\x1b" not in row.text
        assert [s.column for s in row.segments] == sorted(s.column for s in row.segments)
        for segment in row.segments:
            assert cell_width(segment.text) == segment.cells
