"""What a change of the log did, in words that a person reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from msgspec import Struct

from annotator.core.annotation import (
    Actor,
    Argument,
    AttributeValues,
    Conflict,
    DocumentMark,
    Record,
    Relation,
    SentenceMark,
    Span,
    Suggestion,
    UnitLabel,
)
from annotator.core.document import Sentence
from annotator.core.edits import Change
from annotator.core.naming import named, quoted

How = Literal["made", "changed", "deleted"]
NameOf = Callable[[str, str], str]
"""What a record of a kind (``span``, ``relation``, ``actor``, ``sentence``) and id is called."""

_NONE = "none"
Fact = tuple[str, str]
"""What is told of: an attribute, role or link by its name, or (nothing) the record itself."""


class Detail(Struct, frozen=True):
    """One thing that differs; None where there was or is nothing."""

    name: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        if self.before is None:
            return f"{self.name}: {self.after}"
        return f"{self.name}: {self.before} → {_NONE if self.after is None else self.after}"


class Told(Struct, frozen=True):
    """One record before and after: its kind and id, what it is, what was done, and the details."""

    kind: str
    id: str
    what: str
    how: How
    details: tuple[Detail, ...]

    def __str__(self) -> str:
        words = f"{self.what} {self.how}"
        if not self.details:
            return words
        if self.how == "deleted":
            return f"{words}, with {'; '.join(f'{d.name}: {d.before}' for d in self.details)}"
        return f"{words}: {'; '.join(map(str, self.details))}"


def tell(change: Change, name_of: NameOf) -> Told:
    """The change in words."""
    before, after, record = change.before, change.after, change.record
    how: How = "made" if before is None else "deleted" if after is None else "changed"
    old, new = _facts(before, name_of), _facts(after, name_of)
    details = tuple(
        Detail(fact[1], old.get(fact), new.get(fact))
        for fact in dict.fromkeys((*old, *new))
        if old.get(fact) != new.get(fact) and (how == "changed" or fact not in _SAID)
    )
    subject = before if before is not None and how == "changed" else record
    return Told(kind_of(record), record.id, _called(subject, name_of), how, details)


_SAID = frozenset(("", name) for name in ("label", "text", "place", "type", "name"))
"""Facts that the name of a record says already."""


def kind_of(record: Record) -> str:
    """The kind of a record in one word of the glossary."""
    for type_, kind in (
        (Span, "span"),
        (Relation, "relation"),
        (UnitLabel, "label"),
        (Actor, "actor"),
        (Sentence, "sentence"),
        (Suggestion, "suggestion"),
    ):
        if isinstance(record, type_):
            return kind
    return "mark"


def _called(record: Record, name_of: NameOf) -> str:
    if isinstance(record, Relation):
        return f"relation {record.type}"
    if isinstance(record, SentenceMark):
        return f"mark of {name_of('sentence', record.sentence)}"
    if isinstance(record, UnitLabel) and record.sentence is not None:
        return f"{record.label} on {name_of('sentence', record.sentence)}"
    return named(record)


def _facts(record: Record | None, name_of: NameOf) -> dict[Fact, str]:
    return {} if record is None else dict(_facts_of(record, name_of))


def _facts_of(record: Record, name_of: NameOf) -> Iterator[tuple[Fact, str]]:
    if isinstance(record, Suggestion):
        yield ("", "state"), record.state
        yield from _facts_of(record.proposed, name_of)
    elif isinstance(record, SentenceMark):
        yield ("", "done"), "yes" if record.done else "no"
    elif isinstance(record, DocumentMark):
        yield ("", "status"), record.status
    elif isinstance(record, Sentence):
        yield ("", "place"), f"{record.start}–{record.end}"
    elif isinstance(record, Actor):
        yield from _actor_facts(record)
    elif isinstance(record, Conflict):
        yield ("", "state"), record.state
    else:
        yield from _annotation_facts(record, name_of)


def _actor_facts(actor: Actor) -> Iterator[tuple[Fact, str]]:
    yield ("", "name"), quoted(actor.name)
    if actor.kind:
        yield ("", "kind"), actor.kind
    if actor.aliases:
        yield ("", "aliases"), ", ".join(map(quoted, actor.aliases))
    for scheme in dict.fromkeys(scheme for scheme, _ in actor.links):
        values = (value for other, value in actor.links if other == scheme)
        yield ("link", scheme), ", ".join(values)
    if actor.note:
        yield ("", "note"), quoted(actor.note)


def _annotation_facts(
    record: Span | Relation | UnitLabel, name_of: NameOf
) -> Iterator[tuple[Fact, str]]:
    if isinstance(record, Relation):
        yield ("", "type"), record.type
        yield from _argument_facts(record.arguments, name_of)
    else:
        yield ("", "label"), record.label
    if isinstance(record, Span):
        yield ("", "text"), quoted(record.text)
        yield ("", "place"), ", ".join(f"{start}–{end}" for start, end in record.fragments)
        if record.actor is not None:
            yield ("", "mentions"), name_of("actor", record.actor)
    yield from _attribute_facts(record.attributes)
    if record.note:
        yield ("", "note"), quoted(record.note)
    if record.flagged:
        yield ("", "flagged"), "yes"
    if record.origin.engine:
        yield ("", "suggested by"), record.origin.engine


def _argument_facts(arguments: Sequence[Argument], name_of: NameOf) -> Iterator[tuple[Fact, str]]:
    for role in dict.fromkeys(a.role for a in arguments):
        names = (name_of(a.kind, a.target) for a in arguments if a.role == role)
        yield ("role", role), ", ".join(names)


def _attribute_facts(attributes: Sequence[AttributeValues]) -> Iterator[tuple[Fact, str]]:
    for held in attributes:
        doubt = " (uncertain)" if held.uncertain else ""
        yield ("attribute", held.name), f"{', '.join(held.values) or _NONE}{doubt}"
