"""``annotator schema``: the schemas there are, and whether one is right."""

from __future__ import annotations

import click

from annotator.cli import output
from annotator.cli.session import Session


@click.group("schema")
def command() -> None:
    """See and check schemas."""


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
    output.data(text.rstrip("\n"))


@command.command("check")
@click.argument("schemas", required=True, nargs=-1, metavar="NAME|FILE…")
def check(schemas: tuple[str, ...]) -> None:
    """Read schema files and name what is wrong in them; exit code 3 if anything is."""
    from annotator.core.schema_file import parse_schema
    from annotator.errors import SchemaError
    from annotator.workflow.resources import schema_text

    broken: list[SchemaError] = []
    for name in schemas:
        try:
            schema = parse_schema(*schema_text(name))
        except SchemaError as error:
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
