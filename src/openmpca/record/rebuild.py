"""Rebuild: every derived table made anew from the record, and compared with the one in use.

Rules kept here:

1. Everything is derived into a scratch database (a file beside the home's, or a schema of its own on PostgreSQL) from
   the record as it stood at one moment; what is written meanwhile is neither waited for nor mistaken for a
   difference.
2. Rows are compared one by one, in the order of their keys; the first that differs is named for every table.
3. Replacing happens in one transaction that holds the record's lock: nobody reads a table half replaced.

Source: design, ideas 1 and 2.
"""

import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

from django.db import connection, connections, transaction
from django.db.models import Model

from openmpca.problems import Problem, rule
from openmpca.record import reading, tables, versions
from openmpca.record.databases import attached, rows, snapshot, sqlite_file
from openmpca.record.home import home
from openmpca.record.known import Known
from openmpca.record.rooms import ROOMS, derived_models
from openmpca.record.turn import turn

SCRATCH: Final = "scratch"
DERIVED: Final = rule(
    40,
    "Derived tables are what the record gives",
    source="design idea 1",
    mend="Run `openmpca verify`; when the record holds, run `openmpca rebuild --replace`.",
)

Progress = Callable[[int], None]
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild found: the size and root that it was made from, and the first difference of each table."""

    size: int
    root: bytes
    problems: list[Problem]
    replaced: bool


def rebuild(*, replace: bool = False, progress: Progress | None = None) -> Rebuilt:
    """Derive every table anew and compare; with ``replace``, put the rebuilt tables in the place of those in use."""
    with scratch() as alias:
        tables.create(alias)
        with snapshot() as seen:
            size, root = _head(seen)
            derive(0, size, alias, seen, progress)
            problems = [found for model in derived_models() for found in _difference(model, seen, alias)]
        if replace:
            _replace(alias, size)
    return Rebuilt(size, root, problems, replace)


def derive(start: int, end: int, into: str, source: str, progress: Progress | None = None) -> None:
    """Derive the statements from ``start`` up to ``end``, as stored in ``source``, into the tables of ``into``."""
    with transaction.atomic(using=into):
        for segment in reading.segments(start, end, source):
            known = Known(into, segment.frame["number"][0])
            tables.insert(ROOMS[segment.kind.room].derive(segment, known), into)
            if progress is not None:
                progress(segment.frame.height)


@contextmanager
def scratch() -> Iterator[str]:
    """The alias of an empty database that is thrown away at the end of the block."""
    if connection.vendor == "postgresql":
        with _scratch_schema() as alias:
            yield alias
        return
    with (
        tempfile.TemporaryDirectory(prefix="scratch-", dir=home()) as folder,
        attached(sqlite_file(Path(folder) / "scratch.sqlite3"), SCRATCH) as alias,
    ):
        yield alias


@contextmanager
def _scratch_schema() -> Iterator[str]:
    name = f"openmpca_scratch_{secrets.token_hex(4)}"
    settings = connections.settings["default"]
    options = {**settings["OPTIONS"], "options": f"-c search_path={name}"}
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {name}")
    try:
        with attached({**settings, "OPTIONS": options}, SCRATCH) as alias:
            yield alias
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {name} CASCADE")


def _head(alias: str) -> tuple[int, bytes]:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT size, root FROM record_head WHERE id = 1")
        row = cursor.fetchone()
    return (row[0], bytes(row[1])) if row else (0, b"")


def _difference(model: type[Model], stored: str, derived: str) -> Iterator[Problem]:
    """The first row of a table that is not what the record gives."""
    table, names = model._meta.db_table, tables.columns(model)
    if names != _columns(table, stored):
        yield DERIVED.problem("The table is missing, or has other columns.", record=table)
        return
    # The sign keeps SQLite's driver from reading values as the column's type, where any number but 1 is the same False.
    bare = "+" if connections[stored].vendor == "sqlite" else ""
    chosen = ", ".join(f'{bare}"{name}"' for name in names)
    order = ", ".join(f'"{name}"' for name in tables.key(model))
    sql = f'SELECT {chosen} FROM "{table}" ORDER BY {order}'  # noqa: S608  names of our own tables
    with transaction.atomic(using=derived):
        for mine, theirs in zip_longest(rows(stored, sql), rows(derived, sql), fillvalue=list[Row]()):
            if mine != theirs:
                place = [names.index(name) for name in tables.key(model)]
                yield _named(table, names, place, mine, theirs)
                return


def _columns(table: str, alias: str) -> list[str]:
    using = connections[alias]
    if table not in using.introspection.table_names():
        return []
    with using.cursor() as cursor:
        return [each.name for each in using.introspection.get_table_description(cursor, table)]


def _named(table: str, names: list[str], place: list[int], stored: list[Row], derived: list[Row]) -> Problem:
    one, two = next(pair for pair in zip_longest(stored, derived) if pair[0] != pair[1])
    keys = [None if row is None else tuple(row[at] for at in place) for row in (one, two)]
    key = " ".join(f"{names[at]}={_shown(value)}" for at, value in zip(place, keys[0] or keys[1] or (), strict=True))
    if one is not None and two is not None and keys[0] == keys[1]:
        at = next(at for at in range(len(names)) if one[at] != two[at])
        message = f"{names[at]} is {_shown(one[at])}, the record gives {_shown(two[at])}."
        return DERIVED.problem(message, record=f"{table} {key}", field=names[at])
    message = f"Here the table and the record part: stored is {_row(one)}, the record gives {_row(two)}."
    return DERIVED.problem(message, record=f"{table} {key}")


def _row(row: Row | None) -> str:
    return "nothing" if row is None else f"({', '.join(map(_shown, row))})"


def _shown(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _replace(alias: str, size: int) -> None:
    """Bring the scratch tables up to the newest statement and put them in place, in one turn."""
    names = [model._meta.db_table for model in derived_models()]
    if connection.vendor == "postgresql":
        with turn("openmpca rebuild") as head:
            derive(size, head.size, alias, "default")
            _swap_schema(alias, names)
            versions.mark_derived()
        return
    file = connections.settings[alias]["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("ATTACH DATABASE %s AS rebuilt", [file])
        try:
            with turn("openmpca rebuild") as head:
                derive(size, head.size, alias, "default")
                connections[alias].close()
                _copy_file(names)
                versions.mark_derived()
        finally:
            cursor.execute("DETACH DATABASE rebuilt")


def _swap_schema(alias: str, names: list[str]) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = cursor.fetchone()[0]
    connections[alias].close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        own = cursor.fetchone()[0]
        for name in names:
            cursor.execute(f'DROP TABLE IF EXISTS "{name}"')
            cursor.execute(f'ALTER TABLE "{schema}"."{name}" SET SCHEMA "{own}"')


def _copy_file(names: list[str]) -> None:
    with connection.cursor() as cursor:
        for name in names:
            made = "SELECT sql FROM rebuilt.sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL ORDER BY type DESC"
            cursor.execute(made, [name])
            first, *indexes = [row[0] for row in cursor.fetchall()]
            cursor.execute(f'DROP TABLE IF EXISTS main."{name}"')
            cursor.execute(first)
            cursor.execute(f'INSERT INTO main."{name}" SELECT * FROM rebuilt."{name}"')  # noqa: S608  our own tables
            for sql in indexes:
                cursor.execute(sql)
