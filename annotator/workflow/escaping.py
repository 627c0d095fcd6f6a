"""Text from documents, names and paths as it may be shown on a terminal."""

from __future__ import annotations

import unicodedata

_JOINERS = "\u200c\u200d"


def printable(text: str, keep: str = "") -> str:
    """``text`` with every control, direction-changing or unassigned character as an escape.

    What is in ``keep`` (such as a newline) stays. Doing it twice changes nothing more.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if _is_safe(c) or c in keep else ascii(c)[1:-1] for c in text)


def _is_safe(character: str) -> bool:
    return (
        character.isprintable() or character in _JOINERS or unicodedata.category(character) == "Zs"
    )
