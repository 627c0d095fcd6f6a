"""Modes, questions, the mouse, and other documents, on the whole screen."""

from __future__ import annotations

from pathlib import Path

from screen_driver import MANY, Driver, Running
from session_state import ARTICLE, new_document, project, stored_rows
from textual.containers import VerticalScroll
from textual.events import MouseScrollDown, MouseScrollUp, Paste
from textual.widgets import Input

from annotator.core.annotation import Span
from annotator.errors import BusyError
from annotator.store.sqlite.store import SqliteStore
from annotator.tui.themes import THEMES


def hint_of(d: Driver, span: Span) -> str:
    return next(letters for _, id, letters in d.view._hints if id == span.id)


async def tie_by_its_hint(d: Driver, span: Span, *, capital: bool = False) -> None:
    await d.press("a")
    hint = hint_of(d, span)
    await d.press(hint.upper() if capital else hint)


async def test_ties_by_a_hint_in_lanes_and_in_compact(running: Running, path: Path) -> None:
    async with running() as d:
        source = d.label("Talal Sillo", "s")
        claim = d.label("the operation had begun", "c")
        await d.press("a")
        letter = hint_of(d, source)
        assert any(f"╰{letter}" in row or letter in row[7:8] for row in d.rows())
        await d.press(letter)
        assert stored_rows(path, "SELECT claim, source FROM attribution") == [
            (claim.text, source.text)
        ]
        assert any("← s1" in row for row in d.rows())
        await d.press("t", "a")
        row = next(r for r in d.rows() if "lal Sillo" in r)
        assert f"{hint_of(d, source)}●lal Sillo" in row, "in compact the hint is on the text"
        await d.press(hint_of(d, source))
        assert "no longer tied" in d.said
        assert not d.session.annotations.relations


async def test_ties_beyond_the_screen(running: Running) -> None:
    async with running("many.txt", size=(80, 20)) as d:
        d.select("Sentence 0")
        d.screen.press("s")
        source = d.focus
        start = MANY.index("“so”", MANY.index("Sentence 50"))
        d.session.reader.select(start, start + 4)
        d.screen.press("c")
        claim = d.focus
        await d.press("a", "a")
        assert d.dialog is not None
        assert "○ Sentence 0" in d.options[0]
        assert "SOURCE · sentence 1" in d.options[0]
        await d.press(*"sentence 1", "enter")
        (relation,) = d.session.annotations.relations.values()
        assert {a.target for a in relation.arguments} == {source.id, claim.id}
        assert d.focus.id == claim.id
        row = next(row for row in d.rows() if "CLAIM" in row or "c1" in row)
        assert "c1" in row
        await d.press("a")
        assert "unties" not in d.screen.bar.plain, "what is tied is not in sight"
        await d.press("a")
        assert "● Sentence 0" in d.options[0], "what is tied already is told"
        await d.press("enter")
        assert "no longer tied" in d.said


async def test_the_other_end_of_a_tie_is_told_where_it_is_far(running: Running, path: Path) -> None:
    async with running("many.txt", size=(160, 20)) as d:
        source = d.label("Sentence 0", "s")
        start = MANY.index("Sentence 50")
        d.session.reader.select(start, MANY.index("Sentence 51") - 2)
        d.screen.press("c")
        await d.press("a", "a", "enter")
        assert any("CLAIM c1 ← s1 (1)" in row for row in d.rows())
        assert "  source: Sentence 0 · sentence 1" in [
            line.text for line in d.screen.inspector.lines
        ]
        await d.press("g", "t")
        assert "2 here" in d.title
        await d.press("enter")
        assert d.focus.id == source.id
        d.type("f3")
        assert d.session.reader.ordinal == 50
        assert "ties of CLAIM 2 of 2" in d.said
        assert stored_rows(path, "SELECT source FROM attribution") == [("Sentence 0",)]


async def test_what_is_tied_is_marked_among_the_hints(running: Running) -> None:
    async with running() as d:
        source = d.label("Talal Sillo", "s")
        cue = d.label("said", "q")
        d.label("the operation had begun", "c")
        await d.press("a")
        await d.press(hint_of(d, source))
        await d.press("a")
        letter = hint_of(d, source)
        assert any(f"╰{letter}●" in row or f"{letter}●" in row for row in d.rows())
        assert f"{hint_of(d, cue)}●" not in "".join(d.rows())
        assert "with ● unties" in d.screen.bar.plain
        await d.press(letter)
        assert "no longer tied" in d.said


async def test_an_actor_answers_where_no_words_do(running: Running, path: Path) -> None:
    async with running(size=(170, 20)) as d:
        d.label("Talal Sillo", "1")
        await d.press("m", *"Sillo", "enter")
        claim = d.label("the operation had begun", "c")
        await d.press("a", "a")
        assert d.options[0].startswith("○ Sillo")
        assert "actor" in d.options[0]
        await d.press(*"sil", "enter")
        assert "attribution: CLAIM – Sillo" in d.said
        assert stored_rows(path, "SELECT source, source_actor FROM attribution") == [
            ("Sillo", "Sillo")
        ]
        assert any("CLAIM c1 ← @Sillo" in row for row in d.rows())
        d.label("said", "q")
        await d.press("a", "a", *"sil")
        assert d.options == ["nothing matches"], "a cue is tied to claims only"
        await d.press("escape")
        d.session.choose(claim)
        await d.press("a", "a", *"sil", "enter")
        assert "no longer tied: CLAIM – Sillo" in d.said
        assert stored_rows(path, "SELECT count(*) FROM relation") == [(0,)]
        await d.press("u")
        assert stored_rows(path, "SELECT source FROM attribution") == [("Sillo",)]


async def test_a_capital_hint_makes_a_relation_of_its_own(running: Running, path: Path) -> None:
    async with running() as d:
        source = d.label("Talal Sillo", "s")
        cue = d.label("said", "q")
        claim = d.label("the operation had begun", "c")
        attributions = "SELECT source, cue FROM attribution ORDER BY id"
        await tie_by_its_hint(d, source)
        await tie_by_its_hint(d, cue, capital=True)
        assert stored_rows(path, attributions) == [(source.text, None), (None, cue.text)]
        await tie_by_its_hint(d, source, capital=True)
        assert len(stored_rows(path, attributions)) == 3, "though they are tied already"
        assert d.focus.id == claim.id
        await tie_by_its_hint(d, source)
        assert stored_rows(path, attributions) == [(source.text, None), (None, cue.text)]
        await d.press("a", "A", *"said", "enter")
        assert [row[1] for row in stored_rows(path, attributions)] == [None, cue.text, cue.text]
        await d.press("u")
        d.session.choose(cue)
        await tie_by_its_hint(d, source, capital=True)
        assert "CUE and SOURCE alone make no relation" in d.said
        assert len(stored_rows(path, attributions)) == 2


async def test_a_wrong_hint_gives_up_and_says_so(running: Running) -> None:
    async with running() as d:
        d.label("Talal Sillo", "s")
        d.label("the operation had begun", "c")
        await d.press("a", "Z")
        assert "no hint Z" in d.said
        assert d.view._hints == ()
        d.at("SDF")
        await d.press("3", "a")
        assert "nothing that GROUP may be tied to" in d.said


async def test_jumping(running: Running) -> None:
    async with running() as d:
        await d.press("f", "r")
        assert d.word == "Raqqa", "the only one goes at once"
        await d.press("f", "s")
        words = {ARTICLE[o : o + 3] for o, _, _ in d.view._hints}
        assert words == {"Sil", "spo", "SDF", "sai", "saw"}
        await d.press(next(h for o, _, h in d.view._hints if ARTICLE.startswith("SDF", o)))
        assert d.word == "SDF"
        await d.press("f", "left")
        assert "no word in sight begins with ←" in d.said
        await d.press("v", "f", "m", "f", "escape")
        assert d.selection == "SDF, said on Monday"


async def test_boundaries_are_moved_in_place(running: Running) -> None:
    async with running() as d:
        span = d.label("spokesman", "1")
        await d.press("e", "right", "right", "tab", "left", ",", ",")
        assert d.session.annotations.span(span.id) == span, "nothing is written before enter"
        await d.press("enter")
        assert d.focus.text == ", a spokesman for the"
        await d.press("e", "left", "escape")
        assert d.focus.text == ", a spokesman for the"
        await d.press("e", "Q")
        assert "Q does nothing here" in d.said
        await d.press("tab", "right", "enter")
        assert d.focus.text == ", a spokesman for the SDF", "a wrong key loses nothing"
        await d.press("e", "enter")
        assert "as they were" in d.said


async def test_the_edge_nearer_to_the_cursor_moves_first(running: Running) -> None:
    async with running() as d:
        d.label("Talal Sillo, a spokesman", "s")
        d.at("Sillo")
        await d.press("e", "right", "enter")
        assert d.focus.text == "Sillo, a spokesman"
        d.at("spokesman")
        await d.press("e", "left", "enter")
        assert d.focus.text == "Sillo, a"
        d.label("SDF", "3")
        await d.press("e", "left", "enter", "e", "right", "enter")
        assert d.focus.text == "the SDF,", "on one token alone the first move decides"


async def test_a_capital_hint_selects_to_the_next_word_that_begins_so(running: Running) -> None:
    async with running(size=(160, 20)) as d:
        await d.press("end", "f", "s")
        hints = {letters: offset for offset, _, letters in d.view.hints}
        start = d.session.document.text.index("spokesman")
        letters = next(hint for hint, offset in hints.items() if offset == start)
        await d.press(letters.upper())
        assert "jump" in d.screen.bar.plain, "the end is still to be said"
        await d.press("t")
        assert d.selection == "spokesman for the"
        await d.press("s")
        assert d.focus.text == "spokesman for the"
        await d.press("home", "f", "s", "A", "escape")
        assert d.selection == d.word, "escape leaves the first word selected"
        await d.press("escape", "f", "s", "A", "%")
        assert "behind this one begins with %" in d.said


async def test_the_way_of_a_tie_is_taken_by_its_number(running: Running) -> None:
    async with running(size=(160, 20)) as d:
        d.label("the operation had begun", "c")
        d.label("We saw it", "c")
        await d.press("a", "s")
        assert d.dialog is not None, "claims contradict or support each other"
        await d.press("9", "backspace", "2")
        assert d.dialog is None
        assert [r.type for r in d.session.annotations.relations.values()] == ["support"]


async def test_a_note_goes_to_the_relation_by_tab(running: Running) -> None:
    async with running(size=(160, 20)) as d:
        d.label("Talal Sillo", "s")
        d.label("the operation had begun", "c")
        await d.press("a", "s", ";", "tab", "w", "h", "o", "enter")
        assert [r.note for r in d.session.annotations.relations.values()] == ["who"]
        assert d.focus.note is None
        await d.press(";", "tab", "tab", "x", "enter")
        assert d.focus.note == "x", "and back again"
        d.label("SDF", "3")
        await d.press(";", "tab", "y", "enter")
        assert d.focus.note == "y", "there is nothing else to note"


async def test_a_first_mention_makes_its_actor_by_enter_and_the_next_takes_it(
    running: Running,
) -> None:
    async with running() as d:
        d.label("Talal Sillo", "1")
        await d.press("m", "enter")
        first = d.focus.actor
        assert first is not None
        assert d.session.annotations.actors[first].name == "Talal Sillo"
        d.label("Sillo", "1")
        await d.press("m", "enter")
        assert d.focus.actor == first


async def test_the_edge_that_moves_is_seen(running: Running) -> None:
    async with running() as d:
        d.label("spokesman", "1")
        styles = []
        for key in ("e", "tab"):
            await d.press(key)
            line = next(y for y, row in enumerate(d.rows()) if "spokesman" in row)
            cursor = d.view.get_component_rich_style("document--cursor").bgcolor
            styles.append(
                [s.text for s in d.view.render_line(line) if s.style and s.style.bgcolor == cursor]
            )
        assert styles == [["n"], ["s"]]


async def test_a_fragment_is_added_by_keys_alone(running: Running) -> None:
    async with running() as d:
        span = d.label("Talal Sillo", "s")
        await d.press("j", "v", "l", "+")
        assert len(d.session.annotations.span(span.id).fragments) == 2
        assert "SOURCE has 2 fragments" in d.said


async def test_a_boundary_that_moves_away_stays_in_sight(running: Running) -> None:
    async with running("many.txt", size=(80, 14)) as d:
        d.label("Sentence 0", "s")
        d.type("e", "tab", *["right"] * 60)
        places = [p.ordinal for p in d.view.window.places()]
        assert max(places) >= 4
        edge = d.view._draft[1] if d.view._draft else 0
        assert d.view.visible_range()[0] < edge <= d.view.visible_range()[1]


async def test_a_note(running: Running) -> None:
    async with running() as d:
        d.label("SDF", "3")
        await d.press(";", "h", "i", "enter")
        assert d.focus.note == "hi"
        d.session.spans.set_note(d.focus, "two\nlines\tand more")
        await d.press(";", "end", "!", "enter")
        assert d.focus.note == "two\nlines\tand more!", "what cannot be shown is kept"
        await d.press(";", "X", "escape")
        assert d.focus.note == "two\nlines\tand more!"


async def test_pasting_into_a_question_carries_no_control_characters(running: Running) -> None:
    from textual import events

    async with running() as d:
        d.label("SDF", "3")
        await d.press(";")
        d.app.screen.query_one(Input).post_message(events.Paste("a\x1b[31mb\x07\x9b"))
        await d.settle()
        shown = d.app.screen.query_one(Input).value
        assert shown.isprintable()
        await d.press("enter")


async def test_attributes_and_actors(running: Running, path: Path) -> None:
    async with running() as d:
        d.label("the operation had begun", "c")
        await d.press("enter", "m")
        assert "mode: mixed" in d.said
        await d.press("m", "S", "i", "l", "l", "o", "enter")
        assert "mentions Sillo" in d.said
        assert stored_rows(path, "SELECT actor, attributes FROM annotation") == [
            ("Sillo", "act=statement; mode=mixed")
        ]
        d.label("SDF", "3")
        await d.press("enter")
        assert "no attributes" in d.said
        await d.press("m", "enter")
        assert d.focus.actor == d.session.store.actors()[0].id


async def test_the_label_picker(running: Running) -> None:
    async with running() as d:
        d.select("SDF")
        await d.press("enter", "g", "r", "o", "u", "p", "enter")
        assert d.labels == ["GROUP"]
        await d.press("v", "enter", "z", "z", "z", "enter")
        assert d.dialog is not None, "enter on nothing picks nothing"
        await d.press("escape")
        assert d.labels == ["GROUP"]


# -- the mouse -------------------------------------------------------------------------------------


async def test_clicks(running: Running) -> None:
    async with running() as d:
        await d.pilot.click(d.view, offset=d.cell("spokesman"))
        assert (d.word, d.selection) == ("spokesman", None)
        await d.pilot.click(d.view, offset=d.cell("SDF"), times=2)
        assert d.selection == "SDF"
        await d.pilot.click(d.view, offset=d.cell("SDF"), times=3)
        assert d.selection == ARTICLE.split("\n")[0]
        await d.pilot.click(d.view, offset=(0, 30))
        assert d.word == "spokesman" or d.selection == ARTICLE.split("\n")[0]


async def test_a_drag_selects_both_ways(running: Running) -> None:
    async with running() as d:
        for first, last in (("spokesman", "SDF"), ("SDF", "spokesman")):
            await d.pilot.mouse_down(d.view, offset=d.cell(first))
            await d.pilot.hover(d.view, offset=d.cell(last, last=True))
            await d.pilot.mouse_up(d.view, offset=d.cell(last))
            assert d.selection == "spokesman for the SDF"
        await d.pilot.hover(d.view, offset=d.cell("Talal"))
        assert d.selection == "spokesman for the SDF", "the drag is over"


async def test_the_right_button_asks_for_a_label(running: Running) -> None:
    async with running() as d:
        d.select("the SDF")
        await d.pilot.click(d.view, offset=d.cell("SDF"), button=3)
        await d.press("g", "r", "o", "u", "p", "enter")
        assert d.focus.text == "the SDF"
        await d.pilot.click(d.view, offset=d.cell("Monday"), button=3)
        await d.press("d", "a", "t", "e", "enter")
        assert d.focus.text == "Monday"


async def test_a_click_on_what_is_in_sight_never_scrolls(running: Running) -> None:
    async with running("many.txt", size=(80, 20)) as d:
        d.view._scroll(31)
        before = d.view.window.anchor
        for y in (0, d.view.size.height - 1):
            await d.pilot.click(d.view, offset=(12, y), times=2)
            assert d.view.window.anchor == before
        d.view._scroll(-6)
        assert d.view.window.anchor < before


async def test_the_wheel_leaves_the_cursor_and_a_key_comes_back_to_it(running: Running) -> None:
    async with running("many.txt", size=(80, 20)) as d:
        for _ in range(9):
            d.view.on_mouse_scroll_down(None)  # type: ignore[arg-type]
        assert d.view.window.anchor.ordinal > 5
        assert d.session.reader.ordinal == 0
        await d.press("l")
        assert d.view.window.anchor.ordinal == 0


# -- documents -------------------------------------------------------------------------------------


async def test_documents_are_left_and_found_as_they_were(running: Running) -> None:
    async with running() as d:
        d.label("Raqqa", "4")
        await d.press("]")
        assert d.session.document.name == "many.txt"
        assert "Sentence 0" in d.rows()[0]
        assert "many.txt" in d.said
        await d.press("[")
        assert d.word == "Raqqa"
        assert d.labels == ["LOCATION"]
        await d.press("g", "d", "m", "a", "n", "y", "enter")
        assert d.session.document.name == "many.txt"
        assert d.screen.focused is d.view


async def test_documents_without_a_sentence(running: Running) -> None:
    async with running("empty.txt") as d:
        for name in ("empty.txt", "blank.txt"):
            d.open(name)
            keys = [k for c in d.screen.keymap._by_key.items() for k in [c[0]] if c[1].id not in
                    {"quit", "help", "palette", "go_to", "document_next", "document_previous",
                     "pick", "toggle_inspector", "toggle_lanes"}]  # fmt: skip
            for key in [*keys, "1", "c", "s"]:
                d.screen.press(key)
                if d.screen._mode is not None:
                    d.screen.press("escape")
            await d.pilot.click(d.view, offset=(10, 0), times=2)
            await d.pilot._post_mouse_events([MouseScrollDown, MouseScrollUp], d.view)
            assert not d.session.annotations.spans
            assert "sentence 0/0" in d.said
            assert [row.strip() for row in d.rows() if row.strip()] == [
                f"This document is {name.removesuffix('.txt')}."
            ]


async def test_a_store_that_is_busy_is_told_and_changes_nothing(
    running: Running, store: SqliteStore
) -> None:
    class Busy:
        failing: frozenset[str] = frozenset()

        def __getattr__(self, name: str) -> object:
            if name in self.failing:
                return self.fail
            return getattr(store, name)

        def fail(self, *_: object, **__: object) -> object:
            raise BusyError("a.db is locked", "Close the other program")

    busy = Busy()
    async with running(on=busy) as d:  # type: ignore[arg-type]
        d.label("Talal Sillo", "1")
        busy.failing = frozenset({"apply", "undo", "redo", "save_position"})
        for key in ("2", "d", "!", " ", "u", "U", "&", "]"):
            if key == "]":  # where the cursor is was saved with the label
                d.screen.press("l")
            d.screen.press(key)
            assert "✗ a.db is locked. Close the other program" in d.said, key
            assert d.labels == ["PERSON"]
            assert d.session.done_count == 0
        await d.press("g", "d", "m", "a", "n", "y", "enter")
        assert "a.db is locked" in d.said
        busy.failing = frozenset()
        d.screen.press("2")
        assert d.labels == ["ORGANIZATION"]


KEYLESS = f"""
name = "keyless"
version = 1
[layer.thing]
title = "thing"
overlap = "any"
scope = "span"
[layer.thing.labels.{"L" * 60}]
[layer.thing.labels.X]
"""


async def test_labels_without_keys_and_of_any_length(running: Running, tmp_path: Path) -> None:
    with project(tmp_path / "keyless.db", KEYLESS, {"a.txt": ARTICLE}) as keyless:
        async with running(on=keyless, size=(60, 16)) as d:
            assert "enter picks a label" in d.screen.bar.plain
            await d.press("enter", "L", "L", "enter")
            assert d.labels == ["L" * 60]
            d.select("Talal Sillo")
            await d.press("enter", "L", "L", "enter")
            assert len(d.labels) == 2
            assert all(len(row) == 60 for row in d.rows())


async def test_sentence_labels_are_seen(running: Running, root: Path, tmp_path: Path) -> None:
    source = (root / "schemas" / "checkworthy.toml").read_text("utf-8")
    with project(tmp_path / "check.db", source, {"a.txt": ARTICLE}) as checkworthy:
        async with running(on=checkworthy) as d:
            await d.press("1")
            assert "sentence: CHECK" in d.said
            assert any("CHECK" in line.text for line in d.screen.inspector.lines)
            await d.press("j")
            assert not any("CHECK" in line.text for line in d.screen.inspector.lines)


async def test_a_stale_span_is_told(running: Running, store: SqliteStore) -> None:
    store.add_document(new_document("b.txt", ARTICLE))
    async with running("b.txt") as d:
        span = d.label("SDF", "3")
        other = type(d.session)(
            store, d.session.document.id, d.session.annotator, d.session.session
        )
        other.focus_id = span.id
        other.spans.flag()
        d.screen.press("d")
        assert "was changed meanwhile" in d.said
        assert d.labels == ["GROUP"]


async def test_the_palette_carries_out_any_command(running: Running) -> None:
    async with running() as d:
        await d.press("ctrl+p")
        await d.press(*"compact")
        await d.press("enter")
        assert d.view.lines.mode == "compact"
        assert "compact view" in d.said
        titles = {look.title for look in d.app.looks()}
        glyphs = {"glyphs: all", "glyphs: safe"}
        assert titles == {f"theme: {name}" for name in THEMES} | glyphs


async def test_the_palette_finds_what_is_called_so_first(running: Running) -> None:
    async with running() as d:
        await d.press("ctrl+p")
        assert d.options[0] == "token left  ← h"
        await d.press(*"theme")
        assert [row.split()[1] for row in d.options[: len(THEMES)]] == [*THEMES]
        await d.press(*": light", "enter")
        assert d.app.theme == "light"
        await d.press("ctrl+p", "ctrl+p", "escape")
        assert d.dialog is None, "one is open at a time"


async def test_an_actor_is_taken_off_again(running: Running) -> None:
    async with running() as d:
        d.label("Talal Sillo", "1")
        await d.press("m", *"Sillo", "enter")
        assert d.focus.actor is not None
        await d.press("m", *"nobody", "enter")
        assert d.focus.actor is None


async def test_a_guideline_can_be_read_to_its_end_on_a_small_screen(running: Running) -> None:
    async with running(size=(60, 16)) as d:
        d.select("Talal Sillo")
        await d.press("enter", *"CLAIM")
        text = d.app.screen.query_one(VerticalScroll)
        assert text.max_scroll_y > 0
        for _ in range(20):
            await d.press("pagedown")
        assert text.scroll_y == text.max_scroll_y
        await d.press("pageup", "enter")
        assert d.labels == ["CLAIM"]


async def test_a_title_never_reads_document_text_as_markup(
    running: Running, store: SqliteStore
) -> None:
    store.add_document(new_document("evil.txt", "Say [@click=app.quit]QUIT[/] and [/] now."))
    async with running("evil.txt") as d:
        d.select("Say [@click=app.quit]QUIT[/] and [/] now.")
        d.screen.press("c")
        await d.press("m")
        assert d.dialog is not None
        title = d.dialog.query_one("Vertical")._border_title
        assert title is not None
        assert title.plain == "Who or what is “Say [@click=app.quit]QUIT[/] and [/] now.”?"


async def test_windows_stand_any_width(running: Running) -> None:
    async with running() as d:
        d.label("SDF", "3")
        for key in ("g", "m", ";", "?"):
            await d.press(key)
            assert d.dialog is not None
            for size in ((7, 10), (3, 40), (1, 1), (120, 40)):
                await d.resize(*size)
            await d.press("escape")


async def test_nothing_to_shrink_in_a_document_without_a_sentence(running: Running) -> None:
    async with running("empty.txt") as d:
        d.screen.press("v")
        d.screen.press("z")
        assert "nothing to shrink" in d.said


async def test_what_could_not_be_saved_is_not_called_saved(
    running: Running, store: SqliteStore
) -> None:
    async with running() as d:

        def full(*_: object, **__: object) -> None:
            raise BusyError("The disk of p.db is full.", "Free some space.")

        d.session.store.apply = full  # type: ignore[assignment, method-assign]
        d.screen.press("1")
        assert d.said.endswith("NOT SAVED ")
        assert "is full. Free some space" in d.said
        d.screen.press("l")
        assert d.said.endswith("saved ")


async def test_lines_pasted_into_a_note_become_one(running: Running) -> None:
    async with running() as d:
        d.label("SDF", "3")
        await d.press(";")
        d.app.post_message(Paste("\none\ntwo\r\n three"))
        await d.settle()
        await d.press("enter")
        assert d.focus.note == "one two three"


async def test_the_bracket_moves_with_the_edge_and_is_written_by_enter(
    running: Running, path: Path
) -> None:
    def bracket(d: Driver) -> str:
        line = d.view.render_line(d.cell("spokesman")[1] + 1).text
        return line[line.index("│") + 2 :].rstrip()

    async with running(size=(100, 20)) as d:
        d.label("spokesman", "1")
        before = bracket(d)
        assert len(before.strip()) == len("spokesman")
        await d.press("e", "right", "right")
        assert len(bracket(d).strip()) == len("spokesman for the")
        assert bracket(d).strip()[0] == "┗", "it is still the focus"
        assert stored_rows(path, "SELECT text FROM span") == [("spokesman",)]
        await d.press("escape")
        assert bracket(d) == before
        await d.press("e", "right", "enter")
        assert len(bracket(d).strip()) == len("spokesman for")
        assert stored_rows(path, "SELECT text FROM span") == [("spokesman for",)]
