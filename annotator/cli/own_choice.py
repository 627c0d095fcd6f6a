"""What a person chooses for all their projects, how each such command works."""

from __future__ import annotations

from collections.abc import Mapping

from annotator.cli import output
from annotator.errors import NotFoundError


def choose(choice: str, known: Mapping[str, str], name: str | None) -> None:
    """Note ``name`` as the choice or, without one, show all that are known, each with what it is.

    The first known is the default. Raises NotFoundError for a name that is none of them, InputError
    where the file of choices cannot be read, and BusyError where it cannot be written.
    """
    from annotator.workflow.own_choices import OwnChoices, config_folder

    choices = OwnChoices(config_folder())
    if name is None:
        in_use = choices.get(choice, known) or next(iter(known))
        rows = [(one, "in use" if one == in_use else "", what) for one, what in known.items()]
        output.table(rows)
        if choices.trouble is not None:
            raise choices.trouble
        return
    if name not in known:
        raise NotFoundError(f"There is no {choice} {name!r}.", f"There is: {', '.join(known)}.")
    choices.choose(choice, name)
    output.say(f"{choice} is {name}.")
