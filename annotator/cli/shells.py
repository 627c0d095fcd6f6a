"""Completion as shells need it: click's, mended for names that hold what a shell would act on."""

from __future__ import annotations

import os
import re
from typing import Any, ClassVar

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
    split_arg_string,
)

_BASH = """\
%(complete_func)s() {
    local kind value
    COMPREPLY=()
    while IFS=, read -r kind value; do
        case $kind in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done < <(env COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_WORD="${COMP_WORDS[COMP_CWORD]}" \
%(complete_var)s=bash_complete "$1" 2>/dev/null)
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""
_WORD = re.compile(
    r"""(?: [^\s'"\\] | \\. | '[^']*' | "(?:[^"\\]|\\.)*" | \\\Z | (?P<open>['"].*\Z) )*""",
    re.VERBOSE | re.DOTALL,
)
"""One word of a command line, quotes and all, or up to the end where a quote is still open."""
_SPECIAL = re.compile(r"[^\w@%+=:,./-]")


class Bash(BashComplete):
    """Bash, which leaves all quoting to us."""

    source_template: ClassVar[str] = _BASH

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._line = os.environ.get("COMP_LINE", "")
        self._word = os.environ.get("COMP_WORD", "")

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is being typed, and that one, without their quotes."""
        words = split_arg_string(self._line)
        if not _typed(self._line)[0]:
            words.append("")
        return words[1:-1], words[-1]

    def format_completion(self, item: CompletionItem[str]) -> str:
        """The value as it is to stand in the command line, from where bash replaces the word."""
        if item.type != "plain":
            return super().format_completion(item)
        return f"plain,{inserted(item.value, self._line, self._word)}"


def inserted(value: str, line: str, word: str) -> str:
    """What bash is to put in for ``value``, with the command ``line`` typed up to the cursor.

    ``word`` is what bash takes for the last word: it begins behind the last of COMP_WORDBREAKS, and
    just there, or behind a quote that is open, bash puts what it is given.
    """
    typed, quote = _typed(line)
    if quote:
        before = "".join(split_arg_string(typed[: -len(quote)]))
        rest = value.removeprefix(before)
        if quote[0] == "'":
            return rest.replace("'", "'\\''")
        return re.sub(r'[\\"$`]', r"\\\g<0>", rest)
    if not word.strip(":="):
        word = ""
    before = typed.removesuffix(word)
    return _SPECIAL.sub(r"\\\g<0>", value).removeprefix(before)


def _typed(line: str) -> tuple[str, str]:
    """The word that is being typed, and what of it is behind a quote still open, quote and all."""
    at = 0
    while True:
        found = _WORD.match(line, at)
        assert found is not None  # it may be empty
        at = found.end()
        if at == len(line):
            return found[0], found["open"] or ""
        at += 1


class Zsh(ZshComplete):
    """Zsh, as click has it."""

    def get_completion_args(self) -> tuple[list[str], str]:
        """As click's; nothing where the script did not say."""
        return super().get_completion_args() if _is_asked() else ([], "")


class Fish(FishComplete):
    """Fish, with names that hold commas."""

    source_template: ClassVar[str] = FishComplete.source_template.replace(
        'string split ","', 'string split --max 1 ","'
    )

    def get_completion_args(self) -> tuple[list[str], str]:
        """As click's; nothing where the script did not say."""
        return super().get_completion_args() if _is_asked() else ([], "")


def _is_asked() -> bool:
    return "COMP_WORDS" in os.environ and "COMP_CWORD" in os.environ


SHELLS: dict[str, type[ShellComplete]] = {"bash": Bash, "zsh": Zsh, "fish": Fish}


def mend_completion() -> None:
    """Have click answer the shells in these ways."""
    for name, kind in SHELLS.items():
        add_completion_class(kind, name)
