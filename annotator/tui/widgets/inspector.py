"""The inspector: what lies at the cursor, in words."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from annotator.core.annotation import Relation, Span
from annotator.core.safe_text import safe
from annotator.workflow.annotate import AnnotateSession

Line = tuple[str, str]
"""A style and a line of text; a plain line has an empty style."""


class Inspector(Widget):
    """The focused annotation whole, the others at the cursor by name. Repainted on change only."""

    DEFAULT_CSS = """
    Inspector {
        width: 38; height: 1fr; padding: 0 1; background: $panel; border-left: vkey $primary;
        overflow-y: auto;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.lines: tuple[Line, ...] = ()

    def show_session(self, session: AnnotateSession) -> None:
        """Describe what lies at the cursor of this session."""
        lines = tuple(_describe(session))
        if lines != self.lines:
            self.lines = lines
            self.refresh()

    def render(self) -> Content:
        """The lines, one below the other."""
        return Content("\n").join(
            Content.styled(safe(text), style) if style else Content(safe(text))
            for style, text in self.lines
        )


def _describe(session: AnnotateSession) -> list[Line]:
    focus = session.focus
    if focus is None:
        return [
            ("$text-muted", "No annotation here."),
            ("", ""),
            ("$text-muted", "A label's key labels the selection,"),
            ("$text-muted", "or what is under the cursor."),
            ("$text-muted", "tab goes to the next annotation."),
        ]
    lines = _span_lines(session, focus)
    others = [s for s in session.annotations.spans_at(session.reader.cursor.start) if s != focus]
    if others:
        lines += [("", ""), ("bold", "Also here")]
        lines += [("", f"  {s.label}  {_short(s.text)}") for s in others[:12]]
        if len(others) > 12:
            lines.append(("$text-muted", f"  and {len(others) - 12} more"))
    return lines


def _span_lines(session: AnnotateSession, span: Span) -> list[Line]:
    lines = [("bold $accent", f"{span.label}"), ("", f"“{_short(span.text, 200)}”")]
    if len(span.fragments) > 1:
        lines.append(("$text-muted", f"in {len(span.fragments)} fragments"))
    layer = session.schema.layer(span.layer)
    held = {a.name: a for a in span.attributes}
    for attribute in layer.attributes_of(span.label):
        values = held.get(attribute.name)
        if values is not None:
            doubt = " ?" if values.uncertain else ""
            lines.append(("", f"{attribute.name}: {', '.join(values.values)}{doubt}"))
        elif attribute.required:
            lines.append(("$warning", f"{attribute.name}: missing (enter sets it)"))
    if span.actor is not None and span.actor in session.annotations.actors:
        lines.append(("", f"mentions {session.annotations.actors[span.actor].name}"))
    if span.flagged:
        lines.append(("$warning", "? flagged as doubtful"))
    if span.note:
        lines.append(("italic", f"note: {span.note}"))
    if span.origin.engine:
        lines.append(("$text-muted", f"suggested by {span.origin.engine}"))
    for relation in session.annotations.relations_of(span.id):
        lines += [("", ""), *_relation_lines(session, relation)]
    return lines


def _relation_lines(session: AnnotateSession, relation: Relation) -> list[Line]:
    lines: list[Line] = [("bold", relation.type)]
    for argument in relation.arguments:
        lines.append(("", f"  {argument.role}: {_target(session, argument.kind, argument.target)}"))
    return lines


def _target(session: AnnotateSession, kind: str, target: str) -> str:
    annotations = session.annotations
    if kind == "span" and target in annotations.spans:
        return _short(annotations.spans[target].text)
    if kind == "actor" and target in annotations.actors:
        return annotations.actors[target].name
    if kind == "relation" and target in annotations.relations:
        return f"({annotations.relations[target].type})"
    return "?"


def _short(text: str, length: int = 60) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
