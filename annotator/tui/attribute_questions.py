"""Asking for the attributes of an annotation and of its ties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.core.annotation import Annotation, Relation
from annotator.core.page import label_of
from annotator.errors import RuleError
from annotator.tui.dialogs.attribute_menu import MOST, AttributeMenu, Owner, Wanted
from annotator.tui.dialogs.picker import Choice, Picker

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen


class AttributeQuestions:
    """A key for each value; where there are more values than keys, a list to narrow down."""

    def __init__(self, screen: AnnotateScreen) -> None:
        self._screen = screen

    def ask(self, annotation: Annotation) -> None:
        """Which values. Raises RuleError where the schema has no attribute for it."""
        owners = [owner for owner in self._owners(annotation) if owner.attributes]
        if not owners:
            raise RuleError(f"{label_of(annotation)} has no attributes in this schema")
        title = f"Attributes of {label_of(annotation)}"
        values = sum(len(a.values) for owner in owners for a in owner.attributes)
        if values > MOST:
            self._screen.asking.ask(self._picker(title, owners), self._give_any)
        else:
            menu = AttributeMenu(title, owners, self._held, self._give_any)
            self._screen.app.push_screen(menu)

    def _owners(self, annotation: Annotation) -> list[Owner]:
        """The annotation itself, then the relations it stands in."""
        session = self._screen.session
        schema = session.schema
        if isinstance(annotation, Relation):
            return [Owner(annotation.id, "", schema.relation(annotation.type).attributes)]
        layer = schema.layer(annotation.layer)
        found = [Owner(annotation.id, "", layer.attributes_of(annotation.label))]
        for relation in session.annotations.relations_of(annotation.id):
            attributes = schema.relation(relation.type).attributes
            found.append(Owner(relation.id, f"{relation.type}: ", attributes))
        return found

    def _picker(self, title: str, owners: list[Owner]) -> Picker[Wanted]:
        choices = [
            Choice(
                Wanted(owner.id, attribute, value.name),
                value.name,
                f"{owner.name}{attribute.title or attribute.name}",
                value.description or attribute.description,
                "● " if self._is_set(owner.id, attribute.name, value.name) else "○ ",
            )
            for owner in owners
            for attribute in owner.attributes
            for value in attribute.values
        ]
        return Picker(title, choices)

    def _held(self, id: str) -> Annotation | None:
        annotations = self._screen.session.annotations
        return (
            annotations.spans.get(id)
            or annotations.unit_labels.get(id)
            or annotations.relations.get(id)
        )

    def _is_set(self, id: str, attribute: str, value: str) -> bool:
        held = self._held(id)
        return held is not None and any(
            a.name == attribute and value in a.values for a in held.attributes
        )

    def _give_any(self, wanted: Wanted | None) -> None:
        if wanted is not None:
            self._screen.then(lambda: self._give(wanted))

    def _give(self, wanted: Wanted) -> str:
        annotation = self._held(wanted.owner)
        if annotation is None:
            raise RuleError("the annotation is gone")
        attribute = wanted.attribute
        held = next((a for a in annotation.attributes if a.name == attribute.name), None)
        had = held.values if held is not None else ()
        doubted = held is not None and held.uncertain
        if wanted.value not in had:
            values = (*had, wanted.value) if attribute.multi else (wanted.value,)
            doubted = wanted.doubted or (doubted and attribute.multi)
        elif wanted.doubted:
            values, doubted = had, not doubted
        else:
            values = tuple(v for v in had if v != wanted.value)
        spans = self._screen.session.spans
        spans.set_attribute(annotation, attribute.name, values, doubted and bool(values))
        doubt = " (uncertain)" if doubted and values else ""
        return f"{attribute.name}: {', '.join(values) or 'none'}{doubt}"
