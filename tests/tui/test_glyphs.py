"""Safe glyphs: for terminals that draw joined emoji and Indic syllables in another width."""

from __future__ import annotations

from pathlib import Path

from screen_driver import Driver, Running
from session_state import new_document, stored_rows

from annotator.core.safe_text import cell_width, measure
from annotator.core.visual_lines import wrap
from annotator.store.sqlite.store import SqliteStore
from annotator.tui.glyphs import GLYPHS
from annotator.workflow.own_choices import OwnChoices

TEXT = "A 👩‍👩‍👧 from 🇮🇳 said क्षि today."


async def choose(d: Driver, title: str) -> None:
    offered = {c.title: c.choose for c in d.app.looks()}
    offered[title]()
    await d.settle()


async def test_safe_glyphs_are_chosen_in_the_palette_and_remembered(
    running: Running, store: SqliteStore, path: Path, tmp_path: Path
) -> None:
    store.add_document(new_document("marks.txt", TEXT))
    choices = OwnChoices(tmp_path / "config")
    async with running("marks.txt", choices=choices) as d:
        d.label("today", "1")
        before = d.rows()
        assert "👩‍👩‍👧" in before[0]
        await choose(d, "glyphs: safe")
        after = d.rows()
        assert "👩 from ⒾⓃ said कष today" in after[0]
        assert after[1].index("┗") == after[0].index("today") + 1, "the woman takes two cells"
        await d.press("i", "i")
        assert stored_rows(path, "SELECT text FROM span") == [("today",)]
        d.open("many.txt")
        d.open("marks.txt")
        assert d.rows() == after, "so they are in every document"
    async with running("marks.txt", choices=OwnChoices(tmp_path / "config")) as d:
        assert "कष" in d.rows()[0]
        await choose(d, "glyphs: all")
        assert d.rows() == before
    assert OwnChoices(tmp_path / "config").get("glyphs", GLYPHS) == "all"


async def test_the_inspector_shows_safe_glyphs_too(running: Running, store: SqliteStore) -> None:
    store.add_document(new_document("marks.txt", TEXT))
    async with running("marks.txt", size=(140, 20)) as d:
        d.label("क्षि", "1")
        await choose(d, "glyphs: safe")
        shown = [d.screen.inspector.render_line(y).text for y in range(6)]
        assert any("“कष”" in row for row in shown), shown


def test_an_indic_syllable_in_safe_glyphs_is_its_letters_alone() -> None:
    assert measure("क्षि", safe_glyphs=True) == ("कष", 2)
    assert measure("तु", safe_glyphs=True) == ("तु", 1), "no terminal gives these marks a cell"
    lone = "\u093f"
    assert measure(lone, safe_glyphs=True) == ("◌", 1)
    (line,) = wrap("x क्षि y", 0, 8, 20, safe_glyphs=True)
    assert line.text == "x कष y"
    assert line.width == cell_width(line.text) == line.column_of(8)
