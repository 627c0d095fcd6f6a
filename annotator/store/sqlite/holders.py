"""Which other processes have a file open, where the system tells (Linux, and only one's own)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from annotator.errors import BusyError

_PROCESSES = Path("/proc")


def holders(path: Path, processes: Path = _PROCESSES) -> list[int]:
    """The ids of other processes with ``path`` open; empty where that cannot be told.

    SQLite's locks do not tell: a program that waits for a key holds none.
    """
    try:
        wanted = path.stat()
    except OSError:
        return []
    key = (wanted.st_dev, wanted.st_ino)
    name = Path(os.path.realpath(path)).name
    folders = (p for p in processes.glob("[0-9]*") if p.name != str(os.getpid()))
    return sorted(int(p.name) for p in folders if key in _opened(p, name))


def need_alone(path: Path) -> None:
    """Raise BusyError where another process has the file open."""
    others = holders(path)
    if others:
        raise BusyError(
            f"{path} is open in another program (process {', '.join(map(str, others))}).",
            "Nothing was changed. Leave it there, then try again.",
        )


def _opened(process: Path, name: str) -> Iterator[tuple[int, int]]:
    """Device and number of the process's open files of that name."""
    # Processes end while we look, and those of others may not be looked into.
    with suppress(OSError):
        for link in (process / "fd").iterdir():
            with suppress(OSError):
                if link.readlink().name == name:
                    found = link.stat()
                    yield found.st_dev, found.st_ino
