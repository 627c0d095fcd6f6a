"""Makes exports/: the annotated seed in every format that is written, as ``annotator export`` does.

``python tools/build_exports.py`` writes the files, with ``--check`` it only says which are not up
to date (exit code 1 where any). The same program always gives the same bytes. Formats that need a
package which is not installed are passed over, and said so.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from annotator.errors import UsageError
from annotator.formats import registry
from annotator.formats.base import Format
from annotator.workflow.demo import prepare
from annotator.workflow.exporting import Request, export

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "exports"


def exported_formats() -> list[Format]:
    """The formats that are written and whose packages are here; the others are told."""
    found = []
    for format in registry.all_formats():
        if not format.writes:
            continue
        try:
            format.require()
        except UsageError as error:
            sys.stdout.write(f"passed over: {error}\n")
            continue
        found.append(format)
    return found


def exports() -> Iterator[tuple[Format, Path, bytes]]:
    """Format, path and content of every file of the folder but its README."""
    with tempfile.TemporaryDirectory() as folder:
        store, _, annotator = prepare(Path(folder), "annotator")
        out = Path(folder) / "out"
        try:
            for format in exported_formats():
                target = out / f"raqqa{format.extensions[0]}"
                request = Request(annotator=annotator, format=format.name, target=target)
                export(store, request, io.BytesIO())
                files = sorted(target.rglob("*")) if format.folder else [target]
                for path in files:
                    if path.is_file():
                        yield format, FOLDER / path.relative_to(out), path.read_bytes()
        finally:
            store.close()


def is_current(format: Format, path: Path, made: bytes) -> bool:
    """Whether the file says what was made; how it is packed may differ."""
    return path.exists() and format.content(path.read_bytes()) == format.content(made)


def main(arguments: list[str]) -> int:
    """Write the files, or check them. Returns the exit code."""
    old = [(path, made) for format, path, made in exports() if not is_current(format, path, made)]
    if arguments == ["--check"]:
        for path, _ in old:
            sys.stderr.write(f"{path.relative_to(ROOT)} is not up to date: make exports\n")
        return 1 if old else 0
    for path, made in old:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
