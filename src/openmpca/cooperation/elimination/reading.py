"""Files of counts, exchanges and items with their sources, read as statements.

A file is TOML: a table for each statement under the name of its kind, with the fields of that kind, and a table ``all``
with what every statement of the file has.

    [all]
    day = 2012-04-30
    release = ["*"]

    [[line]]
    code = "ICBM"
    title = "ICBMs destroyed"

Rules kept here:

1. A file is read whole or not at all; what does not fit a kind is told with the place of its table.
2. Only kinds of this subject stand in such a file: a file of figures founds no other matters.
"""

import tomllib
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from openmpca.cooperation.elimination import statements
from openmpca.cooperation.statements import ROOM
from openmpca.problems import of_asking
from openmpca.record import entry
from openmpca.record.record import Refused
from openmpca.record.statements import KINDS, Statement

LARGEST: Final = 8 << 20
EXAMPLES: Final = ("scorecard", "start", "new-start")
"""The files of published figures that come with OpenMPCA, each with its sources."""
_KINDS: Final = tuple(
    name.partition(".")[2] for name, each in KINDS.items() if each.struct.__module__ == statements.__name__
)


def example(name: str) -> bytes:
    """A file of published figures that comes with OpenMPCA."""
    return (files(__package__) / "data" / f"{name}.toml").read_bytes()


def load(path: Path) -> bytes:
    """The bytes of a file. Raises `Refused` where it is larger than such a file can be."""
    if path.stat().st_size > LARGEST:
        raise Refused([of_asking(f"{path.name} has more than {LARGEST >> 20} MiB.", mend="Read it in parts.")])
    return path.read_bytes()


def read(data: bytes) -> list[Statement]:
    """The statements of a file, those that others name first. Raises `Refused` with all that is wrong."""
    try:
        tables: dict[str, Any] = tomllib.loads(data.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise Refused([of_asking(f"The file is no TOML: {error}.")]) from None
    shared = tables.pop("all", {})
    unknown = sorted(set(tables) - set(_KINDS))
    if unknown or not isinstance(shared, dict):
        message = f"Such a file has no {', '.join(unknown) or 'list of what all statements have'}."
        raise Refused([of_asking(message, mend=f"It holds {', '.join(_KINDS)}.")])
    return entry.statements([*_given(tables, shared)])


def _given(tables: dict[str, Any], shared: dict[str, Any]) -> Iterator[entry.Given]:
    for name in _KINDS:
        found = tables.get(name, [])
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise Refused([of_asking(f"{name} is no list of tables.", mend=f"Write [[{name}]] before each.")])
        allowed = set(KINDS[f"{ROOM}.{name}"].struct.__struct_fields__)
        for each in found:
            fields = {**{key: value for key, value in shared.items() if key in allowed}, **each}
            yield entry.Given(f"{ROOM}.{name}", {key: _plain(value) for key, value in fields.items()})


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
