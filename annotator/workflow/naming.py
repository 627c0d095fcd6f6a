"""Which names annotators may have, whoever gives them."""

from __future__ import annotations

from annotator.errors import UsageError

NAME_LIMIT = 100
ALL = "all"
"""Stands for all annotators wherever one may be named."""
_SHOWN = 40


def checked_name(name: str) -> str:
    """An annotator's name without white space around it. Raises UsageError for a misleading one."""
    name = name.strip()
    if not name or not name.isprintable() or len(name) > NAME_LIMIT:
        shown = name if len(name) <= _SHOWN else name[: _SHOWN - 1] + "…"
        raise UsageError(
            f"{shown!r} is no name for an annotator.",
            f"A name has 1 to {NAME_LIMIT} printable characters.",
        )
    if name == ALL:
        raise UsageError("'all' is no name for an annotator: it stands for all of them.")
    return name


def is_name(name: str) -> bool:
    """Whether a name is one that :func:`checked_name` leaves as it is."""
    try:
        return checked_name(name) == name
    except UsageError:
        return False
