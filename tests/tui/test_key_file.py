"""Other keys for commands: taken from a file, refused with both names where two claim one."""

from __future__ import annotations

from pathlib import Path

import pytest
from proposing import proposed_span
from screen_driver import Running

from annotator.core.schema import Schema
from annotator.errors import InputError
from annotator.tui.key_file import parse_keymap, read_keymap
from annotator.tui.keymap import Keymap


def refused(text: str, news: Schema) -> str:
    with pytest.raises(InputError) as caught:
        parse_keymap(text, "keys.toml", news)
    return caught.value.message


def test_without_a_file_the_keys_are_the_commands_own(tmp_path: Path, news: Schema) -> None:
    keymap = read_keymap(tmp_path / "none", news)
    assert keymap.commands == Keymap().commands


def test_a_file_gives_commands_other_keys(tmp_path: Path, news: Schema) -> None:
    (tmp_path / "keys.toml").write_text(
        'sentence_done = ["f5", "space"]\njump = "o"\ntoggle_others = []\ngrow = "shift+→"\n'
        'select_right = "x"\n',
        "utf-8",
    )
    keymap = read_keymap(tmp_path, news)
    assert keymap.command("f") is None
    assert keymap.command("ctrl+o") is None
    found = {
        key: command.id
        for key in ("f5", " ", "o", "x", "shift+right")
        if (command := keymap.command(key))
    }
    assert found == {
        "f5": "sentence_done", " ": "sentence_done", "o": "jump", "x": "select_right",
        "shift+right": "grow",
    }  # fmt: skip
    assert keymap.first_key_of("toggle_others") == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '\nundo = "j"',
            'keys.toml:2: (top) undo: found "j" for undo, the key of sentence_next',
        ),
        ('undo = "o"\nredo = "o"', 'found "o" for redo, the key of undo (undo)'),
        ('undo = "c"', 'found "c" for undo, which labels CLAIM (Claims)'),
        ('undoo = "o"', 'an unknown command (did you mean "undo"?)'),
        ('undo = "hyperspace"', "which is no key"),
        ('undo = "shift+u"', "which is the character itself"),
        ('undo = "ctrl+i"', "cannot tell from tab"),
        ('undo = "escape"', "the key of clear"),
        ('quit = "f9"\nundo = "ctrl+q"', "the key of quit"),
        ("undo = 3", "a key, or a list of keys"),
        ("undo", "no TOML"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(text: str, told: str, news: Schema) -> None:
    assert told in refused(text, news)


def test_all_problems_are_told_at_once(news: Schema) -> None:
    assert len(refused('undo = "j"\nredo = "c"\nfoo = "x"', news).splitlines()) == 3


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, news: Schema) -> None:
    (tmp_path / "keys.toml").mkdir()
    with pytest.raises(InputError, match="cannot be read"):
        read_keymap(tmp_path, news)


async def test_screen_help_bar_and_palette_follow_the_file(running: Running, news: Schema) -> None:
    keymap = parse_keymap('boundaries = "o"\nhelp = "f1"\ndelete = []', "keys.toml", news)
    async with running(keymap=keymap) as d:
        d.label("SDF", "3")
        assert " f1 help" in d.screen.bar.plain
        assert "o edges" in d.screen.bar.plain
        assert "delete" not in d.screen.bar.plain
        await d.press("o", "left", "enter")
        assert d.focus.text == "the SDF"
        await d.press("e")
        assert "e does nothing here. f1 shows every key" in d.said
        await d.press("d")
        assert d.labels == ["GROUP"], "a command without a key is there in the palette alone"
        await d.press("f1")
        assert d.dialog is not None
        page = str(d.dialog.query_one("#page").render())  # type: ignore[attr-defined]
        assert "  o             edit the boundaries" in page


async def test_hints_name_the_keys_in_force(running: Running, news: Schema) -> None:
    keymap = parse_keymap(
        'delete = "D"\nannotation_next = "o"\naccept = "X"\nadd_fragment = []', "k", news
    )
    async with running(keymap=keymap, size=(140, 30)) as d:
        await d.press("D")
        assert "o goes to the next" in d.said
        d.label("SDF", "3")
        await d.press("3")
        assert "this is GROUP already. D deletes it" in d.said
        d.session.suggestions.replace_open("crf", [proposed_span("PERSON", "Talal", 0.8)])
        d.at("Talal")
        assert "X accepts it, n rejects it for good." in [
            line.text for line in d.screen.inspector.lines
        ]
        await d.press("m")
        assert "X accepts it, n rejects it" in d.said
