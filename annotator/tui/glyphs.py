"""In which glyphs text is shown: terminals disagree on how wide joined emoji and syllables are."""

from __future__ import annotations

from typing import Final

SAFE: Final = "safe"
GLYPHS: Final = {
    "all": "emoji and letters as they are in the text",
    SAFE: "for terminals on which brackets stand beside what they mark",
}
"""What each is, by the name that a person gives; the first is the default."""
