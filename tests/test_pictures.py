"""The pictures show today's screen, byte for byte on every run, and hold nothing from elsewhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[1]
PICTURES = sorted((ROOT / "docs" / "pictures").glob("*.svg"))


def tool(name: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", str(ROOT / "tools" / name), "--check"],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


def test_the_pictures_are_of_this_screen() -> None:
    done = tool("pictures.py")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_page_of_keys_is_of_these_commands() -> None:
    done = tool("build_keys.py")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.stem)
def test_a_picture_stands_alone(picture: Path) -> None:
    svg = picture.read_text("utf-8")
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    addresses = svg.replace("http://www.w3.org/2000/svg", "").replace(
        "https://www.textualize.io", ""
    )
    assert "http" not in addresses
    assert "@font-face" not in svg
    assert str(ROOT) not in svg
    assert picture.stem in {"help", "empty", "crowded", "error"} or "Talal" in svg


def test_the_first_picture_has_the_claim_in_focus() -> None:
    svg = (ROOT / "docs" / "pictures" / "lanes.svg").read_text("utf-8")
    assert ">CLAIM</text>" in svg, "the inspector's heading"
    assert "“operations&#160;had&#160;begun" in svg


def test_every_picture_is_shown_or_kept_for_a_reason() -> None:
    pages = ("README.md", "docs/tour.md", "docs/states.md")
    shown = "".join((ROOT / page).read_text("utf-8") for page in pages)
    assert {path.name for path in PICTURES if path.name not in shown} <= {"help.svg"}
    assert len(PICTURES) >= 5
