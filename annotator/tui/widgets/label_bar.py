"""The label bar: the schema's keys, or what the keys do in a mode."""

from __future__ import annotations

from annotator.core.schema import Schema
from annotator.tui.widgets.text_line import Part, TextLine


class LabelBar(TextLine):
    """One line of ``key LABEL`` pairs; ``?`` for the rest where they do not fit."""

    def show_schema(self, schema: Schema) -> None:
        """Show the keys of the labels, in the schema's order."""
        parts: list[Part] = [(" ", "plain")]
        for key, (_, label) in schema.keys().items():
            parts += [(key, "key"), (f" {label.name}  ", "plain")]
        if len(parts) == 1:
            parts.append(("enter picks a label", "dim"))
        self.show(tuple(parts), (("? help ", "dim"),))

    def show_mode(self, name: str, keys: tuple[tuple[str, str], ...]) -> None:
        """Show a mode's name and its keys in place of the labels."""
        parts: list[Part] = [(f" {name}  ", "strong")]
        for key, title in keys:
            parts += [(key, "key"), (f" {title}  ", "plain")]
        self.show(tuple(parts))
