"""Actions on the project's actors: their names here, their identifiers elsewhere, their notes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from annotator.core import edits
from annotator.core.annotation import Actor
from annotator.errors import RuleError

if TYPE_CHECKING:
    from annotator.workflow.annotate import AnnotateSession

Links = tuple[tuple[str, str], ...]
"""Scheme and value, as an ``Actor`` has them."""
_Q_NUMBER = re.compile(r"Q\d+")


MANY: Final = 500
"""Actors from which on they are read in a thread."""


class ActorRow(Struct, frozen=True):
    """An actor, and how many spans of one annotator mention it."""

    actor: Actor
    mentions: int


class ActorActions:
    """Each is one edit in the open document, whose undo takes it back."""

    def __init__(self, session: AnnotateSession) -> None:
        self._session = session

    @property
    def are_many(self) -> bool:
        """Whether reading all actors of the project takes longer than a key may."""
        return self._session.store.actor_count() > MANY

    def rows(self) -> list[ActorRow]:
        """All actors of the project by name, with this annotator's mentions."""
        counts = self._session.store.mention_counts(self._session.annotator.id)
        return [ActorRow(a, counts.get(a.id, 0)) for a in self._session.store.actors()]

    def rename(self, actor: Actor, name: str) -> str:
        """Give an actor another name; the former one stays as an alias."""
        name = name.strip()
        if not name:
            raise RuleError("an actor needs a name")
        if name == actor.name:
            raise RuleError("that is its name already")
        aliases = tuple(a for a in actor.aliases if a != name)
        if actor.name not in aliases:
            aliases = (*aliases, actor.name)
        self._write("rename actor", actor, replace(actor, name=name, aliases=aliases))
        return f"{actor.name} is now {name}"

    def add_alias(self, actor: Actor, alias: str) -> str:
        """Add another name that the texts have for an actor."""
        alias = alias.strip()
        if not alias or alias in (actor.name, *actor.aliases):
            raise RuleError("that is one of its names already" if alias else "there is no name")
        self._write("alias", actor, replace(actor, aliases=(*actor.aliases, alias)))
        return f"{actor.name} is also {alias}"

    def remove_alias(self, actor: Actor, alias: str) -> str:
        """Take one of an actor's other names away."""
        left = tuple(a for a in actor.aliases if a != alias)
        self._write("alias", actor, replace(actor, aliases=left))
        return f"{actor.name} is no longer {alias}"

    def set_kind(self, actor: Actor, kind: str) -> str:
        """Say what kind of actor it is, in a word; empty for none."""
        kind = kind.strip()
        if kind == actor.kind:
            raise RuleError("that is its kind already")
        self._write("kind of actor", actor, replace(actor, kind=kind))
        return f"{actor.name}: {kind or 'no kind'}"

    def set_links(self, actor: Actor, written: str) -> str:
        """Say what an actor is elsewhere, as ``written_links`` writes it; empty for nowhere."""
        links = _read_links(written)
        if links == actor.links:
            raise RuleError("that is said already" if links else "there is no identifier")
        self._write("identifiers of actor", actor, replace(actor, links=links))
        return f"{actor.name}: {written_links(links) or 'no identifiers'}"

    def set_note(self, actor: Actor, note: str) -> str:
        """Write, change or (empty) remove the note of an actor."""
        after = replace(actor, note=note.strip() or None)
        if after == actor:
            raise RuleError("the note says that already" if after.note else "there is no note")
        self._write("note of actor", actor, after)
        return "note saved" if after.note else "note removed"

    def _write(self, verb: str, before: Actor, after: Actor) -> None:
        self._session.commit(verb, (edits.update(before, after),))


def written_links(links: Links) -> str:
    """Identifiers in a line: ``wikidata Q30, viaf 130168302``."""
    return ", ".join(f"{scheme} {value}" for scheme, value in links)


def _read_links(written: str) -> Links:
    """What a line of identifiers says; a Q-number alone is Wikidata's. Raises RuleError."""
    found = []
    for part in filter(None, (part.strip() for part in written.split(","))):
        scheme, _, value = part.partition(" ")
        if _Q_NUMBER.fullmatch(part):
            scheme, value = "wikidata", part
        if not value.strip():
            raise RuleError(
                f"{part} is no identifier", "Write whose it is before it: wikidata Q30, viaf 13016."
            )
        found.append((scheme, value.strip()))
    return tuple(dict.fromkeys(found))
