"""The engines there are: ours come through the same door as those of others."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from annotator.errors import UsageError
from annotator.suggest import registry


def test_ours_are_listed_and_loaded_by_name() -> None:
    assert {"crf", "gazetteer", "lists"} <= set(registry.names())
    for name in registry.names():
        if name != "spacy":
            engine = registry.get(name)
            assert engine.name == name
            assert engine.version
            assert engine.title


def test_an_unknown_engine_and_one_that_cannot_be_loaded_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    points = [EntryPoint("broken", "no_such_package:ENGINE", registry.GROUP)]
    monkeypatch.setattr(registry, "entry_points", lambda group: points)
    with pytest.raises(UsageError, match="There is no engine 'other'"):
        registry.get("other")
    with pytest.raises(UsageError, match="The engine 'broken' cannot be loaded: No module named"):
        registry.get("broken")


def test_of_two_with_one_name_the_first_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [EntryPoint("twice", f"{module}:ENGINE", registry.GROUP) for module in "ab"]
    monkeypatch.setattr(registry, "entry_points", lambda group: points)
    with pytest.warns(RuntimeWarning, match="two packages offer the engine 'twice'"):
        assert registry.names() == ["twice"]
