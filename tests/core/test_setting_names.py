"""Settings: names, values and defaults."""

from __future__ import annotations

import pytest

from annotator.core.settings import SETTINGS, checked, setting
from annotator.errors import NotFoundError, UsageError


def test_every_setting_may_be_each_of_its_values_and_no_other() -> None:
    for known in SETTINGS:
        assert setting(known.name) is known
        assert [checked(known.name, value) for value in known.values] == list(known.values)
        with pytest.raises(UsageError, match=known.name):
            checked(known.name, "else")
    with pytest.raises(NotFoundError, match="no setting"):
        setting("else")
