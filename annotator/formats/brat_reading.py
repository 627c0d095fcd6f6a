"""Makes a record of what a brat ``.ann`` file says of its text.

An event is a relation; its trigger is an argument of the role ``trigger``, unless it covers just
the words of another argument and has the event's type: then it says nothing of its own.
"""

from __future__ import annotations

from collections import Counter

from annotator.core.annotation import Actor, AttributeValues, Fragments, Relation, Span
from annotator.errors import InputError
from annotator.formats.brat_lines import NOTE, TRIGGER, AnnLines, Property, Tie
from annotator.formats.brat_words import ACTOR, YES, BratWords
from annotator.formats.building import RecordBuilder
from annotator.formats.loss import quoted
from annotator.formats.record import Record
from annotator.formats.source import Source

OUT = "left out"


class BratReader:
    """Builds one record."""

    def __init__(self, lines: AnnLines, builder: RecordBuilder, source: Source) -> None:
        self._lines = lines
        self._builder = builder
        self._source = source
        self._words = BratWords(source.schema, layer=source.layer, losses=source.losses)
        self._made: dict[str, Span | Relation] = {}
        self._mute = self._mute_triggers()
        self._known = {*lines.spans, *lines.ties}
        self._attributes = self._by_target(self._attribute_lines())
        self._notes = self._by_target(self._note_lines())

    def record(self) -> Record:
        """The record. Raises InputError with the line where something is wrong."""
        actors = self._actors()
        lost = {id for id, span in self._lines.spans.items() if not span.fragments}
        for id in lost:
            self._source.losses.add(
                "span without text", OUT, self._source.at(self._lines.spans[id].line)
            )
        for id, span in self._lines.spans.items():
            if id in lost or id in self._mute:
                continue
            layer, label = self._labelled(span.label, span.line)
            actor = actors.get(id)
            self._made[id] = self._builder.span(
                layer, label, span.fragments, attributes=self._values(id), note=self._note(id),
                actor=None if actor is None else actor.id,
            )  # fmt: skip
        for id in self._ties_in_order():
            self._relation(id, lost)
        return self._builder.record()

    # -- triggers ---------------------------------------------------------------------------------

    def _mute_triggers(self) -> set[str]:
        """Triggers that are no annotations: nothing else speaks of them."""
        lines = self._lines
        spoken = {p.target for p in (*lines.attributes, *lines.references, *lines.notes)}
        spoken |= {id for tie in lines.ties.values() for _, id in tie.arguments}
        uses = Counter(tie.trigger for tie in lines.ties.values() if tie.trigger)
        mute = Counter(
            tie.trigger for tie in lines.ties.values() if tie.trigger and self._is_mute(tie)
        )
        return {id for id, count in mute.items() if count == uses[id] and id not in spoken}

    def _is_mute(self, event: Tie) -> bool:
        """Whether the trigger has the event's type and covers just the words of an argument."""
        trigger = self._lines.spans.get(event.trigger or "")
        if trigger is None or trigger.label != event.type:
            return False
        return any(trigger.fragments == self._place(id) for _, id in event.arguments)

    def _place(self, id: str) -> Fragments | None:
        """What a span covers, or the trigger of an event."""
        tie = self._lines.ties.get(id)
        span = self._lines.spans.get(id if tie is None else tie.trigger or "")
        return None if span is None else span.fragments

    # -- relations --------------------------------------------------------------------------------

    def _ties_in_order(self) -> list[str]:
        """Each behind those that are its arguments. Raises InputError for a circle."""
        ties, order = self._lines.ties, []
        state: dict[str, bool] = {}
        for root in ties:
            stack = [root]
            while stack:
                id = stack[-1]
                if state.get(id):
                    stack.pop()
                    continue
                waiting = [a for _, a in ties[id].arguments if a in ties and not state.get(a)]
                if not waiting:
                    state[id] = True
                    order.append(stack.pop())
                    continue
                if id in state:
                    raise InputError(
                        f"{self._source.at(ties[id].line)}: {id} is, by way of its arguments, an "
                        "argument of itself"
                    )
                state[id] = False
                stack.extend(waiting)
        return order

    def _relation(self, id: str, lost: set[str]) -> None:
        tie = self._lines.ties[id]
        try:
            type, roles = self._words.read_tie(tie)
        except InputError as error:
            raise self._wrong(tie.line, error) from None
        pairs = list(zip(roles, (a for _, a in tie.arguments), strict=True))
        if tie.trigger is not None and not self._is_mute(tie):
            pairs.insert(0, (TRIGGER, tie.trigger))
        arguments: list[tuple[str, Span | Relation | Actor]] = []
        for role, target in pairs:
            if target in self._made:
                arguments.append((role, self._made[target]))
            elif target in lost or target in self._lines.ties:
                self._source.losses.add(
                    "argument of a relation", f"{OUT} with its span", self._source.at(tie.line)
                )
            else:
                raise InputError(f"{self._source.at(tie.line)}: there is no {target} in the file")
        if arguments:
            self._made[id] = self._builder.relation(
                type, arguments, attributes=self._values(id), note=self._note(id)
            )
        elif not pairs:
            self._source.losses.add("relation of nothing", OUT, self._source.at(tie.line))

    # -- what is said of annotations --------------------------------------------------------------

    def _attribute_lines(self) -> list[Property]:
        for line in self._lines.attributes:
            if line.target not in self._known:
                raise InputError(
                    f"{self._source.at(line.line)}: there is no {line.target} in the file"
                )
        return self._lines.attributes

    def _note_lines(self) -> list[Property]:
        kept = []
        for line in self._lines.notes:
            if line.name == NOTE and line.target in self._known:
                kept.append(line)
                continue
            kind = "note on what is no span or relation" if line.name == NOTE else "comment"
            self._source.losses.add(
                kind, OUT, f"{self._source.at(line.line)}: {line.name} {quoted(line.text)}"
            )
        return kept

    @staticmethod
    def _by_target(lines: list[Property]) -> dict[str, list[Property]]:
        found: dict[str, list[Property]] = {}
        for line in lines:
            found.setdefault(line.target, []).append(line)
        return found

    def _values(self, id: str) -> tuple[AttributeValues, ...]:
        found: dict[str, dict[str, None]] = {}
        for line in self._attributes.get(id, ()):
            name = self._words.name(line.name)
            value = self._words.name(line.value) if line.value else YES
            found.setdefault(name, {})[value] = None
        return tuple(AttributeValues(name, tuple(values)) for name, values in found.items())

    def _note(self, id: str) -> str | None:
        notes = [line.text for line in self._notes.get(id, ())]
        return "\n".join(notes) if notes else None

    def _actors(self) -> dict[str, Actor]:
        """The actor of each span that ``N`` lines refer to something in the world."""
        found: dict[str, Actor] = {}
        for target, lines in self._by_target(self._lines.references).items():
            span = self._lines.spans.get(target)
            if span is None:
                self._source.losses.add(
                    "reference of what is no span", OUT, self._source.at(lines[0].line)
                )
                continue
            links = [_link(line, self._source) for line in lines]
            kept = dict.fromkeys(link for link in links if link[0] != ACTOR)
            names = list(dict.fromkeys(line.text for line in lines if line.text))
            for name in names[1:]:
                self._source.losses.add("further name in a reference", OUT, quoted(name))
            name = names[0] if names else links[0][1]
            if span.fragments:
                found[target] = self._builder.actor(name, links=tuple(kept))
        return found

    def _labelled(self, word: str, line: int) -> tuple[str, str]:
        try:
            return self._words.label(word)
        except InputError as error:
            raise self._wrong(line, error) from None

    def _wrong(self, line: int, error: InputError) -> InputError:
        return InputError(f"{self._source.at(line)}: {error.message}", error.hint)


def _link(line: Property, source: Source) -> tuple[str, str]:
    scheme, colon, value = line.value.partition(":")
    if not (scheme and colon and value):
        raise InputError(
            f"{source.at(line.line)}: {quoted(line.value)} is no DATABASE:ID",
            "A reference is written N1, tab, Reference T1 Wikidata:Q42, tab, its name.",
        )
    return scheme, value
