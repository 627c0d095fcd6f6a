"""Documents opened in one sitting, ahead of time or when they are asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from session_state import ARTICLE, project

from annotator.errors import NotFoundError
from annotator.workflow.sitting import Sitting


def test_a_document_read_ahead_is_the_one_that_is_opened(tmp_path: Path, root: Path) -> None:
    source = (root / "schemas" / "news.toml").read_text("utf-8")
    texts = {"a.txt": ARTICLE, "b.txt": "Another text."}
    with project(tmp_path / "p.db", source, texts) as store:
        a, b = (store.find_document(name) for name in texts)
        sitting = Sitting(store, "alice")
        sitting.read_ahead(a)
        assert sitting.open(a).document.text == ARTICLE
        sitting.read_ahead(a)
        assert sitting.open(b).document.name == "b.txt"
        first, second = sitting.open(a), sitting.open(a)
        assert first is not second
        assert first.session == second.session


def test_what_reading_ahead_raises_is_raised_when_it_is_asked_for(
    tmp_path: Path, root: Path
) -> None:
    source = (root / "schemas" / "news.toml").read_text("utf-8")
    with project(tmp_path / "p.db", source, {"a.txt": ARTICLE}) as store:
        sitting = Sitting(store, "alice")
        sitting.read_ahead("nothing")
        with pytest.raises(NotFoundError):
            sitting.open("nothing")
