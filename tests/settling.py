"""Waiting until a running app has dealt with everything, whatever the machine is busy with."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from annotator.tui.app import AnnotatorApp

LONGEST_CHAIN = 8
"""Messages that follow from each other at most: terminal → app → screen → layout → widget …"""


async def settle(pilot: Pilot[Any]) -> None:
    """Until every message is dealt with, and those that it led to, and every key held back.

    Pilot's own pause waits for an idle processor, which a busy machine seems to have too soon.
    Keys that wait for a window are handed on one by one, each behind as long a chain of its own.
    """
    for _ in range(LONGEST_CHAIN):
        await pilot.pause(0)
    app = pilot.app
    while isinstance(app, AnnotatorApp) and app.is_running and app.typed_ahead.is_handing_on:
        await pilot.pause(0)


async def work_ended(app: App[Any]) -> None:
    """Until no thread works any more.

    A window that is done takes its threads with it, even one that has just brought what it read:
    that is no failure, while one that a thread ran into is raised here.
    """
    for worker in list(app.workers):
        with suppress(WorkerCancelled):
            await worker.wait()
