"""Edits: one user action as a list of before/after pairs, and the functions that build them.

Every builder is pure: it looks at the annotations as they are and returns the changes to make. The
store writes them in one transaction; the same changes, turned round, are the undo.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from annotator.core.annotation import Annotation, Record, Relation, Span
from annotator.core.annotation_set import AnnotationSet
from annotator.core.document import Sentence
from annotator.core.schema import Schema


class Change(Struct, frozen=True):
    """One record before and after: created (``before`` is None), replaced, or deleted."""

    before: Record | None
    after: Record | None

    @property
    def record(self) -> Record:
        """Whichever side there is; after a creation or replacement, the new one."""
        record = self.after if self.after is not None else self.before
        assert record is not None
        return record


Changes = tuple[Change, ...]


class Edit(Struct, frozen=True):
    """One durable action: who did what, where and when. ``target`` is the edit undone or redone."""

    id: str
    session: str
    annotator: str
    document: str | None
    time: str
    verb: str
    changes: Changes
    target: str | None = None


def content(record: Record) -> Record:
    """The record without its revision, for comparing what two revisions say."""
    return replace(record, revision=0)


def same(a: Record | None, b: Record | None) -> bool:
    """Whether two revisions of a record, or two that are not there, say the same."""
    if a is None or b is None:
        return a is b
    return a == b or content(a) == content(b)


def create(record: Record) -> Change:
    """A new record."""
    return Change(None, record)


def update(before: Record, after: Record) -> Change:
    """``after`` in place of ``before``, one revision on."""
    return Change(before, replace(after, revision=before.revision + 1))


def delete(record: Record) -> Change:
    """The record gone."""
    return Change(record, None)


def inverse(changes: Changes, current: Iterable[Record | None]) -> Changes:
    """The changes that take back ``changes``, last first.

    ``current`` holds for each change, in the order of ``changes``, the record as it is now; its
    revision is carried on, so that an undo is an edit like any other.
    """
    back = []
    for change, now in zip(changes, current, strict=True):
        after = change.before
        if after is not None:
            newest = max(r.revision for r in (now, change.before, change.after) if r is not None)
            after = replace(after, revision=newest + 1)
        back.append(Change(now, after))
    return tuple(reversed(back))


def delete_annotation(
    annotations: AnnotationSet, schema: Schema, annotation: Annotation
) -> Changes:
    """Delete a span, relation or unit label.

    Relations lose the arguments that go; one that is left with fewer than two arguments, or with
    fewer of a role than the schema asks for, goes as well, and so on through what stands on it.
    """
    gone: list[Annotation] = [annotation]
    held: dict[str, Relation] = {}
    queue: list[Annotation] = [annotation]
    while queue:
        target = queue.pop()
        for relation in annotations.relations_of(target.id):
            if any(relation.id == g.id for g in gone):
                continue
            now = held.get(relation.id, relation)
            left = tuple(a for a in now.arguments if a.target != target.id)
            held[relation.id] = replace(now, arguments=left)
            if is_broken(schema, held[relation.id]):
                gone.append(relation)
                queue.append(relation)
    changed = [
        update(annotations.relation(id), now)
        for id, now in held.items()
        if all(id != g.id for g in gone)
    ]
    return (*changed, *(delete(g) for g in reversed(gone)))


def is_broken(schema: Schema, relation: Relation) -> bool:
    """Whether too few arguments are left for the relation to say anything."""
    if len(relation.arguments) < 2:
        return True
    roles = next((r.roles for r in schema.relations if r.name == relation.type), ())
    counts = [sum(a.role == role.name for a in relation.arguments) for role in roles]
    return any(count < role.min for count, role in zip(counts, roles, strict=True))


def split_sentence(sentence: Sentence, text: str, offset: int, new_id: str) -> Changes:
    """Split ``sentence`` before ``offset`` (a code point inside it); white space at the cut is gap.

    The first part keeps the id, the second gets ``new_id``. Empty where a part would be blank.
    """
    left = text[sentence.start : offset].rstrip()
    right = text[offset : sentence.end].lstrip()
    if not left.strip() or not right:
        return ()
    first = replace(sentence, end=sentence.start + len(left))
    second = Sentence(new_id, sentence.document, sentence.end - len(right), sentence.end)
    return (update(sentence, first), create(second))


def merge_sentences(first: Sentence, second: Sentence) -> Changes:
    """Join two neighbours into one that keeps the first's id. Marks and labels of the second
    must be deleted in the same edit, before these changes."""
    return (delete(second), update(first, replace(first, end=second.end)))


def relabel(span: Span, layer: str, label: str, schema: Schema) -> Change:
    """Another label for the span; attributes that the new label does not have are dropped."""
    allowed = {a.name for a in schema.layer(layer).attributes if a.applies_to(label)}
    kept = tuple(a for a in span.attributes if a.name in allowed)
    return update(span, replace(span, layer=layer, label=label, attributes=kept))


def encode_record(record: Record) -> str:
    """The record as JSON text, with its kind in the key ``record``."""
    return msgspec.json.encode(record).decode()


_DECODER = msgspec.json.Decoder(Record)


def decode_record(data: str | bytes) -> Record:
    """The record that ``encode_record`` wrote. Raises ``msgspec.ValidationError`` on others."""
    record: Record = _DECODER.decode(data)
    return record
