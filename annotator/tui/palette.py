"""The command palette: every command of the registry with its keys. Loaded when it is opened."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from textual._types import CallbackType
from textual.await_complete import AwaitComplete
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from annotator.core.commands import Command
from annotator.tui.screens.annotate import AnnotateScreen


class Palette(CommandPalette):
    """The library's palette, which would close, and act, once for each click on a choice."""

    def dismiss(self, result: CallbackType | None = None) -> AwaitComplete:
        """Close; where it is closed already, what was chosen is done already."""
        if self.is_current:
            return super().dismiss(result)  # type: ignore[arg-type]
        self._selected_command = DiscoveryHit("", _nothing)
        return AwaitComplete()

    def _action_command_list(self, action: str) -> None:
        """As the library does, which cannot page through a list that has no room on the screen."""
        with suppress(KeyError):
            super()._action_command_list(action)


def _nothing() -> None:
    pass


class CommandProvider(Provider):
    """Finds commands by their titles, and carries them out on the annotation screen."""

    async def discover(self) -> Hits:
        """All of them, in the order of the help screen, before anything is typed."""
        screen = self.screen
        if isinstance(screen, AnnotateScreen):
            for command in screen.keymap.commands:
                yield DiscoveryHit(
                    Content(command.title) + self._keys(screen, command),
                    partial(screen.perform, command),
                    command.title,
                )

    async def search(self, query: str) -> Hits:
        """Those whose title has the letters of the query in their order."""
        screen, matcher = self.screen, self.matcher(query)
        if isinstance(screen, AnnotateScreen):
            for command in screen.keymap.commands:
                score = matcher.match(command.title)
                if score > 0:
                    yield Hit(
                        score,
                        matcher.highlight(command.title) + self._keys(screen, command),
                        partial(screen.perform, command),
                        command.title,
                    )

    def _keys(self, screen: AnnotateScreen, command: Command) -> Content:
        return Content.styled(f"  {screen.keymap.keys_of(command)}", "$accent")
