"""Domestic transfers that settle themselves, found in columns, so that the rules look only at the others one by one.

Rules kept here: a batch name (446 of the shipment, 447 of the receipt) is settled when exactly one shipment bears it,
of those that stand and those to come, and no receipt or exactly one, between the same areas, on the same weights,
under the same description, within the window. A name that a correction or a named shipment touches is never settled.
Every rule of transit would pass what is settled here; a property test holds that.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

import polars as pl

from openmpca.accounting import accounts
from openmpca.accounting.book import lines
from openmpca.accounting.queries import View
from openmpca.accounting.transit.board import heads, masses_of
from openmpca.accounting.transit.columns import SHIPS, sides, signed
from openmpca.accounting.transit.consignments import terms
from openmpca.record.known import Known, placeholders

ALWAYS: Final = accounts.day_number(date(9999, 12, 31))
SD: Final = "SD"
RD: Final = "RD"
_PART: Final = 400
_KEY: Final = (
    pl.when((pl.col("code") == RD) & (pl.col("shipper_batch") != ""))
    .then("shipper_batch")
    .otherwise(pl.when(pl.col("name") != "").then("name").otherwise("batch"))
)


def unsettled(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Those of some numbered domestic shipments and receipts that do not settle themselves, with their ``key``."""
    rows = rows.with_columns(key=_KEY)
    apart = _apart(rows, known)
    plain = rows.filter(~pl.col("key").is_in(apart.implode()))
    return rows.filter(~pl.col("key").is_in(_settled(plain, known).implode()))


def keys_of(numbers: Iterable[int], known: Known) -> set[str]:
    """The batch names of some recorded transfers."""
    wanted = sorted(set(numbers))
    found: set[str] = set()
    for start in range(0, len(wanted), _PART):
        part = wanted[start : start + _PART]
        sql = f"SELECT key FROM accounting_transfer WHERE number IN {placeholders(part)}"  # noqa: S608
        found |= set(known.frame(sql, part, {"key": pl.String})["key"])
    return found


def _apart(rows: pl.DataFrame, known: Known) -> pl.Series:
    """The names that a correction or a named shipment touches."""
    touching = rows.filter(pl.col("corrects").is_not_null() | pl.col("shipment").is_not_null())
    aims = pl.concat([touching["corrects"], touching["shipment"]]).drop_nulls()
    here = rows.filter(pl.col("number").is_in(aims.implode()))["key"]
    return pl.concat([touching["key"], here, pl.Series("key", sorted(keys_of(aims, known)), dtype=pl.String)])


def _settled(rows: pl.DataFrame, known: Known) -> pl.Series:
    stand = heads(View(ALWAYS, known.number - 1, known.using), [SD, RD], rows["key"].unique().to_list())
    both = [signed(_plain(rows, "counterpart"), lines(rows), items=False)]
    if stand.height:
        view, keys = View(ALWAYS, known.number - 1, known.using), stand["key"].unique().to_list()
        both.append(signed(_plain(stand, "other"), masses_of(view, [SD, RD], keys), items=False))
    named = pl.col("description").filter(pl.col("description") != "")
    window = terms().window
    late = (pl.col("day").filter(~SHIPS).first() - pl.col("day").filter(SHIPS).first()).dt.total_days()
    judged = (
        pl.concat(both)
        .group_by("key")
        .agg(
            shipments=SHIPS.sum(),
            receipts=(~SHIPS).sum(),
            alike=pl.struct("shipper", "receiver", "signature").n_unique() == 1,
            described=named.n_unique() <= 1,
            timely=late.is_between(-window.before_days, window.after_days).fill_null(True),
        )
    )
    alone = (pl.col("shipments") == 1) & (pl.col("receipts") <= 1)
    return judged.filter(alone & pl.col("alike") & pl.col("described") & pl.col("timely"))["key"]


def _plain(rows: pl.DataFrame, other: str) -> pl.DataFrame:
    return sides(rows, other).select("number", "key", "code", "day", "description", "shipper", "receiver")
