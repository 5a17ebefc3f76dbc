"""Opening a home: Django set up on its database, tables made where they are missing."""

import os
from pathlib import Path
from typing import Any

_opened: Path | None = None


def open_home(folder: Path | None = None) -> None:
    """Set Django up on a home; called again with another folder, it moves the connection there."""
    global _opened  # noqa: PLW0603  Django itself is one per process
    if folder is not None:
        os.environ["OPENMPCA_HOME"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openmpca.web.settings")
    import django

    django.setup()
    from openmpca.record.home import configuration, database, home

    if _opened is not None and _opened != home():
        use_database(database(configuration().database, home()))
    _opened = home()


def use_database(settings: dict[str, Any], alias: str = "default") -> None:
    """Point a connection at another database."""
    from django.db import connections

    if hasattr(connections._connections, alias):
        connections[alias].close()
        del connections[alias]
    connections.settings[alias] = {**connections.configure_settings({"default": {}, alias: {**settings}})[alias]}


def make_tables() -> None:
    """Bring the database to this version: migrate the record and the operational tables, make missing derived tables."""
    from django.core.management import call_command

    from openmpca.record import tables

    call_command("migrate", verbosity=0, interactive=False)
    tables.create()
