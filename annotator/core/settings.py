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
ENGINE: Final = "suggest."
"""What the settings of engines begin with: ``suggest.ENGINE``, ``suggest.ENGINE.LAYER``."""
UNSAID: Final = "default"
"""The value of such a setting where nothing was chosen."""


def setting(name: str) -> Setting:
    """The setting of that name. NotFoundError names those there are."""
    if name.startswith(ENGINE) and name != ENGINE:
        return Setting(name, (UNSAID, "on", "off"), "whether an engine makes suggestions")
    for known in SETTINGS:
        if known.name == name:
            return known
    names = ", ".join((*(known.name for known in SETTINGS), f"{ENGINE}ENGINE[.LAYER]"))
    raise NotFoundError(f"There is no setting {name!r}.", f"There is: {names}.")


def checked(name: str, value: str) -> str:
    """The value, if the setting may have it; else UsageError."""
    allowed = setting(name).values
    if value not in allowed:
        raise UsageError(f"{name} cannot be {value!r}.", f"It is one of: {', '.join(allowed)}.")
    return value


def engine_setting(engine: str, layer: str | None = None) -> str:
    """The name of the setting that switches an engine, for one layer or for all."""
    return f"{ENGINE}{engine}" if layer is None else f"{ENGINE}{engine}.{layer}"
