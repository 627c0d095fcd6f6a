"""Projects in which something is very many: documents, annotations, actors or suggestions.

Every row is written by the store, as the program would write it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from annotator.core.annotation import (
    Actor,
    Argument,
    DocumentMark,
    Origin,
    Relation,
    SentenceMark,
    Span,
    Suggestion,
    mark_id,
)
from annotator.core.document import Document, Sentence, content_hash
from annotator.core.edits import Change, create
from annotator.core.ids import new_id
from annotator.core.sentences import SEGMENTER, SEGMENTER_VERSION, sentences
from annotator.store.base import NewDocument
from annotator.store.sqlite.project import create_project
from annotator.store.sqlite.store import SqliteStore
from bench.news_text import LABELS, news_text

ANNOTATOR: Final = "bench"
FIRST: Final = "d0.txt"
"""The document that is opened."""

_SCHEMA = Path(__file__).resolve().parent.parent / "schemas" / "news.toml"
_AT_ONCE = 1_000
_TEXT = (
    "Overture {}: Mara Venn said on Monday the road to Kessel was open again."
    " “We saw it,” Tomas Okri told reporters. Nobody else was there.\n"
)


class _Writer:
    """Fills a project, in one transaction; nothing of it need survive a crash."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self.annotator = store.annotator(ANNOTATOR, create=True).id
        self.session = store.start_session(self.annotator)

    def document(self, name: str, text: str, cut: Iterable[tuple[int, int]]) -> NewDocument:
        id = new_id()
        parts = tuple(Sentence(new_id(), id, *place) for place in cut)
        document = Document(id, name, text, content_hash(text.encode()))
        new = NewDocument(document, parts, SEGMENTER, SEGMENTER_VERSION)
        self.store.add_document(new)
        return new

    def neighbour(self) -> None:
        """A short document behind the one that is opened, from which one comes back to it."""
        text = _TEXT.format(1)
        self.document("d1.txt", text, sentences(text))

    def span(self, of: NewDocument, layer: str, label: str, start: int, end: int) -> Span:
        text = of.document.text[start:end]
        place = ((start, end),)
        return Span(new_id(), of.document.id, self.annotator, layer, label, place, text)

    def write(self, document: str, changes: Iterable[Change]) -> None:
        waiting = list(changes)
        for at in range(0, len(waiting), _AT_ONCE):
            part = tuple(waiting[at : at + _AT_ONCE])
            self.store.apply(self.session, document, "import", part, undoable=False)


def _fill(path: Path, fill: Callable[[_Writer], None]) -> None:
    with create_project(path, _SCHEMA.read_text("utf-8")) as store:
        store._db.raw.execute("PRAGMA synchronous = OFF")
        store._db.raw.execute("PRAGMA cache_size = -400000")
        with store.transaction():
            fill(_Writer(store))


def many_documents(path: Path, documents: int = 100_000) -> None:
    """Short ones; every second annotated, every third done, one in a thousand with a flag."""

    def fill(writer: _Writer) -> None:
        for number in range(documents):
            text = _TEXT.format(number)
            new = writer.document(f"d{number}.txt", text, sentences(text))
            writer.write(new.document.id, _work_on(writer, new, number))

    _fill(path, fill)


def _work_on(writer: _Writer, new: NewDocument, number: int) -> Iterator[Change]:
    id, by = new.document.id, writer.annotator
    text = new.document.text
    if number % 2 == 0:
        name = text.index("Mara Venn")
        place = text.index("Kessel")
        yield create(writer.span(new, "entity", "PERSON", name, name + 9))
        other = "ORGANIZATION" if number % 10 == 0 else "LOCATION"
        made = writer.span(new, "entity", other, place, place + 6)
        yield create(_flagged(made) if number % 1000 == 998 else made)
    if number % 3 == 0:
        for sentence in new.sentences:
            yield create(SentenceMark(mark_id(sentence.id, by), id, by, sentence.id))
        yield create(DocumentMark(mark_id(id, by), id, by, "done"))


def _flagged(span: Span) -> Span:
    return replace(span, flagged=True, note="is it?")


def large_document(path: Path, sentences: int = 50_000, ties: int = 5_000) -> None:
    """As many annotations as sentences; claims and sources tied, some 40,000 lines apart."""

    def fill(writer: _Writer) -> None:
        news = news_text(sentences, sentences)
        new = writer.document(FIRST, news.text, news.sentences)
        made = [writer.span(new, *LABELS[kind], a, b) for a, b, kind in news.spans]
        claims = [span for span in made if span.layer == "claim"]
        starts = [a for a, _ in news.sentences[: 2 * ties : 2]]
        sources = [writer.span(new, "source", "SOURCE", a, a + 5) for a in starts]
        relations = [
            _tie(writer, new, claim, source)
            for claim, source in zip(claims[-len(sources) :], sources, strict=False)
        ]
        writer.write(new.document.id, map(create, [*made, *sources, *relations]))
        writer.neighbour()

    _fill(path, fill)


def _tie(writer: _Writer, new: NewDocument, claim: Span, source: Span) -> Relation:
    ends = (Argument("claim", "span", claim.id), Argument("source", "span", source.id))
    return Relation(new_id(), new.document.id, writer.annotator, "attribution", ends)


def many_actors(path: Path, actors: int = 20_000) -> None:
    """In a document of 500 sentences, every fourth of whose spans mentions one."""

    def fill(writer: _Writer) -> None:
        news = news_text(500, 1_000)
        new = writer.document(FIRST, news.text, news.sentences)
        made = [_actor(number) for number in range(actors)]
        writer.write(new.document.id, map(create, made))
        spans = []
        for number, (a, b, _) in enumerate(news.spans):
            span = writer.span(new, "entity", "PERSON", a, b)
            spans.append(span if number % 4 else _mention(span, made[number * 7 % actors]))
        writer.write(new.document.id, map(create, spans))

    _fill(path, fill)


def _actor(number: int) -> Actor:
    first = ("Mara", "Tomas", "Ilse", "Yusuf", "Lena", "Piet", "Amina", "Jon")[number % 8]
    name = f"{first} V{number}"
    return Actor(
        new_id(), name, "person", (f"{first[0]}. V{number}",), (("wikidata", f"Q{number}"),)
    )


def _mention(span: Span, actor: Actor) -> Span:
    return replace(span, actor=actor.id)


def many_suggestions(path: Path, suggestions: int = 50_000) -> None:
    """All open, in one document of as many sentences."""

    def fill(writer: _Writer) -> None:
        news = news_text(suggestions, suggestions)
        new = writer.document(FIRST, news.text, news.sentences)
        proposed = (
            replaced
            for number, (a, b, kind) in enumerate(news.spans)
            for replaced in [_proposed(writer.span(new, *LABELS[kind], a, b), number)]
        )
        by, id = writer.annotator, new.document.id
        writer.write(id, (create(Suggestion(new_id(), id, by, span)) for span in proposed))
        writer.neighbour()

    _fill(path, fill)


def _proposed(span: Span, number: int) -> Span:
    return replace(span, origin=Origin("crf", "2", 0.5 + number % 50 / 100))


PROJECTS: Final[dict[str, Callable[[Path], None]]] = {
    "documents": many_documents,
    "annotations": large_document,
    "actors": many_actors,
    "suggestions": many_suggestions,
}
"""By what is very many."""
