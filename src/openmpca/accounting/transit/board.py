"""Transit: what has left one area and has not arrived at another, as of a day and as known at a statement.

Rules kept here:

1. Material in domestic transit belongs to the State and to no area. The board is made from the shipments and receipts
   that stand; its open amounts sum to the balance of the transit accounts (SD and RD of all areas together).
2. Only statements that stand are seen: what was corrected or deleted by the number asked for is out.
3. Abroad only our own side is in our book. The other side's statements come as a table (`other_side`), from its
   reports or from the Agency's list of transits that are not matched; without them a shipment abroad only ages, and a
   receipt from abroad only waits for the shipper's word.
4. When a shipper corrects a shipment, the receipt follows it (`following`).

Sources: Code 10 (receipts on the shipper's data, DI); INFCIRC/153, paragraphs 91 and 107; ages and tolerances are
ours, see `data/transit.toml`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import msgspec
import polars as pl

from openmpca.accounting import accounts
from openmpca.accounting.accounts import ITEMS, MAIN
from openmpca.accounting.book import NEGATED
from openmpca.accounting.kept import balances
from openmpca.accounting.queries import View
from openmpca.accounting.transit.consignments import (
    RECEIPTS,
    SHIPMENTS,
    Consignment,
    Terms,
    Transfer,
    agency_category,
    consign,
)
from openmpca.nuclear.categories import split_key
from openmpca.record.known import placeholders, query

OTHER_SIDE: Final[dict[str, Any]] = {
    "code": pl.String,
    "day": pl.Date,
    "shipper": pl.String,
    "receiver": pl.String,
    "batch": pl.String,
    "category": pl.String,
    "ug": pl.Int64,
}
BOARD: Final[dict[str, Any]] = {
    "scope": pl.String,
    "state": pl.String,
    "standing": pl.String,
    "alert": pl.String,
    "age_days": pl.Int64,
    "shipper": pl.String,
    "receiver": pl.String,
    "batch": pl.String,
    "category": pl.String,
    "shipped_day": pl.Date,
    "received_day": pl.Date,
    "shipped_ug": pl.Int64,
    "received_ug": pl.Int64,
    "open_ug": pl.Int64,
    "shipment": pl.Int64,
    "receipts": pl.List(pl.Int64),
}
_TRANSFER: Final = {
    "number": pl.Int64,
    "root": pl.Int64,
    "code": pl.String,
    "mba": pl.String,
    "other": pl.String,
    "batch": pl.String,
    "key": pl.String,
    "day": pl.Date,
    "shipment": pl.Int64,
    "description": pl.String,
}
_MASS: Final = {"number": pl.Int64, "category": pl.String, "nuclide": pl.String, "ug": pl.Int64}


@dataclass(frozen=True)
class Board:
    """All consignments of the State at a view."""

    consignments: tuple[Consignment, ...]

    def frame(self) -> pl.DataFrame:
        """The board as a table: the columns of `BOARD`, masses of the element in ug."""
        return pl.DataFrame(self.rows, schema=BOARD)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The same as rows."""
        return [_row(each) for each in self.consignments]

    @property
    def open(self) -> tuple[Consignment, ...]:
        """The consignments that are not matched."""
        return tuple(each for each in self.consignments if each.standing != "matched")

    def in_transit(self) -> pl.DataFrame:
        """What is in domestic transit: category, nuclide (``""`` the element, ``#`` items), ug; zero ones left out."""
        rows = [
            (*_split(key, each.category), ug)
            for each in self.consignments
            if each.scope == "domestic"
            for key, ug in each.open.items()
        ]
        found = pl.DataFrame(rows, schema={"category": pl.String, "nuclide": pl.String, "ug": pl.Int64}, orient="row")
        summed = found.group_by("category", "nuclide").agg(pl.col("ug").sum())
        return summed.filter(pl.col("ug") != 0).sort("category", "nuclide")

    def of(self, number: int) -> tuple[Consignment, ...]:
        """The consignments in which a statement, or one that it replaced or was replaced by, takes part."""
        return tuple(
            each
            for each in self.consignments
            if any(number in (part.number, part.root) for part in (each.shipment, *each.receipts) if part)
        )


def _split(key: str, category: str) -> tuple[str, str]:
    """Category and nuclide of a weight key; items are kept as ``CATEGORY/#``."""
    return split_key(key) if key != ITEMS else (category, ITEMS)


def _row(each: Consignment) -> dict[str, Any]:
    shipment, receipts = each.shipment, each.receipts
    return {
        "scope": each.scope,
        "state": each.state,
        "standing": each.standing,
        "alert": each.alert,
        "age_days": each.age_days,
        "shipper": str(each.first.shipper),
        "receiver": str(each.first.receiver),
        "batch": each.first.key,
        "category": each.category,
        "shipped_day": shipment.day if shipment else None,
        "received_day": max((one.day for one in receipts), default=None),
        "shipped_ug": shipment.element_ug if shipment else 0,
        "received_ug": sum(one.element_ug for one in receipts),
        "open_ug": each.open_ug,
        "shipment": shipment.number if shipment else None,
        "receipts": [one.number for one in receipts],
    }


def board(view: View, other_side: pl.DataFrame | None = None, terms: Terms | None = None) -> Board:
    """The consignments at a view; ``other_side`` holds what the other States stated (columns `OTHER_SIDE`)."""
    stated = transfers(view, SHIPMENTS | RECEIPTS)
    theirs = from_other_side(other_side) if other_side is not None else []
    return Board(tuple(consign([*stated, *theirs], accounts.date_of(view.day), terms)))


def about(number: int, view: View) -> tuple[Consignment, ...]:
    """The consignments in which a statement, or the one that replaced it, takes part; as the board has them."""
    names, stated, numbers = set[str](), list[Transfer](), {number}
    while not (found := _names_about(numbers, view)) <= names:
        names |= found
        stated = transfers(view, SHIPMENTS | RECEIPTS, sorted(names))
        numbers = {each.root for each in stated} | {each.shipment for each in stated if each.shipment is not None}
    return Board(tuple(consign(stated, accounts.date_of(view.day)))).of(number)


def _names_about(numbers: Iterable[int], view: View) -> set[str]:
    """The shippers' names of some transfers, of those that they replaced or were replaced by, and of receipts that name
    one of these."""
    roots = sorted({_roots(view, [each]).get(each, each) for each in numbers})
    inside = f"({', '.join(map(str, roots))})"
    rows = query(
        f"WITH chain AS (SELECT number FROM accounting_correction WHERE first IN {inside} UNION"  # noqa: S608  our own
        f" SELECT number FROM accounting_transfer WHERE number IN {inside})"
        " SELECT key FROM accounting_transfer WHERE number IN (SELECT number FROM chain)"
        " UNION SELECT key FROM accounting_transfer WHERE shipment IN (SELECT number FROM chain)",
        [],
        {"key": pl.String},
        view.using,
    )
    return set(rows["key"])


def balance(view: View) -> pl.DataFrame:
    """What the transit accounts hold: category, nuclide, ug."""
    found = balances(view, None, accounts.group("transit"))
    summed = found.group_by("category", "nuclide").agg(pl.col("ug").sum())
    return summed.filter(pl.col("ug") != 0).sort("category", "nuclide")


def transfers(
    view: View, codes: Iterable[str], keys: Sequence[str] | None = None, *, numbers: Sequence[int] | None = None
) -> list[Transfer]:
    """The shipments and receipts of some codes that stand at a view, one for each category.

    ``keys`` names batches, ``numbers`` statements; without them it is all.
    """
    wanted = sorted(codes)
    head = to_roots(heads(view, wanted, keys, numbers), view)
    weights = weights_by_number(masses_of(view, wanted, keys, numbers))
    made = []
    for row in head.iter_rows(named=True):
        made += by_category(row, weights.get(row["number"], {}))
    return made


def to_roots(head: pl.DataFrame, view: View) -> pl.DataFrame:
    """Statements (`heads`) with the first statement of its chain as the shipment that each names."""
    roots = dict(head.select("number", "root").iter_rows())
    named = head["shipment"].drop_nulls().unique()
    roots |= _roots(view, [number for number in named if number not in roots])
    changed = {number: root for number in named if (root := roots.get(number, number)) != number}
    return head.with_columns(pl.col("shipment").replace(changed)) if changed else head


def by_category(row: Mapping[str, Any], weights: Mapping[tuple[str, str], int]) -> list[Transfer]:
    """One transfer for each of the Agency's categories that a statement moved."""
    parts: dict[str, dict[str, int]] = {}
    for (category, nuclide), ug in weights.items():
        part = parts.setdefault(agency_category(category), {})
        key = f"{category}/{nuclide}" if nuclide and nuclide != ITEMS else nuclide or category
        part[key] = part.get(key, 0) + ug
    fields = {name: row[name] for name in _TRANSFER}
    return [msgspec.convert({**fields, "category": name, "weights": part}, Transfer) for name, part in parts.items()]


def weights_by_number(masses: pl.DataFrame) -> dict[int, dict[tuple[str, str], int]]:
    """Masses (number, category, nuclide, ug) as a mapping for each statement."""
    found: dict[int, dict[tuple[str, str], int]] = {}
    for number, category, nuclide, ug in masses.select(list(_MASS)).iter_rows():
        found.setdefault(number, {})[category, nuclide] = ug
    return found


_STANDS: Final = (
    "t.number <= %s"
    " AND NOT EXISTS (SELECT 1 FROM accounting_correction c WHERE c.corrects = t.number AND c.number <= %s)"
)


def heads(
    view: View, codes: list[str], keys: Sequence[str] | None, numbers: Sequence[int] | None = None
) -> pl.DataFrame:
    """The statements of some codes that stand at a view, without their masses."""
    found = [pl.DataFrame(schema=_TRANSFER)]
    for condition, parameters in _parts(keys, numbers):
        sql = (
            "SELECT t.number, COALESCE(own.first, t.number), t.code, t.mba, t.other, t.batch, t.key, t.day, t.shipment,"  # noqa: S608
            " t.description FROM accounting_transfer t LEFT JOIN accounting_correction own ON own.number = t.number"
            f" WHERE {_STANDS} AND t.code IN {placeholders(codes)} AND t.day <= %s{condition}"
        )
        given = [view.number, view.number, *codes, accounts.date_of(view.day), *parameters]
        found.append(query(sql, given, _TRANSFER, view.using))
    return pl.concat(found).sort("number")


def masses_of(
    view: View, codes: list[str], keys: Sequence[str] | None, numbers: Sequence[int] | None = None
) -> pl.DataFrame:
    """What statements of some codes that stand at a view moved: number, category, nuclide, ug."""
    found = [pl.DataFrame(schema=_MASS)]
    for condition, parameters in _parts(keys, numbers):
        sql = (
            "SELECT p.number, p.category, p.nuclide,"  # noqa: S608
            " CAST(SUM(CASE WHEN t.code IN ('RD', 'RF') THEN p.ug ELSE -p.ug END) AS BIGINT)"
            " FROM accounting_transfer t JOIN accounting_posting p ON p.number = t.number"
            " JOIN accounting_account a ON a.id = p.account AND a.code = %s"
            f" WHERE p.line < %s AND p.day <= %s AND {_STANDS} AND t.code IN {placeholders(codes)}{condition}"
            " GROUP BY p.number, p.category, p.nuclide"
        )
        given = [MAIN, NEGATED, view.day, view.number, view.number, *codes, *parameters]
        found.append(query(sql, given, _MASS, view.using))
    return pl.concat(found)


def _parts(keys: Sequence[str] | None, numbers: Sequence[int] | None) -> list[tuple[str, list[object]]]:
    """Conditions on the shipper's batch or the number, as many as there need to be."""
    column, values = ("key", keys) if numbers is None else ("number", numbers)
    if values is None:
        return [("", [])]
    some = [list[object](values[start : start + 400]) for start in range(0, len(values), 400)]
    return [(f" AND t.{column} IN {placeholders(part)}", part) for part in some]


def _roots(view: View, numbers: Sequence[int]) -> dict[int, int]:
    """The first statement of the chain that each number belongs to, for those that are corrections."""
    found: dict[int, int] = {}
    for start in range(0, len(numbers), 400):
        part = list(numbers[start : start + 400])
        sql = f"SELECT number, first FROM accounting_correction WHERE number IN {placeholders(part)}"  # noqa: S608
        found |= dict(query(sql, part, {"number": pl.Int64, "first": pl.Int64}, view.using).iter_rows())
    return found


def from_other_side(frame: pl.DataFrame) -> list[Transfer]:
    """The other side's statements (`OTHER_SIDE`), numbered -1, -2, ... in the order of the table."""
    made = []
    for index, row in enumerate(frame.select(list(OTHER_SIDE)).iter_rows(named=True)):
        ships = row["code"] in SHIPMENTS
        made.append(
            Transfer(
                number=-1 - index,
                root=-1 - index,
                code=row["code"],
                mba=row["shipper"] if ships else row["receiver"],
                other=row["receiver"] if ships else row["shipper"],
                batch=row["batch"],
                key=row["batch"],
                day=row["day"],
                category=row["category"],
                weights={row["category"]: row["ug"]},
            )
        )
    return made


def overdue(view: View, on: date | None = None) -> list[Consignment]:
    """The consignments open for longer than the alarm age, on the view's day or another."""
    day = on or accounts.date_of(view.day)
    return [
        each for one in board(view).open for each in [msgspec.structs.replace(one, on=day)] if each.state == "overdue"
    ]
