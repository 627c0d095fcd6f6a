"""Picks a document of the project."""

from __future__ import annotations

from annotator.store.base import DocumentInfo
from annotator.tui.dialogs.picker import Choice, Picker, ranked
from annotator.workflow.annotate import AnnotateSession


class DocumentPicker(Picker[str]):
    """Picks a document (id) from those around the session's, or by letters of its name."""

    KEYS = "enter opens"

    def __init__(self, session: AnnotateSession) -> None:
        super().__init__("Documents", ())
        self._session = session

    def found(self, typed: str) -> list[Choice[str]]:
        """Asks the store anew for each letter."""
        here, who = self._session.document.id, self._session.annotator.id
        rows = self._session.store.documents_near(here, who, typed, self.LISTED)
        choices = [Choice(info.id, info.name, _note(info), is_name=True) for info in rows]
        return ranked(typed, choices)


def _note(info: DocumentInfo) -> str:
    suggested = f" · {info.suggested} suggested" if info.suggested else ""
    return f"{info.done}/{info.sentences} done · {info.spans} spans{suggested}"
