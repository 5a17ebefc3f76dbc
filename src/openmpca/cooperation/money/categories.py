"""The categories of money entries, and figures that cannot be mixed.

    >>> paid = Figure(Disbursement, "USD", Decimal("10.50"))
    >>> (paid + paid).amount
    Decimal('21.00')
    >>> paid + Figure(Pledge, "USD", Decimal(1))
    Traceback (most recent call last):
    openmpca.cooperation.money.categories.Mixed: disbursement in USD and pledge in USD are not added

Rules kept here:

1. A figure is of one category and in one unit; the type checker refuses to add figures of two kinds, and so does the
   program while it runs.
2. Sums, products and shares are exact: what would have to be rounded is an error.
3. Staff time is hours, and the value of those in a currency: two figures, in two units.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from typing import Any, Final, Generic, TypeVar

from openmpca.cooperation.money.statements import (
    CATEGORIES,
    Commitment,
    Disbursement,
    Entry,
    Exemption,
    InKind,
    Obligation,
    Pledge,
    StaffTime,
)

C = TypeVar("C", bound=Entry)
Category = type[Entry]
EXACT: Final = Context(prec=400, traps=[Inexact])
"""Arithmetic that never rounds."""
HOURS: Final = "h"
KINDS: Final[dict[str, Category]] = dict(
    zip(CATEGORIES, (Pledge, Commitment, Obligation, Disbursement, InKind, StaffTime, Exemption), strict=True)
)
_NAMES: Final = {kind: name for name, kind in KINDS.items()}


class Mixed(TypeError):  # noqa: N818
    """Figures of two categories, or in two units, were to be added."""


@dataclass(frozen=True)
class Figure(Generic[C]):
    """An exact amount of one category in one unit."""

    category: type[C]
    unit: str
    amount: Decimal

    def __add__(self, other: "Figure[C]") -> "Figure[C]":
        if (self.category, self.unit) != (other.category, other.unit):
            told = f"{named(self.category)} in {self.unit} and {named(other.category)} in {other.unit}"
            raise Mixed(f"{told} are not added")
        return Figure(self.category, self.unit, EXACT.add(self.amount, other.amount))


def named(category: Category) -> str:
    """The name of a category.

    >>> named(InKind)
    'in kind'
    """
    return _NAMES[category]


def value_of(entry: Entry) -> Decimal:
    """What an entry is worth in its currency, exactly: its amount, or its hours at their rate."""
    if isinstance(entry, StaffTime):
        return EXACT.multiply(Decimal(entry.hours), Decimal(entry.rate))
    return Decimal(getattr(entry, "amount"))  # noqa: B009  every kind of entry but staff time has one


def figure_of(entry: Entry) -> Figure[Any]:
    """The figure of an entry in its currency."""
    return Figure(type(entry), entry.currency, value_of(entry))


def hours_of(entry: Entry) -> Figure[StaffTime] | None:
    """The hours of an entry of staff time; None for any other."""
    return Figure(StaffTime, HOURS, Decimal(entry.hours)) if isinstance(entry, StaffTime) else None


def added(figures: Iterable[Figure[C]], category: type[C], unit: str) -> Figure[C]:
    """The sum of figures of one category in one unit; nothing is zero. Raises `Mixed`."""
    total = Figure(category, unit, Decimal(0))
    for each in figures:
        total += each
    return total
