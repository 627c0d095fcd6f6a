"""Every binding, in one table: what is pressed, what the screen shows then, and what is stored.

Each case has a document of its own in one project, and begins at its first word with nothing
annotated. The table is played on the screen without a terminal, and in a real one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from annotator.core.schema import Attribute, Label, Layer, Schema

TEXT: Final = "\n".join(
    [
        "Talal Sillo, a spokesman for the SDF, said on Monday he left Raqqa.",
        "“We saw it,” he said, and nobody else did.\n",
        "The SDF left. Later the SDF came back to Raqqa.",
        *(f"Line {number} of the list says nothing else." for number in range(5, 40)),
        "This is the last one",
    ]
)
KEY: Final = "KEY"
"""Stands for each of the keys of the command."""


class Case(Struct, frozen=True):
    """``keys`` are names of keys parted by spaces, and words that are typed letter by letter.

    ``click:WORD``, ``double:``, ``triple:``, ``right:``, ``wheel:WORD`` and ``drag:WORD:WORD`` are
    the mouse, on the first such word in sight. After the keys each of ``shows`` is on the screen,
    ``hides`` is not, and ``stored`` is all that the file holds of the document (see
    ``binding_world.stored``). Then come the keys of ``then``; on leaving, the place is stored from
    which on the text goes on with ``cursor``. ``given`` says what is there before the first key.
    """

    binding: str
    keys: str
    shows: tuple[str, ...]
    stored: tuple[str, ...] = ()
    cursor: str = "Talal"
    hides: str = ""
    then: str = ""
    text: str = TEXT
    given: str = ""


def _c(binding: str, keys: str, shows: str, *stored: str, **more: str) -> Case:
    return Case(binding, keys, tuple(shows.split(" + ")), stored, **more)  # type: ignore[arg-type]


_SAVED = "PERSON  saved"
_SPOKESMAN = "PERSON a spokesman"
MOVING: Final = (
    _c("token_left", "l l KEY", "sentence 1/40", cursor="Sillo"),
    _c("token_right", "KEY", "sentence 1/40", cursor="Sillo"),
    _c("line_up", "j j KEY", "sentence 2/40", cursor="“We"),
    _c("line_down", "KEY", "sentence 2/40", cursor="“We"),
    _c("sentence_next", "KEY", "sentence 2/40", cursor="“We"),
    _c("sentence_previous", "j j KEY", "sentence 2/40", cursor="“We"),
    _c("line_start", "j l l KEY", "sentence 2/40", cursor="“We"),
    _c("line_end", "KEY", "sentence 1/40", cursor=".\n“We"),
    _c("document_start", "j KEY l", "sentence 1/40", cursor="Sillo"),
    _c("document_end", "KEY", "sentence 40/40", cursor="one"),
    _c("page_up", "ctrl+end KEY", "Line 10 of", hides="This is the last", cursor="list says"),
    _c("page_down", "KEY", "Line 24 of", hides="Talal", cursor="Line 19"),
    _c("candidate_next", "KEY", "sentence 1/40", cursor="SDF, said"),
    _c("candidate_previous", "j KEY", "sentence 1/40", cursor="Raqqa.\n“We"),
    _c("jump", "KEY m", "sentence 1/40", cursor="Monday"),
    _c("annotation_next", "w 3 ctrl+home KEY !", "doubtful", "GROUP SDF !", cursor="SDF, said"),
    _c("annotation_previous", "w 3 j KEY !", "doubtful", "GROUP SDF !", cursor="SDF, said"),
    _c("document_previous", "l KEY", " annotation_previous ", cursor="Sillo", then="]"),
    _c("document_next", "l KEY", " search ", cursor="Sillo", then="["),
    _c("search", "KEY spoke enter", "» /spoke 1 of 1", cursor="spokesman"),
    _c("queue_next", "/ sdf enter KEY", "2 of 3 + sentence 3/", cursor="SDF left"),
    _c("queue_previous", "/ sdf enter KEY", "3 of 3 + sentence 4/", cursor="SDF came"),
    _c("go_to", "KEY", "─ Go to + d  documents"),
)
SELECTING: Final = (
    _c("select_left", "l l l l KEY 1", _SAVED, _SPOKESMAN, cursor="a spokesman"),
    _c("select_right", "l l l KEY 1", _SAVED, _SPOKESMAN, cursor="spokesman"),
    _c("select_up", "j KEY 1", _SAVED, "PERSON Talal Sillo,…left Raqqa. “"),
    _c("select_down", "KEY 1", _SAVED, "PERSON Talal Sillo,…left Raqqa. “", cursor="“We"),
    _c("anchor", "l l l KEY l 1", _SAVED, _SPOKESMAN, cursor="spokesman"),
    _c("grow", "KEY KEY KEY 1", _SAVED, "PERSON Talal Sillo,…e left Raqqa."),
    _c("grow", "KEY KEY KEY KEY 1", _SAVED, "PERSON Talal Sillo,…ody else did."),
    *(
        _c("grow", "l l l l KEY KEY 1", _SAVED, f"PERSON {quote}", text=f"He said {quote} twice.",
           cursor="saw")
        for quote in ("“we saw it”", '"we saw it"', "“we saw it\"", "„we saw it“", "‘we saw it’")
    ),
    _c("shrink", "x x KEY 1", _SAVED, "PERSON Talal"),
    _c("clear", "v l l l KEY 1", _SAVED, "PERSON a", cursor="a spokesman"),
)  # fmt: skip
ANNOTATING: Final = (
    _c("pick", "KEY group enter", "GROUP  saved", "GROUP Talal Sillo"),
    _c("pick", "s KEY n", "kind: named", "SOURCE Talal Sillo kind=named"),
    _c("boundaries", "w 3 KEY left enter", "“the SDF”", "GROUP the SDF", cursor="SDF, said"),
    _c("add_fragment", "1 l l l v KEY", "2 fragments", "PERSON Talal Sillo a in 2", cursor="a "),
    _c("delete", "1 KEY", "PERSON"),
    _c("link", "s j c KEY s", "← s1", "SOURCE Talal Sillo", "CLAIM “We saw it,” he said"
       " act=statement", "attribution claim=“We saw it,” he said source=Talal Sillo", cursor="“We"),
    _c("mention", "1 KEY Nur enter", "mentions Nur", "PERSON Talal Sillo @Nur"),
    _c("note", "1 KEY why enter", "note saved", "PERSON Talal Sillo “why”"),
    _c("flag", "1 KEY", "doubtful", "PERSON Talal Sillo !"),
    _c("undo", "1 KEY", "undone: PERSON gone"),
    _c("redo", "1 u KEY", "redone: PERSON back", "PERSON Talal Sillo"),
    _c("history", "1 d KEY enter", "PERSON", "PERSON Talal Sillo"),
)  # fmt: skip
_OPEN = ("open PERSON Talal Sillo", "open GROUP SDF")
SUGGESTED: Final = (
    _c("accept", "KEY", "1 suggested", "PERSON Talal Sillo", "accepted PERSON Talal Sillo",
       _OPEN[1], given="suggestions", cursor="SDF, said"),
    _c("reject", "KEY", "1 suggested", "rejected PERSON Talal Sillo", _OPEN[1],
       given="suggestions", cursor="SDF, said"),
    _c("accept_sentence", "KEY", "2 accepted", "PERSON Talal Sillo", "GROUP SDF",
       "accepted PERSON Talal Sillo", "accepted GROUP SDF", given="suggestions"),
    _c("propagate", "w 3 KEY y", "1 suggested", "GROUP SDF", "GROUP SDF", "accepted GROUP SDF",
       "open GROUP SDF", cursor="SDF came"),
    _c("unsure_next", "KEY", "unsure: 0.50", given="doubts", cursor="Line 5"),
    _c("unsure_next", "KEY", "no engine has said yet"),
    _c("threshold_down", "> KEY", "2 suggested + entity from 0.00 on: 2 shown", *_OPEN,
       "threshold.entity 0.00", given="suggestions"),
    _c("threshold_up", "l h KEY", "1 suggested + entity from 0.05 on: 1 shown, 1 hidden", *_OPEN,
       "threshold.entity 0.05", given="suggestions", then="<"),
)  # fmt: skip
SENTENCES_AND_VIEW: Final = (
    _c("sentence_done", "KEY", "1 done + sentence 2/40", "1 done", cursor="“We"),
    _c("split_sentence", "l l l KEY", "sentence 2/41", "41 sentences", cursor="a spokesman"),
    _c("merge_sentence", "KEY", "sentence 1/39", "39 sentences"),
    _c("toggle_documents", "KEY spa", "narrow down", then="KEY"),
    _c("toggle_documents", "KEY down KEY l", "sentence 1/40", cursor="Sillo", hides="Documents"),
    _c("toggle_inspector", "KEY", "? help", hides="No annotation here", then="KEY"),
    _c("toggle_lanes", "1 KEY", "compact view", "PERSON Talal Sillo", hides="━PERSON", then="KEY"),
    _c("toggle_others", "KEY", "not touched: bob + bob: PERSON", given="bob", then="KEY"),
    _c("help", "KEY", "─ Keys + token left"),
    _c("palette", "KEY merge enter", "sentence 1/39", "39 sentences"),
)
QUITTING: Final = Case("quit", "l 1 KEY", (), ("PERSON Talal Sillo",), cursor="Sillo")
"""Played last: what was pressed before it is stored, and so is the place."""
COMMAND_CASES: Final = (*MOVING, *SELECTING, *ANNOTATING, *SUGGESTED, *SENTENCES_AND_VIEW)

_TIED = ("SOURCE Talal Sillo", "CLAIM “We saw it,” he said act=statement")
_TIE = "attribution claim=“We saw it,” he said source=Talal Sillo"
IN_MODES: Final = (
    _c("jump: a character that the word begins with", "f o", "a letter", then="escape"),
    _c("jump: a letter goes there", "f s s", "sentence 1/40", cursor="spokesman"),
    _c("jump: a capital selects from there", "f s S t 1", _SAVED, "PERSON spokesman for the",
       cursor="the SDF"),
    _c("jump: a character that the last word begins with", "f s A f 1", _SAVED,
       "PERSON Sillo, a spokesman for", cursor="for"),
    _c("jump: esc give up", "f escape l", "sentence 1/40", cursor="Sillo"),
    _c("jump: esc this word alone", "f s S escape 1", _SAVED, "PERSON spokesman",
       cursor="spokesman"),
    _c("tie to: a letter ties", "s j c a s", "← s1", *_TIED, _TIE, cursor="“We"),
    _c("tie to: with ● unties", "s j c a s a s", "no longer tied", *_TIED, cursor="“We"),
    _c("tie to: a beyond the screen", "s j c a a sill enter", "← s1", *_TIED, _TIE, cursor="“We"),
    _c("tie to: a capital by a relation of its own", "s j c a s a S", "← s1", *_TIED, _TIE, _TIE,
       cursor="“We"),
    _c("tie to: esc give up", "s j c a escape u", "undone: CLAIM gone", _TIED[0], cursor="“We"),
    _c("boundaries: ← → move the edge", "w 3 e left left right enter", "“the SDF”",
       "GROUP the SDF", cursor="SDF, said"),
    _c("boundaries: , . by character", "1 e . . , enter", "“alal Sillo”", "PERSON alal Sillo"),
    _c("boundaries: tab other edge", "1 e tab right enter", "“Talal Sillo,”",
       "PERSON Talal Sillo,"),
    _c("boundaries: enter done", "1 e right enter", "“Sillo”", "PERSON Sillo"),
    _c("boundaries: esc give up", "1 e right escape", "“Talal Sillo”", "PERSON Talal Sillo"),
    _c("search: enter stay", "/ came enter", "» /came 1 of 1", cursor="came"),
    _c("search: f3 next", "/ sdf f3 enter", "2 of 3", cursor="SDF left"),
    _c("search: tab whole project", "/ nothing. tab", "in the project"),
    _c("search: esc back", "/ came escape l", "sentence 1/40", cursor="Sillo"),
    _c("search: ↑ earlier", "/ came enter ctrl+home / up enter", "» /came", cursor="came"),
    _c("documents: enter open", "ctrl+d down enter", " documents: letters", then="[ ctrl+d ctrl+d"),
    _c("documents: letters narrow down", "ctrl+d spare", "▏ + spare", hides="queue_next",
       then="escape escape ctrl+d ctrl+d"),
    _c("documents: tab open, done, flagged, suggested", "ctrl+d tab", "Documents open",
       then="escape escape ctrl+d ctrl+d"),
    _c("documents: esc back", "ctrl+d escape l", "sentence 1/40", cursor="Sillo",
       then="ctrl+d ctrl+d"),
)  # fmt: skip
"""What keys do for a while, by what the bar calls it."""
TERMS: Final = (
    _c("term words", "/ on space monday enter", "1 of 1", cursor="on Monday"),
    _c("term phrase", '/ "on space monday" enter', "1 of 1", cursor="on Monday"),
    _c("term regex", "/ /sp[a-z]+n/ enter", "1 of 1", cursor="spokesman"),
    _c("term label", "w 3 ctrl+home / label:group enter", "1 of 1", "GROUP SDF", cursor="SDF, "),
    _c("term layer", "w 3 ctrl+home / layer:entity enter", "1 of 1", "GROUP SDF", cursor="SDF, "),
    _c("term actor", "w 3 m Nur enter ctrl+home / actor:nur enter", "1 of 1", "GROUP SDF @Nur",
       cursor="SDF, "),
    _c("term note", "w 3 ; why enter ctrl+home / note:why enter", "1 of 1", "GROUP SDF “why”",
       cursor="SDF, "),
    _c("term flagged", "w 3 ! ctrl+home / flagged enter", "1 of 1", "GROUP SDF !", cursor="SDF, "),
)  # fmt: skip
GOING: Final = (
    _c("go d", "g d spare", "─ Documents + spare"),
    _c("go c", "j s ctrl+home g c enter", "checks 1 of", "SOURCE “", cursor="“We"),
    _c("go f", "w 3 ! ctrl+home g f enter", "flagged 1 of 1", "GROUP SDF !", cursor="SDF, "),
    _c("go o", "space ctrl+home g o enter", "1 of 39", "1 done", cursor="“We"),
    _c("go a", "1 m Nur enter g a Nur enter", "─ Nur + rename", "PERSON Talal Sillo @Nur"),
    _c("go s", "g s", "─ Statistics"),
    _c("go t", "s j c a s g t enter", "ties of CLAIM 1 of 2", *_TIED, _TIE),
    _c("go y", "j g y enter", "1 of 2", *_OPEN, given="suggestions"),
)
IN_WINDOWS: Final = (
    _c("Picker escape", "enter escape l", "sentence 1/40", cursor="Sillo"),
    _c("Picker down", "enter down enter", "ORGANIZATION  saved", "ORGANIZATION Talal Sillo"),
    _c("Picker up", "enter down down up enter", "ORGANIZATION  saved", "ORGANIZATION Talal Sillo"),
    _c("Picker pagedown", "enter claim pagedown pagedown", "article states by itself"),
    _c("Picker pageup", "enter claim pagedown pagedown pageup pageup", "words that give"),
    _c("QueuePicker tab", "g f tab", "in the project"),
    _c("KeyMenu escape", "g escape l", "sentence 1/40", cursor="Sillo"),
    _c("AttributeMenu ~", "s enter ~ n", "uncertain", "SOURCE Talal Sillo kind=named?"),
    _c("Prompt escape", "1 ; x escape", "“Talal Sillo”", "PERSON Talal Sillo"),
    _c("Prompt tab", "s j c a s ; tab who enter", "note saved", *_TIED, f"{_TIE} “who”",
       cursor="“We"),
    *(
        _c(f"{window} {key}", f"{opened} {key} l", "sentence 1/40", cursor="Sillo")
        for window, opened, keys in (
            ("HelpScreen", "?", "escape ? q enter"), ("StatisticsScreen", "g s", "escape q enter"),
        )
        for key in keys.split()
    ),
)  # fmt: skip
BY_MOUSE: Final = (
    _c("click on a word", "click:SDF", "sentence 1/40", cursor="SDF, said"),
    _c("click on a key of the bar", "click:GROUP", "GROUP  saved", "GROUP Talal Sillo"),
    _c("double click", "double:spokesman", " selected ", cursor="spokesman"),
    _c("triple click", "triple:spokesman 1", _SAVED, "PERSON Talal Sillo,…e left Raqqa."),
    _c("drag", "drag:spokesman:SDF 1", _SAVED, "PERSON spokesman for the SDF", cursor="SDF, said"),
    _c("right click", "right:Monday date enter", "DATE  saved", "DATE Monday", cursor="Monday"),
    _c("wheel", "wheel:SDF wheel:SDF", "Line 24", hides="Talal"),
)  # fmt: skip


def label_cases(schema: Schema) -> Iterator[Case]:
    """Each label by its key, on the unit that its layer takes where nothing is selected."""
    units = {
        "run": "Talal Sillo",
        "phrase": "Talal Sillo",
        "clause": "Talal Sillo",
        "token": "Talal",
    }
    for key, (layer, label) in schema.keys().items():
        stored = _stored(layer, label, units[layer.unit], {})
        yield _c(f"label {label.name}", key, f"{label.name}  saved", stored)


def value_cases(schema: Schema) -> Iterator[Case]:
    """Each value of an attribute by its key; one that is set already is taken off."""
    for key, (layer, label) in schema.keys().items():
        for attribute in layer.attributes_of(label.name):
            for value in attribute.values:
                is_set = attribute.default == value.name
                held = {attribute.name: "" if is_set else value.name}
                yield _c(
                    f"value {label.name} {attribute.name} {value.name}", f"{key} enter {value.key}",
                    f"{attribute.name}: {'none' if is_set else value.name}",
                    _stored(layer, label, "Talal Sillo", held),
                )  # fmt: skip


def _stored(layer: Layer, label: Label, text: str, held: dict[str, str]) -> str:
    def value(attribute: Attribute) -> str:
        return held.get(attribute.name, attribute.default or "")

    values = (f"{a.name}={value(a)}" for a in layer.attributes_of(label.name) if value(a))
    return " ".join((label.name, text, *sorted(values)))
