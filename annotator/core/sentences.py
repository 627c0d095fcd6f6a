"""Cutting a text into sentences: exact offsets for any string, in linear time.

White space is what ``str.isspace`` says and a line break what ``str.splitlines`` breaks at. The
rules of this module decide every cut. In languages whose abbreviations are not listed here they ask
the sentencex library about full stops; where it panics the rules stand by themselves.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator

from annotator.core.paragraphs import line_groups
from annotator.core.ranges import Range, trim

SEGMENTER = "annotator-rules+sentencex"
SEGMENTER_VERSION = "1"

PIECE_LIMIT = 16_384
"""Longest piece, in code points, given to sentencex at once: it is quadratic in long texts."""

_WORD_LIMIT = 40
"""How far, in code points, a rule looks to either side of a full stop."""

_LEAD_LIMIT = 8
"""How far from the start of a sentence a list mark may end."""

_BULLETS = "•⁃‣◦▪●■"
_OPENERS = "\"'“‘„‚«»‹([{¿¡*_`" + _BULLETS
_CLOSERS = "\"'”’“»«›)\\]}*"
_CLOSER_SIGNS = _CLOSERS.replace("\\", "")
_QUOTE_MARKS = "\"'”’“»«›"

_EVENT = re.compile(
    rf"""
      (?P<stop>[.!?…‼⁇⁈⁉؟۔।॥]+[{_CLOSERS}]*)
    | (?P<cjk>[。！？｡]+[」』”’）)]*)
    | (?P<smiley>(?<!\S)[:;=]-?[)(DPp](?!\S))
    | (?P<closing>(?<!\S)(?:(?:Best|Kind|Warm)\s)?
        (?:[Rr]egards|Thanks|Sincerely|Cheers|Thx|Yours),(?=\s[A-Z]))
    | (?P<bullet>(?<!\S)[•⁃‣◦▪●■])
    | (?P<item>(?<!\S)(?:[0-9]{{1,2}}|[a-z])(?:\.\)|\)|\.)(?=\s))
    | (?P<rule>(?<!\S)(?:\*{{3,}}|[-=_*~#]{{5,}})(?!\S))
    | (?P<stamp>(?<!\S)[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{2,4}}\s
        [0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?\s[AP]M(?!\S))
    """,
    re.VERBOSE,
)


def _words(listed: str) -> frozenset[str]:
    """The words of a list written as running text."""
    return frozenset(listed.split())


# Never the end of a sentence: something must follow.
_TITLES = _words(
    """
    mr mrs ms dr drs prof gen col lt sgt capt cpl pvt maj cmdr adm sen rep gov pres rev hon fr
    st mt ft messrs mme mlle vs cf e.g i.e eg ie viz ca approx fig figs vol vols pp sra sr
    srta lic hr frau dra prov ven supt insp det p.s ps ee
    """
)
# The end of a sentence only where a word follows that seldom follows them otherwise.
_ABBREVIATIONS = _words(
    """
    jr inc ltd co corp bros llc plc dept univ assn est ave blvd rd ln hwy apt ste ext tel al
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat
    sun a.m p.m u.s u.k u.n e.u d.c b.c a.d ph.d m.d b.a m.a esq calif mass conn pa va md fla
    tex ariz ala ark colo del ga ill ind kan ky mich minn miss mo mont neb nev okla ore penn
    tenn vt wash wis wyo min hrs lbs oz sq rs dist gmbh
    """
)
# Abbreviations before a number only; elsewhere plain words.
_BEFORE_NUMBERS = _words(
    """
    no nos p par sec art ch chap op n°
    """
)
# Languages whose abbreviations are listed here; measured, sentencex made no better of these.
_RULED = frozenset(["en", "es"])
_BRANDS = frozenset(["Yahoo!", "Jeopardy!", "Yum!", "Guess?"])
_STARTERS = _words(
    """
    After All Also An And Are As At Because But By Did Do Does For From Had Has Have He Her
    Here His How However I If In Is It Its Last Many Meanwhile Most My No Not Now On One Or
    Our She Since So Some Such That The Their Then There These They This Those Though Thus To
    Two Under Until Was We Were What When Where Which While Who Why Will With Would You Your
    Please Der Die Das Ein Eine Er Sie El La Los Las Un Una En Es Esta Este Se Al Il Lo Gli Le
    Les Une Nel
    """
)
_SPEECH = re.compile(
    r"(?:[A-Z][\w.’'-]*\s+){1,3}(?:said|says|say|asked|asks|told|added|wrote|cried|shouted|replied"
    r"|answered|tweeted|exclaimed|wondered)\b"
)
_WORD = re.compile(r"\w[\w’'-]*")
_NON_ASCII_SPACE = re.compile(r"[^\S\x00-\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_VOWEL = re.compile("[aeiouyáéíóúäöü]")
_LONE_CLOSER = re.compile(r"""["'”’](?=\s)""")
"""A closing quote that white space parts from its stop; it belongs to the sentence all the same."""
_SPACED_DOTS = re.compile(r"(?<!\.\s)(?:\.\s){2}$")
_FULL_STOP = re.compile(r"\.\S*\s*")
_MASK = str.maketrans(dict.fromkeys('"“”„«»‹›\n\r\v\f', " "))


def sentences(text: str, language: str = "en") -> list[Range]:
    """The sentences of ``text``: ascending half-open code-point ranges, trimmed, none empty.

    Only white space lies between them, and none crosses a paragraph. ``language`` is the ISO
    639-1 code whose abbreviations are known; an unknown one gets the general rules.
    """
    found: list[Range] = []
    for lines in line_groups(text):
        for block in _blocks(text, lines):
            found.extend(_Cutter(text, block, language).cut())
    return found


def _blocks(text: str, lines: list[Range]) -> Iterator[Range]:
    """Joins the lines of a paragraph that were only wrapped; each block ends at a meant break."""
    width = max(line.end - line.start for line in lines)
    start = lines[0].start
    for line, following in itertools.pairwise(lines):
        if _breaks(text, line, following, width):
            yield Range(start, line.end)
            start = following.start
    yield Range(start, lines[-1].end)


def _breaks(text: str, line: Range, following: Range, width: int) -> bool:
    """Whether the single line break between two lines is meant, not made by wrapping.

    A line was wrapped where the first word of the next one did not fit in any more. Lines wider
    than any wrapped text has are paragraphs of their own.
    """
    first = text[following.start]
    event = _EVENT.match(text, following.start, following.end)
    if event and event.lastgroup in ("bullet", "item", "rule", "stamp"):
        return True
    if text.startswith(("- ", "* ", "– ", "— ", "> "), following.start):
        return True
    if first.islower():
        return False
    if width > 120:
        return True
    head = text[following.start : min(following.end, following.start + width)].split(None, 1)[0]
    return line.end - line.start + 1 + len(head) <= width


def _known_cuts(text: str, block: Range, language: str) -> list[int]:
    """Where sentencex would cut ``block``, ascending, piece by piece to stay linear."""
    cuts: list[int] = []
    for piece in _pieces(text, block):
        cuts.extend(_ask_sentencex(text[piece.start : piece.end], piece.start, language))
        cuts.append(piece.end)
    return cuts


def _pieces(text: str, block: Range) -> Iterator[Range]:
    """Parts of ``block`` of at most PIECE_LIMIT code points, broken behind white space if any."""
    start = block.start
    while block.end - start > PIECE_LIMIT:
        end = start + PIECE_LIMIT
        space = text.rfind(" ", start + PIECE_LIMIT // 2, end)
        if space >= 0:
            end = space + 1
        yield Range(start, end)
        start = end
    yield Range(start, block.end)


def _ask_sentencex(piece: str, offset: int, language: str) -> list[int]:
    """Cut points of one piece, as offsets in the whole text.

    Quotes become spaces of the same length, since sentencex does not cut inside them; so does
    white space beyond ASCII, on which it can panic, and lone surrogates become letters.
    """
    masked = _SURROGATE.sub("x", _NON_ASCII_SPACE.sub(" ", piece.translate(_MASK)))
    from sentencex import get_sentence_boundaries  # a compiled library that most texts never need

    try:
        boundaries = get_sentence_boundaries(language, masked)
    except BaseException as error:
        # A Rust panic arrives as a BaseException whose class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        return [offset + stop.end() for stop in _FULL_STOP.finditer(piece)]
    return [offset + boundary["end_index"] for boundary in boundaries]


class _Cutter:
    """Walks over the stops of one block and cuts where the rules say so."""

    def __init__(self, text: str, block: Range, language: str) -> None:
        self.text = text
        self.block = block
        self.known = None if language in _RULED else _known_cuts(text, block, language)
        self.casual = language == "en"
        self.start = block.start
        self.item = ""
        self.found: list[Range] = []

    def cut(self) -> list[Range]:
        """The sentences of the block."""
        for event in _EVENT.finditer(self.text, self.block.start, self.block.end):
            kind = event.lastgroup
            if kind == "stop":
                self._at_stop(event.start(), event.end())
            elif kind == "cjk":
                self._cut_at(event.end())
            elif kind == "item":
                self._at_item(event)
            elif kind == "smiley":
                self._at_stop(event.start(), event.end())
            elif kind == "closing":
                if event.start() - self.start < 2:
                    self._cut_at(event.end())
            elif (
                kind == "stamp" and _word_before(self.text, event.start() - 1, self.start).islower()
            ):
                self._cut_at(event.end())
            else:
                self._cut_at(event.start())
                if kind != "bullet":
                    self._cut_at(event.end())
        self._cut_at(self.block.end)
        return self.found

    def _cut_at(self, end: int) -> None:
        """Ends the present sentence at ``end``, if it holds anything."""
        sentence = trim(self.text, self.start, end)
        if sentence is not None:
            self.found.append(sentence)
            self.start = end

    def _at_item(self, event: re.Match[str]) -> None:
        """A list mark: a cut before it if it continues a list, else its stop is like any other."""
        mark = event.group()
        sign = mark.rstrip(".)")
        lead = self.text[self.start : min(self.start + _LEAD_LIMIT, event.start())]
        opens = event.start() - self.start < _LEAD_LIMIT and not lead.strip(" " + _BULLETS)
        if not opens and self.item and mark == _next_item(self.item):
            self._cut_at(event.start())
            opens = True
        if opens:
            self.item = mark
        elif mark.endswith("."):
            self._at_stop(event.start() + len(sign), event.end())

    def _at_stop(self, stop: int, end: int) -> None:
        """Cuts behind ``text[stop:end]``, a run of marks and closing quotes, if a rule says so."""
        after = self._behind_space(end)
        while end < after < self.block.end and _LONE_CLOSER.match(self.text, after):
            end = after + 1
            after = self._behind_space(end)
        if after == self.block.end:
            return
        marks = self.text[stop:end]
        if after == end:
            if _glued(self.text, stop, end, self.block):
                self._cut_at(end)
            return
        following = self.text[after]
        if following in ".,;:?!)]}…" or (following in "-–—" and end - stop > 1):
            return
        word_at = after
        while word_at < self.block.end and self.text[word_at] in _OPENERS:
            word_at += 1
        next_word = _WORD.match(self.text, word_at, min(word_at + _WORD_LIMIT, self.block.end))
        word = next_word.group() if next_word else ""
        before = _word_before(self.text, stop, self.start)
        lead = self.text[max(self.start, stop - _LEAD_LIMIT) : stop]
        if not before and marks == "." and _SPACED_DOTS.search(lead):
            return
        opens = stop - self.start < _LEAD_LIMIT and lead.strip(" " + _BULLETS) == before
        if opens and before.isdigit():
            # A number that opens a sentence is a list mark.
            return
        if self._ends(marks, before, word, after, word_at):
            self._cut_at(end)

    def _behind_space(self, at: int) -> int:
        """Where the white space at ``at`` ends, or the block."""
        while at < self.block.end and self.text[at].isspace():
            at += 1
        return at

    def _ends(self, marks: str, before: str, word: str, after: int, word_at: int) -> bool:
        """Whether a sentence ends with ``marks``, between the words ``before`` and ``word``."""
        lower = word.islower() and word != "i"
        bare = marks.rstrip(_CLOSER_SIGNS)
        if bare in ("...", "…") and before == "" and marks[len(bare) :][:1] == "]":
            return False
        if bare == ".":
            if lower:
                return marks == "." and self.casual and _is_plain(before)
            return self._full_stop_ends(before, word, marks == ".", after, word_at)
        if marks[0] in "?!":
            if before + marks in _BRANDS and lower:
                return False
            if marks[-1] in _QUOTE_MARKS:
                return not lower and not _SPEECH.match(self.text, after, after + 80)
            return marks == bare or not lower
        return not lower or "?" in bare or "!" in bare

    def _full_stop_ends(self, before: str, word: str, bare: bool, after: int, word_at: int) -> bool:
        """Whether a full stop between two words ends a sentence; ``bare``: no quote or bracket."""
        if not bare:
            return True
        key = before.lower().rpartition("(")[2]
        if key in _TITLES:
            return False
        initial = len(before) == 1 and before.isalpha()
        if key in _BEFORE_NUMBERS and not (initial and before.isupper()):
            return not word[:1].isdigit()
        if initial and before.islower() and len(word) == 1:
            return False
        dotted = "." in key and all(len(part) == 1 for part in key.split("."))
        if key in _ABBREVIATIONS or (initial and before.isupper()) or dotted:
            return word in _STARTERS
        return self._is_known(after, word_at)

    def _is_known(self, after: int, word_at: int) -> bool:
        """Whether sentencex, where it is asked, cuts just before the word at ``word_at``."""
        if self.known is None:
            return True
        index = bisect_left(self.known, after - 1)
        return index < len(self.known) and self.known[index] <= word_at


def _next_item(mark: str) -> str:
    """The list mark that follows ``mark``: ``2.)`` after ``1.)``, ``b.`` after ``a.``."""
    sign = mark.rstrip(".)")
    following = str(int(sign) + 1) if sign.isdigit() else chr(ord(sign) + 1)
    return following + mark[len(sign) :]


def _word_before(text: str, stop: int, start: int) -> str:
    """The run of non-space characters that ends at ``stop``, without opening marks."""
    piece = text[max(start, stop - _WORD_LIMIT) : stop]
    words = piece.split()
    if not words or piece[-1].isspace():
        return ""
    return words[-1].lstrip(_OPENERS)


def _is_plain(word: str) -> bool:
    """Whether ``word`` is an ordinary lower-case word, so that a full stop behind it is one."""
    if word.lower() in _TITLES or word.lower() in _ABBREVIATIONS or word in _BEFORE_NUMBERS:
        return False
    return len(word) > 1 and word.isalpha() and word.islower() and bool(_VOWEL.search(word))


def _glued(text: str, stop: int, end: int, block: Range) -> bool:
    """Whether marks without white space behind them end a sentence: ``quality.You can``."""
    word = _WORD.match(text, end, min(end + _WORD_LIMIT, block.end))
    if (
        word is None
        or not word.group()[0].isupper()
        or not (word.group() == "I" or word.group()[1:].islower())
    ):
        return False
    if word.end() < block.end and not text[word.end()].isspace():
        return False
    before = text[max(block.start, stop - _WORD_LIMIT) : stop].split()[-1:]
    return bool(before) and len(before[0]) > 2 and before[0].isalpha() and before[0][1:].islower()
