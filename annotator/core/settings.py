"""What may be chosen for a project: each setting, what it may be, and what it is unless chosen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from annotator.errors import NotFoundError, UsageError


class Setting(Struct, frozen=True):
    """One choice; the first value is the default, the last the most careful one.

    Where project files are merged, the more careful of their values counts: the order of files must
    not matter, and what one of them kept to itself is not shown because another did not care.
    """

    name: str
    values: tuple[str, ...]
    title: str


SETTINGS: Final = (
    Setting("see-others", ("on", "off"), "annotators may see what others annotate, as it happens"),
    Setting("learning", ("on", "off"), "engines learn and propose beside you while you annotate"),
)
ENGINE: Final = "suggest."
"""What the settings of engines begin with: ``suggest.ENGINE``, ``suggest.ENGINE.LAYER``."""
UNSAID: Final = "default"
"""The value of such a setting where nothing was chosen."""
THRESHOLD: Final = "threshold."
"""What the settings of thresholds begin with: ``threshold.LAYER``."""
SCORES: Final = tuple(f"{score / 20:.2f}" for score in range(21))
"""What a threshold may be, from the lowest, which hides nothing."""


def setting(name: str) -> Setting:
    """The setting of that name. NotFoundError names those there are."""
    if name.startswith(ENGINE) and name != ENGINE:
        return Setting(name, (UNSAID, "on", "off"), "whether an engine makes suggestions")
    if name.startswith(THRESHOLD) and name != THRESHOLD:
        return Setting(name, SCORES, "the score from which on suggestions of a layer are shown")
    for known in SETTINGS:
        if known.name == name:
            return known
    patterns = (f"{ENGINE}ENGINE[.LAYER]", f"{THRESHOLD}LAYER")
    names = ", ".join((*(known.name for known in SETTINGS), *patterns))
    raise NotFoundError(f"There is no setting {name!r}.", f"There is: {names}.")


def most_careful(name: str, values: Iterable[str]) -> str:
    """The value that counts where several files have these; the default where there are none."""
    known = setting(name).values
    return max((v for v in values if v in known), key=known.index, default=known[0])


def checked(name: str, value: str) -> str:
    """The value, if the setting may have it; else UsageError. A score may be written shorter."""
    allowed = setting(name).values
    if value in allowed:
        return value
    for score in allowed if allowed is SCORES else ():
        if value == score.rstrip("0").rstrip("."):
            return score
    raise UsageError(f"{name} cannot be {value!r}.", f"It is one of: {', '.join(allowed)}.")


def engine_setting(engine: str, layer: str | None = None) -> str:
    """The name of the setting that switches an engine, for one layer or for all."""
    return f"{ENGINE}{engine}" if layer is None else f"{ENGINE}{engine}.{layer}"


def threshold_setting(layer: str) -> str:
    """The name of the setting for a layer, or for a type of relation."""
    return f"{THRESHOLD}{layer}"
