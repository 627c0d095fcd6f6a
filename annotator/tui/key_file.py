"""The file in which a person gives commands other keys, checked against commands and schema.

``$XDG_CONFIG_HOME/annotator/keys.toml`` (``~/.config`` where that is not set) has a line for each
command that is to have other keys than its own: ``sentence_done = "n"``, or a list of keys, or an
empty list for none. docs/keys.md lists the names of commands.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from annotator.core.commands import BY_ID, COMMANDS, Command
from annotator.core.schema import Schema
from annotator.core.schema_table import Problems, escaped, show
from annotator.errors import InputError
from annotator.tui.keymap import Keymap, shown, unshown

FILE = "keys.toml"
_HINT = "docs/keys.md names commands and keys; annotator keys shows those in force."
_SAME_KEY = {
    "ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace", "ctrl+j": "enter",
    "ctrl+[": "escape",
}  # fmt: skip
"""Keys that most terminals cannot tell from others."""
_MODIFIERS = frozenset(["ctrl", "shift", "alt", "super", "hyper", "meta"])
_MOVES = ["left", "right", "up", "down", "home", "end", "pageup", "pagedown"]
_NAMED = frozenset(
    [*_MOVES, "insert", "delete", "backspace", "tab", "enter", "escape", "space"]
    + [f"f{n}" for n in range(1, 25)]
)
_KEY_RULE = (
    "a character, or a name such as left, pageup, f3, space, ctrl+s, shift+up (U, not shift+u)"
)


def read_keymap(folder: Path, schema: Schema) -> Keymap:
    """The keymap in force for a schema, with the person's own keys of ``folder`` if there are any.

    Raises InputError with one line for each problem: file, line, what is wrong with which key, and
    what both it is and was to be.
    """
    path = folder / FILE
    try:
        text = path.read_text("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return Keymap()
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: the file of keys cannot be read: {error}", _HINT) from error
    return parse_keymap(text, str(path), schema)


def parse_keymap(text: str, file: str, schema: Schema) -> Keymap:
    """The keymap that the text of a file gives. Raises InputError, as ``read_keymap``."""
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{escaped(file)}: found what is no TOML: {error}", _HINT) from error
    problems = Problems()
    chosen = _chosen(table, problems)
    _check(chosen, schema, problems)
    lines = problems.lines(file, text)
    if lines:
        raise InputError("\n".join(lines), _HINT)
    return Keymap(_with(chosen))


def _chosen(table: Mapping[str, Any], problems: Problems) -> dict[str, tuple[str, ...]]:
    """The keys of each command in the file, by the names that the screen knows them by."""
    chosen: dict[str, tuple[str, ...]] = {}
    for id, value in table.items():
        if id not in BY_ID:
            problems.unknown((), id, id, "an unknown command", BY_ID)
            continue
        keys = [value] if isinstance(value, str) else value
        if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
            problems.add((), id, show(value), "a key, or a list of keys")
            continue
        named = [unshown(key) for key in keys]
        for given, key in zip(keys, named, strict=True):
            trouble = _trouble(key)
            if trouble:
                problems.add((), id, f"{show(given)}, {trouble}", _KEY_RULE)
        chosen[id] = tuple(named)
    return chosen


def _trouble(key: str) -> str:
    """What is wrong with the name of a key; nothing where it can be one."""
    if key in _SAME_KEY:
        return f"which most terminals cannot tell from {_SAME_KEY[key]}"
    if len(key) == 1:
        return "" if key.isprintable() else "which is no key"
    *modifiers, last = key.split("+")
    if not _MODIFIERS.issuperset(modifiers) or not (last in _NAMED or len(last) == 1):
        return "which is no key"
    if modifiers == ["shift"] and len(last) == 1:
        return "which is the character itself"
    return ""


def _check(chosen: Mapping[str, tuple[str, ...]], schema: Schema, problems: Problems) -> None:
    """No key may have two meanings: of commands, of modes, or of the schema's labels."""
    owner = {"ctrl+q": BY_ID["quit"], "escape": BY_ID["clear"]}
    for command in _with(chosen):
        if command.id not in chosen:
            owner.update(dict.fromkeys(command.keys, command))
    labels = {key: (layer, label) for key, (layer, label) in schema.keys().items()}
    for id, keys in chosen.items():
        for key in keys:
            other = owner.setdefault(key, BY_ID[id])
            if other.id != id:
                what = f"{show(shown(key))} for {id}, the key of {other.id} ({other.title})"
                problems.add((), id, what, f"another key, or give {other.id} another one")
            elif key in labels:
                layer, label = labels[key]
                what = f"{show(shown(key))} for {id}, which labels {label.name} ({layer.title})"
                problems.add((), id, what, f"a key that no label of the schema {schema.name} has")


def _with(chosen: Mapping[str, tuple[str, ...]]) -> tuple[Command, ...]:
    """All commands, those chosen with the keys chosen."""
    return tuple(Command(c.id, chosen.get(c.id, c.keys), c.title, c.group) for c in COMMANDS)
