"""After edits a queue looks again where they touch the document, and knows what it would know."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import NoReturn

import pytest
from session_state import project, session_at

from annotator.core.edits import Changes
from annotator.core.page import Page, Stop, in_order
from annotator.core.query import parse_query
from annotator.core.touched import MOST, touched
from annotator.errors import RuleError
from annotator.workflow import queues
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.queues import Queue, page_of

TEXT = (
    "“We all saw Raqqa fall,” said Talal Sillo on Monday. “They are in Raqqa now,” the SDF said."
    " Raqqa was quiet, said Steve Townsend. The SDF and the SDF said “so it is”. Nobody saw Raqqa."
)


@pytest.fixture
def session(tmp_path: Path, root: Path) -> Iterator[AnnotateSession]:
    source = (root / "schemas" / "news.toml").read_text("utf-8")
    with project(tmp_path / "a.db", source, {"a.txt": TEXT}) as store:
        yield session_at(store, "a.txt")


def all_queues(session: AnnotateSession) -> list[Queue]:
    return [
        queues.checks_queue(),
        queues.project_checks_queue(session.store, session.annotator.id),
        queues.flagged_queue(),
        queues.open_sentences_queue(),
        queues.search_queue(parse_query("label:S")),
        queues.search_queue(parse_query("flagged raqqa")),
    ]


def again(queue: Queue, page: Page, stops: list[Stop], changes: Changes) -> list[Stop]:
    where = touched(page, changes)
    assert where is not None
    assert queue.again is not None
    where, found = queue.again(page, where)
    return in_order([*where.leaves(stops, page), *found])


def act(session: AnnotateSession, random: Random) -> None:
    """One of the actions of a person, at a random place, as far as the rules allow it."""
    spans = sorted(session.annotations.spans)
    session.reader.clear()
    session.moved()
    if spans and random.random() < 0.6:
        session.choose(session.annotations.spans[random.choice(spans)])
    else:
        session.reader.move_to(random.randrange(len(TEXT)))
    keys = session.schema.keys()
    linkable = session.ties.all_linkable() if session.focus else []
    actions = [
        *[lambda key=key: session.spans.label(*keys[key]) for key in "34cs"],
        *(session.spans.delete, session.spans.flag, session.undo, session.redo),
        *(session.cut.split, session.cut.merge, session.cut.toggle_done),
        *[
            lambda other=other: session.ties.tie(other, session.ties.ways(other)[0])
            for other in linkable[:2]
        ],
    ]
    with suppress(RuleError, IndexError):
        random.choice(actions)()


@pytest.mark.parametrize("seed", range(4))
def test_after_any_edits_it_is_what_looking_at_everything_finds(
    session: AnnotateSession, seed: int
) -> None:
    random = Random(seed)
    made: list[Changes] = []
    session.listen(made.append)
    known = [(queue, queue.find(page_of(session))) for queue in all_queues(session)]
    looked = 0
    for _ in range(60):
        act(session, random)
        if not made or random.random() < 0.3:
            continue
        changes = tuple(change for edit in made for change in edit)
        made.clear()
        page = page_of(session)
        looked += 1
        for number, (queue, stops) in enumerate(known):
            now = queue.find(page)
            # Labels of other documents are as they were when the project's queue was begun.
            if number != 1:
                assert again(queue, page, stops, changes) == now, queue.title
            known[number] = (queue, now)
    assert looked > 10


def test_nothing_but_what_was_touched_is_looked_at(
    session: AnnotateSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = session.schema.keys()
    for place in (15, 40, 100):
        session.reader.move_to(place)
        session.spans.label(*keys["3"])
        session.moved()
    made: list[Changes] = []
    found = {queue.title: queue.find(page_of(session)) for queue in all_queues(session)}
    session.listen(made.append)
    session.reader.move_to(60)
    session.spans.label(*keys["s"])

    def everything(_: Page) -> NoReturn:
        raise AssertionError("all annotations are looked at")

    monkeypatch.setattr(Page, "made", everything)
    page = page_of(session)
    for queue in all_queues(session):
        again(queue, page, found[queue.title], made[0])


def test_where_anything_may_have_changed_all_is_looked_at(session: AnnotateSession) -> None:
    page = page_of(session)
    made: list[Changes] = []
    session.listen(made.append)
    session.reader.move_to(15)
    session.spans.label(*session.schema.keys()["4"])
    assert touched(page, made[0]) is not None
    assert touched(page, made[0] * (MOST + 1)) is None
    assert touched(page, ()) is None
