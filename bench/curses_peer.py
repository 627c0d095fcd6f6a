"""A small curses reader and labeller of the same text: the yardstick for the screen.

It paints sentences with their spans highlighted, moves by token, line and page, and on ``1``
commits one span row and one edit row with plain sqlite3 before it repaints; ``u`` takes it back.
Run as ``python bench/curses_peer.py DATABASE``; ``make_database`` prepares the file.
"""

from __future__ import annotations

import curses
import re
import sqlite3
import sys
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path

_TOKEN = re.compile(r"\w+|[^\w\s]")
_GUTTER = 8
_TABLES = """
create table document (text text not null);
create table sentence (start integer not null, end integer not null);
create table span (id integer primary key, start integer not null, end integer not null,
  label integer not null);
create index span_start on span (start);
create table edit (id integer primary key, time text not null, verb text not null,
  span integer not null, start integer not null, end integer not null);
"""

Line = tuple[int, int]
"""(sentence number, number of the visual line in it)"""


def make_database(
    path: Path, text: str, sentences: Iterable[Line], spans: Iterable[tuple[int, int, int]]
) -> None:
    """Write the file that the program opens; ranges are half-open in code points of ``text``."""
    with sqlite3.connect(path) as connection:
        connection.executescript(_TABLES)
        connection.execute("insert into document values (?)", (text,))
        connection.executemany("insert into sentence values (?, ?)", sentences)
        connection.executemany("insert into span (start, end, label) values (?, ?, ?)", spans)
    connection.close()


class Peer:
    """The document, the cursor and the window; nothing outside of the window is ever laid out."""

    def __init__(self, window: curses.window, path: str) -> None:
        self._window = window
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("pragma journal_mode = delete")
        self._db.execute("pragma synchronous = extra")
        self._text: str = self._db.execute("select text from document").fetchone()[0]
        query = "select start, end from sentence order by start"
        self._sentences: list[tuple[int, int]] = self._db.execute(query).fetchall()
        self._starts = [start for start, _ in self._sentences]
        self._spans: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for start, end, label in self._db.execute("select start, end, label from span"):
            self._spans[self._sentence_at(start)].append((start, end, label))
        self._laid_out: dict[int, tuple[list[tuple[int, int]], list[tuple[int, int]]]] = {}
        self._undo: list[tuple[int, int, int]] = []
        rows, columns = window.getmaxyx()
        self._rows, self._width = rows - 1, columns - _GUTTER - 1
        self._top: Line = (0, 0)
        self._cursor = (0, 0)

    def run(self) -> None:
        """Read keys until ctrl+q."""
        actions: dict[str, Callable[[], None]] = {
            "KEY_RIGHT": lambda: self._move(1),
            "KEY_LEFT": lambda: self._move(-1),
            "KEY_DOWN": lambda: self._lines(1),
            "KEY_UP": lambda: self._lines(-1),
            "KEY_NPAGE": lambda: self._page(1),
            "KEY_PPAGE": lambda: self._page(-1),
            "kHOM5": lambda: self._go(0, 0),
            "kEND5": lambda: self._go(len(self._sentences) - 1, -1),
            "1": self._label,
            "u": self._take_back,
        }
        self._paint()
        while (name := curses.keyname(self._window.getch()).decode()) != "^Q":
            if name in actions:
                actions[name]()
                self._paint()

    def _layout(self, sentence: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """The sentence's tokens, and its visual lines, as ranges of the text."""
        found = self._laid_out.get(sentence)
        if found is None:
            if len(self._laid_out) > 2000:
                self._laid_out.clear()
            start, end = self._sentences[sentence]
            tokens = [m.span() for m in _TOKEN.finditer(self._text, start, end)]
            found = self._laid_out[sentence] = (tokens, self._wrap(start, end))
        return found

    def _wrap(self, start: int, end: int) -> list[tuple[int, int]]:
        lines = []
        while end - start > self._width:
            cut = self._text.rfind(" ", start, start + self._width + 1)
            cut = start + self._width if cut <= start else cut + 1
            lines.append((start, cut))
            start = cut
        return [*lines, (start, end)]

    def _sentence_at(self, offset: int) -> int:
        return max(bisect_right(self._starts, offset) - 1, 0)

    def _cursor_token(self) -> tuple[int, int]:
        sentence, token = self._cursor
        return self._layout(sentence)[0][token]

    def _cursor_line(self) -> Line:
        sentence = self._cursor[0]
        lines = self._layout(sentence)[1]
        starts = [start for start, _ in lines]
        return sentence, bisect_right(starts, self._cursor_token()[0]) - 1

    def _go(self, sentence: int, token: int) -> None:
        self._cursor = (sentence, token % len(self._layout(sentence)[0]))

    def _move(self, step: int) -> None:
        sentence, token = self._cursor
        if 0 <= token + step < len(self._layout(sentence)[0]):
            self._cursor = (sentence, token + step)
        elif 0 <= sentence + step < len(self._sentences):
            self._go(sentence + step, 0 if step > 0 else -1)

    def _next(self, line: Line, step: int) -> Line:
        """The visual line after (or before) this one; the same at the ends."""
        sentence, number = line
        if 0 <= number + step < len(self._layout(sentence)[1]):
            return sentence, number + step
        if not 0 <= sentence + step < len(self._sentences):
            return line
        return sentence + step, 0 if step > 0 else len(self._layout(sentence + step)[1]) - 1

    def _lines(self, step: int) -> None:
        here = self._cursor_line()
        column = self._cursor_token()[0] - self._layout(here[0])[1][here[1]][0]
        sentence, number = self._next(here, step)
        tokens, lines = self._layout(sentence)
        start, end = lines[number]
        starts = [token_start for token_start, _ in tokens]
        first, last = bisect_left(starts, start), bisect_left(starts, end) - 1
        self._cursor = (sentence, max(first, min(bisect_right(starts, start + column) - 1, last)))

    def _page(self, step: int) -> None:
        for _ in range(self._rows - 1):
            self._lines(step)
            self._top = self._next(self._top, step)

    def _label(self) -> None:
        start, end = self._cursor_token()
        self._db.execute("begin immediate")
        insert = "insert into span (start, end, label) values (?, ?, 2)"
        id = self._db.execute(insert, (start, end)).lastrowid or 0
        self._log("create", id, start, end)
        self._db.execute("commit")
        self._spans[self._cursor[0]].append((start, end, 2))
        self._undo.append((id, start, end))

    def _take_back(self) -> None:
        if not self._undo:
            return
        id, start, end = self._undo.pop()
        self._db.execute("begin immediate")
        self._db.execute("delete from span where id = ?", (id,))
        self._log("undo", id, start, end)
        self._db.execute("commit")
        self._spans[self._sentence_at(start)].remove((start, end, 2))

    def _log(self, verb: str, id: int, start: int, end: int) -> None:
        insert = (
            "insert into edit (time, verb, span, start, end)"
            " values (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?, ?, ?, ?)"
        )
        self._db.execute(insert, (verb, id, start, end))

    def _window_lines(self) -> list[Line]:
        """The lines on the screen, with the window moved so that the cursor is among them."""
        here = self._cursor_line()
        self._top = min(self._top, here)
        lines = self._lines_from(self._top)
        if here > lines[-1]:
            self._top = here
            for _ in range(self._rows - 1):
                self._top = self._next(self._top, -1)
            lines = self._lines_from(self._top)
        return lines

    def _lines_from(self, line: Line) -> list[Line]:
        lines = [line]
        while len(lines) < self._rows and (after := self._next(lines[-1], 1)) != lines[-1]:
            lines.append(after)
        return lines

    def _paint(self) -> None:
        lines = self._window_lines()
        self._window.erase()
        for row, (sentence, number) in enumerate(lines):
            gutter = f"{sentence + 1:6} │" if number == 0 else "       │"
            self._window.addstr(row, 0, gutter, curses.A_DIM)
            self._paint_line(row, self._layout(sentence)[1][number], self._spans[sentence])
        status = f" {self._cursor[0] + 1}/{len(self._sentences)}  saved "
        self._window.addstr(self._rows, 0, status, curses.A_REVERSE)
        self._window.refresh()

    def _paint_line(
        self, row: int, line: tuple[int, int], spans: Sequence[tuple[int, int, int]]
    ) -> None:
        start, end = line
        cursor = self._cursor_token()
        here = [s for s in spans if s[0] < end and s[1] > start]
        cuts = {start, end, *cursor, *(c for s in here for c in s[:2])}
        edges = sorted(c for c in cuts if start <= c <= end)
        for left, right in pairwise(edges):
            style = curses.A_NORMAL
            for span_start, span_end, label in here:
                if span_start <= left and right <= span_end:
                    style = curses.A_UNDERLINE | curses.color_pair(label + 1)
            if cursor[0] <= left and right <= cursor[1]:
                style |= curses.A_REVERSE
            self._window.addstr(row, _GUTTER + left - start, self._text[left:right], style)


def main(window: curses.window) -> None:
    """Set colours up and run until the quit key."""
    curses.raw()
    curses.curs_set(0)
    curses.use_default_colors()
    for pair, colour in ((1, curses.COLOR_GREEN), (2, curses.COLOR_CYAN), (3, curses.COLOR_BLUE)):
        curses.init_pair(pair, colour, -1)
    Peer(window, sys.argv[1]).run()


if __name__ == "__main__":
    curses.wrapper(main)
