"""Engines in a process of their own: whatever one does to it, the work of the others goes on."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from engine_world import install, teach
from msgspec.structs import replace

from annotator.core.learned_model import LearnedModel, checksum
from annotator.errors import AnnotatorError, NotFoundError
from annotator.store.base import Store
from annotator.workflow import engine_process
from annotator.workflow.engine_choice import switch
from annotator.workflow.engine_events import (
    Began,
    Broken,
    Event,
    Learned,
    NewModel,
    NotLearned,
    Proposed,
    Task,
)
from annotator.workflow.engine_process import (
    EngineProcess,
    _Watch,
    messages,
    seconds_worked,
)
from annotator.workflow.engine_status import statuses
from annotator.workflow.projects import init
from annotator.workflow.suggesting import Placed, documents_of, work


@pytest.fixture
def taught(tmp_path: Path) -> Iterator[Store]:
    store = init(tmp_path / "project.db", "news")
    teach(store)
    yield store
    store.close()


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Installs engines for the processes to come."""
    folder = tmp_path / "packages"
    folder.mkdir()

    def put(*names: str) -> None:
        monkeypatch.setenv("PYTHONPATH", str(install(folder, *names)))

    return put


def task_of(store: Store, folder: Path, *engines: str) -> Task:
    return Task(
        project=str(folder / "project.db"), annotator=store.annotator("me").id,
        engines=engines, layers=("entity",), documents=(store.find_document("asked.txt"),),
    )  # fmt: skip


def told(task: Task, **options: Any) -> list[Event]:
    return [e for e in EngineProcess(task, **options).events() if not isinstance(e, Began)]


def test_an_engine_that_ends_the_process_is_named_and_the_others_go_on(
    taught: Store, tmp_path: Path, installed: Callable[..., None]
) -> None:
    installed("abort", "later", "toy")
    found = told(task_of(taught, tmp_path, "abort", "later", "toy", "gazetteer"))
    assert [e for e in found if isinstance(e, Broken)] == [
        Broken("abort", "entity", "it ended its process with SIGABRT"),
        Broken("later", "entity", "it ended its process with SIGABRT"),
    ]
    last = found[-1]
    assert isinstance(last, Proposed)
    assert {p.origin.engine for p in last.proposals} == {"toy", "gazetteer"}


@pytest.mark.parametrize(("bytes_", "lenient"), [(b"aborts", True), (b"later", False)])
def test_a_model_that_ends_the_process_is_made_anew_at_once(
    taught: Store, tmp_path: Path, installed: Callable[..., None], bytes_: bytes, *, lenient: bool
) -> None:
    installed("acting", "toy")
    task = replace(task_of(taught, tmp_path, "acting", "toy"), lenient=lenient)

    def heard() -> tuple[list[Event], LearnedModel]:
        """What is told, and the model of which that is told last."""
        found = told(task)
        for event in found:
            if isinstance(event, NewModel):
                taught.save_model(task.annotator, event.model)
        kept = taught.model(task.annotator, "acting", "entity")
        assert kept is not None
        return found, kept

    _, good = heard()
    forged = replace(good, data=bytes_, checksum=checksum(bytes_))
    taught.save_model(task.annotator, forged)
    found, kept = heard()
    assert kept == good
    assert not [e for e in found if isinstance(e, Broken)]
    last = found[-1]
    assert isinstance(last, Proposed)
    assert {p.origin.engine for p in last.proposals} == {"acting", "toy"}


def test_an_engine_that_always_ends_the_process_is_given_one_more_try_with_a_kept_model(
    taught: Store, tmp_path: Path, installed: Callable[..., None]
) -> None:
    installed("later")
    task = task_of(taught, tmp_path, "later")
    for tries in (1, 2):
        found = list(EngineProcess(task).events())
        made = [e for e in found if isinstance(e, NewModel)]
        assert [e for e in found if isinstance(e, Broken)] == [
            Broken("later", "entity", "it ended its process with SIGABRT")
        ]
        assert sum(e == Began("later", "") for e in found) == tries + 1, "and once without it"
        taught.save_model(task.annotator, made[0].model)


def test_an_engine_that_hangs_is_given_up_and_one_that_prints_harms_nothing(
    taught: Store, tmp_path: Path, installed: Callable[..., None]
) -> None:
    installed("hang", "noisy")
    found = told(task_of(taught, tmp_path, "hang"), patience=1.0, worked=lambda _: None)
    assert Broken("hang", "", "it gave no answer for 1 seconds") in found
    assert not [e for e in told(task_of(taught, tmp_path, "noisy")) if isinstance(e, Broken)]


@pytest.mark.parametrize(
    ("worked", "waits"),
    [
        ([0.0, 0.0], 1),
        ([2.0, 2.00005], 1),
        ([0.0, 0.0099], 1),
        ([None, None], 1),
        ([1.0, None], 1),
        ([3.0, 3.0013, 3.0026, 3.0039, 3.0052], 4),
        ([3.0, 3.0013, 3.0026, 3.0026], 3),
    ],
    ids=["sleeping", "hardly awake", "had its time", "unknown", "gone", "starved", "then asleep"],
)
def test_what_gets_no_processor_is_given_longer_and_what_waits_or_had_its_time_is_not(
    worked: list[float | None], waits: int
) -> None:
    given_up: list[float] = []
    _Watch(0.01, iter(worked).__next__, given_up.append).join()
    assert given_up == [pytest.approx(waits * 0.01)]


def test_what_is_heard_of_is_not_given_up() -> None:
    given_up: list[float] = []
    watch = _Watch(3600.0, lambda: 0.0, given_up.append)
    watch.cancel()
    watch.join()
    assert given_up == []


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc here")
def test_for_how_long_a_process_had_a_processor_is_what_the_system_says() -> None:
    before = time.process_time()
    worked = seconds_worked(os.getpid())
    assert worked is not None
    assert before - 1 < worked < time.process_time() + 1
    assert seconds_worked(0) is None


def test_engines_that_cannot_even_be_imported_are_named_and_the_others_go_on(
    taught: Store, tmp_path: Path, installed: Callable[..., None]
) -> None:
    installed(
        "toy_abort:ENGINE", "toy_missing:ENGINE", "toy_syntax:ENGINE", "looking", "other", "plain"
    )
    task = replace(task_of(taught, tmp_path), layers=())
    found = told(task)
    reasons = {e.engine: (e.layer, e.reason) for e in found if isinstance(e, Broken)}
    assert reasons.pop("toy_abort") == ("", "it ended its process with SIGABRT")
    for name, why in {
        "toy_missing": "cannot be loaded: No module named 'toy_missing'",
        "toy_syntax": "cannot be loaded: SyntaxError: ",
        "looking": "cannot be used: KeyError: 'a fault of the engine'",
        "other": "cannot be loaded: it calls itself 'somebody else'",
        "plain": "cannot be loaded: toy_engines:PLAIN is no engine with name, version and title",
    }.items():
        layer, reason = reasons.pop(name)
        assert layer == ""
        assert reason.startswith(f"The engine '{name}' {why}")
    assert not reasons
    last = found[-1]
    assert isinstance(last, Proposed)
    assert {p.origin.engine for p in last.proposals} == {"crf", "gazetteer"}
    readied = [e for e in found if isinstance(e, Learned | NotLearned)]
    assert len({(type(e), e.engine, e.layer) for e in readied}) == len(readied), "told once"
    for event in found:
        if isinstance(event, NewModel):
            taught.save_model(task.annotator, event.model)
    status = {(row.engine, row.layer): row for row in statuses(taught, Path(task.project), "me")}
    assert status["toy_abort", ""].note == "it ended its process with SIGABRT"
    assert status["crf", "entity"].trained == 6


def test_what_an_engine_does_to_its_process_harms_nobody_else(
    taught: Store, tmp_path: Path, installed: Callable[..., None]
) -> None:
    names = ("eating", "endless", "leaving", "nothing", "reading", "toy")
    installed(*names)
    found = told(task_of(taught, tmp_path, *names))
    assert [e for e in found if isinstance(e, Broken)] == [
        Broken("eating", "entity", "it needs more memory than engines may take"),
        Broken("leaving", "entity", "SystemExit: so long"),
        Broken("endless", "entity", "it proposes more than 1,000 annotations in one document"),
        Broken("nothing", "entity", "among its proposals is NoneType"),
    ]
    last = found[-1]
    assert isinstance(last, Proposed)
    assert [asked.engine for asked in last.by] == ["reading", "toy"]
    assert {p.origin.engine for p in last.proposals} == {"reading", "toy"}


def test_the_process_ends_with_whoever_started_it(
    taught: Store, tmp_path: Path, installed: Callable[..., None]
) -> None:
    installed("hang")
    command = [sys.executable, "-P", "-m", "annotator.workflow.engine_process"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(msgspec.json.encode(task_of(taught, tmp_path, "hang")) + b"\n")
        child.stdin.flush()
        told = messages(child.stdout)
        assert [b"Began" in next(told) for _ in range(2)] == [True, True]
        child.stdin.close()
        assert child.wait(30) == 1


def test_a_message_that_is_cut_short_is_none() -> None:
    whole = len(b"told").to_bytes(4) + b"told"
    for end in range(len(whole)):
        assert list(messages(BytesIO(whole + whole[:end]))) == [b"told"]


def test_an_engine_that_ends_the_process_late_leaves_the_others_to_be_heard(
    taught: Store, tmp_path: Path, installed: Callable[..., None]
) -> None:
    installed("later", "toy")
    for engine in ("crf", "rules"):
        switch(taught, engine, None, "off")
    task = replace(task_of(taught, tmp_path), layers=(), lenient=True)
    found = [e for e in EngineProcess(task).events() if isinstance(e, Broken | Proposed)]
    broken = [(n, e.engine) for n, e in enumerate(found) if isinstance(e, Broken)]
    assert [engine for _, engine in broken] == ["later"]
    assert broken[0][0] > 0, "what the quick ones propose was told before"
    proposed = [e for e in found if isinstance(e, Proposed)]
    assert [e.more_to_come for e in proposed][-1:] == [False]
    assert all(e.more_to_come for e in proposed[:-1])
    assert {a.engine for a in proposed[-1].by} >= {"gazetteer", "toy"}


def test_what_lies_beyond_what_was_asked_stays_open(
    taught: Store, tmp_path: Path, installed: Callable[..., None]
) -> None:
    installed("raise")
    me = taught.annotator("me")
    task = replace(task_of(taught, tmp_path), layers=())
    list(work(taught, me, task))
    open_ = taught.annotations(task.documents[0], me.id).suggestions
    assert len(open_) == 2
    for asked in (
        {"engines": ("crf", "gazetteer"), "layers": ("claim",)},
        {"broken": (("crf", "entity"), ("gazetteer", "entity"))},
    ):
        *_, last = work(taught, me, replace(task, **asked))
        assert isinstance(last, Placed)
        assert last.gone == 0
    switch(taught, "crf", None, "off")
    *_, last = work(taught, me, task)
    assert isinstance(last, Placed)
    assert last.gone == 1, "what an engine proposed goes when it is switched off"


def test_work_is_stopped_from_outside(
    taught: Store, tmp_path: Path, installed: Callable[..., None]
) -> None:
    installed("hang")
    process = EngineProcess(task_of(taught, tmp_path, "hang"))
    seen = []
    for event in process.events():
        seen.append(event)
        process.stop()
    assert seen == [Began("hang", "")]


def test_the_process_stands_back_and_takes_nothing_off_the_share_of_the_screen_s_session(
    taught: Store, tmp_path: Path, installed: Callable[..., None]
) -> None:
    installed("hang")
    process = EngineProcess(task_of(taught, tmp_path, "hang"))
    for _ in process.events():
        pid = process.pid
        assert pid is not None
        assert os.getsid(pid) == pid
        assert os.getpriority(os.PRIO_PROCESS, pid) == min(19, os.nice(0) + 10)
        process.stop()


def test_an_error_of_the_task_is_raised_where_it_was_asked_for(
    taught: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(AnnotatorError, match="There is no engine 'none'") as caught:
        told(task_of(taught, tmp_path, "none"))
    assert caught.value.code == 2
    gone = Task(project=str(tmp_path / "gone.db"), annotator="")
    with pytest.raises(AnnotatorError, match="there is no project here"):
        told(gone)
    monkeypatch.setattr(engine_process.sys, "executable", str(tmp_path / "no-python"))
    with pytest.raises(AnnotatorError, match="The process of the engines cannot be started"):
        told(gone)


def test_proposals_become_suggestions_and_again_change_nothing(
    taught: Store, tmp_path: Path
) -> None:
    me = taught.annotator("me")
    task = task_of(taught, tmp_path, "crf", "gazetteer")
    first, second = (list(work(taught, me, task)) for _ in range(2))
    assert first[-1] == Placed(task.documents[0], 2, 0, 2, 0)
    assert second[-1] == Placed(task.documents[0], 0, 0, 2, 0)
    assert [e.seconds for e in second if isinstance(e, Learned)] == [0.0, 0.0]
    found = taught.annotations(task.documents[0], me.id).suggestions
    assert sorted((s.proposed.text, s.proposed.origin.engine) for s in found) == [
        ("Ann Lee", "gazetteer"), ("Zed Doe", "crf"),
    ]  # fmt: skip


def test_what_is_learned_and_proposed_is_the_same_in_every_process(
    taught: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = replace(task_of(taught, tmp_path), layers=(), anew=True)
    learned = []
    for seed in ("1", "2"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        found = told(task)
        learned.append((found[-1], [e.model for e in found if isinstance(e, NewModel)]))
    assert learned[0] == learned[1]
    assert {model.engine for model in learned[0][1]} >= {"crf", "gazetteer"}


def test_documents_are_named_or_those_not_done(taught: Store) -> None:
    me = taught.annotator("me").id
    done, open_ = (taught.find_document(name) for name in ("taught.txt", "asked.txt"))
    assert documents_of(taught, me, ()) == (open_,)
    assert documents_of(taught, me, ("open",)) == (open_,)
    assert documents_of(taught, me, ("all",)) == (done, open_)
    assert documents_of(taught, me, ("taught.txt",)) == (done,)
    with pytest.raises(NotFoundError):
        documents_of(taught, me, ("none.txt",))
