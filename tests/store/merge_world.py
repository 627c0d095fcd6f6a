"""Copies of a project that annotators work in apart, for tests of merging."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace
from store_world import TEXT, SqliteFactory, World, new_document
from test_contract_properties import changes_of

from annotator.core.annotation import BY_HAND, Origin, Suggestion
from annotator.core.edits import Changes, create, split_sentence, update
from annotator.core.ids import derived_id, new_id
from annotator.core.replaying import LogEntry, Replay, joined, without_actors
from annotator.core.undo_stacks import UndoStacks
from annotator.errors import InputError, RuleError, StaleError
from annotator.formats.record import Record
from annotator.store.base import NewDocument
from annotator.store.merge_report import MergeReport
from annotator.store.sqlite.project_log import ProjectLog
from annotator.store.sqlite.record_rows import CONFLICT, conflict_of
from annotator.store.sqlite.store import SqliteStore
from annotator.workflow.doctor import examine
from annotator.workflow.settling import settle
from annotator.workflow.taking_in import Intake

Action = tuple[int, str, int, str, int, int]
"""File, annotator, document, step, and two numbers that say what it is done to."""

NAMES = ("alice", "bob")
NAMESAKE = "Not that text, which has the same name. But this one, “which is no better“.\n"
OTHER = "Another text. It has three sentences, “as we said“. That is long enough.\n"

DAMAGE = (
    *("damage", "format", "history", "orphan", "position", "text"),
    *("cut", "log", "replay", "place", "dangling"),
)
"""Findings of the doctor that no annotator can bring about."""

_LOCAL = ("project", "sqlite_stat1", "_sqlite_migrations")
"""Tables about the file itself."""


@dataclass
class Copy:
    """One project file, open, with a session for each annotator who sat at it."""

    path: Path
    store: SqliteStore

    @classmethod
    def make(cls, path: Path, schema: str, *documents: NewDocument) -> Copy:
        store = SqliteFactory(path).create(schema)
        assert isinstance(store, SqliteStore)
        for document in documents:
            store.add_document(document)
        return cls(path, store)

    @classmethod
    def open(cls, path: Path) -> Copy:
        store = SqliteFactory(path).open()
        assert isinstance(store, SqliteStore)
        return cls(path, store)

    def copy(self, path: Path) -> Copy:
        """The file as it is, copied elsewhere and opened."""
        self.store.close()
        shutil.copy(self.path, path)
        self.store = Copy.open(self.path).store
        return Copy.open(path)

    def merge(self, *others: Copy, dry_run: bool = False) -> MergeReport:
        return self.store.merge([o.store for o in others], dry_run=dry_run)

    def at(self, document: str, name: str) -> World:
        """An annotator at a document (by name)."""
        ids = [self.store.annotator(n, create=True).id for n in (name, "carol")]
        sessions = [self.store.start_session(id) for id in ids]
        found = self.store.document(self.store.find_document(document))
        return World(self.store, SqliteFactory(self.path), found, *ids, *sessions)

    def act(self, document: str, name: str, step: str, a: int, b: int) -> None:
        """One action of an annotator; what the rules forbid is not done."""
        world = self.at(document, name)
        try:
            if step == "settle":
                self.settle(world, a, b)
            elif step == "all":
                self.change_all(world, b)
            elif step == "import":
                take_in(world, name)
            elif step == "choose":
                self.store.set_setting("see-others", ("on", "off")[b % 2])
            elif step == "undo":
                self.store.undo(world.session, world.document.id)
            elif step == "redo":
                self.store.redo(world.session, world.document.id)
            elif changes := _changes(world, step, a, b):
                self.store.apply(world.session, world.document.id, step, changes)
        except (InputError, RuleError, StaleError):
            pass

    def settle(self, world: World, a: int, b: int) -> None:
        """Decide one of the open conflicts, if there are any."""
        if found := list(self.store.conflicts()):
            settle(self.store, world.alice, found[a % len(found)], ("this", "other")[b % 2])

    def change_all(self, world: World, b: int) -> None:
        """An edit of the whole project: it belongs to no document."""
        changes = []
        for info in self.store.documents(""):
            made = self.store.annotations(info.id, world.alice)
            changes += [
                update(s, replace(s, label=("GROUP", "PLACE")[b % 2])) for s in made.spans[:3]
            ]
        self.store.apply(world.session, None, "schema", tuple(changes))

    def dump(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table, but for what is about the file itself."""
        db = self.store._db
        tables = [
            name
            for (name,) in db.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")
            if name not in _LOCAL
        ]
        found = {}
        for table in sorted(tables):
            columns = [row[1] for row in db.rows(f"PRAGMA table_info({table})")]
            kept = [c for c in columns if (table, c) != ("position", "visit")]
            found[table] = sorted(
                db.rows(f"SELECT {', '.join(map(_quoted, kept))} FROM {table}"), key=repr
            )
        return found

    def check(self) -> None:
        """What is stored is what the log says: records, conflicts and stacks of undo."""
        log = ProjectLog(self.store)
        db = self.store._db
        assert db.rows("PRAGMA foreign_key_check") == []
        lost = set()
        kept = {actor.id for actor in self.store.actors()}
        actors: dict[str, list[LogEntry]] = {}
        for actor, entry in log.actor_entries():
            actors.setdefault(actor, []).append(entry)
        for actor, entries in actors.items():
            replay = Replay()
            for entry in joined([e] for e in entries):
                replay.play(entry)
            lost |= replay.lost()
            if actor in kept and ("actor", actor) not in replay.records():
                lost.add(replay.last(("actor", actor)))
        for row in log.documents():
            entries = log.entries(row.id)
            base = log.base(row, entries)
            log.check(row, entries, base)
            replay = Replay(row.id, base)
            for entry in entries:
                replay.play(without_actors(entry))
            stored = {
                found[0]: conflict_of(found)
                for found in db.rows(
                    f"{CONFLICT.select.partition('WHERE')[0]} WHERE document_id = ?", (row.id,)
                )
                if found[2] != "actor"
            }
            assert stored == {c.id: c for c in replay.conflicts()}
            self._check_stacks(row.id, entries, replay.lost() | lost)
        log.forget_loose()
        assert [f for f in examine(self.store) if f.kind in DAMAGE] == []

    def _check_stacks(self, document: str, entries: list[LogEntry], lost: set[str]) -> None:
        for annotator in self.store.annotators():
            own = [e for e in entries if e.annotator == annotator.id and e.document is not None]
            stacks = UndoStacks(own, lost)
            tops = self.store._tops(annotator.id, document)
            assert tops == tuple(s[-1] if s else None for s in (stacks.undo, stacks.redo))
            assert {e.id: e.previous for e in own} == stacks.previous


def take_in(world: World, annotator: str) -> None:
    """Import a record whose ids hold within it only, as two people may from one file."""
    actor = world.actor(id="a")
    spans = [world.span_at(((n, n + 4),), id=f"s{n}", actor="a") for n in (0, 5)]
    record = Record(
        document=replace(world.document, id=""),
        spans=tuple(spans),
        relations=(world.relation(("claim", spans[0]), ("source", spans[1]), id="r"),),
        unit_labels=(world.unit_label(id="u"),),
        actors=(actor,),
        annotator=annotator,
    )
    Intake(world.store).take(record, annotator, "person", kind="annotations")


def _quoted(column: str) -> str:
    return f'"{column}"'


def _changes(world: World, step: str, a: int, b: int) -> Changes:
    made = world.store.annotations(world.document.id, world.alice)
    cut = world.store.sentences(world.document.id)
    match step:
        case "split" if cut:
            sentence = cut[a % len(cut)]
            offset = sentence.start + 1 + b % (sentence.end - sentence.start)
            id = derived_id(sentence.id, "split", str(offset)) if b % 2 else new_id()
            return split_sentence(sentence, world.document.text, offset, id)
        case "note" if made.relations:
            relation = made.relations[a % len(made.relations)]
            return (update(relation, replace(relation, note=f"note {b}")),)
        case "rename" if actors := world.store.actors():
            actor = actors[a % len(actors)]
            return (update(actor, replace(actor, name=f"actor {b}")),)
        case "suggest":
            span = world.span_at(((a % 20, a % 20 + 2),), origin=Origin("crf", "1", 0.5))
            return (create(Suggestion(new_id(), world.document.id, world.alice, span)),)
        case "accept" if made.suggestions:
            suggestion = made.suggestions[a % len(made.suggestions)]
            span = replace(suggestion.proposed, origin=BY_HAND)
            if suggestion.state != "open":
                return ()
            return (
                create(span),
                update(suggestion, replace(suggestion, state="accepted", result=span.id)),
            )
        case "meet":
            actor = world.actor(f"actor {a % 3}")
            return (
                create(actor),
                *(
                    (
                        update(
                            made.spans[b % len(made.spans)],
                            replace(made.spans[b % len(made.spans)], actor=actor.id),
                        ),
                    )
                    if made.spans
                    else ()
                ),
            )
        case "split" | "note" | "rename" | "accept":
            return ()
    return changes_of(world, step, a, b)


def cut_anew(name: str = "raqqa.txt") -> NewDocument:
    """The same text, where another segmenter made one sentence of the last two."""
    new = same_text(name)
    *rest, last, end = new.sentences
    return replace(new, sentences=(*rest, replace(last, end=end.end)))


def same_text(name: str = "raqqa.txt") -> NewDocument:
    """The text of the world, taken in anew under ids of its own."""
    return new_document(name, TEXT)


def work(files: list[Copy], actions: list[Action]) -> None:
    """Do the actions; ``join`` merges one file into another."""
    for file, name, document, step, a, b in actions:
        copy = files[file % len(files)]
        if step != "join":
            names = [d.name for d in copy.store.documents("")]
            copy.act(names[document % len(names)], name, step, a, b)
        elif files[a % len(files)] is not copy:
            copy.merge(files[a % len(files)])


def made_apart(
    folder: Path, schema: str, before: list[Action], apart: list[Action], recut: bool
) -> list[Copy]:
    """Two copies of one project and one that took the same text in by itself, all worked in.

    With ``recut`` that one has other sentences; else it has another text of the same name, too.
    """
    first = Copy.make(folder / "0.db", schema, same_text(), new_document("other.txt", OTHER))
    work([first], before)
    second = first.copy(folder / "1.db")
    apart_by_name = [] if recut else [new_document("raqqa.txt", NAMESAKE)]
    own = cut_anew("here.txt") if recut else same_text("here.txt")
    third = Copy.make(folder / "2.db", schema, *apart_by_name, own)
    files = [first, second, third]
    work(files, apart)
    return files
