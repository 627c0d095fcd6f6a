"""An annotator's stacks of undo and redo in a document, found again from the log alone.

Of the log of one file this gives the stacks as they were kept there. Of the joined logs of several
it gives one stack, in the order of edits, without those edits that no undo reaches (``lost``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from annotator.core.replaying import LogEntry


class UndoStacks:
    """``undo`` and ``redo`` hold ids of edits, the top last; ``previous`` what lies below each."""

    def __init__(self, entries: Iterable[LogEntry], lost: Collection[str] = ()) -> None:
        self.undo: list[str] = []
        self.redo: list[str] = []
        self.previous: dict[str, str | None] = {}
        self.is_used = False
        self._origin: dict[str, str] = {}
        for entry in entries:
            self.previous[entry.id] = None
            if entry.target is None and not entry.undoable:
                continue
            self.is_used = True
            if entry.id not in lost:
                self._take(entry)

    def _take(self, entry: LogEntry) -> None:
        self._origin[entry.id] = entry.target or entry.id
        if entry.target is None:
            self._push(self.undo, entry.id)
            self.redo.clear()
        elif entry.undoable:
            self._drop(self.redo, entry.target)
            self._push(self.undo, entry.id)
        elif self._drop(self.undo, entry.target):
            self._push(self.redo, entry.id)

    def _push(self, stack: list[str], id: str) -> None:
        self.previous[id] = stack[-1] if stack else None
        stack.append(id)

    def _drop(self, stack: list[str], origin: str) -> bool:
        """Take the topmost of that origin out, and close the gap."""
        for place in range(len(stack) - 1, -1, -1):
            if self._origin[stack[place]] == origin:
                del stack[place]
                if place < len(stack):
                    self.previous[stack[place]] = stack[place - 1] if place else None
                return True
        return False
