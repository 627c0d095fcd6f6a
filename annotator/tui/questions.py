"""Everything the annotation screen asks in a small window.

A module of its own, read when the first question is asked: inputs and lists take a while to load.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from textual.widgets import Input

from annotator.core.annotation import Actor, Annotation, Relation, Span
from annotator.core.ids import new_id
from annotator.core.linking import Target, Way
from annotator.core.naming import named
from annotator.core.schema import Label, Layer
from annotator.errors import RuleError
from annotator.tui.attribute_questions import AttributeQuestions
from annotator.tui.dialogs.help import HelpScreen
from annotator.tui.dialogs.link_picker import LinkPicker
from annotator.tui.dialogs.picker import Choice, Offer, Picker
from annotator.tui.dialogs.prompt import Prompt
from annotator.tui.keymap import shown
from annotator.tui.tying import tie
from annotator.workflow.history import LATEST, Entry
from annotator.workflow.mentions import guess

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen


class ActorPicker(Picker[Actor]):
    """Picks an actor, or makes one of the name typed."""

    PROMPT = "a name, known or new; enter takes the one marked"

    def made(self, typed: str) -> Actor | None:
        """A new actor of that name."""
        return Actor(new_id(), typed)


_NOBODY = Actor("", "nobody")
"""What takes an actor off a span again."""
_NOBODY_AT = Picker.LISTED - 1
"""Its place, at most: behind all that are probable, and still in the list."""


class HistoryPicker(Picker[Entry | Literal["document"]]):
    """Picks what happened; a deletion is taken back."""

    KEYS = "enter brings ↺ back"


class WayPicker(Picker[Way]):
    """Picks a way to tie two spans; its number takes it at once."""

    PROMPT = "a number takes it; letters narrow down"

    def on_input_changed(self, event: Input.Changed) -> None:
        """A number is a choice."""
        if event.value.isdecimal() and 0 < int(event.value) <= len(self.found("")):
            event.prevent_default()
            self._take(int(event.value) - 1)


class Questions:
    """The questions of one annotation screen; an answer acts, and brings the screen up to date."""

    def __init__(self, screen: AnnotateScreen) -> None:
        self._screen = screen

    def show_help(self) -> None:
        """Every key."""
        self._screen.app.push_screen(HelpScreen(self._screen.keymap, self._screen.session.schema))

    def pick_label(self) -> None:
        """Choose a label, its guideline in sight."""
        choices: list[Choice[tuple[Layer, Label]]] = [
            Choice((layer, label), label.name, layer.title, _guidance(layer, label),
                   f"{shown(label.key or ''):1} ", is_name=True)
            for layer in self._screen.session.schema.layers
            for label in layer.labels
        ]  # fmt: skip

        def chosen(pair: tuple[Layer, Label] | None) -> None:
            if pair is not None:
                self._screen.then(lambda: self._screen.actions.label(*pair))

        self._screen.asking.ask(Picker("Label", choices), chosen)

    def pick_attribute(self, annotation: Annotation) -> None:
        """Choose values of its attributes; one it has is taken away again."""
        AttributeQuestions(self._screen).ask(annotation)

    def ask_note(self, annotation: Annotation) -> None:
        """Write the note of an annotation."""

        def written(note: str | None) -> None:
            if note is not None:
                self._screen.then(lambda: self._write_note(annotation, note))

        following = self._other_to_note(annotation)
        prompt = Prompt(
            f"Note on {_called(annotation)}",
            annotation.note or "",
            other=None if following is None else _called(following),
            go_to_other=lambda: self.ask_note(following or annotation),
        )
        self._screen.asking.ask(prompt, written)

    def _other_to_note(self, annotation: Annotation) -> Annotation | None:
        """After a span its relations, one after the other, then the span again."""
        session = self._screen.session
        focus = session.need_annotation()
        ring: list[Annotation] = [focus, *session.annotations.relations_of(focus.id)]
        ids = [one.id for one in ring]
        if len(ring) == 1 or annotation.id not in ids:
            return None
        return ring[(ids.index(annotation.id) + 1) % len(ring)]

    def _write_note(self, annotation: Annotation, note: str) -> str:
        self._screen.session.spans.set_note(annotation, note)
        return "note saved" if note.strip() else "note removed"

    def pick_actor(self, span: Span) -> None:
        """Choose the actor that the span mentions, the most probable first; where its words are a
        name that no actor has, that is a new one."""
        session = self._screen.session

        def offer() -> Offer[Actor]:
            probable = guess(span, session.store.actors(), session.annotations)
            choices = [
                Choice(actor, actor.name, actor.kind, ", ".join(actor.aliases))
                for actor in probable.actors
            ]
            if span.actor is not None:
                nobody = Choice(_NOBODY, _NOBODY.name, "no actor", "Takes the actor off.")
                choices.insert(_NOBODY_AT, nobody)
            return Offer(choices, probable.is_new)

        def chosen(actor: Actor | None) -> None:
            if actor is not None:
                self._screen.then(lambda: self._mention(span, actor))

        title = f"Who or what is “{span.text}”?"
        known = None if session.actors.are_many else offer()
        picker = ActorPicker(
            title,
            offer if known is None else known.choices,
            create="new actor",
            proposed=span.text,
            propose_first=known is not None and known.propose_first,
        )
        self._screen.asking.ask(picker, chosen)

    def _mention(self, span: Span, actor: Actor) -> str:
        self._screen.session.spans.mention(span, actor if actor is not _NOBODY else None)
        return f"mentions {actor.name}"

    def pick_way(self, other: Target, ways: list[Way]) -> None:
        """Choose how two spans are tied, where the schema knows several ways."""

        def chosen(way: Way | None) -> None:
            if way is not None:
                self._screen.then(lambda: self._screen.session.ties.tie(other, way))

        choices = [
            Choice(way, way.title, "", way.option.relation.description, mark=f"{number} ")
            for number, way in enumerate(ways, start=1)
        ]
        self._screen.asking.ask(WayPicker("How are they tied?", choices), chosen)

    def pick_link(self, focus: Span, *, own: bool = False) -> None:
        """Choose what to tie to from the whole document, likeliest first, or from the actors;
        ``own`` as for ``tie``."""

        def chosen(target: Target | None) -> None:
            if target is not None:
                self._screen.session.focus_id = focus.id
                self._screen.then(lambda: tie(self._screen, target, own=own))

        self._screen.asking.ask(LinkPicker(self._screen.session, focus), chosen)

    def pick_history(self, *, of_document: bool = False) -> None:
        """Look through the history of the focus, else of the document; a deletion is taken back."""
        history = self._screen.session.history
        session = self._screen.session
        focus = None if of_document else session.unit_focus or session.focus
        if focus is None and not history.entries(limit=1):
            raise RuleError("nothing has happened in this document yet")

        def offer() -> Offer[Entry | Literal["document"]]:
            entries = history.entries(None if focus is None else focus.id, limit=LATEST)
            choices: list[Choice[Entry | Literal["document"]]] = [
                Choice(entry, entry.title, f"{entry.annotator} {entry.time[:16].replace('T', ' ')}",
                       "\n".join(map(str, entry.changes)), "↺ " if entry.deletes else "  ")
                for entry in entries
            ]  # fmt: skip
            if focus is not None:
                choices.append(Choice("document", "the whole document’s", mark="… "))
            return Offer(choices)

        def chosen(entry: Entry | Literal["document"] | None) -> None:
            if isinstance(entry, Entry):
                self._screen.then(lambda: history.bring_back(entry.id))
            elif entry is not None:
                self.pick_history(of_document=True)

        what = "the document" if focus is None else named(focus)
        self._screen.asking.ask(HistoryPicker(f"History of {what}", offer), chosen)


def _called(annotation: Annotation) -> str:
    """What a window's title calls an annotation that the person has in sight."""
    return annotation.label if not isinstance(annotation, Relation) else f"the {annotation.type}"


def _guidance(layer: Layer, label: Label) -> str:
    """What to read while choosing a label: its own words, then what holds for its whole layer."""
    texts = (label.description, label.guideline, layer.description)
    return "\n\n".join(" ".join(text.split()) for text in texts if text)
