"""Which transfers abroad take an advance notice: those above one effective kilogram, at once or one after the other.

Rules kept here:

1. A transfer is all that one area ships to, or receives from, one State on one day, however many batches it has. It
   takes a notice above one effective kilogram, or with a batch whose enrichment nobody stated.
2. Successive transfers of no more than one effective kilogram each, of whatever areas, are summed by the other State.
   A transfer with which the sum of the three months that end with its day is above one takes a notice.
3. The transfers before it owed none when they were made, as far as the record knows; a notice of an intended series is
   stated about each of its changes.

Source: INFCIRC/153 paragraphs 92 (out of the State) and 95 (into it), 104 (effective kilograms).
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import accumulate
from typing import Final

import msgspec

from openmpca.accounting.queries import View
from openmpca.accounting.reporting.practice import add_months
from openmpca.accounting.transit.board import transfers
from openmpca.accounting.transit.consignments import Transfer
from openmpca.nuclear.quantities import QuantityError, effective_kilograms
from openmpca.record.layout import counted

LIMIT: Final = Fraction(1)
MONTHS: Final = 3
_ABROAD: Final = ("SF", "RF")


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Why a change takes a notice: the effective kilograms of its transfer, or of the series that it ends.

    ``earlier`` counts the transfers of the series before this one; 0 where the transfer takes a notice by itself.
    """

    state: str
    effective: Fraction
    earlier: int = 0
    unknown: bool = False

    @property
    def why(self) -> str:
        """The reason in words; empty for what is above the limit by itself."""
        if not self.earlier:
            return ""
        others = counted(self.earlier, "earlier transfer")
        return f"with {others} within {MONTHS} months {float(self.effective):.6g} effective kilograms"


@dataclass
class _Moved:
    """One transfer: its statements and its effective kilograms."""

    state: str
    day: date
    effective: Fraction
    numbers: list[int]
    unknown: bool = False

    @property
    def large(self) -> bool:
        return self.effective > LIMIT


def notices(known: int) -> dict[int, Notice]:
    """The changes that take a notice, by statement number, of the whole State as known at a number."""
    return of_transfers(transfers(View.of(date.max, known), _ABROAD))


def of_transfers(parts: Iterable[Transfer]) -> dict[int, Notice]:
    """The same from shipments and receipts already read."""
    found: dict[int, Notice] = {}
    for series in _moved(parts):
        for each in series:
            if each.large or each.unknown:
                notice = Notice(state=each.state, effective=each.effective, unknown=each.unknown)
                found |= dict.fromkeys(each.numbers, notice)
        found |= _successive([each for each in series if not each.large])
    return found


def _moved(parts: Iterable[Transfer]) -> list[list[_Moved]]:
    """The transfers (rule 1) in the order of their days, for each direction and other State."""
    made: dict[tuple[str, str], dict[tuple[date, str], _Moved]] = defaultdict(dict)
    for part in parts:
        state = part.opposite.country
        at = made[part.code, state].setdefault((part.day, part.mba), _Moved(state, part.day, Fraction(0), []))
        at.numbers.append(part.number)
        try:
            at.effective += effective_kilograms({key: ug for key, ug in part.weights.items() if key != "#"})
        except QuantityError:
            at.unknown = True
    return [sorted(each.values(), key=lambda moved: moved.day) for each in made.values()]


def _successive(series: list[_Moved]) -> dict[int, Notice]:
    """Rule 2, over the transfers that are not above the limit by themselves, in the order of their days."""
    days = [each.day for each in series]
    sums = [Fraction(0), *accumulate(each.effective for each in series)]
    found: dict[int, Notice] = {}
    for each in series:
        first = bisect_right(days, add_months(each.day, -MONTHS))
        last = bisect_right(days, each.day)
        effective = sums[last] - sums[first]
        if effective > LIMIT and each.effective:
            notice = Notice(state=each.state, effective=effective, earlier=last - first - 1)
            found |= dict.fromkeys(each.numbers, notice)
    return found
