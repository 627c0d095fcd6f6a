"""Turns samples into percentiles and Markdown tables."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.pty_driver import FirstPaint, Memory, Sample

ENOUGH = 20
"""Undisturbed samples below which no percentiles are given."""


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
    cpu: float
    """Median CPU ms per key, all threads."""
    last: float | None
    """Latency of the last key; where a key was held, how far the program lagged behind."""
    undisturbed: int
    """Samples that nothing disturbed."""
    calm: tuple[float, float] | None
    """p50 and p99 of these; None for fewer than ``ENOUGH``."""

    def __str__(self) -> str:
        return f"{self.p50:.2f} / {self.p95:.2f} / {self.p99:.2f}"


def summarise(samples: Sequence[Sample]) -> Summary | None:
    """The summary; None where fewer than two samples had an answer."""
    answered = [s.latency for s in samples if s.latency is not None]
    if len(answered) < 2:
        return None
    p50, p95, p99 = _percentiles(answered)
    calm = [s.latency for s in samples if s.latency is not None and not s.disturbed]
    return Summary(
        p50=p50,
        p95=p95,
        p99=p99,
        samples=len(answered),
        silent=len(samples) - len(answered),
        late=sum(s.late > 0 for s in samples),
        size=int(statistics.median(s.size for s in samples if s.latency is not None)),
        last=samples[-1].latency,
        cpu=statistics.median(s.cpu for s in samples if s.latency is not None),
        undisturbed=len(calm),
        calm=(_percentiles(calm)[0], _percentiles(calm)[2]) if len(calm) >= ENOUGH else None,
    )


def _percentiles(values: Sequence[float]) -> tuple[float, float, float]:
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]


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

    @property
    def best(self) -> float:
        """The least ms until the last byte: what noise can only add to."""
        return min(p.quiet for p in self.paints)


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
    pace: float
    """Best ms of a fixed piece of Python, for comparing machines and hours."""
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


def _calm(summary: Summary | None) -> str:
    if summary is None:
        return ""
    if summary.calm is None:
        return f"too few ({summary.undisturbed})"
    return "{:.2f} / {:.2f} ({})".format(*summary.calm, summary.undisturbed)


def _ms(latency: float | None) -> str:
    return "" if latency is None else f"{latency:.2f}"


def action_rows(result: Result) -> Iterable[Sequence[str]]:
    """One row per action."""
    for action, figures in result.actions.items():
        ours, peer = figures.get("ours"), figures.get("curses")
        yield (
            result.size,
            result.terminal,
            action,
            str(ours or "no answer"),
            str(peer or "no answer"),
            _ratio(ours.p50, peer.p50) if ours and peer else "",
            _ratio(ours.p99, peer.p99) if ours and peer else "",
            _calm(ours),
            _calm(peer),
            f"{ours.cpu:.2f}" if ours and ours.cpu else "",
            f"{ours.size:,}" if ours else "",
            f"{ours.samples} / {ours.silent} / {ours.late}" if ours else "",
        )


ACTION_HEAD = (
    "sentences / annotations",
    "terminal",
    "action",
    "ours p50 / p95 / p99",
    "curses p50 / p95 / p99",
    "p50",
    "p99",
    "ours undisturbed p50 / p99 (n)",
    "curses undisturbed",
    "ours CPU",
    "bytes",
    "n / silent / late",
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
        f"{ours.quiet / empty.quiet:.2f}× / {ours.best / empty.best:.2f}×",
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
    "ours : empty, median / best",
    "MB at start / end / peak",
    "empty MB",
    "curses MB",
    "idle bytes/s",
)


FLOOR_HEAD = (
    "sentences / annotations",
    "terminal",
    "echo p50 / p95 / p99",
    "undisturbed",
    "a million squares, ms",
)


Found = tuple[float, float | None, str]
"""A figure as measured, the same undisturbed (None: too few keys), and where it was found."""


def verdicts(results: Sequence[Result]) -> list[str]:
    """Each goal with the worst figure found for it, as measured and without disturbed samples."""
    label: list[Found] = []
    move: list[Found] = []
    ratio: list[Found] = []
    start: list[Found] = []
    hint: list[Found] = []
    for result in results:
        at = f"({result.size}, {result.terminal})"
        for action, figures in result.actions.items():
            ours, peer = figures.get("ours"), figures.get("curses")
            if ours is None:
                continue
            quiet = ours.calm[1] if ours.calm else None
            if action.startswith("hint"):
                hint.append((ours.p99, quiet, f"{action} {at}"))
            if action not in ("label", "move"):
                continue
            (label if action == "label" else move).append((ours.p99, quiet, at))
            if peer is not None:
                both = ours.calm[0] / peer.calm[0] if ours.calm and peer.calm else None
                ratio.append((ours.p50 / peer.p50, both, f"{action} {at}"))
        factor = result.starts["ours"].quiet / result.starts["empty"].quiet
        start.append((factor, result.starts["ours"].best / result.starts["empty"].best, at))
    goals = (
        ("label p99 ≤ 10 ms", 10.0, label),
        ("move p99 ≤ 8 ms", 8.0, move),
        ("hint jump p99 ≤ 15 ms, each key and all at once", 15.0, hint),
        ("p50 of move and label ≤ 3 × curses", 3.0, ratio),
        ("first paint ≤ 1.5 × empty app (medians; undisturbed: best of each)", 1.5, start),
    )
    return [_verdict(goal, limit, found) for goal, limit, found in goals]


def _verdict(goal: str, limit: float, found: Sequence[Found]) -> str:
    if not found:
        return f"- {goal}: nothing measured"
    worst, _, where = max(found, key=lambda f: f[0])
    calm = [c for _, c, _ in found if c is not None]
    said = f"{_met(worst, limit)} {where}"
    if calm:
        said += f"; undisturbed {_met(max(calm), limit)} ({len(calm)} of {len(found)} cases)"
    return f"- {goal}: {said}"


def _met(worst: float, limit: float) -> str:
    return f"{'met' if worst <= limit else 'MISSED'}, worst {worst:.2f}"


def render(results: Sequence[Result], notes: Sequence[str]) -> str:
    """The whole report in Markdown."""
    floor = []
    for r in results:
        echo = r.actions["move"].get("echo")
        floor.append((r.size, r.terminal, str(echo or "none"), _calm(echo), f"{r.pace:.0f}"))
    held = [
        (r.size, r.terminal, action, program, f"{s.samples} of {s.samples + s.silent}", _ms(s.last))
        for r in results
        for action, figures in r.actions.items()
        for program, s in figures.items()
        if s is not None and action.endswith("held")
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
        "## Keys held at 30 a second: frames shown, and the lag when the key is let go, in ms",
        table(("sentences / annotations", "terminal", "action", "program", "frames", "lag"), held),
        "## The machine: an echo program in the same run (the floor)",
        table(FLOOR_HEAD, floor),
        "## Goals",
        "\n".join(verdicts(results)),
        "\n".join([*edits, *notes]),
    ]
    return "\n\n".join(parts)
