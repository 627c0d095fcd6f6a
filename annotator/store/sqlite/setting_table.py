"""What is chosen for the project, and whether others wrote to it meanwhile."""

from __future__ import annotations

from annotator.core.settings import checked, setting
from annotator.store.sqlite.store_part import StorePart


class SettingTable(StorePart):
    """Settings by name; one that was never chosen has its default."""

    def setting(self, name: str) -> str:
        """The value of a setting. Raises NotFoundError."""
        row = self._db.row("SELECT value FROM setting WHERE name = ?", (name,))
        return setting(name).values[0] if row is None else str(row[0])

    def settings(self) -> dict[str, str]:
        """What was chosen in this project, by the settings' names, be they known or not."""
        return dict(self._db.rows("SELECT name, value FROM setting"))

    def set_setting(self, name: str, value: str) -> None:
        """Give a setting a value, from now on and for all. Raises NotFoundError, UsageError."""
        with self._db.transaction():
            self._db.write(
                "INSERT INTO setting (name, value) VALUES (?, ?)"
                " ON CONFLICT DO UPDATE SET value = excluded.value",
                (name, checked(name, value)),
            )

    def moment(self) -> int:
        """A number that differs when another connection has written since; SQLite keeps it."""
        return self._db.moment()
