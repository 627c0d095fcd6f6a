from __future__ import annotations

from itertools import islice
from typing import cast

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from annotator.core.annotation import (
    Actor,
    Argument,
    AttributeValues,
    DocumentMark,
    Relation,
    SentenceMark,
    Span,
    UnitLabel,
    surface,
)
from annotator.core.document import Document, Sentence
from annotator.core.schema import Schema
from annotator.errors import UsageError
from annotator.store.base import Annotations, Store
from annotator.workflow.show import render_document

TEXT = "Talal Sillo of the SDF said: “We won.”\n\nHe was wrong [1], they say."


class OneDocument:
    """A store of one document, in memory."""

    def __init__(
        self, schema: Schema, text: str, cut: list[tuple[int, int]], made: Annotations
    ) -> None:
        self._schema = schema
        self._document = Document("d", "one\x1b.txt", text, "")
        self._sentences = [Sentence(f"s{n}", "d", *ends) for n, ends in enumerate(cut, 1)]
        self._made = made

    def document(self, id: str) -> Document:
        return self._document

    def schema(self) -> Schema:
        return self._schema

    def sentences(self, document: str) -> list[Sentence]:
        return self._sentences

    def annotations(self, document: str, annotator: str) -> Annotations:
        return self._made

    def setting(self, name: str) -> str:
        return "0.00"


def span(id: str, layer: str, label: str, *pieces: str, **more: object) -> Span:
    fragments = tuple((TEXT.index(p), TEXT.index(p) + len(p)) for p in pieces)
    return Span(id, "d", "a", layer, label, fragments, surface(TEXT, fragments), **more)  # type: ignore[arg-type]


SPANS = (
    span("1", "entity", "PERSON", "Talal Sillo"),
    span("2", "entity", "GROUP", "SDF"),
    span("3", "source", "SOURCE", "Talal Sillo of the SDF", actor="x"),
    span("4", "cue", "CUE", "said"),
    span("5", "claim", "CLAIM", "“We won.”", attributes=(AttributeValues("mode", ("direct",)),)),
    span("6", "claim", "CLAIM", "He was", "wrong [1]", flagged=True, note="who?"),
)
RELATION = Relation(
    "r",
    "d",
    "a",
    "attribution",
    (
        Argument("claim", "span", "5"),
        Argument("source", "span", "3"),
        Argument("source", "actor", "x"),
        Argument("cue", "span", "4"),
    ),
)
MADE = Annotations(
    SPANS,
    (RELATION,),
    (UnitLabel("u", "d", "a", "w", "CHECK", "s2"), UnitLabel("v", "d", "a", "t", "WAR")),
    actors=(Actor("x", "Sillo; the man"),),
    sentence_marks=(SentenceMark("m", "d", "a", "s1"),),
    document_mark=DocumentMark("n", "d", "a", "done"),
)
CUT = [(0, 38), (40, len(TEXT))]


def show(
    schema: Schema,
    mode: str,
    width: int = 80,
    text: str = TEXT,
    cut: list[tuple[int, int]] = CUT,
    made: Annotations = MADE,
) -> list[str]:
    store = cast(Store, OneDocument(schema, text, cut, made))
    return list(render_document(store, "d", "a", mode, width))


def test_lanes(news: Schema) -> None:
    assert show(news, "lanes") == [
        "  1✓│ Talal Sillo of the SDF said: “We won.”",
        "    │ ╰─PERSON──╯        ╰G╯",
        "    │ ╰─SOURCE s1──────────╯ ╰CU╯  ╰─c1────╯",
        "    │",
        "  2 │ He was wrong [1], they say.",
        "    │ ╰─c2?╯┈╰───────╯",
        "    │ • CHECK",
        "    │ • document: WAR",
    ]


def test_lanes_wrap_within_the_width(news: Schema) -> None:
    lines = show(news, "lanes", 26)
    assert lines[:6] == [
        "  1✓│ Talal Sillo of the",
        "    │ ╰─PERSON──╯",
        "    │ ╰─SOURCE s1───────┄",
        "    │ SDF said: “We won.”",
        "    │ ╰G╯",
        "    │ ┄─╯ ╰CU╯  ╰─c1────╯",
    ]
    assert all(cell_len(line) <= 26 for line in lines)


def test_compact(news: Schema) -> None:
    assert show(news, "compact")[:4] == [
        "  1✓│ Talal Sillo of the SDF said: “We won.”",
        "    │ ═══════════────────═══ ────  ─────────",
        "    │",
        "  2 │ He was wrong [1], they say.",
    ]


def test_inline_says_everything_in_words(news: Schema) -> None:
    assert show(news, "inline") == [
        "one␛.txt: done, 1 of 2 sentences done",
        "   document: WAR",
        "",
        "Sentence 1, done: Talal Sillo of the SDF said: “We won.”",
        "   SOURCE s1: “Talal Sillo of the SDF”; mentions Sillo; the man",
        "   PERSON: “Talal Sillo”",
        "   GROUP: “SDF”",
        "   CUE: “said”",
        "   CLAIM c1: “We won.”; mode direct",
        "   attribution: claim c1 “We won.”, source s1 “Talal Sillo of the SDF”,"
        " source the actor Sillo; the man, cue “said”",
        "",
        "Sentence 2: He was wrong [1], they say.",
        "   sentence: CHECK",
        "   CLAIM c2: “He was … wrong [1]”; doubtful; note: who?",
    ]


def test_inline_tells_what_goes_on_in_the_next_sentence_and_which_word_is_meant(
    news: Schema,
) -> None:
    text = "The US and us: US. The US goes on."
    made = Annotations(
        (
            Span("1", "d", "a", "entity", "LOCATION", ((15, 17),), "US"),
            Span("2", "d", "a", "claim", "CLAIM", ((11, 22),), text[11:22]),
            Span("3", "d", "a", "source", "SOURCE", ((23, 25),), "US"),
        ),
        (
            Relation(
                "r",
                "d",
                "a",
                "attribution",
                (Argument("claim", "span", "2"), Argument("source", "span", "3")),
                note="two\nlines",
            ),
        ),
    )
    assert show(news, "inline", text=text, cut=[(0, 18), (19, 34)], made=made)[2:] == [
        "Sentence 1: The US and us: US.",
        "   CLAIM c1: “us: US. The”; up to sentence 2",
        "   LOCATION: “US”, number 2 of 2 in the sentence",
        "   attribution: claim c1 “us: US. The”, source s1 “US” in sentence 2; note: two lines",
        "Sentence 2: The US goes on.",
        "   CLAIM c1 goes on from sentence 1",
        "   SOURCE s1: “US”",
    ]


def test_inline_tells_ties_of_ties_and_what_is_tied_nowhere(news: Schema) -> None:
    about = Relation("q", "d", "a", "support", (Argument("claim", "relation", "r"),))
    made = msgspec.structs.replace(MADE, relations=(RELATION, about))
    assert show(news, "inline", made=made)[-1] == (
        "   support: claim the attribution of claim c1 “We won.” in sentence 1"
    )


def test_an_empty_document(news: Schema) -> None:
    nothing = Annotations()
    assert show(news, "lanes", text="", cut=[], made=nothing) == ["    │ (no text)"]
    assert show(news, "inline", text="", cut=[], made=nothing) == [
        "one␛.txt: open, 0 of 0 sentences done"
    ]


def test_an_unknown_mode_is_refused_at_once(news: Schema) -> None:
    with pytest.raises(UsageError, match="no mode 'tree'") as error:
        show(news, "tree")
    assert "lanes, compact, inline" in error.value.hint


def test_a_long_document_shows_its_beginning_at_once(news: Schema) -> None:
    text = "word " * 200_000
    store = cast(Store, OneDocument(news, text, [(0, len(text) - 1)], Annotations()))
    lines = list(islice(render_document(store, "d", "a", "lanes", 80), 3))
    assert lines[0].startswith("  1 │ word word")
    assert lines[2].startswith("    │ word")


@given(
    st.text(st.characters() | st.sampled_from("\x1b[]\\\r\n\t |()"), min_size=1),
    st.sampled_from(["lanes", "compact", "inline"]),
    st.data(),
)
def test_nothing_a_terminal_acts_on_gets_through(
    news: Schema, text: str, mode: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    made = Span("1", "d", "a", "entity", text, ((start, end),), text[start:end], note=text)
    lines = show(news, mode, 30, text, [(0, len(text))], Annotations((made,)))
    for line in lines:
        assert not any(ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u202e\u2028" for c in line)
        if mode != "inline":
            assert cell_len(line) <= 30
