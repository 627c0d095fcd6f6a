"""Suggestions on the screen: seen, stepped on, answered with one key each, and taken back."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest
from msgspec.structs import replace
from proposing import proposed_attribution, proposed_span
from screen_driver import Driver, Running
from session_state import ARTICLE, UNITS, assert_saved, new_document, project, state, stored_rows
from settling import work_ended

from annotator.core.annotation import AttributeValues, Relation, Span, UnitLabel
from annotator.store.sqlite.store import SqliteStore
from annotator.workflow.suggestion_actions import name_of

ANSWERS = "SELECT label, state FROM suggestion ORDER BY start, label"
MADE = "SELECT label, text, engine, engine_version, score FROM span ORDER BY start"


def take(d: Driver, *proposed: Span | Relation | UnitLabel, engine: str = "crf") -> None:
    """Have an engine propose these, at the beginning of the document."""
    d.session.suggestions.replace_open(engine, proposed)
    d.screen.bring_up_to_date()


def three() -> list[Span]:
    return [
        proposed_span("PERSON", "Talal Sillo", 0.83),
        proposed_span("GROUP", "SDF", 0.6),
        proposed_span("LOCATION", "Raqqa", 0.4),
    ]


def focused(d: Driver) -> str | None:
    """What is suggested and in focus."""
    suggestion = d.session.suggestions.chosen
    return None if suggestion is None else name_of(suggestion)


def following(d: Driver) -> str | None:
    """What the next answer is about."""
    suggestion = d.session.suggestions.next
    return None if suggestion is None else name_of(suggestion)


async def test_one_key_answers_one_suggestion_and_goes_to_the_next(
    running: Running, path: Path
) -> None:
    async with running() as d:
        take(d, *three())
        assert "3 suggested" in d.said
        assert (focused(d), following(d)) == (None, "PERSON")
        assert "?PERSON crf 0.83" in d.said
        assert any("╚═?PERSON═" in row for row in d.rows())
        await d.press("y")
        assert (focused(d), d.labels) == ("GROUP", ["PERSON"])
        assert "accepted: PERSON" in d.said
        await d.press("n")
        assert (following(d), d.word) == (None, "SDF"), "nothing else is to be answered here"
        await d.press("space")
        assert d.word == "“"
        await d.press("space")
        assert (focused(d), following(d)) == (None, "LOCATION")
        assert d.session.reader.cursor.start == d.session.sentences[2].start, (
            "the hand begins where it always does"
        )
        await d.press("y")
        assert (following(d), d.word) == (None, "Raqqa")
        assert d.focus.label == "LOCATION"
        assert "suggested" not in d.said
        assert stored_rows(path, ANSWERS) == [
            ("PERSON", "accepted"), ("GROUP", "rejected"), ("LOCATION", "accepted"),
        ]  # fmt: skip
        assert stored_rows(path, MADE) == [
            ("PERSON", "Talal Sillo", "crf", "1", 0.83),
            ("LOCATION", "Raqqa", "crf", "1", 0.4),
        ]


async def test_each_answer_is_one_undo_that_opens_the_suggestion_again(running: Running) -> None:
    async with running() as d:
        take(d, *three())
        states = [state(d.session)]
        for key in "yn=":
            d.type(key)
            states.append(state(d.session))
            if key == "n":
                d.at("Raqqa")
        for before in reversed(states[:-1]):
            d.type("u")
            assert "open again" in d.said
            assert state(d.session) == before
            assert following(d) is not None
        d.type("u")
        assert "nothing to undo" in d.said
        for after in states[1:]:
            d.type("U")
            assert state(d.session) == after
        assert_saved(d.session)


async def test_a_label_key_corrects_the_suggestion_in_focus(running: Running, path: Path) -> None:
    async with running() as d:
        take(d, *three())
        await d.press("tab", "2")
        assert (d.labels, focused(d)) == (["ORGANIZATION"], "GROUP")
        assert "PERSON → ORGANIZATION" in d.said
        await d.press("3")
        assert (d.labels, focused(d)) == (["ORGANIZATION", "GROUP"], None)
        await d.press("tab")
        assert focused(d) == "LOCATION"
        await d.press("s")
        assert "SOURCE" in d.labels, "another layer's key leaves the suggestion alone"
        assert stored_rows(path, ANSWERS) == [
            ("PERSON", "corrected"), ("GROUP", "accepted"), ("LOCATION", "open"),
        ]  # fmt: skip
        assert stored_rows(path, MADE)[0] == ("ORGANIZATION", "Talal Sillo", "crf", "1", 0.83)
        assert stored_rows(
            path, "SELECT count(*) FROM suggestion JOIN span ON span.id = result"
        ) == [(2,)]


async def test_nothing_is_answered_out_of_sight(running: Running, store: SqliteStore) -> None:
    text = " ".join(f"word{n}" for n in range(600)) + " SDF"
    store.add_document(new_document("one sentence.txt", text))
    async with running("one sentence.txt", size=(80, 20)) as d:
        take(d, proposed_span("GROUP", "SDF", text=text))
        for key in "yn":
            d.type("ctrl+home")
            assert (following(d), focused(d)) == ("GROUP", None)
            d.type(key)
            assert (d.word, focused(d)) == ("SDF", "GROUP")
            assert "GROUP is next: once more to answer it" in d.said
            assert not d.labels
        d.type("y")
        assert d.labels == ["GROUP"]


async def test_edges_of_what_is_next_are_edited_from_afar(running: Running, path: Path) -> None:
    async with running() as d:
        take(d, proposed_span("GROUP", "the SDF", 0.8))
        assert d.word == "Talal"
        await d.press("e", "right", "enter")
        assert stored_rows(path, MADE) == [("GROUP", "SDF", "crf", "1", 0.8)]
        assert d.word == "SDF"


async def test_moved_boundaries_accept_with_a_correction(running: Running, path: Path) -> None:
    async with running() as d:
        take(d, proposed_span("PERSON", "Talal", 0.8))
        await d.press("tab", "e")
        under = d.cell("Talal Sillo")[1] + 1
        before = d.rows()[under]
        await d.press("right")
        assert len(d.rows()[under].strip()) == len(before.strip()) + len(" Sillo")
        await d.press("escape")
        assert d.rows()[under] == before
        await d.press("e", "right")
        assert not d.labels
        await d.press("enter")
        assert stored_rows(path, MADE) == [("PERSON", "Talal Sillo", "crf", "1", 0.8)]
        assert stored_rows(path, ANSWERS) == [("PERSON", "corrected")]
        await d.press("u")
        assert (focused(d), d.labels) == ("PERSON", [])
        await d.press("e", "enter")
        assert "as they were" in d.said
        assert focused(d) == "PERSON"


async def test_boundaries_hold_though_the_engine_took_back_what_it_proposed(
    running: Running, path: Path
) -> None:
    async with running() as d:
        take(d, proposed_span("PERSON", "Talal", 0.8))
        await d.press("tab", "e", "right")
        take(d)
        await d.press("enter")
        assert stored_rows(path, MADE) == [("PERSON", "Talal Sillo", None, None, None)]


async def test_the_same_by_hand_counts_as_an_answer(running: Running, path: Path) -> None:
    async with running() as d:
        take(d, *three())
        d.label("Talal Sillo", "1")
        d.label("SDF", "2")
        assert stored_rows(path, ANSWERS) == [
            ("PERSON", "accepted"), ("GROUP", "corrected"), ("LOCATION", "open"),
        ]  # fmt: skip
        assert stored_rows(path, MADE)[0] == ("PERSON", "Talal Sillo", None, None, None)
        assert "1 suggested" in d.said
        d.type("u")
        assert "2 suggested" in d.said
        assert_saved(d.session)


async def test_a_relation_is_accepted_with_all_it_ties(running: Running, path: Path) -> None:
    async with running(size=(140, 40)) as d:
        take(d, *proposed_attribution(), engine="rules")
        before = state(d.session)
        assert following(d) == "attribution"
        assert sum(row.count("╚═") for row in d.rows()) == 2, "all that it ties is drawn as next"
        await d.press("tab")
        assert sum(row.count("┗━") for row in d.rows()) == 2, "and then as the focus"
        assert {"claim: ?the operation had begun", "source: ?Talal Sillo", "cue: ?said"} <= {
            text.strip() for _, text, _ in d.screen.inspector.lines
        }
        await d.press("y")
        assert sorted(d.labels) == ["CLAIM", "CUE", "SOURCE"]
        assert stored_rows(path, "SELECT claim, source, cue FROM attribution") == [
            ("the operation had begun", "Talal Sillo", "said")
        ]
        assert stored_rows(path, "SELECT DISTINCT state FROM suggestion") == [("accepted",)]
        assert stored_rows(path, "SELECT engine FROM relation") == [("rules",)]
        await d.press("u")
        assert state(d.session) == before
        assert focused(d) == "attribution"
        await d.press("n")
        assert focused(d) == "SOURCE", "without the tie, its parts are asked for one by one"


async def test_a_tie_is_not_stepped_over_because_something_else_starts_there(
    running: Running,
) -> None:
    async with running() as d:
        take(d, *proposed_attribution(), engine="rules")
        take(d, proposed_span("PERSON", "Talal"))
        assert following(d) == "PERSON"
        await d.press("tab")
        assert focused(d) == "attribution"
        await d.press("tab")
        assert focused(d) == "PERSON"
        await d.press("tab")
        assert focused(d) == "SOURCE"
        d.at("Talal")
        await d.press("y")
        assert (d.labels, focused(d)) == (["PERSON"], "attribution")


async def test_parts_accepted_one_by_one_bring_their_tie_up(running: Running, path: Path) -> None:
    async with running(size=(140, 40)) as d:
        take(d, *proposed_attribution(), engine="rules")
        await d.press("tab", "tab")
        assert focused(d) == "SOURCE"
        await d.press("y", "y")
        assert not d.session.annotations.relations
        await d.press("y")
        assert focused(d) == "attribution"
        assert any("CLAIM c1 ←? s1" in row for row in d.rows())
        await d.press("y")
        assert stored_rows(path, "SELECT source, cue FROM attribution") == [("Talal Sillo", "said")]
        assert any("CLAIM c1 ← s1" in row for row in d.rows())


async def test_a_rejected_part_leaves_what_can_still_be_tied(running: Running, path: Path) -> None:
    async with running() as d:
        take(d, *proposed_attribution(), engine="rules")
        d.at("said")
        await d.press("n")
        (tie,) = [
            s.proposed
            for s in d.session.annotations.suggestions.values()
            if isinstance(s.proposed, Relation)
        ]
        assert [a.role for a in tie.arguments] == ["claim", "source"]
        d.at("operation")
        await d.press("n")
        assert stored_rows(path, ANSWERS) == [
            ("attribution", "rejected"), ("SOURCE", "open"), ("CUE", "rejected"),
            ("CLAIM", "rejected"),
        ]  # fmt: skip
        await d.press("u")
        assert focused(d) == "CLAIM"


async def test_a_rule_that_forbids_is_named_and_nothing_is_written(running: Running) -> None:
    async with running() as d:
        d.label("said on Monday", "7")
        take(d, proposed_span("PERSON", "Talal Sillo"))
        suggestion = next(d.session.annotations.suggested.shown())
        crossing = replace(suggestion.proposed, fragments=((0, 39),), text=ARTICLE[:39])
        d.session.annotations.remove(suggestion)
        d.session.annotations.add(replace(suggestion, proposed=crossing))
        d.at("Talal")
        before = len(d.labels)
        d.type("y")
        assert "✗" in d.said
        assert "allows nesting only" in d.said
        assert len(d.labels) == before
        d.type("=")
        assert "allows nesting only" in d.said


async def test_what_is_only_proposed_is_no_annotation(running: Running) -> None:
    async with running() as d:
        take(d, *three())
        await d.press("tab")
        for key in ("d", "a", "m", ";", "!"):
            d.type(key)
            assert "this is only proposed. y accepts it, n rejects it" in d.said
        assert not d.labels


async def test_tab_steps_on_annotations_and_suggestions_alike(running: Running) -> None:
    async with running() as d:
        d.label("spokesman", "8")
        take(d, *three())
        d.at("Talal")
        d.screen.press("ctrl+home")
        seen = []
        for _ in range(3):
            await d.press("tab")
            seen.append(focused(d) or d.focus.label)
        assert seen == ["PERSON", "QUANTITY", "GROUP"]
        await d.press("tab")
        assert focused(d) == "LOCATION"
        await d.press("tab")
        assert "no further annotation" in d.said
        for label in ("GROUP", "QUANTITY", "PERSON"):
            await d.press("shift+tab")
            assert (focused(d) or d.focus.label) == label


async def test_everything_in_the_sentence_is_one_edit(running: Running, path: Path) -> None:
    async with running() as d:
        take(d, *three(), *proposed_attribution(), proposed_span("PERSON", "he", nth=2))
        d.at("Talal")
        await d.press("=")
        assert "6 accepted" in d.said
        assert len(d.labels) == 5
        assert stored_rows(path, "SELECT count(*) FROM relation") == [(1,)]
        assert stored_rows(path, "SELECT count(*) FROM edit WHERE undoable") == [(1,)]
        assert (d.session.reader.ordinal, focused(d)) == (0, None), "it is still to be finished"
        d.type("space")
        assert following(d) == "PERSON"
        d.type("u", "u")
        assert not d.labels


@pytest.mark.parametrize("words", ["operation had begun.\n\n“We saw", None])
async def test_what_reaches_beyond_the_sentence_is_answered_alone(
    running: Running, words: str | None
) -> None:
    async with running() as d:
        if words is not None:
            take(d, proposed_span("CLAIM", words))
        await d.press("=")
        assert ("reaches beyond the sentence. y accepts it" in d.said) == bool(words)
        assert ("nothing is proposed in this sentence" in d.said) == (not words)


async def test_a_threshold_hides_and_shows_what_is_looked_at(
    running: Running, store: SqliteStore
) -> None:
    async with running() as d:
        take(d, *three(), proposed_span("SOURCE", "Talal Sillo", 0.1))
        d.at("SDF")
        for _ in range(13):
            d.type(">")
        assert "entity from 0.65 on: 1 shown, 2 hidden" in d.said
        assert store.setting("threshold.entity") == "0.65"
        assert "2 suggested" in d.said, "other layers have thresholds of their own"
        assert not any("?G" in row for row in d.rows())
        for _ in range(5):
            d.type(">")
        assert "entity from 0.90 on: 0 shown, 3 hidden" in d.said, "it goes on without a focus"
        for _ in range(18):
            d.type("<")
        assert any("?G╝" in row for row in d.rows())
        d.type("<")
        assert "everything is shown already" in d.said
        assert_saved(d.session)


async def test_a_threshold_holds_in_every_document_and_screen(
    running: Running, store: SqliteStore
) -> None:
    store.set_setting("threshold.entity", "0.70")
    async with running() as d:
        take(d, *three())
        assert d.session.annotations.suggested.count == 1
        d.open("many.txt")
        d.open("a.txt")
        assert d.session.annotations.suggested.count == 1


async def test_labels_of_sentences_and_documents_are_suggested_too(
    running: Running, tmp_path: Path
) -> None:
    with project(tmp_path / "units.db", UNITS, {"a.txt": ARTICLE}) as store:
        async with running(on=store) as d:
            third = d.session.sentences[2].id
            take(
                d,
                UnitLabel("1", "", "", "genre", "REPORT"),
                UnitLabel("2", "", "", "worth", "CHECK", third),
                UnitLabel("3", "", "", "worth", "MINOR", d.session.sentences[0].id),
            )
            d.type("j", "j", "tab")
            assert (focused(d), d.session.reader.ordinal) == ("CHECK", 2)
            d.type("y")
            assert [u.label for u in d.session.annotations.unit_labels.values()] == ["CHECK"]
            d.type("shift+tab")
            assert focused(d) == "MINOR"
            d.type("1")
            assert "MINOR → CHECK" in d.said or "sentence: CHECK" in d.said
            d.type("shift+tab")
            assert focused(d) == "REPORT"
            d.type("=")
            d.type("n")
            assert not d.session.annotations.suggestions
            assert_saved(d.session)


async def test_attributes_that_are_proposed_come_along(running: Running) -> None:
    async with running() as d:
        claim = replace(
            proposed_span("CLAIM", "the operation had begun"),
            attributes=(AttributeValues("mode", ("indirect",)),),
        )
        take(d, claim)
        d.type("tab", "y")
        assert AttributeValues("mode", ("indirect",)) in d.focus.attributes


@pytest.mark.parametrize("size", [(60, 16), (120, 40), (10, 3)])
@pytest.mark.parametrize("mode", ["lanes", "compact"])
async def test_any_size_shows_what_is_suggested(
    running: Running, size: tuple[int, int], mode: str
) -> None:
    async with running(size=size) as d:
        take(d, *three(), *proposed_attribution())
        if mode == "compact":
            d.type("t")
        for _ in range(8):
            d.type("tab")
            await d.settle()
        if size != (10, 3):
            assert "?LOCATION" in d.screen.status.plain
            assert "y yes  n no" in d.screen.bar.plain
        if mode == "lanes" and size == (60, 16):
            assert any("╰╌?PERSON╌╯" in row for row in d.rows())


LONG = "\n".join(f"Sentence {n} of the SDF says “so” on Monday at Raqqa." for n in range(5_000))


async def test_thousands_of_suggestions_cost_what_a_few_do(
    running: Running, store: SqliteStore
) -> None:
    store.add_document(new_document("long.txt", LONG))
    costs = []
    for many in (False, True):
        async with running("long.txt") as d:
            sentences = [s.start for s in d.session.sentences][: None if many else 40]
            d.session.suggestions.replace_open(
                "crf", [proposed_span_at("GROUP", LONG.index("SDF", start)) for start in sentences]
            )
            d.type("ctrl+home", "tab")
            counters = d.view.lines.counters
            before = (d.view.counters.refreshed, counters.wrapped, counters.lines)
            d.type("tab", "y", "n", "tab", "shift+tab", "w", "b", "j", "l")
            after = (d.view.counters.refreshed, counters.wrapped, counters.lines)
            costs.append([b - a for a, b in zip(before, after, strict=True)])
            d.type("u", "u")
            d.session.suggestions.replace_open("crf", [])
    assert costs[0] == costs[1]


def proposed_span_at(label: str, start: int) -> Span:
    span = proposed_span(label, "SDF", 0.9, text=LONG)
    return replace(span, id=str(start), fragments=((start, start + 3),))


async def test_propagating_steps_through_the_document_then_through_the_project(
    running: Running, store: SqliteStore, path: Path
) -> None:
    store.add_document(new_document("sdf.txt", "The SDF came. Of the SDF nothing is known."))
    async with running("many.txt") as d:
        d.label("SDF", "3")
        await d.press("*")
        assert "59 × 'SDF' suggested as GROUP; again: in every document" in d.said
        assert (focused(d), d.session.reader.ordinal) == ("GROUP", 1)
        await d.press("y", "n", "*")
        await work_ended(d.app)
        await d.settle()
        assert "4 documents looked through, 3 suggested in 2" in d.said
        await d.press("l")
        assert "looked through" not in d.said
        counts = stored_rows(
            path,
            "SELECT document.name, count(*) FROM suggestion JOIN document"
            " ON document.id = document_id WHERE state = 'open' GROUP BY 1 ORDER BY 1",
        )
        assert counts == [("a.txt", 1), ("many.txt", 57), ("sdf.txt", 2)]
        d.open("sdf.txt")
        assert "2 suggested" in d.said
        await d.press("tab", "y")
        assert (d.labels, focused(d)) == (["GROUP"], "GROUP")
        await d.press("n", "u")
        assert "undone as one" in d.said
        assert not d.session.annotations.suggestions


async def test_a_propagation_through_the_project_is_given_up_with_escape(
    running: Running, store: SqliteStore
) -> None:
    held = Event()

    class Slow:
        """Waits at the third document until it is let go."""

        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

        def neighbour(self, document: str | None, step: int) -> str | None:
            found = store.neighbour(document, step)
            if document is not None and store.document(document).name == "sdf1.txt":
                assert held.wait(30)
            return found

    for n in range(4):
        store.add_document(new_document(f"sdf{n}.txt", f"The SDF came {n} times."))
    async with running(on=Slow()) as d:
        d.label("SDF", "3")
        await d.press("*")
        assert "nothing new for 'SDF' here; again: in every document" in d.said
        await d.press("*")
        d.label("Talal Sillo", "1")
        assert "PERSON" in d.said, "keys go on being answered"
        await d.press("*", "*")
        assert "another propagation is still going on" in d.said
        await d.press("escape")
        held.set()
        while d.screen.long_work.is_going_on:
            await d.settle()
        assert "stopped: " in d.said
        names = [i.name for i in store.documents(d.session.annotator.id)]
        made = [
            bool(store.annotations(store.find_document(name), d.session.annotator.id).suggestions)
            for name in names
        ]
        assert made[-1] is False
        assert any(made)
        assert_saved(d.session)


async def test_a_document_that_is_open_shows_what_is_propagated_into_it(
    running: Running, store: SqliteStore
) -> None:
    held = Event()

    class Slow:
        """Waits before the second document until it is let go."""

        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

        def neighbour(self, document: str | None, step: int) -> str | None:
            if document is None:
                assert held.wait(30)
            return store.neighbour(document, step)

    store.add_document(new_document("sdf.txt", "The SDF came. Of the SDF nothing is known."))
    async with running(on=Slow()) as d:
        d.label("SDF", "3")
        await d.press("*", "*")
        d.open("sdf.txt")
        assert "suggested" not in d.said
        held.set()
        await work_ended(d.app)
        await d.settle()
        assert d.session.annotations.suggested.count == 2
        assert any("?G╯" in row for row in d.rows())
        await d.press("tab", "y", "y")
        assert d.labels == ["GROUP", "GROUP"]


async def test_a_proposed_tie_has_no_edges_and_says_so(running: Running, path: Path) -> None:
    async with running(size=(160, 20)) as d:
        take(d, *proposed_attribution(), engine="rules")
        assert following(d) == "attribution"
        assert "y yes" in d.screen.bar.plain
        assert "correct" not in d.screen.bar.plain
        await d.press("e")
        assert "is a tie, and has no boundaries. y accepts it, n rejects it" in d.said
        take(d, proposed_span("GROUP", "SDF", 0.6), engine="rules")
        d.at("SDF")
        assert "e correct" in d.screen.bar.plain, "a proposed span has some"
        assert not stored_rows(path, MADE)
