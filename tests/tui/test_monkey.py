"""Random keys on awkward documents: nothing breaks, nothing is lost, the doctor finds nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from awkward_text import AWKWARD
from monkey import Monkey
from screen_driver import Running
from session_state import ARTICLE, UNITS, project, session_at

from annotator.core.annotation import Annotation, Origin, Span
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
KEYLESS = """
name = "keyless"
version = 1
[layer.thing]
scope = "span"
[layer.thing.labels.THING]
[layer.thing.labels.OTHER]
[layer.whole]
scope = "document"
[layer.whole.labels.GOOD]
"""
MANY_ENDED = f"""{UNITS}
[layer.part]
scope = "span"
overlap = "any"
unit = "run"
[layer.part.labels.PART]
key = "5"
[layer.part.labels.WHOLE]
key = "6"
[layer.part.attributes.size]
multi = true
[layer.part.attributes.size.values.big]
[layer.part.attributes.size.values.small]
[relation.event]
[relation.event.roles.agent]
layers = ["part"]
actors = true
[relation.event.roles.patient]
layers = ["part"]
max = 2
[relation.event.roles.cause]
layers = ["part"]
relations = ["event"]
[relation.event.attributes.time]
[relation.event.attributes.time.values.past]
[relation.event.attributes.time.values.future]
"""
SCHEMAS = {"many": LONG_LABELS, "keyless": KEYLESS, "many-ended": MANY_ENDED}
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


@pytest.fixture(params=["news", *SCHEMAS])
def schema_name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def store(schema_name: str, path: Path, news_source: str) -> Iterator[SqliteStore]:
    with project(path, SCHEMAS.get(schema_name, news_source), TEXTS) as made:
        if schema_name == "many":
            _crowd(made)
        _suggest(made)
        yield made


def _suggest(store: SqliteStore) -> None:
    """Suggestions on every other word, some as good as certain, and a tie of two of them."""
    session = session_at(store, "article")
    text, layers = session.document.text, session.schema.layers
    proposals: list[Annotation] = []
    for number, word in enumerate(re.finditer(r"\w+", text)):
        layer = layers[number % len(layers)]
        if number % 2 and layer.scope == "span":
            label = layer.labels[number % len(layer.labels)].name
            origin = Origin("x", "1", number % 20 / 20)
            proposals.append(
                Span(f"{number}", "", "", layer.name, label, (word.span(),), word[0], origin=origin)
            )
    session.suggestions.replace_open("crf", proposals)


def _crowd(store: SqliteStore) -> None:
    """Thirty spans over one another on one word."""
    session = session_at(store, "crowded")
    layer = session.schema.layers[0]
    for n in range(30):
        session.reader.select(max(0, 12 - n), 18 + n)
        session.spans.label(layer, layer.labels[n])


async def play(
    running: Running, store: SqliteStore, names: Sequence[str], seed: int, keys: int
) -> None:
    """Some keys on each of the documents of these names."""
    monkey = None
    try:
        for number, name in enumerate(names):
            async with running(name, size=(100, 30)) as d:
                monkey = Monkey(d, seed * 100 + number)
                await monkey.work(keys // len(names))
    except BaseException as error:
        error.add_note(f"the last keys: {monkey.done[-60:] if monkey else 'none'}")
        raise
    assert list(examine(store)) == []


async def test_random_keys(running: Running, store: SqliteStore, schema_name: str) -> None:
    first = ["news", *SCHEMAS].index(schema_name)
    await play(running, store, [*TEXTS][first :: 1 + len(SCHEMAS)], seed=7, keys=120)


@pytest.mark.torture
@pytest.mark.timeout(3600)
async def test_ten_thousand_random_keys(running: Running, store: SqliteStore) -> None:
    seed = int(os.environ.get("ANNOTATOR_SEED", "1"))
    await play(running, store, [*TEXTS], seed=seed, keys=2500)
