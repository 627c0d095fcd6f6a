"""The bindings' table in a real pseudo-terminal: the essentials are the same in both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
from binding_cases import BY_MOUSE, COMMAND_CASES, QUITTING, Case
from binding_world import SIZE, Play, binding_project, cursor_stored, every_case, plays, stored
from emulator import Terminal, command_line

_ESCAPE = "\x1b[27u"
"""The key alone: a plain escape might begin what is typed behind it."""
_BYTES = {
    "enter": "\r", "space": " ", "tab": "\t", "escape": _ESCAPE, "shift+tab": "\x1b[Z",
    "left": "\x1b[D", "right": "\x1b[C", "up": "\x1b[A", "down": "\x1b[B", "home": "\x1b[H",
    "end": "\x1b[F", "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "ctrl+home": "\x1b[1;5H",
    "ctrl+end": "\x1b[1;5F", "shift+left": "\x1b[1;2D", "shift+right": "\x1b[1;2C",
    "shift+up": "\x1b[1;2A", "shift+down": "\x1b[1;2B", "f3": "\x1bOR", "shift+f3": "\x1b[1;2R",
    "delete": "\x1b[3~",
}  # fmt: skip
_BUTTONS = {"click": (0, 1), "double": (0, 2), "triple": (0, 3), "right": (2, 1)}


def test_every_command_and_the_mouse_in_a_real_terminal(tmp_path: Path, root: Path) -> None:
    source = (root / "schemas" / "news.toml").read_text("utf-8")
    _play_all(tmp_path / "bindings.db", source, [*COMMAND_CASES, *BY_MOUSE])


@pytest.mark.torture
def test_the_whole_table_in_a_real_terminal(tmp_path: Path, root: Path) -> None:
    source = (root / "schemas" / "news.toml").read_text("utf-8")
    _play_all(tmp_path / "bindings.db", source, every_case(source))


def _play_all(path: Path, source: str, cases: list[Case]) -> None:
    played = list(plays([*(case for case in cases if case.given != "doubts"), QUITTING]))
    binding_project(path, source, played).close()
    terminal = Terminal(command_line(path, "annotate", played[0].name), *SIZE)
    *others, quitting = played
    for play, following in zip(others, [*others[1:], quitting], strict=True):
        _play(terminal, path, play)
        terminal.type("]")
        terminal.until(lambda rows, name=following.name: f" {name}  sent" in rows[-1], "the next")
        assert cursor_stored(path, play).startswith(play.case.cursor), play.name
    for key in quitting.keys:
        terminal.type(_bytes(key))
    terminal.child.expect(pexpect.EOF)
    assert stored(path, quitting) == list(QUITTING.stored)
    assert cursor_stored(path, quitting).startswith(QUITTING.cursor)
    terminal.child.close()
    assert terminal.child.exitstatus == 0


def _play(terminal: Terminal, path: Path, play: Play) -> None:
    case = play.case
    terminal.until_shown(f" {play.name}  sent")
    _do(terminal, play.keys)
    for words in case.shows:
        terminal.until_shown(words)
    terminal.until(
        lambda rows: not case.hides or not any(case.hides in row for row in rows),
        f"{play.name} without {case.hides}",
    )
    terminal.until(
        lambda _: stored(path, play) == list(case.stored), f"{play.name}: {stored(path, play)}"
    )
    _do(terminal, [*play.then, "escape", "escape"])


def _do(terminal: Terminal, keys: list[str]) -> None:
    for key in keys:
        what, _, words = key.partition(":")
        if words and len(key) > 1:
            terminal.type("".join(_mouse(terminal, what, words)))
        else:
            terminal.type(_bytes(key))


def _bytes(key: str) -> str:
    if key.startswith("ctrl+") and len(key) == 6:
        return chr(ord(key[-1]) & 0x1F)
    return _BYTES.get(key, key)


def _mouse(terminal: Terminal, what: str, words: str) -> Iterator[str]:
    """The reports that a terminal makes of the mouse (SGR); cells count from 1."""
    first, _, last = words.partition(":")
    at = _cell(terminal, first)
    if what == "wheel":
        yield f"\x1b[<65;{at}M"
    elif what == "drag":
        to = _cell(terminal, last)
        yield f"\x1b[<0;{at}M\x1b[<32;{to}M\x1b[<0;{to}m"
    else:
        button, times = _BUTTONS[what]
        yield f"\x1b[<{button};{at}M\x1b[<{button};{at}m" * times


def _cell(terminal: Terminal, words: str) -> str:
    rows = terminal.until_shown(words)
    y = next(y for y, row in enumerate(rows) if words in row)
    return f"{rows[y].index(words) + 1};{y + 1}"
