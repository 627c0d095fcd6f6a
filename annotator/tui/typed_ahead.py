"""Keys that are typed faster than a window opens or closes.

Textual hands a key to whatever has the focus when it arrives. A window that an earlier key opens is
not there yet then, and one that an earlier key closes still is: the note would become commands, and
the commands end up in the note. So, once a window is involved, one key at a time is handed on, each
when everything that the one before it led to has been dealt with.
"""

from __future__ import annotations

import asyncio
from bisect import insort
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual import events
from textual.screen import ModalScreen

if TYPE_CHECKING:
    from textual.app import App

Typed = events.Key | events.Paste

_LONGEST_CHAIN = 6
"""Messages that follow from each other at most: input → its window → app → the screen below …"""
_PATIENCE = 0.5
"""Seconds to wait for a widget's answer; one that is being taken down gives none."""


class TypedAhead:
    """Holds keys and pasted text back; ``hand_on`` is the app's own way with an event."""

    def __init__(self, app: App[None], hand_on: Callable[[events.Event], Awaitable[None]]) -> None:
        self._app = app
        self._hand_on = hand_on
        self._held: list[Typed] = []
        self._task: asyncio.Task[None] | None = None

    @property
    def is_handing_on(self) -> bool:
        """Whether keys are held back, or the last of them is still being dealt with."""
        return self._task is not None

    def takes(self, event: events.Event) -> bool:
        """Whether the event is held back, because of a window or of others before it."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            return False
        if self._task is None and not isinstance(self._app.screen, ModalScreen):
            return False
        self._hold(event)
        return True

    def put_back(self, event: Typed) -> None:
        """An event that reached the screen below although a window is on top."""
        again: Typed
        if isinstance(event, events.Key):
            again = events.Key(event.key, event.character)
        else:
            again = events.Paste(event.text)
        again.time = event.time
        self._hold(again)

    def _hold(self, event: Typed) -> None:
        insort(self._held, event, key=lambda held: held.time)
        if self._task is None:
            self._task = asyncio.create_task(self._deliver())

    async def _deliver(self) -> None:
        try:
            while self._held and self._app.is_running:
                await self._settled()
                await self._hand_on(self._held.pop(0))
            await self._settled()
        finally:
            self._task = None
        if self._held and self._app.is_running:
            self._task = asyncio.create_task(self._deliver())

    async def _settled(self) -> None:
        for _ in range(_LONGEST_CHAIN):
            waiting = []
            for screen in self._app.screen_stack:
                for widget in screen.walk_children(with_self=True):
                    answer = asyncio.Event()
                    if widget.call_later(answer.set):
                        waiting.append(asyncio.ensure_future(answer.wait()))
            if waiting:
                _, late = await asyncio.wait(waiting, timeout=_PATIENCE)
                for answer_task in late:
                    answer_task.cancel()
