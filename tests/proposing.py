"""Proposals as an engine makes them, on the article of the session tests."""

from __future__ import annotations

from session_state import ARTICLE

from annotator.core.annotation import Annotation, Argument, Origin, Relation, Span

LAYERS = {"CLAIM": "claim", "SOURCE": "source", "CUE": "cue"}


def proposed_span(
    label: str, words: str, score: float | None = 0.8, *, text: str = ARTICLE, nth: int = 0
) -> Span:
    """A span on an occurrence (from 0) of these words."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    place = ((start, start + len(words)),)
    id = f"{label} {start} {words}"
    return Span(
        id, "", "", LAYERS.get(label, "entity"), label, place, words, origin=Origin("x", "1", score)
    )


def proposed_attribution(score: float = 0.9) -> list[Annotation]:
    """Who says what with which word, and the tie between the three."""
    parts = (
        ("claim", proposed_span("CLAIM", "the operation had begun", score)),
        ("source", proposed_span("SOURCE", "Talal Sillo", score)),
        ("cue", proposed_span("CUE", "said", score)),
    )
    tie = Relation(
        "tie", "", "", "attribution",
        tuple(Argument(role, "span", span.id) for role, span in parts),
        origin=Origin("x", "1", score),
    )  # fmt: skip
    return [*(span for _, span in parts), tie]
