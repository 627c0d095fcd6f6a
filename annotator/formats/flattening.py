"""Spans made simpler: with gaps into pieces, inside tokens to whole ones, overlapping to widest."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from annotator.core.annotation import Span, surface
from annotator.core.ranges import Range


def pieces(span: Span, text: str) -> list[Span]:
    """One span for each fragment, in order; the first keeps the id, and so what refers to it."""
    if len(span.fragments) == 1:
        return [span]
    return [
        replace(
            span, id=span.id if n == 1 else f"{span.id} piece {n}", fragments=(fragment,),
            text=text[slice(*fragment)],
        )
        for n, fragment in enumerate(span.fragments, start=1)
    ]  # fmt: skip


def on_tokens(span: Span, tokens: Sequence[Range], text: str) -> Span | None:
    """The span widened to whole tokens (ascending, disjoint); None where it touches none.

    Fragments that come to lie in one token, or to touch, become one.
    """
    found: list[tuple[int, int]] = []
    for start, end in span.fragments:
        first = bisect_right(tokens, start, key=lambda t: t.end)
        last = bisect_left(tokens, end, key=lambda t: t.start)
        if first >= last:
            continue
        piece = (tokens[first].start, tokens[last - 1].end)
        if found and piece[0] <= found[-1][1]:
            piece = (found.pop()[0], piece[1])
        found.append(piece)
    if not found:
        return None
    fragments = tuple(found)
    if fragments == span.fragments:
        return span
    return replace(span, fragments=fragments, text=surface(text, fragments))


def widest(spans: Iterable[Span]) -> tuple[list[Span], list[Span]]:
    """Spans of which no two overlap, and the others; the wider wins, then the earlier.

    A span with gaps counts as reaching from its first to its last character. Both lists are in the
    order of the text.
    """
    kept: list[Span] = []
    others: list[Span] = []
    starts: list[int] = []
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start, s.id)):
        at = bisect_left(starts, span.start)
        before = at > 0 and kept[at - 1].end > span.start
        if before or (at < len(kept) and kept[at].start < span.end):
            others.append(span)
            continue
        starts.insert(at, span.start)
        kept.insert(at, span)
    return kept, sorted(others, key=lambda s: (s.start, -s.end, s.id))


def distinct(spans: Iterable[Span]) -> tuple[list[Span], list[tuple[Span, str]]]:
    """Spans without those that repeat layer, label and fragments of an earlier one.

    The second value holds the repeated ones, each with the id of the one that is kept.
    """
    kept: dict[tuple[object, ...], Span] = {}
    repeated: list[tuple[Span, str]] = []
    for span in spans:
        first = kept.setdefault((span.layer, span.label, span.fragments), span)
        if first is not span:
            repeated.append((span, first.id))
    return list(kept.values()), repeated
