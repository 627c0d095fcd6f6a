"""CoNLL-U: Universal Dependencies' files, with spans as brackets in the column MISC.

The key ``Entity`` is that of CorefUD: ``(e1-PERSON`` opens, ``e1)`` closes; ``SpaceAfter`` and
``SpacesAfter`` keep every character of the text. Lemmas, tags and dependencies are not brought in.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from msgspec.structs import replace

from annotator.core.document import Sentence
from annotator.core.ranges import Range
from annotator.formats.base import Carries, Format, ImportItem, Record, Source, Target
from annotator.formats.conll import NEWDOC, with_name_of_one_line
from annotator.formats.entity_brackets import written
from annotator.formats.label_names import LabelNames
from annotator.formats.loss import Losses, quoted
from annotator.formats.record import SPACES, TOKENIZATION, is_spaced, token_ranges
from annotator.formats.reducing import OUT
from annotator.formats.token_layout import TAB, Layout, sample
from annotator.formats.token_reading import TokenReader
from annotator.formats.token_rows import META
from annotator.formats.token_text import escaped, space_after

_COLUMNS = 10
_LAYOUT = Layout(separator=TAB, width=_COLUMNS, id=0, form=1, misc=9, unread=tuple(range(2, 9)))
_ID = re.compile(r"\d+(?:[-.]\d+)?")
_HEAD = re.compile(r"\d+|_")
_UPOS = frozenset(
    ("ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN")
) | frozenset(("PUNCT", "SCONJ", "SYM", "VERB", "X", "_"))
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n")


class ConlluFormat(Format):
    """Reads and writes one file of any number of documents."""

    name = "conllu"
    title = "CoNLL-U, spans in MISC"
    extensions = (".conllu",)
    carries = Carries(
        name=True, sentences=True, nesting="any", duplicates=True, fragments=True, sub_tokens=False
    )

    def sniff(self, head: bytes, path: Path) -> float:
        """Sure where all rows have ten columns that hold what they should."""
        rows = [line.split(TAB) for line in sample(head)[:500] if not line.startswith("#")]
        if not rows or any(len(row) != _COLUMNS or not _ID.fullmatch(row[0]) for row in rows):
            return 0.0
        return 1.0 if all(row[3] in _UPOS and _HEAD.fullmatch(row[6]) for row in rows) else 0.0

    def read(self, source: Source) -> Iterator[ImportItem]:
        """The documents of the file, parted by ``# newdoc``."""
        yield from TokenReader(source, _LAYOUT, None).items()

    def reduce(self, record: Record, target: Target) -> Record:
        """Besides what is declared: white space at the edges of sentences, and on its own."""
        found = with_name_of_one_line(super().reduce(record, target), target.losses)
        return _on_tokens(record, found, target.losses)

    def write(self, records: Iterable[Record], target: Target) -> int:
        """A row for each token; what is not known of it is ``_``."""
        names, count = LabelNames(target.schema), 0
        for record in records:
            count += 1
            target.file.write("".join(f"{line}\n" for line in _lines(record, names)).encode())
        return count


FORMAT = ConlluFormat()


def _on_tokens(given: Record, reduced: Record, losses: Losses) -> Record:
    """The record whose sentences begin and end with a token, and whose text has one at least."""
    name, text = given.document.name, given.document.text
    ids = [s.id for s in given.sentences or ()]
    sentences: list[Sentence] = []
    cut = [(s.start, s.end) for s in given.sentences or ()]
    for n, tokens in enumerate(token_ranges(given)):
        if not tokens:
            losses.add("sentence of white space alone", OUT, name)
            continue
        start, end = tokens[0].start, tokens[-1].end
        if cut and (start, end) != cut[n]:
            losses.add("white space at the edge of a sentence", "trimmed", f"{name}: {start}–{end}")
        id = ids[n] if ids else f"sentence {start}-{end}"
        sentences.append(Sentence(id, given.document.id, start, end))
    document = reduced.document
    if text and not sentences:
        losses.add("text of white space alone", OUT, f"{name}: {quoted(text)}")
        document = replace(document, text="")
    kept = {s.id for s in sentences}
    return replace(reduced, document=document, sentences=tuple(sentences), done=reduced.done & kept)


def _lines(record: Record, names: LabelNames) -> Iterator[str]:
    """The lines of a document, without their ends."""
    text, sentences = record.document.text, token_ranges(record)
    brackets = _brackets(record, [*chain.from_iterable(sentences)], names)
    yield f"{NEWDOC}{record.document.name}"
    yield "# global.Entity = eid-etype"
    if is_spaced(record.document):
        yield f"# {META}{TOKENIZATION} = {SPACES}"
    begins = [tokens[0].start for tokens in sentences]
    gap = before = text[: begins[0]] if begins else ""
    number = 0
    for n, (tokens, following) in enumerate(zip(sentences, [*begins[1:], len(text)], strict=False)):
        if n == 0 or _PARAGRAPH.search(gap):
            yield "# newpar"
        yield f"# sent_id = {n + 1}"
        yield f"# text = {' '.join(text[tokens[0].start : tokens[-1].end].split())}"
        ends = [*(token.start for token in tokens[1:]), following]
        for m, (place, end) in enumerate(zip(tokens, ends, strict=True), start=1):
            gap = text[place.end : end]
            misc = [f"Entity={brackets[number]}"] if number in brackets else []
            misc += [f"SpacesBefore={escaped(before)}"] if before and not number else []
            misc += space_after(gap, is_last=m == len(tokens))
            cells = (str(m), text[place.start : place.end], *"_______")
            yield TAB.join((*cells, "|".join(misc) or "_"))
            number += 1
        yield ""
    if not sentences:
        yield ""


def _brackets(record: Record, tokens: list[Range], names: LabelNames) -> dict[int, str]:
    """The brackets on each token, counted through the document."""
    starts = [token.start for token in tokens]

    def number(start: int, end: int) -> tuple[int, int]:
        return bisect_left(starts, start), bisect_left(starts, end)

    spans = sorted(record.spans, key=lambda s: (s.start, -s.end, s.layer, s.label, s.fragments))
    return written(
        (names.written(span.layer, span.label), [number(*place) for place in span.fragments])
        for span in spans
    )
