"""Annotates a document like a gold record, by keys alone on the real screen, and counts them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from msgspec import Struct, field
from textual import events
from textual.pilot import Pilot
from textual.screen import ModalScreen

from annotator.core.annotation import Span
from annotator.core.ranges import Range
from annotator.core.schema import Label, Layer
from annotator.errors import RuleError
from annotator.tui.app import AnnotatorApp
from annotator.tui.dialogs.attribute_menu import DOUBT, AttributeMenu, Wanted
from annotator.tui.dialogs.picker import Picker
from annotator.tui.questions import WayPicker
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.window import Place
from annotator.workflow.annotate import AnnotateSession
from bench.economy_gold import Record
from bench.economy_moves import Keys, Moves
from bench.economy_plans import Planner
from bench.economy_ties import Tie, Ties, kind_of

_CHAIN = 8
"""Messages that follow from each other at most, until a key in a window is dealt with."""
Item = dict[str, Any]


class Count(Struct):
    """Keys pressed for each annotation of a kind, and what the keys of typed text came to."""

    keys: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    dear: list[tuple[int, str, Keys]] = field(default_factory=list)


class Player:
    """One running screen at a document without annotations, and the record to arrive at."""

    def __init__(self, app: AnnotatorApp, pilot: Pilot[None], gold: Record) -> None:
        self._app = app
        self._pilot = pilot
        self._gold = gold
        self._made: dict[str, str] = {}
        self._ties = Ties(self.session, gold["relations"], self._made)
        self._planned: tuple[object, Planner] | None = None
        self._since: list[str] = []
        self.count = Count()

    @property
    def screen(self) -> AnnotateScreen:
        """The annotation screen, whatever window is on top."""
        return next(s for s in self._app.screen_stack if isinstance(s, AnnotateScreen))

    @property
    def session(self) -> AnnotateSession:
        """What the screen shows."""
        return self.screen.session

    async def play(self) -> None:
        """Everything that the record holds, sentence by sentence."""
        if "sentences" in self._gold:
            await self._cut()
        await self.press("ctrl+home")
        self._since.clear()
        waiting = sorted(
            self._gold["spans"], key=lambda s: (s["fragments"][0][0], -s["fragments"][-1][1])
        )
        for ordinal in range(len(self.session.sentences)):
            end = self.session.sentences[ordinal].end
            while waiting and waiting[0]["fragments"][0][0] < end:
                await self._span(waiting.pop(0))
            if self._is_done(ordinal):
                await self._mark_done(ordinal)

    async def measure_any_words(self, least: int = 12) -> None:
        """Any three words, labelled from the start of the line three lines above; each undone."""
        planner, text = self._planner(), self.session.document.text
        layer = next(la for la in self.session.schema.layers if la.scope == "span")
        label = next(la for la in layer.labels if la.key is not None)
        triples = list(self._triples(planner.moves, text))
        for wanted in triples[:: max(1, len(triples) // least)]:
            if not self._put_above(wanted, 3):
                continue
            await self.press(*planner.label(layer, label, wanted).keys, str(label.key))
            taken = Range(*self._focus.fragments[0])
            await self.press(*planner.mending(taken, wanted, self.session.reader.cursor.start))
            if tuple(self._focus.fragments) != (wanted,):
                raise AssertionError(f"{wanted} became {self._focus}: {self._since}")
            self._counted("any 3 words", text[wanted.start : wanted.end])
            while self.session.annotations.spans:
                await self.press("u")
            self._since.clear()

    def _triples(self, moves: Moves, text: str) -> Iterator[Range]:
        """Three tokens that are words, from the fourth line of the document on."""
        for number in range(len(moves.tokens) - 2):
            three = moves.tokens[number : number + 3]
            if all(text[t.start].isalnum() for t in three) and self._line_above(three[0].start, 3):
                yield Range(three[0].start, three[-1].end)

    async def measure_boundaries(self, most: int = 15) -> None:
        """A span's edge a token off, mended from up to three lines above, as it is in sight."""
        planner = self._planner()
        spans = sorted(self.session.annotations.spans.values(), key=lambda s: (s.start, s.id))
        spans = [s for s in spans if len(s.fragments) == 1 and self._line_above(s.start, 3)]
        for n, span in enumerate(spans[:: max(1, len(spans) // most)]):
            inside = [t for t in planner.moves.tokens if span.start <= t.start < span.end]
            if len(inside) < 2 or (inside[0].start, inside[-1].end) != (span.start, span.end):
                continue
            wrong = (inside[1].start, span.end) if n % 2 else (span.start, inside[-2].end)
            with suppress(RuleError):
                self.session.spans.set_fragments(span, (wrong,))
                place = Range(span.start, span.end)
                if not any(self._put_above(place, lines) for lines in (3, 2, 1)):
                    continue
                now = self.session.annotations.spans[span.id]
                await self.press(*planner.mend(now, Range(span.start, span.end)))
                self._counted("boundary by one", span.text[:40])
                if self.session.annotations.spans[span.id].fragments != span.fragments:
                    raise AssertionError(f"{now} was not mended: {self.count.dear[-1]}")

    def _line_above(self, offset: int, lines: int) -> int | None:
        """Where the line begins that is so many above that of a code point."""
        layout = self.screen.view.lines
        place: Place | None = layout.place_of(offset)
        for _ in range(lines):
            place = None if place is None else layout.neighbour(place, -1)
        return None if place is None else layout.line(place).start

    def _put_above(self, wanted: Range, lines: int) -> bool:
        """Put the cursor so many lines above; whether the place wanted is in sight from there."""
        above = self._line_above(wanted.start, lines)
        assert above is not None
        self.session.reader.clear()
        self.session.moved()
        self.session.reader.move_to(above)
        self.screen.bring_up_to_date()
        start, end = self.screen.view.visible_range()
        return start <= wanted.start and wanted.end <= end

    # -- keys ------------------------------------------------------------------------------------

    async def press(self, *keys: str) -> None:
        """Press keys, each dealt with before the next."""
        for key in keys:
            if isinstance(self._app.screen, ModalScreen):
                await self._pilot.press({" ": "space"}.get(key, key))
                await self._settle()
            else:
                character = {"space": " "}.get(key, key if len(key) == 1 else None)
                self.screen.on_key(events.Key("space" if key == " " else key, character))
                if isinstance(self._app.screen, ModalScreen):
                    await self._settle()
            self._since.append(key)

    def _counted(self, kind: str, about: str = "", *, free: int = 0) -> None:
        """What was pressed since the last count was for this; ``free`` is text that was typed."""
        count = len(self._since) - free
        self.count.keys[kind].append(count)
        self.count.dear.append((count, f"{kind} {about}", tuple(self._since)))
        self._since.clear()

    async def _settle(self) -> None:
        for _ in range(_CHAIN):
            await self._pilot.pause(0)

    # -- sentences -------------------------------------------------------------------------------

    async def _cut(self) -> None:
        """Split and merge sentences until they are as in the record."""
        wanted = {s["start"] for s in self._gold["sentences"]}
        text = self.session.document.text
        for start in sorted(wanted):
            if start not in {s.start for s in self.session.sentences}:
                await self.press(*self._planner().to(start), "|")
                self._counted("cut", text[start : start + 20])
        for sentence in list(self.session.sentences):
            if sentence.start not in wanted:
                before = self.session.sentences.ordinal_at(sentence.start) - 1
                await self.press(*self._planner().to(self.session.sentences[before].start), "&")
                self._counted("cut", text[sentence.start : sentence.start + 20])

    def _is_done(self, ordinal: int) -> bool:
        start = self.session.sentences[ordinal].start
        return any(s["start"] == start and s.get("done") for s in self._gold.get("sentences", ()))

    async def _mark_done(self, ordinal: int) -> None:
        if self.session.reader.ordinal != ordinal:
            await self.press(*self._planner().to(self.session.sentences[ordinal].start))
        await self.press("space")
        self._counted("sentence done")

    # -- spans -----------------------------------------------------------------------------------

    def _planner(self) -> Planner:
        key = (self.session.sentences, self.screen.view.size)
        if self._planned is None or self._planned[0] != key:
            moves = Moves(self.session, self.screen.view)
            self._planned = (key, Planner(self.session, moves))
        return self._planned[1]

    async def _span(self, gold: Item) -> None:
        """A new span, and all that is said of it; it has the focus throughout."""
        layer = self.session.schema.layer(gold["layer"])
        label = layer.label(gold["label"])
        first, *further = [Range(*fragment) for fragment in gold["fragments"]]
        about = f"{gold['label']} “{gold.get('text', '')[:40]}”"
        if self.session.reader.selection is not None:
            await self.press("escape")
        await self.press(*self._planner().label(layer, label, first).keys)
        await self._label(layer, label)
        taken = Range(*self._focus.fragments[0])
        cursor = self.session.reader.cursor.start
        await self.press(*self._planner().mending(taken, first, cursor))
        self._counted("span", about)
        for fragment in further:
            await self.press(*self._planner().select(fragment).keys, "+")
            self._counted("fragment", about)
        if [list(f) for f in self._focus.fragments] != [list(f) for f in gold["fragments"]]:
            raise AssertionError(f"{about} became {self._focus}: {self.count.dear[-1]}")
        self._made[gold["id"]] = self._focus.id
        await self._describe(gold, layer, about)
        await self._tie(gold)

    @property
    def _focus(self) -> Span:
        return self.session.need_focus()

    async def _label(self, layer: Layer, label: Label) -> None:
        if label.key is not None:
            await self.press(label.key)
        else:
            await self.press("enter")
            await self._pick((layer, label))

    async def _pick(self, wanted: object) -> None:
        """As many letters and arrows down as are least together; then enter."""
        picker = self._app.screen
        if not isinstance(picker, Picker):
            raise AssertionError(f"no list to pick {wanted} from: {self.screen.status.plain}")
        shown = [choice.value for choice in picker.found("")]
        ways = []
        if wanted in shown:
            place = shown.index(wanted)
            rows = len(shown) + (picker.highlighted >= len(shown))
            steps = (place - picker.highlighted) % rows
            ways = [(steps, "", steps)]
        # A long list shows its beginning only, until something is typed.
        title = (wanted.text if isinstance(wanted, Span) else picker.found("")[place].title).lower()
        for letters in range(1, len(title) + 1):
            found = [choice.value for choice in picker.found(title[:letters])]
            if wanted in found:
                steps = found.index(wanted)
                ways.append((letters + steps, title[:letters], steps))
        _, typed, steps = min(ways, key=lambda way: way[0])
        await self.press(*typed)
        while picker.typed != typed.strip():
            await self._settle()
        await self.press(*("down",) * steps, "enter")

    # -- what is said of a span ------------------------------------------------------------------

    async def _describe(self, gold: Item, layer: Layer, about: str) -> None:
        held = {a.name: list(a.values) for a in self._focus.attributes}
        for name, values in gold.get("attributes", {}).items():
            attribute = layer.attribute(name)
            in_doubt = name in gold.get("uncertain", ())
            for value in values:
                if value not in held.get(name, ()) or in_doubt:
                    await self._set(Wanted(self._focus.id, attribute, value), in_doubt)
                    self._counted("attribute", f"{name}={value} of {about}")
        if gold.get("actor"):
            await self._mention(gold["actor"], about)
        if gold.get("flagged"):
            await self.press("!")
            self._counted("flag")
        if gold.get("note"):
            await self._note(gold["note"])

    async def _set(self, wanted: Wanted, in_doubt: bool) -> None:
        """A value by its key, with the key of doubt before it where it is in doubt."""
        await self.press("enter")
        menu = self._app.screen
        assert isinstance(menu, AttributeMenu)
        key = next(row.key for row in menu.rows if row.value == wanted)
        await self.press(*((DOUBT,) if in_doubt else ()), key)
        if self._app.screen is menu:
            await self.press("escape")

    async def _note(self, note: str) -> None:
        await self.press(";")
        await self._type(note)
        await self.press("enter")
        self._counted("note", free=len(note))

    async def _type(self, text: str) -> None:
        """Text typed into a window, at once: what it says takes as many keys in any tool."""
        self._app.post_message(events.Paste(text))
        await self._settle()
        self._since.extend(text)

    async def _mention(self, actor: str, about: str) -> None:
        name = next(a["name"] for a in self._gold["actors"] if a["id"] == actor)
        await self.press("m")
        picker = self._app.screen
        assert isinstance(picker, Picker)
        known = [choice for choice in picker.found("") if choice.title == name]
        if known:
            await self._pick(known[0].value)
            self._counted("mention", about)
            return
        typed = "" if name == self._focus.text else name
        if typed:
            await self._type(name)
        row = len(picker.found(typed))
        if picker.highlighted != row:
            await self.press("up")
        await self.press("enter")
        self._counted("new actor", about, free=len(typed))

    # -- ties ------------------------------------------------------------------------------------

    async def _tie(self, gold: Item) -> None:
        """To all that relations of the record tie it to and that is there already."""
        while (tie := self._ties.next(gold["id"])) is not None:
            await self._press(tie)
            self._counted("link", tie.relation["type"])
            self._ties.pressed(tie)
            if tie.relation.get("note"):
                await self._note_relation(tie.relation)

    async def _press(self, tie: Tie) -> None:
        await self.press("a")
        hints = {id: hint for _, id, hint in self.screen.view.hints}
        if tie.other.id in hints:
            *first, last = hints[tie.other.id]
            await self.press(*first, last.upper() if tie.own else last)
        else:
            await self.press("A" if tie.own else "a")
            await self._pick(tie.other)
        picker = self._app.screen
        if isinstance(picker, WayPicker):
            shown = [kind_of(choice.value) for choice in picker.found("")]
            await self.press(str(shown.index(tie.kind) + 1))

    async def _note_relation(self, relation: Item) -> None:
        """The note of a relation, once it has all its arguments: behind tab, from any of them."""
        arguments = {self._made.get(a.get("span")) for a in relation["arguments"]}
        focus = self._focus.id
        for tabs, own in enumerate(self.session.annotations.relations_of(focus), start=1):
            if own.type == relation["type"] and {a.target for a in own.arguments} == arguments:
                await self.press(";", *("tab",) * tabs)
                await self._type(relation["note"])
                await self.press("enter")
                self._counted("note", free=len(relation["note"]))
