"""``annotator schema``: the schemas there are, whether one is right, and putting one in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from annotator.cli import output, schema_derive
from annotator.cli.session import Session
from annotator.errors import ExitCode

if TYPE_CHECKING:
    from annotator.core.schema_differences import Difference
    from annotator.store.base import SchemaEdit
    from annotator.workflow.schema_changes import Preview


@click.group("schema")
def command() -> None:
    """See, check, change and derive schemas."""


command.add_command(schema_derive.command)


@command.command("list")
def list_() -> None:
    """The schemas that are shipped; annotator init --schema NAME takes one."""
    from annotator.core.schema_file import parse_schema
    from annotator.workflow.resources import schema_names, schema_text

    schemas = [parse_schema(*schema_text(name)) for name in schema_names()]
    output.table([(schema.name, schema.title) for schema in schemas])


@command.command("show")
@click.argument("schema", required=False, metavar="[NAME|FILE]")
@click.pass_obj
def show(session: Session, schema: str | None) -> None:
    """Print the project's schema file, or another."""
    from annotator.workflow.resources import schema_text

    text = session.open().schema_source() if schema is None else schema_text(schema)[0]
    output.exact(text)


@command.command("check")
@click.argument("schemas", required=True, nargs=-1, metavar="NAME|FILE…")
def check(schemas: tuple[str, ...]) -> None:
    """Read schema files and name what is wrong in them; exit code 3 if anything is."""
    from annotator.core.schema_file import parse_schema
    from annotator.errors import AnnotatorError, InputError, NotFoundError, SchemaError
    from annotator.workflow.resources import schema_text

    broken: list[AnnotatorError] = []
    for name in schemas:
        try:
            schema = parse_schema(*schema_text(name))
        except (InputError, NotFoundError) as error:
            broken.append(error)
            continue
        labels = sum(len(layer.labels) for layer in schema.layers)
        output.data(
            f"{name}: {schema.name} {schema.version}, "
            f"{output.counted(len(schema.layers), 'layer')}, {output.counted(labels, 'label')}, "
            f"{output.counted(len(schema.relations), 'relation type')}"
        )
    if broken:
        raise SchemaError("\n".join(e.message for e in broken), broken[0].hint)


@command.command("apply")
@click.argument("schema", metavar="NAME|FILE")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
@click.pass_obj
def apply(session: Session, schema: str, dry_run: bool, as_json: bool) -> int:
    """Give the project another schema, and carry its annotations over.

    Names that changed are told by the file's table [migrate]. What has annotations and is no longer
    there is refused, unless it is named for deletion. The project is copied first, and annotator
    schema undo takes all of it back.
    """
    from annotator.workflow.resources import schema_text
    from annotator.workflow.schema_changes import change_schema, preview

    store = session.open()
    source, file = schema_text(schema)
    found = preview(store, source, file)
    if not dry_run and not found.refused:
        found = change_schema(store, source, file, session.annotator)
    if as_json:
        output.data_lines(_json(found))
    else:
        _tell(found)
    if found.refused and not dry_run:
        output.say("Nothing was changed: name what is refused in the file's table [migrate].")
        return ExitCode.BAD_INPUT
    if found.edit is not None:
        _tell_edit(found.edit)
    return ExitCode.REPORTED if found.refused or found.findings else ExitCode.DONE


@command.command("undo")
@click.pass_obj
def undo(session: Session) -> None:
    """Take the last schema apply back: the schema and every annotation it changed."""
    from annotator.workflow.schema_changes import undo_schema

    _tell_edit(undo_schema(session.open(), session.annotator))


@command.command("redo")
@click.pass_obj
def redo(session: Session) -> None:
    """Make the schema apply that was last undone again."""
    from annotator.workflow.schema_changes import redo_schema

    _tell_edit(redo_schema(session.open(), session.annotator))


def _json(found: Preview) -> str:
    import json

    import msgspec

    return json.dumps(msgspec.to_builtins(found), indent=2)


def _tell(found: Preview) -> None:
    output.data(
        f"{found.former} {found.former_version} → {found.schema} {found.version}"
        + ("" if found.differences else ": the same names, keys and rules")
    )
    if found.differences:
        output.table([_row(d) for d in found.differences])
    hints = list(dict.fromkeys(d.hint for d in found.refused if d.hint))
    if hints:
        output.data_lines("\nTo let the refused pass, say in the file:")
        for hint in hints:
            output.data(f"  {hint}")
    for note in found.notes:
        output.say(f"note: {note}.")


def _row(found: Difference) -> tuple[str, str, str, str]:
    arrow = "→ " if found.kind in ("renamed", "merged") else ""
    counts = ", ".join(output.counted(n, kind) for kind, n in found.counts.items())
    if counts:
        by = ", ".join(f"{name} {n}" for name, n in found.annotators.items())
        counts += f" in {output.counted(found.documents, 'document')} ({by})"
    return found.kind, found.what, f"{arrow}{found.to}", counts


def _tell_edit(edit: SchemaEdit) -> None:
    output.say(
        f"The schema is {edit.name} {edit.version}; {output.counted(edit.changes, 'record')}"
        f" changed. The project as it was: {edit.backup}."
    )
