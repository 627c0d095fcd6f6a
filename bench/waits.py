"""How long the screen's thread is busy with one thing, action by action, where something is many.

    python bench/waits.py [--folder DIR] [--only documents,annotations,actors,suggestions]
                          [--actions WORD] [--rounds N]

A pulse of two milliseconds runs in the loop of the real screen. For each action the longest time
between two beats is told, by the clock and by the processor time of the screen's thread, the least
of all rounds; and how long it took until all was done, threads among them.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import perf_counter, thread_time
from typing import Final

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from msgspec import Struct  # noqa: E402

from annotator.tui.app import AnnotatorApp  # noqa: E402
from annotator.tui.screens.annotate import AnnotateScreen  # noqa: E402
from annotator.workflow.sitting import Sitting  # noqa: E402
from bench.crowded_projects import ANNOTATOR, FIRST, PROJECTS  # noqa: E402

_BEAT = 0.002
_PATIENCE = 120.0
_SIZE = (120, 40)
BOUND = 0.05
"""Seconds from which on a wait is marked."""


class Action(Struct, frozen=True):
    """``before`` are keys that lead there and are not measured, ``behind`` those that lead back."""

    name: str
    keys: tuple[str, ...]
    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ("escape", "escape", "escape")


def _a(name: str, keys: str, before: str = "", behind: str = "escape escape escape") -> Action:
    return Action(name, tuple(keys.split()), tuple(before.split()), tuple(behind.split()))


_CLEAN = "escape escape escape"
ACTIONS: Final = (
    _a("move", "right right left left"),
    _a("line, page", "down pagedown pageup up"),
    _a("end, start", "ctrl+end ctrl+home"),
    _a("candidate", "w w b"),
    _a("annotation", "tab tab shift+tab"),
    _a("annotation before the first", "shift+tab", "ctrl+home"),
    _a("annotation behind the last", "tab", "ctrl+end", "ctrl+home"),
    _a("candidate behind the last", "w", "ctrl+end", "ctrl+home"),
    _a("next document, back", "] [", behind=""),
    _a("inspector, lanes", "i i t t"),
    _a("label, undo", "ctrl+home right 3 u"),
    _a("label, undo at the end", "3 u", "ctrl+end", "ctrl+home"),
    _a("attribute", "enter", "ctrl+home tab", _CLEAN),
    _a("done, undo", "space u", "ctrl+home"),
    _a("split, undo", "| u", "ctrl+home right right right"),
    _a("merge, undo", "& u", "ctrl+home"),
    _a("delete, undo", "d u", "ctrl+home tab"),
    _a("boundaries", "e right enter u", "ctrl+home tab"),
    _a("note", ";", "ctrl+home tab"),
    _a("flag, undo", "! u", "ctrl+home tab"),
    _a("ties in sight", "a", "ctrl+home tab"),
    _a("ties beyond the screen", "a a", "ctrl+home tab"),
    _a("ties beyond, letters", "M a r a", "ctrl+home tab a a"),
    _a("actor of a span", "m", "ctrl+home tab"),
    _a("actor of a span, letters", "M a r a", "ctrl+home tab m"),
    _a("actors", "g a"),
    _a("actors, letters", "M a r a space V 1", "g a"),
    _a("actor, mentions", "enter m", "g a"),
    _a("propagate here, undo", "* u", "ctrl+home tab"),
    _a("propagate here, redo", "U", "ctrl+home tab * u", "u"),
    _a("propagate everywhere", "*", "ctrl+home tab *", "escape escape u"),
    _a("go to", "g"),
    _a("documents", "g d"),
    _a("documents, letters", "d 9 9 9", "g d"),
    _a("checks", "g c"),
    _a("checks of the project", "tab", "g c"),
    _a("flagged", "g f"),
    _a("flagged of the project", "tab", "g f"),
    _a("sentences not done", "g o"),
    _a("not done of the project", "tab", "g o"),
    _a("suggestions", "g y"),
    _a("statistics", "g s"),
    _a("search, letters", "/ K e s s e l"),
    _a("search labels", "/ l a b e l : C L A I M"),
    _a("search, next", "f3 f3", "/ K e s s e l enter"),
    _a("search in the project", "tab", "/ K e s s e l"),
    _a("search labels in the project", "tab", "/ l a b e l : P E R S O N"),
    _a("next of a queue after an edit", "f3", "g c enter 3", "u escape escape"),
    _a("next match after an edit", "f3", "/ l a b e l : L O C enter 3", "u escape escape"),
    _a("document list", "ctrl+d", behind="ctrl+d"),
    _a("document list, letters", "9 9 9", "ctrl+d", "escape ctrl+d"),
    _a("document list, open", "tab", "ctrl+d", "escape ctrl+d"),
    _a("document list, done", "tab", "ctrl+d tab", "escape ctrl+d"),
    _a("document list, flagged", "tab", "ctrl+d tab tab", "escape ctrl+d"),
    _a("document list, ends", "end home", "ctrl+d", "escape ctrl+d"),
    _a("history", "ctrl+l"),
    _a("others", "ctrl+o ctrl+o"),
    _a("thresholds", "> > < <", "ctrl+home tab"),
    _a("accept, undo", "y u", "ctrl+home tab"),
    _a("reject, undo", "n u", "ctrl+home tab"),
    _a("accept a sentence, undo", "= u", "ctrl+home"),
    _a("unsure", "ctrl+n ctrl+n"),
    _a("help", "?"),
    _a("palette", "ctrl+p"),
)


class Pulse:
    """The longest time between two beats since ``reset``: by the clock, and of the processor."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget what was."""
        self.clock = self.busy = 0.0

    async def beat(self) -> None:
        """For as long as the app runs."""
        while True:
            clock, busy = perf_counter(), thread_time()
            await asyncio.sleep(_BEAT)
            self.clock = max(self.clock, perf_counter() - clock - _BEAT)
            self.busy = max(self.busy, thread_time() - busy)


class Wait(Struct, frozen=True, order=True):
    """Seconds: the longest block by the clock, that of the processor, and until all was done."""

    clock: float
    busy: float
    done: float


class Probe:
    """A running app, and its pulse."""

    def __init__(self, app: AnnotatorApp, settle: Callable[[], Awaitable[None]]) -> None:
        self._app = app
        self._settle = settle
        self.pulse = Pulse()

    async def press(self, *keys: str) -> None:
        """Press keys, and wait until everything is done that they led to."""
        from textual.pilot import Pilot

        pilot: Pilot[None] = Pilot(self._app)
        for key in keys:
            await pilot._wait_for_screen()
            await self._app._press_keys([{" ": "space", ":": "colon"}.get(key, key)])
            await self.quiet()

    async def quiet(self) -> None:
        """Until no worker works, no message waits and no large edit is left to take in."""
        end = perf_counter() + _PATIENCE
        while perf_counter() < end:
            await self._settle()
            screen = next(s for s in self._app.screen_stack if isinstance(s, AnnotateScreen))
            works = any(worker.is_running for worker in self._app.workers)
            if not works and not screen.large_edits.is_going_on:
                return
            await asyncio.sleep(_BEAT)

    async def measure(self, action: Action) -> Wait:
        """Do it once."""
        await self.press(*action.before)
        self.pulse.reset()
        began = perf_counter()
        await self.press(*action.keys)
        wait = Wait(self.pulse.clock, self.pulse.busy, perf_counter() - began)
        await self.press(*action.behind)
        return wait


async def waits(path: Path, word: str, rounds: int) -> list[tuple[str, Wait]]:
    """Each action with the least of its waits in a project."""
    from annotator.store.sqlite.project import open_project

    store = open_project(path)
    sitting = Sitting(store, ANNOTATOR)
    found: list[tuple[str, Wait]] = []
    app = AnnotatorApp(sitting.open, store.find_document(FIRST))
    async with app.run_test(size=_SIZE) as pilot:

        async def settle() -> None:
            for _ in range(6):
                await pilot.pause(0)

        probe = Probe(app, settle)
        beat = asyncio.create_task(probe.pulse.beat())
        await asyncio.sleep(0.1)
        await probe.quiet()
        found.append(("opening", Wait(probe.pulse.clock, probe.pulse.busy, 0)))
        for action in ACTIONS:
            if word in action.name:
                taken = [await probe.measure(action) for _ in range(rounds)]
                least = (min(getattr(t, f) for t in taken) for f in Wait.__struct_fields__)
                found.append((action.name, Wait(*least)))
                top = next(s for s in app.screen_stack if isinstance(s, AnnotateScreen))
                if len(app.screen_stack) > 1 or top.session.document.name != FIRST:
                    raise SystemExit(f"{action.name} did not lead back: {app.screen_stack}")
        beat.cancel()
    store.close()
    return found


def main() -> None:
    """Print the table of each project."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    ask.add_argument("--folder", type=Path, help="where the projects are made, and stay")
    ask.add_argument("--only", default=",".join(PROJECTS))
    ask.add_argument("--actions", default="", help="those whose name holds this")
    ask.add_argument("--rounds", type=int, default=3)
    asked = ask.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for name in asked.only.split(","):
            master = folder / f"{name}.db"
            if not master.exists():
                PROJECTS[name](master)
            copy = Path(temporary) / f"{name}-copy.db"
            shutil.copyfile(master, copy)
            table = asyncio.run(waits(copy, asked.actions, asked.rounds))
            copy.unlink()
            print(f"\n| {name} | longest block, ms | of it busy, ms | done, ms |")
            print("| --- | ---: | ---: | ---: |")
            for action, wait in table:
                mark = " **" if wait.clock > BOUND else ""
                cells = (f"{1000 * s:,.0f}" for s in (wait.clock, wait.busy, wait.done))
                print(f"| {action}{mark} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
