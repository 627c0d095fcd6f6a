"""Changing the schema of a project with annotations in it: a preview, and the change itself."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from annotator.core.annotation import Relation, Span, Suggestion, UnitLabel
from annotator.core.edits import Changes
from annotator.core.fitting import Fitting
from annotator.core.schema import Schema
from annotator.core.schema_change import Made, change_document
from annotator.core.schema_differences import Difference, Tally
from annotator.core.schema_file import parse_schema
from annotator.errors import RuleError, SchemaError
from annotator.store.base import SchemaEdit, Store


class Preview(Struct, frozen=True, kw_only=True):
    """What another schema would do, or did, to a project.

    ``edit`` is there once it is done. ``notes`` say what is no obstacle and may be a mistake.
    """

    former: str
    former_version: int
    schema: str
    version: int
    differences: tuple[Difference, ...]
    notes: tuple[str, ...] = ()
    edit: SchemaEdit | None = None

    @property
    def refused(self) -> tuple[Difference, ...]:
        """What stands in the way."""
        return self._of("refused")

    @property
    def findings(self) -> tuple[Difference, ...]:
        """What the annotations will break or lack of the new schema's rules."""
        return self._of("missing", "overlap")

    def _of(self, *kinds: str) -> tuple[Difference, ...]:
        return tuple(d for d in self.differences if d.kind in kinds)


def preview(store: Store, source: str, file: str) -> Preview:
    """What ``change_schema`` would do, read a document at a time. Raises SchemaError, RuleError."""
    work = _Work(store, source, file)
    for _ in work.parts():
        pass
    return work.preview()


def change_schema(store: Store, source: str, file: str, annotator: str) -> Preview:
    """Put a schema (TOML) in force and carry all annotations to it, as one edit of ``annotator``.

    Raises SchemaError where the file is wrong, or annotations have no place in the schema and are
    not named for deletion: the preview says which. Nothing is written then.
    """
    first = preview(store, source, file)
    if first.refused:
        raise _refusal(first, file)
    who = store.annotator(annotator, create=True)
    session = store.start_session(who.id)
    work = _Work(store, source, file)
    edit = store.change_schema(session, source, work.checked_parts())
    return work.preview(edit)


def undo_schema(store: Store, annotator: str) -> SchemaEdit:
    """Put the schema before in force again and take back all that the change did.

    Raises RuleError where there is nothing to take back, StaleError where annotations made or
    changed since forbid it.
    """
    return _retraced(store, annotator, "undo")


def redo_schema(store: Store, annotator: str) -> SchemaEdit:
    """Make the change of schema that was taken back again. Raises RuleError and StaleError."""
    return _retraced(store, annotator, "redo")


def _retraced(store: Store, annotator: str, verb: str) -> SchemaEdit:
    store.schema()
    session = store.start_session(store.annotator(annotator, create=True).id)
    edit = store.undo_schema(session) if verb == "undo" else store.redo_schema(session)
    if edit is None:
        raise RuleError(f"There is no change of schema to {verb}.")
    return edit


def _refusal(found: Preview, file: str) -> SchemaError:
    kinds = "; ".join(f"{d.what} {d.to}" for d in found.refused)
    return SchemaError(
        f"{file}: nothing was changed, since annotations have no place in this schema: {kinds}.",
        "Name them in its table [migrate], as `annotator schema apply FILE --dry-run` shows.",
    )


class _Work:
    """One pass over all documents of a project, with a new schema at hand."""

    def __init__(self, store: Store, source: str, file: str) -> None:
        self._store = store
        self._file = file
        self._new = parse_schema(source, file)
        self._former = store.schema()
        if store.schema_source() == source:
            raise RuleError(f"{file} is the schema of this project already.")
        self._tally = Tally()

    def parts(self) -> Iterator[Changes]:
        """The changes of one document after the other; none for those that stay as they are."""
        fitting = Fitting(self._new)
        for info in self._store.documents(""):
            made = list(self._made(info.id))
            changes = change_document(made, self._former, fitting, self._tally.tell)
            if changes:
                yield changes

    def checked_parts(self) -> Iterator[Changes]:
        """The same. Raises SchemaError at the end where annotations have no place."""
        yield from self.parts()
        if self._tally.refuses:
            raise _refusal(self.preview(), self._file)

    def _made(self, document: str) -> Iterator[Made]:
        for annotator in self._store.annotators_of(document):
            found = self._store.annotations(document, annotator.id)
            kinds: tuple[tuple[Span | Relation | UnitLabel | Suggestion, ...], ...] = (
                *(found.spans, found.relations, found.unit_labels, found.suggestions),
            )
            for kind in kinds:
                yield from kind

    def preview(self, edit: SchemaEdit | None = None) -> Preview:
        """What was found."""
        names = {a.id: a.name for a in self._store.annotators()}
        return Preview(
            former=self._former.name,
            former_version=self._former.version,
            schema=self._new.name,
            version=self._new.version,
            differences=self._tally.differences(self._former, self._new, names),
            notes=tuple(_notes(self._former, self._new)),
            edit=edit,
        )


def _notes(former: Schema, new: Schema) -> Iterator[str]:
    if former.name == new.name and new.version <= former.version:
        yield (
            f"both are {new.name} {new.version}: raise the version, so that exports can be told"
            " apart"
            if new.version == former.version
            else f"version {new.version} is older than {former.version}, which is in force"
        )
    layers = {layer.name: layer for layer in former.layers}
    for (layer, label), _ in new.migration.labels.items():
        known = layers.get(layer)
        if known is not None and all(label != other.name for other in known.labels):
            yield f"[migrate] names the label {layer}.{label}, which the schema in force has not"
    for layer in new.migration.layers:
        if layer not in layers:
            yield f"[migrate] names the layer {layer}, which the schema in force has not"
