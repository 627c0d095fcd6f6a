"""The formats there are, by name, and which one a file is in.

Formats come in through entry points of group ``annotator.formats``, the built-in ones too. Names
are listed without importing anything.
"""

from __future__ import annotations

import warnings
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Literal

from annotator.core import offered
from annotator.errors import InputError, UsageError
from annotator.formats.base import Format, Option

GROUP = "annotator.formats"
LEAST_LIKELY = 0.2
"""A file that no format finds more likely than this is not recognised."""
TOO_CLOSE = 0.1
"""Two formats no further apart than this are too alike to choose between."""


def names() -> list[str]:
    """The names of all formats, sorted; nothing is imported."""
    return sorted(_entry_points())


def get(name: str) -> Format:
    """The format of that name. Raises UsageError: unknown, or its package cannot be imported."""
    return _load(offered.one_of(_entry_points(), name, "format"))


def all_formats() -> list[Format]:
    """Every format that can be imported, by name; the others are warned of."""
    loaded = []
    for _, point in sorted(_entry_points().items()):
        try:
            loaded.append(_load(point))
        except UsageError as error:
            warnings.warn(str(error), RuntimeWarning, stacklevel=2)
    return loaded


def declared_options(use: Literal["read", "write"]) -> list[tuple[str, Option]]:
    """Each option that a format declares for reading or writing, with the format's name."""
    return [
        (format.name, option)
        for format in all_formats()
        for option in (format.read_options if use == "read" else format.write_options)
    ]


def recognise(
    head: bytes, path: Path, formats: list[Format], *, shown: str | None = None
) -> Format:
    """The format of a file that begins with ``head``; messages call it ``shown``.

    Raises InputError, which says how to force a format, where none fits or several fit alike.
    """
    place = str(path) if shown is None else shown
    ranked = sorted(
        ((format.sniff(head, path), format.name, format) for format in formats),
        key=lambda entry: (-entry[0], entry[1]),
    )
    if not ranked or ranked[0][0] < LEAST_LIKELY:
        if not head:
            raise InputError(f"{place}: an empty file")
        what = "a binary file" if b"\0" in head else "a file"
        raise InputError(
            f"{place}: {what} of no format that is known",
            "If it is a text, give its encoding with --encoding. If you know its format, say so "
            f"with --format: {', '.join(f.name for f in formats)}.",
        )
    best = ranked[0]
    rivals = [name for likelihood, name, _ in ranked if best[0] - likelihood < TOO_CLOSE]
    if len(rivals) > 1:
        raise InputError(
            f"{place}: could be {' or '.join(rivals)}", f"Say which with --format {rivals[0]}."
        )
    return best[2]


def _entry_points() -> dict[str, EntryPoint]:
    return offered.by_name(entry_points(group=GROUP), "format")


def _load(point: EntryPoint) -> Format:
    format: Format = offered.loaded(point, "format")
    return format
