"""A small curses reader and labeller of the same text: the yardstick for the screen.

It paints sentences with their spans highlighted, says what the span at the cursor is tied to, moves
by token, line and page, and on ``1`` commits one span row and one edit row with plain sqlite3
before it repaints; ``u`` takes it back.
Run as ``python bench/curses_peer.py DATABASE``; ``make_database`` prepares the file.
"""

from __future__ import annotations

import curses
import re
import sqlite3
import sys
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.news_text import NewsText

_TOKEN = re.compile(r"\w+|[^\w\s]")
_GUTTER = 8
_MADE = 3
"""What a label made here is, beside the kinds of ``news_text``."""
_TABLES = """
create table document (text text not null);
create table sentence (start integer not null, end integer not null);
create table span (id integer primary key, start integer not null, end integer not null,
  label integer not null);
create index span_start on span (start);
create table relation (claim integer not null, source integer not null);
create table edit (id integer primary key, time text not null, verb text not null,
  span integer not null, start integer not null, end integer not null);
"""

Line = tuple[int, int]
"""(sentence number, number of the visual line in it)"""


def make_database(path: Path, news: NewsText) -> None:
    """Write the file that the program opens."""
    with sqlite3.connect(path) as connection:
        connection.executescript(_TABLES)
        connection.execute("insert into document values (?)", (news.text,))
        connection.executemany("insert into sentence values (?, ?)", news.sentences)
        insert = "insert into span (id, start, end, label) values (?, ?, ?, ?)"
        connection.executemany(insert, ((n, *span) for n, span in enumerate(news.spans)))
        connection.executemany("insert into relation values (?, ?)", news.relations)
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
        self._ties: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        query = (
            "select a.start, a.end, b.start, b.end from relation"
            " join span a on a.id = relation.claim join span b on b.id = relation.source"
        )
        for a, b, c, d in self._db.execute(query):
            self._ties[a, b].append((c, d))
            self._ties[c, d].append((a, b))
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
        insert = "insert into span (start, end, label) values (?, ?, ?)"
        id = self._db.execute(insert, (start, end, _MADE)).lastrowid or 0
        self._log("create", id, start, end)
        self._db.execute("commit")
        self._spans[self._cursor[0]].append((start, end, _MADE))
        self._undo.append((id, start, end))

    def _take_back(self) -> None:
        if not self._undo:
            return
        id, start, end = self._undo.pop()
        self._db.execute("begin immediate")
        self._db.execute("delete from span where id = ?", (id,))
        self._log("undo", id, start, end)
        self._db.execute("commit")
        self._spans[self._sentence_at(start)].remove((start, end, _MADE))

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
        status = f" {self._cursor[0] + 1}/{len(self._sentences)}  {self._tied()}"
        status = f"{status[: self._width]}  saved "
        self._window.addstr(self._rows, 0, status, curses.A_REVERSE)
        self._window.refresh()

    def _tied(self) -> str:
        """The words that the spans at the cursor are tied to."""
        at = self._cursor_token()[0]
        here = [s[:2] for s in self._spans[self._cursor[0]] if s[0] <= at < s[1]]
        return " ".join(
            f"← {self._text[a:b]}" for span in here for a, b in self._ties.get(span, ())
        )

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
    colours = (curses.COLOR_GREEN, curses.COLOR_CYAN, curses.COLOR_YELLOW, curses.COLOR_BLUE)
    for pair, colour in enumerate(colours, 1):
        curses.init_pair(pair, colour, -1)
    Peer(window, sys.argv[1]).run()


if __name__ == "__main__":
    curses.wrapper(main)
