"""Waiting until a running app has dealt with everything, whatever the machine is busy with."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot

LONGEST_CHAIN = 8
"""Messages that follow from each other at most: terminal → app → screen → layout → widget …"""


async def settle(pilot: Pilot[Any]) -> None:
    """Until every message is dealt with, and those that it led to.

    Pilot's own pause waits for an idle processor, which a busy machine seems to have too soon.
    """
    for _ in range(LONGEST_CHAIN):
        await pilot.pause(0)
