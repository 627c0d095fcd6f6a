"""What a record says of an annotation beside where it lies: attributes, actor, flag, note."""

from __future__ import annotations

from annotator.core.annotation import AttributeValues
from annotator.core.schema import Attribute
from annotator.tui.dialogs.attribute_menu import DOUBT, AttributeMenu, Wanted
from annotator.tui.dialogs.picker import Picker
from bench.economy_essence import Item, Record
from bench.economy_hands import Hands


class Sayings:
    """All of them are said of what has the focus, of its relations, and of the record's actors."""

    def __init__(self, hands: Hands, gold: Record, made: dict[str, str]) -> None:
        """``made`` has the id of the actor made for each of the record's; it grows."""
        self._hands = hands
        self._actors = {actor["id"]: actor for actor in gold["actors"]}
        self._made = made

    async def describe(self, gold: Item, attributes: tuple[Attribute, ...], about: str) -> None:
        """Everything that the record says of the span, or the label of a unit, in focus."""
        focus = self._hands.session.need_annotation()
        await self.attributes(gold, focus.id, focus.attributes, attributes, about)
        if gold.get("actor"):
            await self._mention(gold["actor"], about)
        if gold["flagged"]:
            await self._hands.press("!")
            self._hands.counted("flag")
        if gold["note"]:
            await self.note(gold["note"])

    async def attributes(
        self,
        gold: Item,
        owner: str,
        held: tuple[AttributeValues, ...],
        attributes: tuple[Attribute, ...],
        about: str,
    ) -> None:
        """The values that an annotation (id), in focus or tied to what is, has in the record."""
        had = {a.name: a for a in held}
        for attribute in attributes:
            values = gold["attributes"].get(attribute.name, [])
            in_doubt = attribute.name in gold["uncertain"]
            before = had.get(attribute.name, AttributeValues(attribute.name, ()))
            pressed = [v for v in values if v not in before.values]
            if attribute.multi or not values:
                pressed += [v for v in before.values if v not in values]
            if not pressed and in_doubt != before.uncertain:
                pressed = values[:1]
            if pressed:
                doubts = in_doubt != before.uncertain
                await self._set([Wanted(owner, attribute, v) for v in pressed], doubts)
                self._hands.counted("attribute", f"{attribute.name}={values} of {about}")

    async def _set(self, values: list[Wanted], doubts: bool) -> None:
        """Values by their keys, with the key of doubt before the first where they are uncertain."""
        hands = self._hands
        await hands.press("enter")
        menu = hands.app.screen
        if not isinstance(menu, AttributeMenu):
            assert not doubts, "a long list of values knows no doubt"
            for further, value in enumerate(values):
                await hands.press(*("enter",) * (further > 0))
                await hands.pick(value)
            return
        for value in values:
            await hands.press(*(DOUBT,) * (doubts and value is values[0]))
            await hands.take(value)
        if hands.app.screen is menu:
            await hands.press("escape")

    async def note(self, note: str, tabs: int = 0) -> None:
        """A note on the focus, or on one of its relations, behind as many tabs."""
        await self._hands.press(";", *("tab",) * tabs)
        await self._write(note)
        self._hands.counted("note", free=len(note))

    async def _write(self, text: str) -> None:
        await self._hands.type(text)
        await self._hands.press("enter")

    async def _mention(self, actor: str, about: str) -> None:
        hands, name = self._hands, self._actors[actor]["name"]
        await hands.press("m")
        picker = hands.app.screen
        assert isinstance(picker, Picker)
        known = [choice for choice in picker.found("") if choice.title == name]
        if known:
            await hands.pick(known[0].value)
            hands.counted("mention", about)
            return
        typed = "" if name == hands.focus.text else name
        if typed:
            await hands.type(name)
        if picker.highlighted != len(picker.found(typed)):
            await hands.press("up")
        await hands.press("enter")
        self._made[actor] = hands.focus.actor or ""
        hands.counted("new actor", about, free=len(typed))

    async def of_actors(self) -> None:
        """What the record says of each actor: kind, other names, identifiers, note."""
        for id, actor in self._actors.items():
            links = [(s, v) for s, of in actor["links"].items() for v in _several(of)]
            said = [
                *(("a", alias) for alias in actor["aliases"]),
                *(("k", kind) for kind in [actor["kind"]] if kind),
                *(("n", note) for note in [actor["note"]] if note),
                *([("i", ", ".join(" ".join(link) for link in links))] if links else []),
            ]  # fmt: skip
            for key, text in said:
                await self._of_actor(self._made[id], key, text)

    async def _of_actor(self, id: str, key: str, text: str) -> None:
        hands = self._hands
        await hands.press("g", "a")
        await hands.pick(next(a for a in hands.session.store.actors() if a.id == id))
        await hands.press(key)
        await self._write(text)
        hands.counted("of an actor", text, free=len(text))


def _several(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
