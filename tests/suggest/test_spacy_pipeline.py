"""spaCy's pipelines as an engine; skipped, saying so, where spaCy is not installed."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_pages import page, said, schema

from annotator.errors import InputError, UsageError
from annotator.suggest import spacy_pipeline
from annotator.suggest.spacy_pipeline import ENGINE

TEXT = "Yesterday it rained. Then Ann Lee came to Bonn, 👩‍👩‍👧 and left."


@pytest.fixture
def pipeline(tmp_path: Path) -> str:
    spacy = pytest.importorskip("spacy", reason="spaCy is not installed (extra spacy)")
    made = spacy.blank("en")
    ruler = made.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": "PER", "pattern": "Ann Lee"},
            {"label": "GPE", "pattern": "Bonn"},
            {"label": "WEATHER", "pattern": "rained"},
        ]
    )
    made.to_disk(tmp_path / "pipeline")
    return str(tmp_path / "pipeline")


def test_entities_become_proposals_with_the_labels_of_the_schema(pipeline: str) -> None:
    (data,) = ENGINE.read([pipeline], schema()).values()
    model = ENGINE.load(data, schema(), "entity")
    found = model.propose(page(TEXT, taught=False))
    assert said(found) == [("Ann Lee", "PERSON"), ("Bonn", "PLACE")]
    assert all(TEXT[p.start : p.end] == p.text for p in found)
    assert {p.origin.engine for p in found} == {"spacy"}
    assert model.propose(page(TEXT)) == []


def test_a_label_that_the_schema_no_longer_has_is_not_proposed(pipeline: str) -> None:
    (data,) = ENGINE.read([pipeline], schema()).values()
    model = ENGINE.load(data, schema("none", "PLACE"), "entity")
    assert said(model.propose(page(TEXT, taught=False))) == [("Bonn", "PLACE")]
    with pytest.raises(InputError, match="has none of its labels any more: PERSON, PLACE"):
        ENGINE.load(data, schema("none", "RIVER"), "entity")


def test_a_pipeline_that_fits_nothing_or_has_changed_is_told(pipeline: str) -> None:
    with pytest.raises(InputError, match="none of its labels is in the schema small"):
        ENGINE.read([pipeline], schema("none", "RIVER"))
    (data,) = ENGINE.read([pipeline], schema()).values()
    meta = Path(pipeline) / "meta.json"
    meta.write_text(meta.read_text().replace('"version":"0.0.0"', '"version":"9.9.9"'))
    with pytest.raises(InputError, match=r"of version 9\.9\.9 now, and was of 0\.0\.0"):
        ENGINE.load(data, schema(), "entity")
    with pytest.raises(InputError, match="there is no such spaCy pipeline"):
        ENGINE.read([f"{pipeline}-none"], schema())


def test_without_a_name_or_spacy_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="wants one pipeline"):
        ENGINE.read([], schema())
    monkeypatch.setattr(spacy_pipeline, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match="The engine spacy needs spacy"):
        ENGINE.read(["en"], schema())
