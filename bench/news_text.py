"""Makes news-like text for the benchmarks: the same sentences on every machine, from no corpus."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

MARKER = "Overture"
"""A word that stands in the first sentence only: when it is on the screen, the text is."""

_PEOPLE = "Mara Venn|Tomas Okri|Ilse Brandt|Yusuf Haddad|Lena Sorel|Piet Vos|Amina Rey|Jon Quist"
_BODIES = (
    "the Harbour Council|the Northern Alliance|Meridian Press|the Water Board|the Relief Agency"
)
_PLACES = "Ostrava Bay|the Lower Valley|Kessel|Port Merrow|the border town of Dunmar|Altena"
_CUES = "said|confirmed|denied|warned|insisted|told reporters|reported|claimed"
_TIMES = "on Monday|late on Tuesday|in the early hours|two days later|this week|on 4 October"
_CLAIMS = (
    "at least {n} people had been moved out of {place}|the road to {place} was open again"
    "|{n} trucks with flour and fuel were held up near {place}|talks with {body} had failed"
    "|the bridge at {place} would be closed for {n} days|no order had been given to leave {place}"
    "|prices in {place} had risen by {n} per cent since spring"
)
_TAILS = (
    "|, but gave no details|, according to a document seen by {body}|, citing witnesses in {place}"
    "|, a figure that could not be checked|, while {person} spoke of {n} cases"
)

NAME, CLAIM, SOURCE = range(3)
"""Kinds of spans: short, long, and short again."""
LABELS = (("entity", "LOCATION"), ("claim", "CLAIM"), ("source", "SOURCE"))
"""Layer and label of each kind in the schema news."""


@dataclass(frozen=True)
class NewsText:
    """A text, its sentences as half-open code-point ranges, and what is to be annotated in it.

    A span is (start, end, kind), kind ``NAME``, ``CLAIM`` or ``SOURCE``; a relation is the numbers
    of two spans, a claim and its source.
    """

    text: str
    sentences: tuple[tuple[int, int], ...]
    spans: tuple[tuple[int, int, int], ...]
    relations: tuple[tuple[int, int], ...] = ()


def news_text(sentences: int, spans: int, seed: int = 1) -> NewsText:
    """A text of so many sentences, in paragraphs of five, with the spans spread evenly over it.

    There is a relation for every ten spans.
    """
    random = Random(seed)
    parts: list[str] = []
    ranges: list[tuple[int, int]] = []
    offset = 0
    for n in range(sentences):
        line = f"{MARKER}: {_sentence(random)}" if n == 0 else _sentence(random)
        gap = "\n\n" if n % 5 == 4 else " "
        parts += (line, gap)
        ranges.append((offset, offset + len(line)))
        offset += len(line) + len(gap)
    text = "".join(parts)
    marked: list[tuple[int, int, int]] = []
    for n, (start, end) in enumerate(ranges):
        count = spans * (n + 1) // sentences - spans * n // sentences
        marked += _spans(random, text, start, end, range(len(marked), len(marked) + count))
    return NewsText(text, tuple(ranges), tuple(marked), relations(marked, spans // 10))


def _sentence(random: Random) -> str:
    def one(choices: str) -> str:
        return random.choice(choices.split("|"))

    def filled(choices: str) -> str:
        return one(choices).format(
            n=random.randint(2, 90), place=one(_PLACES), body=one(_BODIES), person=one(_PEOPLE)
        )

    claim = filled(_CLAIMS)
    speaker = one(_PEOPLE) if random.random() < 0.6 else one(_BODIES)
    if random.random() < 0.3:
        line = f"“{claim[0].upper()}{claim[1:]},” {speaker} {one(_CUES)} {one(_TIMES)}"
    else:
        line = f"{speaker[0].upper()}{speaker[1:]} {one(_CUES)} {one(_TIMES)} that {claim}"
    return f"{line}{filled(_TAILS)}."


def _spans(
    random: Random, text: str, start: int, end: int, numbers: range
) -> list[tuple[int, int, int]]:
    """A span for each number, on word borders inside [start, end); every fourth is a claim."""
    words = []
    at = start
    for word in text[start:end].split(" "):
        words.append((at, at + len(word.rstrip("."))))
        at += len(word) + 1
    found = []
    for n in numbers:
        kind = (NAME, NAME, SOURCE, CLAIM)[n % 4]
        first = random.randrange(len(words))
        further = random.randint(4, 9) if kind == CLAIM else random.randint(0, 1)
        last = min(first + further, len(words) - 1)
        found.append((words[first][0], words[last][1], kind))
    return sorted(found)


def relations(spans: list[tuple[int, int, int]], count: int) -> tuple[tuple[int, int], ...]:
    """So many ties of a claim and a source, spread evenly, most of them close together.

    The source of every tenth is half the document away.
    """
    claims, sources = ([n for n, s in enumerate(spans) if s[2] == k] for k in (CLAIM, SOURCE))
    found = []
    for n in range(count):
        place = n * len(claims) // count
        there = place + len(sources) // 2 if n % 10 == 0 else place
        found.append((claims[place], sources[there % len(sources)]))
    return tuple(found)
