"""Every command of the screen, with its default keys: the one registry.

Keymap, help screen, footer and palette are generated from it, and the schema is checked against
it, so that a label's key can never shadow a command. Key names are Textual's (``left``,
``ctrl+home``); a printable character stands for itself.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct


class Command(Struct, frozen=True):
    """One thing the screen can do.

    ``id`` is the stable name used in keymap files; ``keys`` the defaults; ``group`` the heading
    under which the help screen lists it.
    """

    id: str
    keys: tuple[str, ...]
    title: str
    group: str


def _c(group: str, *rows: tuple[str, str, str]) -> tuple[Command, ...]:
    return tuple(Command(i, tuple(keys.split()), title, group) for i, keys, title in rows)


COMMANDS: Final[tuple[Command, ...]] = (
    *_c(
        "Move",
        ("token_left", "left h", "token left"),
        ("token_right", "right l", "token right"),
        ("line_up", "up", "line up"),
        ("line_down", "down", "line down"),
        ("sentence_next", "j", "next sentence"),
        ("sentence_previous", "k", "previous sentence"),
        ("line_start", "home", "start of the line"),
        ("line_end", "end", "end of the line"),
        ("document_start", "ctrl+home", "start of the document"),
        ("document_end", "ctrl+end", "end of the document"),
        ("page_up", "pageup", "page up"),
        ("page_down", "pagedown", "page down"),
        ("candidate_next", "w", "next candidate"),
        ("candidate_previous", "b", "previous candidate"),
        ("jump", "f", "jump to a token by its first letter"),
        ("annotation_next", "tab", "next annotation or suggestion"),
        ("annotation_previous", "shift+tab", "previous annotation or suggestion"),
        ("document_previous", "[", "previous document"),
        ("document_next", "]", "next document"),
        ("search", "/", "search: words, /regex/, label: actor: note: flagged"),
        ("queue_next", "f3", "next match, or place of the queue"),
        ("queue_previous", "shift+f3", "previous match, or place of the queue"),
        ("go_to", "g", "go to: documents, checks, flagged, actors, statistics …"),
    ),
    *_c(
        "Select",
        ("select_left", "shift+left", "extend by a token to the left"),
        ("select_right", "shift+right", "extend by a token to the right"),
        ("select_up", "shift+up", "extend by a line up"),
        ("select_down", "shift+down", "extend by a line down"),
        ("anchor", "v", "start or end a selection"),
        ("grow", "x", "grow: token → run → phrase → quote → clause → sentence → paragraph"),
        ("shrink", "z", "shrink the selection again"),
        ("clear", "escape", "give up the selection or the mode"),
    ),
    *_c(
        "Annotate",
        ("pick", "enter", "pick a label; on an annotation: its attributes"),
        ("boundaries", "e", "edit the boundaries of the focused span"),
        ("add_fragment", "+", "add the selection to the focused span"),
        ("delete", "d delete", "delete the focused annotation"),
        ("link", "a", "link the focused span"),
        ("mention", "m", "name the actor the span mentions"),
        ("note", ";", "write a note"),
        ("flag", "!", "flag what the guideline leaves open; again: unflag"),
        ("undo", "u", "undo"),
        ("redo", "U ctrl+r", "redo"),
        ("history", "ctrl+l", "history of the annotation or document; bring back what is gone"),
    ),
    *_c(
        "Suggestions",
        ("accept", "y", "accept the suggestion that is next in the sentence"),
        ("reject", "n", "reject the suggestion that is next, for good"),
        ("accept_sentence", "=", "accept all that is suggested in the sentence"),
        ("propagate", "*", "suggest the same for the same words; again: in every document"),
        ("unsure_next", "ctrl+n", "to the sentence that engines are most unsure of, then the next"),
        ("threshold_down", "<", "show less certain suggestions of the layer too"),
        ("threshold_up", ">", "hide the less certain suggestions of the layer"),
    ),
    *_c(
        "Sentence",
        ("sentence_done", "space", "sentence done, on to the next one not done"),
        ("split_sentence", "|", "split the sentence at the cursor"),
        ("merge_sentence", "&", "merge the sentence with the next"),
    ),
    *_c(
        "View",
        ("toggle_documents", "ctrl+d", "document list: keys to it, or away"),
        ("toggle_inspector", "i", "inspector on or off"),
        ("toggle_lanes", "t", "lanes or compact"),
        ("toggle_others", "ctrl+o", "see what other annotators made here, or no longer"),
        ("help", "?", "help"),
        ("palette", "ctrl+p", "command palette"),
        ("quit", "ctrl+q", "quit"),
    ),
)

BY_ID: Final = {command.id: command for command in COMMANDS}

_IN_MODES: Final = {",": "edge one character left", ".": "edge one character right"}

RESERVED: Final[dict[str, str]] = {
    **{key: command.title for command in COMMANDS for key in command.keys if len(key) == 1},
    **_IN_MODES,
    " ": BY_ID["sentence_done"].title,
}
"""Printable characters that no schema may use as a key → what they do."""
