"""Settings: names, values and defaults."""

from __future__ import annotations

import pytest

from annotator.core.settings import SETTINGS, checked, most_careful, setting
from annotator.errors import NotFoundError, UsageError


def test_every_setting_may_be_each_of_its_values_and_no_other() -> None:
    for known in SETTINGS:
        assert setting(known.name) is known
        assert [checked(known.name, value) for value in known.values] == list(known.values)
        with pytest.raises(UsageError, match=known.name):
            checked(known.name, "else")
    with pytest.raises(NotFoundError, match="no setting"):
        setting("else")


@pytest.mark.parametrize(
    ("said", "meant"), [("0.5", "0.50"), ("0", "0.00"), ("1", "1.00"), ("0.05", "0.05")]
)
def test_a_score_may_be_written_shorter(said: str, meant: str) -> None:
    assert checked("threshold.entity", said) == meant


@pytest.mark.parametrize("said", ["0.51", "2", "nan", "", ".", "-0", "0.500"])
def test_a_score_is_one_of_those_there_are(said: str) -> None:
    with pytest.raises(UsageError, match=r"one of: 0\.00, 0\.05") as caught:
        checked("threshold.entity", said)
    assert repr(said) in caught.value.message


def test_of_several_values_the_most_careful_counts() -> None:
    assert most_careful("see-others", ()) == "on"
    assert most_careful("see-others", ("on", "off", "on")) == "off"
    assert most_careful("see-others", ("else", "on")) == "on"
