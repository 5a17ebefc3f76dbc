"""What the book made of one statement: its postings, the chain of its corrections, the reports that carry it."""

from datetime import date
from typing import Final, NamedTuple

import polars as pl

from openmpca.accounting.accounts import date_of
from openmpca.record.known import query

POSTINGS: Final = {
    "mba": pl.String,
    "account": pl.String,
    "day": pl.Int64,
    "batch": pl.String,
    "category": pl.String,
    "nuclide": pl.String,
    "ug": pl.Int64,
}


def postings(number: int, using: str = "default") -> pl.DataFrame:
    """The postings of a statement, line by line: the columns of `POSTINGS`, ``day`` as a date."""
    rows = query(
        "SELECT a.mba, a.code, p.day, p.batch, p.category, p.nuclide, p.ug FROM accounting_posting p"
        " JOIN accounting_account a ON a.id = p.account WHERE p.number = %s ORDER BY p.line",
        [number],
        POSTINGS,
        using,
    )
    return rows.with_columns(pl.col("day").map_elements(date_of, return_dtype=pl.Date))


class Correction(NamedTuple):
    """A statement of a chain of corrections: what it replaces or deletes."""

    number: int
    corrects: int
    deletes: bool


def corrections(number: int, known: int, using: str = "default") -> list[Correction]:
    """The corrections of the chain that a statement stands in, as known at a number, in order."""
    first = query("SELECT first FROM accounting_correction WHERE number = %s", [number], {"first": pl.Int64}, using)
    of = int(first["first"][0]) if first.height else number
    found: list[Correction] = []
    front = [of]
    while front:
        rows = query(
            "SELECT number, corrects, deletes FROM accounting_correction WHERE corrects = %s AND number <= %s"
            " ORDER BY number",
            [front.pop(), known],
            {"number": pl.Int64, "corrects": pl.Int64, "deletes": pl.Boolean},
            using,
        )
        made = [Correction(*row) for row in rows.iter_rows()]
        found, front = found + made, front + [each.number for each in made]
    return found


class Carried(NamedTuple):
    """An entry of a report that tells of a statement; ``number`` is the statement of the report."""

    number: int
    mba: str
    sort: str
    report: int
    entry: int
    status: str
    day: date


def carried(number: int, known: int, using: str = "default") -> list[Carried]:
    """The entries of reports that tell of a statement, as known at a number."""
    rows = query(
        "SELECT DISTINCT r.number, r.mba, r.sort, r.report, e.entry, e.status, r.day FROM accounting_entry e"
        " JOIN accounting_report r ON r.number = e.number WHERE e.about = %s AND e.number <= %s"
        " ORDER BY r.number, e.entry",
        [number, known],
        {
            "number": pl.Int64,
            "mba": pl.String,
            "sort": pl.String,
            "report": pl.Int64,
            "entry": pl.Int64,
            "status": pl.String,
            "day": pl.Date,
        },
        using,
    )
    return [Carried(*row) for row in rows.iter_rows()]
