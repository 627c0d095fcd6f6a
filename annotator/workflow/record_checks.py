"""Whether records are as they should be: small checks, each a function that gives what it found.

A check looks at the records of one document (or at the project's actors) and changes nothing. What
can be mended safely comes with a treatment: nothing is lost by it, and the log keeps what was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from msgspec.structs import fields, replace

from annotator.core.annotation import (
    Relation,
    SentenceMark,
    Span,
    Suggestion,
    UnitLabel,
    surface,
)
from annotator.core.annotation_set import AnnotationSet
from annotator.core.document import Sentence
from annotator.core.edits import is_broken
from annotator.core.naming import quoted
from annotator.core.rules import check_overlap, clean_fragments
from annotator.core.schema import Schema
from annotator.errors import RuleError
from annotator.formats.check import (
    fragment_problems,
    label_problems,
    relation_in_circle,
    type_problems,
)
from annotator.store.upkeep import Finding, Replayed
from annotator.workflow.chart import Chart, Diagnosis, Treatment

REPAIR = "annotator doctor --repair"
_RESTORE = "Delete it on the screen and make it anew, or restore a backup: annotator restore FILE."


Check = Callable[[Chart], Iterator[Diagnosis]]


def gaps_in_the_log(chart: Chart) -> Iterator[Diagnosis]:
    """Edits that do not start from what the one before them left, or cannot be read."""
    for item in chart.items:
        for gap in item.gaps:
            advice = "The log is never changed. What is stored now stays; its history has a gap."
            yield chart.diagnosis("log", item, gap, advice)


def other_than_logged(chart: Chart) -> Iterator[Diagnosis]:
    """Records that the log, replayed, makes something else of."""
    for item in chart.items:
        if item.fault is None and item.stored == item.logged:
            continue
        cure = _reconciled(chart, item)
        advice = f"{REPAIR} {cure.words}." if cure is not None else _RESTORE
        yield chart.diagnosis("replay", item, _difference(item), advice, cure)


def _reconciled(chart: Chart, item: Replayed) -> Treatment | None:
    stored, logged = item.stored, item.logged
    if stored is not None and item.fault is None and chart.is_sound(stored, item.missing):
        return Treatment(stored, "keeps it as it is, and notes that in the log")
    if logged is not None and chart.is_sound(logged, item.logged_missing):
        return Treatment(logged, "puts it back as the last edit left it")
    return None


def _difference(item: Replayed) -> str:
    stored, logged = item.stored, item.logged
    if item.fault is not None:
        return f"it cannot be trusted: {item.fault}"
    if stored is None:
        return "it is gone, and no edit deleted it"
    if logged is None:
        return "it is there, and by the log of edits it should not be"
    names = [f.name for f in fields(stored) if getattr(stored, f.name) != getattr(logged, f.name)]
    return f"it is not what the last edit left: {', '.join(names)} differ{'s' * (len(names) == 1)}"


def misplaced(chart: Chart) -> Iterator[Diagnosis]:
    """Spans that do not lie in the text, or not on what they say."""
    assert chart.document is not None
    for item in chart.items:
        span = item.stored.proposed if isinstance(item.stored, Suggestion) else item.stored
        if isinstance(span, Span):
            for problem in fragment_problems(span, chart.document.text):
                yield chart.diagnosis("place", item, problem, _RESTORE)


def white_edges(chart: Chart) -> Iterator[Diagnosis]:
    """Spans that begin or end with white space."""
    assert chart.document is not None
    text = chart.document.text
    for item in chart.items:
        span = item.stored
        if not isinstance(span, Span) or any(fragment_problems(span, text)):
            continue
        clean = clean_fragments(text, span.fragments)
        if clean == span.fragments:
            continue
        if not clean:
            yield chart.diagnosis("edges", item, "it holds nothing but white space", _RESTORE)
            continue
        trimmed = replace(span, fragments=clean, text=surface(text, clean))
        yield chart.diagnosis(
            "edges",
            item,
            "it begins or ends with white space",
            f"{REPAIR} trims it.",
            Treatment(trimmed, "trims it", undoable=True),
        )


def dangling(chart: Chart) -> Iterator[Diagnosis]:
    """Arguments, actors and sentences that a record names and that are not there."""
    for item in chart.items:
        if item.stored is None or not item.missing:
            continue
        names = ", ".join(f"the {kind} {id}" for kind, id in item.missing)
        cure = _without_missing(chart, item)
        advice = f"{REPAIR} {cure.words}." if cure is not None else _RESTORE
        message = (
            f"it refers to {names}, which {'is' if len(item.missing) == 1 else 'are'} not there"
        )
        yield chart.diagnosis("dangling", item, message, advice, cure)


def _without_missing(chart: Chart, item: Replayed) -> Treatment | None:
    record, gone = item.stored, {id for _, id in item.missing}
    if isinstance(record, Span):
        return Treatment(replace(record, actor=None), "leaves the actor out")
    if isinstance(record, SentenceMark):
        return Treatment(None, "takes the mark away")
    if isinstance(record, Relation) and chart.schema is not None:
        kept = tuple(a for a in record.arguments if a.target not in gone)
        left = replace(record, arguments=kept)
        if is_broken(chart.schema, left):
            return Treatment(None, "deletes the relation, of which too little is left")
        return Treatment(left, "leaves the argument out")
    return None


def elsewhere(chart: Chart) -> Iterator[Diagnosis]:
    """Arguments and sentences that lie in another document, or are somebody else's."""
    for item in chart.items:
        record = item.stored
        wanted: list[tuple[str, str]] = []
        if isinstance(record, Relation):
            wanted = [(a.kind, a.target) for a in record.arguments if a.kind != "actor"]
        elif isinstance(record, UnitLabel | SentenceMark) and record.sentence is not None:
            wanted = [("sentence", record.sentence)]
        for kind, id in wanted:
            if (kind, id) in item.missing:
                continue
            there = chart.stored.get((kind, id))
            whose = getattr(there and there.stored, "annotator", None)
            if there is None or whose not in (None, getattr(record, "annotator", None)):
                where = "in another document" if there is None else "somebody else's"
                yield chart.diagnosis(
                    "elsewhere", item, f"it refers to the {kind} {id}, which is {where}", _RESTORE
                )


def circles(chart: Chart) -> Iterator[Diagnosis]:
    """Relations that are, by way of their arguments, arguments of themselves."""
    relations = {i.id: i.stored for i in chart.items if isinstance(i.stored, Relation)}
    found = relation_in_circle(relations)
    if found is not None:
        item = chart.stored["relation", found]
        message = "it is, by way of its arguments, an argument of itself"
        yield chart.diagnosis("circle", item, message, "Untie it on the screen.")


def overlaps(chart: Chart) -> Iterator[Diagnosis]:
    """Spans that lie on others where their layer forbids it."""
    assert chart.document is not None
    layers = {} if chart.schema is None else {layer.name: layer for layer in chart.schema.layers}
    layers = {name: layer for name, layer in layers.items() if layer.overlap != "any"}
    seen: dict[str, AnnotationSet] = {}
    for item in chart.items:
        span = item.stored
        if not isinstance(span, Span) or span.layer not in layers:
            continue
        if any(fragment_problems(span, chart.document.text)):
            continue
        before = seen.setdefault(span.annotator, AnnotationSet())
        try:
            check_overlap(before, layers[span.layer], span)
        except RuleError as error:
            advice = "Decide which is right, and delete or relabel the other on the screen."
            yield chart.diagnosis("overlap", item, error.message, advice)
        before.add(span)


def cut_wrongly(chart: Chart) -> Iterator[Diagnosis]:
    """Sentences outside the text or on each other, and text that is in no sentence."""
    assert chart.document is not None
    text = chart.document.text
    inside = []
    for item in chart.items:
        if not isinstance(item.stored, Sentence):
            continue
        if chart.is_sound(item.stored, ()):
            inside.append((item.stored.start, item.stored.end, item))
        else:
            message = f"it does not lie in the text of {len(text)} characters"
            yield chart.diagnosis("cut", item, message, _RESTORE)
    inside.sort(key=lambda place: place[:2])
    for first, second in pairwise(inside):
        if first[1] > second[0]:
            message = f"it overlaps the sentence at {first[0]}–{first[1]}"
            yield chart.diagnosis("cut", second[2], message, _RESTORE)
    at = 0
    for start, end, _ in [*inside, (len(text), len(text), None)]:
        if text[at:start].strip():
            place = f"{at}–{start}"
            yield Diagnosis(
                Finding(
                    kind="cut",
                    message=f"{quoted(text[at:start].strip())} at {place} is in no sentence",
                    advice="It cannot be reached on the screen. Import the text again.",
                    document=chart.document.name,
                )
            )
        at = max(at, end)


def unknown_to_the_schema(chart: Chart) -> Iterator[Diagnosis]:
    """Labels, attributes, values and roles that the schema in force does not have."""
    if chart.schema is None:
        return
    layers = {layer.name: layer for layer in chart.schema.layers}
    advice = "Relabel it on the screen, or put the name back into the schema."
    for item in chart.items:
        record = item.stored.proposed if isinstance(item.stored, Suggestion) else item.stored
        problems: Iterator[str] = iter(())
        if isinstance(record, Span):
            problems = label_problems(record, layers, ("span",))
        elif isinstance(record, UnitLabel):
            scope = "document" if record.sentence is None else "sentence"
            problems = label_problems(record, layers, (scope,))
        elif isinstance(record, Relation):
            problems = _relation_problems(chart, chart.schema, record)
        for problem in problems:
            yield chart.diagnosis("schema", item, problem, advice)


def _relation_problems(chart: Chart, schema: Schema, relation: Relation) -> Iterator[str]:
    """As of the schema, of those arguments that are there."""
    spans: dict[str, tuple[str, str]] = {}
    types: dict[str, str] = {}
    for argument in relation.arguments:
        there = chart.stored.get((argument.kind, argument.target))
        if there is not None and isinstance(there.stored, Span):
            spans[there.id] = (there.stored.layer, there.stored.label)
        elif there is not None and isinstance(there.stored, Relation):
            types[there.id] = there.stored.type
    return type_problems(relation, schema, spans, types)


OF_PROJECT: tuple[Check, ...] = (gaps_in_the_log, other_than_logged)
OF_DOCUMENT: tuple[Check, ...] = (
    *OF_PROJECT,
    dangling,
    misplaced,
    white_edges,
    elsewhere,
    circles,
    overlaps,
    cut_wrongly,
    unknown_to_the_schema,
)


def diagnose(chart: Chart) -> list[Diagnosis]:
    """All that the checks find on a chart."""
    checks = OF_PROJECT if chart.document is None else OF_DOCUMENT
    return [diagnosis for check in checks for diagnosis in check(chart)]
