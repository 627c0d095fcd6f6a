"""The schemas and seeds that come with the program, in a wheel or in a checkout."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from annotator.errors import InputError, NotFoundError

DEFAULT_SCHEMA = "news"


def _folder(name: str) -> Traversable:
    """A folder of resources: inside of the package in a wheel, beside it in a checkout."""
    package = files("annotator")
    inside = package / name
    if inside.is_dir():
        return inside
    return Path(str(package)).parent / name


def schema_names() -> list[str]:
    """The names of the schemas that are shipped, the default first."""
    names = [
        entry.name.removesuffix(".toml")
        for entry in _folder("schemas").iterdir()
        if entry.name.endswith(".toml")
    ]
    return sorted(names, key=lambda name: (name != DEFAULT_SCHEMA, name))


def schema_text(name_or_file: str) -> tuple[str, str]:
    """The TOML text of a shipped schema or of a file, as it is, and the file's name for messages.

    What ends in ``.toml`` or holds a path separator is a file. Raises NotFoundError or InputError.
    """
    if name_or_file in schema_names():
        entry = _folder("schemas") / f"{name_or_file}.toml"
        return entry.read_bytes().decode(), entry.name
    path = Path(name_or_file)
    if path.suffix != ".toml" and len(path.parts) == 1:
        raise NotFoundError(
            f"There is no schema {name_or_file!r}.",
            f"There is: {', '.join(schema_names())}; or give a file that ends in .toml.",
        )
    try:
        return path.read_bytes().decode(), str(path)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: not utf-8 at byte {error.start}", "A schema file is TOML in UTF-8."
        ) from error


def seed(name: str) -> Path | None:
    """A file of the seeds, such as ``raqqa.txt``; None where it is not there."""
    path = Path(str(_folder("seeds") / name))
    return path if path.is_file() else None
