"""What a store counts."""

from __future__ import annotations

from msgspec import Struct


class LabelCount(Struct, frozen=True):
    """How often a label of a layer was given."""

    layer: str
    label: str
    count: int


class SuggestionCount(Struct, frozen=True):
    """How many suggestions of an engine for a label are in a state.

    Of relations ``layer`` is None and ``label`` the type. ``state`` is ``open``, ``accepted``,
    ``corrected`` or ``rejected``; ``engine`` is empty where none was told.
    """

    engine: str
    layer: str | None
    label: str
    state: str
    count: int


class Totals(Struct, frozen=True):
    """How much there is in a project, and how many sentences one annotator is done with."""

    documents: int
    sentences: int
    done: int
