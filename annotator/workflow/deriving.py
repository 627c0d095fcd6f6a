"""A schema made of what files contain, so that they can be imported into a project of their own."""

from __future__ import annotations

import string
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from annotator.core.commands import RESERVED
from annotator.core.schema import (
    Attribute,
    AttributeValue,
    Label,
    Layer,
    RelationType,
    Role,
    Schema,
)
from annotator.core.schema_file import COLOURS, parse_schema
from annotator.core.schema_text import schema_text
from annotator.errors import InputError
from annotator.formats import options
from annotator.formats.base import Refusal, Source
from annotator.formats.findings import Findings
from annotator.formats.label_names import FROM, TO
from annotator.formats.loss import Losses
from annotator.workflow.recognising import Recogniser, items_of

_KEYS = [k for k in string.digits[1:] + string.ascii_letters if k not in RESERVED]
_HUES = [colour for colour in COLOURS if not colour.endswith(("black", "white"))]


class Request(Struct, frozen=True, kw_only=True):
    """Which files to look into, and how: as for an import. ``name`` is the schema's."""

    paths: tuple[Path, ...]
    name: str = "derived"
    format: str | None = None
    encoding: str | None = None
    layer: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)


class Derived(Struct):
    """The schema as TOML, what it was made of, and what of the files is not in it."""

    text: str
    findings: Findings
    documents: int
    losses: Losses
    refusals: list[Refusal]


def derive(request: Request) -> Derived:
    """Read all files and make the schema. Raises InputError where they hold no annotations."""
    findings, losses, refusals, documents = Findings(), Losses(), list[Refusal](), 0
    recogniser = Recogniser(request.format, request.options)
    with tempfile.TemporaryDirectory(prefix="annotator-") as folder:
        for entry in recogniser.files(request.paths, Path(folder)):
            if isinstance(entry, Refusal):
                refusals.append(entry)
                continue
            format, file = entry.format, entry.file
            source = Source(
                file.path, file.name, shown=file.shown, encoding=request.encoding,
                layer=request.layer, losses=losses,
                options=options.checked(format.name, format.read_options, request.options),
            )  # fmt: skip
            for item in items_of(format, source):
                if isinstance(item, Refusal):
                    refusals.append(item)
                    continue
                findings.add(item)
                documents += 1
            format.declare(source, findings)
    if not findings.labels:
        first = f", first {refusals[0].place}: {refusals[0].message}" if refusals else ""
        raise InputError(f"No annotations were found, so there is nothing to derive{first}")
    schema = derived_schema(findings, request.name, losses)
    text = schema_text(schema)
    parse_schema(text, f"{request.name}.toml")
    return Derived(text, findings, documents, losses, refusals)


def derived_schema(findings: Findings, name: str, losses: Losses) -> Schema:
    """A schema that allows all that was found; what names forbid to tell apart goes into losses."""
    scopes: dict[str, Counter[str]] = {}
    for (layer, scope), labels in findings.labels.items():
        scopes.setdefault(layer, Counter())[scope] += labels.total() + 1
    layers = []
    for (layer, scope), labels in findings.labels.items():
        if scope != scopes[layer].most_common(1)[0][0]:
            losses.add(f"layer of scope {scope}", "left out, as its name has another", layer)
            continue
        layers.append(
            Layer(
                layer, layer, scope,
                tuple(Label(label, label) for label in _distinct(labels, losses)),
                "any" if layer in findings.overlapping else "none",
                findings.unit(layer) if scope == "span" else "token",
                attributes=_attributes(findings, layer, losses),
            )
        )  # fmt: skip
    layers = list(_with_keys(layers, findings))
    spans = {layer.name for layer in layers if layer.scope == "span"}
    relations = tuple(
        RelationType(type, type, roles, _attributes(findings, type, losses))
        for type in findings.relations
        if (roles := tuple(_roles(type, findings, spans)))
    )
    return Schema(name, 1, name, "", tuple(layers), relations)


def _distinct(names: Counter[str], losses: Losses) -> Iterator[str]:
    """Names, the most frequent first; of those that differ in case alone the most frequent."""
    best: dict[str, str] = {}
    for name, _ in names.most_common():
        kept = best.setdefault(_folded(name), name)
        if kept != name:
            losses.add("name that differs in case alone", f"only {kept} is in the schema", name)
    yield from best.values()


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _with_keys(layers: Iterable[Layer], findings: Findings) -> Iterator[Layer]:
    """The layers with keys for the most frequent labels and colours for all."""
    layers = list(layers)
    counts = Counter(
        {
            (layer.name, label.name): findings.labels[layer.name, layer.scope][label.name]
            for layer in layers
            for label in layer.labels
        }
    )
    keys = dict(zip((place for place, _ in counts.most_common()), _KEYS, strict=False))
    colours = {place: _HUES[n % len(_HUES)] for n, place in enumerate(counts)}
    for layer in layers:
        labels = tuple(
            replace(
                label,
                key=keys.get((layer.name, label.name)),
                colour=colours[layer.name, label.name],
            )
            for label in layer.labels
        )
        yield replace(layer, labels=labels)


def _attributes(findings: Findings, owner: str, losses: Losses) -> tuple[Attribute, ...]:
    found: dict[str, Attribute] = {}
    for (whose, name), values in findings.attributes.items():
        if whose != owner:
            continue
        if not values:
            losses.add("attribute without a value", "not in the schema", f"{owner} {name}")
            continue
        found[name] = Attribute(
            name, name, tuple(AttributeValue(v, v) for v in _distinct(values, losses)),
            multi=(owner, name) in findings.several,
        )  # fmt: skip
    return tuple(found.values())


def _roles(type: str, findings: Findings, layers: set[str]) -> Iterator[Role]:
    """The roles, those of a plain pair first, as it is read by their order."""
    found, types = findings.relations[type], findings.relations.keys()
    one = findings.is_pair(type)
    order = {FROM: 0, TO: 1}
    for name in sorted(found, key=lambda role: order.get(role, 2)):
        kinds = found[name]
        role = Role(
            name, name,
            layers=tuple(dict.fromkeys(w for k, w in kinds if k == "span" and w in layers)),
            relations=tuple(dict.fromkeys(w for k, w in kinds if k == "relation" and w in types)),
            actors=any(kind == "actor" for kind, _ in kinds),
            min=1 if one else 0,
            max=1 if one else None,
        )  # fmt: skip
        if role.layers or role.relations or role.actors:
            yield role
