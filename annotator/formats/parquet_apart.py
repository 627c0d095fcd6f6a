"""Rows of a Parquet table, read in a process of their own.

A kilobyte of Parquet can unfold to gigabytes, and a damaged one can make pyarrow end the process it
runs in. Here that costs the file, and nothing else: the process has little memory, and what comes
from it are rows as JSON, each behind its length in four bytes.
"""

from __future__ import annotations

import atexit
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from annotator.errors import InputError
from annotator.formats.source import Source

MEMORY = 2 * 1024**3
"""Bytes that the process may take."""
_TOGETHER = 16
_REFUSED = 3
_END = b"\0\0\0\0"
_waiting: list[subprocess.Popen[bytes]] = []
"""A process that has read all it was given, for the next file; starting one takes longer."""


def rows_apart(source: Source, memory: int = MEMORY) -> Iterator[dict[str, Any]]:
    """The rows of a file, one at a time. Raises InputError where it cannot be read any further."""
    source.head(1)  # which says why, where it cannot be opened
    process = _process(memory)
    assert process.stdin is not None
    assert process.stdout is not None
    has_ended = False
    try:
        process.stdin.write(msgspec.json.encode(str(source.path.absolute())) + b"\n")
        process.stdin.flush()
        while (head := process.stdout.read(4)) not in (b"", _END):
            data = process.stdout.read(int.from_bytes(head))
            if len(data) < int.from_bytes(head):
                break
            yield msgspec.json.decode(data, type=dict[str, Any])
        has_ended = head == _END
    finally:
        if has_ended and memory == MEMORY and not _waiting:
            _waiting.append(process)
        else:
            said = _ended(process, kill=has_ended or sys.exc_info()[0] is not None)
    if not has_ended:
        why = said or "its reader broke down over it"
        raise InputError(
            f"{source.shown}: no Parquet that can be read: {why}",
            "" if said else "Write the table anew, in smaller row groups if it is large.",
        )


def _process(memory: int) -> subprocess.Popen[bytes]:
    if memory == MEMORY and _waiting:
        return _waiting.pop()
    return subprocess.Popen(
        [sys.executable, "-P", "-m", __name__, str(memory)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def _ended(process: subprocess.Popen[bytes], kill: bool = True) -> str:
    """What a process said in the end, if it refused a file in order."""
    if kill:
        process.kill()
    _, said = process.communicate()
    return said.decode("utf-8", "replace") if process.returncode == _REFUSED else ""


@atexit.register
def _end_all() -> None:
    while _waiting:
        _ended(_waiting.pop())


# -- in the process ------------------------------------------------------------------------------


def main(memory: int) -> int:
    """Write the rows of each file that is named on stdin, as JSON. Returns the exit code."""
    from pyarrow import ArrowException, set_memory_pool, system_memory_pool

    set_memory_pool(system_memory_pool())  # others take more than they need, ahead of it
    _limit(memory)
    try:
        for line in sys.stdin.buffer:
            _write_rows(Path(msgspec.json.decode(line)))
    except MemoryError:
        sys.stderr.write(f"it needs more than {memory:,} bytes of memory")
        return _REFUSED
    except (ArrowException, OSError, ValueError, OverflowError, RecursionError) as error:
        sys.stderr.write(str(error).partition("\n")[0][:200] or type(error).__name__)
        return _REFUSED
    return 0


def _write_rows(path: Path) -> None:
    from pyarrow import parquet

    encoder, out = msgspec.json.Encoder(enc_hook=str), sys.stdout.buffer
    with path.open("rb") as stream:
        file = parquet.ParquetFile(stream)
        for batch in file.iter_batches(batch_size=_TOGETHER, use_threads=False):
            for row in batch.to_pylist():
                data = encoder.encode(row)
                out.write(len(data).to_bytes(4) + data)
    out.write(_END)
    out.flush()


def _limit(memory: int) -> None:
    """Let the process have no more memory, where the system can do so."""
    if sys.platform == "win32":
        return
    import resource

    most = resource.getrlimit(resource.RLIMIT_DATA)[1]
    within = memory if most == resource.RLIM_INFINITY else min(memory, most)
    resource.setrlimit(resource.RLIMIT_DATA, (within, most))


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1])))
