"""Checks of physical inventories, their lines and closings (rules 314, 380 to 389)."""

from datetime import date
from typing import Final

import polars as pl

from openmpca.accounting import accounts
from openmpca.accounting.rules import batches as batch_rules
from openmpca.accounting.rules import declared as rules
from openmpca.accounting.rules.checking import Check, run, text
from openmpca.problems import Problem
from openmpca.record.known import Known, placeholders

_TAKEN: Final = {
    "inventory": pl.Int64,
    "of_mba": pl.String,
    "of_day": pl.Date,
    "is_opening": pl.Boolean,
    "closing": pl.Int64,
}

_OF_INVENTORY: Final = (
    Check(
        rules.INVENTORY_KNOWN,
        "inventory",
        pl.col("of_mba").is_null(),
        pl.format("Statement {} is no physical inventory.", *text("inventory")),
        hard=True,
    ),
    Check(
        rules.INVENTORY_KNOWN,
        "inventory",
        (pl.col("of_mba") != pl.col("mba")) | (pl.col("of_day") != pl.col("day")),
        pl.format("Physical inventory {} is of {} on {}.", *text("inventory", "of_mba", "of_day")),
        hard=True,
    ),
)
_LISTED: Final = (
    *_OF_INVENTORY,
    Check(
        rules.LISTED_ONCE,
        "batch",
        pl.col("again"),
        pl.format("{} is listed already in physical inventory {}.", *text("batch", "inventory")),
    ),
    Check(
        rules.LISTED_IN_BOOK,
        "batch",
        pl.col("new"),
        pl.format("{} has never been on the book of {}.", *text("batch", "mba")),
    ),
)
_TIMES: Final = (
    Check(
        rules.AFTER_OPENING,
        "day",
        ~pl.col("is_opening") & (pl.col("day") <= pl.col("opened")),
        pl.format("{} was opened on {}; this is of {}.", *text("mba", "opened", "day")),
    ),
    Check(
        rules.OPENING,
        "opening",
        pl.col("is_opening") & pl.col("opened").is_not_null(),
        pl.format("{} was opened on {}.", *text("mba", "opened")),
        hard=True,
    ),
    Check(
        rules.OPENING,
        "day",
        pl.col("is_opening") & pl.col("opened").is_null() & (pl.col("before") > 0),
        pl.format("{} has changes dated up to {}.", *text("mba", "day")),
        hard=True,
    ),
    Check(
        rules.CLOSED_ONCE,
        "day",
        pl.col("closed_that_day"),
        pl.format("{} is closed on {} already.", *text("mba", "day")),
        hard=True,
    ),
    Check(
        rules.IN_ORDER,
        "day",
        ~pl.col("is_opening") & (pl.col("day") < pl.col("last")),
        pl.format("{} is closed on {}, after {}.", *text("mba", "last", "day")),
    ),
)
_CLOSING: Final = (
    *_OF_INVENTORY,
    *_TIMES,
    Check(
        rules.CLOSED_ONCE,
        "inventory",
        pl.col("closing").is_not_null(),
        pl.format("Physical inventory {} is closed by statement {}.", *text("inventory", "closing")),
        hard=True,
    ),
    Check(
        rules.ONE_CLOSING,
        "mba",
        pl.col("closings") > 1,
        pl.format("{} is closed {} times here.", *text("mba", "closings")),
        hard=True,
    ),
    Check(
        rules.NOTHING_LISTED,
        "inventory",
        (pl.col("lines") == 0) & ~pl.col("is_opening"),
        pl.format("Physical inventory {} has no line.", *text("inventory")),
    ),
)


def check_inventory(frame: pl.DataFrame, kind: str, known: Known) -> list[Problem]:
    """The problems of physical inventory takings."""
    frame = frame.with_columns(is_opening="opening")
    return run(_TIMES, _with_times(frame, known), kind)


def check_closing(frame: pl.DataFrame, kind: str, known: Known) -> list[Problem]:
    """The problems of closings."""
    frame = _with_inventory(frame, known).with_columns(
        pl.col("is_opening").fill_null(False), closings=pl.len().over("mba")
    )
    numbers = frame["inventory"].unique().to_list()
    lines = known.frame(
        "SELECT inventory, COUNT(DISTINCT l.number) FROM accounting_listed l WHERE NOT EXISTS"  # noqa: S608
        " (SELECT 1 FROM accounting_correction c WHERE c.corrects = l.number)"
        f" AND inventory IN {placeholders(numbers)} GROUP BY inventory",
        numbers,
        {"inventory": pl.Int64, "lines": pl.Int64},
    )
    frame = frame.join(lines, on="inventory", how="left").with_columns(pl.col("lines").fill_null(0))
    return run(_CLOSING, _with_times(frame, known), kind)


def check_listed(frame: pl.DataFrame, kind: str, known: Known) -> list[Problem]:
    """The problems of listed lines as lines of their inventories."""
    frame = _with_inventory(frame, known)
    number = pl.col("row") + (known.number - 1)
    stands = ~number.is_in(frame["corrects"].drop_nulls().implode())
    nth = pl.col("row").rank("ordinal").over("inventory", "batch", stands)
    frame = frame.with_columns(again=stands & (nth > 1) | pl.col("row").is_in(_listed_before(frame, known).implode()))
    there = batch_rules.on_book(frame.filter("follow_up"), known)
    followed = pl.col("follow_up").fill_null(False) & ~pl.col("is_opening").fill_null(False)
    frame = frame.with_columns(new=followed & ~pl.col("row").is_in(there.implode()))
    return run(_LISTED, frame, kind)


def _listed_before(frame: pl.DataFrame, known: Known) -> pl.Series:
    """The rows whose batch has another standing line in the same inventory, recorded before."""
    replaced = set(frame["corrects"].drop_nulls())
    found = []
    for part in frame.partition_by("inventory"):
        names = part["batch"].unique().to_list()
        few = f" AND l.batch IN {placeholders(names)}" if len(names) <= 500 else ""
        rows = known.frame(
            "SELECT DISTINCT l.number, l.batch FROM accounting_listed l WHERE l.inventory = %s AND NOT EXISTS"  # noqa: S608
            f" (SELECT 1 FROM accounting_correction c WHERE c.corrects = l.number){few}",
            [part["inventory"][0], *(names if few else [])],
            {"number": pl.Int64, "batch": pl.String},
        )
        rows = rows.filter(~pl.col("number").is_in(list(replaced)))
        found.append(part.join(rows, on="batch", how="semi")["row"])
    return pl.concat(found)


def _with_inventory(frame: pl.DataFrame, known: Known) -> pl.DataFrame:
    numbers = frame["inventory"].unique().to_list()
    taken = known.frame(
        "SELECT i.number, i.mba, i.day, i.opening, c.number FROM accounting_inventory i"  # noqa: S608
        f" LEFT JOIN accounting_closing c ON c.inventory = i.number WHERE i.number IN {placeholders(numbers)}",
        numbers,
        _TAKEN,
    )
    return frame.join(taken, on="inventory", how="left")


def _with_times(frame: pl.DataFrame, known: Known) -> pl.DataFrame:
    """With the day of the area's opening, its last closing, whether the day is closed, changes before an opening."""
    mbas = frame["mba"].unique().to_list()
    closed = known.frame(
        "SELECT i.mba, i.day, i.opening FROM accounting_closing c"  # noqa: S608
        f" JOIN accounting_inventory i ON i.number = c.inventory WHERE i.mba IN {placeholders(mbas)}",
        mbas,
        {"mba": pl.String, "day": pl.Date, "open": pl.Boolean},
    )
    opened = closed.filter("open").group_by("mba").agg(opened=pl.col("day").min())
    last = closed.group_by("mba").agg(last=pl.col("day").max())
    same = closed.select("mba", "day").unique().with_columns(closed_that_day=pl.lit(True))
    joined = frame.join(opened, on="mba", how="left").join(last, on="mba", how="left")
    joined = joined.join(same, on=["mba", "day"], how="left").with_columns(pl.col("closed_that_day").fill_null(False))
    before = [
        _changes_before(mba, day, known) if opening else 0
        for mba, day, opening in frame.select("mba", "day", "is_opening").iter_rows()
    ]
    return joined.with_columns(pl.Series("before", before, dtype=pl.Int64))


def _changes_before(mba: str, day: date, known: Known) -> int:
    """How many amounts the book of an area moved up to the cut-off of a day, those that were undone apart."""
    found = known.frame(
        "SELECT COUNT(*) FROM (SELECT p.day FROM accounting_posting p JOIN accounting_account a ON a.id = p.account"
        " WHERE a.mba = %s AND a.code = %s AND p.day <= %s"
        " GROUP BY p.day, p.batch, p.category, p.nuclide HAVING SUM(p.ug) <> 0) AS moved",
        [mba, accounts.MAIN, accounts.day_number(day, accounts.CUTOFF)],
        {"moved": pl.Int64},
    )
    return int(found["moved"][0])
