"""Random keys on awkward documents: nothing breaks, nothing is lost, the doctor finds nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from awkward_text import AWKWARD
from monkey import Monkey
from screen_driver import Running
from session_state import ARTICLE, project, session_at

from annotator.store.sqlite.store import SqliteStore
from annotator.workflow.doctor import examine

LONG_LABELS = "\n".join(
    [
        'name = "many"\nversion = 1\n[layer.big]\nscope = "span"\noverlap = "any"',
        *(
            f"[layer.big.labels.LABEL_{n}_{'LONG' * 12}]\n"
            + (f'key = "{n + 1}"\n' if n < 9 else "")
            + f'colour = "{["red", "bright_cyan", "#ffaa00"][n % 3]}"'
            for n in range(80)
        ),
        '[relation.tie]\n[relation.tie.roles.one]\nlayers = ["big"]\nmin = 1\nmax = 1',
        '[relation.tie.roles.other]\nlayers = ["big"]',
    ]
)
TEXTS = {
    "awkward": "\n".join(f"{name} says {text} and “{text}”." for name, text in AWKWARD.items()),
    "rtl": "שלום עולם, אמר דובר. " * 8 + "\n\n" + "قال المتحدث إن العملية بدأت. " * 8,
    "emoji": "👩‍👩‍👧 said 👍🏽 on Monday. " * 12,
    "endless": "word " * 2000 + "end.",
    "empty": "",
    "blank": " \n\t\n ",
    "controls": "a\x1b[31mb\x07 c\x00d [bold]x[/bold] \r\n y\ttab. " * 4,
    "crowded": ARTICLE,
    "article": ARTICLE * 4,
}


@pytest.fixture(params=["news", "many"])
def store(request: pytest.FixtureRequest, path: Path, news_source: str) -> Iterator[SqliteStore]:
    source = news_source if request.param == "news" else LONG_LABELS
    with project(path, source, TEXTS) as made:
        if request.param == "many":
            _crowd(made)
        yield made


def _crowd(store: SqliteStore) -> None:
    """Thirty spans over one another on one word."""
    session = session_at(store, "crowded")
    layer = session.schema.layers[0]
    for n in range(30):
        session.reader.select(max(0, 12 - n), 18 + n)
        session.spans.label(layer, layer.labels[n])


async def play(running: Running, store: SqliteStore, seed: int, keys: int) -> None:
    """Some keys on each of the documents."""
    monkey = None
    try:
        for number, name in enumerate(TEXTS):
            async with running(name, size=(100, 30)) as d:
                monkey = Monkey(d, seed * 100 + number)
                await monkey.work(keys // len(TEXTS))
    except BaseException as error:
        error.add_note(f"the last keys: {monkey.done[-60:] if monkey else 'none'}")
        raise
    assert list(examine(store)) == []


async def test_random_keys(running: Running, store: SqliteStore) -> None:
    await play(running, store, seed=7, keys=300)


@pytest.mark.torture
async def test_ten_thousand_random_keys(running: Running, store: SqliteStore) -> None:
    seed = int(os.environ.get("ANNOTATOR_SEED", "1"))
    await play(running, store, seed=seed, keys=5000)
