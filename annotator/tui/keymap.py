"""Which key does what, and what keys are called."""

from __future__ import annotations

import re

from annotator.core.commands import BY_ID, COMMANDS, Command

_SHOWN = {
    " ": "space",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "escape": "esc",
    "shift+left": "shift+←",
    "shift+right": "shift+→",
    "shift+up": "shift+↑",
    "shift+down": "shift+↓",
}
_COMMAND = re.compile(f"{{({'|'.join(BY_ID)})}}")
_NAMES = {shown: key for key, shown in _SHOWN.items() if key != " "} | {" ": "space"}


def key_name(key: str, character: str | None) -> str:
    """One name per key: the character where it prints one, else the terminal library's name.

    A letter pressed together with alt is another key than the letter.
    """
    if character is not None and character.isprintable() and "alt+" not in key:
        return character
    return key


def shown(key: str) -> str:
    """The key as help and bars write it."""
    return _SHOWN.get(key, key)


def unshown(name: str) -> str:
    """The terminal library's name of a key, however help, or a person, writes it."""
    return _NAMES.get(name, name)


class Keymap:
    """Key name → command. A key belongs to one command; ValueError where two claim it.

    ``commands`` are all there are, with the keys in force.
    """

    def __init__(self, commands: tuple[Command, ...] = COMMANDS) -> None:
        self._by_key: dict[str, Command] = {}
        self._keys: dict[str, tuple[str, ...]] = {}
        self.commands = commands
        for command in commands:
            keys = tuple(" " if key == "space" else key for key in command.keys)
            self._keys[command.id] = keys
            for key in keys:
                if key in self._by_key:
                    raise ValueError(f"{key} is {self._by_key[key].id} and {command.id}")
                self._by_key[key] = command

    def command(self, key: str) -> Command | None:
        """The command of a key, by ``key_name``."""
        return self._by_key.get(key)

    def first_key_of(self, id: str) -> str:
        """The first key of the command of this id for display; nothing where it has none."""
        keys = self._keys[id]
        return shown(keys[0]) if keys else ""

    def key_for(self, id: str) -> str:
        """For display, the first key of the command of this id; the palette's where it has none."""
        return self.first_key_of(id) or self.first_key_of("palette")

    def named(self, text: str) -> str:
        """``text`` with the key in force in place of each command's id in braces, ``{delete}``."""
        return _COMMAND.sub(lambda found: self.key_for(found[1]), text)

    def first_keys(self) -> dict[str, str]:
        """For display, the first key of every command by id; the palette's where it has none."""
        return {id: self.key_for(id) for id in self._keys}

    def keys_of(self, command: Command) -> str:
        """The command's keys for display, e.g. ``← h``."""
        return " ".join(shown(key) for key in self._keys[command.id])
