"""A project with finished sentences, and engines of somebody else's that can be installed."""

from __future__ import annotations

from pathlib import Path

from session_state import at, label, new_document, session_at

from annotator.store.base import Store
from annotator.workflow.annotate import AnnotateSession

NAMES = ("Ann Lee", "Bob Ray", "Eve Poe", "Jim Low", "Kim Fox", "Lea Orr")
TAUGHT = " ".join(f"Yesterday Mr {name} went home by car." for name in NAMES)
ASKED = "Yesterday Mr Zed Doe went home by car. Nobody saw Ann Lee."


def teach(store: Store, annotator: str = "me") -> AnnotateSession:
    """Two documents: in the first every name is a PERSON and every sentence done."""
    store.add_document(new_document("taught.txt", TAUGHT))
    store.add_document(new_document("asked.txt", ASKED))
    session = session_at(store, "taught.txt", annotator)
    for name in NAMES:
        label(session, name, "1")
        session.reader.clear()
        at(session, name)
        session.cut.toggle_done()
    return session


ENGINES = """
import os, sys, time
from annotator.suggest.base import Engine, Model, Proposer, span_layers

class Toy(Engine):
    version = "1"
    title = "a toy"
    def __init__(self, name, act=lambda: None, propose=None, found=None, look=lambda: None):
        self.name, self._act, self._propose = name, act, propose
        self.found, self._look = found, look
    def layers(self, schema):
        self._look()
        return span_layers(schema)[:1]
    def train(self, pages, schema, layer, seed=0):
        self._act()
        return b"toy"
    def load(self, data, schema, layer):
        return ToyModel(self, schema, layer)

class ToyModel(Model):
    def __init__(self, engine, schema, layer):
        self._engine, self._schema, self._layer = engine, schema, layer
    def propose(self, page):
        if self._engine._propose:
            self._engine._propose()
        if self._engine.found:
            return self._engine.found(page)
        label = self._schema.layer(self._layer).labels[0].name
        proposer = Proposer(self._engine, page)
        return [proposer.span(self._layer, label, ((s.start, s.start + 3),), 0.75)
                for s in page.questions()]

def fail():
    raise KeyError("a fault of the engine")

class Acting(Toy):
    def load(self, data, schema, layer):
        if data == b"fails":
            fail()
        if data == b"aborts":
            os.abort()
        later = os.abort if data == b"later" else None
        return ToyModel(Toy("acting", propose=later), schema, layer)

TOY = Toy("toy")
A_TOY = Toy("a_toy")
ABORT = Toy("abort", os.abort)
RAISE = Toy("raise", fail)
WORDY = Toy("wordy", lambda: int("no number " * 1000))
HANG = Toy("hang", lambda: time.sleep(3600))
LATER = Toy("later", propose=os.abort)
NOISY = Toy("noisy", lambda: [os.write(1, b"no event, and much of it ") for _ in range(10_000)])
READING = Toy("reading", lambda: sys.stdin.read())
EATING = Toy("eating", lambda: bytearray(5 << 30))
LEAVING = Toy("leaving", lambda: sys.exit("so long"))
LOOKING = Toy("looking", look=fail)
NOTHING = Toy("nothing", found=lambda page: [None])
ENDLESS = Toy("endless", found=lambda page: iter(lambda: page.spans, None))
ACTING = Acting("acting")
OTHER = Toy("somebody else")
PLAIN = "an engine"
"""


def install(folder: Path, *names: str) -> Path:
    """Put a package with engines of these names into a folder to be put on the path.

    A name may tell the module besides: ``toy_abort:ENGINE``.
    """
    (folder / "toy_engines.py").write_text(ENGINES)
    (folder / "toy_abort.py").write_text("import os; os.abort()")
    (folder / "toy_syntax.py").write_text("ENGINE = (")
    info = folder / "toy_engines-1.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: toy-engines\nVersion: 1\n")
    lines = "\n".join(
        f"{name.partition(':')[0]} = {name if ':' in name else f'toy_engines:{name.upper()}'}"
        for name in names
    )
    (info / "entry_points.txt").write_text(f"[annotator.suggesters]\n{lines}\n")
    return folder
