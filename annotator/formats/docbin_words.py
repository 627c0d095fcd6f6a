"""Words as the numbers that spaCy gives them: a hash, or for some a number of its own."""

from __future__ import annotations

from collections.abc import Iterable


class Words:
    """The words of one bin by number and numbers by word; spaCy is loaded with the first."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        from spacy.strings import StringStore

        self._store = StringStore()
        self._numbers: dict[str, int] = {}
        self._words: dict[int, str] = {0: ""}
        for word in words:
            self._words[self.number(word)] = word

    def number(self, word: str) -> int:
        """The number of a word, which then belongs to the bin."""
        found = self._numbers.get(word)
        if found is None:
            found = self._numbers[word] = self._store.add(word)
        return found

    def word(self, number: int) -> str | None:
        """The word of a number, where the bin was read with it; 0 is the empty one."""
        return self._words.get(number)

    def all(self) -> Iterable[str]:
        """The words of the bin."""
        return self._numbers.keys()


def attribute_numbers(names: Iterable[str]) -> list[int]:
    """The numbers of attributes of tokens, by their names."""
    from spacy.attrs import IDS

    return [IDS[name] for name in names]
