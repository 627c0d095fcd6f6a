"""Measures the screen in a real pseudo-terminal, next to a curses program painting the same text.

Run it as ``python bench/screen.py [--quick]``; see bench/README.md for what is measured and how.
"""

from __future__ import annotations

import argparse
import dataclasses
import gc
import json
import os
import platform
import shlex
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import echo_program, empty_app
from bench.news_text import MARKER
from bench.pty_driver import FirstPaint, Memory, Sample, Terminal
from bench.screen_project import ANNOTATOR, Size, Workbench, edits_made
from bench.screen_report import Result, Start, Summary, render, summarise

_BENCH = Path(__file__).resolve().parent
OURS = (
    "{python} -c 'import sys; from annotator.cli.main import main; sys.exit(main())'"
    f" -p {{project}} -a {ANNOTATOR} annotate"
)
SIZES = "20:0,20:500,5000:0,5000:50000,50000:0,50000:50000,40000:50000:awkward"
BLOCK = 20
"""Keys that one program gets before it is the other's turn."""

PANELS = ("ctrl+d", "escape")
"""Shows the document list as well, and goes back to the text; lanes and inspector are there."""
HINTS = ("a", "s", "d", "f")
"""The hints of the nearest tokens, pressed in turn."""
OURS_ALONE = "hint"
"""What the actions are called that curses has no answer to."""

Step = tuple[str | None, str]
"""The action a key counts for (None: it only brings the cursor elsewhere), and the key."""


class Programs:
    """How the programs are started: their command lines, markers and environment."""

    def __init__(self, ours: str, folder: Path) -> None:
        self._ours = ours
        self.env = {k: v for k, v in os.environ.items() if not _would_disturb(k)}
        self.env |= {
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(_BENCH.parent),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_STATE_HOME": str(folder / "state"),
        }

    def start(
        self, name: str, files: Mapping[str, str], screen: tuple[int, int]
    ) -> tuple[Terminal, FirstPaint]:
        """Start ours, curses, empty or echo, and wait for its first paint."""
        own = {
            "curses": ("curses_peer.py", MARKER),
            "empty": ("empty_app.py", empty_app.MARKER),
            "echo": ("echo_program.py", echo_program.MARKER),
        }
        if name == "ours":
            python = shlex.quote(sys.executable)
            argv = shlex.split(self._ours.format(python=python, **files))
            marker = MARKER
        else:
            file, marker = own[name]
            argv = [sys.executable, str(_BENCH / file), files["peer"]]
        terminal = Terminal(argv, *screen, env=self.env)
        try:
            return terminal, terminal.wait_for(marker, quiet=0.15)
        except BaseException:
            terminal.close()
            raise


def _would_disturb(variable: str) -> bool:
    names = ("NO_COLOR", "COLUMNS", "LINES", "PYTHONDONTWRITEBYTECODE", "ESCDELAY")
    return variable in names or variable.startswith(("TEXTUAL", "ANNOTATOR"))


def steps(size: Size, rows: int, long: int, short: int) -> Iterator[list[Step]]:
    """The keys, one list per action; each ends where it began, at the start of the document.

    ``long`` is how often move, label and undo are measured, ``short`` how often the others.
    """
    home: Step = (None, "ctrl+home")
    yield [home, *(("move", "left" if n // 100 % 2 else "right") for n in range(long)), home]
    turn = 15
    yield [*(("line", "up" if n // turn % 2 else "down") for n in range(short)), home]
    turn = max(1, min(15, size.sentences // rows))
    yield [*(("page", "pageup" if n // turn % 2 else "pagedown") for n in range(short)), home]
    yield [*(("jump", "ctrl+home" if n % 2 else "ctrl+end") for n in range(short)), home]
    # To a new place, label it, take it back: every key writes, however often a place is visited.
    pair: list[Step] = [("label", "1"), ("undo", "u")]
    edits: list[Step] = []
    for n in range(long):
        edits += [*pair, (None, "left" if n // 50 % 2 else "right")]
    yield [*edits, home]
    # A screen has many a word with t; each jump lands on another one.
    jumps: list[Step] = []
    for n in range(short):
        hint = HINTS[n % len(HINTS)]
        jumps += [("hint, f", "f"), ("hint, t", "t"), ("hint, letter", hint)]
    yield [*jumps, home]
    yield [*(("hint, at once", f"ft{HINTS[n % len(HINTS)]}") for n in range(short)), home]


def measure_keys(
    terminals: Mapping[str, Terminal], plan: Iterator[list[Step]], warm_up: int
) -> dict[str, dict[str, list[Sample]]]:
    """Action → program → samples, the programs taking turns with ``BLOCK`` keys each."""
    found: dict[str, dict[str, list[Sample]]] = defaultdict(lambda: defaultdict(list))
    # A key comes 30 to 40 ms after the last byte, at no fixed beat with the programs' own clocks.
    pauses = Random(7)
    for action in plan:
        first = next(name for name, _ in action if name)
        opening = [key for name, key in action if name][:warm_up]
        print(f"  {first}", file=sys.stderr)
        for program, terminal in terminals.items():
            for key in [*opening, "ctrl+home"] if _answers(program, first, first) else ():
                terminal.send(terminal.key(key), patience=0.3)
        gc.collect()
        for at in range(0, len(action), BLOCK):
            for program, terminal in terminals.items():
                for name, key in action[at : at + BLOCK]:
                    if not _answers(program, first, name):
                        continue
                    patience = 1.0 if name else 0.3
                    sample = terminal.send(terminal.key(key), pauses.uniform(0.03, 0.04), patience)
                    if name is not None:
                        found[name][program].append(sample)
    return found


def _answers(program: str, action: str, name: str | None) -> bool:
    """Whether a program gets the keys of an action, and among them this one."""
    if program == "echo":
        return action == "move" and name is not None
    return program == "ours" or not action.startswith(OURS_ALONE)


def measure_held(
    terminals: Mapping[str, Terminal], size: Size, count: int
) -> dict[str, dict[str, list[Sample]]]:
    """Keys held down, 30 a second, for as long as there is document to go through."""
    found: dict[str, dict[str, list[Sample]]] = defaultdict(dict)
    held = {"move, held": "right"} | ({"page, held": "pagedown"} if size.sentences > 2000 else {})
    for action, key in held.items():
        for program in ("ours", "curses"):
            terminal = terminals[program]
            found[action][program] = terminal.hold(terminal.key(key), count)
            terminal.send(terminal.key("ctrl+home"), quiet=0.3)
    return found


def measure_start(
    programs: Programs, bench: Workbench, size: Size, screen: tuple[int, int], times: int
) -> dict[str, Start]:
    """First paint of ours, the empty app and curses in turn; the very first round is warm-up."""
    paints: dict[str, list[FirstPaint]] = defaultdict(list)
    memory: dict[str, Memory] = {}
    files = bench.files(size)
    for _ in range(times + 1):
        for name in ("ours", "empty", "curses"):
            terminal, paint = programs.start(name, files, screen)
            memory[name] = terminal.memory()
            terminal.close(terminal.key("ctrl+q"))
            paints[name].append(paint)
    return {name: Start(tuple(paints[name][1:]), memory[name]) for name in paints}


def measure(
    programs: Programs, bench: Workbench, size: Size, screen: tuple[int, int], quick: bool
) -> Result:
    """All figures for one document on one terminal."""
    long, short, held = (60, 20, 45) if quick else (240, 60, 120)
    starts = measure_start(programs, bench, size, screen, times=3 if quick else 7)
    files = bench.files(size)
    terminals: dict[str, Terminal] = {}
    try:
        for name in ("ours", "curses", "echo"):
            terminals[name], _ = programs.start(name, files, screen)
        for key in PANELS:
            terminals["ours"].send(terminals["ours"].key(key), quiet=0.3)
        idle = {name: terminal.idle(1.0) for name, terminal in terminals.items()}
        gc.collect()
        gc.disable()
        found = measure_keys(terminals, steps(size, screen[1], long, short), warm_up=10)
        found |= measure_held(terminals, size, held)
        memory = {name: terminals[name].memory() for name in ("ours", "curses")}
    finally:
        gc.enable()
        for terminal in terminals.values():
            terminal.close(terminal.key("ctrl+q"))
    actions: dict[str, dict[str, Summary | None]] = {
        action: {program: summarise(samples) for program, samples in figures.items()}
        for action, figures in found.items()
    }
    pace = min(_million_squares() for _ in range(5))
    # The warm-up presses label and undo keys as well, five of each.
    edits = (edits_made(files["project"]), 2 * long + 10) if bench.with_project else None
    return Result(str(size), f"{screen[0]}×{screen[1]}", starts, memory, idle, actions, pace, edits)


def _million_squares() -> float:
    """Milliseconds that this takes here and now."""
    started = perf_counter()
    sum(n * n for n in range(1_000_000))
    return (perf_counter() - started) * 1000


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Measure the screen next to curses.")
    parser.add_argument("--quick", action="store_true", help="20 and 5,000 sentences, few samples")
    parser.add_argument("--sizes", help=f"SENTENCES:ANNOTATIONS[:awkward],… (default {SIZES})")
    parser.add_argument("--terminal", help="COLUMNSxROWS,… (default 120x40,200x60)")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    parser.add_argument("--folder", type=Path, help="where the projects are made; a real disk")
    parser.add_argument(
        "--program", default=OURS, help="what to measure; {python} {project} {text} are filled in"
    )
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Measure every size on every terminal and print the report."""
    options = arguments(argv)
    sizes = options.sizes or ("20:0,20:500,5000:0,5000:50000" if options.quick else SIZES)
    screens = options.terminal or ("120x40" if options.quick else "120x40,200x60")
    results: list[Result] = []
    load = os.getloadavg()
    with tempfile.TemporaryDirectory(prefix="annotator-bench-", dir=options.folder) as name:
        folder = Path(name)
        bench = Workbench(folder, with_project="{project}" in options.program)
        programs = Programs(options.program, folder)
        for entry in sizes.split(","):
            sentences, annotations, *awkward = entry.split(":")
            size = Size(int(sentences), int(annotations), awkward == ["awkward"])
            for columns, rows in (pair.split("x") for pair in screens.split(",")):
                print(f"{size} sentences / annotations, {columns}×{rows} …", file=sys.stderr)
                screen = (int(columns), int(rows))
                results.append(measure(programs, bench, size, screen, options.quick))
    notes = [
        f"- {platform.python_implementation()} {platform.python_version()}, {platform.system()}"
        f" {platform.machine()}, {os.cpu_count()} cores; load {load[0]:.1f} before,"
        f" {os.getloadavg()[0]:.1f} after",
    ]
    print(render(results, notes))
    if options.json:
        figures = [dataclasses.asdict(result) for result in results]
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
