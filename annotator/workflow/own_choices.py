"""What a person has chosen for themselves, for every project, and where it is kept."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Collection
from pathlib import Path

from annotator.core.schema_table import escaped, show
from annotator.errors import BusyError, InputError
from annotator.workflow.whole_file import whole_file


def config_folder() -> Path:
    """The person's folder of settings for this program, by the XDG rules; it may not exist.

    A relative $XDG_CONFIG_HOME is not followed, as the rules say. Where there is no home, the
    current folder has none of our files, which comes to the same.
    """
    given = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    if given.is_absolute():
        return given / "annotator"
    try:
        return Path.home() / ".config" / "annotator"
    except RuntimeError:
        return Path(".config") / "annotator"


class OwnChoices:
    """How the screen looks to this person, kept in ``screen.toml`` of a folder.

    What cannot be read is as if it was not chosen, and ``trouble`` says so: the screen opens in
    any case.
    """

    FILE = "screen.toml"

    def __init__(self, folder: Path) -> None:
        self._path = folder / self.FILE
        self.trouble: InputError | None = None
        self._broken: InputError | None = None
        self._chosen = self._read()

    def _read(self) -> dict[str, object]:
        try:
            return tomllib.loads(self._path.read_text("utf-8-sig"))
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except OSError as error:
            why = f"cannot be read: {error.strerror}"
        except (ValueError, RecursionError) as error:
            why = f"found what is no TOML: {error}"
        self.trouble = self._broken = InputError(
            f"{escaped(str(self._path))}: {why}", "Mend it or take it away; it counts for nothing."
        )
        return {}

    def get(self, name: str, allowed: Collection[str]) -> str | None:
        """What was chosen under this name, if it is one of those allowed."""
        value = self._chosen.get(name)
        if value is None or (isinstance(value, str) and value in allowed):
            return value
        self.trouble = InputError(
            f"{escaped(str(self._path))}: {name}: found {show(value)}; "
            f"allowed: {', '.join(allowed)}"
        )
        return None

    def choose(self, name: str, value: str) -> None:
        """Choose, from now on.

        Raises InputError where the file holds what we cannot read and so would lose, BusyError
        where it cannot be written.
        """
        if self._broken is not None:
            raise self._broken
        chosen = {**self._chosen, name: value}
        lines = [
            f"{name} = {json.dumps(value, ensure_ascii=False)}\n"
            for name, value in sorted(chosen.items())
            if isinstance(value, str) and name.isidentifier()
        ]
        try:
            with whole_file(self._path) as file:
                file.write("".join(lines).encode())
        except BusyError as error:
            hint = "It was not noted. Make the file and its folder writable to you."
            raise BusyError(error.message, hint) from error
        self._chosen = chosen
