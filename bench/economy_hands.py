"""The keyboard of the real screen: presses keys, types, picks from lists, and counts all that."""

from __future__ import annotations

from collections import defaultdict

from msgspec import Struct, field
from textual import events
from textual.pilot import Pilot
from textual.screen import ModalScreen

from annotator.core.annotation import Span
from annotator.tui.app import AnnotatorApp
from annotator.tui.dialogs.key_menu import KeyMenu
from annotator.tui.dialogs.picker import Picker
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.workflow.annotate import AnnotateSession
from bench.economy_moves import Keys, Moves
from bench.economy_plans import Planner

_CHAIN = 8
"""Messages that follow from each other at most, until a key in a window is dealt with."""


class Count(Struct):
    """Keys pressed for each annotation of a kind, and the keys themselves with what for."""

    keys: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    dear: list[tuple[int, str, Keys]] = field(default_factory=list)


class Hands:
    """One running screen, and what was pressed on it since the last count."""

    def __init__(self, app: AnnotatorApp, pilot: Pilot[None]) -> None:
        self.app = app
        self._pilot = pilot
        self._planned: tuple[object, Planner] | None = None
        self.since: list[str] = []
        self.count = Count()

    @property
    def screen(self) -> AnnotateScreen:
        """The annotation screen, whatever window is on top."""
        return next(s for s in self.app.screen_stack if isinstance(s, AnnotateScreen))

    @property
    def session(self) -> AnnotateSession:
        """What the screen shows."""
        return self.screen.session

    @property
    def focus(self) -> Span:
        """The span that keys act on."""
        return self.session.need_focus()

    @property
    def planner(self) -> Planner:
        """Plans for the document as it is cut and wrapped now."""
        key = (self.session.sentences, self.screen.view.size)
        if self._planned is None or self._planned[0] != key:
            moves = Moves(self.session, self.screen.view)
            self._planned = (key, Planner(self.session, moves))
        return self._planned[1]

    async def press(self, *keys: str) -> None:
        """Press keys, each dealt with before the next."""
        for key in keys:
            if isinstance(self.app.screen, ModalScreen):
                await self._pilot.press({" ": "space"}.get(key, key))
                await self.settle()
            else:
                character = {"space": " "}.get(key, key if len(key) == 1 else None)
                self.screen.on_key(events.Key("space" if key == " " else key, character))
                if isinstance(self.app.screen, ModalScreen):
                    await self.settle()
            self.since.append(key)

    async def type(self, text: str) -> None:
        """Text typed into a window, at once: what it says takes as many keys in any tool."""
        self.app.post_message(events.Paste(text))
        await self.settle()
        self.since.extend(text)

    async def take(self, value: object) -> None:
        """The row of the menu on top that has this value, by its key."""
        menu = self.app.screen
        if not isinstance(menu, KeyMenu):
            raise AssertionError(f"no menu to take {value} from: {self.screen.status.plain}")
        await self.press(next(row.key for row in menu.rows if row.value == value))

    async def pick(self, wanted: object) -> None:
        """From the list on top: the fewest letters and arrows down together; then enter."""
        picker = self.app.screen
        if not isinstance(picker, Picker):
            raise AssertionError(f"no list to pick {wanted} from: {self.screen.status.plain}")
        shown = [choice.value for choice in picker.found("")]
        ways = []
        if wanted in shown:
            place = shown.index(wanted)
            rows = len(shown) + (picker.highlighted >= len(shown))
            steps = (place - picker.highlighted) % rows
            ways = [(steps, "", steps)]
        # A long list shows its beginning only, until something is typed.
        title = (wanted.text if isinstance(wanted, Span) else picker.found("")[place].title).lower()
        for letters in range(1, len(title) + 1):
            found = [choice.value for choice in picker.found(title[:letters])]
            if wanted in found:
                steps = found.index(wanted)
                ways.append((letters + steps, title[:letters], steps))
        _, typed, steps = min(ways, key=lambda way: way[0])
        await self.press(*typed)
        while picker.typed != typed.strip():
            await self.settle()
        await self.press(*("down",) * steps, "enter")

    def counted(self, kind: str, about: str = "", *, free: int = 0) -> None:
        """What was pressed since the last count was for this; ``free`` is text that was typed."""
        count = len(self.since) - free
        self.count.keys[kind].append(count)
        self.count.dear.append((count, f"{kind} {about}", tuple(self.since)))
        self.since.clear()

    async def settle(self) -> None:
        """Let all come about that the last key brought on."""
        for _ in range(_CHAIN):
            await self._pilot.pause(0)
