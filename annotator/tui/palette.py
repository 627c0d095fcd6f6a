"""The command palette: every command of the registry with its keys. Loaded when it is opened."""

from __future__ import annotations

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from annotator.core.commands import COMMANDS, Command
from annotator.tui.screens.annotate import AnnotateScreen


class CommandProvider(Provider):
    """Finds commands by their titles, and carries them out on the annotation screen."""

    async def discover(self) -> Hits:
        """All of them, in the order of the help screen, before anything is typed."""
        screen = self.screen
        if isinstance(screen, AnnotateScreen):
            for command in COMMANDS:
                yield DiscoveryHit(
                    Content(command.title) + self._keys(screen, command),
                    partial(screen.perform, command),
                    command.title,
                )

    async def search(self, query: str) -> Hits:
        """Those whose title has the letters of the query in their order."""
        screen, matcher = self.screen, self.matcher(query)
        if isinstance(screen, AnnotateScreen):
            for command in COMMANDS:
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
