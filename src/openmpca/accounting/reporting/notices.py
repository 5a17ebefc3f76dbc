"""Which transfers abroad take an advance notice: those above one effective kilogram, at once or one after the other.

Rules kept here:

1. A transfer is all that one area ships to, or receives from, one State on one day, however many batches it has. It
   takes a notice above one effective kilogram, or with a batch whose enrichment nobody stated.
2. Successive transfers of no more than one effective kilogram each, of whatever areas, are summed by the other State.
   A transfer with which the sum of the three months that end with its day is above one takes a notice.
3. The transfers before it owed none when they were made, as far as the record knows; a notice of an intended series is
   stated about each of its changes.
4. Sums are made in floating point, in columns; where one comes near the limit it is made again exactly.

Source: INFCIRC/153 paragraphs 92 (out of the State) and 95 (into it), 104 (effective kilograms).
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import Any, Final

import polars as pl

from openmpca.accounting.accounts import ITEMS
from openmpca.accounting.reporting.practice import add_months
from openmpca.accounting.transit.consignments import Transfer, agency_category
from openmpca.nuclear.quantities import QuantityError
from openmpca.nuclear.quantities import effective_kilograms as exact_kilograms
from openmpca.nuclear.quantity_columns import categories_of, effective_kilograms
from openmpca.record.layout import counted

LIMIT: Final = 1
NEAR: Final = 1e-6
MONTHS: Final = 3
CODES: Final = ("SF", "RF")
PARTS: Final[dict[str, Any]] = {
    "number": pl.Int64,
    "code": pl.String,
    "state": pl.String,
    "mba": pl.String,
    "day": pl.Date,
    "effective": pl.Float64,
    "unknown": pl.Boolean,
}
NOTICES: Final[dict[str, Any]] = {"number": pl.Int64, "why": pl.String}
_SERIES: Final = ["code", "state"]
Exactly = Callable[[Sequence[int]], Fraction]


def parts_of(heads: pl.DataFrame, masses: pl.DataFrame) -> pl.DataFrame:
    """Shipments and receipts abroad (`board.heads`, `board.masses_of`) with their effective kilograms: `PARTS`."""
    agency = {each: agency_category(each) for each in masses["category"].unique()}
    by = ["number", "agency"]
    parts = masses.with_columns(agency=pl.col("category").replace(agency))
    kilograms = effective_kilograms(categories_of(parts, by), by)
    summed = kilograms.group_by("number").agg(pl.col("effective").sum(), pl.col("unknown").any())
    stated = heads.join(masses.select("number").unique(), on="number", how="semi").join(summed, on="number", how="left")
    told = stated.with_columns(
        pl.col("effective").fill_null(0.0),
        pl.col("unknown").fill_null(value=False),
        state=pl.col("other").str.split("/").list.first(),
    )
    return told.select(list(PARTS))


def effective_of(transfers: Iterable[Transfer]) -> Fraction:
    """The effective kilograms of some shipments or receipts, exactly; without those of which nobody can tell."""
    found = Fraction(0)
    for each in transfers:
        with suppress(QuantityError):
            found += exact_kilograms({key: ug for key, ug in each.weights.items() if key != ITEMS})
    return found


def notices(parts: pl.DataFrame, exactly: Exactly) -> pl.DataFrame:
    """The changes that take a notice, of the columns of `PARTS`: those of `NOTICES`.

    ``why`` says with which others they are above the limit; it is empty for what is above it by itself. ``exactly``
    gives the effective kilograms of some of the changes.
    """
    made = parts.group_by(*_SERIES, "day", "mba").agg(
        pl.col("effective").sum(), pl.col("unknown").any(), pl.col("number")
    )
    numbers = made["number"]
    made = made.with_columns(large=_above(made["effective"], lambda at: numbers[at].to_list(), exactly))
    alone = made.filter(pl.col("large") | pl.col("unknown")).select("number", why=pl.lit(""))
    found = [_successive(made.filter(~pl.col("large")), exactly), alone]
    return pl.concat([each.explode("number") for each in found]).unique("number", keep="first").select(list(NOTICES))


def _above(sums: pl.Series, numbers: Callable[[int], Sequence[int]], exactly: Exactly) -> pl.Series:
    """Whether sums are above the limit; of a near one the numbers in it are summed exactly (rule 4)."""
    near = ((sums - LIMIT).abs() <= NEAR).arg_true()
    above = sums > LIMIT
    return above.scatter(near, [exactly(numbers(at)) > LIMIT for at in near]) if near.len() else above


def _successive(small: pl.DataFrame, exactly: Exactly) -> pl.DataFrame:
    """Rule 2, over the transfers that are not above the limit by themselves."""
    days = small.group_by(*_SERIES, "day").agg(
        pl.col("effective").sum(), pl.col("number"), many=pl.len().cast(pl.Int64)
    )
    starts = {day: add_months(day, -MONTHS) for day in days["day"].unique()}
    days = days.sort("day").with_columns(
        until=pl.col("effective").cum_sum().over(_SERIES),
        counted=pl.col("many").cum_sum().over(_SERIES),
        start=pl.col("day").replace_strict(starts, return_dtype=pl.Date),
    )
    before = days.select(*_SERIES, start="day", until_before="until", counted_before="counted")
    window = days.sort("start").join_asof(before, on="start", by=_SERIES, check_sortedness=False)
    window = window.with_columns(
        effective=pl.col("until") - pl.col("until_before").fill_null(0.0),
        earlier=pl.col("counted") - pl.col("counted_before").fill_null(0) - 1,
    )

    def inside(at: int) -> list[int]:
        code, state, day, start = window.select(*_SERIES, "day", "start").row(at)
        within = pl.col("day").is_between(start, day, closed="right")
        return days.filter(within, code=code, state=state)["number"].explode().explode().to_list()

    over = window.filter(_above(window["effective"], inside, exactly))
    told = [_why(*row) for row in over.select("earlier", "effective").iter_rows()]
    named = over.select(*_SERIES, "day", why=pl.Series(told, dtype=pl.String))
    return small.filter(pl.col("effective") != 0).join(named, on=[*_SERIES, "day"]).select("number", "why")


def _why(earlier: int, effective: float) -> str:
    """The reason in words; empty for what is above the limit by itself."""
    if not earlier:
        return ""
    others = counted(earlier, "earlier transfer")
    return f"with {others} within {MONTHS} months {effective:.6g} effective kilograms"
