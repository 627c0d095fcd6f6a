"""Turns samples into percentiles and Markdown tables."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.pty_driver import FirstPaint, Memory, Sample


@dataclass(frozen=True)
class Summary:
    """Percentiles in ms of the samples that had an answer, and what was odd about the others."""

    p50: float
    p95: float
    p99: float
    samples: int
    silent: int
    """Keys that nothing was written for."""
    late: int
    """Keys before which output of an earlier key came after its quiet period."""
    size: int
    """Median bytes of an answer."""

    def __str__(self) -> str:
        return f"{self.p50:.2f} / {self.p95:.2f} / {self.p99:.2f}"


def summarise(samples: Sequence[Sample]) -> Summary | None:
    """The summary; None where fewer than two samples had an answer."""
    answered = [s.latency for s in samples if s.latency is not None]
    if len(answered) < 2:
        return None
    cuts = statistics.quantiles(answered, n=100, method="inclusive")
    return Summary(
        p50=cuts[49],
        p95=cuts[94],
        p99=cuts[98],
        samples=len(answered),
        silent=len(samples) - len(answered),
        late=sum(s.late > 0 for s in samples),
        size=int(statistics.median(s.size for s in samples if s.latency is not None)),
    )


@dataclass(frozen=True)
class Start:
    """First paints of one program, and its memory after the last of them."""

    paints: tuple[FirstPaint, ...]
    memory: Memory

    @property
    def text(self) -> float:
        """Median ms until the text was there."""
        return statistics.median(p.text for p in self.paints)

    @property
    def quiet(self) -> float:
        """Median ms until the last byte."""
        return statistics.median(p.quiet for p in self.paints)


@dataclass(frozen=True)
class Result:
    """One document size on one terminal. Programs are named ours, curses, empty and echo."""

    size: str
    terminal: str
    starts: dict[str, Start]
    memory: dict[str, Memory]
    """After all actions."""
    idle: dict[str, int]
    """Bytes written in a second without a key."""
    actions: dict[str, dict[str, Summary | None]]
    """Action → program → figures."""
    edits: tuple[int, int] | None
    """Edits found in the project's log, and how many the keys sent should have made."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table with its columns padded to one width."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(head))]
    lines.insert(1, ["-" * width for width in widths])
    padded = (" | ".join(c.ljust(w) for c, w in zip(x, widths, strict=True)) for x in lines)
    return "\n".join(f"| {line} |" for line in padded)


def _ratio(ours: float, theirs: float) -> str:
    return f"{ours / theirs:.1f}×"


def action_rows(result: Result) -> Iterable[Sequence[str]]:
    """One row per action."""
    for action, figures in result.actions.items():
        ours, peer = figures.get("ours"), figures.get("curses")
        both = ours is not None and peer is not None
        yield (
            result.size,
            result.terminal,
            action,
            str(ours or "no answer"),
            str(peer or "no answer"),
            _ratio(ours.p50, peer.p50) if ours and peer and both else "",
            _ratio(ours.p99, peer.p99) if ours and peer and both else "",
            f"{ours.samples}" if ours else "0",
            f"{ours.size:,}" if ours else "",
            f"{ours.silent} / {ours.late}" if ours else "",
        )


ACTION_HEAD = (
    "sentences / annotations",
    "terminal",
    "action",
    "ours p50 / p95 / p99",
    "curses p50 / p95 / p99",
    "p50",
    "p99",
    "n",
    "bytes",
    "silent / late",
)


def start_row(result: Result) -> Sequence[str]:
    """One row per size and terminal: first paint in ms and memory in MB."""
    ours, peer, empty = (result.starts[name] for name in ("ours", "curses", "empty"))
    memory = result.memory["ours"]
    return (
        result.size,
        result.terminal,
        f"{ours.text:.0f} / {ours.quiet:.0f}",
        f"{empty.text:.0f} / {empty.quiet:.0f}",
        f"{peer.text:.0f} / {peer.quiet:.0f}",
        f"{ours.quiet / empty.quiet:.2f}×",
        f"{ours.memory.resident:.0f} / {memory.resident:.0f} / {memory.highest:.0f}",
        f"{empty.memory.resident:.0f}",
        f"{result.memory['curses'].highest:.0f}",
        str(result.idle["ours"]),
    )


START_HEAD = (
    "sentences / annotations",
    "terminal",
    "ours text / quiet",
    "empty app",
    "curses",
    "ours : empty",
    "MB at start / end / peak",
    "empty MB",
    "curses MB",
    "idle bytes/s",
)


def verdicts(results: Sequence[Result]) -> list[str]:
    """Each goal with the worst figure found for it, and whether it was met."""
    label, move, ratio, start = [], [], [], []
    for result in results:
        at = f"({result.size}, {result.terminal}"
        for action, figures in result.actions.items():
            ours, peer = figures.get("ours"), figures.get("curses")
            if ours is not None and action == "label":
                label.append((ours.p99, f"{at})"))
            if ours is not None and action == "move":
                move.append((ours.p99, f"{at})"))
            if ours is not None and peer is not None and action in ("label", "move"):
                ratio.append((ours.p50 / peer.p50, f"{at}, {action})"))
        start.append((result.starts["ours"].quiet / result.starts["empty"].quiet, f"{at})"))
    goals = (
        ("label p99 ≤ 10 ms", 10.0, label),
        ("move p99 ≤ 8 ms", 8.0, move),
        ("move and label p50 ≤ 3 × curses", 3.0, ratio),
        ("first paint ≤ 1.5 × empty app", 1.5, start),
    )
    lines = []
    for goal, limit, found in goals:
        if not found:
            lines.append(f"- {goal}: nothing measured")
            continue
        worst, where = max(found)
        lines.append(
            f"- {goal}: {'met' if worst <= limit else 'MISSED'}, worst {worst:.2f} {where}"
        )
    return lines


def render(results: Sequence[Result], notes: Sequence[str]) -> str:
    """The whole report in Markdown."""
    floor = [
        (r.size, r.terminal, str(r.actions["move"].get("echo") or "no answer")) for r in results
    ]
    edits = [
        f"- {r.size}, {r.terminal}: {r.edits[0]} edits in the log, {r.edits[1]} expected"
        + ("" if r.edits[0] == r.edits[1] else " — NOT WHAT WAS MEANT TO BE MEASURED")
        for r in results
        if r.edits is not None
    ]
    parts = [
        "## Keys, in ms from key written to last byte",
        table(ACTION_HEAD, (row for r in results for row in action_rows(r))),
        "## Start, in ms from spawn, and memory",
        table(START_HEAD, map(start_row, results)),
        "## The machine: an echo program in the same run (the floor)",
        table(("sentences / annotations", "terminal", "echo p50 / p95 / p99"), floor),
        "## Goals",
        "\n".join(verdicts(results)),
        "\n".join([*edits, *notes]),
    ]
    return "\n\n".join(parts)
