from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.commands import COMMANDS, RESERVED, Command
from annotator.core.schema import Schema
from annotator.tui.actions import Actions
from annotator.tui.hints import assign
from annotator.tui.keymap import Keymap, key_name


def test_every_command_has_an_action_and_every_action_a_command() -> None:
    actions = {name for name in dir(Actions) if not name.startswith("_")} - {"run", "label"}
    assert actions == {command.id for command in COMMANDS}


def test_no_two_commands_share_a_key() -> None:
    Keymap()
    with pytest.raises(ValueError, match="x is one and two"):
        Keymap((Command("one", ("x",), "", ""), Command("two", ("x",), "", "")))


def test_the_news_schema_uses_no_commands_key(news: Schema) -> None:
    assert not set(news.keys()) & set(RESERVED)


@pytest.mark.parametrize(
    ("key", "character", "name"),
    [("left_square_bracket", "[", "["), ("space", " ", " "), ("left", None, "left"),
     ("tab", "\t", "tab"), ("U", "U", "U"), ("escape", "\x1b", "escape")],
)  # fmt: skip
def test_key_names(key: str, character: str | None, name: str) -> None:
    assert key_name(key, character) == name


@given(st.lists(st.integers(), unique=True, max_size=400))
def test_hints_are_unique_and_none_begins_another(targets: Sequence[int]) -> None:
    hints = assign(targets)
    assert list(hints.values()) == list(targets)
    assert all(len(hint) <= 2 for hint in hints)
    singles = {hint for hint in hints if len(hint) == 1}
    assert not any(hint[0] in singles for hint in hints if len(hint) == 2)


def test_few_targets_take_one_letter_each() -> None:
    assert all(len(hint) == 1 for hint in assign(range(26)))
