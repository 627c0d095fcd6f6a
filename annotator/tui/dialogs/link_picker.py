"""Picks what to tie a span to: any span of the document, likeliest first, or an actor."""

from __future__ import annotations

from itertools import islice

from annotator.core.annotation import Span
from annotator.core.linking import Target
from annotator.core.page import around
from annotator.tui.dialogs.picker import Choice, Offer, Picker
from annotator.tui.search_mode import CROWDED
from annotator.workflow.annotate import AnnotateSession

_FREE, _TIED = "○ ", "● "


class LinkPicker(Picker[Target]):
    """What is tied already has a full circle: choosing it again unties."""

    PROMPT = "its words, label or sentence, or an actor’s name"

    def __init__(self, session: AnnotateSession, focus: Span) -> None:
        is_crowded = session.annotations.count > CROWDED or session.actors.are_many
        super().__init__(f"Tie {focus.label} to", self._all if is_crowded else ())
        self._session = session
        self._targets: list[Target] = []
        self._titles: list[str] = []
        self._tied = session.ties.tied(focus)
        if not is_crowded:
            self._all()

    def _all(self) -> Offer[Target]:
        """Read what there is; in a thread where that is much. ``found`` looks in it."""
        spans = self._session.ties.all_linkable()
        tied = [span for span in spans if span.id in self._tied]
        targets: list[Target] = [*spans[:1], *tied, *spans[1:]]
        targets = [*dict.fromkeys(targets), *self._session.ties.linkable_actors()]
        self._titles = [self._title_of(target).casefold() for target in targets]
        self._targets = targets
        return Offer(())

    def found(self, typed: str) -> list[Choice[Target]]:
        """Those that hold every word typed; the nearest, what is tied behind it, then the rest."""
        words = typed.casefold().split()
        rows = zip(self._targets, self._titles, strict=True)
        matching = (target for target, title in rows if all(word in title for word in words))
        return [self._choice(target) for target in islice(matching, self.LISTED)]

    def _title_of(self, target: Target) -> str:
        if isinstance(target, Span):
            return f"{target.text} {self._note(target)}"
        return " ".join((target.name, *target.aliases, self._note(target)))

    def _choice(self, target: Target) -> Choice[Target]:
        mark = _TIED if target.id in self._tied else _FREE
        if not isinstance(target, Span):
            about = ", ".join(target.aliases)
            return Choice(target, target.name, self._note(target), about, mark)
        about = around(self._session.document.text, target.start, target.end)
        return Choice(target, target.text, self._note(target), about, mark)

    def _note(self, target: Target) -> str:
        if isinstance(target, Span):
            sentence = self._session.reader.ordinal_at(target.start) + 1
            return f"{target.label} · sentence {sentence}"
        return f"actor · {target.kind}" if target.kind else "actor"
