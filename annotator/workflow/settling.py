"""Settling what a merge left to decide: one version or the other, as an edit that can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec.structs import replace

from annotator.core import edits
from annotator.core.annotation import (
    Actor,
    Conflict,
    Contested,
    DocumentMark,
    Record,
    Relation,
    SentenceMark,
    Span,
    Suggestion,
    UnitLabel,
)
from annotator.core.annotation_set import AnnotationSet
from annotator.core.document import Sentence
from annotator.core.edits import Change, Changes, Edit
from annotator.core.naming import quoted
from annotator.errors import NotFoundError, RuleError
from annotator.store.base import Store
from annotator.store.merge_report import ConflictInfo

Keep = Literal["this", "other"]
"""``this`` is what is in force, ``other`` the version that the conflict kept beside it."""


def find_conflict(store: Store, id: str) -> ConflictInfo:
    """The open conflict of this id, or of an id that ends with this. Raises NotFoundError."""
    found = [i for i in store.conflicts() if id and i.conflict.id.endswith(id.lower())]
    if len(found) == 1:
        return found[0]
    how = "several open conflicts end" if found else "no open conflict ends"
    raise NotFoundError(f"{how} with {id!r}.", "`annotator merge --conflicts` lists them.")


def settle(store: Store, annotator: str, info: ConflictInfo, keep: Keep) -> Edit:
    """Decide a conflict in the name of an annotator (id); of a cut, all that hangs together.

    Raises RuleError where the other version does not fit what there is now.
    """
    conflict = info.conflict
    settled: tuple[Conflict, ...] = (conflict,)
    changes: Changes = ()
    if conflict.kind == "sentence":
        settled = _of_one_cut(store, conflict)
        if keep == "other":
            changes = _recut(store, settled)
    elif keep == "other":
        changes = _exchange(store, info.in_force, conflict.other)
    closed = tuple(edits.update(c, replace(c, state="settled")) for c in settled)
    session = store.start_session(annotator)
    return store.apply(session, conflict.document, "settle", (*changes, *closed))


def _exchange(store: Store, now: Contested | None, other: Contested | None) -> Changes:
    """Put the other version in the place of the one in force."""
    if other is not None:
        return (_put(now, other),)
    if isinstance(now, Span | Relation | UnitLabel):
        made = store.annotations(now.document, now.annotator)
        held = AnnotationSet(made.spans, made.relations, made.unit_labels)
        return edits.delete_annotation(held, store.schema(), now)
    return () if now is None else (edits.delete(now),)


def _put(now: Contested | None, other: Contested) -> Change:
    newest = max(r.revision for r in (now, other) if r is not None)
    return Change(now, replace(other, revision=newest + 1))


# -- sentences -----------------------------------------------------------------------------------


def _of_one_cut(store: Store, conflict: Conflict) -> tuple[Conflict, ...]:
    """All open conflicts about the cut of the same stretch of text."""
    cut = store.sentences(conflict.document or "")
    waiting = [
        i.conflict
        for i in store.conflicts()
        if i.conflict.kind == "sentence" and i.conflict.document == conflict.document
    ]
    found, count = [conflict], 0
    while len(found) > count:
        count = len(found)
        stretch = _stretch(found, cut)
        waiting = [c for c in waiting if c not in found]
        found += [c for c in waiting if _overlap(_stretch([c], cut), stretch)]
    return tuple(found)


def _stretch(conflicts: Iterable[Conflict], cut: Sequence[Sentence]) -> tuple[int, int]:
    """The code points that kept versions of sentences cover, and what lies on them now."""
    targets = {c.target for c in conflicts}
    start, end = _ends(
        [
            *(c.other for c in conflicts if isinstance(c.other, Sentence)),
            *(s for s in cut if s.id in targets),
        ]
    )
    return _ends(s for s in cut if _overlap((s.start, s.end), (start, end)))


def _overlap(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _recut(store: Store, conflicts: tuple[Conflict, ...]) -> Changes:
    """The cut that the conflicts kept, in place of the one in force.

    Marks and labels on a sentence that goes, go with it, as when sentences are merged by hand.
    """
    document = conflicts[0].document or ""
    sentences = store.sentences(document)
    cut = {s.id: s for s in sentences}
    others = {c.target: c.other for c in conflicts if isinstance(c.other, Sentence)}
    stretch = _stretch(conflicts, sentences)
    there = [s for s in cut.values() if _overlap((s.start, s.end), stretch)]
    if len({c.target for c in conflicts}) < len(conflicts) or _ends(there) != _ends(
        others.values()
    ):
        raise RuleError(
            "The sentences were cut in more than two ways, or were cut anew since.",
            "Keep what is in force, then split and merge the sentences by hand.",
        )
    gone = {s.id for s in there} - others.keys()
    changes = [edits.delete(record) for record in _on_sentences(store, document, gone)]
    changes += [edits.delete(cut[id]) for id in sorted(gone)]
    changes += [_put(cut.get(id), other) for id, other in others.items()]
    return tuple(changes)


def _ends(sentences: Iterable[Sentence]) -> tuple[int, int]:
    found = [(s.start, s.end) for s in sentences]
    return min((a for a, _ in found), default=0), max((b for _, b in found), default=0)


def _on_sentences(
    store: Store, document: str, sentences: set[str]
) -> list[UnitLabel | SentenceMark]:
    found: list[UnitLabel | SentenceMark] = []
    for annotator in store.annotators_of(document):
        made = store.annotations(document, annotator.id)
        found += [label for label in made.unit_labels if label.sentence in sentences]
        found += [mark for mark in made.sentence_marks if mark.sentence in sentences]
    return found


# -- in words ------------------------------------------------------------------------------------


def in_words(record: Record | None) -> str:
    """What a version says, short: what two versions of one record may differ in."""
    match record:
        case None:
            return "deleted"
        case Span():
            return _more(f"{record.label} {quoted(record.text)}", record)
        case Relation():
            roles = " ".join(a.role for a in record.arguments)
            return _more(f"{record.type} ({roles})", record)
        case UnitLabel():
            return _more(record.label, record)
        case Actor():
            return ", ".join((record.name, *record.aliases))
        case Sentence():
            return f"{record.start}–{record.end}"
        case SentenceMark():
            return "done" if record.done else "not done"
        case DocumentMark():
            return record.status
        case Suggestion():
            return f"{in_words(record.proposed)}, {record.state}"
        case Conflict():
            return record.state


def _more(text: str, record: Span | Relation | UnitLabel) -> str:
    parts = [f"{a.name}={'+'.join(a.values)}{'?' * a.uncertain}" for a in record.attributes]
    parts += ["flagged"] * record.flagged
    parts += [f"note {quoted(record.note)}"] if record.note else []
    return "; ".join((text, *parts))
