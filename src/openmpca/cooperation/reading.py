"""Files of figures and lists with their sources, read as statements of this room.

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
2. Only kinds of this room stand in such a file: a file of figures founds no other matters.
3. What a table names stands before it in the record: tables are stated in the order in which the room has its kinds.
"""

import tomllib
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from openmpca.cooperation.statements import ROOM
from openmpca.problems import of_asking
from openmpca.record import entry
from openmpca.record.record import Refused
from openmpca.record.statements import KINDS, Statement

LARGEST: Final = 8 << 20
EXAMPLES: Final = {
    "scorecard": "elimination",
    "start": "elimination",
    "new-start": "elimination",
    "indicators": "handover",
}
"""The files that come with OpenMPCA, each with its sources, and the subject that each is of."""


def _kinds() -> list[str]:
    return [name.partition(".")[2] for name, each in KINDS.items() if each.room == ROOM]


def example(name: str) -> bytes:
    """A file that comes with OpenMPCA."""
    return (files(__package__) / EXAMPLES[name] / "data" / f"{name}.toml").read_bytes()


def load(path: Path) -> bytes:
    """The bytes of a file. Raises `Refused` where it is larger than such a file can be."""
    if path.stat().st_size > LARGEST:
        raise Refused([of_asking(f"{path.name} has more than {LARGEST >> 20} MiB.", mend="Read it in parts.")])
    return path.read_bytes()


def read(data: bytes, on: date | None = None) -> list[Statement]:
    """The statements of a file; ``on`` is their day where it tells none. Raises `Refused` with all that is wrong."""
    try:
        tables: dict[str, Any] = tomllib.loads(data.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise Refused([of_asking(f"The file is no TOML: {error}.")]) from None
    shared = tables.pop("all", {})
    unknown = sorted(set(tables) - set(_kinds()))
    if unknown or not isinstance(shared, dict):
        message = f"Such a file has no {', '.join(unknown) or 'list of what all statements have'}."
        raise Refused([of_asking(message, mend=f"It holds {', '.join(_kinds())}.")])
    return entry.statements([*_given(tables, {**({"day": on} if on else {}), **shared})])


def _given(tables: dict[str, Any], shared: dict[str, Any]) -> Iterator[entry.Given]:
    for name in _kinds():
        found = tables.get(name, [])
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise Refused([of_asking(f"{name} is no list of tables.", mend=f"Write [[{name}]] before each.")])
        allowed = set(KINDS[f"{ROOM}.{name}"].struct.__struct_fields__)
        for each in found:
            fields = {**{key: value for key, value in shared.items() if key in allowed}, **each}
            yield entry.Given(f"{ROOM}.{name}", {key: _plain(value) for key, value in fields.items()})


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
