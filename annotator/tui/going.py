"""Where ``g`` goes: documents, queues of places, actors, statistics.

A module of its own, read when it is first asked for: lists take a while to load.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from annotator.core.annotation import Actor
from annotator.core.query import Query
from annotator.errors import RuleError
from annotator.tui.actor_questions import ActorQuestions
from annotator.tui.dialogs.document_picker import DocumentPicker
from annotator.tui.dialogs.key_menu import KeyMenu, MenuRow
from annotator.tui.dialogs.queue_picker import QueuePicker
from annotator.tui.dialogs.statistics import StatisticsScreen
from annotator.tui.search_mode import CROWDED
from annotator.workflow import queues
from annotator.workflow.queues import Found, Queue
from annotator.workflow.what_next import places

if TYPE_CHECKING:
    from annotator.suggest.ordering import Order
    from annotator.tui.app import AnnotatorApp
    from annotator.tui.screens.annotate import AnnotateScreen
    from annotator.workflow.learning import Learning

_LARGE = 500_000
"""Code points from which on a document is looked through in a thread."""
Going_ = Callable[[], None]


class Going:
    """The places one annotation screen goes to."""

    def __init__(self, screen: AnnotateScreen) -> None:
        self._screen = screen

    def menu(self) -> None:
        """Choose by a letter."""

        def chosen(go: Going_ | None) -> None:
            if go is not None:
                self._screen.then(go)

        self._screen.asking.ask(KeyMenu("Go to", self._rows()), chosen)

    def _rows(self) -> list[MenuRow[Going_]]:
        session = self._screen.session
        flagged = sum(
            made.flagged
            for group in (
                session.annotations.spans,
                session.annotations.relations,
                session.annotations.unit_labels,
            )
            for made in group.values()
        )
        not_done = len(session.sentences) - session.done_count
        rows = [
            MenuRow("d", self.documents, "documents", session.document.name,
                    "All of them, by letters of their names."),
            MenuRow("c", self.checks, "checks", "what is left out or at odds",
                    "Claims without a source, sources never used, quotes outside any claim, one"
                    " string labelled two ways, required attributes missing."),
            MenuRow("f", self.flagged, "flagged", f"{flagged} here",
                    "What the guideline left open, with its notes."),
            MenuRow("o", self.open_sentences, "sentences not done", f"{not_done} here"),
            MenuRow("a", self.actors, "actors", "who is mentioned, and where",
                    "Each with its names and mentions; to be renamed, and given aliases."),
            MenuRow("s", self.statistics, "statistics", "time, keys, labels, documents"),
        ]  # fmt: skip
        focus = session.focus
        ties = len(session.ties.tied(focus)) if focus is not None else 0
        if focus is not None and ties:
            note = f"{ties} of {focus.label}"
            rows.append(MenuRow("t", self.ties, "ties of the focus", note))
        if session.annotations.suggested.count:
            waiting = f"{session.annotations.suggested.count} here"
            rows.append(MenuRow("y", self.suggestions, "suggestions", waiting))
        if self._learning is not None:
            rows += [
                MenuRow("n", partial(self.to_do, "doubt"), "unsure sentences", "in every document",
                        "What engines are least sure of first: they learn most from it."),
                MenuRow("v", partial(self.to_do, "diversity"), "varied sentences",
                        "in every document", "What is most unlike the sentences done first."),
            ]  # fmt: skip
        if next(iter(session.store.conflicts()), None) is not None:
            note = "annotator merge --conflicts decides them"
            rows.append(MenuRow("m", self.conflicts, "conflicts that a merge left", note))
        return rows

    # -- documents -------------------------------------------------------------------------------

    def documents(self) -> None:
        """Choose a document to open."""

        def chosen(document: str | None) -> None:
            if document is not None and document != self._screen.session.document.id:
                self._screen.then(lambda: self._screen.open_document(document))

        self._screen.asking.ask(DocumentPicker(self._screen.session), chosen)

    def actors(self) -> None:
        """Who there is in the project."""
        ActorQuestions(self._screen, self).pick()

    def actor(self, actor: Actor) -> None:
        """What to do with one of them."""
        ActorQuestions(self._screen, self).about(actor)

    def statistics(self) -> None:
        """Time, keys, labels, documents."""
        self._screen.app.push_screen(StatisticsScreen(self._screen.session))

    # -- queues ----------------------------------------------------------------------------------

    def checks(self) -> None:
        """What the checks find."""
        store, who = self._screen.session.store, self._screen.session.annotator.id
        self.pick(queues.checks_queue(), queues.project_checks_queue(store, who))

    def flagged(self) -> None:
        """What is flagged as doubtful."""
        self.pick(queues.flagged_queue())

    def open_sentences(self) -> None:
        """Sentences not done."""
        self.pick(queues.open_sentences_queue())

    def suggestions(self) -> None:
        """Suggestions that wait."""
        self.pick(queues.suggestions_queue())

    @property
    def _learning(self) -> Learning | None:
        return cast("AnnotatorApp", self._screen.app).engines.learning

    def to_do(self, by: Order) -> None:
        """Sentences not done, in the order in which they teach engines most."""
        learning = self._learning
        assert learning is not None, "without engines the menu offers no such order"

        def everywhere() -> Iterator[Found]:
            return places(learning.what_next(by))

        title = "unsure sentences" if by == "doubt" else "varied sentences"
        self.pick(queues.to_do_queue(title, everywhere), wide=True)

    def ties(self) -> None:
        """What the focused span is tied to."""
        self.pick(queues.ties_queue(self._screen.session.need_focus()))

    def conflicts(self) -> None:
        """What merges left to decide."""
        self.pick(queues.conflicts_queue(self._screen.session.store), wide=True)

    def search_project(self, query: Query) -> None:
        """All that a query finds in the project."""
        self.pick(queues.search_queue(query), wide=True)

    def pick(self, queue: Queue, wide_queue: Queue | None = None, *, wide: bool = False) -> None:
        """Choose among the places of a queue; F3 goes on from there."""
        screen, project_queue = self._screen, wide_queue or queue
        session = screen.session
        is_large = len(session.document.text) > _LARGE or session.annotations.count > CROWDED
        stops = None if wide or is_large else screen.steps.find(queue)
        picker = QueuePicker(screen.session, queue, project_queue, stops, wide=wide)

        def chosen(index: int | None) -> None:
            if index is None:
                return
            picked = picker.picked(index)
            used = project_queue if picked.of_project else queue

            def go() -> None:
                if not 0 <= picked.index < len(picked.stops):
                    raise RuleError("that place is gone")
                screen.steps.start(used, picked.stops, of_project=picked.of_project)
                screen.steps.go(min(picked.index, len(screen.steps.stops) - 1))

            screen.then(go)

        screen.asking.ask(picker, chosen)
