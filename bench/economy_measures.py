"""What a gold record does not hold: any three words, and boundaries that are off by one token."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from annotator.core.ranges import Range
from annotator.errors import RuleError
from annotator.tui.window import Place
from bench.economy_hands import Hands
from bench.economy_moves import Moves


async def any_words(hands: Hands, most: int = 24) -> None:
    """Any three words, labelled from the start of the line three lines above; each undone."""
    planner, text = hands.planner, hands.session.document.text
    layers = (la for la in hands.session.schema.layers if la.scope == "span")
    keyed = ((la, label) for la in layers for label in la.labels if label.key is not None)
    layer, label = next(keyed, (None, None))
    if layer is None or label is None:
        return
    triples = list(_triples(hands, planner.moves, text))
    for wanted in triples[:: max(1, len(triples) // most)]:
        if not _put_above(hands, wanted, 3):
            continue
        await hands.press(*planner.label(layer, label, wanted).keys, str(label.key))
        taken = Range(*hands.focus.fragments[0])
        await hands.press(*planner.mending(taken, wanted, hands.session.reader.cursor.start))
        if tuple(hands.focus.fragments) != (wanted,):
            raise AssertionError(f"{wanted} became {hands.focus}: {hands.since}")
        hands.counted("any 3 words", text[wanted.start : wanted.end])
        while hands.session.annotations.spans:
            await hands.press("u")
        hands.since.clear()


async def boundaries(hands: Hands, most: int = 24) -> None:
    """A span's edge a token off, mended from up to three lines above, as it is in sight."""
    planner, session = hands.planner, hands.session
    spans = sorted(session.annotations.spans.values(), key=lambda s: (s.start, s.id))
    spans = [s for s in spans if len(s.fragments) == 1 and _line_above(hands, s.start, 3)]
    for n, span in enumerate(spans[:: max(1, len(spans) // most)]):
        inside = [t for t in planner.moves.tokens if span.start <= t.start < span.end]
        if len(inside) < 2 or (inside[0].start, inside[-1].end) != (span.start, span.end):
            continue
        wrong = (inside[1].start, span.end) if n % 2 else (span.start, inside[-2].end)
        with suppress(RuleError):
            session.spans.set_fragments(span, (wrong,))
            place = Range(span.start, span.end)
            if not any(_put_above(hands, place, lines) for lines in (3, 2, 1)):
                continue
            now = session.annotations.spans[span.id]
            await hands.press(*planner.mend(now, place))
            hands.counted("boundary by one", span.text[:40])
            if session.annotations.spans[span.id].fragments != span.fragments:
                raise AssertionError(f"{now} was not mended: {hands.count.dear[-1]}")


def _triples(hands: Hands, moves: Moves, text: str) -> Iterator[Range]:
    """Three tokens that are words, from the fourth line of the document on."""
    for number in range(len(moves.tokens) - 2):
        three = moves.tokens[number : number + 3]
        if all(text[t.start].isalnum() for t in three) and _line_above(hands, three[0].start, 3):
            yield Range(three[0].start, three[-1].end)


def _line_above(hands: Hands, offset: int, lines: int) -> int | None:
    """Where the line begins that is so many above that of a code point."""
    layout = hands.screen.view.lines
    place: Place | None = layout.place_of(offset)
    for _ in range(lines):
        place = None if place is None else layout.neighbour(place, -1)
    return None if place is None else layout.line(place).start


def _put_above(hands: Hands, wanted: Range, lines: int) -> bool:
    """Put the cursor so many lines above; whether the place wanted is in sight from there."""
    above = _line_above(hands, wanted.start, lines)
    assert above is not None
    hands.session.reader.clear()
    hands.session.moved()
    hands.session.reader.move_to(above)
    hands.screen.bring_up_to_date()
    start, end = hands.screen.view.visible_range()
    return start <= wanted.start and wanted.end <= end


async def undo(hands: Hands, most: int = 40) -> int:
    """Take the last edits back, one key each, and make them again; how many they were."""
    for _ in range(most):
        before = _held(hands)
        await hands.press("u")
        if _held(hands) == before:
            raise AssertionError(f"one key took nothing back: {hands.screen.status.plain}")
        hands.counted("undo")
    await hands.press(*("U",) * most)
    hands.since.clear()
    return most


def _held(hands: Hands) -> tuple[object, ...]:
    """What undo may change, as values."""
    made, session = hands.session.annotations, hands.session
    groups = (made.spans, made.relations, made.unit_labels, session.marks)
    cut = tuple(sentence.start for sentence in session.sentences)
    return (*(dict(group) for group in groups), tuple(session.store.actors()), cut)


async def suggestions(hands: Hands) -> None:
    """Accept all that is suggested, and mark each sentence done behind its last one."""
    session = hands.session
    suggested = session.annotations.suggested
    while suggested.count or session.done_count < len(session.sentences):
        before = (suggested.count, session.done_count)
        accepts = session.suggestions.next is not None
        await hands.press("y" if accepts else "space")
        if (suggested.count, session.done_count) == before:
            raise AssertionError(f"nothing came of it: {hands.screen.status.plain}")
        hands.counted("suggestion" if accepts else "sentence done")
