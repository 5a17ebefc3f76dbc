"""Random tampering with the demonstration State behind its back: what is not named by `verify` or `rebuild` is told.

    python trials/tampering.py [--times N] [--seed TEXT] [--no-keep]

Somebody who holds the machine drops the guards and changes one thing: a byte of what is stored, a row. Two changes in
three are to the record, one to the derived tables. Then whole records are cut at their end, or made anew,
consistently.
"""

import argparse
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from trials import _report, _state

FILE = "openmpca.sqlite3"
RECORD = ("record_statement", "record_tile")
FORGERIES = 10
Raw = sqlite3.Connection
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Tampering:
    """What was done, to which table, and which statement `verify` has to name (None where it may name another)."""

    what: str
    table: str
    statement: int | None = None


Tamper = Callable[[Raw, random.Random], Tampering]


class Kept:
    """A home whose file can be put back in a moment."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._kept = folder, folder / "kept"
        self.close()
        shutil.copyfile(folder / FILE, self._kept)

    @staticmethod
    def close() -> None:
        """Leave the database."""
        from django.db import connection

        connection.close()

    def put_back(self) -> None:
        """The file as it was."""
        self.close()
        for ending in ("-wal", "-shm"):
            self.folder.joinpath(FILE + ending).unlink(missing_ok=True)
        shutil.copyfile(self._kept, self.folder / FILE)

    def raw(self) -> Raw:
        """The database without its guards."""
        raw = sqlite3.connect(self.folder / FILE, isolation_level=None)
        for table in RECORD:
            for name in ("no_delete", "no_update"):
                raw.execute(f"DROP TRIGGER IF EXISTS {table}_{name}")
        return raw


def other_byte(value: bytes, chance: random.Random) -> bytes:
    """The bytes with one of them changed."""
    changed = bytearray(value)
    place = chance.randrange(len(changed))
    changed[place] = (changed[place] + chance.randrange(1, 256)) % 256
    return bytes(changed)


def any_statement(raw: Raw, chance: random.Random) -> int:
    """The number of a statement."""
    return chance.randrange(raw.execute("SELECT size FROM record_head").fetchone()[0])


def byte_of_a_column(column: str) -> Tamper:
    """One byte of a column of a statement."""

    def tamper(raw: Raw, chance: random.Random) -> Tampering:
        number = any_statement(raw, chance)
        asked = f"SELECT CAST({column} AS BLOB) FROM record_statement WHERE number = ?"
        value = raw.execute(asked, [number]).fetchone()[0]
        text = f"CAST(? AS {'BLOB' if column == 'entry' else 'TEXT'})"
        raw.execute(
            f"UPDATE record_statement SET {column} = {text} WHERE number = ?", [other_byte(value, chance), number]
        )
        return Tampering(f"byte of {column}", "record_statement", number)

    return tamper


def another_time(raw: Raw, chance: random.Random) -> Tampering:
    """Another time of recording."""
    number = any_statement(raw, chance)
    by = chance.choice([-1, 1]) * chance.randrange(1, 10**9)
    raw.execute("UPDATE record_statement SET recorded_us = recorded_us + ? WHERE number = ?", [by, number])
    return Tampering("time of recording", "record_statement")


def deleted_statement(raw: Raw, chance: random.Random) -> Tampering:
    """A row less."""
    number = any_statement(raw, chance)
    raw.execute("DELETE FROM record_statement WHERE number = ?", [number])
    return Tampering("row deleted", "record_statement", number)


def added_statement(raw: Raw, chance: random.Random) -> Tampering:
    """A copy of a statement under a number that is free."""
    number, size = any_statement(raw, chance), raw.execute("SELECT size FROM record_head").fetchone()[0]
    free = chance.choice([size, size + chance.randrange(1, 1000), -chance.randrange(1, 1000)])
    raw.execute(
        "INSERT INTO record_statement SELECT ?, kind, recorded_us, entry, body FROM record_statement WHERE number = ?",
        [free, number],
    )
    return Tampering("row added", "record_statement", free)


def swapped_statements(raw: Raw, chance: random.Random) -> Tampering:
    """Two statements in each other's place."""
    one = any_statement(raw, chance)
    while (two := any_statement(raw, chance)) == one:
        pass
    for number, to in ((one, -5), (two, one), (-5, two)):
        raw.execute("UPDATE record_statement SET number = ? WHERE number = ?", [to, number])
    return Tampering("rows swapped", "record_statement")


def swapped_bodies(raw: Raw, chance: random.Random) -> Tampering:
    """The bodies of two statements of one kind exchanged."""
    one = any_statement(raw, chance)
    others = raw.execute(
        "SELECT b.number FROM record_statement a JOIN record_statement b ON a.kind = b.kind AND a.number <> b.number"
        " WHERE a.number = ?",
        [one],
    ).fetchall()
    two = chance.choice(others)[0] if others else (one + 1) % 2
    bodies = dict(raw.execute("SELECT number, body FROM record_statement WHERE number IN (?, ?)", [one, two]))
    for number, other in ((one, two), (two, one)):
        raw.execute("UPDATE record_statement SET body = ? WHERE number = ?", [bodies[other], number])
    return Tampering("bodies swapped", "record_statement", min(one, two))


def tile(raw: Raw, chance: random.Random) -> Tampering:
    """A tile with another byte, gone, or once more."""
    level, n, hashes = chance.choice(raw.execute("SELECT level, n, hashes FROM record_tile").fetchall())
    what = chance.choice(["byte", "row deleted", "row added", "rows swapped"])
    if what == "byte":
        raw.execute(
            "UPDATE record_tile SET hashes = ? WHERE level = ? AND n = ?", [other_byte(hashes, chance), level, n]
        )
    elif what == "row deleted":
        raw.execute("DELETE FROM record_tile WHERE level = ? AND n = ?", [level, n])
    elif what == "row added":
        raw.execute("INSERT INTO record_tile VALUES (?, ?, ?)", [level + chance.randrange(2), n + 1000, hashes])
    else:
        raw.execute("UPDATE record_tile SET n = CASE n WHEN 0 THEN -1 ELSE 0 END WHERE n IN (0, 1) AND level = 0")
        raw.execute("UPDATE record_tile SET n = 1 WHERE n = -1")
    return Tampering(what, "record_tile")


def head(raw: Raw, chance: random.Random) -> Tampering:
    """The head with another size, time, root or right edge."""
    column = chance.choice(["size", "recorded_us", "root", "frontier"])
    value = raw.execute(f"SELECT {column} FROM record_head").fetchone()[0]
    other = value + chance.choice([-1, 1]) if isinstance(value, int) else other_byte(value, chance)
    raw.execute(f"UPDATE record_head SET {column} = ?", [other])
    return Tampering(f"{column} changed", "record_head")


IN_RECORD: tuple[Tamper, ...] = (
    *(byte_of_a_column("body") for _ in range(6)),
    *(byte_of_a_column("entry") for _ in range(2)),
    byte_of_a_column("kind"),
    another_time,
    deleted_statement,
    added_statement,
    swapped_statements,
    swapped_bodies,
    tile,
    head,
)


def derived(raw: Raw, chance: random.Random) -> Tampering:
    """A value of a row of a derived table changed, a row gone, added or exchanged with another."""
    from openmpca.record import tables
    from openmpca.record.rooms import derived_models

    filled = [
        each
        for each in derived_models()
        if raw.execute(f"SELECT COUNT(*) FROM {each._meta.db_table}").fetchone()[0] > 1
    ]
    model = chance.choice(filled)
    table, names, key = model._meta.db_table, tables.columns(model), tables.key(model)
    rows = raw.execute(f"SELECT {', '.join(_quoted(names))} FROM {table}").fetchall()
    one, two = chance.sample(rows, 2)
    what = chance.choice(["value", "value", "value", "row deleted", "row added", "rows swapped"])
    place = [names.index(name) for name in key]
    if what == "row deleted":
        _delete(raw, table, names, place, one)
    elif what == "row added":
        _insert(raw, table, _with(one, place[0], 10**15 + chance.randrange(10**6)))
    elif what == "rows swapped":
        what = _swap(raw, table, names, place, (one, two))
    else:
        at = chance.randrange(len(names))
        _delete(raw, table, names, place, one)
        _insert(raw, table, _with(one, at, _another(one[at], chance)))
        what = f"value of {names[at]}"
    return Tampering(what.split(" of ")[0], table)


def _swap(raw: Raw, table: str, names: list[str], place: list[int], rows: tuple[Row, Row]) -> str:
    """What stands beside the keys of two rows exchanged; where that is the same, one row goes."""
    one, two = rows
    crossed = [_under(place, one, two), _under(place, two, one)]
    _delete(raw, table, names, place, one)
    if crossed == [one, two]:
        return "row deleted"
    _delete(raw, table, names, place, two)
    for row in crossed:
        _insert(raw, table, row)
    return "rows swapped"


def _under(place: list[int], key: Row, other: Row) -> Row:
    return tuple(key[at] if at in place else other[at] for at in range(len(key)))


def _quoted(names: list[str]) -> list[str]:
    return [f'"{name}"' for name in names]


def _with(row: Row, at: int, value: Any) -> Row:
    return (*row[:at], value, *row[at + 1 :])


def _another(value: Any, chance: random.Random) -> Any:
    if isinstance(value, str):
        return other_byte(value.encode("latin-1", "replace"), chance).decode("latin-1") if value else "x"
    return 10**15 if value is None else value + 10**15


def _delete(raw: Raw, table: str, names: list[str], place: list[int], row: Row) -> None:
    same = " AND ".join(f'"{names[at]}" = ?' for at in place)
    raw.execute(f"DELETE FROM {table} WHERE {same}", [row[at] for at in place])


def _insert(raw: Raw, table: str, row: Row) -> None:
    raw.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)


def unnamed(
    home: Kept, tamper: Callable[[Raw, random.Random], Tampering], chance: random.Random
) -> tuple[Tampering, str]:
    """Tamper once; says what `verify` or `rebuild` did not name, empty when they did. The home is put back."""
    from openmpca.record.rebuild import rebuild
    from openmpca.record.verify import verify

    raw = home.raw()
    done = tamper(raw, chance)
    raw.close()
    try:
        problems = (rebuild() if tamper is derived else verify()).problems
    finally:
        home.put_back()
    records = [each.record for each in problems]
    if not records:
        return done, f"{done} was not seen"
    if tamper is derived:
        return done, "" if any(
            each.split()[0] == done.table for each in records
        ) else f"{done} was told as {records[:3]}"
    named = done.statement is None or f"statement {done.statement}" in records
    return done, "" if named else f"{done} was told as {records[:3]}"


def cut(home: Kept, chance: random.Random) -> None:
    """The end of the record cut off, consistently: rows, tiles, head."""
    from openmpca.record.record import head as stored_head
    from openmpca.record.record import read_leaves
    from openmpca.tlog.frontier import Frontier

    size = chance.randrange(1, stored_head()[0])
    edge = Frontier().extended(read_leaves(0, size))
    home.close()
    raw = home.raw()
    last = raw.execute("SELECT recorded_us FROM record_statement WHERE number = ?", [size - 1]).fetchone()[0]
    raw.execute("DELETE FROM record_statement WHERE number >= ?", [size])
    raw.execute("DELETE FROM record_tile WHERE (n + 1) * (1 << (8 * (level + 1))) > ?", [size])
    raw.execute(
        "UPDATE record_head SET size = ?, recorded_us = ?, root = ?, frontier = ?",
        [size, last, edge.root(), edge.to_bytes()],
    )
    raw.close()


def rewritten(home: Kept, chance: random.Random) -> None:
    """Every statement from one on committed anew with other salts, consistently: bodies, entries, tiles, head."""
    from openmpca.record.record import head as stored_head
    from openmpca.tlog.disclosure import Body, commit
    from openmpca.tlog.frontier import Frontier
    from openmpca.tlog.merkle import leaf_hash
    from openmpca.tlog.tree import full_tiles

    begin = chance.randrange(stored_head()[0])
    home.close()
    raw = home.raw()
    entries = []
    for number, entry, body in raw.execute(
        "SELECT number, entry, body FROM record_statement ORDER BY number"
    ).fetchall():
        if number >= begin:
            made = commit(Body.parse(body).fields.items(), chance.randbytes)
            raw.execute(
                "UPDATE record_statement SET entry = ?, body = ? WHERE number = ?", [made.entry, made.body, number]
            )
            entry = made.entry
        entries.append(leaf_hash(entry))
    raw.execute("DELETE FROM record_tile")
    made_tiles = full_tiles(0, [], entries, lambda level, n: b"")
    raw.executemany("INSERT INTO record_tile VALUES (?, ?, ?)", [tuple(each) for each in made_tiles])
    edge = Frontier().extended(entries)
    raw.execute("UPDATE record_head SET root = ?, frontier = ?", [edge.root(), edge.to_bytes()])
    raw.close()


def forged(home: Kept, forge: Callable[[Kept, random.Random], None], chance: random.Random) -> str:
    """Forge once: `verify` alone must not see it, with the checkpoint it must. Says what was otherwise."""
    from openmpca.record.record import head as stored_head
    from openmpca.record.verify import EXPECTED, verify

    checkpoint = stored_head()
    forge(home, chance)
    try:
        alone, beside = verify(), verify(checkpoint)
    finally:
        home.put_back()
    if not alone.holds:
        return f"{forge.__name__} was not consistent: {alone.problems[:2]}"
    return "" if {each.rule for each in beside.problems} == {EXPECTED.number} else f"{forge.__name__} was not named"


def main() -> int:
    """Run the trial and keep its results."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--times", type=int, default=600)
    options.add_argument("--seed", default=str(time.time_ns()))
    options.add_argument("--no-keep", action="store_true")
    given = options.parse_args()
    chance = random.Random(given.seed)
    done: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory(prefix="openmpca-tampering-") as temporary:
        home = Kept(demonstration(Path(temporary)))
        for at in range(given.times):
            each, told = unnamed(home, derived if at % 3 == 0 else chance.choice(IN_RECORD), chance)
            done[each.table, each.what] += 1
            wrong += [told] if told else []
            if told:
                print("  " + told, flush=True)
        for forge in (cut, rewritten):
            found = [told for _ in range(FORGERIES) if (told := forged(home, forge, chance))]
            done["the whole record", forge.__name__] += FORGERIES
            wrong += found
    rows: list[list[object]] = [[*key, count] for key, count in sorted(done.items())]
    text = f"{_report.machine()}; seed {given.seed}\n\n{_report.table(['Where', 'What', 'Times'], rows)}\n\n"
    text += f"{sum(done.values())} times in all; not named: {len(wrong)}."
    print(text)
    if not given.no_keep:
        _report.keep("tampering", text)
    return 1 if wrong else 0


def demonstration(folder: Path) -> Path:
    """The demonstration State, open."""
    home = folder / "home"
    made = _state.openmpca(home, "demonstration", "--home", str(home))
    if made.returncode:
        raise RuntimeError(made.stdout + made.stderr)
    from openmpca.record.opening import open_home

    open_home(home)
    return home


if __name__ == "__main__":
    sys.exit(main())
