"""Verbs of a physical inventory: take it, as booked but for what is said; close the balance on it."""

from collections.abc import Iterator
from datetime import date

import msgspec

from openmpca.accounting.inventory import taking as inventory
from openmpca.accounting.inventory.differences import Inventory
from openmpca.accounting.inventory.fields import NO, YES, Row
from openmpca.accounting.inventory.tick_list import expected_lines
from openmpca.accounting.statements import Listed
from openmpca.demonstration.playing import Playing
from openmpca.demonstration.verb import Fields, Verb


class Taking(Verb, frozen=True):
    """A physical inventory of an area: everything is found as booked, but for the lines of ``but`` and what is
    ``missing``.

    Its block names the inventory first and its lines after it. Lines may tell what was held up in equipment.
    """

    makes = Listed
    each_of = ("but",)

    day: date
    mba: str
    but: list[Fields] = []
    missing: list[str] = []

    def play(self, playing: Playing, shared: Fields) -> None:
        """Freeze the book, then take in what was found."""
        act = playing.act()
        frozen = playing.took(inventory.freeze(self.mba, self.day, act, when=playing.when))
        taking = Inventory.of(frozen.numbers[0])
        rows = list(self._rows(taking, shared))
        playing.took(inventory.take(taking.number, rows, act, whole=True, when=playing.when))

    def _rows(self, taking: Inventory, shared: Fields) -> Iterator[Row]:
        told = {one["batch"]: one for one in self.but}
        expected = expected_lines(taking)
        for place, batch in enumerate(sorted({*expected, *told}), 1):
            line = expected.get(batch) or Listed(day=self.day, mba=self.mba, inventory=taking.number, batch=batch)
            if batch in told:
                basis = {"basis": "M"} if "weights" in told[batch] else {}
                fields = {**msgspec.structs.asdict(line), **basis, **shared, **told[batch]}
                line = msgspec.convert(fields, Listed)
            yield Row(row=place, line=line, found=NO if batch in self.missing else YES)


class Close(Verb, frozen=True):
    """The balance of an area is closed on physical inventory ``of``."""

    of: int

    def play(self, playing: Playing, shared: Fields) -> None:
        """State the closing, which two persons sign."""
        lines = Inventory.of(self.of).numbers
        playing.took(inventory.close(self.of, playing.act(), empty=not lines, when=playing.when))
