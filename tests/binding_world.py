"""The project that the table of bindings is played on, and what it holds of each case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from binding_cases import (
    BY_MOUSE,
    COMMAND_CASES,
    GOING,
    IN_MODES,
    IN_WINDOWS,
    KEY,
    TERMS,
    TEXT,
    Case,
    label_cases,
    value_cases,
)
from msgspec import Struct
from msgspec.structs import replace
from proposing import proposed_span
from session_state import label, new_document, project, session_at, stored_rows

from annotator.core.commands import BY_ID
from annotator.core.schema_file import parse_schema
from annotator.core.sentences import sentences
from annotator.store.sqlite.store import SqliteStore

SIZE: Final = (120, 24)
LAST: Final = "spare"
"""The document behind those of the cases."""
_NAMES: Final = frozenset(
    ("enter", "escape", "space", "tab", "left", "right", "up", "down", "home", "end", "delete",
     "pageup", "pagedown", "f3")
)  # fmt: skip
_ONE: Final = re.compile(r"(ctrl|shift)\+.+|(click|double|triple|right|wheel|drag):.+")
_WHOLE: Final = 30
"""Characters up to which a text is told whole."""


class Play(Struct, frozen=True):
    """A case with one of its binding's keys, on the document ``name``."""

    name: str
    case: Case
    key: str

    @property
    def keys(self) -> list[str]:
        """What is pressed, one after the other."""
        return _strokes(self.case.keys, self.key)

    def without(self) -> Play:
        """The same, but for the key that it is about."""
        return replace(self, key="")

    @property
    def then(self) -> list[str]:
        """What is pressed once all was looked at."""
        return _strokes(self.case.then, self.key)


def _strokes(keys: str, key: str) -> list[str]:
    found: list[str] = []
    for part in keys.split():
        if part == KEY:
            found += [key] if key else []
            continue
        found += [part] if part in _NAMES or _ONE.fullmatch(part) else part
    return found


def every_case(schema_source: str) -> list[Case]:
    """The whole table, for the labels and attributes of this schema."""
    schema = parse_schema(schema_source, "schema")
    of_schema = (*label_cases(schema), *value_cases(schema))
    return [*COMMAND_CASES, *IN_MODES, *TERMS, *GOING, *IN_WINDOWS, *BY_MOUSE, *of_schema]


def plays(cases: Iterable[Case]) -> Iterator[Play]:
    """Each case once for each key of its command; no two on documents of the same name."""
    seen: dict[str, int] = {}
    for case in cases:
        command = BY_ID.get(case.binding)
        for key in command.keys if command is not None else ("",):
            number = seen[case.binding] = seen.get(case.binding, 0) + 1
            name = case.binding if number == 1 else f"{case.binding} {number}"
            yield Play(name, case, key)


def binding_project(path: Path, schema_source: str, played: Iterable[Play]) -> SqliteStore:
    """A document for each, with what is given there."""
    store = project(path, schema_source, {})
    for play in played:
        store.add_document(new_document(play.name, play.case.text))
        if play.case.given == "suggestions":
            proposals = [
                proposed_span("PERSON", "Talal Sillo", 0.02, text=TEXT),
                proposed_span("GROUP", "SDF", 0.75, text=TEXT),
            ]
            session_at(store, play.name).suggestions.replace_open("crf", proposals)
        elif play.case.given == "bob":
            label(session_at(store, play.name, "bob"), "Talal Sillo", "1")
    store.add_document(new_document(LAST, "Nothing."))
    return store


# -- what is stored, in words ----------------------------------------------------------------------

_VALUES = (
    "(SELECT group_concat(said, ' ') FROM (SELECT name || '=' || value || iif(uncertain, '?', '')"
    " AS said FROM attribute WHERE span_id = span.id AND value IS NOT NULL ORDER BY said))"
)
_ACTOR = "(SELECT name FROM actor WHERE actor.id = actor_id)"
_OF = (
    "document_id = (SELECT id FROM document WHERE name = '{name}')"
    " AND annotator_id = (SELECT id FROM annotator WHERE name = 'alice')"
)


def stored(path: Path, play: Play) -> list[str]:
    """All that somebody else reads in the file of what alice made of the document, in lines.

    Spans by their place, ``LABEL text in 2 name=value? @actor ! “note”``; relations, ``type
    role=text …``; suggestions with what became of them; how many sentences there are, if it is
    another number than at first, and how many are done; thresholds, where the case is about them.
    """
    lines = [*_spans(path, play.name), *_relations(path, play.name)]
    suggested = f"SELECT state, label, text FROM suggestion WHERE {_OF} ORDER BY start"
    lines += [" ".join(row) for row in _rows(path, suggested, play.name)]
    counted = "SELECT count(*) FROM sentence JOIN document ON document.id = document_id"
    ((cut,),) = _rows(path, f"{counted} WHERE document.name = '{{name}}'", play.name)
    lines += [f"{cut} sentences"] if cut != len(list(sentences(play.case.text))) else []
    ((done,),) = _rows(path, f"SELECT sum(done) FROM sentence_mark WHERE {_OF}", play.name)
    lines += [f"{done} done"] if done else []
    if "threshold" in play.name:
        rows = stored_rows(path, "SELECT name, value FROM setting WHERE name LIKE 'threshold.%'")
        lines += [" ".join(row) for row in rows]
    return lines


def cursor_stored(path: Path, play: Play) -> str:
    """How the text goes on from the place that is stored."""
    sql = f"""SELECT substr(text, "offset" + 1) FROM position JOIN document AS d
      ON d.id = document_id WHERE {_OF}"""
    return "".join(row[0] for row in _rows(path, sql, play.name))


def _rows(path: Path, sql: str, name: str) -> list[tuple[Any, ...]]:
    return stored_rows(path, sql.format(name=name.replace("'", "''")))


def _spans(path: Path, name: str) -> Iterator[str]:
    sql = f"""SELECT label, text, pieces, {_VALUES}, {_ACTOR}, flagged, note
      FROM span WHERE {_OF} ORDER BY start, id"""
    for text_label, text, pieces, values, actor, flagged, note in _rows(path, sql, name):
        said = [text_label, _short(text), f"in {pieces}" if pieces > 1 else "", values or ""]
        said += [f"@{actor}" if actor else "", "!" * flagged, f"“{note}”" if note else ""]
        yield " ".join(part for part in said if part)


def _relations(path: Path, name: str) -> Iterator[str]:
    for id, type, note in _rows(
        path, f"SELECT id, type, note FROM relation WHERE {_OF} ORDER BY id", name
    ):
        sql = f"""SELECT role, coalesce((SELECT text FROM span WHERE span.id = span_id),
          '@' || {_ACTOR}) FROM argument WHERE relation_id = '{id}' ORDER BY position"""
        arguments = [f"{role}={_short(text)}" for role, text in stored_rows(path, sql)]
        yield " ".join([type, *arguments, *([f"“{note}”"] if note else [])])


def _short(text: str) -> str:
    text = text.replace("\n", " ")
    half = _WHOLE // 2 - 2
    return text if len(text) <= _WHOLE else f"{text[:half].strip()}…{text[-half:].strip()}"
