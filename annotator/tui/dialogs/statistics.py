"""The statistics of one annotator: time, keys, labels, and how far each document is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from annotator.core.safe_text import cell_width, cut_within, safe
from annotator.errors import AnnotatorError
from annotator.tui.dialogs.dialog import Dialog
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.progress import Answers, Progress, duration, progress

Line = tuple[str, str]
"""A style and a text."""
_DOCUMENTS = 200
"""How many documents are listed."""
_WIDTH = 84
_FRAME = 7
"""Cells of the page that its border, padding and scroll bar take."""
_LEAST = 16
"""Cells of a name at least; columns give way to it."""
_COLUMNS = (("done", 11), ("spans", 8), ("time", 12), ("flagged", 9), ("labels", 8))
"""Titles and cells, the most important first."""

_COUNT = 11
"""Cells of a column of the suggestions."""


class StatisticsScreen(Dialog[None]):
    """Read in a thread, since a large project takes a while; escape closes."""

    BINDINGS = [("escape,q,enter", "dismiss", "close")]
    DEFAULT_CSS = """
    StatisticsScreen { align: center middle; }
    StatisticsScreen > VerticalScroll {
        width: 84; max-width: 95%; height: auto; max-height: 90%;
        background: $panel; border: round $accent; padding: 0 2;
    }
    """

    class Read(Message):
        """The figures, or why there are none."""

        def __init__(self, figures: Progress | None, error: AnnotatorError | None = None) -> None:
            super().__init__()
            self.figures = figures
            self.error = error

    def __init__(self, session: AnnotateSession) -> None:
        super().__init__()
        self._session = session
        # Held, not looked up: a signal may take the window down before it is filled.
        self._text = Static("reading …", id="page", markup=False)
        self._figures: Progress | None = None

    def compose(self) -> ComposeResult:
        """One scrolling page."""
        page = VerticalScroll(self._text)
        page.border_title = "Statistics"
        page.border_subtitle = "↑ ↓ scroll · esc close"
        yield page

    def on_mount(self) -> None:
        """Begin to read."""
        self.run_worker(self._read, thread=True)

    def _read(self) -> None:
        """In a thread."""
        try:
            figures = progress(self._session.store, self._session.annotator.name, _DOCUMENTS)
        except AnnotatorError as error:
            self.post_message(self.Read(None, error))
        else:
            self.post_message(self.Read(figures))

    def on_statistics_screen_read(self, event: Read) -> None:
        """Show them."""
        if event.figures is None:
            self._text.update(Content(safe(event.error.message if event.error else "")))
            return
        self._figures = event.figures
        self._show(self.size.width)

    def on_resize(self, event: events.Resize) -> None:
        """Another width, other columns."""
        self._show(event.size.width)

    def _show(self, width: int) -> None:
        if self._figures is not None:
            room = max(_LEAST, min(_WIDTH, width * 95 // 100) - _FRAME)
            lines = list(_lines(self._figures, room))
            self._text.update(Content.assemble(*((f"{text}\n", style) for style, text in lines)))


def _lines(figures: Progress, room: int) -> Iterator[Line]:
    """All of it in lines of ``room`` cells, as far as that can be."""
    yield "bold", safe(f"{figures.annotator} in {figures.project}")
    yield from (("", f"  {name:<14}{text}") for name, text in _work(figures))
    if figures.labels:
        yield "", ""
        yield "bold", "Labels"
        yield from _bars([(f"{c.label} ({c.layer})", c.count) for c in figures.labels], room)
    if figures.engines:
        yield "", ""
        yield "bold", "Suggestions"
        yield from _engines(figures.engines, room)
    yield "", ""
    yield "bold", "Documents"
    yield from _documents(figures, room)


def _work(figures: Progress) -> Iterator[tuple[str, str]]:
    yield "time", duration(figures.seconds)
    each = [f"{figures.done:,} of {figures.sentences:,} done"]
    if figures.seconds_a_sentence is not None:
        each.append(f"{figures.seconds_a_sentence:,.0f} s each")
    if figures.keys_a_sentence is not None:
        each.append(f"{figures.keys_a_sentence:,.1f} keys each")
    yield "sentences", " · ".join(each)
    an_hour = figures.made_an_hour
    pace = "" if an_hour is None else f" · {an_hour:,.0f} an hour"
    yield "annotations", f"{figures.annotations:,}{pace}"
    each_key = f" · {figures.keys / figures.made:,.1f} an annotation made" if figures.made else ""
    yield "keys", f"{figures.keys:,}{each_key}"
    if figures.conflicts:
        yield "conflicts", f"{figures.conflicts:,} to decide: annotator merge --conflicts"


def _bars(counts: Sequence[tuple[str, int]], room: int) -> Iterator[Line]:
    most = max(count for _, count in counts)
    name = min(30, room - 10)
    bar = max(0, room - name - 12)
    for label, count in counts:
        cells = max(1, round(count * bar / most)) if bar > 3 else 0
        yield "", f"  {_cell(label, name)}{count:>8,}  {'▇' * cells}"


def _engines(engines: Sequence[Answers], room: int) -> Iterator[Line]:
    """What was answered to each, and the share of its suggestions that were right as they were."""
    titles: tuple[str, ...] = ("right", "accepted", "corrected", "rejected", "open")
    titles = titles[: max(1, (room - 2 - _LEAST) // _COUNT)]
    name = min(30, room - 2 - _COUNT * len(titles))
    yield "dim", f"  {'':<{name}}" + "".join(f"{title:>{_COUNT}}" for title in titles)
    for found in engines:
        share = f"{found.accepted / found.answered:.0%}" if found.answered else "–"
        row = {"right": share} | {title: f"{getattr(found, title):,}" for title in titles[1:]}
        cells = "".join(f"{row[title]:>{_COUNT}}" for title in titles)
        yield "", f"  {_cell(found.engine or 'someone', name)}{cells}"


def _documents(figures: Progress, room: int) -> Iterator[Line]:
    columns = list(_COLUMNS)
    while len(columns) > 1 and room - 2 - sum(cells for _, cells in columns) < _LEAST:
        columns.pop()
    name = max(_LEAST, room - 2 - sum(cells for _, cells in columns))
    yield "dim", f"  {'':<{name}}" + "".join(f"{title:>{cells}}" for title, cells in columns)
    for info in figures.documents:
        seconds = figures.seconds_in.get(info.id, 0.0)
        row = {
            "done": f"{info.done}/{info.sentences}",
            "spans": f"{info.spans:,}",
            "time": duration(seconds) if seconds else "–",
            "flagged": f"{info.flagged:,}",
            "labels": f"{info.unit_labels:,}",
        }
        tick = "✓ " if info.status == "done" else "  "
        cells = "".join(f"{row[title]:>{width}}" for title, width in columns)
        yield "", f"{tick}{_cell(info.name, name)}{cells}"
    more = figures.document_count - len(figures.documents)
    if more > 0:
        yield "dim", f"  and {more:,} more: annotator status --json"


def _cell(name: str, cells: int) -> str:
    """A name in just so many cells."""
    shown = cut_within(name, cells - 1)
    return shown + " " * (cells - cell_width(shown))
