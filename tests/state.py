"""States for tests: fresh ones in a moment, on both databases, founded and with people who may act.

A database is migrated once per test run and worker; each test gets a copy of it. What many tests tell first is told
once too, and copied (`told_once`). The home's configuration names the database, so commands that a test runs in
processes of their own find it by OPENMPCA_HOME alone.
"""

import os
import secrets
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import psycopg

from openmpca.record.home import CONFIGURATION
from openmpca.record.opening import make_tables, open_home
from tests.setting_up import set_up

NOWHERE = Path(tempfile.gettempdir()) / "openmpca-no-home-is-open"
PARTY = "SRA"
BEGINNING = date(2000, 1, 1)
ROLES_GIVEN = ("authority", "officer", "custodian")
T = TypeVar("T")


@dataclass(frozen=True)
class State:
    """A State for one test: the folder of its home, and where its database is."""

    folder: Path
    vendor: str
    url: str = ""

    def environment(self) -> dict[str, str]:
        """What a process needs to work in this State's home."""
        return {**os.environ, "OPENMPCA_HOME": str(self.folder)}

    def raw(self) -> Any:
        """A connection past all of OpenMPCA, as somebody has who holds the machine."""
        if self.url:
            return psycopg.connect(self.url, autocommit=True)
        return sqlite3.connect(self.folder / "openmpca.sqlite3", isolation_level=None)


def close_home() -> None:
    """Leave the home that is open, so that a test without a State of its own meets none."""
    for name in ("BY", "PARTY", "DATABASE", "BACKUPS", "PROFILE"):
        os.environ.pop(f"OPENMPCA_{name}", None)
    open_home(NOWHERE)


set_up()
close_home()


def write_configuration(folder: Path, url: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CONFIGURATION).write_text(f'database = "{url}"\n', encoding="utf-8")


def sqlite_template(folder: Path) -> Path:
    """The file of an empty State with all its tables."""
    write_configuration(folder)
    open_home(folder)
    make_tables()
    close_home()
    return folder / "openmpca.sqlite3"


@contextmanager
def sqlite_state(template: Path, folder: Path) -> Iterator[State]:
    """A State on a copy of the template's file."""
    write_configuration(folder)
    shutil.copyfile(template, folder / "openmpca.sqlite3")
    open_home(folder)
    try:
        yield State(folder, "sqlite")
    finally:
        close_home()


def on_server(server: str, sql: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.encode())


def address(server: str, name: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


@contextmanager
def postgresql_template(server: str, folder: Path) -> Iterator[str]:
    """The name of a database of an empty State with all its tables."""
    name = f"openmpca_template_{secrets.token_hex(6)}"
    on_server(server, f'CREATE DATABASE "{name}" TEMPLATE template0')
    write_configuration(folder, address(server, name))
    open_home(folder)
    make_tables()
    close_home()
    try:
        yield name
    finally:
        on_server(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def postgresql_state(server: str, template: str, folder: Path) -> Iterator[State]:
    """A State on a copy of the template's database."""
    name = f"openmpca_{secrets.token_hex(6)}"
    on_server(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    url = address(server, name)
    write_configuration(folder, url)
    open_home(folder)
    try:
        yield State(folder, "postgresql", url)
    finally:
        close_home()
        on_server(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


_told: dict[tuple[Any, ...], tuple[bytes, Any]] = {}
"""By what was told in which circumstances: the file of the database after it, and what came of telling it."""


def told_once(name: str, tell: Callable[[], T]) -> T:
    """What comes of telling something to the empty State that is open. On SQLite it is told once in each process, then
    copied: what is told by one name must be the same each time, stand in the database alone, and never be changed.

    Told anew where anything stands in the record, where the configuration or the clock is another, and where branches
    are measured that were not when it was told.
    """
    from django.db import connection

    from openmpca.record import clock
    from openmpca.record.home import home
    from openmpca.record.record import head

    if connection.vendor != "sqlite" or head()[0]:
        return tell()
    given = tuple(sorted(each for each in os.environ.items() if each[0].startswith("OPENMPCA_")))
    given = tuple(each for each in given if each[0] != "OPENMPCA_HOME")
    configuration = (home() / CONFIGURATION).read_text(encoding="utf-8")
    key = (name, configuration, given, clock.now_us, sys.gettrace() is None)
    if key in _told:
        database, came = _told[key]
        connection.close()
        Path(connection.settings_dict["NAME"]).write_bytes(database)
        return came
    came = tell()
    _told[key] = connection.connection.serialize(), came
    return came


def at(text: str) -> Any:
    """The circumstances of a moment, written `2026-03-31` or `2026-03-31T12:00:00`, in UTC."""
    from openmpca.record.clock import to_us
    from openmpca.record.commands import Circumstances

    return Circumstances(moment_us=to_us(datetime.fromisoformat(text).replace(tzinfo=UTC)))


def founded(party: str = PARTY, roles: Iterable[str] = ROLES_GIVEN) -> Any:
    """Found the record of the State that is open: a party with two administrators, "anna" and "boris", who hold the
    other roles too, everywhere and since 2000-01-01. Gives the act of anna with boris' approval; see `alone`."""
    from openmpca.record import commands
    from openmpca.record.act import Act
    from openmpca.record.statements import Founding, Grant

    people = ["anna", "boris"]
    founding = Founding(
        day=BEGINNING, of_party=party, name="State regulatory authority", persons=people, demonstration=True
    )
    names = {person: (person, person.title()) for person in people}
    commands.found_record(founding, names, when=at("2000-01-01"))
    act = Act(party=party, prepared_by="anna", approved_by=["boris"])
    given = [Grant(day=BEGINNING, person=who, for_party=party, role=role) for who in people for role in roles]
    if given:
        commands.state(given, act, when=at("2000-01-01"))
    return act


def alone(act: Any, person: str = "anna") -> Any:
    """The act of one person without approval."""
    from openmpca.record.act import Act

    return Act(party=act.party, prepared_by=person)
