"""Contract: what engines learned is kept per annotator, engine and layer, and never merged."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace
from store_world import FACTORIES, World, populate

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


def test_a_merge_leaves_out_what_engines_learned(tmp_path: Path, schema_source: str) -> None:
    worlds = []
    for name in "ab":
        (tmp_path / name).mkdir()
        factory = FACTORIES["sqlite"](tmp_path / name)
        worlds.append(populate(factory.create(schema_source), factory))
    mine, theirs = worlds
    mine.store.save_model(mine.alice, learned(b"mine"))
    theirs.store.save_model(theirs.alice, learned(b"theirs", engine="gazetteer"))
    theirs.add(theirs.span("Sillo"))
    mine.store.merge([theirs.store])
    alice = mine.store.annotator("alice").id
    assert mine.store.model(alice, "crf", "entity") == learned(b"mine")
    assert mine.store.model(alice, "gazetteer", "entity") is None
    for world in worlds:
        world.store.close()


def test_the_doctor_finds_a_damaged_model_and_throws_it_away(
    tmp_path: Path, schema_source: str
) -> None:
    factory = FACTORIES["sqlite"](tmp_path)
    world = populate(factory.create(schema_source), factory)
    world.store.save_model(world.alice, learned(b"whole"))
    assert not [*world.store.upkeep.faults_of_file()]
    world.store.save_model(world.alice, replace(learned(b"whole"), data=b"dented"))
    (fault,) = world.store.upkeep.faults_of_file()
    assert fault.finding.kind == "model"
    assert "the engine crf learned of entity is damaged" in fault.finding.message
    assert fault.mend is not None
    assert fault.mend().startswith("it was thrown away")
    assert world.store.model(world.alice, "crf", "entity") is None
    assert not [*world.store.upkeep.faults_of_file()]
    world.store.close()
