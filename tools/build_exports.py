"""Makes exports/: the annotated seed in every format that is written, as ``annotator export`` does.

``python tools/build_exports.py`` writes the files, with ``--check`` it only says which are not up
to date (exit code 1 where any). The same program always gives the same bytes.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from annotator.formats import registry
from annotator.workflow.demo import prepare
from annotator.workflow.exporting import Request, export

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "exports"


def exports() -> dict[str, bytes]:
    """The content of every file of the folder but its README, by the file's name."""
    made = {}
    with tempfile.TemporaryDirectory() as folder:
        store, _, annotator = prepare(Path(folder), "annotator")
        try:
            for format in registry.all_formats():
                if format.writes:
                    sink = io.BytesIO()
                    export(store, Request(annotator=annotator, format=format.name), sink)
                    made[f"raqqa{format.extensions[0]}"] = sink.getvalue()
        finally:
            store.close()
    return made


def main(arguments: list[str]) -> int:
    """Write the files, or check them. Returns the exit code."""
    made = {FOLDER / name: content for name, content in exports().items()}
    if arguments == ["--check"]:
        old = [p for p, content in made.items() if not p.exists() or p.read_bytes() != content]
        for path in old:
            sys.stderr.write(f"{path.relative_to(ROOT)} is not up to date: make exports\n")
        return 1 if old else 0
    FOLDER.mkdir(exist_ok=True)
    for path, content in made.items():
        path.write_bytes(content)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
