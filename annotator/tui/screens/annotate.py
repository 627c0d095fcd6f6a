"""The annotation screen: document, inspector, label bar and status line, and the way of a key.

A key goes to the mode that is on, else to the command it is bound to, else to the label it stands
for; then every region is brought up to date, and only what differs is painted.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from annotator.core.commands import Command
from annotator.errors import (
    AnnotatorError,
    BusyError,
    ProjectError,
    RuleError,
    SchemaChangedError,
    StaleError,
)
from annotator.tui.actions import Actions
from annotator.tui.asking import Asking
from annotator.tui.catching_up import CatchingUp
from annotator.tui.disk_watch import DiskWatch
from annotator.tui.document_panel import DocumentPanel
from annotator.tui.keymap import Keymap, key_name, shown
from annotator.tui.large_edits import LargeEdits
from annotator.tui.last_place import LastPlace
from annotator.tui.long_work import LongWork
from annotator.tui.modes import Mode
from annotator.tui.places import show
from annotator.tui.queue_steps import QueueSteps
from annotator.tui.reading_on import ReadingOn
from annotator.tui.screens.lines_below import in_words, show_keys
from annotator.tui.search_mode import SearchMode
from annotator.tui.widgets.covered import Body, Covered
from annotator.tui.widgets.document_view import DocumentView
from annotator.tui.widgets.inspector import Inspector
from annotator.tui.widgets.keys_wanted import KeysWanted
from annotator.tui.widgets.label_bar import LabelBar
from annotator.tui.widgets.status_line import StatusLine
from annotator.workflow.annotate import AnnotateSession

if TYPE_CHECKING:
    from annotator.tui.going import Going
    from annotator.tui.questions import Questions
    from annotator.tui.widgets.tutor import Tutor

_SOON = 0.05
"""Seconds in which the first picture reaches the terminal, before the rest is read."""


class AnnotateScreen(Covered, Screen[None]):
    """One document at a time; ``open_session`` makes the session for another."""

    DEFAULT_CSS = """
    AnnotateScreen > Horizontal { height: 1fr; }
    """

    def __init__(
        self,
        session: AnnotateSession,
        open_session: Callable[[str], AnnotateSession],
        keymap: Keymap,
        *,
        tutorial: bool = False,
    ) -> None:
        super().__init__()
        self._open_session = open_session
        self.keymap = keymap
        self._mode: Mode | None = None
        self._message: tuple[str, bool] = ("", False)
        self._is_saved = True
        self.disk = DiskWatch(self)
        self.last_place = LastPlace(self)
        self.catching_up = CatchingUp(self)
        self.reading_on = ReadingOn(self)
        self.asking = Asking(self)
        self.bar = LabelBar(id="labels")
        self.status = StatusLine(id="status")
        self.inspector = Inspector(id="inspector")
        self.view = DocumentView(session)
        self.tutor: Tutor | None = None
        if tutorial:
            from annotator.tui.widgets.tutor import Tutor

            self.tutor = Tutor(keymap.first_keys(), id="tutor")
        self.long_work = LongWork(self)
        self.large_edits = LargeEdits(self)
        self.steps = QueueSteps(self)
        self.searches: list[str] = []
        self.documents = DocumentPanel(self)
        self._take(session)

    def _take(self, session: AnnotateSession) -> None:
        self.session = session
        self.actions = Actions(self)
        self._label_keys = session.schema.keys()
        session.listen(self.steps.changed)

    @cached_property
    def questions(self) -> Questions:
        """The screen's questions, loaded with the first of them."""
        from annotator.tui.questions import Questions

        return Questions(self)

    @cached_property
    def going(self) -> Going:
        """What goes to other places, loaded with the first of it."""
        from annotator.tui.going import Going

        return Going(self)

    def compose(self) -> ComposeResult:
        """Document and inspector side by side, the two lines below; a tutorial above."""
        if self.tutor is not None:
            yield self.tutor
        with Body():
            yield self.documents.list
            yield self.view
            yield self.inspector
        yield self.bar
        yield self.status

    def on_mount(self) -> None:
        """Show where the annotator left off."""
        self.disk.begin()
        self.view.focus()
        self._fit(self.app.size.width)
        self.bring_up_to_date()

    def on_document_view_painted(self) -> None:
        """The first picture is there."""
        self.set_timer(_SOON, self._read_on)

    def on_unmount(self) -> None:
        """Nothing is shown any more."""
        self.disk.end()

    def _read_on(self) -> None:
        """Read what the first picture did not need."""
        if self.session.is_complete:
            self.app.engines.look_after(self)  # type: ignore[attr-defined]
        else:
            self.reading_on.begin()

    def on_reading_on_read(self, message: ReadingOn.Read) -> None:
        """All of the document is in memory: it is there to stay."""
        self.reading_on.came(message)
        self.app.document_read()  # type: ignore[attr-defined]
        self.app.engines.look_after(self)  # type: ignore[attr-defined]

    def on_resize(self, event: events.Resize) -> None:
        """The inspector comes and goes with the room there is."""
        self._fit(event.size.width)

    def on_key(self, event: events.Key) -> None:
        """The way of a key."""
        event.stop()
        event.prevent_default()
        if self.app.screen is not self:
            self.app.typed_ahead.put_back(event)  # type: ignore[attr-defined]
            return
        if not self.reading_on.keeps(event):
            self.documents.press(key_name(event.key, event.character))
        self.app.key_done()  # type: ignore[attr-defined]

    def on_document_view_chosen(self) -> None:
        """The mouse moved the cursor or the selection."""
        self._say(f"gave up: {self._mode.name}" if self._mode is not None else "")
        self.leave_mode()
        self.bring_up_to_date(follow=False)

    def on_keys_wanted(self, message: KeysWanted) -> None:
        """A click on a key of the bar, or on a hint, presses it."""
        for key in message.keys if self.app.screen is self else ():
            self.press(key)
            self.app.key_done()  # type: ignore[attr-defined]

    def on_inspector_wanted(self, message: Inspector.Wanted) -> None:
        """A click on what the inspector names goes there."""
        self._act(lambda: show(self, message.target))

    def on_status_line_wanted(self, message: StatusLine.Wanted) -> None:
        """A click on the document's name shows the list, on what is suggested goes to the next."""
        is_name, next_one = message.what == "documents", self.session.stepping.to_suggestion_around
        self._act(self.actions.toggle_documents if is_name else next_one)

    def on_document_view_label_wanted(self) -> None:
        """The right button asks for a label."""
        if self.app.screen is not self:
            return
        self.leave_mode()
        self.bring_up_to_date(follow=False)
        self.questions.pick_label()

    def on_long_work_came(self, message: LongWork.Came) -> None:
        """Tell how far it is; where it changed this document, show that, unless a window looks."""
        self.long_work.came(message)
        if self.app.screen is self:
            self.catching_up.see_work()
        self.bring_in()

    def on_large_edits_came(self, message: LargeEdits.Came) -> None:
        """A large edit is written, or was brought to memory a step further."""
        self.large_edits.came(message)

    def on_search_mode_found(self, message: SearchMode.Found) -> None:
        """What a thread found is gone to, if it is still looked for."""
        mode = self._mode
        if isinstance(mode, SearchMode) and mode.awaits(message):
            self.then(lambda: self._in_mode(mode, lambda: mode.came(message)))

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text is not a series of keys."""
        event.stop()
        if isinstance(self._mode, SearchMode):
            self._mode.paste(event.text)
            self.bring_up_to_date()
            return
        self._say("pasting does nothing here: the text is never changed", warning=True)
        self.bring_up_to_date()

    def press(self, key: str) -> None:
        """Deal with one key and bring the screen up to date."""
        self._say("")
        self.long_work.forget()
        self.attempt(lambda: self._dispatch(key))
        self.bring_up_to_date()

    def perform(self, command: Command) -> None:
        """Carry out a command as if its key were pressed, outside of any mode."""
        self._act(lambda: self.actions.run(command))

    def _act(self, action: Callable[[], str | None]) -> None:
        self.leave_mode()
        self._say("")
        self.then(action)

    def attempt(self, action: Callable[[], str | None]) -> None:
        """Do something, and have the status line say what was done or why it was not."""
        try:
            self._say(action() or "")
        except SchemaChangedError as error:
            self.catching_up.open_anew(error, "Press the key again")
        except StaleError as error:
            self.say_error(self.catching_up.caught_up(error))
        except AnnotatorError as error:
            self.say_error(error)

    def _dispatch(self, key: str) -> str | None:
        if self._mode is not None:
            return self._in_mode(self._mode, partial(self._mode.handle, key), key)
        command = self.keymap.command(key)
        if command is not None:
            return self.actions.run(command)
        if key in self._label_keys:
            return self.actions.label(*self._label_keys[key])
        shows = self.keymap.first_key_of("help") or "the palette"
        hint = "ctrl+q leaves" if key == "ctrl+c" else f"{shows} shows every key"
        raise RuleError(f"{shown(key)} does nothing here", hint)

    def _in_mode(
        self, mode: Mode, step: Callable[[], tuple[bool, str | None]], key: str = ""
    ) -> str | None:
        stays, outcome = mode.stays_on and key != "escape", None
        try:
            if key != "escape":
                stays, outcome = step()
        finally:
            if not stays:
                self.leave_mode()
        return outcome

    # -- modes and regions -----------------------------------------------------------------------

    @property
    def mode(self) -> Mode | None:
        """The mode that has the keyboard, if one has."""
        return self._mode

    def enter(self, mode: Mode) -> None:
        """Hand the keyboard to a mode."""
        self._mode = mode

    def leave_mode(self) -> None:
        """Back to commands and labels."""
        if self._mode is not None:
            self._mode.leave()
            self._mode = None

    def _say(self, message: str, *, warning: bool = False) -> None:
        self._message = (message, warning)
        self._is_saved = True

    def say_error(self, error: AnnotatorError) -> None:
        """Have the status line say what failed, once it is painted."""
        if isinstance(error, BusyError):
            error = self.disk.rescued() or error
        self._say(in_words(error, self.keymap), warning=True)
        self._is_saved = not isinstance(error, BusyError | ProjectError)

    def warn(self, error: AnnotatorError) -> None:
        """Say what failed beside the keys."""
        self.say_error(error)
        self.bring_in()

    def mention(self, error: AnnotatorError) -> bool:
        """Say what failed in the background, unless a key has said something; gives whether."""
        if self._message[0]:
            return False
        self._message = (in_words(error, self.keymap), True)
        self.bring_in()
        return True

    def bring_in(self) -> None:
        """Show what came without a key: a cursor that is in sight stays so, with its lanes."""
        self.bring_up_to_date(follow=self.view.is_in_sight(self.session.reader.cursor.start))

    def bring_up_to_date(self, *, follow: bool = True) -> None:
        """Show the state of things in every region; with ``follow`` the cursor is in sight."""
        session = self.session
        self.view.matches = self.steps.matches
        self.documents.show()
        self.view.sync(follow=follow)
        if self.inspector.display:
            self.inspector.show_session(session, self.keymap)
        show_keys(self.bar, session, self.keymap, self._mode, lists=self.documents.list.has_keys)
        if self.tutor is not None:
            self.tutor.look(session)
        message, warning = self._message
        said = message or self.reading_on.progress or self.long_work.progress
        self.status.show_session(
            session, self.steps.shown, said, warning=warning, saved=self._is_saved
        )

    def _fit(self, width: int) -> None:
        self.inspector.fit(width)
        self.documents.fit(width)

    def toggle_inspector(self) -> None:
        """Show or hide the inspector, whatever the room."""
        self.inspector.toggle(self.app.size.width)

    def leave(self, code: int = 0) -> None:
        """Save the cursor and end the program with this exit code."""
        self.attempt(self.last_place.save)
        self.app.exit(return_code=code)

    # -- documents -------------------------------------------------------------------------------

    def open_neighbour(self, step: int) -> str | None:
        """Open the next or previous document in order of import."""
        document = self.session.store.neighbour(self.session.document.id, step)
        if document is None:
            raise RuleError("this is the last document" if step > 0 else "this is the first one")
        self.open_document(document)
        return None

    def open_document(self, document: str) -> None:
        """Show another document where its annotator left it."""
        self.last_place.save()
        session = self._open_session(document)
        if self.session.others.shown:
            session.others.show()
        self.leave_mode()
        self.view.open(session)
        self.reading_on.forget()
        left = self.session
        self._take(session)
        self.run_worker(left.close, thread=True, exit_on_error=False)
        self.steps.opened()
        self.bring_up_to_date()
        self.set_timer(_SOON, self._read_on)

    # -- answers ---------------------------------------------------------------------------------

    def then(self, action: Callable[[], str | None]) -> None:
        """Act on an answer, and bring the screen up to date."""
        self.reading_on.then(partial(self._do, action))

    def _do(self, action: Callable[[], str | None]) -> None:
        self.attempt(action)
        self.bring_up_to_date()
