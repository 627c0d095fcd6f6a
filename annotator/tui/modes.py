"""Modes: for a few keys, the keyboard means something else. Escape always leaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from annotator.core.annotation import Fragments, Span
from annotator.errors import RuleError
from annotator.tui.hints import assign
from annotator.tui.keymap import shown
from annotator.tui.painting import TIED
from annotator.tui.tying import tie

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen

Keys = tuple[tuple[str, str], ...]


class Mode(Protocol):
    """Takes each key while it is on. ``handle`` says whether it stays on, and what was done."""

    stays_on: bool
    """Whether it goes on after a key that it can do nothing with."""

    @property
    def name(self) -> str:
        """What the bar calls it."""

    @property
    def keys(self) -> Keys:
        """The keys that do something now, and what they do."""

    def handle(self, key: str) -> tuple[bool, str | None]:
        """Deal with a key (see ``keymap.key_name``). Raises RuleError where it can do nothing."""

    def leave(self) -> None:
        """Tidy up what the mode had put on the view."""


class JumpMode:
    """``f``: a character, then a hint letter on every token in sight that begins with it.

    A hint typed as a capital selects from there on, and one more character says up to where: to the
    next token that begins with it.
    """

    name = "jump"
    stays_on = False

    def __init__(self, screen: AnnotateScreen) -> None:
        self._screen = screen
        self._hints: dict[str, int] = {}
        self._typed = ""
        self._selects = False
        self.keys: Keys = (("a character", "that the word begins with"), ("esc", "give up"))

    def handle(self, key: str) -> tuple[bool, str | None]:
        """First the character, then the hint; after a capital, the selection's end."""
        if self._selects:
            self._select_to(key)
            return False, None
        if not self._hints:
            return self._search(key)
        self._typed += key
        hint = self._typed.casefold()
        if hint in self._hints:
            self._go(self._hints[hint])
            return self._start_selecting() if key != key.casefold() else (False, None)
        if any(known.startswith(hint) for known in self._hints):
            return True, None
        raise RuleError(f"no hint {self._typed}")

    def leave(self) -> None:
        """Take the hints off."""
        self._screen.view.set_hints(())

    def _search(self, key: str) -> tuple[bool, str | None]:
        screen = self._screen
        text, here = screen.session.document.text, screen.session.reader.cursor.start
        found = [
            start
            for start in screen.view.visible_tokens()
            if text[start].casefold() == key.casefold() and start != here
        ]
        if not found:
            raise RuleError(f"no word in sight begins with {shown(key)}")
        if len(found) == 1:
            self._go(found[0])
            return False, None
        found.sort(key=lambda start: abs(start - here))
        self._hints = assign(found)
        screen.view.set_hints(tuple((start, None, hint) for hint, start in self._hints.items()))
        self.keys = (
            ("a letter", "goes there"),
            ("a capital", "selects from there"),
            ("esc", "give up"),
        )
        return True, None

    def _start_selecting(self) -> tuple[bool, str | None]:
        reader = self._screen.session.reader
        if reader.anchor is None:
            reader.drop_anchor()
        self._selects = True
        self._screen.view.set_hints(())
        self.keys = (("a character", "that the last word begins with"), ("esc", "this word alone"))
        return True, None

    def _select_to(self, key: str) -> None:
        text, reader = self._screen.session.document.text, self._screen.session.reader
        for start in self._screen.view.visible_tokens():
            if start > reader.cursor.start and text[start].casefold() == key.casefold():
                reader.move_to(start, extend=True)
                return
        raise RuleError(f"no word in sight behind this one begins with {shown(key)}")

    def _go(self, offset: int) -> None:
        session = self._screen.session
        session.moved()
        session.reader.move_to(offset, extend=session.reader.anchor is not None)


class LinkMode:
    """``a``: a hint letter on every span in sight that the focused one may be tied to.

    A capital makes a relation of the two alone, where the letter would extend one or untie.
    """

    name = "tie to"
    stays_on = False

    def __init__(self, screen: AnnotateScreen) -> None:
        self._screen = screen
        self._typed = ""
        session = screen.session
        self._focus = session.need_focus()
        session.focus_id = self._focus.id
        start, end = screen.view.visible_range()
        targets = session.ties.linkable(start, end)
        if not targets and not session.ties.is_any_linkable():
            raise RuleError(
                f"nothing that {self._focus.label} may be tied to", "Label it first, then link."
            )
        self._hints = assign(targets, "sdfghjklqwertyuiopzxcvbnm")
        tied = session.ties.tied(self._focus)
        screen.view.set_hints(
            tuple((span.start, span.id, hint) for hint, span in self._hints.items()), tied
        )
        self.keys: Keys = (
            ("a letter", "ties"),
            *(((f"with {TIED}", "unties"),) if any(s.id in tied for s in targets) else ()),
            ("a", "beyond the screen"),
            ("a capital", "by a relation of its own"),
            ("esc", "give up"),
        )

    def handle(self, key: str) -> tuple[bool, str | None]:
        """A hint letter ties; ``a`` once more lists everything, likeliest first."""
        own = key != key.casefold()
        if key.casefold() == "a" and not self._typed:
            self._screen.questions.pick_link(self._focus, own=own)
            return False, None
        self._typed += key
        hint = self._typed.casefold()
        if hint in self._hints:
            return False, tie(self._screen, self._hints[hint], own=own)
        if any(known.startswith(hint) for known in self._hints):
            return True, None
        raise RuleError(f"no hint {self._typed}")

    def leave(self) -> None:
        """Take the hints off."""
        self._screen.view.set_hints(())


class BoundaryMode:
    """``e``: the arrows move one edge of the span; nothing is written before enter.

    It begins with the edge nearer to the cursor. Where both are as near, as on a span of one
    token, the first move decides: to the left is the start's, to the right the end's.
    """

    name = "boundaries"
    stays_on = True
    keys: Keys = (
        ("← →", "move the edge"),
        (", .", "by character"),
        ("tab", "other edge"),
        ("enter", "done"),
        ("esc", "give up"),
    )

    def __init__(
        self, screen: AnnotateScreen, span: Span, write: Callable[[Fragments], str]
    ) -> None:
        """``write`` takes the new fragments and says what was done; the focus stays as it is."""
        self._screen = screen
        self._span = span
        self._do_write = write
        self._start, self._end = span.start, span.end
        cursor = screen.session.reader.cursor
        to_start, to_end = cursor.start - span.start, span.end - cursor.end
        self._at_end = to_start >= to_end
        self._is_open = to_start == to_end
        self._show()

    def handle(self, key: str) -> tuple[bool, str | None]:
        """Move an edge, swap edges, or write the new boundaries."""
        if key == "enter":
            return False, self._write()
        if self._is_open and key in {"left", "h", ","}:
            self._at_end = False
        self._is_open = False
        if key == "tab":
            self._at_end = not self._at_end
        elif key in {"left", "h", "right", "l"}:
            self._move_by_token(1 if key in {"right", "l"} else -1)
        elif key in {",", "."}:
            self._move_to(self._edge() + (1 if key == "." else -1))
        else:
            raise RuleError(f"{shown(key)} does nothing here", "enter is done, esc gives up.")
        self._show()
        return True, None

    def leave(self) -> None:
        """Take the moved edges off the view."""
        self._screen.view.set_draft(None)

    def _edge(self) -> int:
        return self._end if self._at_end else self._start

    def _move_by_token(self, direction: int) -> None:
        reader = self._screen.session.reader
        edges = self._edges(reader.ordinal_at(max(self._edge() - 1, 0)))
        ahead = [e for e in edges if (e > self._edge() if direction > 0 else e < self._edge())]
        if not ahead:
            raise RuleError("this is the document's edge")
        self._move_to(min(ahead) if direction > 0 else max(ahead))

    def _edges(self, ordinal: int) -> list[int]:
        reader = self._screen.session.reader
        near = range(max(0, ordinal - 1), min(len(reader.sentences), ordinal + 2))
        tokens = [token for place in near for token in reader.tokens_of(place)]
        return [token.end if self._at_end else token.start for token in tokens]

    def _move_to(self, edge: int) -> None:
        start, end = (self._start, edge) if self._at_end else (edge, self._end)
        if not 0 <= start < end <= len(self._screen.session.document.text):
            raise RuleError("a span needs at least one character")
        self._start, self._end = start, end

    def _show(self) -> None:
        moved = replace(self._span, fragments=self._fragments())
        self._screen.view.set_draft(moved, self._edge())

    def _write(self) -> str:
        if (self._start, self._end) == (self._span.start, self._span.end):
            return "boundaries as they were"
        return self._do_write(self._fragments())

    def _fragments(self) -> Fragments:
        """The span's fragments as far as they lie between the edges, up to which they reach."""
        inner = [f for f in self._span.fragments if f[1] > self._start and f[0] < self._end]
        if not inner:
            inner = [(self._start, self._end)]
        inner[0] = (self._start, inner[0][1])
        inner[-1] = (inner[-1][0], self._end)
        return tuple(inner)
