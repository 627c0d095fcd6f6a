"""Contract: what engines learned is kept per annotator, engine and layer, and never merged."""

from __future__ import annotations

from msgspec.structs import replace
from store_world import World

from annotator.core.learned_model import LearnedModel, checksum


def learned(data: bytes, engine: str = "crf", layer: str = "entity") -> LearnedModel:
    return LearnedModel(
        engine=engine, layer=layer, version="1", fingerprint="of what", sentences=3,
        checksum=checksum(data), data=data,
    )  # fmt: skip


def test_a_model_is_kept_as_it_was_and_the_newest_takes_the_place(world: World) -> None:
    store, alice, bob = world.store, world.alice, world.bob
    assert store.model(alice, "crf", "entity") is None
    first = learned(bytes(range(256)))
    store.save_model(alice, first)
    store.save_model(alice, learned(b"claims", layer="claim"))
    found = store.model(alice, "crf", "entity")
    assert found == first
    assert found.is_whole
    assert store.model(bob, "crf", "entity") is None
    assert store.model(alice, "gazetteer", "entity") is None
    second = replace(learned(b"more"), version="2", fingerprint="of more", sentences=9)
    store.save_model(alice, second)
    assert store.model(alice, "crf", "entity") == second
    assert not replace(second, data=b"mor").is_whole
