"""Reads the tables of a schema file: a wrong value becomes a problem with its place in the file.

Nothing here knows what a layer or a role is; that is :mod:`annotator.core.schema_file`.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import UNSET, Struct, UnsetType

NAME_LIMIT = 60
TITLE_LIMIT = 80
TEXT_LIMIT = 10_000
NUMBER_LIMIT = 1_000_000_000
_SHOWN = 60
_LISTED = 40
_SUGGESTIONS = 50
_NAME_RULE = (
    f"1 to {NAME_LIMIT} letters, digits, '_', '-' or '.', the first of them a letter or a digit"
)
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_KEY_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*'""")
_KEY = rf"(?:{_KEY_PART.pattern})(?:[ \t]*\.[ \t]*(?:{_KEY_PART.pattern}))*"
_HEADER_LINE = re.compile(rf"[ \t]*\[\[?[ \t]*({_KEY})[ \t]*\]")
_KEY_LINE = re.compile(rf"[ \t]*({_KEY})[ \t]*=")
_STRING_OR_COMMENT = re.compile(
    r'''"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|#[^\n]*''', re.DOTALL
)

Path = tuple[str, ...]


class Problem(Struct, frozen=True):
    """One thing wrong: the table, the key in it, and what is the matter."""

    path: Path
    key: str
    message: str


class Problems:
    """All that is wrong with one file, in the order it was found."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, path: Path, key: str, found: str, allowed: str) -> None:
        """Record that ``key`` of the table holds ``found``; both texts are shown to a person."""
        self.found.append(Problem(path, key, f"found {found}; allowed: {allowed}"))

    def unknown(self, path: Path, key: str, name: str, kind: str, known: Iterable[str]) -> None:
        """Record a name that does not exist, with the closest one that does."""
        names = list(known)
        close: list[str] = []
        if len(self.found) < _SUGGESTIONS and len(name) <= NAME_LIMIT:
            close = difflib.get_close_matches(name, names[:500], n=1)
        suggestion = f" (did you mean {show(close[0])}?)" if close else ""
        self.add(path, key, f"{kind}{suggestion}", listed(names))

    def lines(self, file: str, text: str) -> list[str]:
        """Return one line for each problem, ``file:line: [table] key: …``, in file order.

        ``text`` is the file's text, and must be valid TOML.
        """
        if not self.found:
            return []
        places = _places(text)
        placed = [(_line_of((*p.path, p.key), places), p) for p in self.found]
        placed.sort(key=lambda pair: pair[0])
        return [
            f"{escaped(file)}:{line}: {show_table(p.path)}{show_text(p.key)}: {p.message}"
            for line, p in placed
        ]


class TableReader:
    """Takes values out of one table; what is left when it is closed is an unknown key."""

    def __init__(self, table: dict[str, Any], path: Path, problems: Problems) -> None:
        self.table = table
        self.path = path
        self.problems = problems
        self._known: list[str] = []

    def problem(self, key: str, found: str, allowed: str) -> None:
        """Record a problem with a key of this table."""
        self.problems.add(self.path, key, found, allowed)

    def has(self, key: str) -> bool:
        """Whether the table gives the key, with whatever value."""
        return key in self.table

    def name(self, key: str) -> str:
        """Return a required name."""
        value = self._string(key, _NAME_RULE, required=True)
        if value is None:
            return ""
        if not is_name(value):
            self.problem(key, show(value), _NAME_RULE)
        return value

    def title(self, default: str) -> str:
        """Return the title: one line, ``default`` where there is none."""
        return (
            self._text("title", f"one line of at most {TITLE_LIMIT} characters", TITLE_LIMIT, "")
            or default
        )

    def prose(self, key: str) -> str:
        """Return a text of one or more lines, without white space around it."""
        rule = f"a text of at most {TEXT_LIMIT} characters"
        return self._text(key, rule, TEXT_LIMIT, "\n\t").strip()

    def flag(self, key: str) -> bool:
        """Return true or false; false where there is none."""
        value = self._take(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.problem(key, show(value), "true, false")
        return False

    def number(self, key: str, least: int, *, required: bool = False) -> int | None:
        """Return a whole number of at least ``least``, None where there is none."""
        value = self._take(key)
        rule = f"a whole number from {least} to {NUMBER_LIMIT}"
        if value is None:
            if required:
                self.problem(key, "nothing", rule)
            return None
        if (
            isinstance(value, int)
            and not isinstance(value, bool)
            and least <= value <= NUMBER_LIMIT
        ):
            return value
        self.problem(key, show(value), rule)
        return None

    def choice(self, key: str, allowed: Sequence[str], *, required: bool = False) -> str | None:
        """Return one of the allowed words, None where there is none or another."""
        value = self._string(key, listed(allowed), required=required)
        if value is None or value in allowed:
            return value
        self.problems.unknown(self.path, key, value, show(value), allowed)
        return None

    def string(self, key: str, rule: str) -> str | None:
        """Return a string as it stands, None where there is none; ``rule`` says what is allowed."""
        return self._string(key, rule, required=False)

    def names(self, key: str, rule: str) -> tuple[str, ...]:
        """Return a list of names, each of which may stand there once."""
        value = self._take(key)
        if value is None:
            return ()
        if not _is_names(value):
            self.problem(key, _show_list(value), f'a list of {rule}, as in {key} = ["NAME"]')
            return ()
        names = tuple(dict.fromkeys(value))
        if len(names) != len(value):
            twice = next(item for i, item in enumerate(value) if item in value[:i])
            self.problem(key, f"{show(twice)} twice", "each name once")
        return names

    def tables(self, key: str, *, or_names: bool = False) -> list[tuple[str, TableReader]]:
        """Return the named tables below ``key``, in file order.

        With ``or_names`` a plain list of names stands for tables with nothing in them.
        """
        value = self._take(key)
        if value is None:
            return []
        if or_names and _is_names(value):
            self._take(key)
            value = {name: {} for name in self.names(key, "names")}
        example = show_table((*self.path, key, "NAME")).strip()
        rule = f"tables, as in {example}" + (" or a list of names" if or_names else "")
        if not isinstance(value, dict):
            self.problem(key, _show_list(value) if or_names else show(value), rule)
            return []
        return self._readers(key, value, rule)

    def inner(self, key: str) -> TableReader | None:
        """Return the one table below ``key``, None where there is none."""
        value = self._take(key)
        if isinstance(value, dict):
            return TableReader(value, (*self.path, key), self.problems)
        if value is not None:
            example = show_table((*self.path, key)).strip()
            self.problem(key, show(value), f"a table, as in {example}")
        return None

    def fate(self, key: str, rule: str) -> str | UnsetType | None:
        """Return a string, None for ``false``, UNSET (and a problem) for anything else."""
        value = self._take(key)
        if value is False:
            return None
        if isinstance(value, str):
            return value
        self.problem(key, show(value), rule)
        return UNSET

    def close(self) -> None:
        """Record every key of the table that nothing has asked for."""
        for key in self.table:
            if key not in self._known:
                self.problems.unknown(self.path, key, key, "an unknown key", self._known)

    def _readers(
        self, key: str, tables: dict[str, Any], rule: str
    ) -> list[tuple[str, TableReader]]:
        readers = []
        folded: dict[str, str] = {}
        for name, table in tables.items():
            path = (*self.path, key, name)
            if not is_name(name):
                self.problems.add((*self.path, key), name, f"the name {show(name)}", _NAME_RULE)
            twin = folded.setdefault(unicodedata.normalize("NFKC", name).casefold(), name)
            if twin != name:
                found = f"{show(name)}, which differs from {show(twin)} in case or form only"
                self.problems.add((*self.path, key), name, found, "names that cannot be mistaken")
            if isinstance(table, dict):
                readers.append((name, TableReader(table, path, self.problems)))
            else:
                self.problems.add((*self.path, key), name, show(table), rule)
        return readers

    def _take(self, key: str) -> Any:
        if key not in self._known:
            self._known.append(key)
        return self.table.get(key)

    def _string(self, key: str, rule: str, *, required: bool) -> str | None:
        value = self._take(key)
        if isinstance(value, str):
            return value
        if value is not None or required:
            self.problem(key, "nothing" if value is None else show(value), rule)
        return None

    def _text(self, key: str, rule: str, limit: int, controls: str) -> str:
        value = self._string(key, rule, required=False) or ""
        if len(value) > limit:
            self.problem(key, f"{len(value)} characters", rule)
            return ""
        characters = dict.fromkeys(value)
        bad = next((c for c in characters if c not in controls and is_control(c)), None)
        if bad is not None:
            self.problem(key, f"the control character U+{ord(bad):04X}", f"{rule}, none a control")
            return ""
        return value


def _is_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _show_list(value: object) -> str:
    """Return what a message shows where a list of strings should stand."""
    if isinstance(value, list):
        return f"a list with {next(show(item) for item in value if not isinstance(item, str))}"
    return show(value)


def is_name(name: str) -> bool:
    """Whether a string may name a layer, label, attribute, value, relation, role or schema."""
    return (
        0 < len(name) <= NAME_LIMIT
        and unicodedata.category(name[0])[0] in "LN"
        and all(c in "_-." or unicodedata.category(c)[0] in "LNM" for c in name)
    )


def is_control(character: str) -> bool:
    """Whether a character could steer a terminal or is no text: controls, bidi, surrogates."""
    return (
        unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in _BIDI_CONTROLS
    )


def escaped(text: str) -> str:
    """Return text that is safe to print: what is not printable becomes a backslash escape."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def show_text(text: str) -> str:
    """Return a text that came from the file, escaped and cut to one line."""
    return escaped(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def show(value: object) -> str:
    """Return a TOML value as a message shows it: quoted strings, kinds for what is not scalar."""
    match value:
        case str():
            return f'"{show_text(value)}"'
        case bool():
            return "true" if value else "false"
        case int():
            return str(value) if value.bit_length() < 64 else "a number beyond 64 bits"
        case float():
            return str(value)
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date or time"


def show_table(path: Path) -> str:
    """Return ``[layer.entity] `` for a path, the top of the file being ``(top) ``."""
    if not path:
        return "(top) "
    parts = [p if p.isascii() and re.fullmatch(r"[\w-]+", p) else f'"{show_text(p)}"' for p in path]
    return f"[{'.'.join(parts)}] "


def listed(names: Iterable[str]) -> str:
    """Return the names as a message lists them, with the count where there are many."""
    shown = [show_text(name) for name in names]
    if not shown:
        return "none"
    more = f" … ({len(shown)} in all)" if len(shown) > _LISTED else ""
    return ", ".join(shown[:_LISTED]) + more


def _places(text: str) -> dict[Path, int]:
    """Return the line, from 1, of every table header and every key at the start of a line."""

    def without_lines(match: re.Match[str]) -> str:
        found = match[0]
        if found.startswith("#"):
            return ""
        return '""' + "\n" * found.count("\n") if found[:3] in ('"""', "'''") else found

    places: dict[Path, int] = {}
    table: Path = ()
    masked = _STRING_OR_COMMENT.sub(without_lines, text)
    for number, line in enumerate(masked.split("\n"), start=1):
        if header := _HEADER_LINE.match(line):
            table = _key_parts(header[1])
            places.setdefault(table, number)
        elif key := _KEY_LINE.match(line):
            places.setdefault(table + _key_parts(key[1]), number)
    return places


def _key_parts(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in _KEY_PART.findall(dotted))


def _line_of(path: Path, places: dict[Path, int]) -> int:
    for length in range(len(path), 0, -1):
        if path[:length] in places:
            return places[path[:length]]
    return 1
