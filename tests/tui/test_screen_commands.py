"""What keys do that no single command is about: leaving, keys that do nothing, pasted text."""

from __future__ import annotations

from screen_driver import Running
from session_state import stored_rows
from textual import events

from annotator.store.sqlite.store import SqliteStore


async def test_quitting_remembers_the_place(running: Running, store: SqliteStore) -> None:
    async with running() as d:
        d.at("Raqqa")
        session, there = d.session, d.session.reader.cursor.start
        await d.pilot.press("ctrl+q")
        await d.settle()
        assert not d.app.is_running or d.app._exit
    assert store.position(session.document.id, session.annotator.id) == there


async def test_quitting_out_of_a_dialog_remembers_the_place_too(
    running: Running, store: SqliteStore
) -> None:
    async with running() as d:
        d.at("Raqqa")
        session, there = d.session, d.session.reader.cursor.start
        await d.press("?")
        await d.pilot.press("ctrl+q")
        await d.settle()
    assert store.position(session.document.id, session.annotator.id) == there


async def test_a_key_that_does_nothing_says_why(running: Running) -> None:
    async with running() as d:
        for key, why in (
            ("y", "nothing is suggested in this document"),
            ("n", "nothing is suggested in this document"),
            ("=", "nothing is proposed in this sentence"),
            ("<", "nothing is suggested"),
            (">", "nothing is suggested"),
            ("ctrl+n", "no engine has said yet"),
            ("%", "% does nothing here"),
            ("f7", "f7 does nothing here"),
            ("é", "é does nothing here"),
            ("ctrl+t", "ctrl+t does nothing here"),
            ("left", "beginning"),
            ("k", "first one"),
            ("up", "first line"),
            ("z", "nothing to shrink"),
            ("d", "no annotation here"),
            ("e", "no annotation here"),
            ("a", "no annotation here"),
            (";", "no annotation here"),
            ("m", "no annotation here"),
            ("!", "no annotation here"),
            ("+", "nothing is selected"),
            ("u", "nothing to undo"),
            ("U", "nothing to redo"),
            ("tab", "no further annotation"),
            ("|", "split inside"),
            ("[", "first one"),
        ):
            d.screen.press("escape")
            assert "✗" not in d.said
            d.type(key)
            assert "✗" in d.said, key
            assert why in d.said


async def test_pasted_text_is_no_series_of_keys(running: Running) -> None:
    from textual import events

    async with running() as d:
        d.app.post_message(events.Paste("1csq dd"))
        await d.settle()
        assert not d.labels
        assert "pasting does nothing" in d.said


async def test_what_is_painted_is_stored_already(
    running: Running, store: SqliteStore, path: object
) -> None:
    order: list[str] = []

    class Recording:
        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

        def apply(self, *arguments: object, **named: object) -> object:
            edit = store.apply(*arguments, **named)  # type: ignore[arg-type]
            rows = stored_rows(path, "SELECT count(*) FROM span")  # type: ignore[arg-type]
            order.append(f"stored {rows[0][0]}")
            return edit

    async with running(on=Recording()) as d:
        refresh = d.view.refresh

        def recorded(*regions: object, **named: object) -> object:
            order.append("refresh")
            return refresh(*regions, **named)  # type: ignore[arg-type]

        d.view.refresh = recorded  # type: ignore[method-assign, assignment]
        d.select("Talal Sillo")
        order.clear()
        await d.press("1")
        assert order[0] == "stored 1"
        assert "refresh" in order[1:]
        assert any("PERSON" in row for row in d.rows())


async def test_a_letter_with_alt_is_another_key(running: Running) -> None:
    async with running() as d:
        d.label("SDF", "3")
        d.screen.post_message(events.Key("alt+d", "d"))
        await d.settle()
        assert d.labels == ["GROUP"]
        assert "alt+d does nothing here" in d.said


async def test_the_cursors_place_is_noted_while_nobody_types(running: Running) -> None:
    async with running() as d:
        await d.press("j", "l")
        d.screen.last_place.remember()
        store, session = d.session.store, d.session
        here = session.reader.cursor.start
        assert here > 0
        assert store.position(session.document.id, session.annotator.id) == here
