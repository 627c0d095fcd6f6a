"""What each command does, told to a session and its view. Every command of the registry is here.

A command returns what it did in words, or nothing where the screen itself shows it; it raises
RuleError with the reason where it does nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from annotator.core.annotation import Relation, Span, Suggestion
from annotator.core.commands import Command
from annotator.core.schema import Label, Layer
from annotator.errors import RuleError
from annotator.tui.modes import BoundaryMode, JumpMode, LinkMode
from annotator.tui.search_mode import SearchMode
from annotator.workflow.large_edit import LargeEdit
from annotator.workflow.suggestion_actions import name_of

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

    def token_left(self) -> None:
        """One token to the left."""
        self._token(-1)

    def token_right(self) -> None:
        """One token to the right."""
        self._token(1)

    def select_left(self) -> None:
        """Extend the selection by a token to the left."""
        self._token(-1, extend=True)

    def select_right(self) -> None:
        """Extend the selection by a token to the right."""
        self._token(1, extend=True)

    def _line(self, count: int, *, extend: bool = False) -> None:
        offset = self._view.offset_lines_away(count)
        if offset is None:
            raise RuleError("this is the last line" if count > 0 else "this is the first line")
        self._session.moved()
        self._reader.move_to(offset, extend=extend)

    def line_up(self) -> None:
        """One visual line up."""
        self._line(-1)

    def line_down(self) -> None:
        """One visual line down."""
        self._line(1)

    def select_up(self) -> None:
        """Extend the selection by a visual line up."""
        self._line(-1, extend=True)

    def select_down(self) -> None:
        """Extend the selection by a visual line down."""
        self._line(1, extend=True)

    def _to(self, offset: int, where: str) -> None:
        """Go there; RuleError says that this is ``where`` already, if nothing moves."""
        before = (self._reader.cursor, self._reader.selection, self._session.focus_id)
        scrolled = self._view.window.anchor
        self._session.moved()
        self._reader.move_to(offset, extend=self._reader.anchor is not None)
        now = (self._reader.cursor, self._reader.selection, self._session.focus_id)
        if now == before and scrolled == self._view.window.anchor:
            raise RuleError(f"this is {where}")

    def line_start(self) -> None:
        """To the start of the visual line."""
        self._to(self._view.line_ends()[0], "the line's start")

    def line_end(self) -> None:
        """To the last token of the visual line."""
        self._to(self._view.line_ends()[1], "the line's end")

    def document_start(self) -> None:
        """To the document's first token."""
        self._to(0, "the document's beginning")

    def document_end(self) -> None:
        """To the document's last token."""
        self._to(len(self._session.document.text), "the document's end")

    def page_up(self) -> None:
        """One page up."""
        self._page(-1, "the document's beginning")

    def page_down(self) -> None:
        """One page down."""
        self._page(1, "the document's end")

    def _page(self, direction: int, where: str) -> None:
        cursor, sentences = self._reader.cursor, self._session.sentences
        edge = len(sentences) - 1 if direction > 0 else 0
        tokens = self._reader.tokens_of(edge) if sentences else [cursor]
        is_there = cursor == tokens[-1 if direction > 0 else 0]
        offset = self._view.page(direction)
        if is_there:
            raise RuleError(f"this is {where}")
        self._session.moved()
        self._reader.move_to(offset, extend=self._reader.anchor is not None)

    def _sentence(self, count: int) -> None:
        self._session.moved()
        if self._reader.move_sentences(count):
            return
        sentence, cursor = self._reader.sentence, self._reader.cursor
        if count > 0 or sentence is None or cursor.start <= sentence.start:
            raise RuleError("this is the last sentence" if count > 0 else "this is the first one")
        self._reader.move_sentences(0)

    def sentence_next(self) -> None:
        """To the next sentence."""
        self._sentence(1)

    def sentence_previous(self) -> None:
        """To the previous sentence."""
        self._sentence(-1)

    def _candidate(self, direction: int) -> None:
        self._session.moved()
        if not self._reader.move_candidates(direction):
            raise RuleError("no further candidate in this direction")

    def candidate_next(self) -> None:
        """To the next candidate."""
        self._candidate(1)

    def candidate_previous(self) -> None:
        """To the previous candidate."""
        self._candidate(-1)

    def jump(self) -> None:
        """Wait for a character, then show hints."""
        self._screen.enter(JumpMode(self._screen))

    def _annotation(self, direction: int) -> None:
        if not self._session.stepping.step(direction):
            raise RuleError("no further annotation in this direction")

    def annotation_next(self) -> None:
        """Choose the next annotation."""
        self._annotation(1)

    def annotation_previous(self) -> None:
        """Choose the previous annotation."""
        self._annotation(-1)

    def document_next(self) -> Outcome:
        """Open the next document."""
        return self._screen.open_neighbour(1)

    def document_previous(self) -> Outcome:
        """Open the previous document."""
        return self._screen.open_neighbour(-1)

    def search(self) -> None:
        """Search while typing."""
        self._screen.enter(SearchMode(self._screen, self._screen.searches))

    def queue_next(self) -> Outcome:
        """To the next place of the queue."""
        return self._screen.steps.step(1)

    def queue_previous(self) -> Outcome:
        """To the previous place of the queue."""
        return self._screen.steps.step(-1)

    def go_to(self) -> None:
        """Choose where to go, or what to go through."""
        self._screen.going.menu()

    # -- select ----------------------------------------------------------------------------------

    def anchor(self) -> Outcome:
        """Drop the anchor, or give the selection up."""
        return "selecting: move to extend" if self._reader.drop_anchor() else None

    def grow(self) -> None:
        """Take the next larger text object."""
        if not self._reader.grow():
            raise RuleError("the whole paragraph is selected")

    def shrink(self) -> None:
        """One text object back."""
        if not self._reader.shrink():
            raise RuleError("nothing to shrink", "{grow} grows the selection first.")

    def clear(self) -> None:
        """Give up what takes long; the selection, else the queue."""
        self._screen.long_work.cancel()
        if not self._reader.clear():
            self._screen.steps.stop()
        self._session.moved()

    # -- annotate --------------------------------------------------------------------------------

    def pick(self) -> None:
        """The label picker on a selection or bare text; the attributes of a focused annotation."""
        focus = self._session.unit_focus or self._session.focus
        if self._reader.selection is None and focus is not None:
            self._screen.questions.pick_attribute(focus)
        else:
            self._screen.questions.pick_label()

    def boundaries(self) -> None:
        """Edit the boundaries of the focused span, or of the suggestion that is next, in place."""
        session = self._session
        suggestion = session.suggestions.chosen
        if suggestion is None and session.focus is None:
            suggestion = session.suggestions.next
            if suggestion is not None and suggestion != session.suggestions.here:
                session.stepping.choose(suggestion.id)
        if suggestion is None:
            span = session.need_focus()
            session.focus_id = span.id
            mode = BoundaryMode(self._screen, span, partial(session.spans.reshape, span))
        elif isinstance(suggestion.proposed, Span):
            session.focus_id = suggestion.id
            write = partial(session.suggestions.reshape, suggestion)
            mode = BoundaryMode(self._screen, suggestion.proposed, write)
        else:
            raise RuleError(
                f"{name_of(suggestion)} is a tie, and has no boundaries"
                if isinstance(suggestion.proposed, Relation)
                else f"{name_of(suggestion)} lies on the whole unit, and has no boundaries",
                "{accept} accepts it, {reject} rejects it.",
            )
        self._screen.enter(mode)

    def add_fragment(self) -> Outcome:
        """Add the selection to the chosen span."""
        return self._session.spans.add_fragment()

    def delete(self) -> Outcome:
        """Delete the focused annotation."""
        return self._session.spans.delete()

    def link(self) -> None:
        """Show hints on what the focused span may be tied to."""
        self._screen.enter(LinkMode(self._screen))

    def mention(self) -> None:
        """Name the actor that the focused span mentions."""
        self._screen.questions.pick_actor(self._session.need_focus())

    def note(self) -> None:
        """Write a note on the focused annotation."""
        self._screen.questions.ask_note(self._session.need_annotation())

    def flag(self) -> Outcome:
        """Flag as doubtful, or take the flag off."""
        return self._session.spans.flag()

    def undo(self) -> Outcome:
        """Take back the last edit."""
        return self._do(self._session.retracing.large_undo(), self._session.undo)

    def redo(self) -> Outcome:
        """Make the last undone edit again."""
        return self._do(self._session.retracing.large_redo(), self._session.redo)

    def _do(self, large: LargeEdit | None, at_once: Callable[[], Outcome]) -> Outcome:
        """Begin a large edit; do what is none at once."""
        if large is None:
            return at_once()
        self._screen.large_edits.begin(large)
        return None

    def history(self) -> None:
        """Show what happened to the focused annotation, else to the document."""
        self._screen.questions.pick_history()

    # -- suggestions -----------------------------------------------------------------------------

    def accept(self) -> Outcome:
        """Accept the suggestion that is next, and go to the one behind it."""
        return self._answer(self._session.suggestions.accept)

    def reject(self) -> Outcome:
        """Reject the suggestion that is next, and go to the one behind it."""
        return self._answer(self._session.suggestions.reject)

    def _answer(self, answer: Callable[[Suggestion], str]) -> Outcome:
        """Nothing is answered that is out of sight: it is gone to first."""
        session = self._session
        suggestion = session.suggestions.need()
        start = session.stepping.stop_of(suggestion)[0]
        if suggestion != session.suggestions.here and not self._view.is_in_sight(start):
            session.stepping.choose(suggestion.id)
            return f"{name_of(suggestion)} is next: once more to answer it"
        return answer(suggestion)

    def accept_sentence(self) -> Outcome:
        """Accept all that is suggested in the sentence."""
        return self._session.suggestions.accept_sentence()

    def propagate(self) -> Outcome:
        """Suggest the same for the same words, here or, asked again, in every document."""
        propagation = self._session.propagation
        if not propagation.is_asked_again:
            return self._do(propagation.large(), propagation.here)
        if self._screen.long_work.is_going_on:
            raise RuleError("another propagation is still going on", "{clear} stops it.")
        steps = ((spread.told, spread.changed) for spread in propagation.everywhere())
        self._screen.long_work.start(steps, lambda told: told or "there is no other document")
        return None

    def unsure_next(self) -> Outcome:
        """To the sentence that engines are most unsure of."""
        return f"unsure: {self._session.stepping.to_unsure():.2f}"

    def threshold_down(self) -> Outcome:
        """Show less certain suggestions too."""
        return self._session.thresholds.move(-1)

    def threshold_up(self) -> Outcome:
        """Hide the less certain suggestions."""
        return self._session.thresholds.move(1)

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

    def toggle_documents(self) -> None:
        """Show the document list with the keys in it, or take it away."""
        self._screen.documents.toggle()

    def toggle_inspector(self) -> None:
        """Show or hide the inspector."""
        self._screen.toggle_inspector()

    def toggle_lanes(self) -> Outcome:
        """Switch between lanes and compact."""
        return f"{self._view.switch_mode()} view"

    def toggle_others(self) -> Outcome:
        """Show what other annotators made here, or no longer."""
        said = self._session.others.toggle()
        self._view.lines.forget()
        return said

    def help(self) -> None:
        """Show every key."""
        self._screen.questions.show_help()

    def palette(self) -> None:
        """Open the command palette."""
        from annotator.tui.palette import open_palette

        open_palette(self._screen)

    def quit(self) -> None:
        """Leave; everything is saved already."""
        self._screen.leave()
