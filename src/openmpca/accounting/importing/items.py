"""Statements that a history makes, before they have numbers, and the order in which they are stated.

Rules kept here:

1. What became known on the same day is stated together: changes, physical inventories, their lines, corrections of
   lines, closings, deletions, and last the reports that told all that. So everything known at the last report of a day
   is what the reports up to that day told.
2. A statement comes after what it speaks of; a correction of a line, and a second closing of an area, in a segment of
   its own.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import msgspec

from openmpca.problems import ERROR, WARNING, Problem
from openmpca.record.frames import Segment, frame
from openmpca.record.references import to_come
from openmpca.record.statements import KINDS, Fields

CHANGE: Final = "accounting.change"
INVENTORY: Final = "accounting.inventory"
LISTED: Final = "accounting.listed"
CORRECTED: Final = "accounting.listed corrected"
CLOSING: Final = "accounting.closing"
DELETION: Final = "accounting.deletion"
REPORT: Final = "accounting.report"

BUCKETS: Final = (CHANGE, INVENTORY, LISTED, CORRECTED, CLOSING, DELETION, REPORT)
REGISTER: Final = ("accounting.country", "accounting.facility", "accounting.mba", "accounting.kmp")

_HARD: Final = frozenset({310, 312, 313, 320, 350, 351, 352, 362, 363, 364, 370, 371, 372, 373, 380, 383, 384, 385})
"""Rules whose breach the book could not represent; of the others, one of a reported history is an open problem."""
_OPEN: Final = range(300, 800)
_ROW: Final = re.compile(r"accounting\.[a-z]+ ([0-9]+)")


@dataclass(eq=False)
class Item:
    """A statement to be: its kind, its fields, where it comes from, and its place in the act once that is known.

    A field that speaks of another statement holds its item, or its number where it is recorded already.
    """

    kind: str
    fields: dict[str, object]
    source: str
    place: int = -1

    def row(self) -> Fields:
        """The fields with references to statements of the act."""
        return {name: _referred(value) for name, value in self.fields.items()}


def _referred(value: object) -> object:
    if isinstance(value, Item):
        return to_come(value.place)
    if isinstance(value, list):
        return [_referred(each) for each in value]
    return value


@dataclass
class Wave:
    """What becomes known together, by bucket."""

    buckets: dict[str, list[Item]] = field(default_factory=dict)

    def add(self, item: Item, bucket: str = "") -> Item:
        """Take a statement in."""
        self.buckets.setdefault(bucket or item.kind, []).append(item)
        return item

    def items(self) -> Iterator[Item]:
        """All statements in their order."""
        for bucket in (*REGISTER, *BUCKETS):
            yield from self.buckets.get(bucket, [])

    def runs(self) -> Iterator[list[Item]]:
        """The statements in runs that may be one segment (rule 2)."""
        for bucket in (*REGISTER, *BUCKETS):
            yield from _runs(self.buckets.get(bucket, []), bucket)


def _runs(items: list[Item], bucket: str) -> Iterator[list[Item]]:
    run: list[Item] = []
    held: set[object] = set()
    for item in items:
        of = (
            {CORRECTED: item.fields.get("corrects"), CLOSING: item.fields["mba"]}
            if bucket in (CORRECTED, CLOSING)
            else {}
        )
        if run and of.get(bucket) in held:
            yield run
            run, held = [], set()
        run.append(item)
        held.add(item if bucket == CORRECTED else item.fields.get("mba"))
    if run:
        yield run


def placed(waves: Iterable[Wave]) -> list[Wave]:
    """The waves with a place for every statement."""
    found = list(waves)
    for place, item in enumerate(item for wave in found for item in wave.items()):
        item.place = place
    return found


def segments(waves: Iterable[Wave]) -> Iterator[Segment]:
    """The statements in segments."""
    for wave in waves:
        for run in wave.runs():
            kind = run[0].kind
            rows = [item.row() for item in run]
            yield Segment(KINDS[kind], frame(kind, rows), partial(_told, [item.source for item in run]))


def _told(sources: list[str], problem: Problem) -> Problem:
    """The problem by report and entry; of a reported history it stays open where the book can represent it."""
    match = _ROW.fullmatch(problem.record)
    place = int(match[1]) if match else 0
    mild = problem.severity == ERROR and problem.rule in _OPEN and problem.rule not in _HARD
    return msgspec.structs.replace(
        problem,
        record=sources[place - 1] if 0 < place <= len(sources) else problem.record,
        severity=WARNING if mild else problem.severity,
    )
