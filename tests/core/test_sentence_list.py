from __future__ import annotations

import pytest

from annotator.core.document import Sentence
from annotator.core.sentence_list import SentenceList

CUT = [Sentence(f"s{n}", "d", n * 10, n * 10 + 8, n + 1) for n in range(4)]


def test_sentences_are_the_same_by_number_and_one_after_the_other() -> None:
    made = SentenceList.of("d", reversed(CUT))
    assert list(made) == CUT == [made[n] for n in range(4)]
    assert (made[-1], made[1:3], len(made)) == (CUT[3], CUT[1:3], 4)
    assert [made.id_of(n) for n in range(4)] == ["s0", "s1", "s2", "s3"]
    assert [made.ordinal_at(offset) for offset in (0, 8, 10, 99)] == [0, 0, 1, 3]
    assert made == SentenceList.of("d", CUT) != SentenceList.of("d", CUT[:3])
    with pytest.raises(IndexError):
        made[4]


def test_columns_of_different_lengths_never_pass_for_a_shorter_cut() -> None:
    with pytest.raises(ValueError, match="argument"):
        list(SentenceList("d", ["a", "b"], [0, 5], [4], [1, 1]))


def test_a_cut_is_changed_in_place_and_the_former_one_stays() -> None:
    made = SentenceList.of("d", CUT)
    first, second = Sentence("s1", "d", 10, 14, 3), Sentence("new", "d", 15, 18)
    split = made.recut([CUT[1]], [first, second])
    assert list(split) == [CUT[0], first, second, *CUT[2:]]
    assert list(made) == CUT
    assert split.recut([first, second], [CUT[1]]) == made
    assert (made.ordinal_of("s2"), made.with_id("s2")) == (2, CUT[2])
    assert (made.ordinal_of("new"), made.with_id("new")) == (None, None)
    with pytest.raises(LookupError):
        split.recut([Sentence("s9", "d", 10, 14)], [])
