"""Paths as arguments: looked at by whoever uses them, and never empty."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


class PathArgument(click.Path):
    """A path; an empty one, as of a variable that is not set, would else be the current folder."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, readable=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path. Fails for an empty one."""
        if value == "":
            self.fail("an empty path", param, ctx)
        return super().convert(value, param, ctx)


PATH = PathArgument()
