"""Actions on spans and unit labels: label, relabel, delete, reshape, describe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotator.core import edits
from annotator.core.annotation import (
    Actor,
    Annotation,
    AttributeValues,
    Fragments,
    Relation,
    Span,
    Suggestion,
    UnitLabel,
    surface,
)
from annotator.core.answering import with_defaults
from annotator.core.edits import Change
from annotator.core.ids import new_id
from annotator.core.rules import check_overlap, clean_fragments
from annotator.core.safe_text import cut_within
from annotator.core.schema import Attribute, Label, Layer
from annotator.errors import RuleError

if TYPE_CHECKING:
    from annotator.workflow.annotate import AnnotateSession


_NAMED = 24
"""Cells of each of two labels that are named in one line."""


def _instead(before: str, now: str) -> str:
    """One label in place of another, in a line that a status line has room for."""
    return f"{cut_within(before, _NAMED)} → {cut_within(now, _NAMED)}"


class SpanActions:
    """Each is one edit. They raise RuleError with the reason where they cannot act."""

    def __init__(self, session: AnnotateSession) -> None:
        self._session = session

    def label(self, layer: Layer, label: Label) -> str:
        """Give a label to the selection, the span or suggestion of that layer in focus, or the unit
        at the cursor, whatever is suggested there.

        Returns what was done, in words.
        """
        if layer.scope != "span":
            return self._label_unit(layer, label)
        selection, focus = self._session.reader.selection, self._session.focus
        if selection is None and focus is not None and focus.layer == layer.name:
            return self._relabel(focus, layer, label)
        suggestion = self._session.suggestions.chosen
        if selection is None and suggestion is not None and _is_of(suggestion, layer):
            return self._session.suggestions.correct(suggestion, label)
        place = selection or self._session.reader.unit(layer.unit) or self._session.reader.cursor
        return self.make(layer, label, ((place.start, place.end),))

    def make(self, layer: Layer, label: Label, place: Fragments) -> str:
        """Make a new span, which is in focus then; its label."""
        fragments = clean_fragments(self._session.document.text, place)
        if not fragments:
            raise RuleError("there is no text here to label")
        span = Span(
            new_id(),
            self._session.document.id,
            self._session.annotator.id,
            layer.name,
            label.name,
            fragments,
            surface(self._session.document.text, fragments),
            attributes=with_defaults((), layer, label),
        )
        check_overlap(self._session.annotations, layer, span)
        self._session.commit("label", (edits.create(span),))
        self._session.reader.clear()
        self._session.focus_id = span.id
        return label.name

    def _relabel(self, span: Span, layer: Layer, label: Label) -> str:
        if span.label == label.name:
            raise RuleError(f"this is {label.name} already", "{delete} deletes it.")
        change = edits.relabel(span, layer.name, label.name, self._session.schema)
        after = change.after
        assert isinstance(after, Span)
        check_overlap(self._session.annotations, layer, after)
        after = replace(after, attributes=with_defaults(after.attributes, layer, label))
        self._session.commit("relabel", (Change(span, after),))
        self._session.focus_id = span.id
        return _instead(span.label, label.name)

    def _label_unit(self, layer: Layer, label: Label) -> str:
        sentence = self._session.reader.sentence if layer.scope == "sentence" else None
        if layer.scope == "sentence" and sentence is None:
            raise RuleError("the document has no sentence")
        place = sentence.id if sentence else None
        other = self._session.annotations.unit_label(layer.name, place)
        if other is not None and other.label == label.name:
            self._session.commit("unlabel", (edits.delete(other),))
            return f"{label.name} taken off the {layer.scope}"
        if other is not None:
            allowed = {a.name for a in layer.attributes_of(label.name)}
            known = tuple(a for a in other.attributes if a.name in allowed)
            attributes = with_defaults(known, layer, label)
            after = replace(other, label=label.name, attributes=attributes)
            self._session.commit("relabel", (edits.update(other, after),))
            self._session.focus_id = other.id
            return f"{layer.scope}: {_instead(other.label, label.name)}"
        made = UnitLabel(
            new_id(),
            self._session.document.id,
            self._session.annotator.id,
            layer.name,
            label.name,
            place,
            attributes=with_defaults((), layer, label),
        )
        self._session.commit("label", (edits.create(made),))
        self._session.focus_id = made.id
        return f"{layer.scope}: {label.name}"

    def delete(self) -> str:
        """Delete the focused annotation; relations lose it, broken ones go."""
        made = self._session.need_annotation()
        changes = edits.delete_annotation(self._session.annotations, self._session.schema, made)
        self._session.commit("delete", changes)
        ties = len(changes) - 1
        more = f" and {ties} {'tie' if ties == 1 else 'ties'}" if ties else ""
        return f"deleted {made.label}{more}"

    def add_fragment(self) -> str:
        """Add the selection to the span chosen or made last, as a further fragment."""
        selection = self._session.reader.selection
        if selection is None:
            raise RuleError(
                "nothing is selected", "Choose a span, select more text, press {add_fragment}."
            )
        span = self._session.last_focus
        if span is None:
            raise RuleError(
                "no span is chosen",
                "Choose it with {annotation_next} first, then select and press {add_fragment}.",
            )
        self.set_fragments(span, (*span.fragments, (selection.start, selection.end)))
        count = len(self._session.annotations.spans[span.id].fragments)
        return f"{span.label} has {count} fragment{'' if count == 1 else 's'}"

    def reshape(self, span: Span, fragments: Fragments) -> str:
        """Put a span elsewhere, and say so."""
        self.set_fragments(span, fragments)
        return "boundaries saved"

    def set_fragments(self, span: Span, fragments: Fragments) -> None:
        """Put a span elsewhere; its ties, attributes and notes stay."""
        clean = clean_fragments(self._session.document.text, fragments)
        if not clean:
            raise RuleError("a span needs some text")
        if clean == span.fragments:
            raise RuleError("the span lies there already")
        after = replace(span, fragments=clean, text=surface(self._session.document.text, clean))
        check_overlap(self._session.annotations, self._session.schema.layer(span.layer), after)
        self._session.commit("boundaries", (edits.update(span, after),))
        self._session.reader.clear()
        self._session.focus_id = span.id

    def flag(self) -> str:
        """Flag the focused annotation as doubtful, or take the flag off."""
        made = self._session.need_annotation()
        self._session.commit("flag", (edits.update(made, replace(made, flagged=not made.flagged)),))
        return "flag taken off" if made.flagged else "flagged as doubtful"

    def set_note(self, annotation: Annotation, note: str) -> None:
        """Write, change or (empty) remove the note of an annotation."""
        after = replace(annotation, note=note.strip() or None)
        if after == annotation:
            raise RuleError("the note says that already" if after.note else "there is no note")
        self._session.commit("note", (edits.update(annotation, after),))

    def set_attribute(
        self, annotation: Annotation, name: str, values: tuple[str, ...], uncertain: bool = False
    ) -> None:
        """Set all values of one attribute; none removes it. They must be of the schema."""
        if values:
            attribute = self._attribute(annotation, name)
            for value in values:
                attribute.value(value)
            if len(values) > 1 and not attribute.multi:
                raise RuleError(f"{name} takes one value, not {len(values)}")
        kept = tuple(a for a in annotation.attributes if a.name != name)
        if values:
            kept = (*kept, AttributeValues(name, values, uncertain))
        self._session.commit(
            "attribute", (edits.update(annotation, replace(annotation, attributes=kept)),)
        )

    def _attribute(self, annotation: Annotation, name: str) -> Attribute:
        """The attribute of that name, if the annotation may carry it."""
        schema = self._session.schema
        if isinstance(annotation, Relation):
            what, allowed = annotation.type, schema.relation(annotation.type).attributes
        else:
            what = annotation.label
            allowed = schema.layer(annotation.layer).attributes_of(what)
        for attribute in allowed:
            if attribute.name == name:
                return attribute
        names = ", ".join(a.name for a in allowed)
        raise RuleError(f"{what} has no attribute {name}", f"There is: {names or 'none'}.")

    def mention(self, span: Span, actor: Actor | None) -> None:
        """Say which actor a span mentions; a new actor is made in the same edit."""
        change = edits.update(span, replace(span, actor=actor.id if actor else None))
        if actor is not None and self._session.store.record("actor", actor.id) is None:
            self._session.commit("mention", (edits.create(actor), change))
            return
        self._session.commit("mention", (change,))


def _is_of(suggestion: Suggestion, layer: Layer) -> bool:
    """Whether a span of that layer is proposed."""
    return isinstance(suggestion.proposed, Span) and suggestion.proposed.layer == layer.name
