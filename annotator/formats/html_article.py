"""News pages as HTML: the article's text and what the page says of it; the rest of the page stays.

trafilatura finds the article. Nothing is fetched, no script is run, and entities are those of HTML.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotator.core.document import content_hash
from annotator.errors import InputError
from annotator.formats.base import Format, ImportItem, Source
from annotator.formats.building import RecordBuilder
from annotator.formats.decoding import decode, marked_encoding

LARGEST_PAGE = 8 * 1024**2
"""Most bytes of a page; larger ones hold no article, and take long to search."""
SHORTEST = 40
"""Fewest characters of an article; less is a menu or a headline."""
_DECLARED = re.compile(
    rb"""<meta\b[^>]{0,1000}?\bcharset\s*=\s*["']?\s*([\w:.+-]{1,40})"""
    rb"""|<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([\w:.+-]{1,40})""",
    re.IGNORECASE,
)
_DECLARED_WITHIN = 4096
_READ_AS = {
    "ascii": "cp1252", "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252",
    "us-ascii": "cp1252", "iso-8859-9": "cp1254", "tis-620": "cp874", "gb2312": "gb18030",
    "gbk": "gb18030", "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "utf-16": "utf-8", "x-cp1251": "cp1251",
}  # fmt: skip
"""What pages call an encoding → as which browsers read it."""
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--(?:(?!-->).){0,4000}-->\s*)*<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_ELEMENT = re.compile(r"<(?:body|head|title|article|div|p)\b[^<>]{0,1000}>", re.IGNORECASE)
_META = ("title", "author", "date", "url", "sitename")
_LOGGERS = ("trafilatura", "htmldate", "courlan", "justext", "readability")


class HtmlFormat(Format):
    """Reads the article of a page as one document; there is nothing to be written."""

    name = "html"
    title = "HTML, the article of a page"
    extensions = (".html", ".htm", ".xhtml")
    writes = False
    needs = ("trafilatura", "lxml", "lxml_html_clean")
    extra = "html"

    def sniff(self, head: bytes, path: Path) -> float:
        """Sure where the file begins as a page does, likely for the ending and any element."""
        text = head[:65_536].decode(marked_encoding(head) or "utf-8", errors="replace")
        if _PAGE.match(text.lstrip("\ufeff")):
            return 0.95
        is_named_so = path.suffix.lower() in self.extensions
        return 0.8 if is_named_so and _ELEMENT.search(text) else 0.0

    def read(self, source: Source) -> Iterator[ImportItem]:
        """The one document. Raises InputError: too large, in no known encoding, or no article."""
        data = source.content()
        if len(data) > LARGEST_PAGE:
            raise InputError(
                f"{source.shown}: a page of more than {LARGEST_PAGE:,} bytes",
                "Save the article alone, or its text as a text file.",
            )
        asked = source.encoding or _declared(data)
        page, encoding = decode(
            data, Source(source.path, source.name, shown=source.shown, encoding=asked)
        )
        found = _article(page)
        text = "" if found is None else _text(found.text or "")
        if len(text) < SHORTEST:
            raise InputError(
                f"{source.shown}: no article was found in the page",
                "Copy its text into a text file and import that.",
            )
        meta = {key: value for key in _META if (value := getattr(found, key, None))}
        yield RecordBuilder(
            source, text, meta=meta, sha256=content_hash(data), encoding=encoding
        ).record()


FORMAT = HtmlFormat()


def _declared(data: bytes) -> str | None:
    """The encoding that the page itself names, as browsers understand it."""
    match = _DECLARED.search(data[:_DECLARED_WITHIN])
    if match is None:
        return None
    name = (match[1] or match[2]).decode("ascii").lower()
    return _READ_AS.get(name, name)


def _article(page: str) -> Any:
    """What trafilatura finds, or None."""
    from lxml import etree, html
    from trafilatura import bare_extraction

    for name in _LOGGERS:  # what they would say on stderr, the refusal says
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    parser = html.HTMLParser(encoding="utf-8", remove_pis=True)
    try:
        tree = html.document_fromstring(page.encode(), parser=parser)
    except etree.LxmlError:
        return None
    return bare_extraction(
        tree, with_metadata=True, include_comments=False,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )  # fmt: skip


def _text(found: str) -> str:
    """The paragraphs with an empty line between them."""
    lines = (" ".join(line.split()) for line in found.splitlines())
    return "\n\n".join(line for line in lines if line)
