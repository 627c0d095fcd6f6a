"""The Textual application: wiring only."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

os.environ.setdefault("TEXTUAL_FPS", "120")
os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")

from textual import events
from textual.app import App
from textual.binding import Binding
from textual.screen import Screen
from textual.worker import get_current_worker

from annotator.errors import AnnotatorError
from annotator.tui import pauses
from annotator.tui.engines_beside import EnginesBeside
from annotator.tui.garbage import Garbage
from annotator.tui.glyphs import GLYPHS, SAFE
from annotator.tui.keymap import Keymap
from annotator.tui.pauses import Pauses
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.signals import HUNG_UP, ending_on_signals, has_terminal
from annotator.tui.themes import DEFAULT, THEMES, in_few_colours, named_colours
from annotator.tui.typed_ahead import TypedAhead
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.own_choices import OwnChoices
from annotator.workflow.sitting import Sitting

if TYPE_CHECKING:
    from textual.driver import Driver

    from annotator.workflow.learning import Learning

_THREADS_TURN = 0.0005
"""Seconds for which another thread may work before the screen's comes, which has to wait so long
each time it has waited for anything else: painting one answer takes many such turns."""

_BACKGROUND_AFTER = 2.0
"""Seconds in which the document is read and the first keys come."""

_LEAVES = "ctrl+q"
"""It means the same in every mode and window."""

_MOUSE_PATIENCE = 0.5
"""Seconds to wait for the text's answer; when it is being taken down it gives none."""

Background = Callable[[Callable[[], bool]], object]
"""Work that is not a key's; it asks what it is given whether it is still wanted."""


class Look(NamedTuple):
    """One way for the screen to look, and what chooses it."""

    title: str
    about: str
    choose: Callable[[], None]


class AnnotatorApp(App[None]):
    """One annotator at one project."""

    TITLE = "annotator"
    ALLOW_SELECT = False
    CSS = """
    ModalScreen * {
        scrollbar-size-vertical: 1; scrollbar-color: $foreground 30%; scrollbar-background: $panel;
    }
    .-no-colour DocumentView .document--selection { color: $background; background: #909090; }
    .-no-colour DocumentView .document--draft {
        color: $background; background: #909090; text-style: underline;
    }
    """
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [Binding(_LEAVES, "leave", "Quit", show=False, priority=True)]

    def __init__(
        self,
        open_session: Callable[[str], AnnotateSession],
        document: str,
        background: Background | None = None,
        keymap: Keymap | None = None,
        choices: OwnChoices | None = None,
        learning: Callable[[], Learning] | None = None,
        *,
        tutorial: bool = False,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """``background`` is done in a thread once the screen has been there for a while; a theme
        chosen on the screen is noted in ``choices``.

        ``learning`` makes what is looked after while the keyboard is quiet, by the ``clock``.
        """
        super().__init__()
        self._is_behind_mouse = False
        self.keys_pressed = 0
        """Keys since they were last counted in the project."""
        self._background_work = background
        self._untold: deque[AnnotatorError] = deque()
        self._choices = choices
        for theme in THEMES.values():
            self.register_theme(theme)
        chosen = choices.get("theme", THEMES) if choices is not None else None
        self._show_theme(chosen or DEFAULT)
        self._safe_glyphs = choices is not None and choices.get("glyphs", GLYPHS) == SAFE
        self._open_session = open_session
        self._keys_in_force = keymap or Keymap()
        self._is_tutorial = tutorial
        self._document = document
        self._had_terminal = has_terminal()
        self.typed_ahead = TypedAhead(self, self._hand_on)
        self._has_begun = False
        self._pauses = Pauses(clock)
        self.engines = EnginesBeside(
            self, learning, self._pauses, self._untold.append, self._when_idle
        )
        self._garbage = Garbage()
        self._garbage.switch_off()
        self._switch_interval = sys.getswitchinterval()

    def get_default_screen(self) -> Screen[None]:
        """The annotation screen itself: one screen less to lay out at the start."""
        screen = AnnotateScreen(
            self._open_session(self._document),
            self._open_session,
            self._keys_in_force,
            tutorial=self._is_tutorial,
        )
        screen.view.use_safe_glyphs(self._safe_glyphs)
        screen.inspector.use_safe_glyphs(self._safe_glyphs)
        return screen

    def get_driver_class(self) -> type[Driver]:
        """Ours, where Textual would take the one that ours is made of."""
        usual = super().get_driver_class()
        if usual.__name__ != "LinuxDriver":
            return usual
        from annotator.tui.driver import Driver as OurDriver

        return OurDriver

    async def on_event(self, event: events.Event) -> None:
        """Keys wait for windows that open or close; all else goes its way.

        The annotation screen gets its keys at once, whatever has the focus: from there they would
        only come up to it, a queue for each widget on the way.
        """
        self.keys_pressed += isinstance(event, events.Key) and not event.is_forwarded
        if not self.typed_ahead.takes(event):
            await self._hand_on(event)

    async def _hand_on(self, event: events.Event) -> None:
        is_key = isinstance(event, events.Key) and event.key != _LEAVES
        if is_key and not event.is_forwarded and isinstance(self.screen, AnnotateScreen):
            await self._mouse_first(self.screen)
            self.screen.post_message(event)
        else:
            await super().on_event(event)
            self._is_behind_mouse |= isinstance(event, events.MouseEvent)

    async def _mouse_first(self, screen: AnnotateScreen) -> None:
        """Before a key, what the mouse did in the text right before it, which has its own queue."""
        if self._is_behind_mouse:
            self._is_behind_mouse = False
            done = asyncio.Event()
            if screen.view.call_later(done.set):
                with suppress(TimeoutError):
                    await asyncio.wait_for(done.wait(), _MOUSE_PATIENCE)

    def on_mount(self) -> None:
        """Look after the garbage once the first picture is there."""
        sys.setswitchinterval(_THREADS_TURN)
        self.set_class("NO_COLOR" in os.environ, "-no-colour")
        self.call_after_refresh(self._begin)
        self.app_resume_signal.subscribe(self, self._paint_all)

    def _paint_all(self, _: object) -> None:
        """Whatever the terminal showed meanwhile is gone: paint everything again."""
        for screen in self.screen_stack:
            screen.refresh(layout=True)

    def on_resize(self, event: events.Resize) -> None:
        """A terminal that was of another size for a moment has lost what it showed."""
        if self._has_begun and event.size == self.screen.size:
            self._paint_all(event)

    def _begin(self) -> None:
        self._has_begun = True
        self._garbage.freeze()
        if self._choices is not None and self._choices.trouble is not None:
            self._tell(self._choices.trouble)
        self.set_interval(pauses.SHORT, self._when_idle)
        if self._background_work is not None:
            self.set_timer(_BACKGROUND_AFTER, self._start_background)

    def _start_background(self) -> None:
        self.run_worker(self._do_background, thread=True)

    def _do_background(self) -> None:
        """In a thread: it ends early with the app, and the status line tells of a failure."""
        assert self._background_work is not None
        worker = get_current_worker()
        try:
            self._background_work(lambda: not worker.is_cancelled)
        except AnnotatorError as error:
            if not worker.is_cancelled:
                self.call_from_thread(self._tell, error)

    def _tell(self, error: AnnotatorError) -> None:
        """Now or, where another message stands, when it has gone."""
        self._untold.append(error)
        self._tell_next()

    def _tell_next(self) -> None:
        top = self.screen_stack[-1]
        if self._untold and isinstance(top, AnnotateScreen) and top.mention(self._untold[0]):
            self._untold.popleft()

    def _when_idle(self) -> None:
        """While the keyboard is quiet: collect garbage, catch up with others, note the cursor's
        place, and see that the project's file is still there.

        A terminal may go without a signal, and nobody could end the program any more.
        """
        if self._had_terminal and not has_terminal():
            self.action_leave(HUNG_UP)
        if not self._pauses.has_lasted(pauses.SHORT) or not self.screen_stack:
            return
        self._garbage.collect(is_resting=self._pauses.has_lasted(pauses.REST))
        is_pause = self._pauses.has_lasted(pauses.PAUSE)
        top = self.screen_stack[-1]
        screens = [s for s in self.screen_stack if isinstance(s, AnnotateScreen)]
        if any(screen.reading_on.is_at_work for screen in screens):
            return
        if isinstance(top, AnnotateScreen) and not top.asking.is_going_on:
            # Not under a dialog: it offers what was there when it was opened.
            top.catching_up.catch_up()
            if is_pause:
                self.engines.look_after(top)
        for screen in screens:
            screen.disk.keep_safe()
            if is_pause:
                screen.last_place.remember()
        self._tell_next()

    def on_unmount(self) -> None:
        """Leave the process as it was."""
        self.engines.stop()
        self._garbage.switch_on()
        sys.setswitchinterval(self._switch_interval)

    def document_read(self) -> None:
        """A document is in memory."""
        self._garbage.freeze()

    def key_done(self) -> None:
        """A key has been dealt with."""
        self._pauses.key()
        self._garbage.key()

    def looks(self) -> Iterator[Look]:
        """In the palette, besides the commands with keys: the themes, and the glyphs."""
        for name in THEMES:
            about = "in use" if name == self.theme else "colours of the screen"
            yield Look(f"theme: {name}", about, partial(self.choose_theme, name))
        for name, what in GLYPHS.items():
            about = "in use" if (name == SAFE) is self._safe_glyphs else what
            yield Look(f"glyphs: {name}", about, partial(self.choose_glyphs, name))

    def choose_theme(self, name: str) -> None:
        """Show a theme, and note that it was chosen."""
        self._show_theme(name)
        self._note("theme", name)

    def use_few_colours(self) -> None:
        """Before it runs: themes for a terminal of sixteen colours."""
        for theme in THEMES.values():
            self.register_theme(in_few_colours(theme))

    def choose_glyphs(self, name: str) -> None:
        """Show text as it is or in safe glyphs, and note that it was chosen."""
        self._safe_glyphs = name == SAFE
        for screen in self.screen_stack:
            if isinstance(screen, AnnotateScreen):
                screen.view.use_safe_glyphs(self._safe_glyphs)
                screen.inspector.use_safe_glyphs(self._safe_glyphs)
                screen.bring_up_to_date()
        self._note("glyphs", name)

    def _note(self, choice: str, name: str) -> None:
        if self._choices is not None:
            try:
                self._choices.choose(choice, name)
            except AnnotatorError as error:
                self._tell(error)

    def _show_theme(self, name: str) -> None:
        # Told to nobody: everything is styled anew with the theme, and once is enough.
        for which in (App.ansi_theme_dark, App.ansi_theme_light):
            self.set_reactive(which, named_colours(name))
        self.theme = name

    def _print_error_renderables(self) -> None:
        """Print nothing: ``run`` raises what went wrong, and the command line tells it."""
        self._exit_renderables.clear()

    async def action_quit(self) -> None:
        """The palette's way out is ours."""
        self.action_leave()

    def action_leave(self, code: int = 0) -> None:
        """Save the cursor and end with this exit code, once the keys pressed before are dealt with.

        They are on their way to the screen.
        """
        for screen in self.screen_stack:
            if isinstance(screen, AnnotateScreen):
                screen.call_later(screen.leave, code)
                return
        self.exit(return_code=code)


def run(
    sitting: Sitting,
    document: str,
    background: Background | None = None,
    keymap: Keymap | None = None,
    choices: OwnChoices | None = None,
    learning: Callable[[], Learning] | None = None,
    *,
    tutorial: bool = False,
) -> int:
    """Open the screen on a document (id) and return when it is left.

    ``background`` is work for a quiet moment after the start, such as the day's backup;
    ``learning`` brings suggestions while the keyboard is quiet; with ``tutorial`` the document is
    the bare seed, and lines above it lead through it. Gives the exit code: 0, or that of the signal
    that ended it. The cursor is saved and the terminal restored in either case.
    """
    app = AnnotatorApp(
        sitting.open, document, background, keymap, choices, learning, tutorial=tutorial
    )
    if app.console.color_system == "standard":
        app.use_few_colours()
    with ending_on_signals(app.action_leave):
        app.run()
    if app._exception is not None:
        raise app._exception
    return app.return_code or 0
