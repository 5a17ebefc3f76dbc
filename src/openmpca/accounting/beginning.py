"""How far the book of a new State has come: what is registered, which areas are opened, which listings are made.

Everything is derived from the record as it is now; nothing is kept of it.

Source: INFCIRC/153, paragraph 62 (the initial report); Code 10 (the physical inventory listing that it is).
"""

from dataclasses import dataclass, field
from datetime import date

from openmpca.accounting.inventory.differences import inventories
from openmpca.accounting.register import register
from openmpca.accounting.reporting.queries import all_reports
from openmpca.accounting.statements import Country, Facility, Kmp, Mba
from openmpca.record import proposals, reading


@dataclass(frozen=True)
class Area:
    """An area with a book of its own: whether it has points of both sorts, its opening, the listing of that.

    ``proposal`` waits to open it; ``opened`` is the day of its opening; ``listed`` the statement of its listing,
    ``listing`` a proposal that waits to be it.
    """

    code: str
    flow: bool = False
    stock: bool = False
    opened: date | None = None
    proposal: int | None = None
    listed: int | None = None
    listing: int | None = None

    @property
    def has_points(self) -> bool:
        """Whether there is a point of flow and one of inventory."""
        return self.flow and self.stock


@dataclass(frozen=True)
class Beginning:
    """The own State, its facilities, its areas."""

    country: str = ""
    facilities: list[str] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)


def works() -> bool:
    """Whether the State works already: some inventory change was stated."""
    return bool(reading.last(1, None, "accounting.change"))


def beginning(day: date) -> Beginning:
    """What there is on a day, as known now."""
    own = [each.fields.code for each in register(Country, day) if each.fields.own]
    facilities = [each.fields.code for each in register(Facility, day)]
    areas = [each.fields for each in register(Mba, day) if not each.fields.reference_only]
    return Beginning(own[0] if own else "", facilities, _areas(areas, day))


def _areas(areas: list[Mba], day: date) -> list[Area]:
    points = {(each.fields.mba, each.fields.inventory) for each in register(Kmp, day)}
    taken = {each.mba: each.day for each in inventories(None) if each.closing is not None and each.opening}
    waiting = {str(row["mba"]): number for number, row in proposals.waiting("accounting.closing")}
    made = {(each.mba, each.end): each.number for each in all_reports() if each.sort == "P"}
    drawn = {(str(row["mba"]), row["end"]): number for number, row in proposals.waiting("accounting.report")}
    return [
        Area(
            each.code,
            flow=(each.code, False) in points,
            stock=(each.code, True) in points,
            opened=(opened := taken.get(each.code)),
            proposal=waiting.get(each.code),
            listed=made.get((each.code, opened)) if opened else None,
            listing=drawn.get((each.code, opened)),
        )
        for each in areas
    ]
