"""The mouse presses keys: those of the label bar, and those of hints in the text."""

from __future__ import annotations

from collections.abc import Iterable

from textual.message import Message


class KeysWanted(Message):
    """These keys are to be pressed, one after the other, as ``keymap.key_name`` calls them."""

    def __init__(self, keys: Iterable[str]) -> None:
        super().__init__()
        self.keys = tuple(keys)
