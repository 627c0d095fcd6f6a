"""Whether a project file is as it must be, whatever was done to it or to the program."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from annotator.store.sqlite.project import open_project
from annotator.workflow.doctor import examine


def findings(path: Path) -> list[str]:
    """What the doctor finds, and edits of one session whose ids are not in the log's order."""
    with open_project(path) as store:
        found = [f"{finding.kind}: {finding.message}" for finding in examine(store)]
    raw = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        last: dict[str, str] = {}
        for session, id in raw.execute("SELECT session_id, id FROM edit ORDER BY number"):
            if id <= last.get(session, ""):
                found.append(f"edit {id} was logged after {last[session]}")
            last[session] = id
    finally:
        raw.close()
    return found
