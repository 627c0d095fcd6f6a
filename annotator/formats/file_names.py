"""Names of files for documents, in formats that write a file, or several, for each."""

from __future__ import annotations

import unicodedata

from annotator.formats.record import Record

_FORBIDDEN = frozenset('<>:"\\|?*')
_LONGEST = 120
"""Most bytes of a part of a name; file systems take 255, and endings follow."""
_DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)))
)


class FileNames:
    """Gives each record of one export a name of its own, good on every system.

    Folders in a document's name stay. Names never differ by case alone.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def stem(self, record: Record, ending: str = "") -> str:
        """The path for a record without an ending; ``ending`` is dropped from the document's name.

        It is the document's name itself wherever that can be a file's.
        """
        parts = record.document.name.removesuffix(ending).split("/")
        path = "/".join(part for part in map(_safe, parts) if part) or "document"
        name, number = path, 1
        while name.casefold() in self._taken:
            number += 1
            name = f"{path} ({number})"
        self._taken.add(name.casefold())
        return name


def _safe(part: str) -> str:
    """A part of a path with what no system takes replaced, cut where it is too long."""
    part = "".join(
        "_" if c in _FORBIDDEN or unicodedata.category(c)[0] == "C" else c for c in part
    ).strip(" .")
    part = part.encode()[:_LONGEST].decode(errors="ignore").strip(" .")
    return f"{part}_" if part.partition(".")[0].casefold() in _DEVICES else part
