"""Opening a home: Django set up on its database, tables made where they are missing.

One process has one home open at a time. Opening another one closes the connections of the first; opening the same one
again costs nothing unless its configuration has changed since.
"""

import os
from pathlib import Path
from typing import Any

_opened: dict[str, Any] | None = None


def open_home(folder: Path | None = None) -> None:
    """Set Django up on a home; called again with another folder or configuration, it moves the connection there."""
    global _opened
    if folder is not None:
        os.environ["OPENMPCA_HOME"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openmpca.web.settings")
    import django
    from django.apps import apps

    from openmpca.record.home import configuration, database, home

    wanted = database(configuration().database, home())
    if not apps.ready:
        django.setup()
    if _opened != wanted:
        from openmpca.record.databases import use_database

        use_database(wanted)
    _opened = wanted


def readable() -> bool:
    """Whether the home that is open has a record with the tables of this version; no file is made by asking."""
    from django.db import DatabaseError, connections

    from openmpca.record import record, versions

    given = connections.settings["default"]
    if given["ENGINE"].endswith("sqlite3") and not Path(given["NAME"]).exists():
        return False
    try:
        return record.head()[0] > 0 and versions.derived_by_this()
    except DatabaseError:
        return False


def make_tables_of_a_new_file() -> None:
    """Make the tables of a record in a file, where there is no file yet."""
    from django.db import connections

    given = connections.settings["default"]
    if given["ENGINE"].endswith("sqlite3") and not Path(given["NAME"]).exists():
        make_tables()


def make_tables() -> None:
    """Bring the database to this version: migrate the record and the operational tables, make the derived tables of an
    empty record. Those of a record with statements are made by `openmpca rebuild --replace` alone, which fills them."""
    from openmpca.record import record, tables, versions

    _for_the_owner_alone()
    versions.migrate()
    if record.head()[0] == 0:
        tables.drop()
        tables.create()
        versions.mark_derived()


def _for_the_owner_alone() -> None:
    """Make the file of an SQLite database that is not there yet, so that nobody else may read it, whoever made the
    folder; the files that SQLite puts beside it take the same mode."""
    from django.db import connections

    given = connections.settings["default"]
    path = Path(given["NAME"])
    if given["ENGINE"].endswith("sqlite3") and path.parent.is_dir() and not path.exists():
        path.touch(mode=0o600)
