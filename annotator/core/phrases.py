"""Phrases: a noun with its article and what stands between, told by the small words of a language.

There is no parser here. A phrase ends where a word of a closed class, a mark or a common verb
stands: ``the young man`` in ``For the young man from Mosul said``. English and German are known,
each sentence being taken for the one of which it has more small words; in others a phrase is a run
of words between marks that is never longer than the names in it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from msgspec import Struct

from annotator.core.ranges import Range


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


class _Language(Struct, frozen=True):
    """Small words by what they do to a phrase, all in lower case."""

    articles: frozenset[str]
    """Articles, demonstratives, possessives: one of them opens a phrase."""
    quantifiers: frozenset[str]
    """May stand before or behind an article, or open a phrase without one."""
    others: frozenset[str]
    """Stand in no phrase: prepositions, conjunctions, pronouns, adverbs, common verbs."""
    nouns_have_capitals: bool = False


_ENGLISH = _Language(
    _words(
        """
        a an the this that these those my your his her its our their whose
        """
    ),
    _words(
        """
        all another any both each every few half many more most much no other several some such
        one two three four five six seven eight nine ten hundreds thousands millions
        """
    ),
    _words(
        """
        about above across after against ago along alongside amid among around as at away back
        because before behind below beneath beside besides between beyond but by despite down
        during except for from if in inside into like near nor of off on onto or out outside over
        past per since so than then though although through throughout till to toward towards
        under underneath until unless up upon via when whenever where whereas wherever whether
        which while who whom why how what with within without and yet

        i you he she it we they me him us them mine yours hers ours theirs myself yourself
        himself herself itself ourselves themselves there here nobody nothing

        again almost already also always even ever just maybe meanwhile never not n't n’t now
        often once only perhaps quite rather really soon still thus therefore together too twice
        very well however later today yesterday tomorrow tonight oh yes

        am are is was were be been being do does did done have has had having can cannot could
        may might must shall should will would ’s 's ’re 're ’ve 've ’ll 'll ’d 'd ’m 'm
        said say says saying told tell tells asked ask asks added adds announced claimed claims
        reported reports became become began begin begun believe believed believes bring brought
        call called came come comes coming fell felt find found gave get gets give given gives go
        goes going gone got heard held hope keep kept knew know known knows led left let liked
        look looked looks lost made make makes making meant met need needed needs put ran read
        replied rose sat saw see seem seemed seems seen sent showed shown shows spoke stood take
        taken takes taking think thinks thought took tried turned used want wanted wants went won
        work worked works wrote
        """
    ),
)
_GERMAN = _Language(
    _words(
        """
        der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner
        mein meine meinen meinem meiner sein seine seinen seinem seiner seines ihr ihre ihren ihrem
        ihrer ihres unser unsere unseren unserem unserer dieser diese dieses diesen diesem jener
        jene jenes jenen jenem jeder jede jedes jeden jedem
        """
    ),
    _words(
        """
        alle allen aller beide beiden einige einigen einiger mehrere mehreren mehrerer viele vielen
        vieler wenige wenigen andere anderen anderer zwei drei vier fünf sechs sieben acht neun zehn
        """
    ),
    _words(
        """
        ab als am an auf aus außer bei beim bis da damit dann dass daß denn doch durch für gegen
        hinter im in ins laut mit nach neben nicht noch nur ob oder ohne seit sich sie so sondern
        sowie trotz über um und unter vom von vor während wegen weil wenn wie wo zu zum zur zwischen
        aber auch dabei dafür dagegen dazu deren dessen dort er es hier ich ihm ihn ihnen immer
        jedoch man mehr schon sehr wir was wer wieder worden zudem
        bin ist sind war waren wäre sei seien wird werde werden wurde wurden würde würden hat habe
        haben hatte hatten hätte hätten kann können konnte könnte könnten muss müsse müssen musste
        soll solle sollen sollte sollten will wolle wollen wollte darf dürfe sagte erklärte
        """
    ),
    nouns_have_capitals=True,
)
_LANGUAGES = (_ENGLISH, _GERMAN)
_APOSTROPHES = ("'", "’")


def phrase_at(
    text: str, words: Sequence[Range], names: Sequence[Range], index: int
) -> Range | None:
    """The phrase that holds the word at ``index`` of a sentence's tokens; None where none does.

    A word that stands in no phrase, a mark among them, has none. ``names`` are the runs of the
    sentence; a phrase holds all of one or nothing. Half-open, in code points.
    """
    return _Sentence(text, words, names).phrase(index)


class _Sentence:
    """The tokens of a sentence, and what each is to a phrase."""

    def __init__(self, text: str, words: Sequence[Range], names: Sequence[Range]) -> None:
        self._words = words
        self._in_names = set(_further_words(words, names))
        self._texts = [text[start:end] for start, end in words]
        shouts = not any(content.islower() for content in self._texts)
        # An acronym is no small word: US, IT.
        lower = [
            word if word.isupper() and len(word) > 1 and not shouts else word.casefold()
            for word in self._texts
        ]
        self._language = max(
            _LANGUAGES,
            key=lambda known: sum(w in known.articles or w in known.others for w in lower),
        )
        self._lower = lower

    def phrase(self, index: int) -> Range | None:
        """As ``phrase_at``."""
        first = self._first(index)
        if first is None:
            return None
        place = first
        while self._is_small(place) and not self._are_two_articles(place):
            place += 1
        end = self._end(place)
        if end <= index or not any(self._is_content(n) for n in range(first, end)):
            return None
        return Range(self._words[first].start, self._words[end - 1].end)

    def _first(self, index: int) -> int | None:
        """Where the phrase begins that the word at ``index`` may lie in."""
        first = index
        if not self._is_small(index):
            if not self._is_content(index):
                return None
            while self._goes_on(first - 1):
                first -= 1
            while not self._is_content(first):
                first += 1
        while self._is_small(first - 1) and not self._are_two_articles(first - 1):
            first -= 1
        return first

    def _end(self, place: int) -> int:
        """Behind the last word of the phrase whose article, if any, ends before ``place``."""
        end = place
        while self._goes_on(end) and not self._is_behind_its_noun(place, end):
            end += 1
        while end > place and not self._is_content(end - 1):
            end -= 1
        return end

    def _are_two_articles(self, index: int) -> bool:
        """Whether a phrase ends, or is none, before its second article: ``that the man``."""
        return self._is_article(index) and self._is_article(index + 1)

    def _is_behind_its_noun(self, place: int, index: int) -> bool:
        """Whether, where nouns have capitals, a word without one follows a noun."""
        if not self._language.nouns_have_capitals or not self._texts[index][:1].islower():
            return False
        return any(self._texts[n][:1].isupper() for n in range(place, index))

    def _is_small(self, index: int) -> bool:
        """An article or a quantifier."""
        of_a_phrase = self._is_article(index) or self._at(index) in self._language.quantifiers
        return of_a_phrase and not self._is_in_name(index)

    def _is_article(self, index: int) -> bool:
        return self._at(index) in self._language.articles and not self._is_in_name(index)

    def _is_in_name(self, index: int) -> bool:
        """Whether it is a further word of a name: ``for`` in ``Observatory for Human Rights``."""
        return 0 <= index < len(self._words) and self._words[index].start in self._in_names

    def _goes_on(self, index: int) -> bool:
        """Whether a phrase goes on over a word: content, a hyphen within one, a genitive's end."""
        return self._is_content(index) or self._is_hyphen(index) or self._is_genitive(index)

    def _is_content(self, index: int) -> bool:
        if self._is_in_name(index):
            return True
        word = self._at(index)
        if not word[:1].isalnum() or self._is_small(index) or word in self._language.others:
            return False
        return not (self._is_genitive(index) or self._is_verb(index))

    def _is_verb(self, index: int) -> bool:
        """A past tense in English, as far as what follows tells it from a participle."""
        word = self._at(index)
        if self._language is not _ENGLISH or len(word) < 5 or not word.endswith("ed"):
            return False
        following = self._at(index + 1)
        return not following[:1].isalnum() or following in self._language.others or self._is_small(
            index + 1
        )  # fmt: skip

    def _is_hyphen(self, index: int) -> bool:
        words = self._words
        return (
            self._at(index) == "-"
            and 0 < index < len(words) - 1
            and words[index - 1].end == words[index].start
            and words[index].end == words[index + 1].start
        )

    def _is_genitive(self, index: int) -> bool:
        """``’s`` as one token, or as two where a text has a space before it."""
        word = self._at(index)
        if word in _APOSTROPHES:
            return self._at(index + 1) == "s" and index > 0
        return word in ("’s", "'s") or (word == "s" and self._at(index - 1) in _APOSTROPHES)

    def _at(self, index: int) -> str:
        """The word in lower case, or nothing beyond the sentence."""
        return self._lower[index] if 0 <= index < len(self._lower) else ""


def _further_words(words: Sequence[Range], names: Sequence[Range]) -> Iterator[int]:
    """The starts of all words of names but their first ones."""
    starts = [word.start for word in words]
    for name in names:
        yield from starts[bisect_right(starts, name.start) : bisect_left(starts, name.end)]
