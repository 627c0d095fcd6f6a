"""What a merge of project files brings, and what it leaves for a person to decide."""

from __future__ import annotations

from msgspec import Struct, field

from annotator.core.annotation import Conflict, Contested


class ConflictInfo(Struct, frozen=True, kw_only=True):
    """A conflict with what a person needs to decide it.

    ``name`` is the record in words, ``document`` a name. ``in_force`` is the record as it is now,
    ``other`` the version kept beside it (None: deleted), which ``annotator`` made with an edit
    ``verb`` at ``time``.
    """

    conflict: Conflict
    name: str
    document: str | None
    in_force: Contested | None
    annotator: str
    verb: str
    time: str

    @property
    def other(self) -> Contested | None:
        """The version that is not in force."""
        return self.conflict.other


class MergeReport(Struct, kw_only=True):
    """What a merge brought, or would bring.

    ``edits`` counts the edits taken in from each file. ``documents`` and ``annotators`` are names
    of those that are new; ``renamed`` are pairs of the wanted name and the one given because an
    older document has the wanted one; ``recut`` names documents whose text a file cuts into other
    sentences than those that count; ``doubled`` are pairs of names of one file that are one
    document now, having one text; ``settings`` are names and new values of settings that changed.
    The counters are of records in force, by kind: made, changed and deleted. ``conflicts`` are the
    open ones that were not there before. ``backup`` is the file that holds the project as it was,
    where something came.
    """

    edits: dict[str, int] = field(default_factory=dict)
    documents: list[str] = field(default_factory=list)
    annotators: list[str] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    recut: list[str] = field(default_factory=list)
    doubled: list[tuple[str, str]] = field(default_factory=list)
    settings: list[tuple[str, str]] = field(default_factory=list)
    made: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    deleted: dict[str, int] = field(default_factory=dict)
    conflicts: list[ConflictInfo] = field(default_factory=list)
    backup: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing came: the project is as it was."""
        came = (self.edits, self.documents, self.annotators, self.renamed, self.settings)
        return not any(came)
