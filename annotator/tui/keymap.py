"""Which key does what, and what keys are called."""

from __future__ import annotations

from annotator.core.commands import COMMANDS, Command

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


class Keymap:
    """Key name → command. A key belongs to one command; ValueError where two claim it."""

    def __init__(self, commands: tuple[Command, ...] = COMMANDS) -> None:
        self._by_key: dict[str, Command] = {}
        self._keys: dict[str, tuple[str, ...]] = {}
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

    def keys_of(self, command: Command) -> str:
        """The command's keys for display, e.g. ``← h``."""
        return " ".join(shown(key) for key in self._keys[command.id])
