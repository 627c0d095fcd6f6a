from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotator.tui.window import Place, Window


class Rows:
    """A layout of given row counts: sentences → lines → rows."""

    def __init__(self, shape: list[list[int]]) -> None:
        self.shape = shape
        self.asked: set[int] = set()

    def sentence_count(self) -> int:
        return len(self.shape)

    def has_line(self, ordinal: int, line: int) -> bool:
        self.asked.add(ordinal)
        return line < len(self.shape[ordinal])

    def line_count(self, ordinal: int) -> int:
        self.asked.add(ordinal)
        return len(self.shape[ordinal])

    def rows_of(self, ordinal: int, line: int) -> int:
        self.asked.add(ordinal)
        return self.shape[ordinal][line]

    def every(self) -> list[Place]:
        return [
            Place(o, n, s)
            for o, lines in enumerate(self.shape)
            for n, rows in enumerate(lines)
            for s in range(rows)
        ]


shapes = st.lists(st.lists(st.integers(1, 6), min_size=1, max_size=5), min_size=1, max_size=12).map(
    Rows
)


@given(shapes, st.integers(1, 12), st.lists(st.integers(-30, 30), max_size=8))
def test_the_window_is_a_run_of_rows_however_it_is_scrolled(
    rows: Rows, height: int, steps: list[int]
) -> None:
    window = Window(rows)
    window.height = height
    every, top = rows.every(), 0
    for step in steps:
        window.scroll(step)
        top = min(max(0, top + step), len(every) - 1)
        assert window.places() == every[top : top + height]


@given(shapes, st.integers(1, 12), st.data())
def test_a_sentence_is_brought_in_sight_as_a_whole_where_it_has_room(
    rows: Rows, height: int, data: st.DataObject
) -> None:
    window = Window(rows)
    window.height = height
    window.scroll(data.draw(st.integers(0, len(rows.every()) - 1)))
    ordinal = data.draw(st.integers(0, len(rows.shape) - 1))
    before = window.anchor
    window.reveal_sentence(ordinal)
    wanted = [place for place in rows.every() if place.ordinal == ordinal]
    if len(wanted) <= height:
        assert set(wanted) <= set(window.places())
    else:
        assert window.anchor == before
    window.fill()
    assert len(window.places()) == min(height, len(rows.every()))


@given(shapes, st.integers(1, 12), st.data())
def test_reveal_brings_the_line_in_sight(rows: Rows, height: int, data: st.DataObject) -> None:
    window = Window(rows)
    window.height = height
    for _ in range(4):
        target = data.draw(st.sampled_from([p for p in rows.every() if p.sub == 0]))
        margin = data.draw(st.integers(0, 5))
        window.reveal(target.ordinal, target.line, margin)
        places = window.places()
        assert target in places
        shown = sum(p[:2] == target[:2] for p in places)
        assert shown == min(rows.rows_of(*target[:2]), height)


@given(shapes, st.integers(1, 12), st.data())
def test_a_line_in_sight_with_its_margin_moves_nothing(
    rows: Rows, height: int, data: st.DataObject
) -> None:
    window = Window(rows)
    window.height = height
    target = data.draw(st.sampled_from([p for p in rows.every() if p.sub == 0]))
    window.reveal(target.ordinal, target.line, 1)
    anchor = window.anchor
    window.reveal(target.ordinal, target.line, 1)
    assert window.anchor == anchor


@given(shapes, shapes, st.integers(0, 80))
def test_clamp_finds_a_row_after_any_change(before: Rows, after: Rows, steps: int) -> None:
    window = Window(before)
    window.height = 5
    window.scroll(steps)
    window._layout = after
    window.clamp()
    assert window.anchor in after.every()


def test_a_jump_lays_out_nothing_on_the_way() -> None:
    rows = Rows([[3]] * 50_000)
    window = Window(rows)
    window.height = 40
    window.places()
    rows.asked.clear()
    window.reveal(40_000, 0, 2)
    window.places()
    assert len(rows.asked) < 150


def test_a_document_without_a_sentence_is_scrolled_nowhere() -> None:
    window = Window(Rows([]))
    window.height = 5
    for rows in (3, -3):
        window.scroll(rows)
        assert window.places() == []
