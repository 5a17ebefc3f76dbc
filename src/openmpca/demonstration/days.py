"""How the routine of the State writes its blocks: times, masses, who acts."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from openmpca.demonstration.scenario import Block, Head

FIRST: Final = date(2024, 1, 1)
LAST: Final = date(2025, 12, 31)
OPENING: Final = date(2023, 12, 31)


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A time of a day, in UTC."""
    return datetime.combine(day, time(hour, minute), UTC)


def working(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))


def reporting_day(day: date) -> date:
    """When the authority makes the reports of the month in which a day lies: about the tenth of the next."""
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return working(following + timedelta(days=9))


def months() -> Iterator[date]:
    """The first days of the months of the story."""
    for year in range(FIRST.year, LAST.year + 1):
        for month in range(1, 13):
            yield date(year, month, 1)


def grams(tenths: int) -> str:
    """Decimal text in grams of a whole number of tenths.

    >>> grams(15400000), grams(15400003), grams(-5)
    ('1540000', '1540000.3', '-0.5')
    """
    whole, part = divmod(abs(tenths), 10)
    return f"{'-' if tenths < 0 else ''}{whole}{f'.{part}' if part else ''}"


@dataclass(frozen=True)
class Uranium:
    """Enriched uranium in tenths of a gram, kept inside as LEU or HEU."""

    element: int
    fissile: int
    category: str = "LEU"

    def __add__(self, other: "Uranium") -> "Uranium":
        return Uranium(self.element + other.element, self.fissile + other.fissile, self.category)

    def __sub__(self, other: "Uranium") -> "Uranium":
        return Uranium(self.element - other.element, self.fissile - other.fissile, self.category)

    def part(self, element: int) -> "Uranium":
        """So much of it, of the same enrichment."""
        return Uranium(element, round(self.fissile * element / self.element), self.category)

    @property
    def weights(self) -> dict[str, str]:
        """The weights of a statement."""
        return {self.category: grams(self.element), f"{self.category}/U235": grams(self.fissile)}


@dataclass
class Diary:
    """The blocks of one part of the State, as they are written down; ``chance`` is its own source of small
    differences.
    """

    file: str
    seed: str
    by: str
    approved: tuple[str, ...] = ()
    blocks: list[Block] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{self.seed} {self.file}")  # noqa: S311  a story, not a secret

    def about(self, middle: int, spread: int) -> int:
        """A whole number near another."""
        return middle + round((2 * self.chance.random() - 1) * spread)

    def write(self, do: str, stated: date, /, *, name: str = "", hour: int = 9, by: str = "", **fields: Any) -> str:
        """A block stated on a day, and its name as others may speak of it."""
        head = Head(
            at=at(stated, hour, len(self.blocks) % 60),
            by=by or self.by,
            do=do,
            approved=list(fields.pop("approved", self.approved)),
            name=name,
            expects=fields.pop("expects", []),
            tells=fields.pop("tells", ""),
        )
        self.blocks.append(Block(head, fields, self.file, len(self.blocks) + 1))
        return f"@{name}"
