"""What a partner's bundles state of shipments and receipts: read as far as it is shown, believed of nobody but them.

Rules kept here:

1. A change counts while no other statement in their bundles corrects or deletes it. What they corrected without showing
   it, nobody here can know.
2. A field that is not shown is withheld, where their statement cannot lack it (code, day, area, batch, weights); any
   other may as well have been left empty, and is told as not shown.
3. Texts are theirs: a mass, a day or a category that cannot be read here is taken for withheld, and told as unreadable.
   So is a day that no such movement can have, before 1900 or after 2999.

Source: design, idea 7; Code 10 for what a change tells.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

import msgspec

from openmpca.accounting.accounts import ITEMS
from openmpca.accounting.transit.consignments import RECEIPTS, SHIPMENTS, Transfer, agency_category
from openmpca.nuclear.categories import CATEGORIES, split_key
from openmpca.nuclear.mass import MassError, parse_grams
from openmpca.proof.bundles.receiving import Shown

MOVES: Final = SHIPMENTS | RECEIPTS
NEEDED: Final = ("code", "day", "mba", "batch", "weights")
FURTHEST: Final = date(9999, 12, 31)
DAYS: Final = (date(1900, 1, 1), date(2999, 12, 31))

T = TypeVar("T")


@dataclass(frozen=True)
class Proof:
    """From which log a partner's statement is proven, under a checkpoint of what size, in which received bundle."""

    log: str
    size: int
    received: int
    sha256: str


@dataclass(frozen=True)
class Part:
    """One category of a shipment or receipt, as the side that stated it has it.

    ``key`` is the batch by which both sides know it; weights are in ug by weight key, with items under ``#``.
    ``withheld`` names what is not shown, ``unreadable`` what cannot be read. ``proof`` is None for ours.
    """

    number: int
    code: str
    day: date | None
    mba: str
    other: str
    batch: str
    key: str
    category: str
    weights: Mapping[str, int]
    withheld: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    proof: Proof | None = None

    @property
    def ours(self) -> bool:
        """Whether it is of our own record."""
        return self.proof is None

    @property
    def ships(self) -> bool | None:
        """Whether this is the shipper's side; None where the code is not shown."""
        return self.code in SHIPMENTS if self.code else None

    @property
    def whole(self) -> bool:
        """Whether all is shown by which consignments are matched."""
        return bool(self.code and self.day and self.key and self.weights)

    def transfer(self, number: int) -> Transfer:
        """The part as the matching of consignments takes it; only where it is whole."""
        return Transfer(
            number=number,
            root=number,
            code=self.code,
            mba=self.mba,
            other=self.other,
            batch=self.batch,
            key=self.key,
            day=self.day or FURTHEST,
            category=self.category,
            weights=self.weights,
        )

    @property
    def element_ug(self) -> int:
        """The mass of the element."""
        return sum(ug for key, ug in self.weights.items() if key != ITEMS and "/" not in key)


def of_ours(transfer: Transfer) -> Part:
    """One of our own shipments or receipts."""
    return Part(
        number=transfer.number,
        code=transfer.code,
        day=transfer.day,
        mba=transfer.mba,
        other=transfer.other,
        batch=transfer.batch,
        key=transfer.key,
        category=transfer.category,
        weights=transfer.weights,
    )


def stated(shown: Sequence[Shown], on: date) -> list[Part]:
    """The shipments and receipts among what a partner's bundles show, up to a day."""
    gone = {(each.came.origin, corrected) for each in shown if (corrected := _corrected(each)) is not None}
    changes = [each for each in shown if each.kind == "accounting.change"]
    found = [part for each in changes if (each.came.origin, each.number) not in gone for part in _parts(each)]
    return [each for each in found if each.day is None or each.day <= on]


def areas(shown: Sequence[Shown]) -> set[str]:
    """The areas of which a partner states anything."""
    return {mba for each in shown if isinstance(mba := each.fields.get("mba"), str)}


def _corrected(shown: Shown) -> int | None:
    number = shown.fields.get("corrects")
    return number if type(number) is int and shown.kind.startswith("accounting.") else None


def _parts(shown: Shown) -> Iterator[Part]:
    read = _Reading(shown.fields)
    code = read.one("code", str) or ""
    if code and code not in MOVES:
        return
    items = read.one("items", int)
    weights = read.weights()
    batch, name = read.one("batch", str) or "", read.one("name", str) or ""
    shippers = (read.one("shipper_batch", str) or "") if code in RECEIPTS else ""
    common: dict[str, Any] = {
        "number": shown.number,
        "code": code,
        "day": read.day(),
        "mba": read.one("mba", str) or "",
        "other": read.one("counterpart", str) or "",
        "batch": batch or name,
        "key": shippers or name or batch,
        "proof": Proof(shown.came.origin, shown.came.size, shown.came.number, shown.came.sha256),
        "withheld": tuple(each for each in NEEDED if each not in shown.fields),
    }
    unreadable = tuple(read.unreadable)
    by_category: dict[str, dict[str, int]] = {}
    for key, ug in weights.items():
        by_category.setdefault(agency_category(split_key(key)[0]), {})[key] = ug
    for category, some in (by_category or {"": {}}).items():
        yield Part(**common, category=category, weights=some | _counted(items, some), unreadable=unreadable)
        items = None


def _counted(items: int | None, weights: Mapping[str, int]) -> dict[str, int]:
    return {ITEMS: items} if items and weights else {}


class _Reading:
    """The fields of somebody else's statement; what cannot be read is noted."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        self._fields = fields
        self.unreadable: list[str] = []

    def one(self, name: str, kind: type[T]) -> T | None:
        if name not in self._fields:
            return None
        try:
            return msgspec.convert(self._fields[name], kind)
        except msgspec.ValidationError:
            self.unreadable.append(name)
            return None

    def day(self) -> date | None:
        found = self.one("day", date)
        if found is None or DAYS[0] <= found <= DAYS[1]:
            return found
        self.unreadable.append("day")
        return None

    def weights(self) -> dict[str, int]:
        given = self.one("weights", dict[str, str]) or {}
        try:
            read = {key: parse_grams(text) for key, text in given.items()}
            known = all(agency_category(split_key(key)[0]) in CATEGORIES for key in read)
        except (MassError, ValueError):
            known = False
        if not known:
            self.unreadable.append("weights")
            return {}
        return read
