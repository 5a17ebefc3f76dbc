"""The doctor: what may be wrong with a home, each with its mend.

Each check is one function that gives findings; none changes anything, and none stops the others.
"""

import os
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal

import msgspec
from django.db import DatabaseError, connection

from openmpca.record import clock, home, versions
from openmpca.record.backup import LAST
from openmpca.record.layout import counted
from openmpca.record.models import Head, Row, Setting, Tile
from openmpca.record.record import read_leaves
from openmpca.record.rooms import ROOMS
from openmpca.tlog.tree import TILE_WIDTH

Status = Literal["fine", "warning", "wrong"]

DAYS_WITHOUT_BACKUP: Final = 7
FREE_BYTES_WARNING: Final = 1 << 30
FREE_BYTES_WRONG: Final = 100 << 20
EARLIEST_US: Final = 1_767_225_600_000_000
_DAY_US: Final = 86_400_000_000


class Finding(msgspec.Struct, frozen=True):
    """What one check found."""

    name: str
    status: Status
    message: str
    mend: str = ""


Check = Callable[[], Iterator[Finding]]


def examine() -> list[Finding]:
    """Every check, in order; one that cannot be made is itself a finding."""
    found: list[Finding] = []
    for name, check in (CHECKS | {f"room {room.name}": room.examine for room in ROOMS.values()}).items():
        try:
            found += check()
        except (DatabaseError, OSError, home.ConfigurationError) as error:
            found.append(Finding(name, "wrong", str(error).strip(), "Mend what stands above this first."))
    return found


def _home() -> Iterator[Finding]:
    folder = home.home()
    if not folder.is_dir():
        yield Finding("home", "wrong", f"There is no folder {folder}.", "Run `openmpca init`, or name another home.")
    elif not os.access(folder, os.W_OK):
        yield Finding("home", "wrong", f"Nobody may write in {folder}.", "Give the user of OpenMPCA that permission.")
    else:
        yield Finding("home", "fine", f"{folder} can be written.")


def _configuration() -> Iterator[Finding]:
    given = home.configuration()
    where = "PostgreSQL" if given.database else "SQLite"
    yield Finding("configuration", "fine", f"It can be read: {where}, acting by default {given.by or 'nobody'}.")
    path = home.home() / home.CONFIGURATION
    if given.database and path.exists() and _others_read(path):
        mend = f"Run `chmod 600 {path}`: it may hold the password of the database."
        yield Finding("configuration", "warning", f"Others may read {path}.", mend)


def _database() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW server_version")
            yield Finding("database", "fine", f"PostgreSQL {cursor.fetchone()[0]} answers.")
            yield from _postgresql_settings()
            return
        cursor.execute("SELECT sqlite_version()")
        yield Finding("database", "fine", f"SQLite {cursor.fetchone()[0]} answers.")
        cursor.execute("PRAGMA journal_mode")
        journal = str(cursor.fetchone()[0])
        cursor.execute("PRAGMA synchronous")
        synchronous = int(cursor.fetchone()[0])
    if journal == "wal" and synchronous >= 2:
        yield Finding("durability", "fine", "Write-ahead log, fully synchronous.")
    else:
        message = f"Journal {journal}, synchronous {synchronous}: a power cut may lose statements."
        yield Finding(
            "durability", "wrong", message, "Keep the home on a local disk; a network folder has no such log."
        )


def _postgresql_settings() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        off = []
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute(f"SHOW {name}")
            if cursor.fetchone()[0] == "off":
                off.append(name)
    if off:
        message = f"{', '.join(off)} off: a power cut may lose statements."
        yield Finding("durability", "wrong", message, "Turn it on in postgresql.conf.")
    else:
        yield Finding("durability", "fine", "The server writes to the disk before it answers.")


def _migrations() -> Iterator[Finding]:
    missing = versions.not_migrated()
    if missing:
        yield Finding("tables", "wrong", f"Not applied: {', '.join(missing)}.", "Back up, then run `openmpca migrate`.")
    else:
        yield Finding("tables", "fine", "The tables are those of this version.")


def _record() -> Iterator[Finding]:
    head = Head.objects.filter(id=1).first()
    if head is None or head.size == 0:
        yield Finding("record", "wrong", "The record is not founded.", "Run `openmpca init`.")
        return
    mend = "Run `openmpca verify`, which names what is wrong."
    count, last = Row.objects.count(), Row.objects.order_by("-number").values_list("number", flat=True).first()
    full = head.size // TILE_WIDTH
    if count != head.size or last != head.size - 1:
        message = f"The head says {counted(head.size, 'statement')}; there are {count}, the last is {last}."
        yield Finding("record", "wrong", message, mend)
    elif full and not _last_tile_agrees(full - 1):
        yield Finding("record", "wrong", f"Tile {full - 1} is not that of its statements.", mend)
    else:
        message = f"{counted(head.size, 'statement')}, root {bytes(head.root).hex()}."
        yield Finding("record", "fine", f"{message} (Quick look; `openmpca verify` checks all of it.)")


def _last_tile_agrees(n: int) -> bool:
    stored = Tile.objects.filter(level=0, n=n).values_list("hashes", flat=True).first()
    try:
        leaves = read_leaves(n * TILE_WIDTH, (n + 1) * TILE_WIDTH)
    except TypeError:  # SQLite lets text stand where bytes belong.
        return False
    return stored is not None and bytes(stored) == b"".join(leaves)


def _derived() -> Iterator[Finding]:
    missing = versions.missing_tables()
    mend = "Run `openmpca rebuild --replace`."
    if missing:
        yield Finding("derived tables", "wrong", f"Missing: {', '.join(missing)}.", mend)
    elif not versions.derived_by_this():
        yield Finding("derived tables", "wrong", "They were made by another version of OpenMPCA.", mend)
    else:
        yield Finding("derived tables", "fine", "They were made by this version.")


def _clock() -> Iterator[Finding]:
    now, last = clock.now_us(), Head.objects.filter(id=1).values_list("recorded_us", flat=True).first() or 0
    mend = "Set the clock of this machine; until then, statements bear the last time that was recorded."
    if now < last:
        message = f"It says {clock.to_text(now)}, before the last statement, {clock.to_text(last)}."
        yield Finding("clock", "wrong", message, mend)
    elif now < EARLIEST_US:
        yield Finding("clock", "wrong", f"It says {clock.to_text(now)}, before this program was written.", mend)
    else:
        zone = time.strftime("%Z %z")
        yield Finding("clock", "fine", f"{clock.to_text(now)[:19]} UTC; the zone of this machine is {zone}.")


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(home.home()).free
    message = f"{free / 1e9:.1f} GB are free where the home is."
    if free >= FREE_BYTES_WARNING:
        yield Finding("disk", "fine", message)
    else:
        status: Status = "wrong" if free < FREE_BYTES_WRONG else "warning"
        yield Finding("disk", status, message, "Make room: an append that finds none is refused as a whole.")


def _backup() -> Iterator[Finding]:
    last = Setting.objects.filter(name=LAST).values_list("value", flat=True).first()
    mend = "Run `openmpca backup FILE`, and keep the file on another machine."
    if last is None:
        yield Finding("backup", "warning", "There was never a backup.", mend)
        return
    days = (clock.now_us() - int(last["us"])) // _DAY_US
    age, of = counted(days, "day"), counted(int(last["size"]), "statement")
    message = f"The last one is {age} old, of {of}: {last['file']}."
    if days > DAYS_WITHOUT_BACKUP:
        yield Finding("backup", "warning", message, mend)
    else:
        yield Finding("backup", "fine", message)


def _keys() -> Iterator[Finding]:
    folder = home.home() / "keys"
    files = sorted(path for path in folder.glob("*") if path.is_file()) if folder.is_dir() else []
    if not files:
        yield Finding("key files", "fine", "There are none yet.")
    for path in files:
        if _others_read(path):
            yield Finding("key files", "wrong", f"Others may read {path}.", f"Run `chmod 600 {path}`.")
        else:
            yield Finding("key files", "fine", f"Only its owner may read {path}.")


def _others_read(path: Path) -> bool:
    return os.name == "posix" and bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


CHECKS: Final[dict[str, Check]] = {
    "home": _home,
    "configuration": _configuration,
    "database": _database,
    "tables": _migrations,
    "record": _record,
    "derived tables": _derived,
    "clock": _clock,
    "disk": _disk,
    "backup": _backup,
    "key files": _keys,
}
