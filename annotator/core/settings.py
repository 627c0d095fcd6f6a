"""What may be chosen for a project: each setting, what it may be, and what it is unless chosen."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from annotator.errors import NotFoundError, UsageError


class Setting(Struct, frozen=True):
    """One choice; the first value is the default."""

    name: str
    values: tuple[str, ...]
    title: str


SETTINGS: Final = (
    Setting("see-others", ("on", "off"), "annotators may see what others annotate, as it happens"),
)


def setting(name: str) -> Setting:
    """The setting of that name. NotFoundError names those there are."""
    for known in SETTINGS:
        if known.name == name:
            return known
    names = ", ".join(known.name for known in SETTINGS)
    raise NotFoundError(f"There is no setting {name!r}.", f"There is: {names}.")


def checked(name: str, value: str) -> str:
    """The value, if the setting may have it; else UsageError."""
    allowed = setting(name).values
    if value not in allowed:
        raise UsageError(f"{name} cannot be {value!r}.", f"It is one of: {', '.join(allowed)}.")
    return value
