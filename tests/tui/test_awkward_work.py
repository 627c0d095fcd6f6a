"""An awkward document costs no more work than a plain one: counted, never timed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from screen_driver import Driver, Running

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from annotator.store.sqlite.project import open_project
from annotator.store.sqlite.store import SqliteStore
from annotator.tui.widgets.inspector import Inspector
from bench.awkward_news import awkward_labels, awkward_schema, awkward_text
from bench.news_text import NewsText, news_text
from bench.screen_project import make_project

SENTENCES, SPANS = 400, 900


@contextmanager
def opened(path: Path, news: NewsText, *schema: object) -> Iterator[SqliteStore]:
    make_project(path, news, *schema)  # type: ignore[arg-type]
    with open_project(path) as store:
        yield store


class Work:
    """What keys cost from now on: lines wrapped, lanes drawn, rows painted, statements of SQL."""

    def __init__(self, d: Driver, store: SqliteStore) -> None:
        self._d, self._statements = d, list[str]()
        store._db.raw.set_trace_callback(self._statements.append)

    def of(self, *keys: str) -> tuple[int, int, int, int]:
        before = self._now()
        self._d.type(*keys)
        return tuple(b - a for a, b in zip(before, self._now(), strict=True))  # type: ignore[return-value]

    def _now(self) -> tuple[int, int, int, int]:
        view = self._d.view
        laid = view.lines.counters
        return laid.wrapped, laid.lines, view.counters.refreshed, len(self._statements)


async def test_moves_labels_and_ties_in_an_awkward_document(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.screen_project.ANNOTATOR", "alice")
    plain = tmp_path / "plain.db"
    with opened(plain, news_text(SENTENCES, SPANS)) as store:
        async with running("bench.txt", on=store) as d:
            await d.press("ctrl+d", "escape")
            of_label = Work(d, store).of("1")[3]
    news = awkward_text(SENTENCES, SPANS)
    assert news.sentences[0][1] >= 10_000
    schema = (awkward_schema(), awkward_labels()[1:])
    with opened(tmp_path / "awkward.db", news, *schema) as store:
        async with running("bench.txt", on=store) as d:
            await d.press("ctrl+d", "escape")
            height, work = d.view.window.height, Work(d, store)
            assert d.view.lines.line_count(0) > 3 * height
            for _ in range(12):
                wrapped, lanes, rows, statements = work.of("l")
                assert (wrapped, statements) == (0, 0)
                assert lanes <= 8, "those of the lines that the old and the new focus lie on"
                assert rows <= height
            wrapped, lanes, rows, statements = work.of("1")
            assert wrapped == 0
            assert max(lanes, rows) <= height
            assert statements <= of_label
            assert work.of("u")[0] == 0

            spans = d.session.annotations.spans.values()
            d.session.choose(next(span for span in spans if span.label == "CLAIM"))
            before = work._now()
            d.screen.bring_up_to_date()
            assert work._now()[0] == before[0], "where the other end lies nothing is laid out"
            lines = d.screen.inspector.lines
            tie = next(line for line in lines if line.text.startswith("  source"))
            far = d.session.reader.ordinal_at(d.session.annotations.span(tie.target).start)
            assert far > SENTENCES - 5
            assert tie.text.endswith(f"· sentence {far + 1}")
            d.screen.on_inspector_wanted(Inspector.Wanted(tie.target))
            assert d.session.reader.ordinal == far
            assert work._now()[0] - before[0] <= 2 * height
