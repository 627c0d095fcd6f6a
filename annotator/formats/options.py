"""What a person may ask of a format beyond the file: options that the format itself declares."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from annotator.errors import UsageError


class Option(Struct, frozen=True, kw_only=True):
    """One option of a format's reading or writing; on the command line ``--name VALUE``.

    ``values`` are those allowed; empty means any text. ``help`` is one sentence.
    """

    name: str
    help: str
    metavar: str = "NAME"
    values: tuple[str, ...] = ()
    default: str | None = None

    @property
    def shown(self) -> str:
        """What help puts behind the name."""
        return "|".join(self.values) or self.metavar


Options = Mapping[str, str | None]
"""Values by the names of options; every option that the format declares is there."""


def checked(format: str, declared: tuple[Option, ...], given: Options) -> dict[str, str | None]:
    """The given values and the defaults of the others.

    Raises UsageError, which names what is allowed, for an option the format does not declare or a
    value that an option does not take.
    """
    known = {option.name: option for option in declared}
    for name, value in given.items():
        option = known.get(name)
        if option is None:
            listed = ", ".join(f"--{name}" for name in known)
            raise UsageError(
                f"The format {format} takes no --{name}.",
                f"It takes: {listed}." if listed else "It takes no options of its own.",
            )
        if option.values and value not in option.values:
            raise UsageError(
                f"--{name} is not {value!r} for the format {format}.",
                f"It is one of: {', '.join(option.values)}.",
            )
    return {name: given.get(name, option.default) for name, option in known.items()}
