"""What a person has chosen for themselves, in every project: where it is kept, and the theme."""

from __future__ import annotations

import os
from pathlib import Path


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
