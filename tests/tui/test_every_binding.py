"""Every binding of the registry: pressed, seen to do what it should, and found in the file."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from binding_cases import COMMAND_CASES, GOING, IN_MODES, IN_WINDOWS, KEY, QUITTING, TERMS
from binding_world import (
    SIZE,
    Play,
    binding_project,
    cursor_stored,
    every_case,
    plays,
    stored,
)
from screen_driver import Driver, Running, key_event
from session_state import assert_saved
from textual.binding import Binding
from textual.events import MouseScrollDown

from annotator.core.commands import BY_ID, COMMANDS
from annotator.core.query import FIELDS, FLAGGED
from annotator.tui import dialogs
from annotator.tui.dialogs.attribute_menu import DOUBT, AttributeMenu
from annotator.tui.dialogs.dialog import Dialog
from annotator.tui.going import Going
from annotator.tui.modes import BoundaryMode, JumpMode, LinkMode
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.search_mode import SearchMode
from annotator.tui.widgets.document_list import KEYS

MODES = {JumpMode: "jump", LinkMode: "tie to", BoundaryMode: "boundaries", SearchMode: "search"}


def bindings(cases: tuple[object, ...]) -> set[str]:
    return {case.binding for case in cases}  # type: ignore[attr-defined]


def test_every_command_has_a_case_that_presses_its_key_and_every_case_a_command() -> None:
    assert bindings((*COMMAND_CASES, QUITTING)) == {command.id for command in COMMANDS}
    for case in (*COMMAND_CASES, QUITTING):
        assert KEY in case.keys.split(), case.binding


def test_every_term_of_a_search_has_a_case() -> None:
    terms = (*FIELDS, FLAGGED, "words", "phrase", "regex")
    assert bindings(TERMS) == {f"term {term}" for term in terms}


def test_every_key_of_every_window_has_a_case() -> None:
    for module in iter_modules(dialogs.__path__):
        import_module(f"{dialogs.__name__}.{module.name}")
    assert bindings(IN_WINDOWS) == {*_keys_of_windows(Dialog), f"{AttributeMenu.__name__} {DOUBT}"}


def _keys_of_windows(kind: type) -> Iterator[str]:
    for window in kind.__subclasses__():
        if window.__module__.startswith("annotator."):
            for binding in vars(window).get("BINDINGS", ()):
                keys = binding.key if isinstance(binding, Binding) else binding[0]
                yield from (f"{window.__name__} {_name(key)}" for key in keys.split(","))
        yield from _keys_of_windows(window)


def _name(key: str) -> str:
    return {"question_mark": "?"}.get(key, key)


class Player:
    """Plays cases of the table on a running screen."""

    def __init__(self, driver: Driver, path: Path) -> None:
        self._d = driver
        self._path = path

    async def wrong(self, play: Play) -> list[str]:
        """Play it; gives what is not as the table says."""
        d, case = self._d, play.case
        d.open(play.name)
        if case.given == "doubts":
            d.session.stepping.doubts = {d.session.sentences[4].id: 0.5}
        await self._do(play.keys)
        rows, found = d.shown(), stored(self._path, play)
        assert_saved(d.session)
        wrong = [
            f"{words!r} is not shown"
            for words in case.shows
            if not any(words in row for row in rows)
        ]
        if case.hides and any(case.hides in row for row in rows):
            wrong.append(f"{case.hides!r} is shown")
        if found != list(case.stored):
            wrong.append(f"stored is {found}")
        if play.then or d.dialog is not None or d.screen._mode is not None:
            await self._do([*play.then, "escape", "escape"])
        assert d.dialog is None
        d.screen.last_place.remember()
        ahead = cursor_stored(self._path, play)
        if not ahead.startswith(case.cursor):
            wrong.append(f"the cursor is on {ahead[:20]!r}")
        return ["\n".join((f"{play.name} by {play.key}: {', '.join(wrong)}", *rows))] * bool(wrong)

    async def _do(self, keys: list[str]) -> None:
        d = self._d
        for key in keys:
            what, _, words = key.partition(":")
            if not words or len(key) == 1:
                d.app.post_message(key_event(key))
                continue
            await d.settle()
            await self._mouse(what, words)
        await d.worked()

    async def _mouse(self, what: str, words: str) -> None:
        pilot, (first, _, last) = self._d.pilot, words.partition(":")
        at = self._d.cell_on_screen(first)
        if what == "drag":
            await pilot.mouse_down(offset=at)
            await pilot.hover(offset=self._d.cell_on_screen(last))
            await pilot.mouse_up(offset=self._d.cell_on_screen(last))
        elif what == "wheel":
            await pilot._post_mouse_events([MouseScrollDown], offset=at)
        else:
            times = {"double": 2, "triple": 3}.get(what, 1)
            await pilot.click(offset=at, times=times, button=3 if what == "right" else 1)


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """The keys that modes and the go-to menu offer while the table is played."""
    found: dict[str, set[str]] = {"modes": set(), "going": set()}
    bring_up_to_date, rows = AnnotateScreen.bring_up_to_date, Going._rows

    def watched(screen: AnnotateScreen, *, follow: bool = True) -> None:
        bring_up_to_date(screen, follow=follow)
        mode = screen._mode
        if mode is not None:
            found["modes"] |= {
                f"{MODES[type(mode)]}: {k} {title}" for k, title in mode.keys if title
            }

    def watched_rows(going: Going) -> list[object]:
        made = rows(going)
        found["going"] |= {f"go {row.key}" for row in made}
        return made

    monkeypatch.setattr(AnnotateScreen, "bring_up_to_date", watched)
    monkeypatch.setattr(Going, "_rows", watched_rows)
    return found


async def test_every_binding_does_what_it_should_and_it_is_stored(
    running: Running, tmp_path: Path, news_source: str, offered: dict[str, set[str]]
) -> None:
    path = tmp_path / "bindings.db"
    played = list(plays(every_case(news_source)))
    with binding_project(path, news_source, played) as store:
        async with running(played[0].name, on=store, size=SIZE) as d:
            player = Player(d, path)
            wrong = [words for play in played for words in await player.wrong(play)]
            assert not wrong, "\n\n".join(wrong)
    of_list = {f"documents: {key} {title}" for key, title in KEYS}
    assert bindings(IN_MODES) == offered["modes"] | of_list
    assert bindings(GOING) == offered["going"]


@pytest.mark.parametrize("key", BY_ID[QUITTING.binding].keys)
async def test_quitting_stores_what_was_pressed_before_and_the_place(
    running: Running, tmp_path: Path, news_source: str, key: str
) -> None:
    path = tmp_path / "bindings.db"
    (play,) = plays([QUITTING])
    with binding_project(path, news_source, [play]) as store:
        async with running(play.name, on=store) as d:
            for part in play.keys:
                d.app.post_message(key_event(part))
            await d.settle()
            assert not d.app.is_running
            assert d.app.return_code == 0
    assert stored(path, play) == list(QUITTING.stored)
    assert cursor_stored(path, play).startswith(QUITTING.cursor)


@pytest.mark.torture
async def test_without_its_key_no_case_comes_out_as_it_should(
    running: Running, tmp_path: Path, news_source: str
) -> None:
    path = tmp_path / "bindings.db"
    played = [play.without() for play in plays(COMMAND_CASES)]
    with binding_project(path, news_source, played) as store:
        async with running(played[0].name, on=store, size=SIZE) as d:
            player = Player(d, path)
            same = [play.name for play in played if not await player.wrong(play)]
            assert not same
