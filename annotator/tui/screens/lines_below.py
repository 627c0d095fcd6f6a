"""What the lines below the document say: the keys that work, and what went wrong."""

from __future__ import annotations

from annotator.errors import AnnotatorError
from annotator.tui.keymap import Keymap
from annotator.tui.keys_now import keys_now, state_of
from annotator.tui.modes import Mode
from annotator.tui.widgets.document_list import KEYS
from annotator.tui.widgets.label_bar import LabelBar
from annotator.workflow.annotate import AnnotateSession


def show_keys(
    bar: LabelBar, session: AnnotateSession, keymap: Keymap, mode: Mode | None, *, lists: bool
) -> None:
    """The keys of the mode that is on, else of the document list where it has them (``lists``),
    else labels and what is in focus."""
    if mode is not None:
        bar.show_mode(mode.name, mode.keys)
        return
    if lists:
        bar.show_mode("documents", KEYS)
        return
    keys = keys_now(session, keymap)
    bar.show_labels(session.schema, state_of(session), keys, keymap.first_key_of("help"))


def in_words(error: AnnotatorError, keymap: Keymap) -> str:
    """An error in one line, its hint with the keys in force."""
    return f"{error.message.rstrip('.')}. {keymap.named(error.hint)}".rstrip(". ")
