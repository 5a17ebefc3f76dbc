"""Hold-up: material that stays in equipment, estimated at every physical inventory and cleaned out now and then.

Rules kept here:

1. Hold-up is a batch of its own, listed with ``holdup``, its method and its uncertainty; each inventory estimates it.
2. What is cleaned out is rebatched into a new batch that names the hold-up batch among its parents. So every recovery
   can be held against the estimate before it: an estimate that is always too low or too high shows here.

Source: issue of the book (hold-up); design, lineage of batches.
"""

from typing import Final

import polars as pl

from openmpca.accounting.inventory.differences import inventories, lines_by_number
from openmpca.accounting.queries import latest
from openmpca.accounting.statements import Change
from openmpca.nuclear.mass import parse_grams
from openmpca.record.known import query
from openmpca.record.reading import stored_many

ESTIMATE: Final = "estimate"
CLEAN_OUT: Final = "clean-out"
HISTORY: Final = {
    "batch": pl.String,
    "day": pl.Date,
    "event": pl.String,
    "number": pl.Int64,
    "key": pl.String,
    "ug": pl.Int64,
    "method": pl.String,
    "uncertainty": pl.String,
    "into": pl.String,
    "estimated": pl.Int64,
}
Row = tuple[object, ...]


def holdup(mba: str, known: int | None = None, *, using: str = "default") -> pl.DataFrame:
    """The estimates and clean-outs of every batch of hold-up of an area, in the order of their days.

    Of a clean-out, ``into`` is the batch that took what was recovered and ``estimated`` the last estimate before it.
    """
    number = latest(using) if known is None else known
    estimates = _estimates(mba, number, using)
    cleaned = _clean_outs(mba, {str(row[0]) for row in estimates}, number, using)
    rows = pl.DataFrame([*estimates, *cleaned], schema=HISTORY, orient="row")
    ordered = rows.sort("batch", "day", "number", "key")
    before = pl.when(pl.col("event") == ESTIMATE).then("ug").forward_fill().over("batch", "key")
    return ordered.with_columns(estimated=pl.when(pl.col("event") == CLEAN_OUT).then(before))


def _estimates(mba: str, number: int, using: str) -> list[Row]:
    found: list[Row] = []
    for inventory in inventories(mba, number, using):
        for statement, line in lines_by_number(inventory).items():
            for key, text in line.weights.items() if line.holdup else ():
                head = (line.batch, line.day, ESTIMATE, statement, key, parse_grams(text))
                found.append((*head, line.method, line.uncertainty, "", None))
    return found


def _clean_outs(mba: str, batches: set[str], number: int, using: str) -> list[Row]:
    edges = query(
        "SELECT p.number, p.parent FROM accounting_parent p WHERE p.mba = %s AND p.number <= %s AND NOT EXISTS"
        " (SELECT 1 FROM accounting_correction c WHERE c.corrects = p.number AND c.number <= %s)",
        [mba, number, number],
        {"number": pl.Int64, "parent": pl.String},
        using,
    ).filter(pl.col("parent").is_in(list(batches)))
    parents = dict(edges.iter_rows())
    found: list[Row] = []
    for each in stored_many(parents, using):
        change = each.statement
        if isinstance(change, Change) and parents[each.number] != change.batch:
            for key, text in change.weights.items():
                head = (parents[each.number], change.day, CLEAN_OUT, each.number, key, parse_grams(text))
                found.append((*head, change.method, change.uncertainty, change.batch, None))
    return found


def summary(mba: str, known: int | None = None, *, using: str = "default") -> pl.DataFrame:
    """Of each batch of hold-up and weight: what was recovered in all, and what the estimates before had been."""
    cleaned = holdup(mba, known, using=using).filter(pl.col("event") == CLEAN_OUT)
    sums = cleaned.group_by("batch", "key").agg(
        clean_outs=pl.len(), recovered=pl.col("ug").sum(), estimated=pl.col("estimated").sum()
    )
    return sums.with_columns(ug=pl.col("recovered") - pl.col("estimated")).sort("batch", "key")
