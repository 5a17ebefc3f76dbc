"""Which database holds what: the record in its own, accounts, sessions, drafts and events in that of the pages.

A long import holds the one writer of SQLite's record for a minute and more; signing in, drafts and the list of events
must not wait for it. On PostgreSQL both are one database. Source: decision 14.
"""

from pathlib import Path
from typing import Any, Final

from django.db.models import Model

WEB: Final = "web"
FILE: Final = "web.sqlite3"
OF_THE_PAGES: Final = frozenset({"web", "auth", "contenttypes", "sessions", "account", "mfa"})


class Router:
    """Sends the applications of the pages to their database, all others to the record's."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        """Where a model is read."""
        return WEB if model._meta.app_label in OF_THE_PAGES else None

    def db_for_write(self, model: type[Model], **hints: Any) -> str | None:
        """Where a model is written."""
        return self.db_for_read(model)

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool | None:
        """Things of one database may speak of each other."""
        return (one._meta.app_label in OF_THE_PAGES) == (other._meta.app_label in OF_THE_PAGES)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """Tables are made where they are kept."""
        return (app_label in OF_THE_PAGES) == (db == WEB)


def open_pages() -> None:
    """Point the pages' database beside the record of the home that is open, and make its tables."""
    point()
    make_tables()


def make_tables() -> None:
    """Bring the tables of the pages' database to this version."""
    from openmpca.record import versions

    versions.migrate(WEB)


def point() -> None:
    """Point the pages' database beside the record of the home that is open."""
    from django.db import connections

    from openmpca.record.databases import use_database

    record = connections.settings["default"]
    settings = dict(record)
    if record["ENGINE"].endswith("sqlite3"):
        path = Path(record["NAME"]).with_name(FILE)
        path.touch(mode=0o600)
        options = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
        settings = {**settings, "NAME": str(path), "OPTIONS": options}
    use_database(settings, WEB)
