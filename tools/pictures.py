"""Makes docs/pictures/*.svg: the real screen on the annotated seed, driven key by key.

``python tools/pictures.py`` writes the pictures, with ``--check`` it only says which are not up to
date (exit code 1 where any). The same program always gives the same bytes.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from pathlib import Path

os.environ.pop("NO_COLOR", None)
os.environ.pop("FORCE_COLOR", None)
os.environ.pop("TEXTUAL_THEME", None)
os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")

from annotator.store.base import Store
from annotator.suggest import registry
from annotator.suggest.base import Proposal
from annotator.tui.app import AnnotatorApp
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.demo import prepare
from annotator.workflow.pages import finished_pages, page_of
from annotator.workflow.suggestion_actions import replace_open

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "pictures"
SIZE = (110, 32)
"""Columns and rows of every picture."""

TO_CLAIM = (*"jjjjjjjjjjj", *"kkkkkkkk", *["tab"] * 4)
PICTURES: dict[str, tuple[str, ...]] = {
    "lanes": TO_CLAIM,
    "compact": (*TO_CLAIM, "t"),
    "linking": (*TO_CLAIM, "a"),
    "labels": (*TO_CLAIM, "x", "enter"),
    "search": ("slash", *"coalition"),
    "help": ("question_mark",),
}
"""The name of each picture, and the keys pressed before it is taken, in Textual's names."""
SUGGESTED: dict[str, tuple[str, ...]] = {"suggestions": (*"jjjy",)}
"""The same of pictures of the bare article with what engines suggest for it."""

_FONTS = 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace'


_LONGEST_CHAIN = 8
"""Messages that follow from each other at most, until a key is painted."""


async def picture(store: Store, document: str, annotator: str, keys: tuple[str, ...]) -> str:
    """The screen as SVG after these keys, on a document (id) for an annotator (name)."""
    who = store.annotator(annotator)
    session = store.start_session(who.id)
    app = AnnotatorApp(lambda id: AnnotateSession(store, id, who, session), document)
    async with app.run_test(size=SIZE) as pilot:
        for key in (None, *keys):
            if key is not None:
                await pilot.press(key)
            for _ in range(_LONGEST_CHAIN):
                await pilot.pause(0)
        return tidy(app.export_screenshot(title=app.TITLE))


def tidy(svg: str) -> str:
    """The same picture without fonts from elsewhere, and with identifiers that do not vary."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: [^;]*;", f"font-family: {_FONTS};", svg)
    svg = re.sub(r"terminal-\d+", "terminal", svg)
    svg = svg.replace("<svg ", '<svg xml:space="preserve" ', 1)
    return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"


def pictures() -> dict[str, str]:
    """Every picture by its name, each of a project of its own: a screen notes where it was left."""
    return {
        **{name: _alone(keys) for name, keys in PICTURES.items()},
        **{name: _suggested(keys) for name, keys in SUGGESTED.items()},
    }


def _alone(keys: tuple[str, ...]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        store, document, annotator = prepare(Path(folder), "annotator")
        try:
            return asyncio.run(picture(store, document, annotator, keys))
        finally:
            store.close()


def _suggested(keys: tuple[str, ...]) -> str:
    """The screen of somebody for whom engines suggest what the annotator of the demo taught."""
    with tempfile.TemporaryDirectory() as folder:
        store, document, teacher = prepare(Path(folder), "annotator")
        try:
            reader = store.annotator("reader", create=True)
            session, schema = store.start_session(reader.id), store.schema()
            lessons = list(finished_pages(store, store.annotator(teacher).id))
            page = page_of(store, document, reader.id)
            for name, layers in (("gazetteer", ["entity"]), ("rules", None)):
                engine = registry.get(name)
                proposals: list[Proposal] = []
                for layer in layers or engine.layers(schema):
                    learned = engine.made_of == "sentences"
                    data = engine.train(lessons, schema, layer) if learned else b""
                    proposals += engine.load(data, schema, layer).propose(page)
                replace_open(store, session, document, reader.id, name, proposals)
            return asyncio.run(picture(store, document, reader.name, keys))
        finally:
            store.close()


def main(arguments: list[str]) -> int:
    """Write the pictures, or check them. Returns the exit code."""
    made = {FOLDER / f"{name}.svg": svg for name, svg in pictures().items()}
    if arguments == ["--check"]:
        old = [p for p, svg in made.items() if not p.exists() or p.read_text("utf-8") != svg]
        for path in old:
            sys.stderr.write(f"{path.relative_to(ROOT)} is not up to date: make pictures\n")
        return 1 if old else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path, svg in made.items():
        path.write_text(svg, "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
