"""How brat files name labels, relation types and roles, by one schema.

A pair whose arguments stand in the first two roles of its type is ``Arg1`` and ``Arg2``, as brat's
own examples have it; others bear the names of their roles. Where a role is filled more than once,
the later ones are numbered: ``Theme``, ``Theme2``. A number on the only one counts
nothing; that it is left out is told.
"""

from __future__ import annotations

from collections import Counter

from annotator.core.schema import Schema
from annotator.formats.brat_lines import TRIGGER, Tie
from annotator.formats.label_names import LabelNames
from annotator.formats.loss import Losses, quoted

FIRST, SECOND = "Arg1", "Arg2"
MEMBER = "member"
"""The role of all arguments of an equivalence whose type no schema describes."""
YES = "yes"
"""The value of an attribute that is there or not."""
ACTOR = "actor"
"""The database that actors without an id in any other are said to be in."""


class BratWords(LabelNames):
    """Names in brat files and in one schema."""

    def __init__(
        self, schema: Schema, *, layer: str | None = None, losses: Losses | None = None
    ) -> None:
        super().__init__(schema, layer=layer, losses=losses)
        self._known_roles = {r.name: [role.name for role in r.roles] for r in schema.relations}

    def known_roles(self, type: str) -> list[str]:
        """The roles of a type in the order of the schema; none where it is unknown."""
        return self._known_roles.get(type, [])

    # -- reading ----------------------------------------------------------------------------------

    def read_tie(self, tie: Tie) -> tuple[str, list[str]]:
        """Type and roles of a relation's arguments."""
        words = [word for word, _ in tie.arguments]
        if tie.trigger is None and sorted(words) == [FIRST, SECOND]:
            type, first, second = self.pair(tie.type)
            return type, [first if word == FIRST else second for word in words]
        type = self.name(tie.type)
        if not any(words) and tie.trigger is None:
            return type, [self.member(type)] * len(words)
        roles = [self._role(type, word) for word in words]
        fillers = Counter(roles)
        for role, word in zip(roles, words, strict=True):
            if fillers[role] == 1 and word != role and word.startswith(role):
                self._losses.add("number of a role", f"read as {role}", quoted(word))
        return type, roles

    def member(self, type: str) -> str:
        """The role of all arguments of an equivalence."""
        known = self.known_roles(type)
        return known[0] if known else MEMBER

    def _role(self, type: str, word: str) -> str:
        """The role that a word, which may end in a number, stands for."""
        known = [*self.known_roles(type), TRIGGER]
        if word in known:
            return word
        numbered = [r for r in known if word.startswith(r) and word[len(r) :].isdecimal()]
        if numbered:
            return max(numbered, key=len)
        return self.name(word.rstrip("0123456789") or word)

    # -- writing ----------------------------------------------------------------------------------

    def is_equivalence(self, type: str, roles: list[str]) -> bool:
        """Whether a relation of these roles is one of equals, for which there are ``*`` lines."""
        known = self.known_roles(type)
        return len(roles) > 1 and len(known) < 2 and set(roles) == {self.member(type)}

    def written_roles(self, type: str, roles: list[str]) -> list[str]:
        """A word for each argument's role, no two alike."""
        found: list[str] = []
        taken = {*self.known_roles(type), TRIGGER, *roles}
        for role in roles:
            word, number = role, 1
            while word in found or (number > 1 and word in taken):
                number += 1
                word = f"{role}{number}"
            found.append(word)
        return found
