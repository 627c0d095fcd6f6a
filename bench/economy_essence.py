"""What a record says without its ids, so that two can be compared: all of it but who made it, how.

Two records have the same essence where the things of one can be put for those of the other, each
with the same content and tied in the same way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import Any

Record = dict[str, Any]
Item = dict[str, Any]

_ROUNDS = 3
"""How far what a thing is tied to is followed; ties of ties of ties tell twins apart."""


def essence(record: Record) -> dict[str, Any]:
    """Text, sentences with their labels and ticks, labels, actors, spans and relations."""
    things = {
        **{a["id"]: _actor(a) for a in record["actors"]},
        **{s["id"]: _span(s) for s in record["spans"]},
        **{r["id"]: _relation(r) for r in record["relations"]},
    }
    known = _tied(record, things)
    return {
        "text": record["text"],
        "status": record["status"],
        "labels": _labels(record),
        "sentences": [
            (s["start"], s["end"], s["done"], _labels(s)) for s in record["sentences"]
        ],
        "actors": Counter(things[a["id"]] for a in record["actors"]),
        "spans": Counter(things[s["id"]] for s in record["spans"]),
        "relations": Counter(
            (things[r["id"]], frozenset(_arguments(r, things).items()))
            for r in record["relations"]
        ),
        "ties": Counter(known.values()),
    }  # fmt: skip


def differences(record: Record, gold: Record) -> list[str]:
    """What one record says and the other does not, a line each; none where they are equal."""
    one, other = essence(record), essence(gold)
    found = []
    for part, said in other.items():
        if one[part] == said:
            continue
        if isinstance(said, Counter):
            found += [f"{part}: missing {thing}" for thing in said - one[part]]
            found += [f"{part}: too many {thing}" for thing in one[part] - said]
        else:
            found.append(f"{part}: {one[part]} instead of {said}")
    return found


def _tied(record: Record, things: Mapping[str, Hashable]) -> dict[str, int]:
    """Each thing's content with what it is tied to, that with what it is tied to, and so on."""
    known = {id: hash(thing) for id, thing in things.items()}
    relations = record["relations"]
    for _ in range(_ROUNDS):
        ties: dict[str, Counter[Hashable]] = {id: Counter() for id in known}
        for relation in relations:
            ties[relation["id"]] += _arguments(relation, known)
            for argument in relation["arguments"]:
                ties[_target(argument)][argument["role"], known[relation["id"]]] += 1
        for span in record["spans"]:
            ties[span["id"]]["actor", known.get(span["actor"])] += 1
        known = {id: hash((known[id], frozenset(ties[id].items()))) for id in known}
    return known


def _arguments(relation: Item, things: Mapping[str, Hashable]) -> Counter[Hashable]:
    return Counter((a["role"], things[_target(a)]) for a in relation["arguments"])


def _target(argument: Item) -> str:
    target: str = next(argument[kind] for kind in ("span", "relation", "actor") if kind in argument)
    return target


def _described(item: Item) -> tuple[Hashable, ...]:
    values = frozenset((name, *values) for name, values in item["attributes"].items())
    return values, frozenset(item["uncertain"]), item["note"], item["flagged"]


def _span(span: Item) -> Hashable:
    place = tuple(map(tuple, span["fragments"]))
    return span["layer"], span["label"], place, *_described(span)


def _relation(relation: Item) -> Hashable:
    return relation["type"], *_described(relation)


def _actor(actor: Item) -> Hashable:
    links = frozenset((scheme, str(value)) for scheme, value in actor["links"].items())
    return actor["name"], actor["kind"], frozenset(actor["aliases"]), links, actor["note"]


def _labels(unit: Item) -> frozenset[Hashable]:
    rows: Iterable[Item] = unit["labels"]
    return frozenset((row["layer"], row["label"], *_described(row)) for row in rows)
