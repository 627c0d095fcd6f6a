"""Makes docs/keys.md of the registry of commands and the news schema.

``python tools/build_keys.py`` writes the page, with ``--check`` it only says whether it is up to
date (exit code 1 where not).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from annotator.core.commands import COMMANDS
from annotator.core.schema_file import parse_schema
from annotator.tui.keymap import Keymap, shown
from annotator.workflow.resources import DEFAULT_SCHEMA, schema_text

TARGET = Path(__file__).resolve().parents[1] / "docs" / "keys.md"
_HEAD = """# Keys

Made by `make keys`; a test compares. On the screen, `?` lists the same.

## Other keys

Commands take other keys from `keys.toml` in `$XDG_CONFIG_HOME/annotator` (`~/.config/annotator`
where that is not set), by the names below. A key that is another command's, or a label's, is
refused with file, line and both names. `annotator keys` shows the keys in force.

```toml
sentence_done = "f5"              # instead of its own key
grow = ["x", "ctrl+w"]            # or several
merge_sentence = []               # or none: the palette still has it
```
"""


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _table(rows: list[str], *heads: str) -> str:
    return "\n".join([_row(*heads), _row(*("---" for _ in heads)), *rows]) + "\n"


def _sections() -> Iterator[str]:
    keymap = Keymap()
    for group, commands in groupby(COMMANDS, key=lambda command: command.group):
        rows = [
            _row(
                " ".join(f"`{key}`" for key in keymap.keys_of(command).split()),
                command.title,
                f"`{command.id}`",
            )
            for command in commands
        ]
        yield f"## {group}\n\n{_table(rows, 'key', 'does', 'name')}"
    schema = parse_schema(*schema_text(DEFAULT_SCHEMA))
    rows = [
        _row(f"`{shown(key)}`", f"{label.name} ({layer.title})")
        for key, (layer, label) in schema.keys().items()
    ]
    yield f"## Labels of the schema {schema.name}\n\n{_table(rows, 'key', 'does')}"


def keys_page() -> str:
    """The page."""
    return "\n".join([_HEAD, *_sections()])


def main(arguments: list[str]) -> int:
    """Write the page, or check it. Returns the exit code."""
    made = keys_page()
    if arguments == ["--check"]:
        same = TARGET.exists() and TARGET.read_text("utf-8") == made
        sys.stderr.write("" if same else "docs/keys.md is not up to date: make keys\n")
        return 0 if same else 1
    TARGET.write_text(made, "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
