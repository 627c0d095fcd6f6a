"""What other annotators make of the document that is open: to be seen, never to be changed."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.core.annotation import Span
from annotator.core.annotation_set import AnnotationSet
from annotator.core.edits import Change
from annotator.errors import RuleError
from annotator.store.base import Store

SEE_OTHERS = "see-others"


class Others:
    """The spans of all annotators but one in one document; none while they are not shown."""

    def __init__(self, store: Store, document: str, annotator: str) -> None:
        self._store = store
        self._document = document
        self._annotator = annotator
        self._names: dict[str, str] = {}
        self._spans = AnnotationSet()
        self.shown = False

    def toggle(self) -> str:
        """Show them or no longer. Raises RuleError where the project does not allow it."""
        if self.shown:
            self._hide()
            return "others' annotations are hidden"
        if not self._allowed():
            raise RuleError(
                "this project keeps its annotators apart",
                f"The lead may allow it: annotator settings {SEE_OTHERS} on.",
            )
        self.show()
        by = sorted({self.name_of(span) for span in self._spans.spans.values()})
        return f"seen, not touched: {', '.join(by)}" if by else "nobody else has spans here yet"

    def show(self) -> None:
        """Show them, where the project allows it."""
        self.shown = self._allowed()
        if not self.shown:
            return
        for who in self._store.annotators_of(self._document):
            if who.id != self._annotator:
                for span in self._store.annotations(self._document, who.id).spans:
                    self._spans.add(span)

    def spans_in(self, start: int, end: int) -> list[Span]:
        """Others' spans that overlap [start, end), in code points; none while hidden."""
        return self._spans.spans_in(start, end) if self.shown else []

    def name_of(self, span: Span) -> str:
        """Who made it."""
        if span.annotator not in self._names:
            self._names = {a.id: a.name for a in self._store.annotators()}
        return self._names.get(span.annotator, "?")

    def take_in(self, changes: Iterable[Change]) -> bool:
        """Bring what is shown up to date with changes that were written; whether any was seen."""
        if not self.shown:
            return False
        seen = False
        for change in changes:
            record = change.record
            if isinstance(record, Span) and record.annotator != self._annotator:
                held = self._spans.spans.get(record.id)
                if held is not None:
                    self._spans.remove(held)
                if change.after is not None:
                    self._spans.add(change.after)
                seen = True
        return seen

    def stay_allowed(self) -> bool:
        """Hide them where the project no longer allows it; whether that was so."""
        if not self.shown or self._allowed():
            return False
        self._hide()
        return True

    def _allowed(self) -> bool:
        return self._store.setting(SEE_OTHERS) == "on"

    def _hide(self) -> None:
        self.shown = False
        self._spans = AnnotationSet()
