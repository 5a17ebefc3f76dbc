"""How far a physical inventory has come: what is expected where, what was taken in, and what a scanned code names.

Rules kept here:

1. A batch is expected where the book says that it stands just before the cut-off; once taken in, it stands where it
   was found.
2. A code names a batch by its identifier, its name on reports, one of its item numbers or one of its seals; the code
   of a label names area, batch and item.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from openmpca.accounting.documents.codes import read
from openmpca.accounting.inventory.differences import Inventory, lines_by_number
from openmpca.accounting.inventory.tick_list import expected_lines
from openmpca.accounting.statements import Listed


@dataclass(frozen=True)
class Line:
    """A batch of the list: as the book expects it (None: nobody does), and as it was taken in by a statement."""

    batch: str
    expected: Listed | None
    found: Listed | None = None
    statement: int | None = None

    @property
    def told(self) -> Listed:
        """As it was found, or else as it is expected."""
        line = self.found or self.expected
        assert line is not None  # noqa: S101  a line is one of both
        return line


@dataclass(frozen=True)
class Spot:
    """A place of the list: its key measurement point, how many batches belong there and how many are taken in."""

    kmp: str
    place: str
    batches: int
    taken: int


@dataclass(frozen=True)
class Progress:
    """A physical inventory with what is expected and what was taken in."""

    inventory: Inventory

    @cached_property
    def lines(self) -> dict[str, Line]:
        """Every batch that is expected or was taken in, by its identifier."""
        found = {batch: Line(batch, line) for batch, line in expected_lines(self.inventory).items()}
        for number, line in lines_by_number(self.inventory).items():
            before = found.get(line.batch)
            found[line.batch] = Line(line.batch, before.expected if before else None, line, number)
        return found

    @property
    def left(self) -> list[Line]:
        """What is expected and not taken in yet."""
        return [each for each in self.lines.values() if each.found is None]

    def spots(self) -> list[Spot]:
        """The places of the list, by key measurement point and place."""
        there: dict[tuple[str, str], list[Line]] = {}
        for each in self.lines.values():
            there.setdefault((each.told.kmp, each.told.place), []).append(each)
        return [
            Spot(kmp, place, len(some), sum(each.found is not None for each in some))
            for (kmp, place), some in sorted(there.items())
        ]

    def at(self, kmp: str, place: str) -> list[Line]:
        """What belongs at a place, by batch."""
        some = [each for each in self.lines.values() if (each.told.kmp, each.told.place) == (kmp, place)]
        return sorted(some, key=lambda each: each.batch)

    def named(self, code: str) -> list[Line]:
        """The batches that a code names (rule 2): none, one, or several."""
        text = code.strip()
        scanned = read(text)
        if scanned.mba == self.inventory.mba and scanned.batch in self.lines:
            return [self.lines[scanned.batch]]
        if text in self.lines:
            return [self.lines[text]]
        return [each for each in self.lines.values() if text and text in set(_names(each))]


def _names(line: Line) -> Iterator[str]:
    for each in (line.expected, line.found):
        if each is not None:
            yield from (each.name, *each.item_numbers, *each.seals)
