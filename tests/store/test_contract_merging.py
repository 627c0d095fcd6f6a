"""Contract: projects made apart come together, and what both changed is left to decide."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from store_world import FACTORIES, populate

from annotator.core.edits import update


@pytest.mark.parametrize("kind", sorted(FACTORIES))
def test_a_merge_brings_what_others_made(kind: str, tmp_path: Path, schema_source: str) -> None:
    worlds = []
    for name in "ab":
        (tmp_path / name).mkdir()
        factory = FACTORIES[kind](tmp_path / name)
        worlds.append(populate(factory.create(schema_source), factory))
    mine, theirs = worlds
    span = theirs.span("Sillo")
    theirs.add(span)
    assert mine.store.merge([theirs.store], dry_run=True).made == {"span": 1}
    assert mine.store.merge([theirs.store]).conflicts == []
    document = mine.store.find_document("raqqa.txt")
    alice = mine.store.annotator("alice").id
    (came,) = mine.store.annotations(document, alice).spans
    session = mine.store.start_session(alice)
    mine.store.apply(session, document, "label", (update(came, replace(came, label="GROUP")),))
    change = update(span, replace(span, label="LOCATION"))
    theirs.store.apply(theirs.session, theirs.document.id, "label", (change,))
    mine.store.merge([theirs.store])
    (info,) = mine.store.conflicts()
    assert {info.in_force.label, info.other.label} == {"GROUP", "LOCATION"}
    for world in worlds:
        world.store.close()
