from __future__ import annotations

from itertools import pairwise, permutations

import pytest
from awkward_text import texts, widths
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from annotator.core.annotation import (
    Actor,
    Argument,
    AttributeValues,
    Fragments,
    Relation,
    Span,
    surface,
)
from annotator.core.annotation_set import AnnotationSet
from annotator.core.lanes import (
    BLOCK,
    LaneRow,
    Mark,
    State,
    assign_rows,
    block_of,
    lanes_for,
    mark_of,
)
from annotator.core.link_tags import TagIndex
from annotator.core.schema import Schema
from annotator.core.visual_lines import wrap

TEXT = (
    "Talal Sillo, a spokesman for the SDF, confirmed operations had begun in co-ordination "
    "with the US-led coalition."
)


def span(id: str, layer: str, label: str, *pieces: str, text: str = TEXT, **more: object) -> Span:
    fragments = tuple((text.index(p), text.index(p) + len(p)) for p in pieces)
    return Span(id, "d", "a", layer, label, fragments, surface(text, fragments), **more)  # type: ignore[arg-type]


def relation(id: str, type: str, *arguments: tuple[str, str, str]) -> Relation:
    filled = tuple(Argument(role, kind, target) for role, kind, target in arguments)  # type: ignore[arg-type]
    return Relation(id, "d", "a", type, filled)


SPANS = [
    span("1", "entity", "PERSON", "Talal Sillo"),
    span("2", "entity", "GROUP", "SDF"),
    span("3", "source", "SOURCE", "Talal Sillo, a spokesman for the SDF"),
    span("4", "cue", "CUE", "confirmed"),
    span("5", "claim", "CLAIM", TEXT[TEXT.index("operations") : -1]),
    span("6", "entity", "LOCATION", "US"),
]
TIES = [relation("r", "attribution", ("claim", "span", "5"), ("source", "span", "3"))]


def picture(text: str, width: int, marks: list[Mark], **more: int) -> list[str]:
    rows = assign_rows(marks)
    shown = []
    for line in wrap(text, 0, len(text), width):
        shown.append(line.text.rstrip())
        shown += [row.text for row in lanes_for(line, marks, rows, **more)]
    return shown


def one(pieces: Fragments, text: str = TEXT, **more: object) -> Mark:
    return mark_of(Span("1", "d", "a", "entity", "PERSON", pieces, surface(text, pieces), **more))  # type: ignore[arg-type]


def test_the_picture_of_the_design(news: Schema) -> None:
    tags, made = TagIndex(news, SPANS), AnnotationSet(SPANS, TIES)
    marks = [mark_of(s, tags.tag_of(s, made), linked=tags.linked(s.layer)) for s in SPANS]
    assert picture(TEXT, 90, marks) == [
        "Talal Sillo, a spokesman for the SDF, confirmed operations had begun in co-ordination",
        "╰─PERSON──╯                      ╰G╯",
        "╰─SOURCE s1────────────────────────╯  ╰─CUE───╯ ╰─CLAIM c1 ← s1 ─────────────────────┄",
        "with the US-led coalition.",
        "         ╰╯",
        "┄───────────────────────╯",
    ]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (1, "╵"),
        (2, "╰╯"),
        (3, "╰P╯"),
        (6, "╰PERS╯"),
        (7, "╰PERS…╯"),
        (8, "╰PERSON╯"),
        (9, "╰─PERSON╯"),
        (12, "╰─PERSON───╯"),
    ],
)
def test_labels_are_cut_to_the_bracket(cells: int, expected: str) -> None:
    assert picture("x" * cells, 20, [one(((0, cells),), "x" * cells)])[1:] == [expected]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("plain", ["╰─PERSON─╯", "╰P╯", "╰╯", "╵"]),
        ("focus", ["┗━PERSON━┛", "┗P┛", "┗┛", "╹"]),
        ("suggestion", ["╰╌?PERSON╯", "?P╯", "?╯", "┆"]),
        ("next", ["╚═?PERSON╝", "?P╝", "?╝", "║"]),
    ],
)
def test_states_differ_without_colour(state: State, expected: list[str]) -> None:
    text = "x" * 10
    for cells, row in zip((10, 3, 2, 1), expected, strict=True):
        made = Span("1", "d", "a", "entity", "PERSON", ((0, cells),), text[:cells])
        assert picture(text, 20, [mark_of(made, state=state)])[1] == row


def test_doubt_is_written_out() -> None:
    doubtful = (AttributeValues("mode", ("direct",), uncertain=True),)
    text = "x" * 12
    assert picture(text, 20, [one(((0, 12),), text, flagged=True)])[1] == "╰─PERSON?──╯"
    assert picture(text, 20, [one(((0, 12),), text, attributes=doubtful)])[1] == "╰─PERSON~──╯"
    both = one(((0, 12),), text, flagged=True, attributes=doubtful)
    assert picture(text, 20, [both])[1] == "╰─PERSON?~─╯"
    for cells, row in ((1, "?"), (2, "╰?"), (3, "╰?╯"), (4, "╰P?╯")):
        assert picture(text, 20, [one(((0, cells),), text, flagged=True)])[1] == row


def test_fragments_are_joined() -> None:
    text = "We fight, he said, to win it all"
    mark = one(((0, 8), (19, 25)), text)
    assert picture(text, 40, [mark])[1] == "╰PERSON╯┈┈┈┈┈┈┈┈┈┈┈╰────╯"
    assert picture(text, 10, [mark]) == [
        "We fight,",
        "╰PERSON╯┈┈",
        "he said,",
        "┈┈┈┈┈┈┈┈┈",
        "to win it",
        "╰────╯",
        "all",
    ]


def test_inner_lies_above_outer_and_crossing_and_equal_get_rows_of_their_own() -> None:
    text = "x" * 30
    places = {"outer": (0, 20), "inner": (5, 10), "crossing": (15, 25), "same": (5, 10)}
    marks = [Mark(id, "e", "L", (id,), (place,)) for id, place in places.items()]
    assert picture(text, 40, marks)[1:] == [
        "     ╰inn╯     ╰crossing╯",
        "     ╰sam╯",
        "╰─outer────────────╯",
    ]


def test_thirty_spans_on_one_word() -> None:
    text = "one word more"
    marks = [Mark(f"{n:02}", "e", "LABEL", ("LABEL",), ((4, 8),)) for n in range(30)]
    rows = picture(text, 40, marks, max_rows=4)
    assert rows == [text, *["    ╰LA╯"] * 3, "    +27 more"]


def test_the_focus_is_never_hidden() -> None:
    marks = [
        Mark(f"{n:02}", "e", "LABEL", ("LABEL",), ((0, 9),), state="focus" if n == 25 else "plain")
        for n in range(30)
    ]
    (line,) = wrap("x" * 9, 0, 9, 40)
    lanes = lanes_for(line, marks, assign_rows(marks), max_rows=3)
    assert [lane.segments[0].span for lane in lanes] == ["00", "25", ""]
    assert lanes[-1].text == "+28 more"
    marks[28] = replace(marks[28], state="next", suggested=True)
    for most, shown in ((2, ["25", ""]), (3, ["28", "25", ""]), (4, ["00", "28", "25", ""])):
        lanes = lanes_for(line, marks, assign_rows(marks), max_rows=most)
        assert [lane.segments[0].span for lane in lanes] == shown, "what is next has second place"
    with pytest.raises(ValueError, match="1 lanes"):
        lanes_for(line, marks, assign_rows(marks), max_rows=1)


@pytest.mark.parametrize("most", [2, 3, 4, 5])
def test_focus_and_what_is_next_are_seen_wherever_they_lie(most: int) -> None:
    (line,) = wrap("x" * 9, 0, 9, 40)
    for focus, following in permutations(range(6), 2):
        states: dict[int, State] = {focus: "focus", following: "next"}
        marks = [
            Mark(str(n), "e", "LABEL", ("LABEL",), ((0, 9),), state=states.get(n, "plain"))
            for n in range(6)
        ]
        lanes = lanes_for(line, marks, assign_rows(marks), max_rows=most)
        shown = {lane.segments[0].span for lane in lanes}
        assert str(focus) in shown
        assert (str(following) in shown) == (most > 2)


def test_brackets_lie_under_wide_and_combining_text() -> None:
    text = "漢字 e\u0301te\u0301 שלום 👨‍👩‍👧!"
    (line,) = wrap(text, 0, len(text), 40)
    for word, columns in (("漢字", (0, 4)), ("e\u0301te\u0301", (5, 8)), ("שלום", (9, 13))):
        start = text.index(word)
        mark = one(((start, start + len(word)),), text)
        (row,) = lanes_for(line, [mark], {"1": 0})
        (segment,) = row.segments
        assert (segment.column, segment.column + segment.cells) == columns


def test_two_marks_on_one_cluster_share_no_row() -> None:
    text = "e\u0301x"
    marks = [Mark("a", "e", "L", ("L",), ((0, 1),)), Mark("b", "e", "L", ("L",), ((1, 3),))]
    assert picture(text, 10, marks)[1:] == ["╵", "╰╯"]


def test_labels_cannot_reach_the_terminal_raw() -> None:
    text = "x" * 40
    made = Span("1", "d", "a", "entity", "\x1b[31m[bold]漢\t", ((0, 40),), text)
    row = picture(text, 50, [mark_of(made)])[1]
    assert row == "╰─␛[31m[bold]漢␉───────────────────────╯"
    assert cell_len(row) == 40
    long = Span("1", "d", "a", "entity", "L" * 60, ((0, 40),), text)
    assert picture(text, 50, [mark_of(long)])[1] == "╰" + "L" * 37 + "…╯"


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, int, list[Mark]]:
    text = draw(texts.filter(bool))
    marks = []
    for number in range(draw(st.integers(0, 12))):
        cuts = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=6)))
        ends = cuts[: len(cuts) // 2 * 2]
        fragments = tuple(zip(ends[::2], ends[1::2], strict=True))
        label = draw(st.sampled_from(["PERSON", "X", "Ünï漢", "[b]"]))
        made = Span(str(number), "d", "a", "l", label, fragments, "", flagged=number % 3 == 1)
        state: State = draw(st.sampled_from(["plain", "suggestion"]))
        marks.append(mark_of(made, draw(st.sampled_from(["", "c1 ← s1"])), state=state))
    return text, draw(widths), marks


@given(marked())
def test_segments_lie_exactly_under_their_fragments(case: tuple[str, int, list[Mark]]) -> None:
    text, width, marks = case
    rows = assign_rows(marks)
    for line in wrap(text, 0, len(text), width):
        lanes = lanes_for(line, marks, rows, max_rows=99)
        drawn: dict[str, set[int]] = {}
        for lane in lanes:
            assert cell_len(lane.text) <= line.width
            for a, b in pairwise(lane.segments):
                assert a.column + a.cells <= b.column
            for segment in lane.segments:
                assert cell_len(segment.text) == segment.cells
                if segment.kind == "bracket":
                    columns = range(segment.column, segment.column + segment.cells)
                    drawn.setdefault(segment.span, set()).update(columns)
        for mark in marks:
            expected = set[int]()
            for start, end in mark.fragments:
                expected.update(range(*line.columns(start, end)))
            assert drawn.get(mark.id, set()) == expected


@given(marked())
def test_rows_hold_no_overlaps_and_what_is_inside_lies_above(
    case: tuple[str, int, list[Mark]],
) -> None:
    marks = case[2]
    rows = assign_rows(marks)
    for a in marks:
        for b in marks:
            if a is not b and a.start < b.end and b.start < a.end:
                assert rows[a.id] != rows[b.id]
                if b.start <= a.start and a.end <= b.end and a.end - a.start < b.end - b.start:
                    assert rows[a.id] < rows[b.id]
    assert assign_rows(reversed(marks)) == rows


@given(marked(), st.integers(2, 4))
def test_a_cap_on_rows_counts_what_it_hides(
    case: tuple[str, int, list[Mark]], max_rows: int
) -> None:
    text, width, marks = case
    rows = assign_rows(marks)
    for line in wrap(text, 0, len(text), width):
        lanes = lanes_for(line, marks, rows, max_rows=max_rows, width=80)
        assert len(lanes) <= max_rows
        here = {m.id for m in marks if m.start < line.end and m.end > line.start}
        shown = {s.span for lane in lanes for s in lane.segments if s.kind != "more"}
        more = [s.text for lane in lanes for s in lane.segments if s.kind == "more"]
        missing = len(here - shown)
        assert more == ([f"+{missing} more"] if missing else [])


def test_long_sentences_are_cut_into_blocks() -> None:
    text = "word " * 4000
    for line in wrap(text, 0, len(text), 80):
        start, end = block_of(line, 0, len(text))
        assert start <= line.start
        assert line.end <= end
        assert end - start <= BLOCK + 80
    assert block_of(wrap(text, 10, 100, 80)[0], 10, 100) == (10, 100)


def test_an_empty_line_has_no_lanes() -> None:
    (line,) = wrap("", 0, 0, 10)
    assert lanes_for(line, [], {}) == []
    assert LaneRow(()).text == ""


def test_numbers_stay_when_others_come_and_go(news: Schema) -> None:
    tags = TagIndex(news, reversed(SPANS))
    assert [tags.number_of(s) for s in SPANS] == ["", "", "s1", "", "c1", ""]
    later = span("9", "claim", "CLAIM", "begun")
    tags.apply([later])
    tags.apply([span("7", "claim", "CLAIM", "had"), later])
    assert tags.number_of(later) == "c2"
    assert tags.number_of(SPANS[4]) == "c1"


def test_ties_of_all_kinds(news: Schema) -> None:
    claims = [span(f"c{n}", "claim", "CLAIM", "operations") for n in range(1, 4)]
    sources = [span(f"s{n}", "source", "SOURCE", "SDF") for n in range(1, 7)]
    ties = [
        relation("r1", "attribution", ("claim", "span", "c1"), ("source", "span", "s1"),
                 ("source", "actor", "x"), ("cue", "span", "4")),
        relation("r2", "contradiction", ("claim", "relation", "r1"), ("claim", "span", "c2")),
        relation("r4", "support", ("claim", "span", "c1"), ("ground", "span", "c3")),
        relation("r3", "attribution", ("claim", "span", "c3"),
                 *(("source", "span", s.id) for s in sources)),
    ]  # fmt: skip
    made = AnnotationSet([*claims, *sources, SPANS[3]], ties, actors=[Actor("x", "SANA\x1b")])
    tags = TagIndex(news, made.spans.values())
    assert tags.tag_of(claims[0], made) == "c1 ← s1, @SANA␛ ↔ c2 ⇐ c3"
    assert tags.tag_of(claims[1], made) == "c2 ↔ c1"
    assert tags.tag_of(claims[2], made) == "c3 ← s1, s2, s3 +3"
    assert tags.tag_of(sources[0], made) == "s1"
    assert tags.tag_of(SPANS[3], made) == ""


def test_a_full_caption_gives_way_to_a_shorter_one() -> None:
    text = "x" * 40
    for cells, row in [
        (17, "╰─CLAIM c1 ← s1 ╯"),
        (16, "╰CLAIM c1 ← s1 ╯"),
        (15, "╰─CLAIM c1────╯"),
        (12, "╰─CLAIM c1─╯"),
        (5, "╰─c1╯"),
        (4, "╰c1╯"),
        (3, "╰c╯"),
    ]:
        made = Span("1", "d", "a", "claim", "CLAIM", ((0, cells),), "")
        assert picture(text, 50, [mark_of(made, "c1 ← s1", linked=True)])[1] == row
