"""What a person has chosen for themselves, for every project, and where it is kept."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

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

    What cannot be read is as if it was not chosen: the
    screen opens in any case.
    """

    FILE = "screen.toml"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._chosen = self._read()

    def _read(self) -> dict[str, str]:
        try:
            table = tomllib.loads((self._folder / self.FILE).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return {name: value for name, value in table.items() if isinstance(value, str)}

    def get(self, name: str) -> str | None:
        """What was chosen under this name, if anything was."""
        return self._chosen.get(name)

    def choose(self, name: str, value: str) -> None:
        """Choose, from now on. Raises BusyError where it cannot be written."""
        self._chosen[name] = value
        lines = [f'{name} = "{value}"\n' for name, value in sorted(self._chosen.items())]
        with whole_file(self._folder / self.FILE) as file:
            file.write("".join(lines).encode())
