"""Verification: every commitment recomputed from the bodies, the whole tree, every stored tile and the head.

Rules kept here:

1. Numbers run from 0 without a gap, and times of recording never go back.
2. Every statement holds (see `holding`); every withheld line is named by a withholding.
3. The stored tiles are exactly the full tiles of the tree over the entries; the head has its size, root, right edge and
   last time.
4. An expected checkpoint is a beginning of the record: a record may have grown, but what stood then stands now. The
   rooms hold the record in use against what they know of it from elsewhere (signed checkpoints).

Whoever holds the machine can rewrite everything consistently; only rule 4, with a checkpoint kept elsewhere, shows it.

Source: design, idea 6; issue, "The record".
"""

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import DatabaseError, connections

from openmpca.problems import Problem, Rule, rule
from openmpca.record import holding, workers
from openmpca.record.databases import rows, snapshot
from openmpca.record.holding import Covered, Held, Named
from openmpca.record.rooms import ROOMS
from openmpca.tlog import merkle
from openmpca.tlog.tree import TILE_BYTES, TILE_HEIGHT, TILE_WIDTH

RESTORE: Final = "Restore a backup whose size and root you know, and find out who could write to the database."

GAP = rule(30, "Statements are numbered without a gap", source="design idea 6", mend=RESTORE)
HOLDS = rule(31, "A statement holds what its entry commits to", source="design idea 6", mend=RESTORE)
TIMES = rule(32, "Times of recording never go back", source="design idea 6", mend=RESTORE)
TILE = rule(33, "Stored tiles are those of the tree", source="C2SP tlog-tiles", mend=RESTORE)
HEAD = rule(34, "The head is that of the tree", source="RFC 6962", mend=RESTORE)
NAMED = rule(35, "What is withheld is named by a withholding", source="design idea 6", mend=RESTORE)
EXPECTED = rule(
    36,
    "The record begins with the checkpoint that was kept",
    source="design idea 6",
    mend="Compare the checkpoint with those that others keep; restore a backup that begins with it.",
)
READABLE = rule(37, "The record can be read", source="design idea 6", mend="Check the disk, and restore a backup.")

MANY: Final = 20_000
AT_ONCE: Final = 4_000
SHOWN: Final = 100
SQL: Final = "SELECT number, kind, recorded_us, entry, body FROM record_statement ORDER BY number"

Progress = Callable[[int], None]
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Verdict:
    """What verification found: size and root as recomputed, how many lines are withheld, and every problem, the first
    statement that does not hold first."""

    size: int
    root: bytes
    withheld: int
    problems: list[Problem]

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify(
    expect: tuple[int, bytes] | None = None, progress: Progress | None = None, *, using: str = "default"
) -> Verdict:
    """Verify the record as it stands now; ``expect`` is the size and root of an earlier checkpoint."""
    run = _Verification(expect, progress)
    try:
        with snapshot(using) as alias:
            run.read(alias)
        if using == "default" and not run.found:
            run.found += [(run.count, each) for room in ROOMS.values() for each in room.beside()]
    except DatabaseError as error:
        run.wrong(READABLE, run.count, str(error).strip() or "the database cannot be read")
    return run.verdict()


@dataclass
class _Verification:
    expect: tuple[int, bytes] | None
    progress: Progress | None
    count: int = 0
    found: list[tuple[int, Problem]] = field(default_factory=list)
    covered: list[Covered] = field(default_factory=list)
    named: list[Named] = field(default_factory=list)
    growing: "_Growing" = field(default_factory=lambda: _Growing())
    expected_root: bytes | None = None
    last_us: int = 0
    head: tuple[int, int, bytes, bytes] = (0, 0, merkle.EMPTY_ROOT, b"")

    def wrong(self, broken: Rule, number: int, message: str, where: str = "", name: str = "") -> None:
        record = where or f"statement {number}"
        self.found.append((number, broken.problem(f"{message[:1].upper()}{message[1:]}.", record=record, field=name)))

    def read(self, alias: str) -> None:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT size, recorded_us, root, frontier FROM record_head WHERE id = 1")
            row = cursor.fetchone()
        self.head = (row[0], row[1], bytes(row[2]), bytes(row[3])) if row else self.head
        self._note_expected()
        for held in _checked(self._in_order(alias)):
            self._take(held, alias)
        self._check_end(alias)
        self._check_withheld()

    def _in_order(self, alias: str) -> Iterator[list[Row]]:
        """The rows from 0 on, in lists; what is missing or does not belong is told, and missing ones are left blank."""
        expected, size = 0, self.head[0]
        for part in rows(alias, SQL, AT_ONCE):
            taken: list[Row] = []
            for row in part:
                number, recorded_us = row[0], row[2]
                if not isinstance(number, int) or not 0 <= number < size:
                    self.wrong(GAP, number if isinstance(number, int) else size, f"it has no place among {size}")
                    continue
                taken += self._missing(expected, number)
                expected = number + 1
                if isinstance(recorded_us, int):
                    if recorded_us < self.last_us:
                        self.wrong(TIMES, number, "it was recorded before the one before it", name="recorded_us")
                    self.last_us = recorded_us
                taken.append(row)
            yield taken
        blank = self._missing(expected, size)
        yield from (blank[at : at + AT_ONCE] for at in range(0, len(blank), AT_ONCE))

    def _missing(self, start: int, end: int) -> list[Row]:
        if start < end:
            self.wrong(GAP, start, "it is missing" if end - start == 1 else f"it and those before {end} are missing")
        return [(number, None, None, None, None) for number in range(start, end)]

    def _take(self, held: Held, alias: str) -> None:
        for fault in held.faults:
            self.wrong(HOLDS, fault.number, fault.message, name=fault.field)
        self.covered += held.covered
        self.named += held.named
        for at in range(0, len(held.leaves), merkle.HASH_BYTES):
            for tile in self.growing.add(held.leaves[at : at + merkle.HASH_BYTES]):
                self._check_tile(alias, *tile)
            self.count += 1
            self._note_expected()
        if self.progress is not None:
            self.progress(len(held.leaves) // merkle.HASH_BYTES)

    def _note_expected(self) -> None:
        if self.expect is not None and self.expect[0] == self.count:
            self.expected_root = self.growing.root()

    def _check_tile(self, alias: str, level: int, n: int, hashes: bytes) -> None:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT hashes FROM record_tile WHERE level = %s AND n = %s", [level, n])
            row = cursor.fetchone()
        stored = bytes(row[0]) if row and isinstance(row[0], (bytes, memoryview)) else None
        if stored == hashes:
            return
        where, first = f"tile {level}/{n}", n * TILE_WIDTH ** (level + 1)
        if stored is None:
            self.wrong(TILE, first, "the tile is missing", where)
        elif len(stored) != TILE_BYTES:
            self.wrong(TILE, first, f"the tile has {len(stored)} bytes, not {TILE_BYTES}", where)
        else:
            size = merkle.HASH_BYTES
            at = next(at for at in range(TILE_WIDTH) if stored[at * size :][:size] != hashes[at * size :][:size])
            number = first + at * TILE_WIDTH**level
            self.wrong(TILE, number, f"it is not what {where} holds for it")

    def _check_end(self, alias: str) -> None:
        size, recorded_us, root, frontier = self.head
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT level, n FROM record_tile ORDER BY level, n")
            extra = [(level, n) for level, n in cursor if not _is_full(level, n, size)]
        for level, n in extra[:SHOWN]:
            self.wrong(TILE, size, "no full tile of this record is there", f"tile {level}/{n}")
        if root != self.growing.root():
            begin = self.growing.unproved()
            message = (
                f"the statements from {begin} on, or the head, were changed: they do not give the root of the head"
            )
            self.wrong(HEAD, begin if not self.found else size, message, "head", "root")
        elif frontier != self.growing.frontier():
            self.wrong(HEAD, size, "the head has the root of the tree, but not its right edge", "head", "frontier")
        if recorded_us != self.last_us:
            self.wrong(HEAD, size, "the time of the head is not that of the last statement", "head", "recorded_us")
        if self.expect is not None:
            self._check_expected(*self.expect)

    def _check_expected(self, size: int, root: bytes) -> None:
        if size > self.count:
            message = (
                f"it has {self.count} statements, the checkpoint {size}: its end was cut off, or an old copy restored"
            )
            self.wrong(EXPECTED, self.count, message, "record", "size")
        elif root != self.expected_root:
            message = f"its first {size} statements are not those of the checkpoint: it was rewritten"
            self.wrong(EXPECTED, 0, message, "record", "root")

    def _check_withheld(self) -> None:
        named: dict[int, set[str]] = {}
        for each in self.named:
            named.setdefault(each.statement, set()).update(each.fields)
        covered = {each.number: each for each in self.covered}
        for number, hidden in covered.items():
            if hidden.lines != len(named.get(number, set()) - hidden.shown):
                self.wrong(
                    NAMED, number, f"{hidden.lines} lines are withheld, {len(named.get(number, set()))} are named"
                )
        for number in named.keys() - covered.keys():
            self.wrong(NAMED, number, "a withholding names it, and it shows all its lines")

    def verdict(self) -> Verdict:
        self.found.sort(key=lambda each: each[0])
        problems = [problem for _, problem in self.found[:SHOWN]]
        return Verdict(self.count, self.growing.root(), sum(each.lines for each in self.covered), problems)


def _is_full(level: object, n: object, size: int) -> bool:
    if not isinstance(level, int) or not isinstance(n, int) or level < 0 or n < 0 or level > 7:
        return False
    return int((n + 1) * TILE_WIDTH ** (level + 1)) <= size


class _Growing:
    """A tree that leaves are added to: it gives the full tiles as they come, and the root at any moment."""

    def __init__(self) -> None:
        self._levels: list[list[bytes]] = [[]]
        self._tiles: list[int] = [0]

    def add(self, leaf: bytes) -> Iterator[tuple[int, int, bytes]]:
        level, added = 0, leaf
        while True:
            hashes = self._levels[level]
            hashes.append(added)
            if len(hashes) < TILE_WIDTH:
                return
            yield level, self._tiles[level], b"".join(hashes)
            added = merkle.root(hashes)
            hashes.clear()
            self._tiles[level] += 1
            level += 1
            if level == len(self._levels):
                self._levels.append([])
                self._tiles.append(0)

    def root(self) -> bytes:
        below: list[bytes] = []
        for hashes in self._levels:
            together = [*hashes, *below]
            below = [merkle.root(together)] if together else []
        return below[0] if below else merkle.EMPTY_ROOT

    def frontier(self) -> bytes:
        """The roots of the perfect subtrees, largest first (see `tlog.frontier`)."""
        peaks = []
        for hashes in reversed(self._levels):
            at = 0
            for bit in (1 << each for each in range(TILE_HEIGHT - 1, -1, -1)):
                if len(hashes) & bit:
                    peaks.append(merkle.root(hashes[at : at + bit]))
                    at += bit
        return b"".join(peaks)

    def unproved(self) -> int:
        """The number of the first statement that no full tile covers."""
        return self._tiles[0] * TILE_WIDTH


def _checked(parts: Iterator[list[Row]]) -> Iterator[Held]:
    """The parts, checked in order: in worker processes as soon as there are many."""
    seen = 0
    for part in parts:
        seen += len(part)
        yield holding.check(part)
        if seen >= MANY:
            break
    else:
        return
    with ExitStack() as stack:
        pool = stack.enter_context(workers.pool())
        waiting: deque[Future[Held]] = deque()
        for part in parts:
            waiting.append(pool.submit(holding.check_apart, [_sendable(row) for row in part]))
            if len(waiting) > 2 * (os.cpu_count() or 1) + 2:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _sendable(row: Row) -> Row:
    return tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
