"""Two copies of a project, in one of which engines withdrew what was answered in the other."""

from __future__ import annotations

from pathlib import Path

import pytest
from merge_world import Copy
from msgspec.structs import replace
from store_world import new_document

from annotator.core.annotation import Suggestion
from annotator.core.edits import create, delete, update
from annotator.core.ids import new_id


@pytest.mark.parametrize("edits_before", [0, 5])
def test_what_an_engine_withdrew_is_nothing_to_decide(
    tmp_path: Path, schema_source: str, edits_before: int
) -> None:
    """Whichever of the two came later by count of edits."""
    mine = Copy.make(tmp_path / "a.db", schema_source, new_document())
    world = mine.at("raqqa.txt", "alice")
    accepted, rejected, unasked = (
        Suggestion(new_id(), world.document.id, world.alice, world.span(word))
        for word in ("Sillo", "SDF", "Raqqa")
    )
    world.add(accepted, rejected, unasked, verb="suggest")
    theirs = mine.copy(tmp_path / "b.db")
    here, there = mine.at("raqqa.txt", "alice"), theirs.at("raqqa.txt", "alice")
    made = replace(accepted.proposed, id=new_id())
    yes = update(accepted, replace(accepted, state="accepted", result=made.id))
    no = update(rejected, replace(rejected, state="rejected"))
    mine.store.apply(here.session, here.document.id, "answer", (create(made), yes))
    mine.store.apply(here.session, here.document.id, "answer", (no,))
    for _ in range(edits_before):
        there.add(there.span("confirmed"))
    withdrawn = (delete(accepted), delete(rejected), delete(unasked))
    theirs.store.apply(there.session, there.document.id, "suggest", withdrawn)
    report = mine.merge(theirs)
    assert report.conflicts == []
    found = mine.store.annotations(here.document.id, here.alice)
    assert {s.id: s.state for s in found.suggestions} == {
        accepted.id: "accepted", rejected.id: "rejected",
    }  # fmt: skip
    assert [s.text for s in found.spans].count("Sillo") == 1
    mine.check()
    mine.store.close()
    theirs.store.close()
