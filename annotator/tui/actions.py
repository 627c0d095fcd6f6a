"""What each command does, told to a session and its view. Every command of the registry is here.

A command returns what it did in words, or nothing where the screen itself shows it; it raises
RuleError with the reason where it does nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from annotator.core.commands import Command
from annotator.core.schema import Label, Layer
from annotator.errors import RuleError
from annotator.tui.modes import BoundaryMode, JumpMode, LinkMode

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen

Outcome = str | None


class Actions:
    """The commands of the annotation screen, by id."""

    def __init__(self, screen: AnnotateScreen) -> None:
        self._screen = screen
        self._session = screen.session
        self._reader = screen.session.reader
        self._view = screen.view

    def run(self, command: Command) -> Outcome:
        """Carry out a command."""
        action: Callable[[], Outcome] = getattr(self, command.id)
        return action()

    def label(self, layer: Layer, label: Label) -> Outcome:
        """Give a label."""
        return self._session.spans.label(layer, label)

    # -- move ------------------------------------------------------------------------------------

    def _token(self, count: int, *, extend: bool = False) -> None:
        self._session.moved()
        if not self._reader.move_tokens(count, extend=extend):
            raise RuleError("this is the document's end" if count > 0 else "this is its beginning")

    def token_left(self) -> Outcome:
        """One token to the left."""
        return self._token(-1)

    def token_right(self) -> Outcome:
        """One token to the right."""
        return self._token(1)

    def select_left(self) -> Outcome:
        """Extend the selection by a token to the left."""
        return self._token(-1, extend=True)

    def select_right(self) -> Outcome:
        """Extend the selection by a token to the right."""
        return self._token(1, extend=True)

    def _line(self, count: int, *, extend: bool = False) -> None:
        offset = self._view.offset_lines_away(count)
        if offset is None:
            raise RuleError("this is the last line" if count > 0 else "this is the first line")
        self._session.moved()
        self._reader.move_to(offset, extend=extend)

    def line_up(self) -> Outcome:
        """One visual line up."""
        return self._line(-1)

    def line_down(self) -> Outcome:
        """One visual line down."""
        return self._line(1)

    def select_up(self) -> Outcome:
        """Extend the selection by a visual line up."""
        return self._line(-1, extend=True)

    def select_down(self) -> Outcome:
        """Extend the selection by a visual line down."""
        return self._line(1, extend=True)

    def _to(self, offset: int) -> None:
        self._session.moved()
        self._reader.move_to(offset, extend=self._reader.anchor is not None)

    def line_start(self) -> Outcome:
        """To the start of the visual line."""
        return self._to(self._view.line_ends()[0])

    def line_end(self) -> Outcome:
        """To the last token of the visual line."""
        return self._to(self._view.line_ends()[1])

    def document_start(self) -> Outcome:
        """To the document's first token."""
        return self._to(0)

    def document_end(self) -> Outcome:
        """To the document's last token."""
        return self._to(len(self._session.document.text))

    def page_up(self) -> Outcome:
        """One page up."""
        self._to(self._view.page(-1))

    def page_down(self) -> Outcome:
        """One page down."""
        self._to(self._view.page(1))

    def _sentence(self, count: int) -> None:
        self._session.moved()
        if not self._reader.move_sentences(count):
            raise RuleError("this is the last sentence" if count > 0 else "this is the first one")

    def sentence_next(self) -> Outcome:
        """To the next sentence."""
        return self._sentence(1)

    def sentence_previous(self) -> Outcome:
        """To the previous sentence."""
        return self._sentence(-1)

    def _candidate(self, direction: int) -> None:
        self._session.moved()
        if not self._reader.move_candidates(direction):
            raise RuleError("no further candidate in this direction")

    def candidate_next(self) -> Outcome:
        """To the next candidate."""
        return self._candidate(1)

    def candidate_previous(self) -> Outcome:
        """To the previous candidate."""
        return self._candidate(-1)

    def jump(self) -> Outcome:
        """Wait for a character, then show hints."""
        self._screen.enter(JumpMode(self._screen))
        return None

    def _annotation(self, direction: int) -> None:
        if not self._session.step(direction):
            raise RuleError("no further annotation in this direction")

    def annotation_next(self) -> Outcome:
        """Choose the next annotation."""
        return self._annotation(1)

    def annotation_previous(self) -> Outcome:
        """Choose the previous annotation."""
        return self._annotation(-1)

    def document_next(self) -> Outcome:
        """Open the next document."""
        return self._screen.open_neighbour(1)

    def document_previous(self) -> Outcome:
        """Open the previous document."""
        return self._screen.open_neighbour(-1)

    def go_to(self) -> Outcome:
        """Pick a document."""
        self._screen.pick_document()
        return None

    # -- select ----------------------------------------------------------------------------------

    def anchor(self) -> Outcome:
        """Drop the anchor, or give the selection up."""
        return "selecting: move to extend" if self._reader.drop_anchor() else None

    def grow(self) -> Outcome:
        """Take the next larger text object."""
        if not self._reader.grow():
            raise RuleError("the whole paragraph is selected")
        return None

    def shrink(self) -> Outcome:
        """One text object back."""
        if not self._reader.shrink():
            raise RuleError("nothing to shrink", "x grows the selection first.")
        return None

    def clear(self) -> Outcome:
        """Give up the selection."""
        self._reader.clear()
        self._session.moved()
        return None

    # -- annotate --------------------------------------------------------------------------------

    def pick(self) -> Outcome:
        """The label picker on a selection or bare text; the attributes of a focused annotation."""
        if self._reader.selection is None and self._session.focus is not None:
            self._screen.pick_attribute(self._session.focus)
        else:
            self._screen.pick_label()
        return None

    def boundaries(self) -> Outcome:
        """Edit the focused span's boundaries in place."""
        self._screen.enter(BoundaryMode(self._screen, self._session.need_focus()))
        return None

    def add_fragment(self) -> Outcome:
        """Add the selection to the chosen span."""
        return self._session.spans.add_fragment()

    def delete(self) -> Outcome:
        """Delete the focused annotation."""
        return self._session.spans.delete()

    def link(self) -> Outcome:
        """Show hints on what the focused span may be tied to."""
        self._screen.enter(LinkMode(self._screen))
        return None

    def mention(self) -> Outcome:
        """Name the actor that the focused span mentions."""
        self._screen.pick_actor(self._session.need_focus())
        return None

    def note(self) -> Outcome:
        """Write a note on the focused annotation."""
        self._screen.ask_note(self._session.need_focus())
        return None

    def flag(self) -> Outcome:
        """Flag as doubtful, or take the flag off."""
        return self._session.spans.flag()

    def undo(self) -> Outcome:
        """Take back the last edit."""
        return self._session.undo()

    def redo(self) -> Outcome:
        """Make the last undone edit again."""
        return self._session.redo()

    # -- sentences and view ----------------------------------------------------------------------

    def sentence_done(self) -> Outcome:
        """Mark the sentence done and go on."""
        return self._session.cut.toggle_done()

    def split_sentence(self) -> Outcome:
        """Split the sentence at the cursor."""
        return self._session.cut.split()

    def merge_sentence(self) -> Outcome:
        """Merge the sentence with the next."""
        return self._session.cut.merge()

    def toggle_inspector(self) -> Outcome:
        """Show or hide the inspector."""
        self._screen.toggle_inspector()
        return None

    def toggle_lanes(self) -> Outcome:
        """Switch between lanes and compact."""
        return f"{self._view.switch_mode()} view"

    def help(self) -> Outcome:
        """Show every key."""
        self._screen.show_help()
        return None

    def palette(self) -> Outcome:
        """Open the command palette."""
        self._screen.app.action_command_palette()
        return None

    def quit(self) -> Outcome:
        """Leave; everything is saved already."""
        self._screen.leave()
        return None
