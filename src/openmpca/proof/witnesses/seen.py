"""What this home has seen of logs: what its witness cosigned, what it followed, what the witnesses of its log hold.

    with seen.turn() as kept:
        before = kept.last(seen.WITNESSED, origin)
        kept.put(seen.WITNESSED, seen.Seen(origin, ...))

Rules kept here:

1. It lies beside the keys, `keys/seen.sqlite3`, and in no backup of the database: a witness that forgot what it
   cosigned would cosign a fork. Each file has a number of its own, by which another one in its place is noticed (see
   `witnessing`); who lost it makes a new witness key.
2. A turn holds the file from its first reading to its end, against every other thread and process; what was put is on
   the disk when the turn ends, or nothing of it is.
3. Of each log the largest tree stands there with the note that showed it; a smaller one never takes its place.

Source: C2SP tlog-witness, "atomically"; issue "Prove it", witness.
"""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from openmpca.proof.keyring import keyfolder

FILE: Final = "seen.sqlite3"
WITNESSED: Final = "witnessed"
FOLLOWED: Final = "followed"
PATIENCE: Final = 30.0

_NUMBERS: Final = (1 << 31) - 1
_TABLE: Final = """
    CREATE TABLE IF NOT EXISTS seen (
        how TEXT NOT NULL, origin TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, note BLOB NOT NULL,
        seconds INTEGER NOT NULL, PRIMARY KEY (how, origin)
    ) WITHOUT ROWID
"""


class Seen(NamedTuple):
    """A tree of a log, with the note that showed it, and when that was."""

    origin: str
    size: int
    root: bytes
    note: bytes
    seconds: int


class Kept:
    """The file, within a turn."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @property
    def identity(self) -> int:
        """The number of this file, drawn when it was made."""
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    def begin(self) -> None:
        """Make the table and draw the number, where the file is new."""
        self._connection.execute(_TABLE)
        if not self.identity:
            self._connection.execute(f"PRAGMA user_version = {secrets.randbelow(_NUMBERS) + 1:d}")

    def last(self, how: str, origin: str) -> Seen | None:
        """The largest tree that was seen so."""
        sql = "SELECT origin, size, root, note, seconds FROM seen WHERE how = ? AND origin = ?"
        row = self._connection.execute(sql, (how, origin)).fetchone()
        return Seen(*row) if row else None

    def every(self, how: str) -> list[Seen]:
        """All that was seen so, by origin."""
        sql = "SELECT origin, size, root, note, seconds FROM seen WHERE how = ? ORDER BY origin"
        return [Seen(*row) for row in self._connection.execute(sql, (how,))]

    def put(self, how: str, seen: Seen) -> None:
        """Keep it as what was seen last; a smaller tree than the one kept is ignored."""
        sql = (
            "INSERT INTO seen (how, origin, size, root, note, seconds) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (how, origin) DO UPDATE SET size = excluded.size, root = excluded.root,"
            " note = excluded.note, seconds = excluded.seconds WHERE excluded.size >= seen.size"
        )
        self._connection.execute(sql, (how, *seen))


def asked_of(witness: str) -> str:
    """How that is called which a witness is known to hold of this home's log."""
    return f"asked of {witness}"


@contextmanager
def turn(folder: Path | None = None) -> Iterator[Kept]:
    """The file for the length of a block, alone; an exception leaves nothing behind."""
    path = (keyfolder.made() if folder is None else folder) / FILE
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = EXTRA")
        connection.execute("BEGIN IMMEDIATE")
        try:
            kept = Kept(connection)
            kept.begin()
            yield kept
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
