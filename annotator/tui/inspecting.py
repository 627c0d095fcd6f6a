"""What the inspector says: all that lies at the cursor, in words, and where each line leads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from annotator.core.annotation import Relation, Span, Suggestion, UnitLabel
from annotator.tui.keymap import Keymap, shown
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.suggestion_actions import name_of, source_of


class Line(NamedTuple):
    """A component (``plain``, ``title``, ``head``, ``dim``, ``warning``, ``note``) and its text.

    ``target`` is the id of the annotation, suggestion or actor that a click goes to; empty where
    the line leads nowhere.
    """

    kind: str
    text: str
    target: str = ""


_QUOTES = frozenset("\"'“”„‘’«»‹›")
_MOST_LABELS = 20
"""Labels of a layer that are listed."""

_MOST_OTHERS = 12
"""Annotations besides the focus that are listed."""


def described(session: AnnotateSession, keymap: Keymap) -> tuple[Line, ...]:
    """What lies at the cursor of a session."""
    return (*_own_lines(session, keymap), *_others_lines(session))


def _others_lines(session: AnnotateSession) -> list[Line]:
    """What others made at the cursor, where it is shown."""
    here = session.reader.cursor.start
    found = session.others.spans_in(here, here + 1)
    lines: list[Line] = [Line("plain", ""), Line("head", "Others here")] if found else []
    lines += [
        Line("dim", f"  {session.others.name_of(s)}: {s.label}  {_short(s.text)}")
        for s in found[:_MOST_OTHERS]
    ]
    if len(found) > _MOST_OTHERS:
        lines.append(Line("dim", f"  and {len(found) - _MOST_OTHERS} more"))
    return lines


def _own_lines(session: AnnotateSession, keymap: Keymap) -> list[Line]:
    focus, suggestion = session.focus, session.suggestions.chosen
    if suggestion is None and focus is None:
        suggestion = session.suggestions.next
    lines = _unit_lines(session, keymap)
    if session.reader.selection is not None:
        return [*lines, *_label_lines(session, keymap)]
    if suggestion is not None:
        lines += _suggestion_lines(session, keymap, suggestion)
    elif focus is not None:
        lines += _span_lines(session, keymap, focus)
    here = session.reader.cursor.start
    others = [s for s in session.annotations.spans_at(here) if s != focus]
    suggested = session.annotations.suggested
    found = [*suggested.shown_at(here), *_suggested_on(session)]
    proposals = [s for s in found if s != suggestion]
    if not lines and not proposals:
        return _nothing_lines(session, keymap)
    if others:
        lines += [Line("plain", ""), Line("head", "Also here")]
        lines += [
            Line("plain", f"  {s.label}  {_short(s.text)}", s.id) for s in others[:_MOST_OTHERS]
        ]
        if len(others) > _MOST_OTHERS:
            lines.append(Line("dim", f"  and {len(others) - _MOST_OTHERS} more"))
    if proposals:
        lines += [Line("plain", ""), Line("head", "Suggested here")]
        lines += [Line("plain", f"  {_proposal(s)}", s.id) for s in proposals[:_MOST_OTHERS]]
        if len(proposals) > _MOST_OTHERS:
            lines.append(Line("dim", f"  and {len(proposals) - _MOST_OTHERS} more"))
    return lines


def _nothing_lines(session: AnnotateSession, keymap: Keymap) -> list[Line]:
    """What to do where there is nothing."""
    told = []
    if session.schema.keys():
        told.append("A label’s key labels the selection, or what is under the cursor.")
    told.append("{pick} picks a label from a list, with its guideline.")
    if session.annotations.spans or session.annotations.suggested.count:
        told.append("{annotation_next} goes to the next annotation.")
    lines = [Line("dim", "No annotation here.")]
    for text in told:
        lines += [Line("plain", ""), Line("dim", keymap.named(text))]
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


def _suggestion_lines(
    session: AnnotateSession, keymap: Keymap, suggestion: Suggestion
) -> list[Line]:
    proposed = suggestion.proposed
    is_chosen = suggestion == session.suggestions.chosen
    lines: list[Line] = [] if is_chosen else [Line("head", "Next")]
    lines.append(Line("title", f"?{name_of(suggestion)}", suggestion.id))
    if isinstance(proposed, Span):
        lines.append(Line("plain", _quoted(_short(proposed.text, 200))))
        lines += _mentioned(session, proposed)
    elif isinstance(proposed, Relation):
        for argument in proposed.arguments:
            target = _target(session, argument.kind, argument.target)
            lines.append(Line("plain", f"  {argument.role}: {target}", argument.target))
    else:
        lines.append(
            Line("dim", "for the document" if proposed.sentence is None else "this sentence")
        )
    held = (f"{a.name}: {', '.join(a.values)}" for a in proposed.attributes)
    lines += [Line("plain", text) for text in held]
    version = proposed.origin.version
    lines.append(Line("dim", f"suggested by {source_of(suggestion)}"))
    if version:
        lines.append(Line("dim", f"version {version}"))
    lines += [
        Line("plain", ""),
        Line("dim", keymap.named("{accept} accepts it, {reject} rejects it for good.")),
    ]
    if isinstance(proposed, Span):
        told = "A label's key or {boundaries} corrects it."
        if not is_chosen:
            told = "{boundaries} corrects its edges, {annotation_next} and a label's key its label."
        lines.append(Line("dim", keymap.named(told)))
        lines += _proposed_ties(session, proposed.id)
    return lines


def _argument_lines(
    session: AnnotateSession, relation: Span | Relation | UnitLabel, focus: str
) -> list[Line]:
    lines: list[Line] = []
    for argument in relation.arguments if isinstance(relation, Relation) else ():
        if argument.target == focus:
            lines.append(Line("dim", f"  {argument.role}: this"))
        else:
            target = _target(session, argument.kind, argument.target)
            where = _sentence_of(session, argument.target)
            lines.append(Line("plain", f"  {argument.role}: {target}{where}", argument.target))
    return lines


def _sentence_of(session: AnnotateSession, target: str) -> str:
    """The sentence of a span, where it is another than the cursor's."""
    span = session.annotations.spans.get(target)
    ordinal = session.reader.ordinal_at(span.start) if span is not None else -1
    return "" if ordinal in (-1, session.reader.ordinal) else f" · sentence {ordinal + 1}"


def _label_lines(session: AnnotateSession, keymap: Keymap) -> list[Line]:
    """What is selected, and what it may become: each label with its key, and what it is for."""
    schema, selection = session.schema, session.reader.selection
    text = session.document.text[slice(*selection)] if selection is not None else ""
    lines = [Line("title", "Label the selection"), Line("plain", _quoted(_short(text)))]
    for layer in schema.layers:
        if layer.scope == "span":
            lines += [Line("plain", ""), Line("head", layer.title)]
            for label in layer.labels[:_MOST_LABELS]:
                key = shown(label.key) if label.key is not None else " "
                about = " ".join((label.description or label.title).split())
                lines += [Line("plain", f"{key} {label.name}"), Line("dim", f"  {about}")]
            if len(layer.labels) > _MOST_LABELS:
                lines.append(Line("dim", keymap.named("  {pick} lists all")))
    return lines


def _unit_lines(session: AnnotateSession, keymap: Keymap) -> list[Line]:
    """The labels of the cursor's sentence and of the document, the one in focus whole."""
    sentence, focus = session.reader.sentence, session.unit_focus
    on_sentence = session.annotations.labels_on(sentence.id) if sentence is not None else []
    lines: list[Line] = []
    for unit in (*session.annotations.labels_on(None), *on_sentence):
        scope = "document" if unit.sentence is None else "sentence"
        mark = "◆ " if unit == focus else ""
        lines.append(Line("title", f"{mark}{scope}: {unit.label}", unit.id))
        held = _attribute_lines(session, keymap, unit)
        lines += [line._replace(text=f"  {line.text}") for line in held]
        lines += _remarks(unit)
    return [*lines, Line("plain", "")] if lines else []


def _attribute_lines(
    session: AnnotateSession, keymap: Keymap, made: Span | UnitLabel
) -> Iterator[Line]:
    """The attributes that an annotation has, and those it must have and has not."""
    held = {a.name: a for a in made.attributes}
    for attribute in session.schema.layer(made.layer).attributes_of(made.label):
        values = held.get(attribute.name)
        if values is not None:
            doubt = " (uncertain)" if values.uncertain else ""
            yield Line("plain", f"{attribute.name}: {', '.join(values.values)}{doubt}")
        elif attribute.required:
            yield Line("warning", f"{attribute.name}: missing, {keymap.key_for('pick')} sets it")


def _mentioned(session: AnnotateSession, span: Span) -> Iterator[Line]:
    """The actor that a span mentions."""
    actor = session.annotations.actors.get(span.actor or "")
    if actor is not None:
        yield Line("plain", f"mentions {actor.name}", actor.id)


def _remarks(made: Span | UnitLabel) -> Iterator[Line]:
    """Flag, note and origin of an annotation."""
    if made.flagged:
        yield Line("warning", "? flagged as doubtful")
    if made.note:
        yield Line("note", f"note: {made.note}")
    if made.origin.engine:
        score = "" if made.origin.score is None else f" {made.origin.score:.2f}"
        yield Line("dim", f"suggested by {made.origin.engine}{score}")


def _span_lines(session: AnnotateSession, keymap: Keymap, span: Span) -> list[Line]:
    layer = session.schema.layer(span.layer)
    about = layer.label(span.label).description
    lines = [Line("title", span.label), Line("plain", _quoted(_short(span.text, 200)))]
    lines += [Line("dim", " ".join(about.split()))] if about else []
    if len(span.fragments) > 1:
        lines.append(Line("dim", f"in {len(span.fragments)} fragments"))
    lines += _attribute_lines(session, keymap, span)
    lines += _mentioned(session, span)
    lines += _remarks(span)
    for relation in session.annotations.relations_of(span.id):
        lines += [Line("plain", ""), Line("head", relation.type)]
        lines += _argument_lines(session, relation, span.id)
    return [*lines, *_proposed_ties(session, span.id)]


def _proposed_ties(session: AnnotateSession, target: str) -> list[Line]:
    """The relations that are suggested for a span, be that made or suggested itself."""
    lines: list[Line] = []
    suggested = session.annotations.suggested
    for standing in suggested.standing_on(target):
        if suggested.is_shown(standing.id):
            lines += [Line("plain", ""), Line("head", _proposal(standing), standing.id)]
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
