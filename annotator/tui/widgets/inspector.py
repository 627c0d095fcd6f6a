"""The inspector: what lies at the cursor, in words. Only lines that differ are painted anew."""

from __future__ import annotations

from collections.abc import Iterator

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.strip import Strip

from annotator.core.annotation import Relation, Span, Suggestion, UnitLabel
from annotator.core.schema import Schema
from annotator.core.visual_lines import wrap
from annotator.tui.keymap import shown
from annotator.tui.widgets.line_widget import LineWidget
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.suggestion_actions import name_of, source_of

Line = tuple[str, str]
"""A component (``plain``, ``title``, ``head``, ``dim``, ``warning``, ``note``) and its text."""

_NOTHING: tuple[Line, ...] = (
    ("dim", "No annotation here."),
    ("plain", ""),
    ("dim", "A label's key labels the selection, or what is under the cursor."),
    ("dim", "tab goes to the next annotation."),
)
_COMPONENTS = ("plain", "title", "head", "dim", "warning", "note", "edge")
_QUOTES = frozenset("\"'“”„‘’«»‹›")
_EDGE = "▏ "
_MARGIN = 1
"""Cells right of the text."""

_MOST_LABELS = 20
"""Labels of a layer that are listed."""

_MOST_OTHERS = 12
"""Annotations besides the focus that are listed."""


class Inspector(LineWidget):
    """The focused annotation whole, the others at the cursor by name."""

    COMPONENT_CLASSES = {f"inspector--{name}" for name in _COMPONENTS}
    DEFAULT_CSS = """
    Inspector { width: 38; height: 1fr; background: $panel; }
    Inspector .inspector--edge { color: $primary; background: $panel; }
    Inspector .inspector--plain { color: $foreground; background: $panel; }
    Inspector .inspector--title { color: $accent; background: $panel; text-style: bold; }
    Inspector .inspector--head { color: $foreground; background: $panel; text-style: bold; }
    Inspector .inspector--dim { color: $text-muted; background: $panel; }
    Inspector .inspector--warning { color: $warning; background: $panel; }
    Inspector .inspector--note { color: $foreground; background: $panel; text-style: italic; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.lines: tuple[Line, ...] = ()
        self._rows: list[Line] = []
        self._width = 0
        self._safe_glyphs = False

    def show_session(self, session: AnnotateSession) -> None:
        """Describe what lies at the cursor of this session."""
        lines = tuple(_describe(session))
        if lines != self.lines:
            self.lines = lines
            self._show()

    def use_safe_glyphs(self, wanted: bool) -> None:
        """Show text in glyphs that every terminal draws in the same width, or as it is."""
        self._safe_glyphs = wanted
        self._show()

    def _folded(self, text: str, width: int) -> list[str]:
        """The text in rows of at most ``width`` cells; what is indented goes on indented more."""
        indent = len(text) - len(text.lstrip())
        hang = indent + 2 if indent else 0
        room = max(1, width - hang)
        pieces = wrap(text[indent:], 0, len(text) - indent, room, self._safe_glyphs)
        return [" " * (hang if n else indent) + p.text.rstrip() for n, p in enumerate(pieces)]

    def on_resize(self, event: events.Resize) -> None:
        """Another width, another wrapping."""
        self._width = event.size.width
        self._show()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One row, as wide as the widget."""
        width = self._width
        kind, text = self._rows[y] if y < len(self._rows) else ("plain", "")
        return self.line((width, kind, text), lambda: self._paint(width, kind, text))

    def _paint(self, width: int, kind: str, text: str) -> Strip:
        style = self.get_component_rich_style(f"inspector--{kind}")
        edge = Segment(_EDGE, self.get_component_rich_style("inspector--edge"))
        return Strip([edge, Segment(text, style)]).adjust_cell_length(width, style)

    def _show(self) -> None:
        width, height = self._width, self.size.height
        room = width - len(_EDGE) - _MARGIN
        if room < 1:
            return
        rows = [(kind, row) for kind, text in self.lines for row in self._folded(text, room)]
        before, self._rows = self._rows, rows
        for y in range(height):
            new = rows[y] if y < len(rows) else None
            if new != (before[y] if y < len(before) else None):
                self.refresh(Region(0, y, width, 1))


def _describe(session: AnnotateSession) -> list[Line]:
    return [*_own_lines(session), *_others_lines(session)]


def _others_lines(session: AnnotateSession) -> list[Line]:
    """What others made at the cursor, where it is shown."""
    here = session.reader.cursor.start
    found = session.others.spans_in(here, here + 1)
    lines: list[Line] = [("plain", ""), ("head", "Others here")] if found else []
    lines += [
        ("dim", f"  {session.others.name_of(s)}: {s.label}  {_short(s.text)}")
        for s in found[:_MOST_OTHERS]
    ]
    if len(found) > _MOST_OTHERS:
        lines.append(("dim", f"  and {len(found) - _MOST_OTHERS} more"))
    return lines


def _own_lines(session: AnnotateSession) -> list[Line]:
    focus, suggestion = session.focus, session.suggestions.focus
    lines = _unit_lines(session)
    if session.reader.selection is not None:
        return [*lines, *_label_lines(session.schema)]
    if suggestion is not None:
        lines += _suggestion_lines(session, suggestion)
    elif focus is not None:
        lines += _span_lines(session, focus)
    here = session.reader.cursor.start
    others = [s for s in session.annotations.spans_at(here) if s != focus]
    suggested = session.annotations.suggested
    found = [*suggested.shown_at(here), *_suggested_on(session)]
    proposals = [s for s in found if s != suggestion]
    if not lines and not proposals:
        return list(_NOTHING)
    if others:
        lines += [("plain", ""), ("head", "Also here")]
        lines += [("plain", f"  {s.label}  {_short(s.text)}") for s in others[:_MOST_OTHERS]]
        if len(others) > _MOST_OTHERS:
            lines.append(("dim", f"  and {len(others) - _MOST_OTHERS} more"))
    if proposals:
        lines += [("plain", ""), ("head", "Suggested here")]
        lines += [("plain", f"  {_proposal(s)}") for s in proposals[:_MOST_OTHERS]]
        if len(proposals) > _MOST_OTHERS:
            lines.append(("dim", f"  and {len(proposals) - _MOST_OTHERS} more"))
    return lines


def _suggested_on(session: AnnotateSession) -> list[Suggestion]:
    """The labels suggested for the cursor's sentence and for the document."""
    sentence, suggested = session.reader.sentence, session.annotations.suggested
    on_sentence = suggested.shown_on(sentence.id) if sentence is not None else []
    return [*on_sentence, *suggested.shown_on(None)]


def _proposal(suggestion: Suggestion) -> str:
    """A suggestion in a line: what it proposes, and how sure who is."""
    proposed = suggestion.proposed
    text = f"{_short(proposed.text, 30)}  " if isinstance(proposed, Span) else ""
    return f"?{name_of(suggestion)}  {text}{source_of(suggestion)}"


def _suggestion_lines(session: AnnotateSession, suggestion: Suggestion) -> list[Line]:
    proposed = suggestion.proposed
    lines: list[Line] = [("title", f"?{name_of(suggestion)}")]
    if isinstance(proposed, Span):
        lines.append(("plain", _quoted(_short(proposed.text, 200))))
        if proposed.actor is not None and proposed.actor in session.annotations.actors:
            lines.append(("plain", f"mentions {session.annotations.actors[proposed.actor].name}"))
    elif isinstance(proposed, Relation):
        for argument in proposed.arguments:
            target = _target(session, argument.kind, argument.target)
            lines.append(("plain", f"  {argument.role}: {target}"))
    else:
        lines.append(("dim", "for the document" if proposed.sentence is None else "this sentence"))
    held = (f"{a.name}: {', '.join(a.values)}" for a in proposed.attributes)
    lines += [("plain", text) for text in held]
    version = proposed.origin.version
    lines.append(("dim", f"suggested by {source_of(suggestion)}"))
    if version:
        lines.append(("dim", f"version {version}"))
    lines += [("plain", ""), ("dim", "y accepts it, n rejects it for good.")]
    if isinstance(proposed, Span):
        lines.append(("dim", "A label's key or e corrects it."))
        lines += _proposed_ties(session, proposed.id)
    return lines


def _argument_lines(
    session: AnnotateSession, relation: Span | Relation | UnitLabel, focus: str
) -> list[Line]:
    lines: list[Line] = []
    for argument in relation.arguments if isinstance(relation, Relation) else ():
        if argument.target == focus:
            lines.append(("dim", f"  {argument.role}: this"))
        else:
            target = _target(session, argument.kind, argument.target)
            where = _sentence_of(session, argument.target)
            lines.append(("plain", f"  {argument.role}: {target}{where}"))
    return lines


def _sentence_of(session: AnnotateSession, target: str) -> str:
    """The sentence of a span, where it is another than the cursor's."""
    span = session.annotations.spans.get(target)
    ordinal = session.reader.ordinal_at(span.start) if span is not None else -1
    return "" if ordinal in (-1, session.reader.ordinal) else f" · sentence {ordinal + 1}"


def _label_lines(schema: Schema) -> list[Line]:
    """What the selection may become: each label with its key, and what it is for."""
    lines: list[Line] = [("title", "Label the selection")]
    for layer in schema.layers:
        if layer.scope == "span":
            lines += [("plain", ""), ("head", layer.title)]
            for label in layer.labels[:_MOST_LABELS]:
                key = shown(label.key) if label.key is not None else " "
                about = " ".join((label.description or label.title).split())
                lines += [("plain", f"{key} {label.name}"), ("dim", f"  {about}")]
            if len(layer.labels) > _MOST_LABELS:
                lines.append(("dim", "  enter lists all"))
    return lines


def _unit_lines(session: AnnotateSession) -> list[Line]:
    """The labels of the cursor's sentence and of the document, the one in focus whole."""
    sentence, focus = session.reader.sentence, session.unit_focus
    on_sentence = session.annotations.labels_on(sentence.id) if sentence is not None else []
    lines: list[Line] = []
    for unit in (*session.annotations.labels_on(None), *on_sentence):
        scope = "document" if unit.sentence is None else "sentence"
        mark = "◆ " if unit == focus else ""
        lines.append(("title", f"{mark}{scope}: {unit.label}"))
        lines += [(kind, f"  {text}") for kind, text in _attribute_lines(session, unit)]
        lines += _remarks(unit)
    return [*lines, ("plain", "")] if lines else []


def _attribute_lines(session: AnnotateSession, made: Span | UnitLabel) -> Iterator[Line]:
    """The attributes that an annotation has, and those it must have and has not."""
    held = {a.name: a for a in made.attributes}
    for attribute in session.schema.layer(made.layer).attributes_of(made.label):
        values = held.get(attribute.name)
        if values is not None:
            doubt = " (uncertain)" if values.uncertain else ""
            yield "plain", f"{attribute.name}: {', '.join(values.values)}{doubt}"
        elif attribute.required:
            yield "warning", f"{attribute.name}: missing, enter sets it"


def _remarks(made: Span | UnitLabel) -> Iterator[Line]:
    """Flag, note and origin of an annotation."""
    if made.flagged:
        yield "warning", "? flagged as doubtful"
    if made.note:
        yield "note", f"note: {made.note}"
    if made.origin.engine:
        score = "" if made.origin.score is None else f" {made.origin.score:.2f}"
        yield "dim", f"suggested by {made.origin.engine}{score}"


def _span_lines(session: AnnotateSession, span: Span) -> list[Line]:
    layer = session.schema.layer(span.layer)
    about = layer.label(span.label).description
    lines = [("title", span.label), ("plain", _quoted(_short(span.text, 200)))]
    lines += [("dim", " ".join(about.split()))] if about else []
    if len(span.fragments) > 1:
        lines.append(("dim", f"in {len(span.fragments)} fragments"))
    lines += _attribute_lines(session, span)
    if span.actor is not None and span.actor in session.annotations.actors:
        lines.append(("plain", f"mentions {session.annotations.actors[span.actor].name}"))
    lines += _remarks(span)
    for relation in session.annotations.relations_of(span.id):
        lines += [("plain", ""), ("head", relation.type)]
        lines += _argument_lines(session, relation, span.id)
    return [*lines, *_proposed_ties(session, span.id)]


def _proposed_ties(session: AnnotateSession, target: str) -> list[Line]:
    """The relations that are suggested for a span, be that made or suggested itself."""
    lines: list[Line] = []
    suggested = session.annotations.suggested
    for standing in suggested.standing_on(target):
        if suggested.is_shown(standing.id):
            lines += [("plain", ""), ("head", _proposal(standing))]
            lines += _argument_lines(session, standing.proposed, target)
    return lines


def _target(session: AnnotateSession, kind: str, target: str) -> str:
    annotations = session.annotations
    if kind == "span" and target in annotations.spans:
        return _short(annotations.spans[target].text)
    if kind == "actor" and target in annotations.actors:
        return annotations.actors[target].name
    if kind == "relation" and target in annotations.relations:
        return f"({annotations.relations[target].type})"
    for suggestion in annotations.suggested.proposing(target):
        proposed = suggestion.proposed
        return f"?{_short(proposed.text)}" if isinstance(proposed, Span) else f"(?{kind})"
    return "?"


def _quoted(text: str) -> str:
    return text if text[:1] in _QUOTES else f"“{text}”"


def _short(text: str, length: int = 60) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
