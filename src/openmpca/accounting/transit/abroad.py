"""Shipments and receipts abroad that stand alone: our side of them, kept by area while the record grows.

Rules kept here:

1. Without word of the other State a shipment abroad answers nothing and is answered by nothing, unless a receipt of
   ours names it: each is a consignment of its own (`board`, rule 3). Those that are named, or name one, are looked at
   one by one, by `consign`.
2. What is listed here is one row for each of the Agency's categories of a statement, as the board has it.

Source: as for `board`.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final

import polars as pl

from openmpca.accounting import accounts
from openmpca.accounting.accounts import PHASES
from openmpca.accounting.book import NEGATED
from openmpca.accounting.kept import Joined, Kept, by_area, with_more
from openmpca.accounting.queries import View
from openmpca.accounting.transit.board import transfers
from openmpca.accounting.transit.consignments import (
    DOMESTIC,
    RECEIPTS,
    SHIPMENTS,
    Consignment,
    agency_category,
    consign,
)
from openmpca.record.known import query

CODES: Final = sorted((SHIPMENTS | RECEIPTS) - DOMESTIC)
ALONE: Final[dict[str, Any]] = {
    "mba": pl.String,
    "code": pl.String,
    "number": pl.Int64,
    "root": pl.Int64,
    "shipment": pl.Int64,
    "day": pl.Int64,
    "category": pl.String,
}
_FOUND: Final = {"account": pl.Int64, **{name: kind for name, kind in ALONE.items() if name not in ("mba", "code")}}
_ORDER: Final = ["day", "number", "category"]


def abroad(view: View) -> tuple[pl.DataFrame, list[Consignment]]:
    """What stands alone abroad at a view, the columns of `ALONE`; and the consignments with more to them."""
    found = _TOGETHER.of(_STATED.of(view), view.day)
    named = found["shipment"].drop_nulls().unique()
    if not named.len():
        return found, []
    joined = pl.col("shipment").is_not_null() | pl.col("root").is_in(named.implode())
    return found.filter(~joined), of_numbers(found.filter(joined)["number"].unique().to_list(), view)


def first(found: pl.DataFrame, codes: Collection[str], begin: int, count: int, view: View) -> list[Consignment]:
    """Some of what stands alone under some codes, in the order of the board."""
    fits = of_codes(codes)
    last = found.select(pl.col("day").filter(fits).bottom_k(begin + count).max()).item()
    if last is None:
        return []
    some = found.filter(fits, pl.col("day") <= last).sort(_ORDER)[begin : begin + count]
    wanted = set(some.select("number", "category").iter_rows())
    made = of_numbers(some["number"].unique().to_list(), view)
    return [each for each in made if (each.first.number, each.category) in wanted]


def of_codes(codes: Collection[str]) -> pl.Expr:
    """Whether what stands alone was stated under one of some codes."""
    return pl.any_horizontal(pl.lit(value=False), *(pl.col("code") == code for code in sorted(codes)))


def of_numbers(numbers: Sequence[int], view: View) -> list[Consignment]:
    """The consignments abroad of some statements."""
    return consign(transfers(view, CODES, numbers=numbers), accounts.date_of(view.day))


def _made(view: View, mbas: Sequence[str], after: int = -1) -> dict[str, pl.DataFrame]:
    of = view.accounts(list(mbas), CODES)
    ids = ", ".join(map(str, of["account"])) or "NULL"
    some = f"p.account IN ({ids})" if after < 0 else f"+p.account IN ({ids}) AND p.number > {after}"
    rows = query(
        "SELECT DISTINCT p.account, p.number, COALESCE(own.first, p.number), COALESCE(named.first, t.shipment),"  # noqa: S608
        f" p.day / {PHASES}, p.category"
        " FROM accounting_posting p JOIN accounting_transfer t ON t.number = p.number"
        " LEFT JOIN accounting_correction own ON own.number = p.number"
        " LEFT JOIN accounting_correction named ON named.number = t.shipment"
        f" WHERE {some} AND p.line < %s AND p.day <= %s"
        " AND p.number <= %s AND NOT EXISTS"
        " (SELECT 1 FROM accounting_correction c WHERE c.corrects = p.number AND c.number <= %s)",
        [NEGATED, view.day, view.number, view.number],
        _FOUND,
        view.using,
    )
    agency = {each: agency_category(each) for each in rows["category"].unique()}
    named = rows.with_columns(pl.col("category").replace(agency)).unique(["number", "category"]).join(of, on="account")
    return by_area(named.select(list(ALONE)), mbas)


_STATED: Final = Kept(_made, grow=with_more(_made))
_TOGETHER: Final = Joined(ALONE)
