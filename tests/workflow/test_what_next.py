"""What to do next: documents by what is unfinished in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from session_state import ARTICLE, project

from annotator.suggest.ordering import Candidate
from annotator.workflow.what_next import Next, WhatNext


def test_a_document_is_as_doubtful_as_its_sentences_are_on_average(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = (root / "schemas" / "news.toml").read_text("utf-8")
    doubts = {"long.txt": (0.9, 0.1, 0.2), "done.txt": (), "short.txt": (0.5,)}

    def pages(_: object) -> Iterator[tuple[dict[str, Next], list[Candidate]]]:
        for name, row in doubts.items():
            parts = [Candidate(name, f"{name} {n}", frozenset(), d) for n, d in enumerate(row)]
            yield {p.sentence: Next(name, name, 1, 0, p.doubt, "") for p in parts}, parts

    with project(tmp_path / "p.db", source, {"a.txt": ARTICLE}) as store:
        asking = WhatNext(store, tmp_path / "p.db", store.annotator("me", create=True).id, "doubt")
        monkeypatch.setattr(asking, "_pages", pages)
        found = [(d.document, d.open, d.doubt) for d in asking.documents(5)]
    assert found == [("short.txt", 1, 0.5), ("long.txt", 3, 0.4)]
