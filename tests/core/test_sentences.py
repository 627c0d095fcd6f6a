"""Sentences and paragraphs: exact offsets for any string, and the rules one by one."""

from __future__ import annotations

import re

import pytest
import sentencex
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core import paragraphs as paragraphs_module
from annotator.core import sentences as module
from annotator.core.paragraphs import paragraph_at, paragraphs
from annotator.core.ranges import Range
from annotator.core.sentences import PIECE_LIMIT, sentences

AWKWARD = [
    "", " ", "\n\n\n", "\x00", "a\rb\r\rc", "one.\r\n\r\ntwo.", "B\u00a0.", "B\u00a0. C\u00a0D.",
    "line\u2028line\u2029next", "👨‍👩‍👧 left. 👨‍👩‍👧 came.", "שלום עולם. מה שלומך?", "قال نعم؟ لا.",
    "\ud800. Lone \udfff.", "\x1b[31mred. \x07Bell.", "\x1c\x1d.\x1e\x1f", "...", ". . . .", "?!?!",
    "“„”«»''\"\"", "1. 2. 3.", "a. b. c.", "\u200b. \ufeff.", "日本語。日本語！",
    "• • •", "\u3000x\u3000.", ":) :-)",
]  # fmt: skip

PIECES = st.sampled_from(
    [". ", "? ", "! ", "… ", "\n", "\n\n", "\r", "\u2028", "\u00a0", "“", "”", '"', "(", ")", "Mr",
     "No", "word", "Word", "1", "2.", "a.", "•", "***", ":)", "Thanks,", "👨‍👩‍👧", "\ud800", "\x00",
     "\x1c", "e\u0301", "。"]
)  # fmt: skip
ANY_TEXT = st.one_of(
    st.text(st.characters(exclude_categories=())), st.lists(PIECES, max_size=40).map("".join)
)


def pieces(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in sentences(text, language)]


def check_exact(text: str, found: list[Range]) -> None:
    joined, position = "", 0
    for start, end in found:
        assert position <= start < end <= len(text)
        gap = text[position:start]
        assert not gap or gap.isspace()
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
        joined += gap + text[start:end]
        position = end
    tail = text[position:]
    assert not tail or tail.isspace()
    assert joined + tail == text


@pytest.mark.parametrize("language", ["en", "es", "de", "it", "xx"])
@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_strings_are_cut_exactly(text: str, language: str) -> None:
    check_exact(text, sentences(text, language))
    check_exact(text, paragraphs(text))


@pytest.mark.parametrize("mark", ["'", '"', "”", "’"])
def test_any_number_of_quotation_marks_may_stand_behind_a_stop(mark: str) -> None:
    text = "It rained." + f" {mark}" * 5000
    assert pieces(f"{text} Yes.") == [text, "Yes."]


@given(ANY_TEXT, st.sampled_from(["en", "de"]))
@settings(max_examples=120, deadline=None)
def test_any_text_is_cut_exactly(text: str, language: str) -> None:
    found = sentences(text, language)
    check_exact(text, found)
    check_exact(text, paragraphs(text))
    for paragraph in paragraphs(text):
        for start, end in found:
            inside = paragraph.start <= start and end <= paragraph.end
            assert inside or end <= paragraph.start or paragraph.end <= start


@given(ANY_TEXT, st.data())
@settings(max_examples=120, deadline=None)
def test_the_paragraph_at_a_place_is_the_one_among_all(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    before = [p for p in paragraphs(text) if p.start <= offset]
    expected = [*before[-1:], *paragraphs(text)[:1], Range(offset, offset)][0]
    assert paragraph_at(text, offset, reach=data.draw(st.integers(1, 9))) == expected


def test_a_paragraph_of_a_long_text_is_found_without_looking_at_all_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[int] = []
    all_of = paragraphs_module.paragraphs

    def counted(text: str) -> list[Range]:
        looked.append(len(text))
        return all_of(text)

    monkeypatch.setattr(paragraphs_module, "paragraphs", counted)
    text = "One line.\nAnother.\n\n" * 100_000
    assert text[slice(*paragraph_at(text, 1_000_000))] == "One line.\nAnother."
    assert sum(looked) <= 2 * paragraphs_module.REACH


@pytest.mark.parametrize(
    "cut",
    [
        "It rained. | We left.",
        "Mr. Ali met Gen. Sy on Jan. 5 at 6 p.m. in Bonn.",
        "He lives in the U.S. | They do not.",
        "The U.S. Senate met J. P. Morgan.",
        "Ask J. K. Rowe. | She knows.",
        "The firm, Roe & Co., sold it. | Nobody bought it.",
        "See No. 5 and p. 12 there. | No. | It is not.",
        "“We saw it“, he said. | It was bad.",
        "“Is it true?” Smith asked. | “No!” | They ran.",
        "“Get out!” she cried.",
        "He said “One. | Two,” and left.",
        "He left (he had to. | They came.) and slept.",
        "Well... | That is it.",
        "It was ... fine.",
        "Prices rose 3.5 percent to 1.200 points. | They fell later.",
        "Write to a.b@example.org or www.example.org. | Do it now.",
        "Yahoo! is old.",
        "good food.Nobody came.",
        "*** | News follow.",
        "i love it. | they are nice.",
        "1. Come in. | 2. Sit down.",
        "• One item | • Another item",
        "A) text a. b",
        "Regards, | Ann Lee",
        "Is it? :) | Good.",
        "El a. C. fue largo. | La guerra siguió.",
    ],
)
def test_rules(cut: str) -> None:
    expected = cut.split(" | ")
    if cut == "good food.Nobody came.":
        expected = ["good food.", "Nobody came."]
    assert pieces(cut.replace(" | ", " ")) == expected


def test_an_abbreviation_of_another_language_is_known() -> None:
    assert pieces("Das ist z. B. Herr Dr. Kurz. Er kam bzw. ging.", "de") == [
        "Das ist z. B. Herr Dr. Kurz.",
        "Er kam bzw. ging.",
    ]


def test_a_blank_line_parts_paragraphs_whatever_the_line_ends() -> None:
    for end in ("\n", "\r", "\r\n", "\u2028"):
        text = f"One{end}two.{end} {end}Three."
        assert [text[a:b] for a, b in paragraphs(text)] == [f"One{end}two.", "Three."]
    assert pieces("A head\n\nA text") == ["A head", "A text"]


def test_wrapped_lines_join_and_meant_breaks_part() -> None:
    wrapped = (
        "The army said on Monday it had\ntaken the bridge and would hold\nit as long as needed."
    )
    assert pieces(wrapped) == [wrapped]
    assert pieces("Short head\nThe army said on Monday that it had taken it.") == [
        "Short head",
        "The army said on Monday that it had taken it.",
    ]
    assert pieces("We need:\n- bread\n- Milk") == ["We need:", "- bread", "- Milk"]


class TestSentencex:
    def test_the_masked_text_does_not_panic(self) -> None:
        assert pieces("B\u00a0. Und dann.", "de")

    def test_a_panic_leaves_the_rules_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real = sentencex.get_sentence_boundaries
        calls = []

        def panics(language: str, text: str) -> object:
            calls.append(text)
            return real(language, "B\u00a0.")

        monkeypatch.setattr(sentencex, "get_sentence_boundaries", panics)
        assert pieces("Es regnet. Wir gehen. Er blieb.", "de") == [
            "Es regnet.",
            "Wir gehen.",
            "Er blieb.",
        ]
        assert calls

    @pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, ValueError])
    def test_nothing_else_is_caught(
        self, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
    ) -> None:
        def fails(language: str, text: str) -> object:
            raise error

        monkeypatch.setattr(sentencex, "get_sentence_boundaries", fails)
        with pytest.raises(error):
            sentences("Es regnet. Wir gehen.", "de")

    def test_it_gets_every_character_once_in_pieces(self, monkeypatch: pytest.MonkeyPatch) -> None:
        lengths: list[int] = []

        def counts(language: str, text: str) -> list[dict[str, int]]:
            lengths.append(len(text))
            return []

        monkeypatch.setattr(sentencex, "get_sentence_boundaries", counts)
        for text in ("Es regnet. " * 20_000, "x" * 100_000):
            lengths.clear()
            sentences(text, "de")
            assert sum(lengths) == len(text.strip())
            assert max(lengths) <= PIECE_LIMIT


@pytest.mark.parametrize(
    "unit", ["It rained. ", "U.S. ", ". ", "“A.” ", "1. a. ", "x", "\n", "Mr.\n"]
)
def test_work_grows_with_the_text_and_no_faster(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts the characters the rules look at, through slices and indexing of the text."""

    def looked_at(times: int) -> int:
        counter = CountingText(unit * times)
        sentences(counter)
        return counter.count[0]

    small, large = looked_at(500), looked_at(4000)
    assert large <= 10 * small + 2000  # eight times the text; 64 times if it were quadratic
    assert len(sentences("x" * 1_000_000)) == 1


class CountingText(str):
    """A string that counts the characters read through it, shared with none of its slices."""

    count: list[int]

    def __new__(cls, text: str) -> CountingText:
        self = super().__new__(cls, text)
        self.count = [0]
        return self

    def __getitem__(self, key: object) -> str:  # type: ignore[override]
        found = super().__getitem__(key)  # type: ignore[index]
        self.count[0] += len(found)
        return found


def test_the_constants_name_the_segmenter() -> None:
    assert re.fullmatch(r"[a-z0-9+-]+", module.SEGMENTER)
    assert module.SEGMENTER_VERSION.isdigit()
