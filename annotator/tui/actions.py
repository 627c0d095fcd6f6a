"""What each command does, told to a session and its view: every one that is no move, and those too.

A command returns what it did in words, or nothing where the screen itself shows it; it raises
RuleError with the reason where it does nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from annotator.core.annotation import Relation, Span, Suggestion
from annotator.core.commands import Command
from annotator.core.schema import Label, Layer
from annotator.errors import RuleError
from annotator.tui.modes import BoundaryMode, LinkMode
from annotator.tui.moves import Moves, Outcome
from annotator.workflow.large_edit import LargeEdit
from annotator.workflow.suggestion_actions import name_of

if TYPE_CHECKING:
    from annotator.tui.app import AnnotatorApp
    from annotator.tui.arrivals import Arrivals


class Actions(Moves):
    """All commands of the annotation screen, by id."""

    def run(self, command: Command) -> Outcome:
        """Carry out a command."""
        action: Callable[[], Outcome] = getattr(self, command.id)
        return action()

    def label(self, layer: Layer, label: Label) -> Outcome:
        """Give a label."""
        return self._session.spans.label(layer, label)

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
            if suggestion is not None:
                self._arrivals.need_read([suggestion])
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

    @property
    def _arrivals(self) -> Arrivals:
        return cast("AnnotatorApp", self._screen.app).engines.arrivals

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
        self._arrivals.need_read([suggestion])
        return answer(suggestion)

    def accept_sentence(self) -> Outcome:
        """Accept all that is suggested in the sentence."""
        suggestions = self._session.suggestions
        self._arrivals.need_read(suggestions.in_sentence)
        return suggestions.accept_sentence()

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
