"""A line being typed without a window: text, and the place in it where the next letter goes."""

from __future__ import annotations

from annotator.core.safe_text import safe

CARET = "▏"


class TypedLine:
    """``at`` counts code points from the left."""

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.at = len(text)

    def take(self, key: str) -> bool:
        """Deal with a key by its name; False where it means nothing here."""
        if len(key) == 1 and key.isprintable():
            self.insert(key)
        elif key in _EDITS:
            _EDITS[key](self)
        else:
            return False
        return True

    def insert(self, text: str) -> None:
        """Put text, made safe, at the caret."""
        text = safe(text)
        self.text = self.text[: self.at] + text + self.text[self.at :]
        self.at += len(text)

    def shown(self, room: int) -> str:
        """The text with its caret, of which the end counts where ``room`` characters are few."""
        before = self.text[: self.at]
        if len(before) >= room:
            before = "…" + before[-max(1, room - 2) :]
        return before + CARET + self.text[self.at :][: max(0, room - len(before) - 1)]

    def _cut(self, start: int, end: int) -> None:
        start, end = max(0, start), min(end, len(self.text))
        self.text = self.text[:start] + self.text[end:]
        self.at = start

    def _word_start(self) -> int:
        before = self.text[: self.at].rstrip()
        return before.rfind(" ") + 1

    def _go(self, at: int) -> None:
        self.at = min(max(0, at), len(self.text))


_EDITS = {
    "backspace": lambda line: line._cut(line.at - 1, line.at),
    "ctrl+h": lambda line: line._cut(line.at - 1, line.at),
    "delete": lambda line: line._cut(line.at, line.at + 1),
    "ctrl+u": lambda line: line._cut(0, line.at),
    "ctrl+k": lambda line: line._cut(line.at, len(line.text)),
    "ctrl+w": lambda line: line._cut(line._word_start(), line.at),
    "left": lambda line: line._go(line.at - 1),
    "right": lambda line: line._go(line.at + 1),
    "home": lambda line: line._go(0),
    "ctrl+a": lambda line: line._go(0),
    "end": lambda line: line._go(len(line.text)),
    "ctrl+e": lambda line: line._go(len(line.text)),
}
