"""The book of a party: what it states of money, each figure in one currency where it has a rate, and what has none.

Rules kept here:

1. A figure that cannot be converted stays as it is and is told with its problem; the sum in one currency is then not
   told, for it would not be the sum (blank is not zero).
2. Categories keep apart in every currency (`categories`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from openmpca.cooperation.money.categories import KINDS, Category, Figure, added
from openmpca.cooperation.money.journal import Line, Sum, of_book, sums
from openmpca.cooperation.money.rates import Converted, NoRate, Rates


@dataclass(frozen=True)
class Booked:
    """A line of a book with what it is worth in the currency asked for, or why that is not known."""

    line: Line
    worth: Converted | NoRate


@dataclass(frozen=True)
class Total:
    """The sum of one category in the currency asked for; None where a line has no rate (rule 1)."""

    category: Category
    figure: Figure[Any] | None


@dataclass(frozen=True)
class Book:
    """A party's book: its lines, its sums in the currencies in which they were stated, its totals in one currency."""

    party: str
    lines: Sequence[Booked]
    sums: Sequence[Sum]
    totals: Sequence[Total]

    @property
    def problems(self) -> list[NoRate]:
        """What cannot be converted, each once."""
        return list(dict.fromkeys(each.worth for each in self.lines if isinstance(each.worth, NoRate)))


def book(lines: Iterable[Line], party: str, rates: Rates, into: str) -> Book:
    """The book of a party, its figures converted into a currency on the days of their entries."""
    own = of_book(lines, party)
    booked = [Booked(each, rates.convert(each.figure, into, each.day, party)) for each in own]
    by = sums(own, lambda each: each.giver)
    held = {each.figure.category for each in by}
    totals = [
        Total(each, total([one for one in booked if one.line.category is each], each, into))
        for each in KINDS.values()
        if each in held
    ]
    return Book(party, booked, by, totals)


def total(booked: Iterable[Booked], category: Category, into: str) -> Figure[Any] | None:
    """The sum of lines of one category in a currency; None where one of them has no rate."""
    found = [each.worth for each in booked]
    known = [each.figure for each in found if isinstance(each, Converted)]
    return added(known, category, into) if len(known) == len(found) else None
