"""Whether annotations that come in keep to the schema's rules beside those that are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from annotator.core.annotation import Record, Relation, Span
from annotator.core.annotation_set import AnnotationSet
from annotator.core.naming import named
from annotator.core.rules import check_overlap, role_problems
from annotator.core.schema import Schema
from annotator.errors import InputError, RuleError
from annotator.store.base import Annotations

_SHOWN = 3


def check_rules(document: str, new: Sequence[Record], there: Annotations, schema: Schema) -> None:
    """Raise InputError, naming them, where new spans overlap as their layer forbids, or a new
    relation has fewer or more arguments in a role than its type allows.

    A required attribute that is missing is no reason: it is a finding for checks.
    """
    found = [*islice(_problems(new, there, schema), _SHOWN + 1)]
    if found:
        shown = [*found[:_SHOWN], *(["and more"] if len(found) > _SHOWN else [])]
        raise InputError(
            f"{document}: breaks rules of the schema {schema.name}: {'; '.join(shown)}",
            "Mend them in the file, or import them as proposals with --as suggestions.",
        )


def _problems(new: Sequence[Record], there: Annotations, schema: Schema) -> Iterator[str]:
    layers = {layer.name: layer for layer in schema.layers if layer.overlap != "any"}
    spans = [s for s in new if isinstance(s, Span) and s.layer in layers]
    if spans:
        around = AnnotationSet([s for s in there.spans if s.layer in layers])
        for span in spans:
            try:
                check_overlap(around, layers[span.layer], span)
            except RuleError as error:
                yield f"{named(span)}: {error.message}"
            around.add(span)
    types = {kind.name: kind for kind in schema.relations}
    for relation in new:
        if not isinstance(relation, Relation):
            continue
        yield from role_problems(types[relation.type], relation)
