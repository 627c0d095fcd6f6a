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


def test_of_several_values_the_most_careful_counts() -> None:
    assert most_careful("see-others", ()) == "on"
    assert most_careful("see-others", ("on", "off", "on")) == "off"
    assert most_careful("see-others", ("else", "on")) == "on"
