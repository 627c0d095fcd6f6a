"""What is known of words besides what was learned: names that most people know, and capitals."""

from __future__ import annotations

from importlib import resources

import pytest
from small_pages import page, said, schema, span

from annotator.suggest.capitals import Capitals, is_shouted, sentences_of, small_words
from annotator.suggest.crf import ENGINE
from annotator.suggest.features import features
from annotator.suggest.known_words import kinds_of


def test_words_are_told_apart_by_their_capitals() -> None:
    assert kinds_of("Paris") == ("places",)
    assert kinds_of("paris") == ()
    assert kinds_of("president") == kinds_of("President") == ("titles",)
    assert set(kinds_of("April")) == {"days"}
    assert kinds_of("Zedtown") == ()


@pytest.mark.parametrize(
    "kind", ["days", "given_names", "organizations", "peoples", "places", "titles"]
)
def test_the_lists_are_as_they_are_looked_up(kind: str) -> None:
    file = resources.files("annotator.suggest") / "known_words" / f"{kind}.txt"
    about, *lines = file.read_text("utf-8").splitlines()
    words = " ".join(lines).split()
    assert about.startswith("# ")
    assert words == sorted(set(words)), "each once, in order"
    assert all(word == word.lower() and kind in kinds_of(word.title()) for word in words)


def test_a_known_word_is_told_to_its_neighbours() -> None:
    rows = features(["The", "mayor", "of", "Paris", "is", "ill", "now"])
    told = [[f for f in row if f.startswith("k") and "places" in f] for row in rows]
    assert told == [
        [],
        ["k2=places"],
        ["k1=places"],
        ["k0=places"],
        ["k-1=places"],
        ["k-2=places"],
        [],
    ]


def test_capitals_within_sentences_tell_of_all_others() -> None:
    sentences = (
        ["Tarn", "is", "a", "lake", "."],
        ["We", "saw", "Tarn", "and", "the", "Tarn", "road", "."],
        ["“", "Lake", "views", "”", "are", "nice", "."],
        ["NOBODY", "SAW", "LAKES"],
    )
    seen = Capitals(sentences)
    assert seen.of("Tarn") == "2"
    assert seen.of("Lake") == "0l", "after a quotation mark a capital says nothing"
    assert seen.of("LAKES") == "0", "nor where all are"
    assert seen.of("tarn") == ""
    assert [is_shouted(words) for words in sentences] == [False, False, False, True]
    tarn = sentences_of(page("Nobody knew the lake of Tarn. Tarn slept."))
    assert Capitals(tarn).of("Tarn") == "1"
    assert small_words([tarn, tarn, tarn, tarn])["lake"] == 3, "more say no more"
    assert Capitals((), small_words([tarn])).small("Lake") == 1
    assert Capitals((), small_words([tarn])).small("Tarn") == 0


def marked(words: list[str], name: str) -> list[str]:
    rows = features(words)
    return [word for word, row in zip(words, rows, strict=True) if name in row]


@pytest.mark.parametrize(
    ("text", "quoted", "behind"),
    [
        ("He said “ so it is ” and left", "“ so it is ”", "and"),
        ('" So it is " , he said', '" So it is "', ","),
        ("„ Das „ ist “ so“ , sagte er", "„ Das „ ist “", "so“"),
        ("« Oui » dit-il « non", "« Oui » « non", "dit-il"),
    ],
)
def test_words_between_quotation_marks_are_told(text: str, quoted: str, behind: str) -> None:
    assert " ".join(marked(text.split(), "quoted")) == quoted
    assert " ".join(marked(text.split(), "behind quote")) == behind


def test_words_of_saying_are_told_nearby_and_throughout() -> None:
    words = ["They", "all", "know", "that", "Ann", "said", "it", ",", "sagte", "Bob"]
    assert marked(words, "say0") == ["said", "sagte"]
    assert marked(words, "say-1") == ["it", "Bob"]
    assert marked(words, "said before") == ["it", ",", "sagte", "Bob"]
    assert marked(words, "said behind") == words[:8]
    assert not any(row for row in features(["Nobody", "came"]) if "said behind" in row)


def test_a_name_without_context_is_proposed_since_names_like_it_were_labelled() -> None:
    names = ("Anna", "Peter", "Maria", "John")
    text = " ".join(f"{name} ran home again. The rain fell on them." for name in names)
    spans = [span(text, name, "PERSON") for name in names]
    model = ENGINE.load(ENGINE.train([page(text, *spans)], schema(), "entity"), schema(), "entity")
    asked = page("Helen sat down there. Zebras sat down there.", name="e", taught=False)
    scores = {p.text: p.origin.score or 0.0 for p in model.propose(asked)}  # type: ignore[union-attr]
    assert said(model.propose(asked))[0] == ("Helen", "PERSON")
    assert scores["Helen"] > scores.get("Zebras", 0.0)
