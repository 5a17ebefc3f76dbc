"""Consignments: which receipts answer which shipment. Pure: statements in, consignments out.

Rules kept here:

1. A consignment is one category of one shipment with all the receipts that answer it; or a receipt that answers none
   yet. Categories are the Agency's, so a national class of uranium does not part a shipment from its receipt.
2. A receipt that names its shipment belongs to it, whatever else they say.
3. Any other belongs to a shipment of the same batch (name 446 of the shipment, 447 of the receipt), the same
   category, between the same areas, dated within the window. Of several the one with exactly this mass goes first,
   then one that still waits for material, then the nearest in time, a shipment before the receipt sooner than one
   after it.
4. A receipt from abroad only waits for the shipper's word. It does not age, save where shipments that its State
   stated are at hand and this one is not among them.
5. One shipment may be received in several lots. What was received beyond it is a difference, never somebody else's.

Sources: Code 10 (labels 446 and 447, receipts on the shipper's data); the rest is customary and unverified.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Final, Literal

import msgspec

from openmpca.accounting.accounts import ITEMS
from openmpca.nuclear.categories import CATEGORIES, split_key
from openmpca.nuclear.mass import parse_grams

SHIPMENTS: Final = frozenset({"SD", "SF"})
RECEIPTS: Final = frozenset({"RD", "RF"})
DOMESTIC: Final = frozenset({"SD", "RD"})

State = Literal[
    "shipped", "in transit", "received", "received before shipped", "partly matched", "differs", "matched", "overdue"
]
Scope = Literal["domestic", "foreign"]


class Ages(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """After how many days an open consignment is warned of, and is overdue."""

    warn_days: int
    alarm_days: int
    source: str
    unverified: bool = False


class Tolerance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By how many grams both sides of a consignment may differ, for categories accounted in grams and in kilograms."""

    G: str
    K: str
    source: str
    unverified: bool = False

    def ug(self, category: str) -> int:
        """The tolerance for a category, in micrograms."""
        return parse_grams(self.K if CATEGORIES[category].unit == "K" else self.G)


class Window(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far a receipt may be dated from its shipment."""

    after_days: int
    before_days: int
    source: str
    unverified: bool = False

    def holds(self, shipped: date, received: date) -> bool:
        """Whether both days may be of one consignment."""
        return -self.before_days <= (received - shipped).days <= self.after_days


class Lot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much less than was shipped is taken for a lot on its way, and not for wrong data; in percent."""

    least_open_percent: int
    source: str
    unverified: bool = False


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Window, ages and tolerances by which consignments are judged."""

    window: Window
    lot: Lot
    ages: dict[Scope, Ages]
    tolerance: dict[Scope, Tolerance]


@cache
def terms() -> Terms:
    """The terms of `data/transit.toml`."""
    text = files("openmpca.accounting").joinpath("data", "transit.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Terms)


class Side(msgspec.Struct, frozen=True):
    """Where a consignment leaves or arrives; what is not known is empty."""

    country: str
    area: str

    def fits(self, other: "Side") -> bool:
        """Whether both may be the same place."""
        return (not (self.country and other.country) or self.country == other.country) and (
            not (self.area and other.area) or self.area == other.area
        )

    def __str__(self) -> str:
        return f"{self.country}/{self.area}" if self.country and self.area else self.country or self.area


@lru_cache(maxsize=2048)
def side(text: str, *, domestic: bool) -> Side:
    """A place as written: ``COUNTRY/MBA``, or ``COUNTRY`` alone abroad, or ``MBA`` alone at home.

    >>> side("XX/XXA1", domestic=False).area, side("XX", domestic=False).country, side("ZZA1", domestic=True).area
    ('XXA1', 'XX', 'ZZA1')
    """
    country, slash, area = text.partition("/")
    if slash:
        return Side(country, area)
    return Side("", text) if domestic else Side(text, "")


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """One category of one statement of a shipment or receipt.

    ``root`` is the first statement of its chain of corrections, ``shipment`` the root of the shipment that it names.
    Weights are in ug by weight key, with the number of items under ``#``. Statements of the other side have negative
    numbers.
    """

    number: int
    root: int
    code: str
    mba: str
    other: str
    batch: str
    key: str
    day: date
    category: str
    weights: Mapping[str, int]
    shipment: int | None = None
    description: str = ""

    @property
    def ships(self) -> bool:
        """Whether this is the shipper's statement."""
        return self.code in SHIPMENTS

    @property
    def domestic(self) -> bool:
        """Whether it stays within the State."""
        return self.code in DOMESTIC

    @property
    def own(self) -> Side:
        """The side of who stated it."""
        return side(self.mba, domestic=True)

    @property
    def opposite(self) -> Side:
        """The other side, as stated."""
        return side(self.other, domestic=self.domestic)

    @property
    def shipper(self) -> Side:
        """Where it left."""
        return self.own if self.ships else self.opposite

    @property
    def receiver(self) -> Side:
        """Where it arrives."""
        return self.opposite if self.ships else self.own

    @property
    def element_ug(self) -> int:
        """The mass of the element, over all national categories of this Agency category."""
        return sum(ug for key, ug in self.weights.items() if key != ITEMS and not split_key(key)[1])


class Consignment(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One category of a shipment and what answered it, as on a day.

    ``heard`` says whether shipments that the State of the shipper stated are at hand.
    """

    scope: Scope
    category: str
    shipment: Transfer | None
    receipts: tuple[Transfer, ...]
    on: date
    terms: Terms
    heard: bool = False

    @property
    def first(self) -> Transfer:
        """The statement that tells where from and where to."""
        return self.shipment or self.receipts[0]

    @property
    def shipped(self) -> dict[str, int]:
        """What was shipped, by weight key."""
        return dict(self.shipment.weights) if self.shipment else {}

    @property
    def received(self) -> dict[str, int]:
        """What was received, by weight key."""
        return total(each.weights for each in self.receipts)

    @cached_property
    def open(self) -> dict[str, int]:
        """What was shipped and not received; negative where it was received and not shipped."""
        return {key: ug for key, ug in _less(self.shipped, self.received).items() if ug}

    @property
    def open_ug(self) -> int:
        """What is open of the element."""
        return sum(ug for key, ug in self.open.items() if key != ITEMS and not split_key(key)[1])

    @property
    def is_lot(self) -> bool:
        """Whether what is open is a lot on its way: enough of the mass, and of the items where they are counted."""
        whole = self.shipment.element_ug if self.shipment else 0
        items = self.shipped.get(ITEMS, 0)
        enough = 100 * self.open_ug >= self.terms.lot.least_open_percent * whole
        return enough and (not items or self.open.get(ITEMS, 0) > 0)

    @cached_property
    def standing(self) -> State:
        """How far the consignment has come, without regard to its age."""
        if not self.receipts:
            return "in transit" if self.scope == "domestic" else "shipped"
        if self.shipment is None:
            return "received before shipped" if self.scope == "domestic" else "received"
        tolerance = self.terms.tolerance[self.scope].ug(self.category)
        if self.open_ug > tolerance:
            return "partly matched"
        return "matched" if all(abs(ug) <= tolerance for ug in self._comparable().values()) else "differs"

    def _comparable(self) -> dict[str, int]:
        """What is open of the weights that both sides give: another State may tell the element alone."""
        differing = _agency(self.open)
        if self.scope == "domestic":
            return differing
        both = _agency(self.shipped).keys() & _agency(self.received).keys()
        return {key: ug for key, ug in differing.items() if key in both}

    @property
    def ages(self) -> bool:
        """Whether time counts against it: not when it is matched, nor when only word from abroad is waited for."""
        waits = self.standing == "received" and self.first.number >= 0 and not self.heard
        return self.standing != "matched" and not waits

    @cached_property
    def age_days(self) -> int:
        """For how many days the consignment has been open; 0 when it does not age."""
        return 0 if not self.ages else (self.on - self.first.day).days

    @property
    def alert(self) -> Literal["", "warn", "alarm"]:
        """Whether its age is to be warned of."""
        ages = self.terms.ages[self.scope]
        if self.age_days >= ages.alarm_days:
            return "alarm"
        return "warn" if self.age_days >= ages.warn_days else ""

    @property
    def state(self) -> State:
        """How far the consignment has come; overdue when it is open for longer than the alarm age."""
        return "overdue" if self.alert == "alarm" else self.standing


def total(weights: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The sum of several sets of weights."""
    summed: dict[str, int] = defaultdict(int)
    for each in weights:
        for key, ug in each.items():
            summed[key] += ug
    return dict(summed)


def _less(first: Mapping[str, int], second: Mapping[str, int]) -> dict[str, int]:
    return {
        key: first.get(key, 0) - second.get(key, 0) for key in (*first, *(key for key in second if key not in first))
    }


def agency_category(category: str) -> str:
    """The category of the Agency that a category collapses to, itself where there is none."""
    known = CATEGORIES.get(category)
    return (known.agency if known else "") or category


def _agency(weights: Mapping[str, int]) -> dict[str, int]:
    """Differences of mass by nuclide in the Agency's categories; items apart."""
    summed: dict[str, int] = defaultdict(int)
    for key, ug in weights.items():
        if key != ITEMS:
            category, nuclide = split_key(key)
            summed[f"{agency_category(category)}/{nuclide}"] += ug
    return dict(summed)


def consign(transfers: Iterable[Transfer], on: date, by: Terms | None = None) -> list[Consignment]:
    """All consignments of some statements as on a day, shipments first, in the order of their days."""
    judged = by or terms()
    found: list[Consignment] = []
    transfers = list(transfers)
    heard = {each.shipper.country for each in transfers if each.ships and each.number < 0}
    for scope in ("domestic", "foreign"):
        some = [each for each in transfers if each.domestic == (scope == "domestic")]
        for shipment, receipts in _Matching(some, judged.window).pairs():
            found.append(
                Consignment(
                    scope=scope,
                    category=(shipment or receipts[0]).category,
                    shipment=shipment,
                    receipts=tuple(receipts),
                    on=on,
                    terms=judged,
                    heard=(shipment or receipts[0]).shipper.country in heard,
                )
            )
    return sorted(found, key=lambda each: (each.first.day, each.first.number, each.category))


class _Matching:
    """Assigns receipts to shipments of one scope (rules 2, 3 and 5)."""

    def __init__(self, transfers: list[Transfer], window: Window) -> None:
        self._window = window
        self._shipments = sorted((each for each in transfers if each.ships), key=_order)
        self._receipts = sorted((each for each in transfers if not each.ships), key=_order)
        self._assigned: dict[int, list[Transfer]] = {index: [] for index in range(len(self._shipments))}
        self._waiting = [each.element_ug for each in self._shipments]
        self._by_key: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._by_root: dict[int, list[int]] = defaultdict(list)
        for index, each in enumerate(self._shipments):
            self._by_key[each.key, each.category].append(index)
            self._by_root[each.root].append(index)

    def pairs(self) -> list[tuple[Transfer | None, list[Transfer]]]:
        unmatched = [each for each in self._receipts if not self._assign(each, self._named(each))]
        alone = [each for each in unmatched if not self._assign(each, self._likely(each))]
        made: list[tuple[Transfer | None, list[Transfer]]] = [
            (shipment, self._assigned[index]) for index, shipment in enumerate(self._shipments)
        ]
        return made + [(None, [each]) for each in alone]

    def _assign(self, receipt: Transfer, index: int | None) -> bool:
        if index is None:
            return False
        self._assigned[index].append(receipt)
        self._waiting[index] -= receipt.element_ug
        return True

    def _named(self, receipt: Transfer) -> int | None:
        named = self._by_root.get(receipt.shipment, []) if receipt.shipment is not None else []
        same = [index for index in named if self._shipments[index].category == receipt.category]
        drifted = [index for index in named if _element(self._shipments[index].category) == _element(receipt.category)]
        return next(iter(same or drifted), None)

    def _likely(self, receipt: Transfer) -> int | None:
        fitting = [
            index
            for index in self._by_key.get((receipt.key, receipt.category), [])
            if self._window.holds(self._shipments[index].day, receipt.day)
            and (receipt.domestic or (self._shipments[index].number < 0) != (receipt.number < 0))
            and self._shipments[index].shipper.fits(receipt.shipper)
            and self._shipments[index].receiver.fits(receipt.receiver)
        ]
        return min(fitting, key=lambda index: self._rank(index, receipt), default=None)

    def _rank(self, index: int, receipt: Transfer) -> tuple[bool, bool, bool, int, int]:
        shipped = self._shipments[index].day
        return (
            self._waiting[index] != receipt.element_ug,
            self._waiting[index] <= 0,
            shipped > receipt.day,
            abs((receipt.day - shipped).days),
            index,
        )


def _order(transfer: Transfer) -> tuple[date, int]:
    return transfer.day, transfer.number


def _element(category: str) -> str:
    known = CATEGORIES.get(category)
    return known.element if known else category
