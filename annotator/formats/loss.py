"""What a format could not carry, counted by kind with examples: nothing is dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

EXAMPLES = 3
KINDS = 500
"""So many kinds are told apart; what a file may name without end becomes one more."""
_FURTHER = ("loss of further kinds", "as those above")
_SHOWN = 60


class Loss(Struct, frozen=True):
    """One kind of loss: what it is, what was done about it, how often, and the first examples."""

    kind: str
    done: str
    count: int
    examples: tuple[str, ...]


class Losses:
    """A tally of losses; empty means that all was carried."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], int] = {}
        self._examples: dict[tuple[str, str], list[str]] = {}

    def add(self, kind: str, done: str, example: str, count: int = 1) -> None:
        """Count things of ``kind`` ("nested span"); ``done`` says what became of them."""
        key = (kind, done)
        if len(self._counts) >= KINDS and key not in self._counts:
            key = _FURTHER
        self._counts[key] = self._counts.get(key, 0) + count
        kept = self._examples.setdefault(key, [])
        if len(kept) < EXAMPLES and example not in kept:
            kept.append(example)

    def __iter__(self) -> Iterator[Loss]:
        for (kind, done), count in sorted(self._counts.items()):
            yield Loss(kind, done, count, tuple(self._examples[kind, done]))

    def __bool__(self) -> bool:
        return bool(self._counts)

    def __len__(self) -> int:
        return sum(self._counts.values())

    def summary(self) -> str:
        """All kinds on one line, ``3 × note; 1 × relation``."""
        return "; ".join(f"{loss.count:,} × {loss.kind}" for loss in self)


def quoted(text: str) -> str:
    """A text as examples and messages show it: escaped, in quotes, and cut where it is long."""
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")
