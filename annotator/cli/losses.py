"""How losses are told: on stderr for a person, as JSON for a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from annotator.cli import output

if TYPE_CHECKING:
    from annotator.formats.loss import Losses


def tell_losses(losses: Losses) -> None:
    """Each kind with its number, what was done, and examples; or that nothing was lost."""
    if not losses:
        output.say("Nothing was lost.")
    for loss in losses:
        output.say(f"lost: {loss.count:,} × {loss.kind}: {loss.done}")
        output.say(f"  such as {', '.join(loss.examples)}")


def losses_as_json(losses: Losses) -> list[dict[str, Any]]:
    """The same as JSON values."""
    return [
        {"kind": loss.kind, "done": loss.done, "count": loss.count, "examples": list(loss.examples)}
        for loss in losses
    ]
