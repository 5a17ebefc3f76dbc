"""The record: append, and nothing else that writes.

Rules kept here:

1. One writer at a time: the record is locked from the first check to the commit (see `turn`), so what a rule saw is
   what the statement is recorded on.
2. Statement, derived rows, tiles and head are written in one transaction: all or nothing, and nobody reads a part.
3. The time of recording never goes back: a clock that does is held at the last recorded time.
4. Numbers have no gaps and begin with 0; statement 0 is the founding.

Source: design ideas 1, 2 and 6; docs/decisions.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

import polars as pl
from django.db import connection

from openmpca.problems import Problem, errors
from openmpca.record import clock, commitment, tables, withholding, workers
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known, query
from openmpca.record.models import Head, Row, Tile
from openmpca.record.rooms import ROOMS
from openmpca.record.turn import turn
from openmpca.tlog.frontier import Frontier, FrontierError
from openmpca.tlog.merkle import EMPTY_ROOT, leaf_hash
from openmpca.tlog.tree import Tree, full_tiles

LEAVES: Final = 256
MANY: Final = 3 * commitment.CHUNK
"""So many statements at once, and no fewer than there were, have their late indexes made when they are all there."""
WITHHOLDING: Final = "record.withholding"


class Refused(Exception):  # noqa: N818  the word of the field
    """Statements were not recorded; ``problems`` says why, each with its mend."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in errors(problems)[:3]))
        self.problems = problems


@dataclass
class Writing:
    """An open transaction of the record: segments are appended in order and see what came before them."""

    act: Act
    size: int
    recorded_us: int
    random: commitment.Random
    frontier: Frontier
    first: int = field(init=False)
    kept: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    _leaves: list[bytes] = field(default_factory=list)
    _late: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.first = self.size

    @property
    def known(self) -> Known:
        """What is known before the next statement."""
        return Known("default", self.size)

    def append(self, segment: Segment, progress: Callable[[int], None] | None = None) -> range:
        """Record and derive a segment; gives its numbers. Checks are the caller's (see `commands`)."""
        start = self.size
        parts = segment.frame.iter_slices(commitment.CHUNK)
        if segment.frame.height < max(MANY, self.first):
            self._index()
        elif not self._late:
            self._late = tables.drop_indexes(ROOMS[segment.kind.room].late)
        with workers.without_collecting():
            for part, bodies in zip(
                parts, commitment.committed(segment, self.act.lines(self.recorded_us), self.random), strict=True
            ):
                self._derive(Segment(segment.kind, part))
                self._insert(segment.kind.name, *bodies())
                if progress is not None:
                    progress(part.height)
        return range(start, self.size)

    def _index(self) -> None:
        made, self._late = self._late, []
        tables.make_indexes(made)

    def conclude(self) -> list[Problem]:
        """What the rooms find in all that was appended, before it is committed."""
        self._index()
        return [each for name, kept in self.kept.items() for each in ROOMS[name].conclude(kept, self.known)]

    def _derive(self, part: Segment) -> None:
        count = part.frame.height
        numbered = part.frame.with_columns(
            pl.int_range(self.size, self.size + count, dtype=pl.Int64).alias("number"),
            pl.lit(self.recorded_us, pl.Int64).alias("recorded_us"),
            pl.lit(self.act.party).alias("party"),
            pl.lit(self.act.prepared_by).alias("prepared_by"),
        )
        room = ROOMS[part.kind.room]
        made = room.derive(Segment(part.kind, numbered), self.known)
        tables.insert(made)
        if part.kind.name == WITHHOLDING:
            withholding.apply(part.frame)
        if (kept := room.keep(made)) is not None:
            self.kept.setdefault(room.name, []).append(kept)

    def _insert(self, name: str, bodies: list[str], entries: list[bytes]) -> None:
        numbers = range(self.size, self.size + len(bodies))
        tables.insert_rows(
            "record_statement",
            ["number", "kind", "recorded_us", "entry", "body"],
            (
                (number, name, self.recorded_us, entry, body)
                for number, entry, body in zip(numbers, entries, bodies, strict=True)
            ),
            "default",
        )
        self._leaves += [leaf_hash(entry) for entry in entries]
        self.size += len(bodies)

    def close(self) -> None:
        """Write the tiles that became full and move the head."""
        self._index()
        if self.size == self.first:
            return
        begin = self.first - self.first % LEAVES
        tail = read_leaves(begin, self.first)
        made = full_tiles(self.first, tail, self._leaves, read_tile)
        tables.insert_rows(
            "record_tile", ["level", "n", "hashes"], [(each.level, each.n, each.hashes) for each in made], "default"
        )
        grown = self.frontier.extended(self._leaves)
        Head.objects.filter(id=1).update(
            size=self.size, recorded_us=self.recorded_us, root=grown.root(), frontier=grown.to_bytes()
        )


@contextmanager
def writing(act: Act, *, moment_us: int | None = None, random: commitment.Random = os.urandom) -> Iterator[Writing]:
    """Open the record for writing: the lock is held until the block ends; an exception leaves nothing behind."""
    with turn(act.prepared_by) as head:
        recorded_us = max(moment_us or clock.now_us(), head.recorded_us)
        opened = Writing(act, head.size, recorded_us, random, _frontier(head))
        yield opened
        opened.close()


def _frontier(head: Head) -> Frontier:
    """The right edge of the tree; what does not give the root of the head is nothing to append to."""
    with suppress(FrontierError):
        frontier = Frontier.from_bytes(head.size, bytes(head.frontier))
        if not head.size or frontier.root() == bytes(head.root):
            return frontier
    from openmpca.record.verify import HEAD

    raise Refused([HEAD.problem("The head does not give its own root; nothing is appended to it.", record="head")])


def read_tile(level: int, n: int) -> bytes:
    """A full tile as stored."""
    return bytes(Tile.objects.get(level=level, n=n).hashes)


def read_leaves(start: int, end: int) -> list[bytes]:
    """The leaf hashes of the statements from ``start`` up to ``end``."""
    rows = Row.objects.filter(number__gte=start, number__lt=end).order_by("number").values_list("entry", flat=True)
    return [leaf_hash(bytes(entry)) for entry in rows]


def tree() -> Tree:
    """The Merkle tree over the stored record."""
    return Tree(read_tile, read_leaves)


def head() -> tuple[int, bytes]:
    """How many statements there are and the root over them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT size, root FROM record_head WHERE id = 1")
        found = cursor.fetchone()
    return (found[0], bytes(found[1])) if found else (0, EMPTY_ROOT)


def last_us() -> int:
    """When the last statement was recorded."""
    return int(Head.objects.get(id=1).recorded_us)


def number_at(moment_us: int) -> int:
    """The number of the last statement known at a time, -1 before the first."""
    found = query(
        "SELECT number FROM record_statement WHERE recorded_us <= %s ORDER BY recorded_us DESC, number DESC LIMIT 1",
        [moment_us],
        {"number": pl.Int64},
    )
    return int(found["number"][0]) if found.height else -1


def vendor() -> str:
    """The database in use: sqlite or postgresql."""
    return str(connection.vendor)
