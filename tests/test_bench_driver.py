"""The benchmark's driver against a tiny program whose every byte is known. No time is asserted."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter_ns

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.curses_peer import make_database
from bench.news_text import CLAIM, MARKER, SOURCE, news_text
from bench.pty_driver import NothingPainted, ProgramEnded, Sample, Terminal, plain
from bench.screen_report import summarise

PEER = Path(__file__).resolve().parent.parent / "bench" / "curses_peer.py"
PROGRAM = r"""
import os
answers = {
    b"1": b"x",
    b"m": b"m" * 70_001,
    b"a": b"\x1b[?1h",
    b"c": b"\x1b[c",
    b"s": b"\x1b[?2026$p",
    b"t": b"tick",
    b"n": b"",
}
os.write(1, b"\x1b[1mrea\x1b[0mdy")
while (key := os.read(0, 64)) != b"q":
    if key == b"w":
        os.write(1, b"x" * os.get_terminal_size().columns)
    elif key == b"e":
        os.write(1, b"the end")
        os._exit(3)
    else:
        data = answers.get(key, repr(key).encode())
        while data:
            data = data[os.write(1, data):]
"""
PATIENCE = 20.0


@pytest.fixture
def start() -> Iterator[Callable[..., Terminal]]:
    """Starts the program and waits for its first paint; ends all that were started."""
    started: list[Terminal] = []

    def spawn(**options: object) -> Terminal:
        terminal = Terminal([sys.executable, "-c", PROGRAM], **options)  # type: ignore[arg-type]
        started.append(terminal)
        terminal.wait_for("ready", quiet=0.05)
        return terminal

    yield spawn
    for terminal in started:
        terminal.close()


@pytest.mark.parametrize(
    ("key", "size", "quiet"), [(b"1", 1, 0.05), (b"m", 70_001, 2.0), (b"?", 4, 0.05)]
)
def test_every_byte_of_an_answer_is_counted(
    start: Callable[..., Terminal], key: bytes, size: int, quiet: float
) -> None:
    # What is written in many parts may come with pauses, where the machine has much else to do.
    assert start().send(key, quiet=quiet, patience=PATIENCE).size == size


def test_the_quiet_after_the_last_byte_is_no_part_of_the_latency(
    start: Callable[..., Terminal],
) -> None:
    times: list[int] = []

    def clock() -> int:
        times.append(perf_counter_ns())
        return times[-1]

    terminal = start(clock=clock)
    times.clear()
    sample = terminal.send(b"1", quiet=0.4, patience=PATIENCE)
    written, read = times[0], times[-1]
    assert sample.latency == (read - written) / 1e6
    # Nobody asked for the time again once the quiet began.
    assert read < perf_counter_ns() - 400_000_000


def test_a_key_without_an_answer_has_no_latency(start: Callable[..., Terminal]) -> None:
    sample = start().send(b"n", patience=0.2)
    assert (sample.latency, sample.size) == (None, 0)


def test_output_after_the_quiet_is_told_apart(start: Callable[..., Terminal]) -> None:
    terminal = start()
    terminal.write(b"t")
    # The answer is there, and nobody has read it, when the next key is written.
    assert terminal.has_output(PATIENCE)
    sample = terminal.send(b"n", patience=0.2)
    assert (sample.late, sample.latency) == (len(b"tick"), None)


def test_output_learnt_while_idle_is_left_out(start: Callable[..., Terminal]) -> None:
    terminal = start()
    terminal.write(b"t")
    heard = 0
    while not heard:
        heard = terminal.idle(0.2)
    assert heard == len(b"tick")
    assert terminal.send(b"t", patience=2.0).latency is None
    assert terminal.send(b"1", quiet=0.2, patience=PATIENCE).size == 1


def test_queries_are_answered(start: Callable[..., Terminal]) -> None:
    terminal = start()
    for key, reply in ((b"s", r"\x1b[?2026;0$y"), (b"c", r"\x1b[?64;1;2;6;9;15;18;21;22c")):
        terminal.send(key, quiet=0.1, patience=PATIENCE)
        # The program writes back what it was told, escaped.
        assert terminal.wait_for(reply, quiet=0.05, patience=60.0).text > 0


def test_cursor_keys_follow_the_mode(start: Callable[..., Terminal]) -> None:
    terminal = start()
    assert terminal.key("right") == b"\x1b[C"
    terminal.send(b"a", quiet=0.2, patience=PATIENCE)
    assert terminal.key("right") == b"\x1bOC"
    assert terminal.key("ctrl+end") == b"\x1b[1;5F"
    assert terminal.key("u") == b"u"


def test_the_terminal_has_the_size_asked_for(start: Callable[..., Terminal]) -> None:
    assert start(columns=200, rows=60).send(b"w", quiet=0.05, patience=PATIENCE).size == 200


def test_a_held_key_gives_a_sample_each(start: Callable[..., Terminal]) -> None:
    terminal = start()
    samples = terminal.hold(b"1", 8, rate=20.0)
    assert len(samples) == 8
    heard = sum(s.size + s.late for s in samples)
    while heard < 8 and terminal.has_output(PATIENCE):
        heard += terminal.idle(0.01)
    assert heard == 8


def test_the_end_of_a_program_is_told(start: Callable[..., Terminal]) -> None:
    terminal = start()
    with pytest.raises(ProgramEnded, match="the end"):
        terminal.send(b"e", quiet=PATIENCE, patience=PATIENCE)
    assert terminal.close(b"q") == 3


def test_a_program_ends_with_its_quit_key(start: Callable[..., Terminal]) -> None:
    terminal = start()
    assert terminal.memory().highest >= terminal.memory().resident > 1
    assert terminal.close(b"q", patience=PATIENCE) == 0


def test_a_program_that_stays_is_killed(start: Callable[..., Terminal]) -> None:
    assert start().close(b"n", patience=0.2) == -9


def test_a_program_that_is_not_there_says_so() -> None:
    terminal = Terminal(["/no/such/program"])
    with pytest.raises(ProgramEnded, match="/no/such/program"):
        terminal.wait_for("ready")
    assert terminal.close() == 127


def test_text_that_never_comes_is_reported_with_what_came(start: Callable[..., Terminal]) -> None:
    with pytest.raises(NothingPainted, match="'never' in ''"):
        start().wait_for("never", patience=0.0)


def test_plain_takes_escape_sequences_out() -> None:
    assert plain(b"\x1b[1;31ma\x1b[0m\x1b]0;title\x07b\x1b(Bc\xe2\x80\x9c") == "abc“"


def test_summary_counts_what_had_no_answer_and_what_was_disturbed() -> None:
    samples = [Sample(float(n), 10 * n, disturbed=n > 50) for n in range(101)]
    summary = summarise([*samples, Sample(None, 0, late=3)])
    assert summary is not None
    assert (summary.p50, summary.p95, summary.p99) == (50.0, 95.0, 99.0)
    assert (summary.samples, summary.silent, summary.late) == (101, 1, 1)
    assert summary.calm == (25.0, 49.5)
    assert (summary.undisturbed, summary.last) == (51, None)
    assert summarise([Sample(1.0, 1), Sample(None, 0)]) is None
    noisy = summarise([Sample(1.0, 1, disturbed=True)] * 3)
    assert noisy is not None
    assert (noisy.calm, noisy.undisturbed) == (None, 0)


def test_the_text_is_the_same_each_time_and_its_ranges_fit() -> None:
    news = news_text(40, 90)
    assert news == news_text(40, 90)
    assert (len(news.sentences), len(news.spans), len(news.relations)) == (40, 90, 9)
    parts = [news.text[start:end] for start, end in news.sentences]
    assert all(p.endswith(".") and p == p.strip() for p in parts)
    assert [p for p in parts if MARKER in p] == parts[:1]
    for start, end, _ in news.spans:
        assert any(a <= start < end <= b for a, b in news.sentences)
        assert news.text[start:end] == news.text[start:end].strip()
    for claim, source in news.relations:
        assert (news.spans[claim][2], news.spans[source][2]) == (CLAIM, SOURCE)


def test_the_peer_commits_and_takes_back(tmp_path: Path) -> None:
    news = news_text(20, 10)
    file = tmp_path / "peer.db"
    make_database(file, news)
    program = [sys.executable, str(PEER), str(file)]
    terminal = Terminal(program, env={"TERM": "xterm-256color", "LANG": "C.UTF-8"})
    try:
        terminal.wait_for(MARKER)
        for key, spans, edits in (("right", 10, 0), ("1", 11, 1), ("u", 10, 2)):
            answer = terminal.send(terminal.key(key), quiet=0.2, patience=PATIENCE)
            assert answer.size > 0
            # The answer may have been the rest of what was painted before.
            while _counts(file) != (spans, edits) and terminal.has_output(PATIENCE):
                terminal.rest(0.01)
            assert _counts(file) == (spans, edits)
        for key in ("ctrl+end", "pageup", "down", "left", "ctrl+home", "pagedown", "up"):
            terminal.send(terminal.key(key), quiet=0.1, patience=PATIENCE)
    finally:
        code = terminal.close(terminal.key("ctrl+q"), patience=PATIENCE)
    assert code == 0


def _counts(file: Path) -> tuple[int, int]:
    return _rows(file, "span"), _rows(file, "edit")


def _rows(file: Path, table: str) -> int:
    connection = sqlite3.connect(file)
    try:
        count: int = connection.execute(f"select count(*) from {table}").fetchone()[0]
        return count
    finally:
        connection.close()
