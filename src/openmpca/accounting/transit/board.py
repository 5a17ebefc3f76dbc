"""Transit: what has left one area and has not arrived at another, as of a day and as known at a statement.

Rules kept here:

1. Material in domestic transit belongs to the State and to no area. The board is made from the shipments and receipts
   that stand; its open amounts sum to the balance of the transit accounts (SD and RD of all areas together).
2. Only statements that stand are seen: what was corrected or deleted by the number asked for is out.
3. Abroad only our own side is in our book. The other side's statements come as a table (`other_side`), from its
   reports or from the Agency's list of transits that are not matched; without them a shipment abroad only ages, and a
   receipt from abroad only waits for the shipper's word.
4. When a shipper corrects a shipment, the receipt is corrected to the new data and the difference (DI) by as much, so
   that the receiver's measured value stays.

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
from openmpca.accounting.accounts import DIFFERENCE, ITEMS, MAIN
from openmpca.accounting.book import NEGATED
from openmpca.accounting.queries import View
from openmpca.accounting.shares import proportional
from openmpca.accounting.statements import Change
from openmpca.accounting.transit.consignments import (
    RECEIPTS,
    SHIPMENTS,
    Consignment,
    Terms,
    Transfer,
    agency_category,
    consign,
    total,
)
from openmpca.nuclear.categories import split_key
from openmpca.nuclear.mass import format_grams, parse_grams
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
        return pl.DataFrame([_row(each) for each in self.consignments], schema=BOARD)

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


def _row(each: Consignment) -> dict[str, object]:
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


def balance(view: View) -> pl.DataFrame:
    """What the transit accounts hold: category, nuclide, ug."""
    found = view.balances(None, accounts.group("transit"))
    summed = found.group_by("category", "nuclide").agg(pl.col("ug").sum())
    return summed.filter(pl.col("ug") != 0).sort("category", "nuclide")


def transfers(view: View, codes: Iterable[str], keys: Sequence[str] | None = None) -> list[Transfer]:
    """The shipments and receipts of some codes that stand at a view, one for each category; ``keys`` names batches."""
    wanted = sorted(codes)
    head, masses = heads(view, wanted, keys), masses_of(view, wanted, keys)
    weights = weights_by_number(masses)
    roots = dict(head.select("number", "root").iter_rows())
    named = [number for number in head["shipment"].drop_nulls().to_list() if number not in roots]
    roots |= _roots(view, named)
    made = []
    for row in head.iter_rows(named=True):
        named_root = roots.get(row["shipment"], row["shipment"])
        made += by_category({**row, "shipment": named_root}, weights.get(row["number"], {}))
    return made


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


def heads(view: View, codes: list[str], keys: Sequence[str] | None) -> pl.DataFrame:
    """The statements of some codes that stand at a view, without their masses."""
    found = [pl.DataFrame(schema=_TRANSFER)]
    for condition, parameters in _parts(keys):
        sql = (
            "SELECT t.number, COALESCE(own.first, t.number), t.code, t.mba, t.other, t.batch, t.key, t.day, t.shipment,"  # noqa: S608
            " t.description FROM accounting_transfer t LEFT JOIN accounting_correction own ON own.number = t.number"
            f" WHERE {_STANDS} AND t.code IN {placeholders(codes)} AND t.day <= %s{condition}"
        )
        given = [view.number, view.number, *codes, accounts.date_of(view.day), *parameters]
        found.append(query(sql, given, _TRANSFER, view.using))
    return pl.concat(found).sort("number")


def masses_of(view: View, codes: list[str], keys: Sequence[str] | None) -> pl.DataFrame:
    """What statements of some codes that stand at a view moved: number, category, nuclide, ug."""
    found = [pl.DataFrame(schema=_MASS)]
    for condition, parameters in _parts(keys):
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


def _parts(keys: Sequence[str] | None) -> list[tuple[str, list[str]]]:
    """Conditions on the shipper's batch, as many as its names need."""
    if keys is None:
        return [("", [])]
    some = [list(keys[start : start + 400]) for start in range(0, len(keys), 400)]
    return [(f" AND t.key IN {placeholders(part)}", part) for part in some]


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


def proposed_corrections(shipment: int | Change, view: View) -> list[Change]:
    """The statements due on the receiver's side to bring it into step with a shipment: receipts and their differences.

    ``shipment`` is the number of one that stands, or a correction of one (``corrects``) that is not stated yet. Each
    proposal is complete; what is in step already is left out. A receipt whose difference was never stated was accepted
    as shipped, so nothing is measured to keep.
    """
    from openmpca.record.reading import stored

    change = _change(stored(shipment, view.using).statement) if isinstance(shipment, int) else shipment
    number = shipment if isinstance(shipment, int) else change.corrects
    if number is None or change.code not in SHIPMENTS:
        return []
    seen = board(view).of(number)
    receipts = sorted({each.number for part in seen for each in part.receipts if each.number >= 0})
    return [due for receipt in receipts for due in _corrected_receipt(receipt, receipts, change, view)]


def _corrected_receipt(number: int, receipts: list[int], change: Change, view: View) -> list[Change]:
    from openmpca.record.reading import stored_many

    stood = {each.number: _change(each.statement) for each in stored_many(receipts, view.using)}
    receipt = stood[number]
    due = share_of_shipment(change.weights, [stood[each].weights for each in receipts], receipts.index(number))
    if _same(receipt.weights, due) and receipt.shipper_batch in ("", change.name or change.batch):
        return []
    reason = f"The shipper corrected: {change.reason}".rstrip(": ")
    corrected = msgspec.structs.replace(
        receipt,
        weights=due,
        items=change.items if len(receipts) == 1 else receipt.items,
        description=change.description if len(receipts) == 1 else receipt.description,
        shipper_batch=(change.name or change.batch) if receipt.shipper_batch else "",
        corrects=number,
        reason=reason,
    )
    return [corrected, *_corrected_difference(receipt, due, reason, view)]


def _corrected_difference(receipt: Change, due: Mapping[str, str], reason: str, view: View) -> list[Change]:
    number = _difference_of(receipt, view)
    if number is None:
        return []
    from openmpca.record.reading import stored

    stood = _change(stored(number, view.using).statement)
    weights = _sum(stood.weights, due, {key: f"-{text}".replace("--", "") for key, text in receipt.weights.items()})
    return [msgspec.structs.replace(stood, weights=weights, corrects=number, reason=reason)]


def _sum(*parts: Mapping[str, str]) -> dict[str, str]:
    """The sum of several weights in grams, key by key."""
    added = total({key: parse_grams(text) for key, text in each.items()} for each in parts)
    return {key: format_grams(ug) for key, ug in added.items()}


def _difference_of(receipt: Change, view: View) -> int | None:
    """The last difference that stands for a received batch."""
    sql = (
        "SELECT MAX(p.number) FROM accounting_posting p JOIN accounting_account a ON a.id = p.account"
        " WHERE a.mba = %s AND a.code = %s AND p.batch = %s AND p.line < %s AND p.number <= %s AND NOT EXISTS"
        " (SELECT 1 FROM accounting_correction c WHERE c.corrects = p.number AND c.number <= %s)"
    )
    given = [receipt.mba, DIFFERENCE, receipt.batch, NEGATED, view.number, view.number]
    found = query(sql, given, {"number": pl.Int64}, view.using)["number"][0]
    return None if found is None else int(found)


def _change(statement: object) -> Change:
    if not isinstance(statement, Change):
        raise TypeError("only inventory changes are transfers")
    return statement


def share_of_shipment(shipped: Mapping[str, str], received: Sequence[Mapping[str, str]], index: int) -> dict[str, str]:
    """What one of several receipts is due of a shipment: all when there is one, else in proportion to what stood.

    >>> share_of_shipment({"E": "11"}, [{"E": "5"}, {"E": "5"}], 0)
    {'E': '5.5'}
    """
    if len(received) == 1:
        return dict(shipped)
    due = {}
    for key, text in shipped.items():
        stood = [parse_grams(each.get(key, "0")) for each in received]
        due[key] = format_grams(proportional(parse_grams(text), stood)[index])
    return {key: text for key, text in due.items() if key in received[index]}


def _same(first: Mapping[str, str], second: Mapping[str, str]) -> bool:
    return {key: parse_grams(text) for key, text in first.items()} == {
        key: parse_grams(text) for key, text in second.items()
    }


def overdue(view: View, on: date | None = None) -> list[Consignment]:
    """The consignments open for longer than the alarm age, on the view's day or another."""
    day = on or accounts.date_of(view.day)
    return [
        each for one in board(view).open for each in [msgspec.structs.replace(one, on=day)] if each.state == "overdue"
    ]
