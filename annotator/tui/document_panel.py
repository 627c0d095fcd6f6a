"""The document list beside the text: when it is shown, and who has the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.tui.widgets.document_list import DocumentList

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen

WIDTH, WIDE = 36, 60
"""Cells of the list; on a narrow screen it takes half, on a wide one more."""
WIDE_FROM = 160
STAYS_FROM = 110
"""Screens of at least so many cells keep it beside the text once a document is chosen."""


class DocumentPanel:
    """One key shows the list and gives it the keys, and once more takes it away."""

    def __init__(self, screen: AnnotateScreen) -> None:
        self._screen = screen
        self.list = DocumentList(self._chosen, self.press, id="documents")
        self.list.display = self.list.can_focus = False

    def toggle(self) -> None:
        """Show it with the keys; with the keys already, hide it."""
        if self.list.has_keys:
            self._hide()
            return
        self.list.display = self.list.can_focus = True
        self.show()
        self._screen.set_focus(self.list)
        self.list.give_keys()

    def show(self) -> None:
        """Bring it up to date, where it is seen."""
        if self.list.display:
            self.list.show_session(self._screen.session)

    def fit(self, room: int) -> None:
        """As wide as a screen of so many cells allows."""
        self.list.styles.width = WIDE if room >= WIDE_FROM else min(WIDTH, room // 2)

    def _hide(self) -> None:
        self._to_text()
        self.list.display = self.list.can_focus = False

    def _to_text(self) -> None:
        self._screen.set_focus(self._screen.view)
        self.list.take_keys()

    def press(self, key: str) -> None:
        """A key, wherever it arrived: the focus follows later than keys are typed.

        Of the list's own the one that toggles takes it away.
        """
        command = self._screen.keymap.command(key)
        if not self.list.has_keys:
            self._screen.press(key)
        elif command is not None and command.id == "toggle_documents":
            self._hide()
            self._screen.bring_in()
        else:
            self.list.press(key)

    def _chosen(self, document: str | None) -> None:
        screen = self._screen
        self._to_text()
        if screen.app.size.width < STAYS_FROM:
            self._hide()
        if document is not None and document != screen.session.document.id:
            screen.then(lambda: screen.open_document(document))
        else:
            screen.bring_in()
