"""The labelling configuration with which Label Studio opens our tasks, made of a schema.

A layer is a set of labels by its name, an attribute a choice on a region, a document layer a choice
on the task: the names that the tasks' results have in ``from_name``.
"""

from __future__ import annotations

from itertools import chain
from xml.etree import ElementTree

from annotator.core.schema import Attribute, Layer, Schema
from annotator.formats.label_names import LabelNames

TEXT = "text"
_COLOURS = {
    "black": "#000000", "red": "#cd3131", "green": "#0dbc79", "yellow": "#b5a800",
    "blue": "#2472c8", "magenta": "#bc3fbc", "cyan": "#11a8cd", "white": "#8a8a8a",
    "bright_black": "#666666", "bright_red": "#f14c4c", "bright_green": "#23d18b",
    "bright_yellow": "#d7d75f", "bright_blue": "#3b8eea", "bright_magenta": "#d670d6",
    "bright_cyan": "#29b8db", "bright_white": "#b0b0b0",
}  # fmt: skip


def labelling_config(schema: Schema) -> bytes:
    """The configuration as XML."""
    view = ElementTree.Element("View")
    spans = [layer for layer in schema.layers if layer.scope == "span"]
    for layer in spans:
        _labels(view, layer)
    ElementTree.SubElement(view, "Text", name=TEXT, value=f"${TEXT}", granularity="symbol")
    attributes: dict[str, list[tuple[Layer, Attribute]]] = {}
    for layer in spans:
        for attribute in layer.attributes:
            attributes.setdefault(attribute.name, []).append((layer, attribute))
    for name, found in attributes.items():
        _attribute(view, name, found)
    for layer in schema.layers:
        if layer.scope == "document":
            choices = _choices(view, layer.name, "multiple")
            for label in layer.labels:
                ElementTree.SubElement(choices, "Choice", value=label.name)
    _relations(view, schema)
    ElementTree.indent(view)
    return ElementTree.tostring(view, encoding="unicode").encode() + b"\n"


def _labels(view: ElementTree.Element, layer: Layer) -> None:
    labels = ElementTree.SubElement(view, "Labels", name=layer.name, toName=TEXT)
    for label in layer.labels:
        colour = _COLOURS.get(label.colour, label.colour)
        made = ElementTree.SubElement(labels, "Label", value=label.name, background=colour)
        if label.key is not None:
            made.set("hotkey", label.key)


def _choices(view: ElementTree.Element, name: str, how: str) -> ElementTree.Element:
    return ElementTree.SubElement(view, "Choices", name=name, toName=TEXT, choice=how)


def _attribute(view: ElementTree.Element, name: str, found: list[tuple[Layer, Attribute]]) -> None:
    """One control for all layers that have an attribute of this name, as names are unique."""
    is_multi = any(attribute.multi for _, attribute in found)
    choices = _choices(view, name, "multiple" if is_multi else "single")
    choices.set("perRegion", "true")
    choices.set("visibleWhen", "region-selected")
    if len(found) == 1:
        ((layer, attribute),) = found
        choices.set("whenTagName", layer.name)
        if attribute.labels:
            choices.set("whenLabelValue", ",".join(attribute.labels))
    values = chain.from_iterable(attribute.values for _, attribute in found)
    for value in dict.fromkeys(value.name for value in values):
        ElementTree.SubElement(choices, "Choice", value=value)


def _relations(view: ElementTree.Element, schema: Schema) -> None:
    """A word for each pair of the first role and another, as the tasks have them."""
    names = LabelNames(schema)
    words = [
        names.written_pair(relation.name, relation.roles[0].name, role.name)
        for relation in schema.relations
        for role in relation.roles[1:] or relation.roles[:1]
    ]
    if words:
        relations = ElementTree.SubElement(view, "Relations")
        for word in words:
            ElementTree.SubElement(relations, "Relation", value=word)
