"""The annotation screen: document, inspector, label bar and status line, and the way of a key.

A key goes to the mode that is on, else to the command it is bound to, else to the label it stands
for; then every region is brought up to date, and only what differs is painted.
"""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen

from annotator.core.annotation import Actor, Annotation, Span
from annotator.core.ids import new_id
from annotator.core.linking import Way, shared_relation
from annotator.core.schema import Attribute, Label, Layer
from annotator.errors import AnnotatorError, RuleError
from annotator.tui.actions import Actions
from annotator.tui.dialogs.help import HelpScreen
from annotator.tui.dialogs.picker import Choice, Picker
from annotator.tui.dialogs.prompt import Prompt
from annotator.tui.keymap import Keymap, key_name, shown
from annotator.tui.modes import Mode
from annotator.tui.widgets.document_view import DocumentView
from annotator.tui.widgets.inspector import Inspector
from annotator.tui.widgets.label_bar import LabelBar
from annotator.tui.widgets.status_line import StatusLine
from annotator.workflow.annotate import AnnotateSession

INSPECTOR_FROM = 100
"""Screens of at least so many cells show the inspector unasked."""


class ActorPicker(Picker[Actor]):
    """Picks an actor, or makes one of the name typed."""

    def made(self, typed: str) -> Actor | None:
        """A new actor of that name."""
        return Actor(new_id(), typed)


class AnnotateScreen(Screen[None]):
    """One document at a time; ``open_session`` makes the session for another."""

    DEFAULT_CSS = """
    AnnotateScreen > Horizontal { height: 1fr; }
    """

    def __init__(
        self, session: AnnotateSession, open_session: Callable[[str], AnnotateSession]
    ) -> None:
        super().__init__()
        self._open_session = open_session
        self.keymap = Keymap()
        self._mode: Mode | None = None
        self._message: tuple[str, bool] = ("", False)
        self._inspector_wanted: bool | None = None
        self.bar = LabelBar(id="labels")
        self.status = StatusLine(id="status")
        self.inspector = Inspector(id="inspector")
        self._take(session)

    def _take(self, session: AnnotateSession) -> None:
        self.session = session
        self.view = DocumentView(session, id="document")
        self.actions = Actions(self)
        self._label_keys = session.schema.keys()

    def compose(self) -> ComposeResult:
        """Document and inspector side by side, the two lines below."""
        with Horizontal():
            yield self.view
            yield self.inspector
        yield self.bar
        yield self.status

    def on_mount(self) -> None:
        """Show where the annotator left off."""
        self.view.focus()
        self._fit(self.app.size.width)
        self.bring_up_to_date()
        self.call_after_refresh(self._complete)

    def _complete(self) -> None:
        """Read what the first picture did not need."""
        self.session.complete()
        self.bring_up_to_date()

    def on_resize(self, event: events.Resize) -> None:
        """The inspector comes and goes with the room there is."""
        self._fit(event.size.width)

    def on_key(self, event: events.Key) -> None:
        """The way of a key."""
        event.stop()
        event.prevent_default()
        key = key_name(event.key, event.character)
        self.press(key)
        self.app.key_done()  # type: ignore[attr-defined]

    def on_document_view_chosen(self) -> None:
        """The mouse moved the cursor or the selection."""
        self.leave_mode()
        self._say("")
        self.bring_up_to_date()

    def on_document_view_label_wanted(self) -> None:
        """The right button asks for a label."""
        self.bring_up_to_date()
        self.pick_label()

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text is not a series of keys."""
        event.stop()
        self._say("pasting does nothing here: the text is never changed", warning=True)
        self.bring_up_to_date()

    def press(self, key: str) -> None:
        """Deal with one key and bring the screen up to date."""
        self._say("")
        self.session.complete()
        self._attempt(lambda: self._dispatch(key))
        self.bring_up_to_date()

    def _attempt(self, action: Callable[[], str | None]) -> None:
        try:
            self._say(action() or "")
        except AnnotatorError as error:
            self._say(f"{error.message}. {error.hint}".rstrip(". "), warning=True)

    def _dispatch(self, key: str) -> str | None:
        if self._mode is not None:
            return self._in_mode(self._mode, key)
        command = self.keymap.command(key)
        if command is not None:
            return self.actions.run(command)
        if key in self._label_keys:
            return self.actions.label(*self._label_keys[key])
        raise RuleError(f"{shown(key)} does nothing here", "? shows every key")

    def _in_mode(self, mode: Mode, key: str) -> str | None:
        stays, outcome = False, None
        try:
            if key != "escape":
                stays, outcome = mode.handle(key)
        finally:
            if not stays:
                self.leave_mode()
        return outcome

    # -- modes and regions -----------------------------------------------------------------------

    def enter(self, mode: Mode) -> None:
        """Hand the keyboard to a mode."""
        self._mode = mode

    def leave_mode(self) -> None:
        """Back to commands and labels."""
        if self._mode is not None:
            self._mode.leave()
            self._mode = None

    def _say(self, message: str, *, warning: bool = False) -> None:
        self._message = (message, warning)

    def bring_up_to_date(self) -> None:
        """Show the state of things in every region."""
        session = self.session
        self.view.sync()
        if self.inspector.display:
            self.inspector.show_session(session)
        if self._mode is not None:
            self.bar.show_mode(self._mode.name, self._mode.keys)
        else:
            self.bar.show_schema(session.schema)
        self.status.show_place(
            session.document.name,
            session.reader.ordinal,
            len(session.sentences),
            session.done_count,
            session.annotator.name,
        )
        message, warning = self._message
        self.status.say(message, warning=warning)

    def _fit(self, width: int) -> None:
        wanted = self._inspector_wanted
        self.inspector.display = width >= INSPECTOR_FROM if wanted is None else wanted

    def toggle_inspector(self) -> None:
        """Show or hide the inspector, whatever the room."""
        self._inspector_wanted = not self.inspector.display
        self._fit(self.app.size.width)

    def leave(self) -> None:
        """Save the cursor and go."""
        self._attempt(self._save_position)
        self.app.exit()

    def _save_position(self) -> None:
        self.session.save_position()

    # -- documents -------------------------------------------------------------------------------

    def open_neighbour(self, step: int) -> str | None:
        """Open the next or previous document in order of import."""
        store, annotator = self.session.store, self.session.annotator.id
        ids = [info.id for info in store.documents(annotator)]
        place = ids.index(self.session.document.id) + step
        if not 0 <= place < len(ids):
            raise RuleError("this is the last document" if step > 0 else "this is the first one")
        self.open_document(ids[place])
        return None

    def open_document(self, document: str) -> None:
        """Show another document where its annotator left it."""
        self.session.save_position()
        self.leave_mode()
        old = self.view
        self._take(self._open_session(document))
        self.query_one(Horizontal).mount(self.view, before=old)
        old.remove()
        self.view.focus()
        self.bring_up_to_date()
        self.call_after_refresh(self._complete)

    # -- dialogs ---------------------------------------------------------------------------------

    def _then(self, action: Callable[[], str | None]) -> None:
        self._attempt(action)
        self.bring_up_to_date()

    def show_help(self) -> None:
        """Every key."""
        self.app.push_screen(HelpScreen(self.keymap, self.session.schema))

    def pick_document(self) -> None:
        """Choose a document to open."""
        rows = self.session.store.documents(self.session.annotator.id)
        choices = [
            Choice(info.id, info.name, f"{info.done}/{info.sentences} done · {info.spans} spans")
            for info in rows
        ]

        def chosen(document: str | None) -> None:
            if document is not None and document != self.session.document.id:
                self._attempt(lambda: self.open_document(document))

        self.app.push_screen(Picker("Documents", choices), chosen)

    def pick_label(self) -> None:
        """Choose a label, its guideline in sight."""
        choices: list[Choice[tuple[Layer, Label]]] = [
            Choice((layer, label), label.name, f"{layer.title} {label.key or ''}",
                   "\n".join(filter(None, (label.description, label.guideline))))
            for layer in self.session.schema.layers
            for label in layer.labels
        ]  # fmt: skip

        def chosen(pair: tuple[Layer, Label] | None) -> None:
            if pair is not None:
                self._then(lambda: self.actions.label(*pair))

        self.app.push_screen(Picker("Label", choices), chosen)

    def pick_attribute(self, span: Span) -> None:
        """Choose an attribute value for the span; one it has is taken away again."""
        layer = self.session.schema.layer(span.layer)
        held = {(a.name, value) for a in span.attributes for value in a.values}
        choices = [
            Choice(
                (attribute, value.name),
                f"{'●' if (attribute.name, value.name) in held else '○'} {value.name}",
                attribute.title or attribute.name,
                value.description or attribute.description,
            )
            for attribute in layer.attributes_of(span.label)
            for value in attribute.values
        ]
        if not choices:
            raise RuleError(f"{span.label} has no attributes in this schema")

        def chosen(pair: tuple[Attribute, str] | None) -> None:
            if pair is not None:
                self._then(lambda: self._toggle_value(span, *pair))

        self.app.push_screen(Picker(f"Attributes of {span.label}", choices), chosen)

    def _toggle_value(self, span: Span, attribute: Attribute, value: str) -> str:
        had = next((a.values for a in span.attributes if a.name == attribute.name), ())
        if value in had:
            values = tuple(v for v in had if v != value)
        else:
            values = (*had, value) if attribute.multi else (value,)
        self.session.spans.set_attribute(span, attribute.name, values)
        return f"{attribute.name}: {', '.join(values) or 'none'}"

    def ask_note(self, annotation: Annotation) -> None:
        """Write the note of an annotation."""

        def written(note: str | None) -> None:
            if note is not None:
                self._then(lambda: self._write_note(annotation, note))

        self.app.push_screen(Prompt("Note", annotation.note or ""), written)

    def _write_note(self, annotation: Annotation, note: str) -> str:
        self.session.spans.set_note(annotation, note)
        return "note saved" if note.strip() else "note removed"

    def pick_actor(self, span: Span) -> None:
        """Choose the actor that the span mentions; those of like name first."""
        choices = [
            Choice(actor, actor.name, actor.kind, ", ".join(actor.aliases))
            for actor in self.session.spans.actors_for(span)
        ]

        def chosen(actor: Actor | None) -> None:
            if actor is not None:
                self._then(lambda: self._mention(span, actor))

        title = f"Who or what is “{span.text}”?"
        self.app.push_screen(ActorPicker(title, choices, create="new actor"), chosen)

    def _mention(self, span: Span, actor: Actor) -> str:
        self.session.spans.mention(span, actor)
        return f"mentions {actor.name}"

    # -- ties ------------------------------------------------------------------------------------

    def tie(self, other: Span) -> str | None:
        """Tie the focused span to another, or untie them; ask where two ways fit."""
        session = self.session
        if shared_relation(session.annotations, session.need_focus(), other) is not None:
            return session.ties.untie(other)
        ways = session.ties.ways(other)
        if len(ways) == 1:
            return session.ties.tie(other, ways[0])
        if not ways:
            raise RuleError("the schema ties these two in no way")
        self._pick_way(other, ways)
        return None

    def _pick_way(self, other: Span, ways: list[Way]) -> None:
        def chosen(way: Way | None) -> None:
            if way is not None:
                self._then(lambda: self.session.ties.tie(other, way))

        choices = [Choice(way, way.title, "", way.option.relation.description) for way in ways]
        self.app.push_screen(Picker("How are they tied?", choices), chosen)

    def pick_link(self, focus: Span) -> None:
        """Choose what to tie to from the whole document, nearest first."""
        targets = self.session.ties.linkable(0, len(self.session.document.text))
        choices = [
            Choice(span, span.text, f"{span.label} · sentence {self._sentence_number(span)}")
            for span in targets
        ]

        def chosen(span: Span | None) -> None:
            if span is not None:
                self.session.focus_id = focus.id
                self._then(lambda: self.tie(span))

        self.app.push_screen(Picker(f"Tie {focus.label} to", choices), chosen)

    def _sentence_number(self, span: Span) -> int:
        return self.session.reader.ordinal_at(span.start) + 1
