"""Reading many annotations at once: what an annotator made in a document, or in a part of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import partial
from operator import attrgetter
from typing import Any, Final

from annotator.core.annotation import (
    Actor,
    AttributeValues,
    DocumentMark,
    Fragments,
    Relation,
    SentenceMark,
    Span,
    Suggestion,
    UnitLabel,
)
from annotator.store.base import Annotations
from annotator.store.counts import LabelCount, SuggestionCount
from annotator.store.sqlite.connection import Row
from annotator.store.sqlite.failures import told
from annotator.store.sqlite.record_rows import (
    attribute_values,
    origin,
    sentence_mark_of,
    suggestion_of,
)
from annotator.store.sqlite.record_store import argument_of
from annotator.store.sqlite.store_part import StorePart

LONG: Final = 2000
"""Code points. Longer spans are looked up apart, so that the search for the others is short."""

_id: Final = attrgetter("id")
_MADE: Final = "note, flagged, engine, engine_version, score, revision"
_SPAN: Final = f'id, layer, label, start, "end", text, pieces, actor_id, attributes, {_MADE}'
_THERE: Final = "WHERE annotator_id = ? AND document_id = ?"

SPANS_THERE: Final = f"SELECT {_SPAN} FROM span {_THERE}"
FRAGMENTS_THERE: Final = f"""
SELECT span_id, position, fragment.start, fragment."end" FROM span
CROSS JOIN fragment ON fragment.span_id = span.id {_THERE} AND pieces > 1"""
ATTRIBUTES_THERE: Final = f"""
SELECT span_id, position, name, value_position, value, uncertain FROM span
CROSS JOIN attribute ON attribute.span_id = span.id {_THERE} AND attributes > 0"""
SPANS_IN: Final = f"""
SELECT {_SPAN} FROM span INDEXED BY span_by_place {_THERE}
  AND start > ? AND start < ? AND "end" > ? AND "end" - start <= {LONG}
UNION ALL
SELECT {_SPAN} FROM span INDEXED BY span_that_is_long {_THERE}
  AND start < ? AND "end" > ? AND "end" - start > {LONG}"""

_PROPOSED_ACTORS: Final = """
SELECT json_extract(proposed, '$.actor') FROM suggestion
  WHERE json_extract(proposed, '$.actor') IS NOT NULL
UNION SELECT json_extract(argument.value, '$.target')
  FROM suggestion, json_each(proposed, '$.arguments') AS argument WHERE suggestion.kind = 'relation'
"""
"""The ids that open and answered suggestions name; those of spans and relations are among them."""


class AnnotationReader(StorePart):
    """Annotations by document and annotator."""

    def annotations(self, document: str, annotator: str) -> Annotations:
        """What this annotator made there, each kind ordered by id, all of one moment."""
        with told(self._db.path):
            return self._db.at_one_moment(partial(self._annotations, document, annotator))

    def _annotations(self, document: str, annotator: str) -> Annotations:
        owner = (annotator, document)
        spans = self._all_spans(document, annotator)
        relations = self._relations(document, annotator)
        suggestions = self._suggestions(owner)
        mark = self._db.row(
            f"SELECT id, document_id, annotator_id, status, revision FROM document_mark {_THERE}",
            owner,
        )
        return Annotations(
            spans=tuple(spans),
            relations=tuple(relations),
            unit_labels=self._unit_labels(document, annotator),
            suggestions=suggestions,
            actors=self._actors_by_id(_actor_ids(spans, relations, suggestions)),
            sentence_marks=self._sentence_marks(owner),
            document_mark=None if mark is None else DocumentMark(*mark),
        )

    def spans_in(self, document: str, annotator: str, start: int, end: int) -> list[Span]:
        """Spans one of whose fragments overlaps [start, end), by start, longest first, then id.

        Offsets in code points. Reads the spans that start up to ``LONG`` before ``start``, and the
        longer ones.
        """
        owner = (annotator, document)
        values = (*owner, start - LONG, end, start, *owner, end, start)
        with told(self._db.path), self._db.snapshot():
            near = self._db.rows(SPANS_IN, values)
            fragments = self._fragments([row[0] for row in near if row[6] > 1])
            attributes = self._attributes("span", [row[0] for row in near if row[8]])
            spans = _spans(document, annotator, near, fragments, attributes)
        found = [s for s in spans if any(a < end and b > start for a, b in s.fragments)]
        return sorted(found, key=lambda s: (s.start, -s.end, s.id))

    def label_counts(self, annotator: str) -> list[LabelCount]:
        """Spans and unit labels per label for this annotator (id), by layer and label."""
        found = self._db.rows(
            "SELECT layer, label, count(*) FROM span WHERE annotator_id = ?1 GROUP BY layer, label"
            " UNION ALL"
            " SELECT layer, label, count(*) FROM unit_label WHERE annotator_id = ?1"
            " GROUP BY layer, label ORDER BY layer, label",
            (annotator,),
        )
        return [LabelCount(*row) for row in found]

    def mention_counts(self, annotator: str) -> dict[str, int]:
        """Actor (id) → how many spans of this annotator mention it, if any do."""
        found = self._db.rows(
            "SELECT actor_id, count(*) FROM span"
            " WHERE annotator_id = ? AND actor_id IS NOT NULL GROUP BY actor_id",
            (annotator,),
        )
        return {str(id): int(count) for id, count in found}

    def suggestion_counts(
        self, annotator: str | None = None, document: str | None = None
    ) -> list[SuggestionCount]:
        """Suggestions by engine, layer, label and state: of one annotator and document, or all."""
        found = self._db.rows(
            "SELECT coalesce(engine, ''), layer, label, state, count(*) FROM suggestion"
            " WHERE annotator_id = coalesce(?1, annotator_id)"
            " AND document_id = coalesce(?2, document_id)"
            " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
            (annotator, document),
        )
        return [SuggestionCount(*row) for row in found]

    def labels_of_texts(self, annotator: str) -> list[tuple[str, str, str, int]]:
        """(layer, text, label, spans) where this annotator (id) labelled a text in several ways."""
        rows = self._db.rows(
            "WITH given AS (SELECT layer, text, label, count(*) AS spans FROM span"
            " WHERE annotator_id = ? GROUP BY layer, text, label)"
            " SELECT layer, text, label, spans FROM given WHERE (layer, text) IN"
            " (SELECT layer, text FROM given GROUP BY layer, text HAVING count(*) > 1)"
            " ORDER BY layer, text, label",
            (annotator,),
        )
        return [(str(layer), str(text), str(label), int(n)) for layer, text, label, n in rows]

    def actors(self) -> list[Actor]:
        """All actors of the project by name."""
        return self._actors("ORDER BY name, id")

    def actor_count(self) -> int:
        """How many actors the project has; costs little whatever that is."""
        return int(self._db.rows("SELECT count(*) FROM actor")[0][0])

    def unmentioned_actors(self) -> Sequence[Actor]:
        """Actors that no span and no relation refers to, by name."""
        return self._actors(
            "WHERE NOT EXISTS (SELECT 1 FROM span WHERE span.actor_id = actor.id)"
            " AND NOT EXISTS (SELECT 1 FROM argument WHERE argument.actor_id = actor.id)"
            f" AND id NOT IN ({_PROPOSED_ACTORS})"
            " ORDER BY name, id"
        )

    def _all_spans(self, document: str, annotator: str) -> list[Span]:
        owner = (annotator, document)
        fragments = _grouped(self._db.each(FRAGMENTS_THERE, owner))
        attributes = attribute_values(self._db.each(ATTRIBUTES_THERE, owner))
        rows = self._db.each(SPANS_THERE, owner)
        return sorted(_spans(document, annotator, rows, fragments, attributes), key=_id)

    def _fragments(self, ids: list[str]) -> dict[str, Fragments]:
        found = self._db.each_of(
            ids,
            'SELECT span_id, position, start, "end" FROM json_each(?) CROSS JOIN fragment'
            " ON fragment.span_id = json_each.value",
        )
        return _grouped(found)

    def _attributes(self, owner: str, ids: list[str]) -> dict[str, tuple[AttributeValues, ...]]:
        found = self._db.each_of(
            ids,
            f"SELECT {owner}_id, position, name, value_position, attribute.value, uncertain"
            f" FROM json_each(?) CROSS JOIN attribute ON attribute.{owner}_id = json_each.value",
        )
        return attribute_values(found)

    def _relations(self, document: str, annotator: str) -> list[Relation]:
        found = sorted(
            self._db.each(f"SELECT id, type, {_MADE} FROM relation {_THERE}", (annotator, document))
        )
        ids = [row[0] for row in found]
        arguments: dict[str, list[Any]] = {id: [] for id in ids}
        for id, *row in self._argument_rows(ids):
            arguments[id].append(argument_of((row[1], row[2], row[3], row[4])))
        attributes = self._attributes("relation", ids)
        return [
            Relation(
                *(id, document, annotator, type_, tuple(arguments[id]), attributes.get(id, ())),
                *(note, flagged == 1, origin(engine, version, score), revision),
            )
            for id, type_, note, flagged, engine, version, score, revision in found
        ]

    def _argument_rows(self, ids: list[str]) -> list[Row]:
        found = self._db.each_of(
            ids,
            "SELECT relation_id, position, role, span_id, relation_argument_id, actor_id"
            " FROM json_each(?) CROSS JOIN argument ON argument.relation_id = json_each.value",
        )
        return sorted(found, key=lambda row: row[:2])

    def _unit_labels(self, document: str, annotator: str) -> tuple[UnitLabel, ...]:
        found = sorted(
            self._db.each(
                f"SELECT id, layer, label, sentence_id, {_MADE} FROM unit_label {_THERE}",
                (annotator, document),
            )
        )
        attributes = self._attributes("unit_label", [row[0] for row in found])
        return tuple(
            UnitLabel(
                *(id, document, annotator, layer, label, sentence, attributes.get(id, ())),
                *(note, flagged == 1, origin(engine, version, score), revision),
            )
            for id, layer, label, sentence, note, flagged, engine, version, score, revision in found
        )

    def _suggestions(self, owner: tuple[str, str]) -> tuple[Suggestion, ...]:
        found = self._db.each(
            "SELECT id, document_id, annotator_id, state, result, proposed, revision"
            f" FROM suggestion {_THERE}",
            owner,
        )
        return tuple(suggestion_of(row) for row in sorted(found))

    def _sentence_marks(self, owner: tuple[str, str]) -> tuple[SentenceMark, ...]:
        found = self._db.each(
            "SELECT id, document_id, annotator_id, sentence_id, done, revision"
            f" FROM sentence_mark {_THERE}",
            owner,
        )
        return tuple(sentence_mark_of(row) for row in sorted(found))

    def _actors_by_id(self, ids: set[str]) -> tuple[Actor, ...]:
        if not ids:
            return ()
        among = "WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
        return tuple(self._actors(among, (json.dumps(sorted(ids)),)))

    def _actors(self, rest: str, values: tuple[str, ...] = ()) -> list[Actor]:
        with self._db.snapshot():
            found = self._db.rows(
                f"SELECT id, name, kind, note, revision FROM actor {rest}", values
            )
            ids = (json.dumps([row[0] for row in found]),)
            aliases = self._db.rows(
                "SELECT actor_id, position, alias FROM json_each(?) CROSS JOIN actor_alias"
                " ON actor_id = json_each.value",
                ids,
            )
            links = self._db.rows(
                "SELECT actor_id, position, scheme, actor_link.value FROM json_each(?)"
                " CROSS JOIN actor_link ON actor_id = json_each.value",
                ids,
            )
        names: dict[str, list[str]] = {}
        for id, _, alias in sorted(aliases):
            names.setdefault(id, []).append(alias)
        outside: dict[str, list[tuple[str, str]]] = {}
        for id, _, scheme, value in sorted(links):
            outside.setdefault(id, []).append((scheme, value))
        return [
            Actor(id, n, kind, tuple(names.get(id, ())), tuple(outside.get(id, ())), note, revision)
            for id, n, kind, note, revision in found
        ]


def _spans(
    document: str,
    annotator: str,
    rows: Iterable[Row],
    fragments: dict[str, Fragments],
    attributes: dict[str, tuple[AttributeValues, ...]],
) -> list[Span]:
    """The spans of rows of the columns _SPAN; positional, since 50,000 of them are made at once."""
    spans = []
    for row in rows:
        id, layer, label, start, end, text, pieces, actor, held, note, *made = row
        flagged, engine, version, score, revision = made
        spans.append(
            Span(
                id,
                document,
                annotator,
                layer,
                label,
                ((start, end),) if pieces == 1 else fragments[id],
                text,
                attributes[id] if held else (),
                actor,
                note,
                flagged == 1,
                origin(engine, version, score),
                revision,
            )
        )
    return spans


def _grouped(rows: Iterable[Row]) -> dict[str, Fragments]:
    """Fragments by span's id, from rows (span, position, start, end) in any order."""
    grouped: dict[str, list[tuple[int, int]]] = {}
    for id, _, start, end in sorted(rows):
        grouped.setdefault(id, []).append((start, end))
    return {id: tuple(places) for id, places in grouped.items()}


def _actor_ids(
    spans: Iterable[Span], relations: Iterable[Relation], suggestions: Iterable[Suggestion]
) -> set[str]:
    proposed = [s.proposed for s in suggestions]
    named = {s.actor for s in spans} | {p.actor for p in proposed if isinstance(p, Span)}
    links = [*relations, *(p for p in proposed if isinstance(p, Relation))]
    named |= {a.target for r in links for a in r.arguments if a.kind == "actor"}
    return {id for id in named if id is not None}
