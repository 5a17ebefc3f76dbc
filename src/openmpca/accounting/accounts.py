"""The accounts of the book, and the day on which a posting counts, as whole numbers.

Every area has a main account, its book inventory, and one counter-account for each code of inventory change. An
account's identifier is made of the number of the statement that introduced its area and a fixed index of the code.
The named accounts of the design (transit, foreign, retained waste and so on) are groups of codes:
`nuclear.changes.ACCOUNT_GROUPS`.

A posting's day counts quarter days since 1970: the phase says on which side of the cut-off of a physical inventory it
stands.
"""

from datetime import date, timedelta
from typing import Final

import polars as pl

from openmpca.nuclear.changes import ACCOUNT_GROUPS

MAIN: Final = "MAIN"
MUF: Final = "MF"
OPENING: Final = "OP"
ISOTOPE: Final = "ISO"
DIFFERENCE: Final = "DI"
ITEMS: Final = "#"

BEFORE_CUTOFF: Final = 1
CUTOFF: Final = 2
AFTER_CUTOFF: Final = 3
PHASES: Final = 4

SPAN: Final = 64
CODES: Final = (MAIN, *sorted({*ACCOUNT_GROUPS, MUF, OPENING, ISOTOPE} - {MAIN}))
INDEX: Final = {code: index for index, code in enumerate(CODES)}
assert len(CODES) <= SPAN  # noqa: S101  an identifier holds one code

EPOCH_BITS: Final = 13
_EPOCH: Final = date(1970, 1, 1)


def group(name: str) -> tuple[str, ...]:
    """The codes of a named account, for example ``transit`` or ``retained_waste``."""
    return tuple(code for code, of in ACCOUNT_GROUPS.items() if of == name)


def day_number(day: date, phase: int = AFTER_CUTOFF) -> int:
    """The posting day of a date and a phase; the default is the end of the day."""
    return (day - _EPOCH).days * PHASES + phase


def date_of(day: int) -> date:
    """The date of a posting day."""
    return _EPOCH + timedelta(days=day // PHASES)


def day_column(day: str, phase: pl.Expr) -> pl.Expr:
    """The posting day of a column of dates and an expression for the phase."""
    return pl.col(day).cast(pl.Int32).cast(pl.Int64) * PHASES + phase


def month_column(day: str = "day") -> pl.Expr:
    """The month, counted from year 0, of a column of posting days."""
    dates = (pl.col(day) // PHASES).cast(pl.Int32).cast(pl.Date)
    return dates.dt.year().cast(pl.Int64) * 12 + dates.dt.month() - 1


def month_number(day: int) -> int:
    """The month, counted from year 0, of a posting day."""
    on = date_of(day)
    return on.year * 12 + on.month - 1


def first_day(month: int) -> int:
    """The first posting day of a month counted from year 0."""
    return day_number(date(month // 12, month % 12 + 1, 1), 0)
