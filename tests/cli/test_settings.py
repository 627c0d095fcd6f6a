"""``annotator settings``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Run = Callable[..., Any]


def test_a_setting_is_shown_and_chosen(annotator: Run) -> None:
    annotator("init")
    shown = annotator("settings")
    assert shown.code == 0
    assert shown.out.startswith("see-others  on  annotators may see what others annotate")
    assert annotator("settings", "see-others").out == "on\n"
    assert annotator("settings", "see-others", "off").err == "see-others is off.\n"
    assert annotator("settings", "see-others").out == "off\n"
    wrong = annotator("settings", "see-others", "maybe")
    assert (wrong.code, "It is one of: on, off." in wrong.err) == (2, True)
    unknown = annotator("settings", "colour")
    assert (unknown.code, "There is: see-others, learning, suggest.ENGINE" in unknown.err) == (
        2,
        True,
    )


def test_thresholds_of_layers_are_settings(annotator: Run) -> None:
    annotator("init")
    assert annotator("settings", "threshold.entity").out == "0.00\n"
    assert annotator("settings", "threshold.entity", "0.65").code == 0
    assert annotator("settings", "threshold.entity").out == "0.65\n"
    assert annotator("settings", "threshold.entity", "2").code == 2
    assert annotator("settings", "threshold.").code == 2
