"""Real gold data as pages of finished sentences: what the simulated annotator knows.

Only what the benchmark of suggestions needs: tokens joined by a space, a sentence a line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from annotator.core.annotation import Span, surface
from annotator.core.document import Document, Sentence
from annotator.core.ranges import Range
from annotator.core.schema import Label, Layer, Schema
from annotator.core.schema_file import parse_schema
from annotator.suggest.base import Page
from annotator.suggest.words import chunks
from annotator.workflow.resources import schema_text

Tagged = list[tuple[str, str]]
"""A sentence: words with their tags."""

_FORMS = {
    "Direct": "DIRECT", "Indirect": "INDIRECT", "Reported": "REPORTED",
    "FreeIndirect": "FREE_INDIRECT", "IndirectFreeIndirect": "INDIRECT_FREE_INDIRECT",
}  # fmt: skip
"""The forms of quotations as the schema quotes calls them."""
_DOCUMENT = 25
"""Sentences to a document where the corpus does not say where one ends."""


def tagged_sentences(path: Path, word: int, tag: int) -> Iterator[list[Tagged]]:
    """The documents of a file in columns (tab), as sentences."""
    document: list[Tagged] = []
    sentence: Tagged = []
    marked = False
    for line in [*path.read_text("utf-8").split("\n"), ""]:
        starts = line.startswith(("-DOCSTART-", "# newdoc"))
        marked = marked or starts
        cells = line.split("\t")
        if not starts and not line.startswith("# ") and len(cells) > max(word, tag):
            sentence.append((cells[word], cells[tag]))
            continue
        if sentence:
            document.append(sentence)
            sentence = []
        if document and (starts or (not marked and len(document) >= _DOCUMENT)):
            yield document
            document = []
    if document:
        yield document


def _page(name: str, sentences: list[Tagged]) -> Page:
    text, cut, spans = "", [], []
    for number, tokens in enumerate(sentences):
        start, places = len(text), []
        for token, _ in tokens:
            places.append(Range(len(text), len(text) + len(token)))
            text += token + " "
        text = text[:-1] + "\n"
        cut.append(Sentence(f"{name}-{number}", name, start, len(text) - 1))
        for first, end, label in chunks(_parted([tag for _, tag in tokens])):
            spans.append((label, (places[first].start, places[end - 1].end)))
    made = tuple(
        Span(f"{name}:{a}-{b}", name, "gold", "entity", label, ((a, b),), text[a:b])
        for label, (a, b) in spans
    )
    return Page(Document(name, name, text, ""), "gold", cut, spans=made)


def _parted(tags: list[str]) -> list[str]:
    """Tags with B- and I-, of those that only name the label."""
    found, before = [], "O"
    for tag in tags:
        if tag in ("O", "_", "-"):
            found.append("O")
        elif tag[:2] in ("B-", "I-"):
            found.append(tag)
        else:
            found.append(f"{'I' if tag == before else 'B'}-{tag}")
        before = tag
    return found


def _schema(pages: list[Page]) -> Schema:
    labels = sorted({span.label for page in pages for span in page.spans})
    layer = Layer("entity", "entity", "span", tuple(map(Label, labels)), "none", "run")
    return Schema("gold", 1, "", "", (layer,))


def _quotes(folder: Path) -> list[Page]:
    pages = []
    for path in sorted(folder.glob("*.json")):
        found = json.loads(path.read_text("utf-8"))
        name, text = found["documentName"], found["originalText"]
        cut = [
            Sentence(f"{name}-{s['id']}", name, s["charBegin"], len(text[: s["charEnd"]].rstrip()))
            for s in found["sentences"]
        ]
        spans = {}
        for annotation in found["annotations"]:
            for layer, label in (("quote", annotation["type"]), ("speaker", ""), ("cue", "")):
                pieces = annotation[layer]["spans"]
                fragments = tuple(sorted((p["charBegin"], p["charEnd"]) for p in pieces))
                if fragments:
                    key = f"{name}:{layer}:{fragments}"
                    spans[key] = Span(
                        key, name, "gold", layer,
                        _FORMS.get(label, layer.upper()),
                        fragments, surface(text, fragments),
                    )  # fmt: skip
        pages.append(Page(Document(name, name, text, ""), "gold", cut, spans=tuple(spans.values())))
    return pages


def corpus(root: Path, name: str) -> tuple[list[Page], Schema] | None:
    """The pages of a corpus and their schema; None where it is not there."""
    columns = {
        "turku_ner": ("conll/train.tsv", 0, 1),
        "kind_wikinews": ("wikinews_train.tsv", 0, 1),
        "uner_english_ewt": ("en_ewt-ud-dev.iob2", 1, 2),
    }
    if not (root / name).is_dir():
        return None
    if name == "german_news_quotes":
        return _quotes(root / name / "data" / "dev"), parse_schema(*schema_text("quotes"))
    file, word, tag = columns[name]
    documents = tagged_sentences(root / name / file, word, tag)
    pages = [_page(f"{name}-{n}", document) for n, document in enumerate(documents)]
    return pages, _schema(pages)
