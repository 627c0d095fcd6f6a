"""How a mention fits an actor."""

from __future__ import annotations

import pytest

from annotator.core.annotation import Actor
from annotator.suggest.actors import ACRONYM, PART, SAME, SURNAME, fit, stands_for_person


@pytest.mark.parametrize(
    ("mention", "name", "aliases", "expected"),
    [
        ("Talal Sillo", "Talal Sillo", (), SAME),
        ("the SDF", "SDF", (), SAME),
        ("SDF", "Syrian Democratic Forces", (), ACRONYM),
        ("the Syrian Democratic Forces", "SDF", (), ACRONYM),
        ("U.N.", "United Nations", (), ACRONYM),
        ("IS", "ISIS", ("Islamic State",), ACRONYM),
        ("Sillo", "Talal Sillo", (), SURNAME),
        ("Talal Sillo", "Sillo", (), SURNAME),
        ("Sillo’s", "Talal Sillo", (), SURNAME),
        ("Mr. Sillo", "Talal Sillo", (), SURNAME),
        ("Frau Dr. Klein", "Anna Klein", (), SURNAME),
        ("Baghdadi", "Abu Bakr al-Baghdadi", (), SURNAME),
        ("the US", "United States of America", (), PART),
        ("US", "Union Station", (), ACRONYM),
        ("US", "Upper House", (), 0),
        ("Talal", "Talal Sillo", (), PART),
        ("the Raqqa Civilian Council", "Raqqa campaign", (), PART),
        ("the city of Raqqa", "Bank of England", (), 0),
        ("he", "Talal Sillo", (), 0),
        ("", "Talal Sillo", (), 0),
    ],
)
def test_a_mention_fits(mention: str, name: str, aliases: tuple[str, ...], expected: int) -> None:
    assert fit(mention, Actor("a", name, aliases=aliases)) == expected


def test_pronouns_for_people_are_known() -> None:
    assert [stands_for_person(word) for word in ("He", " sie ", "it", "Sillo")] == [
        True, True, False, False,
    ]  # fmt: skip
