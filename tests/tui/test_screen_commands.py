"""Every command of the registry by every one of its keys, on the whole screen."""

from __future__ import annotations

from collections.abc import Callable

from proposing import proposed_span
from screen_driver import Driver, Running
from session_state import assert_saved, new_document, stored_rows
from textual import events
from textual.command import CommandPalette

from annotator.core.commands import COMMANDS
from annotator.store.sqlite.store import SqliteStore
from annotator.tui.dialogs.help import HelpScreen
from annotator.tui.dialogs.key_menu import KeyMenu
from annotator.tui.dialogs.picker import Picker
from annotator.tui.dialogs.prompt import Prompt
from annotator.workflow.suggestion_actions import name_of

Step = Callable[[Driver], object]
TEXT = "\n".join(
    [
        "Talal Sillo, a spokesman for the SDF, said on Monday that the operation"
        " had begun near Raqqa.",
        *(f"“We saw {n} of them,” he said, and nobody else did." for n in range(3, 40)),
    ]
)


def claim_and_source(d: Driver) -> None:
    d.label("Talal Sillo", "s")
    d.label("the operation had begun", "c")


def span_and_selection(d: Driver) -> None:
    chosen = d.label("Talal", "1")
    d.session.reader.select(TEXT.index("SDF"), TEXT.index("SDF") + 3)
    d.session.focus_id = chosen.id


def undone(d: Driver) -> None:
    d.label("SDF", "3")
    d.session.undo()


def focus_is(label: str) -> Step:
    return lambda d: d.focus.label == label


def word_is(word: str) -> Step:
    return lambda d: d.word == word


DIALOGS: set[Step] = set()
"""The checks that wait for a window of its own."""


def dialog_is(kind: type) -> Step:
    def check(d: Driver) -> bool:
        return isinstance(d.dialog, kind)

    DIALOGS.add(check)
    return check


def start(d: Driver) -> None:
    d.at("Talal")


def suggested(d: Driver) -> None:
    """A person and a group suggested in the first sentence, the person in focus."""
    start(d)
    d.session.annotations.suggested.set_thresholds({})
    proposals = [
        proposed_span("PERSON", "Talal Sillo", 0.5, text=TEXT),
        proposed_span("GROUP", "SDF", 0.75, text=TEXT),
    ]
    d.session.suggestions.replace_open("crf", proposals)
    d.session.stepping.to_suggestion((0, -1, ""))
    d.screen.bring_up_to_date()


def shown(*labels: str) -> Step:
    def check(d: Driver) -> bool:
        found = sorted(d.session.annotations.suggested.shown(), key=lambda s: s.id)
        names = sorted(name_of(s) for s in found)
        d.session.suggestions.replace_open("crf", ())
        return names == sorted(labels)

    return check


def documents_are_shown(d: Driver) -> bool:
    """The list, which is taken away again."""
    shown = d.screen.documents.list.display
    d.screen.documents.toggle()
    return shown


def searched(d: Driver) -> None:
    """A search, of which the match in sentence 5 is the first from the cursor."""
    d.at("“We saw 5")
    d.type("/", *"saw", "enter")


CASES: dict[str, tuple[Step, Step]] = {
    "token_left": (lambda d: d.at("spokesman"), word_is("a")),
    "token_right": (start, word_is("Sillo")),
    "line_up": (lambda d: d.at("“We saw 4"), lambda d: d.session.reader.ordinal == 1),
    "line_down": (start, lambda d: d.session.reader.ordinal == 1),
    "sentence_next": (start, lambda d: d.session.reader.ordinal == 1),
    "sentence_previous": (lambda d: d.at("saw 4"), lambda d: d.session.reader.ordinal == 1),
    "line_start": (lambda d: d.at("said"), word_is("Talal")),
    "line_end": (start, lambda d: d.word in {"near", "Raqqa", "."}),
    "document_start": (lambda d: d.at("39"), word_is("Talal")),
    "document_end": (start, lambda d: d.session.reader.cursor.end == len(TEXT)),
    "page_up": (lambda d: d.at("39"), lambda d: 1 < d.session.reader.ordinal < 30),
    "page_down": (start, lambda d: d.session.reader.ordinal > 10),
    "candidate_next": (start, word_is("SDF")),
    "candidate_previous": (lambda d: d.at("on Monday"), word_is("SDF")),
    "jump": (start, lambda d: "jump" in d.screen.bar.plain),
    "annotation_next": (
        lambda d: (d.label("Raqqa", "4"), start(d)),
        focus_is("LOCATION"),
    ),
    "annotation_previous": (
        lambda d: (d.label("Raqqa", "4"), d.at("39")),
        focus_is("LOCATION"),
    ),
    "search": (start, lambda d: "words /regex/" in d.screen.bar.plain),
    "queue_next": (searched, lambda d: d.session.reader.ordinal == 4),
    "queue_previous": (searched, lambda d: d.session.reader.ordinal == 2),
    "go_to": (start, dialog_is(KeyMenu)),
    "select_left": (lambda d: d.at("Sillo"), lambda d: d.selection == "Talal Sillo"),
    "select_right": (start, lambda d: d.selection == "Talal Sillo"),
    "select_up": (
        lambda d: d.at("“We saw 3"),
        lambda d: d.selection == TEXT.split("\n")[0] + "\n“",
    ),
    "select_down": (start, lambda d: d.selection == TEXT.split("\n")[0] + "\n“"),
    "anchor": (start, lambda d: d.selection == "Talal"),
    "grow": (start, lambda d: d.selection == "Talal"),
    "shrink": (
        lambda d: (start(d), d.screen.press("x"), d.screen.press("x")),
        lambda d: d.selection == "Talal",
    ),
    "clear": (lambda d: d.select("SDF"), lambda d: d.selection is None),
    "pick": (lambda d: d.select("SDF"), dialog_is(Picker)),
    "boundaries": (lambda d: d.label("SDF", "3"), lambda d: "boundaries" in d.screen.bar.plain),
    "add_fragment": (span_and_selection, lambda d: d.focus.text == "Talal SDF"),
    "delete": (lambda d: d.label("SDF", "3"), lambda d: not d.labels and "deleted" in d.said),
    "link": (claim_and_source, lambda d: "tie to" in d.screen.bar.plain),
    "mention": (lambda d: d.label("SDF", "3"), dialog_is(Picker)),
    "note": (lambda d: d.label("SDF", "3"), dialog_is(Prompt)),
    "flag": (lambda d: d.label("SDF", "3"), lambda d: d.focus.flagged),
    "accept": (suggested, lambda d: d.labels == ["PERSON"] and shown("GROUP")(d)),
    "reject": (suggested, lambda d: d.labels == [] and shown("GROUP")(d)),
    "accept_sentence": (suggested, lambda d: d.labels == ["PERSON", "GROUP"] and shown()(d)),
    "propagate": (
        lambda d: d.label("saw", "1"),
        lambda d: "37" not in d.said and "36 × 'saw' suggested as PERSON" in d.said,
    ),
    "unsure_next": (
        lambda d: setattr(d.session.stepping, "doubts", {d.session.sentences[5].id: 0.5}),
        lambda d: d.session.reader.ordinal == 5,
    ),
    "threshold_up": (
        lambda d: (d.session.store.set_setting("threshold.entity", "0.50"), suggested(d)),
        shown("GROUP"),
    ),
    "threshold_down": (
        lambda d: (
            d.session.store.set_setting("threshold.entity", "0.55"),
            suggested(d),
            d.session.thresholds.read(),
        ),
        shown("PERSON", "GROUP"),
    ),
    "undo": (lambda d: d.label("SDF", "3"), lambda d: not d.labels),
    "history": (lambda d: d.label("SDF", "3"), dialog_is(Picker)),
    "redo": (undone, focus_is("GROUP")),
    "sentence_done": (
        start,
        lambda d: d.session.done_count == 1 and d.session.reader.ordinal == 1,
    ),
    "split_sentence": (
        lambda d: d.at("said on"),
        lambda d: len(d.session.sentences) == 39 and word_is("said")(d),
    ),
    "merge_sentence": (start, lambda d: len(d.session.sentences) == 37),
    "toggle_documents": (start, documents_are_shown),
    "toggle_inspector": (start, lambda d: not d.screen.inspector.display),
    "toggle_others": (start, lambda d: d.session.others.shown),
    "toggle_lanes": (start, lambda d: d.view.lines.mode == "compact"),
    "help": (start, dialog_is(HelpScreen)),
    "palette": (start, dialog_is(CommandPalette)),
}


async def in_order(d: Driver, key: str, steps: tuple[Step, Step]) -> None:
    """One command by one key; what it did is undone, what it switched is switched back."""
    prepare, check = steps
    prepare(d)
    if check in DIALOGS:
        await d.press(key)
    else:
        d.type(key)
    assert check(d), (key, d.said, d.word, d.rows()[:6])
    assert_saved(d.session)
    if d.dialog is not None:
        await d.press("escape")
        assert d.dialog is None
    elif d.screen._mode is not None:
        d.type("escape")
        assert d.screen._mode is None
    if not d.screen.inspector.display:
        d.type("i")
    if d.view.lines.mode == "compact":
        d.type("t")
    while "nothing to undo" not in d.said:
        d.type("u")
    d.type("escape")


async def test_every_command_by_every_key(running: Running, store: SqliteStore) -> None:
    assert {*CASES, "quit", "document_next", "document_previous"} == {
        command.id for command in COMMANDS
    }
    store.add_document(new_document("last.txt", TEXT))
    async with running("last.txt", size=(160, 24)) as d:
        for command in COMMANDS:
            for key in command.keys if command.id in CASES else ():
                await in_order(d, key, CASES[command.id])
        d.type("]")
        assert "this is the last document" in d.said
        d.type("[")
        assert d.session.document.name == "blank.txt"


async def test_every_label_key(running: Running) -> None:
    async with running() as d:
        keys = d.session.schema.keys()
        for key, (layer, label) in keys.items():
            d.select("SDF")
            await d.press(key)
            assert (d.focus.layer, d.focus.label, d.focus.text) == (layer.name, label.name, "SDF")
            assert label.name in d.said
            d.session.undo()


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
            ("y", "no suggestion here"),
            ("n", "no suggestion here"),
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
