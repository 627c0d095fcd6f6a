"""Nothing is told by colour alone: what differs, differs in characters on the screen as well."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from proposing import proposed_attribution, proposed_span
from screen_driver import Driver, Running
from session_state import ARTICLE, session_at
from textual.widgets import OptionList

from annotator.core.annotation import AttributeValues
from annotator.errors import BusyError
from annotator.store.sqlite.store import SqliteStore
from annotator.workflow.show import render_document


def brackets_under(d: Driver, words: str) -> str:
    """The characters under these words, in the first lane."""
    column, y = d.cell(words)
    return d.rows()[y + 1][column : column + len(words)]


@pytest.fixture(params=["the", "SDF", "Talal Sillo"])
def words(request: pytest.FixtureRequest) -> str:
    """Words of few cells and of many."""
    found: str = request.param
    return found


async def test_every_state_of_an_annotation_has_brackets_of_its_own(
    running: Running, words: str
) -> None:
    async with running(size=(80, 24)) as d:
        seen: dict[str, str] = {}

        def see(state: str) -> None:
            d.screen.bring_up_to_date()
            seen[state] = brackets_under(d, words)

        span = d.label(words, "1")
        see("in focus")
        d.session.spans.flag()
        see("in focus, flagged")
        d.at("Nobody")
        see("flagged")
        d.session.choose(d.session.annotations.span(span.id))
        d.session.spans.flag()
        d.at("Nobody")
        see("plain")
        d.session.choose(d.session.annotations.span(span.id))
        d.session.spans.delete()
        d.session.suggestions.replace_open("crf", [proposed_span("PERSON", words)])
        d.session.stepping.to_suggestion((0, -1, ""))
        see("suggested, in focus")
        d.at("Nobody")
        see("suggested")
        assert all(bracket.strip() for bracket in seen.values())
        for (state, bracket), (other, its) in combinations(seen.items(), 2):
            assert bracket != its, (state, other, bracket)


async def test_every_state_of_the_screen_is_told_in_words(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with running(size=(120, 24)) as d:

        def told() -> str:
            return "\n".join(d.shown())

        assert " saved" in told()
        d.select("the SDF")
        await d.settle()
        assert " selected " in told()
        assert "“the SDF”" in told(), "which is marked in the text by its ground alone"
        d.type("escape", " ")
        await d.settle()
        assert "1 ✓│" in told()
        assert "1 done" in told()
        assert "2  ┃" in told(), "the sentence of the cursor"
        d.type("%")
        await d.settle()
        assert "✗ % does nothing here" in told()
        d.label("the operation had begun", "c")
        focus = d.focus
        mode = AttributeValues("mode", ("direct",), uncertain=True)
        d.session.spans.set_attribute(focus, mode.name, mode.values, mode.uncertain)
        d.session.spans.flag()
        d.screen.bring_up_to_date()
        await d.settle()
        assert "mode: direct (uncertain)" in told()
        assert "? flagged as doubtful" in told()
        await d.press("ctrl+d", "down")
        assert "▶ a.txt" in told()
        assert "› many.txt" in told(), "the row that enter opens"
        await d.press("escape", "ctrl+d", "ctrl+d")

        def full(*_: object, **__: object) -> None:
            raise BusyError("The disk of p.db is full.", "Free some space.")

        monkeypatch.setattr(d.session.store, "apply", full)
        d.type("!")
        await d.settle()
        assert "NOT SAVED" in told()
        assert "✗ The disk of p.db is full" in told()


async def test_in_compact_mode_every_state_is_drawn_in_another_way_than_by_colour(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with running(size=(60, 16)) as d:

        def look(words: str) -> tuple[bool, ...]:
            """Bold, italic, underlined, as a terminal of one colour shows it."""
            drawn = (s for y in range(d.view.size.height) for s in d.view.render_line(y))
            (style,) = (s.style for s in drawn if s.text == words and s.style)
            return bool(style.bold), bool(style.italic), bool(style.underline)

        await d.press("t")
        d.label("Nobody", "1")
        await d.settle()
        focused = look("Nobody")
        proposals = [("PERSON", "Talal Sillo"), ("GROUP", "SDF"), ("LOCATION", "Raqqa")]
        d.session.suggestions.replace_open("crf", [proposed_span(*each) for each in proposals])
        d.at("Monday")
        await d.settle()
        plain, suggested, next_ = look("Nobody"), look("SDF"), look("Talal Sillo")
        assert suggested == look("Raqqa")
        assert len({plain, focused, suggested, next_, (False, False, False)}) == 5
        await d.press("y")
        assert look("SDF") == next_, "what the next key answers, be it in focus or not"


@pytest.mark.parametrize("keys", ["ctrl+p", "g", "enter", "g d"])
async def test_the_marked_row_of_every_window_has_a_sign(
    running: Running, monkeypatch: pytest.MonkeyPatch, keys: str
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with running(size=(80, 24)) as d:
        await d.press(*keys.split())

        def marked() -> list[int]:
            shown = d.app.screen.query_one(OptionList)
            rows = [shown.render_line(y).text for y in range(shown.size.height)]
            return [y for y, row in enumerate(rows) if row.startswith("›")]

        assert marked() == [0]
        await d.press("down")
        assert marked() == [1]


def test_show_tells_the_same_in_plain_words(store: SqliteStore, path: Path) -> None:
    session = session_at(store, "a.txt")
    proposals = [proposed_span("GROUP", "SDF", 0.75), *proposed_attribution(0.5)]
    session.suggestions.replace_open("crf", proposals)
    session.cut.toggle_done()
    session.reader.move_to(ARTICLE.index("Raqqa"))
    layer = session.schema.layers[0]
    session.spans.label(layer, layer.labels[3])
    session.spans.flag()
    lines = render_document(store, session.document.id, session.annotator.id, "inline", 80)
    text = "\n".join(lines)
    assert "1 of 3 sentences done" in text
    assert "Sentence 1, done:" in text
    assert "doubtful" in text
    assert "suggested: GROUP “SDF”, by crf 0.75" in text
    assert (
        "suggested: attribution, claim the suggested “the operation had begun”, source the"
        " suggested “Talal Sillo”, cue the suggested “said”, by crf 0.50"
    ) in text
