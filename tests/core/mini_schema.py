"""A small schema file without a fault, for the tests to break."""

from __future__ import annotations

GOOD = """\
name = "mini"
version = 1
[layer.entity]
scope = "span"
overlap = "nested"
unit = "run"
[layer.entity.labels.PERSON]
key = "1"
colour = "red"
[layer.entity.labels.PLACE]
key = "2"
[layer.entity.attributes.kind]
values = ["real", "invented"]
[layer.topic]
scope = "document"
[layer.topic.labels.WAR]
[relation.attribution.roles.source]
layers = ["entity"]
labels = ["PERSON"]
min = 0
[relation.attribution.roles.part]
relations = ["attribution"]
max = 2
"""
