"""Obligations: under which sets of them an area's material stands, as of a day and as known at a statement.

The book says how much there is; the replay of the changes that stand says under which sets (`obligation_replay`). For
every area and category the sets sum to the book balance. A shortfall is a problem that warns; it never stops the
recording of what really happened.

Source: see `obligation_replay`; the early warning is ours, see `data/obligations.toml`.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

import polars as pl

from openmpca.accounting import accounts
from openmpca.accounting.accounts import BEFORE_CUTOFF, CUTOFF, ISOTOPE, MAIN
from openmpca.accounting.book import NEGATED
from openmpca.accounting.obligations.replay import (
    CLOSING,
    EXCHANGE,
    Event,
    Part,
    Replay,
    obligation_set,
)
from openmpca.accounting.queries import View
from openmpca.accounting.transit import board as transit
from openmpca.nuclear.mass import format_grams
from openmpca.problems import NOTE, WARNING, Problem, rule
from openmpca.record.known import query

SHORTFALL = rule(
    480,
    "No more is taken from a set of obligations than the area holds of it",
    severity=WARNING,
    source="wishes of users of foreign-obligation ledgers",
    mend="Correct the set that was stated, or state an exchange (`accounting.exchange`) that covers what is missing.",
)
LOW = rule(
    481,
    "A set of obligations does not run low",
    severity=NOTE,
    source="wishes of users of foreign-obligation ledgers; the threshold is ours",
    mend="Nothing; when more is to be taken from it, agree on an exchange first.",
)

BALANCES: Final[dict[str, Any]] = {"mba": pl.String, "category": pl.String, "obligation": pl.String, "ug": pl.Int64}
BATCHES: Final[dict[str, Any]] = {
    "mba": pl.String,
    "batch": pl.String,
    "category": pl.String,
    "obligation": pl.String,
    "ug": pl.Int64,
}
MOVES: Final[dict[str, Any]] = {
    "number": pl.Int64,
    "day": pl.Date,
    "mba": pl.String,
    "code": pl.String,
    "batch": pl.String,
    "category": pl.String,
    "obligation": pl.String,
    "ug": pl.Int64,
}


@dataclass(frozen=True)
class Ledger:
    """The obligations of the State at a view: by area, by batch, the moves that led there, and what is wrong."""

    balances: pl.DataFrame
    batches: pl.DataFrame
    moves: pl.DataFrame
    problems: list[Problem]

    def of(self, mba: str) -> "Ledger":
        """The ledger of one area."""
        kept = [each for each in self.problems if each.record.split(" ")[0] == mba]
        balances, batches, moves = (
            each.filter(pl.col("mba") == mba) for each in (self.balances, self.batches, self.moves)
        )
        return Ledger(balances, batches, moves, kept)


@cache
def low_percent() -> int:
    """Below which percentage of its peak a set runs low."""
    text = files("openmpca.accounting").joinpath("data", "obligations.toml").read_text(encoding="utf-8")
    return int(tomllib.loads(text)["low_percent"])


def ledger(view: View) -> Ledger:
    """The obligations of all areas at a view. All areas, for a receipt inherits what its shipment had."""
    replayed = Replay()
    replayed.apply(events(view))
    return _ledger(replayed)


def _ledger(replayed: Replay) -> Ledger:
    balances = [
        (mba, category, name, ug)
        for (mba, category), sets in sorted(replayed.totals.items())
        for name, ug in sorted(sets.items())
        if ug
    ]
    batches = [
        (mba, batch, category, name, ug)
        for (mba, category), some in sorted(replayed.batches.items())
        for batch, sets in sorted(some.items())
        for name, ug in sorted(sets.items())
        if ug
    ]
    moves = [
        (one.number, accounts.date_of(one.day), one.mba, one.code, one.batch, one.category, one.obligation, one.ug)
        for one in replayed.moves
    ]
    return Ledger(
        pl.DataFrame(balances, schema=BALANCES, orient="row"),
        pl.DataFrame(batches, schema=BATCHES, orient="row"),
        pl.DataFrame(moves, schema=MOVES, orient="row"),
        [*_shortfalls(replayed), *_low(replayed)],
    )


def _shortfalls(replayed: Replay) -> Iterator[Problem]:
    for each in replayed.shortfalls:
        yield SHORTFALL.problem(
            f"{format_grams(each.ug)} g more of {each.category} was taken from {each.obligation or 'no obligation'}"
            f" than {each.mba} held.",
            record=f"{each.mba} statement {each.number}",
            field="obligation",
        )


def _low(replayed: Replay) -> Iterator[Problem]:
    for (mba, category), sets in sorted(replayed.totals.items()):
        for name, ug in sorted(sets.items()):
            peak = replayed.peaks[mba, category][name]
            if name and 0 < 100 * ug <= low_percent() * peak:
                message = f"{format_grams(ug)} g of {category} is left under {name}; it was {format_grams(peak)} g."
                yield LOW.problem(message, record=f"{mba} {category}", field="obligation")


def events(view: View) -> list[Event]:
    """The changes that stand, the closings and the exchanges of all areas at a view, in order of time."""
    rows = _postings(view)
    shipments = _shipments(view)
    labels = _labels(view)
    made = [*_changes(rows, view, labels, shipments), *_closings(rows, labels), *_exchanges(view)]
    order = {each.number: each.day for each in made}

    def place(each: Event) -> tuple[int, int, int]:
        shipment = each.shipment if each.shipment is not None else -1
        after = shipment if order.get(shipment) == each.day else -1
        return each.day, max(each.number, after), after

    return sorted(made, key=place)


_POSTING: Final = {
    "number": pl.Int64,
    "line": pl.Int64,
    "day": pl.Int64,
    "mba": pl.String,
    "batch": pl.String,
    "category": pl.String,
    "ug": pl.Int64,
}


def _postings(view: View) -> pl.DataFrame:
    """The element postings of the main accounts, but for changes that were corrected and what negates them."""
    rows = query(
        "SELECT p.number, p.line, p.day, a.mba, p.batch, p.category, p.ug FROM accounting_posting p"
        " JOIN accounting_account a ON a.id = p.account AND a.code = %s"
        " WHERE p.nuclide = '' AND p.number <= %s AND p.day <= %s",
        [MAIN, view.number, view.day],
        _POSTING,
        view.using,
    )
    gone = _gone(view)
    at_cutoff = pl.col("day") % 4 == CUTOFF
    stands = (pl.col("line") < NEGATED) & ~pl.col("number").is_in(gone.implode())
    return rows.filter(at_cutoff | stands)


def _gone(view: View) -> pl.Series:
    sql = "SELECT corrects FROM accounting_correction WHERE number <= %s"
    return query(sql, [view.number], {"corrects": pl.Int64}, view.using)["corrects"]


def _shipments(view: View) -> dict[int, int]:
    return {
        receipt.number: each.shipment.number
        for each in transit.board(view).consignments
        if each.shipment is not None and each.scope == "domestic"
        for receipt in each.receipts
    }


def _labels(view: View) -> pl.DataFrame:
    rows = query(
        "SELECT l.number, l.mba, l.batch, l.inventory, i.day, l.obligation FROM accounting_label l"
        " LEFT JOIN accounting_inventory i ON i.number = l.inventory WHERE l.number <= %s AND l.obligation <> ''",
        [view.number],
        {
            "number": pl.Int64,
            "mba": pl.String,
            "batch": pl.String,
            "inventory": pl.Int64,
            "day": pl.Date,
            "obligation": pl.String,
        },
        view.using,
    )
    return rows.filter(~pl.col("number").is_in(_gone(view).implode())).sort("number")


_PART: Final = ("batch", "category", "ug")


def _changes(rows: pl.DataFrame, view: View, labels: pl.DataFrame, shipments: dict[int, int]) -> Iterator[Event]:
    changes = rows.filter(pl.col("day") % 4 != CUTOFF).sort("number", "line")
    codes, parents = _codes(view), _parents(view)
    stated = dict(labels.select("number", "obligation").iter_rows())
    for some in changes.partition_by("number", maintain_order=True):
        number, day, mba = some.select("number", "day", "mba").row(0)
        name = obligation_set(stated.get(number, ""))
        yield Event(
            number=number,
            day=day,
            mba=mba,
            code=codes.get(number, ""),
            parts=tuple(Part(batch, of, ug, name) for batch, of, ug in some.select(*_PART).iter_rows()),
            parents=parents.get(number, ()),
            shipment=shipments.get(number),
        )


def _codes(view: View) -> dict[int, str]:
    rows = query(
        "SELECT DISTINCT p.number, a.code FROM accounting_posting p JOIN accounting_account a ON a.id = p.account"
        " WHERE p.line < %s AND p.number <= %s AND a.code NOT IN (%s, %s)",
        [NEGATED, view.number, MAIN, ISOTOPE],
        {"number": pl.Int64, "code": pl.String},
        view.using,
    )
    return dict(rows.iter_rows())


def _parents(view: View) -> dict[int, tuple[str, ...]]:
    rows = query(
        "SELECT number, parent FROM accounting_parent WHERE number <= %s ORDER BY number, parent",
        [view.number],
        {"number": pl.Int64, "parent": pl.String},
        view.using,
    )
    return {number: tuple(some) for number, some in rows.group_by("number").agg("parent").iter_rows()}


def _closings(rows: pl.DataFrame, labels: pl.DataFrame) -> Iterator[Event]:
    """Each cut-off of an area as one event: what its batches lost and gained there, late corrections included."""
    listed = {
        (mba, accounts.day_number(day, CUTOFF), batch): obligation_set(name)
        for mba, day, batch, name in labels.filter(pl.col("inventory").is_not_null())
        .select("mba", "day", "batch", "obligation")
        .iter_rows()
    }
    closing = rows.filter(pl.col("day") % 4 == CUTOFF)
    summed = closing.group_by("mba", "day", "batch", "category").agg(pl.col("ug").sum(), pl.col("number").min())
    for some in summed.filter(pl.col("ug") != 0).sort("mba", "day", "batch", "category").partition_by("mba", "day"):
        mba, day = some.select("mba", "day").row(0)
        parts = tuple(
            Part(batch, category, ug, listed.get((mba, day, batch), "") if ug > 0 else "")
            for batch, category, ug in some.select(*_PART).iter_rows()
        )
        yield Event(number=some["number"].min(), day=day, mba=mba, code=CLOSING, parts=parts)  # type: ignore[arg-type]


def _exchanges(view: View) -> Iterator[Event]:
    rows = query(
        "SELECT number, category, mba, day, given, taken, ug FROM accounting_exchange WHERE number <= %s AND day <= %s",
        [view.number, accounts.date_of(view.day)],
        {
            "number": pl.Int64,
            "category": pl.String,
            "mba": pl.String,
            "day": pl.Date,
            "given": pl.String,
            "taken": pl.String,
            "ug": pl.Int64,
        },
        view.using,
    )
    for number, category, mba, day, given, taken, ug in rows.sort("number", "category").iter_rows():
        happened = _moment(day)
        if happened <= view.day:
            parts = (Part("", category, -ug, obligation_set(given)), Part("", category, ug, obligation_set(taken)))
            yield Event(number=number, day=happened, mba=mba, code=EXCHANGE, parts=parts)


def _moment(day: date) -> int:
    return accounts.day_number(day, BEFORE_CUTOFF)
