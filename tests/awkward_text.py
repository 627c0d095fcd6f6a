"""Text that is hard to show: clusters on which terminals, fonts and width tables disagree."""

from __future__ import annotations

from hypothesis import strategies as st

AWKWARD = {
    "flag": "🇩🇪",
    "odd flag": "🇩🇪🇫",
    "family": "👨‍👩‍👧‍👦",
    "couple with heart": "👩‍❤️‍👨",
    "heart": "❤️",
    "text heart": "❤︎",
    "keycap": "1️⃣",
    "skin": "👍🏽",
    "lone skin": "🏽",
    "skin on a letter": "a🏽b",
    "thai": "น้ำ",
    "tamil": "நிக்ஷ",
    "devanagari": "क्षि नी",
    "joined devanagari": "क्\u200dष",
    "jamo": "각",
    "lone vowel jamo": "ᅡ",
    "stack": "a\u0301\u0323\u0308b",
    "lone mark": "\u0301a",
    "joiner between letters": "a\u200db",
    "joiners alone": "\u200d\u200c\u200d",
    "lone selector": "\ufe0f",
    "half width": "ｶﾞ",
    "persian": "می\u200cخواهم",
    "arabic number sign": "\u0600١",
    "hebrew": "שלום",
    "fillers": "\u115f\u1160\u3164\uffa0",
    "cjk": "漢字、テスト",
    "zalgo": "a" + "\u0301" * 100,
    "marks of Unicode 18": "\u05c8\U00011df0",
}
strings = st.text(st.characters()) | st.lists(st.sampled_from([*AWKWARD.values(), *"a \n\r"])).map(
    "".join
)

texts = st.lists(
    st.text(st.characters(), max_size=12)
    | st.sampled_from([*AWKWARD.values(), " ", "  ", "\n", "\r\n", "\r", "\t", "said ", "“We ”"])
).map("".join)
widths = st.integers(1, 30)
