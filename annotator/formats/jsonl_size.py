"""How long the native record of a document gets, so that what is taken in can be taken in again."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from annotator.core.document import Document, Sentence
from annotator.core.tokens import tokens
from annotator.errors import InputError
from annotator.formats.base import LARGEST_RECORD
from annotator.formats.jsonl_record import SentenceRow
from annotator.formats.safe_json import encoded

LARGEST_TEXT = LARGEST_RECORD // 8
"""Bytes of a text as UTF-8. No longer one is cut into sentences: its record would not fit."""

ROOM_FOR_ANNOTATIONS = LARGEST_RECORD // 4
"""Bytes of the longest record that stay free for what annotators add: some 190,000 spans."""

_ID = "0" * 36
_SENTENCE = len(msgspec.json.encode(SentenceRow(id=_ID, start=0, end=0))) - 1
"""Bytes of a sentence and the comma behind it, without the digits of its offsets."""
_TOKEN = len("[,],")


def check_text_size(document: Document) -> None:
    """Raise InputError where the text alone is too long for a record."""
    # Counting bytes copies the text; no code point takes more than four.
    if len(document.text) * 4 > LARGEST_TEXT:
        size = len(document.text.encode())
        if size > LARGEST_TEXT:
            raise InputError(
                f"{document.name}: the text has {size:,} bytes; {LARGEST_TEXT:,} are allowed",
                "Cut it into smaller documents.",
            )


def check_record_size(document: Document, sentences: Sequence[Sentence]) -> None:
    """Raise InputError where an export of the document, so cut, could not be imported again.

    Tokens are counted only where they decide.
    """
    text, limit = document.text, LARGEST_RECORD - ROOM_FOR_ANNOTATIONS
    digits = 2 * len(str(len(text)))
    size = 6 * len(text) + len(sentences) * (_SENTENCE + digits)
    if size + len(text) * (_TOKEN + digits) <= limit:
        return
    size += len(encoded(text)) - 6 * len(text)
    for sentence in sentences:
        if size > limit:
            break
        size += len(tokens(text, sentence.start, sentence.end)) * (_TOKEN + digits)
    if size > limit:
        raise InputError(
            f"{document.name}: too long with its {len(sentences):,} sentences: an export would "
            f"take over {limit:,} bytes, and could not be imported again",
            "Cut it into smaller documents.",
        )
