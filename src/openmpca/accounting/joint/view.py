"""The joint view: shipments and receipts of our record held against those that a partner states in its bundles.

    found = joint(partner, view)        rows, each with both sides as each side stated them

Rules kept here:

1. Nothing of theirs enters our book: the view is derived from our postings and their bundles each time it is asked for,
   as of a day and as known at a number, and its figures stay those of the side that stated them.
2. Ours are the shipments to, and receipts from, the partner's areas and countries: the areas of which its statements
   speak, and the countries in which ours place these; others can be named. Shipments within the State are looked at
   where the partner states any.
3. What is wholly shown is matched by the rules of transit (`transit.consignments`). What is left is matched by what is
   open: the same batch between places that fit, else exactly the same mass of the same category, within the window.
   A pair that is matched so differs in whatever is open and not the same.
4. Where something is withheld, a pair at best fits what is shown: what is hidden is not taken for equal.
5. Masses may differ by the tolerance of transit; items where both sides count them; a receipt dated before its shipment
   is a difference, a later one is not.

Source: design, idea 7; Code 10 (labels 446 and 447); tolerances and windows from `data/transit.toml`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import msgspec

from openmpca.accounting import accounts
from openmpca.accounting.accounts import ITEMS
from openmpca.accounting.joint.theirs import MOVES, Part, areas, of_ours, stated
from openmpca.accounting.queries import View
from openmpca.accounting.transit.board import transfers
from openmpca.accounting.transit.consignments import DOMESTIC, Consignment, Scope, Side, Transfer, consign, side, terms
from openmpca.nuclear.categories import CATEGORIES, split_key
from openmpca.proof.bundles.receiving import Shown, stated_by

Standing = Literal["matched", "fits what is shown", "differs", "partly received", "only ours", "only theirs"]
UNKNOWN: Final = Side("", "")


@dataclass(frozen=True)
class Row:
    """A consignment as both sides state it: what one of them lacks stands in ``standing``, the differences by name."""

    standing: Standing
    differs: tuple[str, ...]
    shipped: tuple[Part, ...]
    received: tuple[Part, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """Both sides, the shipper's first."""
        return (*self.shipped, *self.received)

    @property
    def hidden(self) -> tuple[str, ...]:
        """What the partner does not show, or cannot be read, of what is compared."""
        return tuple(dict.fromkeys(name for each in self.parts for name in (*each.withheld, *each.unreadable)))


@dataclass(frozen=True)
class Joint:
    """The joint view with a partner: its areas and countries as far as they are known, and the consignments."""

    partner: str
    areas: tuple[str, ...]
    countries: tuple[str, ...]
    rows: tuple[Row, ...]


def joint(partner: str, view: View, countries: Iterable[str] = ()) -> Joint:
    """The joint view with a partner at a view; ``countries`` names further ones as the partner's."""
    shown = stated_by(partner, view.number)
    on = accounts.date_of(view.day)
    theirs = stated(shown, on)
    within = any(each.code in DOMESTIC for each in theirs)
    mine = transfers(view, MOVES if within else MOVES - DOMESTIC)
    where = _places(mine, shown, {partner, *countries})
    ours = [of_ours(each) for each in mine if _concerns(each, *where)]
    return Joint(partner, tuple(sorted(where[0])), tuple(sorted(where[1])), tuple(_rows(ours, theirs, on)))


def _places(mine: Sequence[Transfer], shown: Sequence[Shown], countries: set[str]) -> tuple[set[str], set[str]]:
    """The partner's areas, and the countries that are the partner's because ours place those areas in them."""
    of_theirs = areas(shown)
    placed = {each.opposite.country for each in mine if not each.domestic and each.opposite.area in of_theirs}
    there = {each.opposite.country for each in mine if not each.domestic}
    return of_theirs, (countries & there | placed) - {""}


def _concerns(each: Transfer, areas_: set[str], countries: set[str]) -> bool:
    if each.opposite.area and each.opposite.area in areas_:
        return True
    return not each.domestic and each.opposite.country in countries


def _rows(ours: list[Part], theirs: list[Part], on: date) -> list[Row]:
    whole = [*ours, *(each for each in theirs if each.whole)]
    left = [each for each in theirs if not each.whole]
    rows: list[Row] = []
    for found in consign([part.transfer(_marked(at, part)) for at, part in enumerate(whole)], on):
        shipped = (whole[_place(found.shipment.number)],) if found.shipment else ()
        received = tuple(whole[_place(each.number)] for each in found.receipts)
        if len({part.ours for part in (*shipped, *received)}) == 2:
            rows.append(_row(found, shipped, received))
        else:
            left += [*shipped, *received]
    rows += _by_what_is_open([each for each in left if each.ours], [each for each in left if not each.ours])
    return sorted(rows, key=lambda row: (min(_day(each) for each in row.parts), row.parts[0].number))


def _marked(at: int, part: Part) -> int:
    """A number for the matching, by which the part is found again: negative for the other side, as it wants them."""
    return at if part.ours else -1 - at


def _place(number: int) -> int:
    return number if number >= 0 else -1 - number


def _day(part: Part) -> date:
    return part.day or date.max


def _row(found: Consignment, shipped: tuple[Part, ...], received: tuple[Part, ...]) -> Row:
    differs = ["mass"] if found.standing in ("differs", "partly matched") else []
    mine, theirs = (sum(each.weights.get(ITEMS, 0) for each in parts) for parts in (shipped, received))
    lot = found.standing == "partly matched" and found.is_lot
    if mine and theirs and mine != theirs and not lot:
        differs.append("items")
    if any(_day(each) < _day(shipped[0]) for each in received):
        differs.append("date")
    standing: Standing = "partly received" if lot else "differs" if differs else "matched"
    return Row(standing, tuple(differs), shipped, received)


def _by_what_is_open(ours: list[Part], theirs: list[Part]) -> list[Row]:
    """Pairs among what was not matched whole (rule 3), and what is left alone."""
    alike: dict[object, set[int]] = {}
    for to, other in enumerate(theirs):
        for trait in (other.key, (other.category, other.element_ug)):
            alike.setdefault(trait, set()).add(to)
    candidates = [
        (rank, at, to)
        for at, mine in enumerate(ours)
        for to in alike.get(mine.key, set()) | alike.get((mine.category, mine.element_ug), set())
        if (rank := _rank(mine, theirs[to]))
    ]
    rows, used, taken = list[Row](), set[int](), set[int]()
    for _, at, to in sorted(candidates):
        if at not in used and to not in taken:
            used.add(at)
            taken.add(to)
            rows.append(_pair(ours[at], theirs[to]))
    for at, part in enumerate(ours):
        if at not in used:
            rows.append(_alone("only ours", part))
    for to, part in enumerate(theirs):
        if to not in taken:
            rows.append(_alone("only theirs", part))
    return rows


def _alone(standing: Standing, part: Part) -> Row:
    return Row(standing, (), () if part.ships is False else (part,), (part,) if part.ships is False else ())


def _rank(mine: Part, other: Part) -> tuple[int, bool, int] | None:
    """How well a pair fits, the best first; None where it cannot be one consignment."""
    shipped, received = (mine, other) if mine.ships else (other, mine)
    if other.ships == mine.ships or not _ends_fit(shipped, received, domestic=mine.code in ("SD", "RD")):
        return None
    days = 0
    if shipped.day and received.day:
        if not terms().window.holds(shipped.day, received.day):
            return None
        days = abs((received.day - shipped.day).days)
    same_mass = bool(other.weights) and not _masses_differ(mine, other)
    if other.key and mine.key == other.key:
        return 0, not same_mass, days
    counted = [each.weights.get(ITEMS, 0) for each in (mine, other)]
    exactly = mine.element_ug == other.element_ug and (counted[0] == counted[1] or not all(counted))
    if same_mass and exactly and mine.category == other.category:
        return 1, not other.key, days
    return None


def _ends_fit(shipped: Part, received: Part, *, domestic: bool) -> bool:
    ends: Callable[[Part], tuple[Side, Side]] = lambda part: (  # noqa: E731
        side(part.mba, domestic=True) if part.mba else UNKNOWN,
        side(part.other, domestic=domestic) if part.other else UNKNOWN,
    )
    (from_, to), (at, came_from) = ends(shipped), ends(received)
    return from_.fits(came_from) and to.fits(at)


def _scope(part: Part) -> Scope:
    return "domestic" if part.code in ("SD", "RD") else "foreign"


def _masses_differ(mine: Part, other: Part) -> bool:
    """Whether the weights that both sides give differ by more than the tolerance."""
    if mine.category not in CATEGORIES:
        return dict(mine.weights) != dict(other.weights)
    tolerance = terms().tolerance[_scope(mine)].ug(mine.category)
    first, second = _by_nuclide(mine), _by_nuclide(other)
    return any(abs(first[key] - second[key]) > tolerance for key in first.keys() & second.keys())


def _by_nuclide(part: Part) -> dict[str, int]:
    summed: dict[str, int] = {}
    for key, ug in part.weights.items():
        if key != ITEMS:
            nuclide = split_key(key)[1]
            summed[nuclide] = summed.get(nuclide, 0) + ug
    return summed


def _pair(mine: Part, other: Part) -> Row:
    shipped, received = (mine, other) if mine.ships else (other, mine)
    items = [each.weights.get(ITEMS, 0) for each in (mine, other)]
    wrong = {
        "batch": bool(mine.key and other.key) and mine.key != other.key,
        "category": bool(other.category) and mine.category != other.category,
        "mass": bool(other.weights) and _masses_differ(mine, other),
        "items": all(items) and items[0] != items[1],
        "date": bool(shipped.day and received.day) and _day(received) < _day(shipped),
    }
    differs = tuple(name for name, is_so in wrong.items() if is_so)
    standing: Standing = (
        "differs" if differs else "fits what is shown" if other.withheld or other.unreadable else "matched"
    )
    return Row(standing, differs, (shipped,), (received,))


def to_builtins(found: Joint) -> dict[str, object]:
    """The view as JSON shows it: masses in grams as text, each side's figures with its number and its proof."""
    return {
        "partner": found.partner,
        "areas": found.areas,
        "countries": found.countries,
        "rows": [
            {
                "standing": row.standing,
                "differs": row.differs,
                "hidden": row.hidden,
                "shipped": [_told(each, found.partner) for each in row.shipped],
                "received": [_told(each, found.partner) for each in row.received],
            }
            for row in found.rows
        ],
    }


def _told(part: Part, partner: str) -> dict[str, object]:
    from openmpca.nuclear.mass import format_grams

    return {
        "stated_by": "ours" if part.ours else partner,
        "statement": part.number,
        "code": part.code,
        "day": None if part.day is None else part.day.isoformat(),
        "mba": part.mba,
        "counterpart": part.other,
        "batch": part.batch,
        "category": part.category,
        "weights": {key: format_grams(ug) for key, ug in part.weights.items() if key != ITEMS},
        "items": part.weights.get(ITEMS),
        "withheld": part.withheld,
        "unreadable": part.unreadable,
        "proof": None if part.proof is None else msgspec.to_builtins(part.proof),
    }
