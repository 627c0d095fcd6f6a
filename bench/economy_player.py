"""Annotates a document like a gold record, by keys alone on the real screen, and counts them."""

from __future__ import annotations

from annotator.core.ranges import Range
from annotator.core.schema import Label, Layer
from annotator.tui.questions import WayPicker
from bench.economy_essence import Item, Record
from bench.economy_hands import Hands
from bench.economy_sayings import Sayings
from bench.economy_ties import Tie, Ties, kind_of


class Player:
    """One running screen at a document without annotations, and the record to arrive at."""

    def __init__(self, hands: Hands, gold: Record) -> None:
        self._hands = hands
        self._gold = gold
        self._session = hands.session
        self._made: dict[str, str] = {}
        self._ties = Ties(self._session, gold["relations"], self._made)
        self._sayings = Sayings(hands, gold, self._made)

    async def play(self) -> None:
        """Everything that the record holds, sentence by sentence; at the end what is of all."""
        await self._hands.press("ctrl+home")
        self._hands.since.clear()
        waiting = sorted(
            self._gold["spans"], key=lambda s: (s["fragments"][0][0], -s["fragments"][-1][1])
        )
        for ordinal, sentence in enumerate(self._gold["sentences"]):
            await self._cut(ordinal)
            while waiting and waiting[0]["fragments"][0][0] < sentence["end"]:
                await self._span(waiting.pop(0))
            await self._sentence(ordinal)
        for row in self._gold["labels"]:
            await self._unit(row)
        await self._sayings.of_actors()

    # -- sentences -------------------------------------------------------------------------------

    async def _cut(self, ordinal: int) -> None:
        """Split and merge until this sentence is as in the record."""
        hands, gold = self._hands, self._gold["sentences"][ordinal]
        about = self._session.document.text[gold["start"] : gold["start"] + 20]
        while (sentence := self._session.sentences[ordinal]).end < gold["end"]:
            await hands.press(*hands.planner.to(sentence.start), "&")
            hands.counted("cut", about)
        if sentence.end > gold["end"]:
            await hands.press(*hands.planner.to(self._gold["sentences"][ordinal + 1]["start"]), "|")
            hands.counted("cut", about)

    async def _sentence(self, ordinal: int) -> None:
        """Its labels and its tick."""
        gold, start = self._gold["sentences"][ordinal], self._session.sentences[ordinal].start
        for row in gold["labels"]:
            await self._go_to_sentence(ordinal, start)
            await self._unit(row)
        if gold["done"]:
            await self._go_to_sentence(ordinal, start)
            await self._hands.press("space")
            self._hands.counted("sentence done")

    async def _go_to_sentence(self, ordinal: int, start: int) -> None:
        if self._session.reader.selection is not None:
            await self._hands.press("escape")
        if self._session.reader.ordinal != ordinal:
            await self._hands.press(*self._hands.planner.to(start))

    async def _unit(self, gold: Item) -> None:
        """A label on the sentence at the cursor, or on the document, and all that is said of it."""
        layer = self._session.schema.layer(gold["layer"])
        label = layer.label(gold["label"])
        await self._label(layer, label)
        self._hands.counted(f"{layer.scope} label", label.name)
        await self._sayings.describe(gold, layer.attributes_of(label.name), label.name)

    # -- spans -----------------------------------------------------------------------------------

    async def _span(self, gold: Item) -> None:
        """A new span, and all that is said of it; it has the focus throughout."""
        hands = self._hands
        layer = self._session.schema.layer(gold["layer"])
        label = layer.label(gold["label"])
        first, *further = [Range(*fragment) for fragment in gold["fragments"]]
        about = f"{gold['label']} “{gold['text'][:40]}”"
        if self._session.reader.selection is not None:
            await hands.press("escape")
        await hands.press(*hands.planner.label(layer, label, first).keys)
        await self._label(layer, label)
        taken = Range(*hands.focus.fragments[0])
        cursor = self._session.reader.cursor.start
        await hands.press(*hands.planner.mending(taken, first, cursor))
        hands.counted("span", about)
        for fragment in further:
            await hands.press(*hands.planner.select(fragment).keys, "+")
            hands.counted("fragment", about)
        if [list(f) for f in hands.focus.fragments] != [list(f) for f in gold["fragments"]]:
            raise AssertionError(f"{about} became {hands.focus}: {hands.count.dear[-1]}")
        self._made[gold["id"]] = hands.focus.id
        await self._sayings.describe(gold, layer.attributes_of(label.name), about)
        await self._tie(gold)

    async def _label(self, layer: Layer, label: Label) -> None:
        if label.key is not None:
            await self._hands.press(label.key)
        else:
            await self._hands.press("enter")
            await self._hands.pick((layer, label))

    # -- ties ------------------------------------------------------------------------------------

    async def _tie(self, gold: Item) -> None:
        """To all that relations of the record tie it to and that is there already."""
        while (tie := self._ties.next(gold["id"])) is not None:
            await self._press(tie)
            self._hands.counted("link", tie.relation["type"])
            self._ties.pressed(tie)
            if self._ties.is_whole(tie.relation):
                await self._describe_relation(tie.relation)

    async def _press(self, tie: Tie) -> None:
        hands = self._hands
        await hands.press("a")
        hints = {id: hint for _, id, hint in hands.screen.view.hints}
        if tie.other.id in hints:
            *first, last = hints[tie.other.id]
            await hands.press(*first, last.upper() if tie.own else last)
        else:
            await hands.press("A" if tie.own else "a")
            await hands.pick(tie.other)
        picker = hands.app.screen
        if isinstance(picker, WayPicker):
            shown = [kind_of(choice.value) for choice in picker.found("")]
            await hands.press(str(shown.index(tie.kind) + 1))

    async def _describe_relation(self, gold: Item) -> None:
        """Its attributes and its note, from the argument in focus."""
        made = self._session.annotations.relations[self._ties.made(gold)]
        attributes = self._session.schema.relation(made.type).attributes
        await self._sayings.attributes(gold, made.id, made.attributes, attributes, made.type)
        if gold["note"]:
            held = self._session.annotations.relations_of(self._hands.focus.id)
            tabs = [relation.id for relation in held].index(made.id) + 1
            await self._sayings.note(gold["note"], tabs)
