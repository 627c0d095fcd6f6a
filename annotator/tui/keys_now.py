"""Which keys do something where the cursor is, most useful first: what the label bar shows."""

from __future__ import annotations

from annotator.core.annotation import Span, Suggestion, UnitLabel
from annotator.tui.keymap import Keymap
from annotator.workflow.annotate import AnnotateSession

Titles = tuple[tuple[str, str], ...]
"""Ids of commands, each with a word for what it does here."""


_OF_SUGGESTION: Titles = (
    ("accept", "yes"),
    ("reject", "no"),
    ("boundaries", "correct"),
    ("accept_sentence", "all"),
)
_OF_PROPOSED_TIE: Titles = tuple(row for row in _OF_SUGGESTION if row[0] != "boundaries")
"""Also of a proposed label of a sentence or document: neither has edges."""


def state_of(session: AnnotateSession) -> str:
    """What a selection is up to, in a word; nothing where there is none."""
    if session.reader.selection is None:
        return ""
    return "selected" if session.reader.anchor is None else "selecting"


def keys_now(session: AnnotateSession, keymap: Keymap) -> tuple[tuple[str, str], ...]:
    """The keys for the selection, else for the focus, else for the suggestion that is next.

    Where there is none of them, labels say it all.
    """
    focus, chosen = session.focus, session.suggestions.chosen
    if session.reader.selection is not None:
        titles = _of_selection(session)
    elif chosen is not None:
        titles = _of_suggestion(chosen)
    elif focus is not None:
        titles = _of_focus(session, focus)
    elif session.unit_focus is not None:
        titles = _of_unit(session, session.unit_focus)
    elif (following := session.suggestions.next) is not None:
        titles = _of_suggestion(following)
    else:
        titles = ()
    keys = ((keymap.first_key_of(id), title) for id, title in titles)
    return tuple((key, title) for key, title in keys if key)


def _of_suggestion(suggestion: Suggestion) -> Titles:
    return _OF_SUGGESTION if isinstance(suggestion.proposed, Span) else _OF_PROPOSED_TIE


def _of_selection(session: AnnotateSession) -> Titles:
    last = session.last_focus
    return (
        ("pick", "pick"),
        ("grow", "grow"),
        ("shrink", "shrink"),
        *((("add_fragment", f"add to {last.label}"),) if last is not None else ()),
        ("clear", "give up"),
    )


def _of_unit(session: AnnotateSession, unit: UnitLabel) -> Titles:
    has_attributes = session.schema.layer(unit.layer).attributes_of(unit.label)
    return (
        *((("pick", "attributes"),) if has_attributes else ()),
        ("delete", "delete"),
        ("note", "note"),
        ("flag", "unflag" if unit.flagged else "flag"),
    )


def _of_focus(session: AnnotateSession, focus: Span) -> Titles:
    schema = session.schema
    has_attributes = schema.layer(focus.layer).attributes_of(focus.label)
    has_roles = schema.roles_for(focus.layer, focus.label)
    return (
        *((("pick", "attributes"),) if has_attributes else ()),
        ("boundaries", "edges"),
        *((("link", "tie"),) if has_roles else ()),
        ("mention", "actor"),
        ("delete", "delete"),
        ("note", "note"),
        ("flag", "unflag" if focus.flagged else "flag"),
    )
