"""Derived tables in bulk: made, filled, dropped and compared without the object mapper.

Rows go in by executemany on SQLite and by COPY on PostgreSQL, several times quicker than bulk_create (measured in the
benchmarks).
"""

from collections.abc import Iterable
from typing import Any

import polars as pl
from django.db import connections
from django.db.models import Model
from polars import selectors

from openmpca.record.rooms import ROOMS, Tables, derived_models


def create(using: str = "default") -> None:
    """Make every derived table that does not exist, with its indexes, which Django leaves out of unmanaged tables.

    On SQLite the rows stand in their primary key (WITHOUT ROWID), which spares a second tree for each table.
    """
    connection = connections[using]
    present = set(connection.introspection.table_names())
    with connection.schema_editor() as editor:
        if connection.vendor == "sqlite":
            editor.sql_create_table += " WITHOUT ROWID"
        for model in derived_models():
            if model._meta.db_table not in present:
                editor.create_model(model)
                for index in model._meta.indexes:
                    editor.add_index(model, index)


def drop(using: str = "default") -> None:
    """Drop every derived table."""
    connection = connections[using]
    present = set(connection.introspection.table_names())
    with connection.schema_editor() as editor:
        for model in derived_models():
            if model._meta.db_table in present:
                editor.delete_model(model)


def drop_rows(using: str = "default") -> None:
    """Empty every derived table."""
    with connections[using].cursor() as cursor:
        for model in derived_models():
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608  names of our own tables


def columns(model: type[Model]) -> list[str]:
    """The column names of a table, in order."""
    return [each.column for each in model._meta.concrete_fields if each.column]


def key(model: type[Model]) -> list[str]:
    """The columns of a table's primary key."""
    names = [each.column for each in model._meta.pk_fields]
    return [name for name in names if name]


def drop_indexes(names: Iterable[str], using: str = "default") -> list[str]:
    """Drop indexes inside the open transaction; gives what makes them again.

    Many new rows are sorted at once in a third of the time that it takes to place each. On SQLite alone: on PostgreSQL
    readers would have to wait until the commit.
    """
    wanted = list(names)
    if connections[using].vendor != "sqlite" or not wanted:
        return []
    marks = ", ".join(["%s"] * len(wanted))
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND name IN ({marks})", wanted)  # noqa: S608
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f'DROP INDEX "{name}"')
    return [sql for _, sql in found]


def make_indexes(made: Iterable[str], using: str = "default") -> None:
    """Make again what `drop_indexes` dropped."""
    with connections[using].cursor() as cursor:
        for sql in made:
            cursor.execute(sql)


def insert(tables: Tables, using: str = "default") -> None:
    """Insert the derived rows of some statements; additive tables are summed where the key exists."""
    additive = {model for room in ROOMS.values() for model in room.additive}
    for model, frame in tables.items():
        if frame.height:
            names = columns(model)
            insert_rows(
                model._meta.db_table,
                names,
                _rows(frame.select(names), connections[using].vendor),
                using,
                conflict=key(model) if model in additive else None,
            )


def _rows(frame: pl.DataFrame, vendor: str) -> list[tuple[Any, ...]]:
    # SQLite keeps dates as text; here that is many times quicker than value by value.
    dated = vendor == "sqlite" and pl.Date in frame.dtypes
    return (frame.with_columns(selectors.date().cast(pl.String)) if dated else frame).rows()


def insert_rows(
    table: str, names: list[str], rows: Iterable[tuple[Any, ...]], using: str, conflict: list[str] | None = None
) -> None:
    """Insert rows; with ``conflict`` the last column is added to what stands under that key."""
    connection = connections[using]
    quoted = ", ".join(f'"{name}"' for name in names)
    if connection.vendor == "postgresql" and conflict is None:
        with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({quoted}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
        return
    mark = "%s" if connection.vendor == "postgresql" else "?"
    sql = f'INSERT INTO "{table}" ({quoted}) VALUES ({", ".join([mark] * len(names))})'  # noqa: S608  names of our own tables
    if conflict is not None:
        last = f'"{names[-1]}"'
        target = ", ".join(f'"{name}"' for name in conflict)
        sql += f' ON CONFLICT ({target}) DO UPDATE SET {last} = "{table}".{last} + excluded.{last}'
    connection.ensure_connection()
    raw = connection.connection.cursor()
    try:
        raw.executemany(sql, rows)
    finally:
        raw.close()
