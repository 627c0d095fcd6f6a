"""The project's actors in windows: who there is, where each is mentioned, what each is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from annotator.core.annotation import Actor
from annotator.errors import RuleError
from annotator.tui.dialogs.key_menu import KeyMenu, MenuRow
from annotator.tui.dialogs.picker import Choice, Offer, Picker
from annotator.tui.dialogs.prompt import Prompt
from annotator.workflow.actor_actions import written_links
from annotator.workflow.queues import mentions_queue

if TYPE_CHECKING:
    from annotator.tui.going import Going
    from annotator.tui.screens.annotate import AnnotateScreen

Do = Callable[[], None]


class ActorQuestions:
    """Asked one after the other: which actor, what about it, and by what name."""

    def __init__(self, screen: AnnotateScreen, going: Going) -> None:
        self._screen = screen
        self._going = going

    def pick(self) -> None:
        """Which actor."""
        actors = self._screen.session.actors
        if not self._screen.session.store.actor_count():
            raise RuleError("there are no actors yet", "{mention} on an annotation makes one.")

        def offer() -> Offer[Actor]:
            return Offer([
                Choice(row.actor, row.actor.name, _note(row.actor, row.mentions), _about(row.actor))
                for row in actors.rows()
            ])  # fmt: skip

        def chosen(actor: Actor | None) -> None:
            if actor is not None:
                self.about(actor)

        read = offer if actors.are_many else offer().choices
        self._screen.asking.ask(Picker("Actors", read), chosen)

    def about(self, actor: Actor) -> None:
        """What to do with an actor."""
        actors = self._screen.session.actors
        links = written_links(actor.links)
        onward = self._screen.keymap.named("go through them with {queue_next}")
        rows: list[MenuRow[Do]] = [
            MenuRow("m", lambda: self._mentions(actor), "mentions", onward),
            MenuRow("r", lambda: self._ask("Another name for", actor, actors.rename, actor.name),
                    "rename", "its name becomes an alias"),
            MenuRow("a", lambda: self._ask("Also called:", actor, actors.add_alias),
                    "add an alias", ", ".join(actor.aliases)),
            MenuRow("k", lambda: self._ask("What kind is", actor, actors.set_kind, actor.kind),
                    "kind", actor.kind or "none"),
            MenuRow("i", lambda: self._ask("Identifiers of", actor, actors.set_links, links),
                    "identifiers elsewhere", links or "none", "wikidata Q30, viaf 130168302"),
            MenuRow("n", lambda: self._ask("Note on", actor, actors.set_note, actor.note or ""),
                    "note", actor.note or "none"),
        ]  # fmt: skip
        if actor.aliases:
            rows.append(MenuRow("x", lambda: self._remove_alias(actor), "take an alias away"))

        def chosen(do: Do | None) -> None:
            if do is not None:
                self._screen.then(do)

        self._screen.asking.ask(KeyMenu(actor.name, rows), chosen)

    def _mentions(self, actor: Actor) -> None:
        self._going.pick(mentions_queue(actor), wide=True)

    def _ask(
        self, what: str, actor: Actor, write: Callable[[Actor, str], str], value: str = ""
    ) -> None:
        def written(name: str | None) -> None:
            if name is not None:
                self._screen.then(lambda: write(actor, name))

        self._screen.asking.ask(Prompt(f"{what} {actor.name}", value), written)

    def _remove_alias(self, actor: Actor) -> None:
        choices = [Choice(alias, alias) for alias in actor.aliases]

        def chosen(alias: str | None) -> None:
            if alias is not None:
                self._screen.then(lambda: self._screen.session.actors.remove_alias(actor, alias))

        title = f"Which is no name of {actor.name}?"
        self._screen.asking.ask(Picker(title, choices), chosen)


def _note(actor: Actor, mentions: int) -> str:
    count = f"{mentions:,} mention{'' if mentions == 1 else 's'}"
    return " · ".join(part for part in (actor.kind, count) if part)


def _about(actor: Actor) -> str:
    lines = [f"also {', '.join(actor.aliases)}"] if actor.aliases else []
    lines += [f"{scheme}: {value}" for scheme, value in actor.links]
    return "\n".join([*lines, actor.note or ""]).strip()
