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
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Final

import polars as pl

from openmpca.accounting.accounts import INDEX, ISOTOPE, MAIN, MUF, OPENING, SPAN, date_of, day_number
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
    book = Ledger.of(mba, view, by_booking=by_booking)
    made = [line for category in book.counts for line in book.lines(category)]
    if since is None:
        return made
    return [each for each in made if (each.booked if by_booking else each.day) >= since]


@dataclass(frozen=True)
class Ledger:
    """The ledger of an area up to a view, of which some lines may be asked for.

    ``rows`` are in the order of the lines; ``place`` tells which line of its category each row belongs to.
    """

    view: View
    base: int
    rows: pl.DataFrame

    @classmethod
    def of(cls, mba: str, view: View, *, by_booking: bool = False) -> "Ledger":
        """The ledger of an area."""
        order = ["category", "number", "day"] if by_booking else ["category", "day", "number"]
        base = next(iter(view.accounts([mba], [MAIN])["account"]), -1)
        rows = _rows(mba, base, view).sort(order)
        placed = rows.with_columns(place=pl.struct("number", "day").rle_id().over("category"))
        return cls(view, base, placed)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many lines each category has."""
        last = self.rows.group_by("category", maintain_order=True).agg(pl.col("place").max())
        return {category: place + 1 for category, place in last.iter_rows()}

    def before(self, category: str, since: date) -> int:
        """How many lines of a category are of days before one."""
        earlier = self.rows.filter(pl.col("day") < day_number(since, 0), category=category)
        return int(earlier["place"].n_unique())

    def lines(self, category: str, begin: int = 0, end: int | None = None) -> list[Line]:
        """The lines of a category from one to another, with their balances."""
        own = self.rows.filter(category=category)
        until = pl.col("place") < begin
        held = own.filter(until).group_by("nuclide", maintain_order=True).agg(pl.col("ug").sum())
        shown = own.filter(~until if end is None else ~until & (pl.col("place") < end))
        numbers = shown["number"].unique().to_list()
        codes = _codes(self.base, numbers, self.view.using)
        shown = shown.join(codes, on=["number", "day"], how="left", maintain_order="left")
        shown = shown.with_columns(pl.coalesce("code", pl.when("opening").then(pl.lit(OPENING)).otherwise(pl.lit(MUF))))
        dates = _booking_dates(numbers, self.view.using)
        fates = _corrections(numbers, self.view.using)
        return list(_balanced(category, shown, dict(held.iter_rows()), dates, fates))


def _rows(mba: str, base: int, view: View) -> pl.DataFrame:
    """What moved on the main account: number, day, category, nuclide, ug, the first and the last batch;
    ``opening`` where it is a closing."""
    schema = {"number": pl.Int64, "day": pl.Int64, "category": pl.String}
    moved = query(
        "SELECT number, day, category, nuclide, MIN(batch), MAX(batch), CAST(SUM(ug) AS BIGINT)"
        " FROM accounting_posting WHERE account = %s AND day <= %s AND number <= %s"
        " GROUP BY day, number, category, nuclide",
        [base, view.day, view.number],
        {**schema, "nuclide": pl.String, "batch": pl.String, "last": pl.String, "ug": pl.Int64},
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
        last=pl.lit(""),
        ug=pl.lit(0, pl.Int64),
    )
    return pl.concat([moved, idle]).join(closed, on=["number", "day"], how="left")


def _codes(base: int, numbers: list[int], using: str) -> pl.DataFrame:
    """The codes under which statements moved an area's material on a day."""
    found = [pl.DataFrame(schema={"number": pl.Int64, "day": pl.Int64, "index": pl.Int64})]
    for part in _slices(numbers):
        found.append(
            query(
                "SELECT DISTINCT number, day, account - %s FROM accounting_posting"  # noqa: S608  placeholders only
                f" WHERE number IN {placeholders(part)} AND +account > %s AND +account < %s AND +account <> %s",
                [base, *part, base, base + SPAN, base + INDEX[ISOTOPE]],
                found[0].schema,
                using,
            )
        )
    codes = {index: code for code, index in INDEX.items()}
    named = pl.concat(found).with_columns(code=pl.col("index").replace_strict(codes, return_dtype=pl.String))
    return named.group_by("number", "day").agg(pl.col("code").sort().str.join("/"))


def _balanced(
    category: str, rows: pl.DataFrame, held: Amounts, dates: dict[int, date], fates: dict[int, tuple[int, bool]]
) -> Iterator[Line]:
    """Lines of rows in their order, of which each has its ``place``; ``held`` is the balance before them."""
    balance = held
    columns = rows.select("place", "number", "day", "nuclide", "ug", "code", "batch", "last").iter_rows()
    for _, part in groupby(columns, itemgetter(0)):
        of_line = list(part)
        _, number, day, _, _, code, batch, _ = of_line[0]
        moved = {nuclide: ug for _, _, _, nuclide, ug, *_ in of_line}
        balance = {name: balance.get(name, 0) + moved.get(name, 0) for name in {**balance, **moved}}
        corrects, deletes = fates.get(number, (None, False))
        yield Line(
            number=number,
            day=date_of(day),
            booked=dates[number],
            code=code,
            batch=batch if all(each[-2] == each[-1] for each in of_line) else "",
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
