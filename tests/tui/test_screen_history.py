"""The history on the screen: of the focus, of the document, and bringing back by one key."""

from __future__ import annotations

from screen_driver import Running
from session_state import state

from annotator.tui.dialogs.picker import Picker


def titles(dialog: object) -> list[str]:
    assert isinstance(dialog, Picker)
    return [choice.mark + choice.title for choice in dialog._choices]


async def test_a_deletion_is_brought_back_by_one_key(running: Running) -> None:
    async with running() as d:
        d.label("Talal Sillo", "s")
        d.label("the operation had begun", "c")
        await d.press("a", "s")
        before = state(d.session)
        d.at("Talal")
        await d.press("d")
        assert d.labels == ["CLAIM"]
        await d.press("ctrl+l")
        await d.worked()
        assert titles(d.dialog)[0].startswith("↺ delete: relation attribution deleted")
        await d.press("enter")
        assert "is back" in d.said
        assert state(d.session) == before
        assert d.focus.label == "SOURCE"
        await d.press("u")
        assert d.labels == ["CLAIM"]


async def test_the_focus_has_its_own_history_and_the_documents_is_one_step_away(
    running: Running,
) -> None:
    async with running() as d:
        d.label("SDF", "3")
        d.label("Talal", "1")
        await d.press("!", "ctrl+l")
        await d.worked()
        assert titles(d.dialog) == [
            "  flag: PERSON 'Talal' at 0–5 changed: flagged: yes",
            "  label: PERSON 'Talal' at 0–5 made",
            "… the whole document’s",
        ]
        await d.press("up", "enter")
        await d.worked()
        assert len(titles(d.dialog)) == 3
        assert titles(d.dialog)[-1].startswith("  label: GROUP 'SDF'")
        await d.press("enter")
        assert d.dialog is None
        assert "that edit deleted no annotation" in d.said


async def test_where_nothing_has_happened_it_says_so(running: Running) -> None:
    async with running() as d:
        await d.press("ctrl+l")
        assert d.dialog is None
        assert "nothing has happened in this document yet" in d.said
