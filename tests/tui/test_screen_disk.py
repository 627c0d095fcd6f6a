"""The screen on a disk that fails: it says so, shows nothing that is not stored, and goes on."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from real_disks import failing_disk, fill, small_disk
from screen_driver import Running
from session_state import ARTICLE, project, stored_rows

from annotator.store.sqlite.store import SqliteStore
from annotator.workflow.doctor import examine

SPANS = "SELECT label, text FROM span ORDER BY id"


async def test_a_full_disk(running: Running, tmp_path: Path, news_source: str) -> None:
    with small_disk(tmp_path / "disk", 2048) as folder:
        path = folder / "p.db"
        with project(path, news_source, {"a.txt": ARTICLE}) as store:
            async with running(on=store, size=(400, 40)) as driver:
                await driver.press("x", "s")
                ballast = fill(folder)
                for _ in range(40):
                    before = len(driver.labels)
                    await driver.press("1")
                    if "disk" in driver.said:
                        break
                    await driver.press("w")
                assert "disk" in driver.said
                assert "not written" in driver.said
                assert len(driver.labels) == before
                ballast.unlink()
                await driver.press("1")
                assert len(driver.labels) == before + 1
                assert len(stored_rows(path, SPANS)) == before + 1
                assert list(examine(store)) == []


async def test_a_disk_that_turns_read_only(
    running: Running, tmp_path: Path, news_source: str
) -> None:
    with failing_disk(tmp_path / "disk") as (folder, fail):
        path = folder / "p.db"
        store = project(path, news_source, {"a.txt": ARTICLE})
        async with running(on=store, size=(400, 40)) as driver:
            await driver.press("x", "s")
            fail()
            await driver.press("j", "c")
            assert "not written" in driver.said
            assert driver.labels == ["SOURCE"]
            # Reading goes on, and so does leaving.
            await driver.press("k", "t", "i")
            assert driver.labels == ["SOURCE"]
        store.close()


@pytest.mark.parametrize("replaced", [False, True])
async def test_a_file_that_goes_away(
    running: Running, store: SqliteStore, path: Path, replaced: bool
) -> None:
    async with running() as driver:
        await driver.press("x", "s")
        store.upkeep.back_up(path.with_name("other.db"))
        path.rename(path.with_name("away.db"))
        if replaced:
            path.with_name("other.db").rename(path)
        before = path.read_bytes() if replaced else None
        await driver.press("j", "c")
        assert "gone from its place" in driver.said
        assert driver.labels == ["SOURCE"]
        assert (path.read_bytes() if replaced else None) == before
        saved = store.upkeep.rescue()
        assert saved is not None
        assert stored_rows(saved, SPANS) == [("SOURCE", "Talal")]
        path.with_name("away.db").replace(path)
        await driver.press("c")
        assert driver.labels == ["SOURCE", "CLAIM"]
        assert len(stored_rows(path, SPANS)) == 2


async def test_a_file_that_goes_away_is_noticed_without_a_key_and_saved_once(
    running: Running, store: SqliteStore, path: Path
) -> None:
    async with running(size=(400, 40)) as driver:
        await driver.press("x", "s")
        path.unlink()
        driver.screen.disk.keep_safe()
        assert "NOT SAVED" in driver.said
        assert "gone from its place" in driver.said
        (saved,) = path.with_name("project.backups").iterdir()
        assert str(saved) in driver.said
        assert stored_rows(saved, SPANS) == [("SOURCE", "Talal")]
        await driver.press("j")
        driver.screen.disk.keep_safe()
        assert "gone" not in driver.said
        await driver.press("c")
        assert str(saved) in driver.said
        assert driver.labels == ["SOURCE"]
        assert list(path.with_name("project.backups").iterdir()) == [saved]


async def test_a_key_that_waits_for_another_program_says_so_and_shows_nothing_yet(
    running: Running, store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    now = [0.0]
    shown: list[tuple[str, list[str], list[tuple[object, ...]]]] = []
    async with running() as driver:
        await driver.press("x", "s")

        def nap(_: float) -> None:
            now[0] += 0.4
            shown.append((driver.said, driver.labels, stored_rows(path, SPANS)))
            if len(shown) == 7:
                other.execute("ROLLBACK")

        monkeypatch.setattr(store._db, "_nap", nap)
        monkeypatch.setattr(store._db, "_monotonic", lambda: now[0])
        other.execute("BEGIN IMMEDIATE")
        await driver.press("j", "c")
        assert {(*labels, *saved) for _, labels, saved in shown} == {
            ("SOURCE", ("SOURCE", "Talal"))
        }
        told = [said.rpartition("waiting ")[2] for said, *_ in shown if "waiting" in said]
        assert told[0] == "for another program that is writing … 1 s "
        assert told[-1] == "for another program that is writing … 2 s "
        assert not [said for said, *_ in shown if "waiting" in said and "saved" in said]
        assert driver.said.endswith("saved ")
        assert "waiting" not in driver.said
        assert driver.labels == ["SOURCE", "CLAIM"]
        # A lock that never goes: the key can be pressed again.
        shown.clear()
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(store._db, "_nap", lambda _: now.__setitem__(0, now[0] + 1))
        await driver.press("2")
        assert "NOT SAVED" in driver.said
        assert driver.labels == ["SOURCE", "CLAIM"]
        other.execute("ROLLBACK")
        await driver.press("2")
        assert len(driver.labels) == 3
    other.close()
