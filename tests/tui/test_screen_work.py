"""What a key costs, counted: lines painted, rows read, queues it goes through. Never timed."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest
from proposing import proposed_span
from screen_driver import Driver, Running
from textual import events
from textual.message import Message

from annotator.core.annotation import Argument, Origin, Relation
from annotator.core.edits import delete
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.widgets.line_widget import LineWidget


def painted(d: Driver, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many lines of which widget are looked at from now on."""
    found: Counter[str] = Counter()

    def count(widget: LineWidget) -> None:
        render = widget.render_line

        def counting(y: int) -> object:
            found[type(widget).__name__] += 1
            return render(y)

        monkeypatch.setattr(widget, "render_line", counting)

    for widget in d.screen.query(LineWidget):
        count(widget)
    return found


async def all_panels(d: Driver) -> None:
    await d.press("ctrl+d", "escape")
    assert d.screen.documents.list.display
    assert d.screen.inspector.display


async def test_a_move_looks_at_no_line_that_stays_as_it_is(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running("many.txt") as d:
        await all_panels(d)
        found = painted(d, monkeypatch)
        await d.press("l")
        assert found == {"DocumentView": 1}
        await d.press("j")
        assert found == {"DocumentView": 1 + 4, "StatusLine": 1}, "two sentences of two lines"
        d.screen.refresh(layout=True)
        await d.settle()
        found.clear()
        await d.press("l")
        assert found == {"DocumentView": 1}


async def test_another_theme_and_another_size_paint_every_line(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running("many.txt") as d:
        await all_panels(d)
        before = d.view.render_lines(d.view.size.region)
        found = painted(d, monkeypatch)
        d.app.choose_theme("light")
        await d.settle()
        assert found["DocumentView"] >= d.view.size.height
        assert found["DocumentList"] >= d.view.size.height
        after = d.view.render_lines(d.view.size.region)
        assert [strip.text for strip in after] == [strip.text for strip in before]
        assert all(a != b for a, b in zip(after, before, strict=True))
        found.clear()
        await d.resize(120, 30)
        assert found["DocumentView"] >= d.view.size.height > 20


async def test_the_list_of_documents_is_written_anew_only_where_it_changes(
    running: Running,
) -> None:
    async with running("a.txt") as d:
        await all_panels(d)
        documents = d.screen.documents.list
        reads, rows = documents.reads, documents._rows
        await d.press("l", "j", "f", "s", "escape", "x", "z")
        assert documents._rows is rows
        await d.press("1")
        assert documents._rows is not rows
        assert documents.reads == reads


async def test_a_key_goes_to_the_screen_at_once_whatever_has_the_focus(running: Running) -> None:
    async with running("many.txt") as d:
        seen: list[Message] = []
        d.view.message_signal.subscribe(d.screen, seen.append, immediate=True)
        before = d.session.reader.cursor
        await d.press("l")
        assert d.session.reader.cursor != before
        assert not any(isinstance(message, events.Key) for message in seen)
        await d.press("ctrl+d", "s", "o")
        assert d.screen.documents.list.typed.text == "so"


async def test_the_rest_is_read_once_the_first_picture_is_there(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[int] = []

    def note(screen: AnnotateScreen) -> None:
        painted.append(screen.view.counters.made)

    monkeypatch.setattr(AnnotateScreen, "on_document_view_painted", note)
    async with running("many.txt") as d:
        assert painted == [d.view.counters.made]
        assert d.view.counters.made > 0
        await d.resize(100, 30)
        assert len(painted) == 1


def test_the_screen_is_loaded_without_what_only_some_keys_need() -> None:
    code = (
        "import sys, annotator.tui.app\n"
        "late = {'annotator.workflow.tutorial', 'annotator.tui.questions', 'annotator.tui.going'}\n"
        "print(sorted(late & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout == "[]\n"


def suggest(d: Driver) -> None:
    """Have spans proposed in every sentence, and in one a claim tied to what is made in another."""
    text = d.session.document.text
    spans = [proposed_span("PERSON", f"Sentence {n}", text=text) for n in range(12)]
    claim = proposed_span("CLAIM", "Sentence 7 of the SDF says “so” on Monday", text=text)
    d.at("Sentence 10 ")
    d.type("s")
    made = next(s for s in d.session.annotations.spans.values() if s.layer == "source")
    tie = Relation(
        "tie", "", "", "attribution",
        (Argument("claim", "span", claim.id), Argument("source", "span", made.id)),
        origin=Origin("x", "1", 0.9),
    )  # fmt: skip
    d.session.suggestions.replace_open("x", [*spans, claim, tie])
    d.screen.bring_in()


@pytest.mark.parametrize("is_suggested", [False, True])
async def test_a_label_draws_the_lanes_of_its_own_sentence_alone(
    running: Running, is_suggested: bool
) -> None:
    """And whatever an edit leaves alone is as it would be drawn afresh."""
    async with running("many.txt", size=(80, 40)) as d:
        for sentence in range(12):
            d.at(f"Sentence {sentence} ")
            d.type("w", "2", "w", "7")
        if is_suggested:
            suggest(d)
        lines = d.view.lines.counters.lines
        d.at("Sentence 5 ")
        assert d.view.lines.counters.lines - lines <= 4, "the focus of before, and of now"
        lines = d.view.lines.counters.lines
        d.type("9")
        assert d.view.lines.counters.lines - lines <= 2, "both lines of the sentence"
        await d.settle()
        for words, keys in (
            ("Sentence 5 ", ("u", "U", "d", "u", "U", "u")),
            ("Sentence 1 ", ("s",)),
            ("Sentence 9 ", ("c", "a", "s")),
            ("Sentence 2 ", ("s", "e", "right", "enter", "d", "u")),
            ("Sentence 8 ", ("c", "a", "s", "u", "U", "a", "d", "d", "u")),
            ("Sentence 1 ", ("e", "right", "enter", "d", "u", "u", "!", "c", "u")),
            ("Sentence 3 ", ("c", "space", "|", "1", "&", "u", "u", "*", "y", "n", "u")),
        ):  # fmt: skip
            d.at(words)
            for key in keys:
                d.type(key)
                shown = d.rows()
                d.view.lines.forget()
                d.screen.bring_up_to_date()
                assert d.rows() == shown, (words, key)
        assert d.session.annotations.relations or is_suggested


async def test_what_is_proposed_to_be_tied_elsewhere_is_drawn_with_what_it_is_tied_to(
    running: Running,
) -> None:
    async with running("many.txt", size=(80, 40)) as d:
        suggest(d)
        assert any("←? s1" in row for row in d.rows())
        made = next(iter(d.session.annotations.spans.values()))
        d.session.commit("delete", (delete(made),))
        d.screen.bring_up_to_date()
        assert not any("←?" in row for row in d.rows())
