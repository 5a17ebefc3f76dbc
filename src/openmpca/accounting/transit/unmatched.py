"""What of the transit at home is not plainly matched: found in columns once, and kept while the record grows.

Rules kept here:

1. The batch name of a shipment (446, or 447 of its receipt) is *plain* when exactly one shipment and one receipt that
   stand bear it, on the same weights and items, between the same areas, the receipt on the day of the shipment or later
   within the window, and when no receipt under another name speaks of that shipment. Whatever is plain is matched as
   soon as both days have come, with nothing open.
2. All other names are looked at one by one, by `consign`, as the whole board would. No assignment joins a plain name
   with another, so both ways give the same consignments.
3. What was judged for one number holds for another but for the names that a statement between the two touches. It
   belongs to one record, as answers of `kept` do.

Source: as for `board`; the rules of transit use the same idea for what is still to be stated (`rules.settled`).
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from openmpca.accounting import accounts
from openmpca.accounting.handing_on import hand_on
from openmpca.accounting.kept import MOST, Turn
from openmpca.accounting.of_record import may_keep
from openmpca.accounting.queries import View
from openmpca.accounting.transit.board import heads, masses_of, to_roots, transfers
from openmpca.accounting.transit.columns import SHIPS, sides, signed
from openmpca.accounting.transit.consignments import DOMESTIC, Consignment, agency_category, consign, terms
from openmpca.record.known import placeholders, query

CODES: Final = sorted(DOMESTIC)
JUDGED: Final[dict[str, Any]] = {
    "key": pl.String,
    "plain": pl.Boolean,
    "first": pl.Date,
    "last": pl.Date,
    "shipper": pl.String,
    "receiver": pl.String,
    "parts": pl.UInt32,
}
_ALWAYS: Final = accounts.day_number(date(9999, 12, 31))
_NAME: Final = {"key": pl.String}
_PART: Final = 400
LARGE: Final = 20_000
"""Statements from which on it takes more than a moment to judge every name."""


@dataclass(frozen=True)
class Judged:
    """The names as judged at a number: the columns of `JUDGED`, and those that are ``tied`` to another name."""

    number: int
    names: pl.DataFrame
    tied: frozenset[str]

    def open(self, day: date) -> list[str]:
        """The names that are not plainly matched as of a day."""
        begun, ended = pl.col("first") <= day, pl.col("last") <= day
        return self.names.filter(begun & ~(pl.col("plain") & ended))["key"].to_list()

    def matched(self, day: date) -> pl.DataFrame:
        """The names that are plainly matched as of a day, in the order of their shipments."""
        return self.names.filter(pl.col("plain") & (pl.col("last") <= day)).sort("first", "key")


def unmatched(view: View) -> list[Consignment]:
    """The consignments at home that are not plainly matched at a view, as the whole board has them."""
    return of_names(judged(view).open(accounts.date_of(view.day)), view)


def of_names(keys: Sequence[str], view: View) -> list[Consignment]:
    """The consignments at home under some batch names."""
    return consign(transfers(view, CODES, sorted(keys)), accounts.date_of(view.day))


_turn: Final = Turn()
_kept: Final[dict[Hashable, tuple[bytes, Judged]]] = {}
hand_on(__name__, lambda: dict(_kept), _kept.update)


def judged(view: View) -> Judged:
    """The names at home as judged at a view's number."""
    if not may_keep(view.using, view.number):
        return _anew(view)
    with _turn as turn:
        place = view.record
        entry, before = _kept.get(place, (b"", None))
        holds = before is not None and view.entry(before.number) == entry
        if not holds and view.number > LARGE:
            turn.takes_long()
        found = _moved_on(before, view) if before is not None and holds else _anew(view)
        if before is None or not holds or found.number > before.number:
            _kept.clear()
            _kept[place] = (view.entry(found.number), found)
        return found


def _anew(view: View) -> Judged:
    return _judge(view, None, frozenset())


def _moved_on(before: Judged, view: View) -> Judged:
    """What was judged at one number, for another (rule 3)."""
    first, last = sorted((before.number, view.number))
    if last - first > MOST:
        return _anew(view)
    touched = _touched(first, last, view.using)
    if not touched:
        return Judged(view.number, before.names, before.tied)
    made = _judge(view, sorted(touched), before.tied)
    again = touched | made.tied
    kept = before.names.filter(~pl.col("key").is_in(sorted(touched)))
    kept = kept.with_columns(plain=pl.col("plain") & ~pl.col("key").is_in(sorted(again)))
    return Judged(view.number, pl.concat([kept, made.names]), made.tied)


def _touched(first: int, last: int, using: str) -> frozenset[str]:
    """The names at home of which the statements after a number and up to another speak."""
    at_home = placeholders(CODES)
    rows = query(
        f"SELECT key FROM accounting_transfer WHERE number > %s AND number <= %s AND code IN {at_home} UNION"  # noqa: S608
        " SELECT t.key FROM accounting_correction c JOIN accounting_transfer t ON t.number = c.corrects"
        f" WHERE c.number > %s AND c.number <= %s AND t.code IN {at_home}",
        [first, last, *CODES, first, last, *CODES],
        _NAME,
        using,
    )
    return frozenset(rows["key"])


def _judge(view: View, keys: Sequence[str] | None, tied: frozenset[str]) -> Judged:
    at = View(_ALWAYS, view.number, view.using)
    stated = _stated(at, keys)
    tied |= _tied(stated, at)
    took = (pl.col("day").filter(~SHIPS).first() - pl.col("day").filter(SHIPS).first()).dt.total_days()
    meant = pl.col("shipment").is_null() | (pl.col("shipment") == pl.col("root").filter(SHIPS).first())
    names = stated.group_by("key").agg(
        plain=(pl.len() == 2)
        & (SHIPS.sum() == 1)
        & (pl.struct("shipper", "receiver", "signature").n_unique() == 1)
        & took.is_between(0, terms().window.after_days).fill_null(value=False)
        & meant.all(),
        first=pl.col("day").min(),
        last=pl.col("day").max(),
        shipper=pl.col("shipper").first(),
        receiver=pl.col("receiver").first(),
        parts=pl.col("parts").max(),
    )
    named = names.with_columns(plain=pl.col("plain") & ~pl.col("key").is_in(sorted(tied)))
    return Judged(view.number, named.select(list(JUDGED)), tied)


def _stated(view: View, keys: Sequence[str] | None) -> pl.DataFrame:
    """What was stated at home: each statement with its areas, its masses as a text, and how many categories it has."""
    masses = masses_of(view, CODES, keys)
    agency = {each: agency_category(each) for each in masses["category"].unique()}
    parts = masses.group_by("number").agg(parts=pl.col("category").replace(agency).n_unique())
    rows = signed(sides(to_roots(heads(view, CODES, keys), view), "other"), masses, items=True)
    return rows.join(parts, on="number", how="left").with_columns(pl.col("parts").fill_null(0))


def _tied(stated: pl.DataFrame, view: View) -> frozenset[str]:
    """The names of receipts that speak of a shipment under another name, and the names of that shipment."""
    naming = stated.filter(pl.col("shipment").is_not_null()).select("key", "shipment")
    shipped = stated.filter(SHIPS).select("key", shipment="root")
    apart = naming.join(shipped, on=["key", "shipment"], how="anti").unique()
    found = set[str]()
    for start in range(0, apart.height, _PART):
        part = apart[start : start + _PART]
        roots = part["shipment"].unique().to_list()
        chains = query(
            f"SELECT number, key FROM accounting_transfer WHERE number IN {placeholders(roots)} UNION"  # noqa: S608
            " SELECT c.first, t.key FROM accounting_correction c JOIN accounting_transfer t ON t.number = c.number"
            f" WHERE c.first IN {placeholders(roots)}",
            [*roots, *roots],
            {"shipment": pl.Int64, "other": pl.String},
            view.using,
        )
        found |= {*part["key"], *chains["other"]}
    return frozenset(found)
