"""Inventory changes, entries of material balance reports, and the accounts they move material through.

Rules kept here:

* ``effect`` is what a positive quantity does to the batch in the entry: +1 increases, -1 decreases. A category change
  has 0, for it takes from the balance of one category and gives the same to another.
* Quantities of a change are positive; only an adjustment (``signed``) may be negative. A positive shipper/receiver
  difference reduces the inventory.
* Rebatching stands in inventory change reports only and is no part of any balance.
* Every code is also the name of the counter-account of its area; ``ACCOUNT_GROUPS`` tells what the accounts mean
  together (shipments and receipts between areas are one transit).

Source: Model Subsidiary Arrangement Code 10; INFCIRC/153, paragraphs 67 and 107. Data: ``data/changes.toml``.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

import msgspec

from openmpca.nuclear.tables import by_code

Kind = Literal[
    "receipt",
    "shipment",
    "production",
    "loss",
    "gain",
    "discard",
    "waste",
    "exemption",
    "termination",
    "category",
    "adjustment",
    "rebatch",
]
Group = Literal[
    "foreign",
    "transit",
    "start",
    "unsafeguarded",
    "production",
    "nuclear_loss",
    "discard",
    "retained_waste",
    "exempted_use",
    "exempted_quantity",
    "terminated",
    "gain",
    "loss",
    "difference",
    "category",
    "rebatching",
    "opening",
    "muf",
    "isotope_not_accounted",
]


class InventoryChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of inventory change. ``pair`` is the code that undoes or answers it, "" where there is none."""

    code: str
    title: str
    effect: Literal[-1, 0, 1]
    kind: Kind
    group: Group
    counterpart: Literal["foreign", "domestic", "none"]
    reports: tuple[Literal["ICR", "MBR"], ...]
    definition: str
    source: str
    pair: str = ""
    from_category: str = ""
    to_category: str = ""
    signed: bool = False
    unverified: bool = False

    @property
    def in_balance(self) -> bool:
        """Whether the change is a term of the material balance."""
        return "MBR" in self.reports


class BalanceEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry that occurs only in material balance reports; ``order`` as in INFCIRC/153, paragraph 67."""

    code: str
    title: str
    order: int
    definition: str
    optional: bool
    source: str
    unverified: bool = False


class Account(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account of the book that is not the counter-account of an inventory change."""

    code: str
    group: Group
    title: str


CHANGES: Final[Mapping[str, InventoryChange]] = by_code("changes", "change", InventoryChange)
MBR_ENTRIES: Final[Mapping[str, BalanceEntry]] = by_code("changes", "entry", BalanceEntry)
ACCOUNTS: Final[Mapping[str, Account]] = by_code("changes", "account", Account)

ACCOUNT_GROUPS: Final[Mapping[str, Group]] = MappingProxyType(
    {change.code: change.group for change in CHANGES.values()}
    | {account.code: account.group for account in ACCOUNTS.values()}
)

MBR_ORDER_INCREASES: Final = 2
MBR_ORDER_DECREASES: Final = 3
MBR_ORDER_DIFFERENCE: Final = 5

ROUNDING_PREFIX: Final = "RA"


def category_change(from_category: str, to_category: str) -> InventoryChange | None:
    """The change that takes material from one Agency category to another, or None where there is no such code.

    >>> category_change("E", "D").code
    'ED'
    """
    found = CHANGES.get(from_category + to_category)
    return found if found is not None and found.from_category == from_category else None


def rounded_code(code: str) -> str:
    """The code that a rounding adjustment adjusts ("RALN" gives "LN"), or "" where it is none.

    >>> rounded_code("RALN"), rounded_code("RAPE"), rounded_code("LN"), rounded_code("RAXX")
    ('LN', 'PE', '', '')
    """
    adjusted = code.removeprefix(ROUNDING_PREFIX)
    return adjusted if adjusted != code and adjusted in mbr_codes() else ""


def mbr_codes() -> tuple[str, ...]:
    """The codes that a material balance report may hold, rounding adjustments apart."""
    return (*MBR_ENTRIES, *(change.code for change in CHANGES.values() if change.in_balance))


def mbr_order(code: str, category: str) -> int:
    """Where an entry stands in the material balance report of a category (1 to 8).

    A rounding adjustment stands with the entry that it adjusts. Raises ValueError for a code without a place there.

    >>> [mbr_order(code, "E") for code in ("PB", "RF", "NE", "EN", "LN", "BE", "DI", "BA", "RAPE", "MF")]
    [1, 2, 2, 3, 3, 4, 5, 6, 7, 8]
    """
    code = rounded_code(code) or code
    if code in MBR_ENTRIES:
        return MBR_ENTRIES[code].order
    change = CHANGES.get(code)
    if change is None or not change.in_balance:
        raise ValueError(f"{code} has no place in a material balance report.")
    if change.kind == "adjustment":
        return MBR_ORDER_DIFFERENCE
    increases = change.effect == 1 or change.to_category == category
    return MBR_ORDER_INCREASES if increases else MBR_ORDER_DECREASES
