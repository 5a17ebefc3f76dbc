"""The journal: every money entry that stands, as each party states it, and sums of it that keep what differs apart.

    lines = journal(claims)
    sums(lines, lambda line: (line.giver, line.year))

Rules kept here:

1. Every view of money is made of these lines, and of nothing else; each line is in each view once, or the view says
   that it is of some lines.
2. A line belongs to the book of the party that states it. Two parties that state the same payment have a line each, so
   a sum is of one party's book; what both say is laid side by side (`reconciled`), never added.
3. A sum is of one book, one category and one unit.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.money.categories import KINDS, Category, Figure, added, figure_of, hours_of
from openmpca.cooperation.money.statements import CATEGORIES, Entry, StaffTime

K = TypeVar("K", bound=Hashable)
_ORDER: Final = {KINDS[name]: at for at, name in enumerate(CATEGORIES)}


@dataclass(frozen=True)
class Line:
    """One entry as a party states it; ``book`` is that party."""

    claim: Claim[Any]

    @property
    def entry(self) -> Entry:
        """What is stated."""
        said: Entry = self.claim.said
        return said

    @property
    def book(self) -> str:
        """The party whose statement it is."""
        return self.claim.party

    @property
    def category(self) -> Category:
        """Its category."""
        return type(self.entry)

    @property
    def code(self) -> str:
        """The reference by which all call it."""
        return self.entry.code

    @property
    def day(self) -> date:
        """The day on which it was done."""
        return self.entry.day

    @property
    def giver(self) -> str:
        """The party whose money, thing or work it is."""
        return self.entry.giver

    @property
    def figure(self) -> Figure[Any]:
        """What it is worth in its currency."""
        return figure_of(self.entry)

    @property
    def hours(self) -> Figure[StaffTime] | None:
        """Its hours, where it is staff time."""
        return hours_of(self.entry)


@dataclass(frozen=True)
class Sum:
    """Lines of one book, category and currency that share a key, with their sum and, of staff time, the hours."""

    book: str
    key: Any
    figure: Figure[Any]
    hours: Figure[StaffTime] | None
    lines: Sequence[Line]


def journal(claims: Claims) -> list[Line]:
    """The lines that stand, by day, then as they became known."""
    found = [Line(each) for kind in KINDS.values() for each in claims.of(kind)]
    return sorted(found, key=lambda each: (each.day, each.claim.known, each.claim.log, each.claim.number))


def of_book(lines: Iterable[Line], party: str) -> list[Line]:
    """The lines that a party states."""
    return [each for each in lines if each.book == party]


def of_project(lines: Iterable[Line], project: str) -> list[Line]:
    """The lines of a project."""
    return [each for each in lines if each.entry.project == project]


def books(lines: Iterable[Line]) -> list[str]:
    """The parties that state something, in order."""
    return sorted({each.book for each in lines})


def sums(lines: Iterable[Line], key: Callable[[Line], K]) -> list[Sum]:
    """The sums of lines by book, key, category and currency, in the order of these (rule 3)."""
    groups: dict[tuple[str, K, Category, str], list[Line]] = {}
    for each in lines:
        groups.setdefault((each.book, key(each), each.category, each.figure.unit), []).append(each)
    return [_sum(*of, groups[of]) for of in sorted(groups, key=_placed)]


def by_year(lines: Iterable[Line]) -> list[Sum]:
    """What each party gave in each year: keys are the giver and the year."""
    return sums(lines, lambda each: (each.giver, each.day.year))


def _placed(of: tuple[str, Any, Category, str]) -> tuple[str, Any, int, str]:
    return of[0], of[1], _ORDER[of[2]], of[3]


def _sum(book: str, key: Any, category: Category, unit: str, lines: list[Line]) -> Sum:
    hours = [each.hours for each in lines if each.hours is not None]
    worked = added(hours[1:], StaffTime, hours[0].unit) + hours[0] if hours else None
    return Sum(book, key, added((each.figure for each in lines), category, unit), worked, lines)
