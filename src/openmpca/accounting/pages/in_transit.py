"""The lists of transit, and the part of them that a page shows; of what it does not show is only told how much it is.

Rules kept here:

1. A consignment is shown to whoever may read one of the areas at home that it concerns.
2. Lists are in the order of the board, the oldest of what is open first. A part of a list is what the same lines of the
   whole list would be; how many there are counts all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from openmpca.accounting import accounts
from openmpca.accounting.pages.asked import view_of
from openmpca.accounting.pages.parts import at_once
from openmpca.accounting.queries import View
from openmpca.accounting.transit import abroad, unmatched
from openmpca.accounting.transit.consignments import Consignment, Transfer
from openmpca.pages.routes import Asking

MATCHED: Final = "matched"
LISTS: Final[Mapping[str, frozenset[str]]] = {
    "open": frozenset({"shipped", "in transit"}),
    "differences": frozenset({"differs", "partly matched", "received before shipped"}),
    "waiting": frozenset({"received"}),
    MATCHED: frozenset({"matched"}),
}
_ALONE: Final = {"open": "SF", "waiting": "RF"}


@dataclass(frozen=True)
class Listed:
    """A list: what of it is shown, and how many there are."""

    name: str
    shown: Sequence[Consignment]
    count: int


@dataclass(frozen=True)
class Shown:
    """The lists of a page, and the consignments at home that may have something open."""

    lists: Sequence[Listed]
    unsettled: Sequence[Consignment]


def in_part(asking: Asking, mba: str, everything: bool, begin: int) -> Shown:
    """The lists of what may be read, of one area where it is named, as far as a page shows them (rule 2)."""
    view = view_of(asking)
    alone, joined = abroad.abroad(view)
    if mba or not asking.reach.everywhere:
        alone = alone.filter(_of_areas(asking, mba, "mba"))
    singly = [each for each in (*unmatched.unmatched(view), *joined) if readable(asking, each, mba)]
    lists = [_listed(name, singly, alone, begin, view) for name in LISTS if name != MATCHED]
    matched = _matched(asking, mba, singly, begin, view) if everything else Listed(MATCHED, [], 0)
    return Shown([*lists, matched], singly)


def _of_areas(asking: Asking, mba: str, *columns: str) -> pl.Expr:
    """Whether one of the areas in some columns may be read, and one is the area that is named."""
    wanted = pl.lit(value=True) if not mba else pl.any_horizontal(pl.col(each) == mba for each in columns)
    if asking.reach.everywhere:
        return wanted
    scopes = asking.reach.mbas(view_of(asking).opened.areas)
    return wanted & pl.any_horizontal(pl.col(each).is_in(scopes) for each in columns)


def _listed(name: str, singly: Sequence[Consignment], alone: pl.DataFrame, begin: int, view: View) -> Listed:
    """A list of what was looked at one by one, and what stands alone abroad."""
    own = standing(singly, LISTS[name])
    codes = {_ALONE[name]} if name in _ALONE else set()
    count = int(alone.select(abroad.of_codes(codes).sum()).item())
    before = abroad.first(alone, codes, 0, begin + at_once(), view) if own and count else []
    if before:
        return Listed(name, standing([*own, *before], LISTS[name])[begin : begin + at_once()], len(own) + count)
    some = abroad.first(alone, codes, begin, at_once(), view) if count else own[begin : begin + at_once()]
    return Listed(name, some, len(own) + count)


def _matched(asking: Asking, mba: str, singly: Sequence[Consignment], begin: int, view: View) -> Listed:
    """What is matched: the names that are so plainly, and what was looked at one by one and is."""
    own = standing(singly, LISTS[MATCHED])
    names = unmatched.judged(view).matched(accounts.date_of(view.day))
    names = names.filter(_of_areas(asking, mba, "shipper", "receiver"))
    plain = unmatched.of_names(names["key"][: begin + at_once()].to_list(), view)
    some = standing([*own, *plain], LISTS[MATCHED])[begin : begin + at_once()]
    return Listed(MATCHED, some, len(own) + int(names["parts"].sum()))


def standing(shown: Iterable[Consignment], standings: frozenset[str]) -> list[Consignment]:
    """Those of some consignments that stand so, in the order of their list (rule 2)."""
    some = [each for each in shown if each.standing in standings]
    return sorted(some, key=lambda each: (-each.age_days, each.first.day, each.first.number, each.category))


def readable(asking: Asking, consignment: Consignment, mba: str = "") -> bool:
    """Whether a consignment may be read, and concerns the area that is named."""
    areas = areas_of(consignment)
    return (not mba or mba in areas) and any(asking.reach.covers(f"mba:{area}") for area in areas)


def areas_of(consignment: Consignment) -> set[str]:
    """The areas at home that a consignment concerns (rule 1)."""
    stated = [each for each in (consignment.shipment, *consignment.receipts) if each is not None and ours(each)]
    areas = {each.mba for each in stated}
    if consignment.scope == "domestic":
        areas |= {side.area for each in stated for side in (each.shipper, each.receiver) if side.area}
    return areas


def ours(transfer: Transfer) -> bool:
    """Whether a statement is of our own book, and not the other side's."""
    return transfer.number >= 0
