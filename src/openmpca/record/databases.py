"""Connections: pointing one at another database, and reading a database as it stood at one moment.

Rules kept here:

1. A snapshot is a connection of its own in one transaction (deferred on SQLite, REPEATABLE READ on PostgreSQL), read
   only: it sees the record as it stood when it was opened, and neither waits for writers nor keeps them waiting.
2. Connections belong to the thread that opened them.
3. A thread of the server keeps its connections from one request to the next: opening one costs more than most
   questions. Where its file is another one meanwhile, because a copy was put in its place, it is opened anew.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.core.signals import request_started
from django.db import connections, transaction
from django.db.backends.signals import connection_created

SNAPSHOT: Final = "snapshot"


def use_database(settings: dict[str, Any], alias: str = "default") -> None:
    """Point a connection of this thread at another database; what was open under that name is closed."""
    leave_database(alias)
    # Django asks for a default among the databases that it completes.
    made = connections.configure_settings({"default": {}, alias: {**settings}})
    connections.settings[alias] = made[alias]


def leave_database(alias: str) -> None:
    """Close a connection of this thread and forget it; ``default`` stays known and opens again when it is used."""
    if alias in connections.settings:
        connections[alias].close()
        del connections[alias]
    if alias != "default":
        connections.settings.pop(alias, None)


@contextmanager
def attached(settings: dict[str, Any], alias: str) -> Iterator[str]:
    """A further database under an alias, for the length of a block."""
    use_database(settings, alias)
    try:
        yield alias
    finally:
        leave_database(alias)


def follow_files() -> None:
    """From now on, look before each request whether connections are to the files that are there (rule 3)."""
    connection_created.connect(_note_file, dispatch_uid="openmpca file")
    request_started.connect(_leave_other_files, dispatch_uid="openmpca file")


def _note_file(sender: object, connection: Any, **rest: object) -> None:
    connection.opened_file = _file(connection)


def _leave_other_files(sender: object, **rest: object) -> None:
    for each in connections.all(initialized_only=True):
        is_free = each.connection is not None and not each.in_atomic_block
        if is_free and _file(each) != getattr(each, "opened_file", None):
            each.close()


def _file(connection: Any) -> tuple[int, int] | None:
    """Which file a connection is to; None where it is to a server, or to nothing any more."""
    try:
        found = Path(connection.settings_dict["NAME"]).stat() if connection.vendor == "sqlite" else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found else None


def sqlite_file(path: Path, *, read_only: bool = False) -> dict[str, Any]:
    """Settings for a SQLite file that is nobody's home: a backup, or scratch."""
    options: dict[str, Any] = {"transaction_mode": "DEFERRED", "timeout": 60}
    if read_only:
        options["init_command"] = "PRAGMA query_only=ON;"
    else:
        options["init_command"] = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;"
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": options}


@contextmanager
def snapshot(of: str = "default") -> Iterator[str]:
    """The alias of a connection that sees a database as it stands now, for the length of a block."""
    with attached(_frozen(connections.settings[of]), SNAPSHOT) as alias, transaction.atomic(using=alias):
        with connections[alias].cursor() as cursor:
            if connections[alias].vendor == "postgresql":
                cursor.execute("SET TRANSACTION READ ONLY")
            cursor.execute("SELECT size FROM record_head")
            cursor.fetchall()
        yield alias


def _frozen(settings: dict[str, Any]) -> dict[str, Any]:
    if "sqlite" in settings["ENGINE"]:
        options = {"transaction_mode": "DEFERRED", "timeout": 60}
        pragmas = "PRAGMA query_only=ON; PRAGMA cache_size=-65536;"
        return {**settings, "OPTIONS": {**options, "init_command": pragmas}}
    from psycopg import IsolationLevel

    return {**settings, "OPTIONS": {**settings["OPTIONS"], "isolation_level": IsolationLevel.REPEATABLE_READ}}


def rows(alias: str, sql: str, at_once: int = 4000) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a query in lists, streamed; inside a transaction. SQLite's text comes as bytes, as it is stored."""
    connection = connections[alias]
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        raw = connection.connection
        before, raw.text_factory = raw.text_factory, bytes
        cursor = raw.cursor()
        cursor.execute(sql)
    else:
        raw, before = None, None
        cursor = connection.connection.cursor(name="rows_in_order")
        cursor.execute(sql)
    try:
        while part := cursor.fetchmany(at_once):
            yield part
    finally:
        cursor.close()
        if raw is not None:
            raw.text_factory = before
