"""The attributes of an annotation and of its ties: each value has a key that sets it at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from textual import events

from annotator.core.annotation import Annotation, AttributeValues
from annotator.core.schema import Attribute
from annotator.tui.dialogs.key_menu import SPARE_KEYS, KeyMenu, MenuRow, keys_for

DOUBT = "~"
"""Before a value's key: it is set as uncertain, or is no longer so."""
MOST = len(SPARE_KEYS)
"""Values for which there are keys."""


class Owner(Struct, frozen=True):
    """An annotation (id) with what it is called and the attributes that the schema gives it."""

    id: str
    name: str
    attributes: tuple[Attribute, ...]


class Wanted(Struct, frozen=True):
    """A value to be set on an annotation (id), or taken off; ``doubted`` where it is uncertain."""

    owner: str
    attribute: Attribute
    value: str
    doubted: bool = False


class AttributeMenu(KeyMenu[Wanted]):
    """A value of an attribute that takes one closes the window; others may follow of several."""

    def __init__(
        self,
        title: str,
        owners: Sequence[Owner],
        held: Callable[[str], Annotation | None],
        give: Callable[[Wanted], None],
    ) -> None:
        """``held`` gives an annotation as it is now, by id; ``give`` does what is wanted."""
        super().__init__(title, (), f"a key sets it · {DOUBT} first: uncertain · esc closes")
        self._owners = owners
        self._held = held
        self._give = give
        self._doubts = False
        wanted = [v.key for o in owners for a in o.attributes for v in a.values]
        self._keys = keys_for(wanted, DOUBT)
        self.rows = self._rows()

    def on_key(self, event: events.Key) -> None:
        """The key of doubt; those of values are dealt with in any menu."""
        if event.character == DOUBT:
            event.stop()
            event.prevent_default()
            self._doubt(not self._doubts)

    def take(self, number: int) -> None:
        """Set the value, or take it off."""
        wanted = self.rows[number].value
        self._give(Wanted(wanted.owner, wanted.attribute, wanted.value, self._doubts))
        self._doubt(False)
        if self._held(wanted.owner) is None or not wanted.attribute.multi:
            self.dismiss(None)
        else:
            self.show(self._rows(), number)

    def _doubt(self, doubts: bool) -> None:
        self._doubts = doubts
        self.retitle(f"{self._title} · uncertain:" if doubts else self._title)

    def first(self) -> int:
        """The first value of a required attribute that has none, else the first that is set."""
        values = {id(row): self._values(row.value) for row in self.rows}
        for number, row in enumerate(self.rows):
            if row.value.attribute.required and not values[id(row)]:
                return number
        set_ = (n for n, row in enumerate(self.rows) if row.value.value in values[id(row)])
        return next(set_, 0)

    def _values(self, wanted: Wanted) -> tuple[str, ...]:
        found = self._of(wanted.owner, wanted.attribute.name)
        return found.values if found is not None else ()

    def _of(self, owner: str, name: str) -> AttributeValues | None:
        annotation = self._held(owner)
        attributes = annotation.attributes if annotation is not None else ()
        return next((a for a in attributes if a.name == name), None)

    def _rows(self) -> list[MenuRow[Wanted]]:
        rows: list[MenuRow[Wanted]] = []
        keys = iter(self._keys)
        for owner in self._owners:
            for attribute in owner.attributes:
                held = self._of(owner.id, attribute.name)
                for number, value in enumerate(attribute.values):
                    is_set = held is not None and value.name in held.values
                    doubt = "?" if is_set and held is not None and held.uncertain else " "
                    rows.append(
                        MenuRow(
                            next(keys),
                            Wanted(owner.id, attribute, value.name),
                            value.name,
                            "uncertain" if doubt == "?" else "",
                            value.description or attribute.description,
                            f"{'●' if is_set else '○'}{doubt}",
                            "" if number else _head(owner, attribute),
                        )
                    )
        return rows


def _head(owner: Owner, attribute: Attribute) -> str:
    name = f"{owner.name}{attribute.title or attribute.name}"
    kinds = ["required"] * attribute.required + ["several"] * attribute.multi
    return f"{name} · {' · '.join(kinds)}" if kinds else name
