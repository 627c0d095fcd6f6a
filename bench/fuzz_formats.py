"""Hostile files of every format, counted: ``python bench/fuzz_formats.py [--cases N] [--seed N]``.

What is done to files, and what must hold of what formats make of them, is in ``tests/fuzzing.py``.
The first case that breaks a format is told with its seed and number, and ends that format.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import traceback
from collections import Counter
from pathlib import Path

from annotator.core.schema_file import parse_schema
from annotator.formats import registry
from annotator.formats.base import Format
from annotator.workflow.projects import init

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

from fuzzing import Figures, Fuzzer, good_files, seed_parts  # noqa: E402 - the tests' own


def main() -> None:
    """Print a row for each format, and how often each way of harming a file was tried."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("formats", nargs="*", default=registry.names())
    arguments = parser.parse_args()
    ways: Counter[str] = Counter()
    print("| format | cases | records held | refusals | imported | slowest ms |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name in arguments.formats:
        format = registry.get(name)
        if format.reads and not format.missing:
            figures, error = fuzz(format, arguments.cases, arguments.seed)
            ways += figures.kinds
            print(row(name, figures), flush=True)
            if error is not None:
                traceback.print_exception(error)
    print("\nWays: " + ", ".join(f"{way} {number:,}" for way, number in ways.most_common()))


def fuzz(format: Format, cases: int, seed: int) -> tuple[Figures, BaseException | None]:
    """What came of the cases, and what ended them early."""
    path = ROOT / "schemas" / "news.toml"
    news = parse_schema(path.read_text("utf-8"), path.name)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = init(folder / "p.db", "news")
        fuzzer = Fuzzer(format, good_files(format, seed_parts(ROOT), news, folder), news, store)
        try:
            return fuzzer.run(cases, seed, folder), None
        except Exception as error:  # noqa: BLE001 - it is what was looked for
            return fuzzer.figures, error
        finally:
            store.close()


def row(name: str, figures: Figures) -> str:
    """The figures as a row of the table."""
    cells = [
        f"{figures.cases:,}", f"{figures.records:,}", f"{figures.refusals:,}",
        f"{figures.imported:,}", f"{figures.slowest * 1000:,.0f}",
    ]  # fmt: skip
    return f"| {name} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
