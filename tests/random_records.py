"""Random records of everything the data model can hold, for property tests of every format."""

from __future__ import annotations

from hypothesis import strategies as st

from annotator.core.annotation import (
    Actor,
    Argument,
    AttributeValues,
    Origin,
    Relation,
    Span,
    UnitLabel,
    surface,
)
from annotator.core.document import Document, Sentence, content_hash
from annotator.core.ids import derived_id
from annotator.core.sentences import sentences
from annotator.formats.base import Record

PIECES = (
    "Talal Sillo said so. ",
    "“We saw it“, he said.\r\n",
    "👩‍👩‍👧 e\u0301 ",
    "العربية نص. ",
    "\r\n\r\n",
    "a\tb\x00c\x1b[31m ",
    "𝔘𝔫𝔦 ",
    "\u00a0B. ",
    "x\u2028y",
    "[bold]no[/] ",
    "'\"\\ ",
    "。。",
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
WORDS = st.sampled_from(("ü", "a b", "", "\x1b[0m", "😀", "“”", "\n"))
NOTES = st.none() | WORDS
# Made once: to make a strategy takes longer than to draw from it.
METADATA = st.dictionaries(WORDS, st.none() | WORDS | st.integers() | st.lists(st.floats(-1, 1)))
ALIASES = st.lists(WORDS, max_size=2)
LINKS = st.sets(st.sampled_from((("w", "Q1"), ("w", "Q2"), ("v", "7"))))
VALUES = {
    values: st.lists(st.sampled_from(values), unique=True)
    for values in (("x", "y", "z"), ("yes",), ("weak", "strong"), ("p", "q"))
}
# SQLite keeps no negative zero.
SCORES = st.none() | st.floats(allow_nan=False, allow_infinity=False).map(lambda n: n + 0.0)
ORIGINS = st.just(Origin()) | st.builds(Origin, st.just("crf"), st.just("1.0"), SCORES)


def _id(kind: str, *parts: object) -> str:
    return derived_id(kind, *(str(p) for p in parts))


@st.composite
def documents(draw: st.DrawFn, number: int) -> tuple[Document, tuple[Sentence, ...]]:
    text = f"{number} " * bool(number) + draw(TEXTS)
    id = _id("document", number)
    document = Document(
        id=id,
        name=f"{number}.txt",
        text=text,
        sha256=content_hash(text.encode("utf-8-sig")),
        encoding="utf-8-sig",
        meta=draw(METADATA),
    )
    cut = tuple(
        Sentence(_id("sentence", number, n), id, r.start, r.end)
        for n, r in enumerate(sentences(text))
    )
    return document, cut


@st.composite
def actors_of(draw: st.DrawFn, document: Document) -> tuple[Actor, ...]:
    return tuple(
        Actor(
            _id("actor", document.name, n),
            f"actor {n}",
            draw(st.sampled_from(("", "person"))),
            tuple(draw(ALIASES)),
            tuple(sorted(draw(LINKS))),
            draw(NOTES),
        )
        for n in range(draw(st.integers(0, 2)))
    )


@st.composite
def records(
    draw: st.DrawFn,
    document: Document,
    cut: tuple[Sentence, ...],
    actors: tuple[Actor, ...],
    annotator: str,
) -> Record:
    key = (document.name, annotator)
    spans = tuple(
        draw(_spans(document, _id("span", n, *key), [a.id for a in actors]))
        for n in range(draw(st.integers(0, 6)) if document.text else 0)
    )
    relations: list[Relation] = []
    targets: list[tuple[str, str]] = [
        *(("span", s.id) for s in spans),
        *(("actor", a.id) for a in actors),
    ]
    for n in range(draw(st.integers(0, 3)) if targets else 0):
        relations.append(draw(_relations(document, _id("relation", n, *key), targets)))
        targets.append(("relation", relations[-1].id))
    mentioned = {s.actor for s in spans} | {a.target for r in relations for a in r.arguments}
    return Record(
        document=document,
        sentences=cut,
        done=frozenset(s.id for s in cut if draw(st.booleans())),
        spans=spans,
        relations=tuple(relations),
        unit_labels=tuple(draw(_unit_labels(document, cut, key))),
        actors=tuple(a for a in actors if a.id in mentioned),
        annotator=annotator,
        status=draw(st.sampled_from(("open", "done"))),
        schema_name="full",
        schema_version=3,
    )


@st.composite
def _spans(draw: st.DrawFn, document: Document, id: str, actors: list[str]) -> Span:
    length = len(document.text)
    cuts = sorted(draw(st.sets(st.integers(0, length), min_size=2, max_size=6)))
    if len(cuts) % 2:
        cuts.pop()
    fragments = tuple(zip(cuts[::2], cuts[1::2], strict=True))
    label = draw(st.sampled_from("AB"))
    attributes = draw(_attributes("mode", ("x", "y", "z")))
    if label == "B":
        attributes += draw(_attributes("only", ("yes",)))
    return Span(
        id=id,
        document=document.id,
        annotator="",
        layer="thing",
        label=label,
        fragments=fragments,
        text=surface(document.text, fragments),
        attributes=attributes,
        actor=draw(st.none() | st.sampled_from(actors)) if actors else None,
        note=draw(NOTES),
        flagged=draw(st.booleans()),
        origin=draw(ORIGINS),
    )


@st.composite
def _attributes(draw: st.DrawFn, name: str, values: tuple[str, ...]) -> tuple[AttributeValues, ...]:
    if draw(st.booleans()):
        return ()
    return (AttributeValues(name, tuple(draw(VALUES[values])), draw(st.booleans())),)


@st.composite
def _relations(
    draw: st.DrawFn, document: Document, id: str, targets: list[tuple[str, str]]
) -> Relation:
    chosen = draw(st.lists(st.sampled_from(targets), min_size=1, max_size=4))
    return Relation(
        id=id,
        document=document.id,
        annotator="",
        type="tie",
        arguments=tuple(
            Argument(draw(st.sampled_from(("one", "two"))), kind, target) for kind, target in chosen
        ),
        attributes=draw(_attributes("strength", ("weak", "strong"))),
        note=draw(NOTES),
        flagged=draw(st.booleans()),
        origin=draw(ORIGINS),
    )


@st.composite
def _unit_labels(
    draw: st.DrawFn, document: Document, cut: tuple[Sentence, ...], key: tuple[str, str]
) -> list[UnitLabel]:
    places: list[tuple[str, str, str | None]] = [("genre", "NEWS", None)]
    places += [("worth", "CHECK", s.id) for s in cut[:3]]
    return [
        UnitLabel(
            id=_id("label", n, *key),
            document=document.id,
            annotator="",
            layer=layer,
            label=label,
            sentence=sentence,
            attributes=draw(_attributes("topic", ("p", "q"))) if sentence else (),
            note=draw(NOTES),
            flagged=draw(st.booleans()),
            origin=draw(ORIGINS),
        )
        for n, (layer, label, sentence) in enumerate(places)
        if draw(st.booleans())
    ]


@st.composite
def projects(draw: st.DrawFn) -> list[Record]:
    """Up to three documents, each by up to two annotators, in the order of an export."""
    found = []
    for number in range(draw(st.integers(1, 3))):
        document, cut = draw(documents(number))
        actors = draw(actors_of(document))
        for annotator in draw(st.sampled_from((("alice",), ("alice", "bob")))):
            found.append(draw(records(document, cut, actors, annotator)))
    return found
