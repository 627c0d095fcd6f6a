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
from typing import Literal

os.environ.pop("NO_COLOR", None)
os.environ.pop("FORCE_COLOR", None)
os.environ.pop("TEXTUAL_THEME", None)
os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")

from msgspec import Struct

from annotator.core.document import Document, Sentence, content_hash
from annotator.core.ids import new_id
from annotator.core.sentences import SEGMENTER, SEGMENTER_VERSION, sentences
from annotator.store.base import NewDocument, Store
from annotator.suggest import registry
from annotator.suggest.base import Proposal
from annotator.tui.app import AnnotatorApp
from annotator.tui.themes import DEFAULT
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.demo import prepare
from annotator.workflow.pages import finished_pages, page_of
from annotator.workflow.projects import init
from annotator.workflow.sitting import Sitting
from annotator.workflow.suggestion_actions import replace_open

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "pictures"
TO_CLAIM = (*"jjjjjjjjjjj", *"kkkkkkkk", *["tab"] * 4)


class Shot(Struct, frozen=True):
    """The keys pressed before a picture is taken, in Textual's names, and on what it is taken.

    ``size`` is columns and rows. ``article`` is the annotated seed, the same with others behind it,
    the bare one with the tutorial, an empty document, or one crowded with long labels.
    """

    keys: tuple[str, ...] = TO_CLAIM
    size: tuple[int, int] = (110, 32)
    article: Literal["annotated", "several", "tutorial", "empty", "crowded"] = "annotated"
    theme: str = DEFAULT
    colours: bool = True


PICTURES: dict[str, Shot] = {
    "lanes": Shot(),
    "compact": Shot((*TO_CLAIM, "t")),
    "linking": Shot((*TO_CLAIM, "a")),
    "labels": Shot((*TO_CLAIM, "x", "enter")),
    "search": Shot(("slash", *"coalition")),
    "attributes": Shot((*TO_CLAIM, "enter")),
    "help": Shot(("question_mark",)),
    "palette": Shot(("ctrl+p", *"sentence")),
    "documents": Shot((*TO_CLAIM, "ctrl+d", "down"), article="several"),
    "first-run": Shot((), article="tutorial"),
    "narrow": Shot(size=(60, 16)),
    "error": Shot((*"jjv", "down", "s", "x", *"zzzz"), size=(60, 16)),
    "empty": Shot((), size=(80, 16), article="empty"),
    "crowded": Shot(("l",), article="crowded"),
    "light": Shot((*TO_CLAIM, "v", "down"), theme="light"),
    "contrast": Shot((*TO_CLAIM, "v", "down"), theme="contrast"),
    "colour-blind": Shot((*TO_CLAIM, "t"), theme="colour-blind"),
    "no-colour": Shot((*TO_CLAIM, "v", "down"), colours=False),
}
"""By the name of each picture."""

SUGGESTED: dict[str, Shot] = {"suggestions": Shot((*"jjjy", "space"))}
"""Pictures of the bare article with what engines suggest for it."""

_CROWDED = "\n".join(
    [
        'name = "crowded"\nversion = 1\n[layer.a]\nscope = "span"\noverlap = "any"',
        *(
            f"[layer.a.labels.A_LABEL_OF_SIXTY_CHARACTERS_{'AS_LONG_AS_THEY_MAY_GET_'}{n:08}]\n"
            f'key = "{n}"\ncolour = "{colour}"'
            for n, colour in enumerate(("red", "green", "yellow", "blue", "magenta", "cyan"), 1)
        ),
    ]
)

_FONTS = 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace'


_LONGEST_CHAIN = 8
"""Messages that follow from each other at most, until a key is painted."""


async def picture(shot: Shot, store: Store, document: str, annotator: str) -> str:
    """The screen as SVG, on a document (id) for an annotator (name)."""
    who = store.annotator(annotator, create=True)
    session = store.start_session(who.id)
    app = AnnotatorApp(
        lambda id: AnnotateSession(store, id, who, session),
        document,
        tutorial=shot.article == "tutorial",
    )
    async with app.run_test(size=shot.size) as pilot:
        app.choose_theme(shot.theme)
        for key in (None, *shot.keys):
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
        **{name: _alone(shot) for name, shot in PICTURES.items()},
        **{name: _suggested(shot) for name, shot in SUGGESTED.items()},
    }


def _alone(shot: Shot) -> str:
    with tempfile.TemporaryDirectory() as name:
        store, document, annotator = _prepared(shot, Path(name))
        if not shot.colours:
            os.environ["NO_COLOR"] = "1"
        try:
            return asyncio.run(picture(shot, store, document, annotator))
        finally:
            os.environ.pop("NO_COLOR", None)
            store.close()


def _suggested(shot: Shot) -> str:
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
            return asyncio.run(picture(shot, store, document, reader.name))
        finally:
            store.close()


def _prepared(shot: Shot, folder: Path) -> tuple[Store, str, str]:
    """A project, the document (id) and the annotator (name) of a picture."""
    if shot.article in ("annotated", "tutorial", "several"):
        found = prepare(folder, "annotator", bare=shot.article == "tutorial")
        if shot.article == "several":
            _add_others(*found)
        return found
    schema = folder / "crowded.toml"
    schema.write_text(_CROWDED, "utf-8")
    store = init(folder / "demo.db", str(schema) if shot.article == "crowded" else "news")
    text = "" if shot.article == "empty" else "Everybody labels this one word, and all around it."
    id = _add(store, f"{shot.article}.txt", text)
    if text:
        session = Sitting(store, "annotator").open(id)
        labels = session.schema.layers[0].labels
        for n in range(12):
            session.reader.select(max(0, 17 - 3 * n), min(len(text), 25 + 2 * n))
            session.spans.label(session.schema.layers[0], labels[n % len(labels)])
        session.reader.move_to(0)
        session.moved()
        session.save_position()
    return store, id, "annotator"


def _add(store: Store, name: str, text: str) -> str:
    """A further document; gives its id."""
    id = new_id()
    cut = tuple(Sentence(new_id(), id, *place) for place in sentences(text))
    document = Document(id, name, text, content_hash(text.encode()))
    store.add_document(NewDocument(document, cut, SEGMENTER, SEGMENTER_VERSION))
    return id


_OTHERS = {
    "bridge.txt": "The bridge is open again, the mayor said. Lorries may cross it from Monday.",
    "harvest.txt": "Farmers expect less wheat. “It has not rained since April,” one of them said.",
    "night-train.txt": "The night train will stop in Lesk. Nobody had asked for it.",
}
"""Documents of which the first is done, and the second begun, with a doubt."""


def _add_others(store: Store, _: str, annotator: str) -> None:
    made = [_add(store, name, text) for name, text in _OTHERS.items()]
    sitting = Sitting(store, annotator)
    for id, sentences_done in zip(made, (2, 1, 0), strict=True):
        session = sitting.open(id)
        layer = session.schema.layer("entity")
        if sentences_done:
            session.reader.grow()
            session.spans.label(layer, layer.labels[0])
        for _ in range(sentences_done):
            session.cut.toggle_done()
        if sentences_done == 1:
            session.choose(next(iter(session.annotations.spans.values())))
            session.spans.flag()


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
