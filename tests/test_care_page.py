"""The page on backups and the doctor names what the code has: every kind and every reason."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KIND = re.compile(r'(?:kind=|diagnosis\(\s*)"(\w+)"')
CHECKS = (
    "store/sqlite/file_checks.py",
    "store/sqlite/row_checks.py",
    "store/sqlite/upkeep.py",
    "workflow/doctor.py",
    "workflow/record_checks.py",
)


def test_every_kind_of_finding_is_explained() -> None:
    page = (ROOT / "docs" / "care.md").read_text("utf-8")
    explained = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    sources = [(ROOT / "annotator" / name).read_text("utf-8") for name in CHECKS]
    assert {kind for source in sources for kind in KIND.findall(source)} == explained


def test_every_reason_of_a_backup_is_explained() -> None:
    page = (ROOT / "docs" / "care.md").read_text("utf-8")
    explained = set(re.findall(r"`annotations\.([\w-]+)\.TIME\.db`", page))
    made = {"daily"}
    for path in (ROOT / "annotator").rglob("*.py"):
        source = path.read_text("utf-8")
        made |= set(re.findall(r'back_up_for\("([\w-]+)"', source))
        made |= set(re.findall(r'backup_place\([\w.]+, f?"([\w-]+)', source))
    assert made == {reason.removesuffix("N") for reason in explained}
