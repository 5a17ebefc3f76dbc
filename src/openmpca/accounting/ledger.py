"""The general ledger of an area: what moved its book, line by line, with the balance after each.

Rules kept here:

1. A line is what one statement moved on one day in one category. A correction stands with the difference that it makes,
   on the day of what it corrects; what it moved in the MUF of a closed period is a line on the day of the closing.
2. A closing has a line in each category even where nothing differed.
3. Lines are in the order of their days; by booking, in the order in which they were stated, under the date of booking.

Source: the ledgers of worked examples W1 and W6 (CNSC REGDOC-2.13.1 for the difference).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from openmpca.accounting.accounts import INDEX, ISOTOPE, MAIN, MUF, OPENING, SPAN, date_of
from openmpca.accounting.queries import View
from openmpca.record import clock
from openmpca.record.known import placeholders, query
from openmpca.record.reading import stored_many

Amounts = dict[str, int]
_BOOKED: Final = '%","booked","%'
_PART: Final = 500


@dataclass(frozen=True)
class Line:
    """One line: ``moved`` and ``balance`` give micrograms by nuclide (``""`` the element, ``#`` items)."""

    number: int
    day: date
    booked: date
    code: str
    batch: str
    category: str
    moved: Amounts
    balance: Amounts
    corrects: int | None
    deletes: bool


def ledger(mba: str, view: View, *, since: date | None = None, by_booking: bool = False) -> list[Line]:
    """The lines of an area's ledger up to a view, by category; from ``since`` on, with the balances carried."""
    rows = _rows(mba, view)
    dates = _booking_dates(rows["number"].unique().to_list(), view.using)
    fates = _corrections(rows["number"].unique().to_list(), view.using)
    order = ["category", "number", "day"] if by_booking else ["category", "day", "number"]
    made: list[Line] = []
    for (category,), lines in rows.sort(order).group_by("category", maintain_order=True):
        made += list(_balanced(str(category), lines, dates, fates))
    if since is None:
        return made
    return [each for each in made if (each.booked if by_booking else each.day) >= since]


def _rows(mba: str, view: View) -> pl.DataFrame:
    """What moved on the main account: number, day, category, nuclide, ug, batch, code."""
    base = view.accounts([mba], [MAIN])["account"].to_list()
    schema = {"number": pl.Int64, "day": pl.Int64, "category": pl.String}
    moved = query(
        "SELECT number, day, category, nuclide, MIN(batch), COUNT(DISTINCT batch), CAST(SUM(ug) AS BIGINT)"  # noqa: S608
        f" FROM accounting_posting WHERE account IN {placeholders(base)} AND day <= %s AND number <= %s"
        " GROUP BY number, day, category, nuclide",
        [*base, view.day, view.number],
        {**schema, "nuclide": pl.String, "batch": pl.String, "batches": pl.Int64, "ug": pl.Int64},
        view.using,
    )
    closed = query(
        "SELECT number, day, opening FROM accounting_closing WHERE mba = %s AND day <= %s AND number <= %s",
        [mba, view.day, view.number],
        {"number": pl.Int64, "day": pl.Int64, "opening": pl.Boolean},
        view.using,
    )
    idle = closed.join(moved.select("category").unique(), how="cross").join(moved, on=list(schema), how="anti")
    idle = idle.select(
        "number",
        "day",
        "category",
        nuclide=pl.lit(""),
        batch=pl.lit(""),
        batches=pl.lit(0, pl.Int64),
        ug=pl.lit(0, pl.Int64),
    )
    rows = pl.concat([moved, idle]).join(_codes(base, view), on=["number", "day"], how="left")
    rows = rows.join(closed, on=["number", "day"], how="left")
    return rows.with_columns(pl.coalesce("code", pl.when("opening").then(pl.lit(OPENING)).otherwise(pl.lit(MUF))))


def _codes(base: list[int], view: View) -> pl.DataFrame:
    """The codes under which a statement moved an area's material on a day."""
    if not base:
        return pl.DataFrame(schema={"number": pl.Int64, "day": pl.Int64, "code": pl.String})
    rows = query(
        "SELECT DISTINCT number, day, account - %s FROM accounting_posting"
        " WHERE account > %s AND account < %s AND account <> %s",
        [base[0], base[0], base[0] + SPAN, base[0] + INDEX[ISOTOPE]],
        {"number": pl.Int64, "day": pl.Int64, "index": pl.Int64},
        view.using,
    )
    codes = {index: code for code, index in INDEX.items()}
    named = rows.with_columns(code=pl.col("index").replace_strict(codes, return_dtype=pl.String))
    return named.group_by("number", "day").agg(pl.col("code").sort().str.join("/"))


def _balanced(
    category: str, rows: pl.DataFrame, dates: dict[int, date], fates: dict[int, tuple[int, bool]]
) -> Iterator[Line]:
    balance: Amounts = {}
    for (number, day), part in rows.group_by("number", "day", maintain_order=True):
        of, on = int(str(number)), int(str(day))
        moved = dict(part.select("nuclide", "ug").iter_rows())
        balance = {name: balance.get(name, 0) + moved.get(name, 0) for name in {**balance, **moved}}
        batches = int(part["batches"].max() or 0)  # type: ignore[arg-type]
        corrects, deletes = fates.get(of, (None, False))
        yield Line(
            number=of,
            day=date_of(on),
            booked=dates[of],
            code=part["code"][0],
            batch=part["batch"][0] if batches == 1 else "",
            category=category,
            moved=moved,
            balance=balance,
            corrects=corrects,
            deletes=deletes,
        )


def _booking_dates(numbers: list[int], using: str) -> dict[int, date]:
    """When the books were changed: as the statement says (history brought in), else when it was recorded."""
    found: dict[int, date] = {}
    said: list[int] = []
    for part in _slices(numbers):
        rows = query(
            f"SELECT number, recorded_us, body LIKE %s FROM record_statement WHERE number IN {placeholders(part)}",  # noqa: S608
            [_BOOKED, *part],
            {"number": pl.Int64, "recorded_us": pl.Int64, "says": pl.Boolean},
            using,
        )
        found |= {number: clock.day(us) for number, us, _ in rows.iter_rows()}
        said += rows.filter("says")["number"].to_list()
    for each in stored_many(said, using):
        if booked := each.fields.get("booked"):
            found[each.number] = date.fromisoformat(str(booked))
    return found


def _corrections(numbers: list[int], using: str) -> dict[int, tuple[int, bool]]:
    found: dict[int, tuple[int, bool]] = {}
    for part in _slices(numbers):
        rows = query(
            f"SELECT number, corrects, deletes FROM accounting_correction WHERE number IN {placeholders(part)}",  # noqa: S608
            part,
            {"number": pl.Int64, "corrects": pl.Int64, "deletes": pl.Boolean},
            using,
        )
        found |= {number: (corrects, deletes) for number, corrects, deletes in rows.iter_rows()}
    return found


def _slices(numbers: list[int]) -> Iterable[list[int]]:
    return (numbers[start : start + _PART] for start in range(0, len(numbers), _PART))
