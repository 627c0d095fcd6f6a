"""Who says what, by rules: English and German, quotations and reports, and the tie between them."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from small_pages import page, schema

from annotator.core.annotation import Relation, Span
from annotator.core.ranges import Range
from annotator.core.schema import Schema
from annotator.core.schema_file import parse_schema
from annotator.core.sentences import sentences
from annotator.suggest.attribution import readings
from annotator.suggest.base import NothingToLearnError
from annotator.suggest.lexicon import lexicon_of, lexicons
from annotator.suggest.rules import ENGINE
from annotator.workflow.importing import Report, Request, import_paths
from annotator.workflow.pages import page_of
from annotator.workflow.projects import init
from annotator.workflow.resources import schema_text

ENGLISH = [
    ("“We saw it all,” he said.", "said", "he", "“We saw it all,”"),
    ("“We saw it all,” said Ann Lee on Monday.", "said", "Ann Lee", "“We saw it all,”"),
    ("Ann Lee said: “We saw it all.”", "said", "Ann Lee", "“We saw it all.”"),
    ("Ann Lee said the war had begun.", "said", "Ann Lee", "the war had begun"),
    ("The police also confirmed that it was over.", "confirmed", "The police", "it was over"),
    ("Ann Lee, a spokeswoman for the UN, said it was over.", "said",
     "Ann Lee, a spokeswoman for the UN", "it was over"),
    ("The war has begun again, Ann Lee said.", "said", "Ann Lee", "The war has begun again"),
    ("According to the UN, the war has begun.", "According to", "the UN", "the war has begun"),
    ("The war has begun, according to the UN.", "according to", "the UN", "The war has begun"),
    ("However Rahman pointed out that it was over.", "pointed out", "Rahman", "it was over"),
    ("Reportedly the war has begun again.", "Reportedly", None, "the war has begun again"),
    ("Reportedly, the war has begun again.", "Reportedly", None, "the war has begun again"),
    ("“We saw it,” said Ann Lee, a nurse at the clinic, “and nobody came.”", "said",
     "Ann Lee, a nurse at the clinic", "“We saw it,” … “and nobody came.”"),
    ("Police said on Monday they had seen it.", "said", "Police", "they had seen it"),
    ("It has begun again, the UN said in a report.", "said", "the UN", "It has begun again"),
    ("Last week, rebel groups in the north said that it was over.", "said",
     "rebel groups in the north", "it was over"),
    ("Officials in Kyiv, meanwhile, said the war was over.", "said", "Officials in Kyiv",
     "the war was over"),
    ("As the UN reported last week, hunger is spreading.", "reported", "the UN",
     "hunger is spreading"),
    ("It is said that cats have nine lives.", "said", None, "cats have nine lives"),
    ("The police said that the claim was plainly false.", "said", "The police",
     "the claim was plainly false"),
    ("“I love it!” exclaimed the child.", "exclaimed", "the child", "“I love it!”"),
    ("The drones, Hale said, were shot down.", "said", "Hale", "The drones … were shot down"),
    ("The shelling, according to residents, lasted an hour.", "according to", "residents",
     "The shelling … lasted an hour"),
    ("The town was calm, according to residents, who spoke by phone.", "according to",
     "residents", "The town was calm"),
    ("Eleven people were reportedly killed in the attack.", "reportedly", None,
     "Eleven people were … killed in the attack"),
    ("The town is reportedly lost, Ann Lee said.", "said", "Ann Lee",
     "The town is reportedly lost"),
    ("Hale said the army announced that it was over.", "said", "Hale",
     "the army announced that it was over"),
    ("Hale, who had denied any attack, said that the war was over.", "said", None,
     "the war was over"),
    ("Hale and Malik said that it was over.", "said", "Hale and Malik", "it was over"),
    ("The mayor and the UN said that it was over.", "said", "The mayor and the UN",
     "it was over"),
    ("The army left and Hale said that it was over.", "said", "Hale", "it was over"),
    ("Rask came on Monday and Hale said that it was over.", "said", "Hale", "it was over"),
]  # fmt: skip
GERMAN = [
    ("„Wir haben alles gesehen“, sagte er.", "sagte", "er", "„Wir haben alles gesehen“"),
    ("Anna Klein sagte: „Wir haben alles gesehen.“", "sagte", "Anna Klein",
     "„Wir haben alles gesehen.“"),
    ("Anna Klein erklärte, der Krieg habe begonnen.", "erklärte", "Anna Klein",
     "der Krieg habe begonnen"),
    ("Die Polizei bestätigte, dass es vorbei sei.", "bestätigte", "Die Polizei",
     "dass es vorbei sei"),
    ("Die Polizei teilte am Montag mit, es sei vorbei.", "teilte … mit", "Die Polizei",
     "es sei vorbei"),
    ("Laut der Polizei ist alles vorbei.", "Laut", "der Polizei", "ist alles vorbei"),
    ("Der Krieg hat laut der Polizei gestern begonnen.", "laut", "der Polizei",
     "Der Krieg hat … gestern begonnen"),
    ("Berichten zufolge ist alles vorbei.", "zufolge", "Berichten", "ist alles vorbei"),
    ("„Es war sehr schlimm“, sagte Anna Klein, eine Ärztin, „und niemand kam.“", "sagte",
     "Anna Klein, eine Ärztin", "„Es war sehr schlimm“ … „und niemand kam.“"),
    ("„Wir haben keinen Strom“, so die Leiterin der Klinik.", "so", "die Leiterin der Klinik",
     "„Wir haben keinen Strom“"),
    ("Die Lage sei ruhig, so Anna Klein, die dort war.", "so", "Anna Klein",
     "Die Lage sei ruhig"),
    ("Diplomaten in Genf zufolge ist alles vorbei.", "zufolge", "Diplomaten in Genf",
     "ist alles vorbei"),
    ("Es ist einem Bericht des „Kuriers“ zufolge vorbei.", "zufolge",
     "einem Bericht des „Kuriers“", "Es ist … vorbei"),
    ("Nach Angaben des Ministeriums ist alles vorbei.", "Nach Angaben", "des Ministeriums",
     "ist alles vorbei"),
    ("Die Lage sei ruhig, sagte ein Sprecher des Ministeriums am Montag.", "sagte",
     "ein Sprecher des Ministeriums", "Die Lage sei ruhig"),
]  # fmt: skip
NOTHING = [
    "The United States of America is large and old.",
    "He called it a “victory” and left.",
    "Der Krieg wurde bestätigt wurde.",
    "Es gab viele Tote in der Stadt.",
    "Es war kalt, so dass niemand kam, so wie immer.",
    "said",
    "”said“",
    "The mayor, who said nothing, left the room.",
    "She is said to be rich.",
    "The claim of the rebels was denied by the ministry.",
    "They went on to announce the end that nobody wanted.",
    "Er hat begonnen zu sagen, was er denkt.",
]


def read(text: str, language: int) -> list[tuple[str, str | None, str]]:
    lexicon = lexicons()[language]
    found = []
    for place in sentences(text):
        for reading in readings(text, place, lexicon):
            cue, claim = (
                " … ".join(text[a:b] for a, b in pieces) for pieces in (reading.cues, reading.claim)
            )
            source = None if reading.source is None else text[slice(*reading.source)]
            found.append((cue, source, claim))
    return found


@pytest.mark.parametrize(("text", "cue", "source", "claim"), ENGLISH)
def test_english(text: str, cue: str, source: str | None, claim: str) -> None:
    assert read(text, 1) == [(cue, source, claim)]


def test_each_clause_has_its_own_reading() -> None:
    assert read("Ann said she was ill; Bob said he was not.", 1) == [
        ("said", "Ann", "she was ill"), ("said", "Bob", "he was not"),
    ]  # fmt: skip


def test_who_goes_on_is_the_same_who_spoke() -> None:
    text = "The shells came from the north, Hale said, adding that he had seen them."
    assert read(text, 1) == [
        ("said", "Hale", "The shells came from the north"), ("adding", "Hale", "he had seen them"),
    ]  # fmt: skip
    text = "“I do not know,” she said, before adding: “Ask the colonel about it.”"
    assert read(text, 1) == [
        ("said", "she", "“I do not know,”"), ("adding", "she", "“Ask the colonel about it.”"),
    ]  # fmt: skip


@pytest.mark.parametrize(("text", "cue", "source", "claim"), GERMAN)
def test_german(text: str, cue: str, source: str | None, claim: str) -> None:
    assert read(text, 0) == [(cue, source, claim)]


@pytest.mark.parametrize("text", NOTHING)
def test_where_nobody_says_anything_nothing_is_read(text: str) -> None:
    assert [read(text, language) for language in (0, 1)] == [[], []]


def test_the_language_is_known_by_its_frequent_words() -> None:
    german, english = lexicons()
    for words, expected in (
        ("the war in the north of it was over and done", english),
        ("der Krieg ist vorbei und die Stadt mit den Toten", german),
        ("Sota on ohi ja kaupunki on hiljainen", None),
        ("die", None),
    ):
        assert lexicon_of(words.split(" ")) is expected
    assert lexicon_of([]) is None


TEXT = "The war in the north goes on. “We saw it all,” said Ann Lee. Bob said that it was over."


def test_the_parts_and_their_tie_are_proposed_as_the_schema_calls_them(news: Schema) -> None:
    quotes = parse_schema(*schema_text("quotes"))
    for given, relation, labels in (
        (news, "attribution", ("CLAIM", "CUE", "SOURCE")),
        (quotes, "quotation", ("DIRECT", "CUE", "SPEAKER")),
    ):
        assert ENGINE.layers(given) == [relation]
        found = ENGINE.load(b"", given, relation).propose(page(TEXT, taught=False))
        ties = [p for p in found if isinstance(p, Relation)]
        spans = {p.id: p for p in found if isinstance(p, Span)}
        assert [t.type for t in ties] == [relation, relation]
        parts = [spans[a.target] for a in ties[0].arguments]
        assert [(s.label, s.text) for s in parts] == [
            (labels[0], "“We saw it all,”"), (labels[1], "said"), (labels[2], "Ann Lee"),
        ]  # fmt: skip
        names = {a.role for a in ties[0].arguments}
        assert names <= {role.name for role in given.relation(relation).roles}
        assert {p.origin.engine for p in found} == {"rules"}
    claims = [s for s in spans.values() if s.layer == "quote"]
    assert [s.label for s in claims] == ["DIRECT", "INDIRECT"]


def test_the_mode_of_a_claim_is_proposed_with_it(news: Schema) -> None:
    found = ENGINE.load(b"", news, "attribution").propose(page(TEXT, taught=False))
    claims = [p for p in found if isinstance(p, Span) and p.layer == "claim"]
    assert [[(a.name, a.values) for a in c.attributes] for c in claims] == [
        [("mode", ("direct",))], [("mode", ("indirect",))],
    ]  # fmt: skip
    text = "The war in the north goes on. Ann Lee said that it was “the end of it all” to her."
    source, name = schema_text("news")
    start = source.index("[layer.claim.attributes.mode.values.mixed]")
    without = source[:start] + source[source.index("[layer.claim.attributes.act]") :]
    for given, mode in ((news, "mixed"), (parse_schema(without, name), "indirect")):
        found = ENGINE.load(b"", given, "attribution").propose(page(text, taught=False))
        claims = [p for p in found if isinstance(p, Span) and p.layer == "claim"]
        assert [claim.attributes[0].values for claim in claims] == [(mode,)]


@pytest.mark.parametrize(
    "text",
    [
        "Sota on ohi, sanoi Aino. Kaupunki on hiljainen.",
        "El presidente dijo que la guerra ha terminado. «No habrá más», afirmó Ana de la ciudad.",
        "La guerra è finita, ha detto il sindaco in città. «Non ci sono più soldati», dice Anna.",
        "Президент сказав, що війна закінчилася. «Боїв не буде», — заявив міністр у Києві.",
        "قال الرئيس إن الحرب انتهت. «لن تكون هناك معارك»، صرح الوزير في دمشق.",
        "战争结束了，市长说。“不会再有战斗。”",
        "12, 34; 56 … — ?!",
    ],
)
def test_a_language_without_lexicon_is_told(text: str, news: Schema) -> None:
    with pytest.raises(NothingToLearnError, match=r"no lexicon for its language .*German, English"):
        ENGINE.load(b"", news, "attribution").propose(page(text, taught=False))


def test_a_schema_without_ties_is_nothing_for_rules() -> None:
    assert ENGINE.layers(schema()) == []


def test_no_text_is_too_awkward(news: Schema) -> None:
    model = ENGINE.load(b"", news, "attribution")
    for text in ("", "said", "“", "the the of and to in said “", "of and to the in: “a b c d", ","):
        for number in range(1, 4):
            given = page(" ".join([text] * number) + " the of and to in", taught=False)
            for proposal in model.propose(given):
                if isinstance(proposal, Span):
                    for a, b in proposal.fragments:
                        assert 0 <= a < b <= len(given.document.text)
                        assert given.document.text[a:b].strip()


def test_the_seed_article_is_mostly_read_right(root: Path, tmp_path: Path, news: Schema) -> None:
    store = init(tmp_path / "p.db", "news")
    request = Request(paths=(root / "seeds" / "raqqa.jsonl",), default_annotator="gold")
    list(import_paths(store, request, Report()))
    gold = page_of(store, store.find_document("raqqa.txt"), store.annotator("gold").id)
    store.close()
    asked = replace(gold, taught=frozenset())
    found = ENGINE.load(b"", news, "attribution").propose(asked)
    for layer, least in (("cue", 13), ("source", 12), ("claim", 13)):
        made = {s.fragments for s in gold.spans if s.layer == layer}
        given = {s.fragments for s in found if isinstance(s, Span) and s.layer == layer}
        assert len(made & given) >= least, (layer, len(made & given), len(given))
        assert given <= made


def test_ranges_of_readings_lie_in_their_sentence() -> None:
    text = TEXT + " " + TEXT
    for place in sentences(text):
        for reading in readings(text, place, lexicons()[1]):
            for a, b in (*reading.claim, *reading.cues):
                assert Range(a, b).start >= place.start
                assert b <= place.end
