"""Disks that really are full, or really turn read-only; only root can make them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def _mounted(*arguments: str | Path) -> None:
    """Run mount, or skip the test where this machine does not let us."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a disk of its own")
    done = subprocess.run(["mount", *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")


def _unmounted(folder: Path) -> None:
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    """A disk of that size."""
    folder.mkdir()
    _mounted("-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", folder)
    try:
        yield folder
    finally:
        _unmounted(folder)


def fill(folder: Path) -> Path:
    """Leave no byte free; gives the file that takes the room."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        size = 1 << 16
        while size:
            try:
                file.write(b"x" * size)
            except OSError:
                size //= 2
    return ballast


@contextmanager
def failing_disk(folder: Path) -> Iterator[tuple[Path, Callable[[], None]]]:
    """A disk, and what makes the system turn it read-only, as it does after an error."""
    if shutil.which("mkfs.ext4") is None:
        pytest.skip("there is no mkfs.ext4 here")
    folder.mkdir()
    image = folder.with_suffix(".img")
    with image.open("wb") as file:
        file.truncate(8 << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True)
    _mounted("-o", "loop", image, folder)

    def fail() -> None:
        subprocess.run(["mount", "-o", "remount,abort", str(folder)], check=True)

    try:
        yield folder, fail
    finally:
        _unmounted(folder)
