"""What commands say: lines that keep to the terminal, and progress."""

from __future__ import annotations

import pytest

from annotator.cli import output


@pytest.mark.parametrize(
    ("texts", "room", "lines"),
    [
        (["ab", "cd"], 7, ["ab · cd"]),
        (["ab", "cd"], 6, ["ab", "cd"]),
        (["漢字", "cd"], 8, ["漢字", "cd"]),
        (["a longer one", "b", "c"], 5, ["a longer one", "b · c"]),
        (["ab", "cd"], None, ["ab · cd"]),
        (["a\x1b[31m", "b"], None, ["a\\x1b[31m · b"]),
    ],
)
def test_no_line_of_words_is_longer_than_the_terminal(
    texts: list[str], room: int | None, lines: list[str],
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(output, "columns", lambda: room)
    output.parts(texts)
    assert capsys.readouterr().out.splitlines() == lines


def test_a_progress_line_is_painted_at_most_ten_times_a_second(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    line = output.ProgressLine(clock=lambda: 5.0)
    for part in range(10):
        line.show(part, 10, "3 documents")
    line.clear()
    shown = capsys.readouterr().err
    assert shown.count("3 documents") == 1
    assert shown.endswith("\r\x1b[K")
