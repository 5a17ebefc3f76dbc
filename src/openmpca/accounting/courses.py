"""How balances went and what flowed: sums through time, as of a day and as known at a number.

Rules kept here:

1. A balance at the end of a month is what `View.balances` gives as of that day; all months are summed in one go, from
   the cells of whole epochs and the postings of the last one, and anew only for areas of which something was stated.
2. A flow is the element that statements which stand say was shipped abroad or at home, or received from abroad, on
   posting days of the period. A receipt at home counts only where its shipper is not among the areas asked for, so
   that nothing is counted twice.

Source: the measured sketch of the spine, as for `queries`.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from openmpca.accounting import accounts
from openmpca.accounting.accounts import EPOCH_BITS, MAIN
from openmpca.accounting.book import NEGATED
from openmpca.accounting.kept import Joined, Kept, by_area, with_more
from openmpca.accounting.queries import View
from openmpca.accounting.transit.consignments import DOMESTIC, RECEIPTS, SHIPMENTS, side
from openmpca.record.known import query

COURSE: Final[dict[str, Any]] = {"day": pl.Date, "category": pl.String, "ug": pl.Int64}
FLOWS: Final[dict[str, Any]] = {
    "source": pl.String,
    "target": pl.String,
    "abroad": pl.String,
    "category": pl.String,
    "ug": pl.Int64,
}
_MONTHS: Final = {"month": pl.Int64, "category": pl.String, "ug": pl.Int64}
_OF_AREA: Final = {"mba": pl.String, **_MONTHS}
_OF_ACCOUNTS: Final = {"account": pl.Int64, **_MONTHS}
_MOVED: Final = {"mba": pl.String, "code": pl.String, "other": pl.String, "category": pl.String, "ug": pl.Int64}


def course(view: View, since: date, mbas: Sequence[str] | None = None) -> pl.DataFrame:
    """The element on inventory by category at the end of each month from that of ``since`` on, and on the view's day.

    The columns of `COURSE`; a category has every day from the first on which there was any of it.
    """
    first, last = accounts.month_number(accounts.day_number(since)), accounts.month_number(view.day)
    months = range(min(first, last), last + 1)
    days = [*map(month_end, months[:-1]), accounts.date_of(view.day)]
    ends = pl.DataFrame({"month": months, "day": days}, schema={"month": pl.Int64, "day": pl.Date}).sort("month")
    found = [pl.DataFrame(schema=COURSE)]
    for (category,), own in _moved(view, mbas).group_by("category", maintain_order=True):
        held = own.select("month", ug=pl.col("ug").cum_sum()).sort("month")
        at_end = ends.join_asof(held, on="month", strategy="backward").drop_nulls("ug")
        found.append(at_end.select("day", pl.lit(category).alias("category"), "ug"))
    return pl.concat(found).sort("category", "day")


def _moved(view: View, mbas: Sequence[str] | None) -> pl.DataFrame:
    """What each month up to the view's day added, by category."""
    found = _MOVED_TOGETHER.of(_COURSES.of(view, mbas), view.day)
    return found.group_by("month", "category").agg(pl.col("ug").sum()).sort("category", "month")


def _by_area(view: View, mbas: Sequence[str], after: int = -1) -> dict[str, pl.DataFrame]:
    """The same by area; of the statements after a number, where one is given."""
    of = view.accounts(list(mbas), [MAIN]).select("account", "mba")
    inside = f"account IN ({_listed(of['account'])}) AND nuclide = ''"
    rows = _months(view, inside) if after < 0 else _posted(view, _NUMBERED + inside, [after + 1, view.number, view.day])
    summed = rows.join(of, on="account").group_by("mba", "month", "category").agg(pl.col("ug").sum())
    return by_area(summed.filter(pl.col("ug") != 0).select(list(_OF_AREA)), mbas)


# The unary plus keeps planners from walking whole accounts for one epoch, and all numbers for one month.
_NUMBERED: Final = (
    "SELECT account, day, category, ug FROM accounting_posting WHERE number >= %s AND number <= %s AND day <= %s AND +"
)


def _months(view: View, inside: str) -> pl.DataFrame:
    """What each month added to some accounts: cells, the postings of the view's month and of the running epoch."""
    last, edge = accounts.month_number(view.day), ((view.number + 1) >> EPOCH_BITS) << EPOCH_BITS
    cells = query(
        "SELECT account, month, category, CAST(SUM(ug) AS BIGINT) FROM accounting_cell"  # noqa: S608  numbers of our own
        f" WHERE {inside} AND month < %s AND epoch < %s GROUP BY account, month, category",
        [last, edge >> EPOCH_BITS],
        _OF_ACCOUNTS,
        view.using,
    )
    of_month = (
        "SELECT account, day, category, ug FROM accounting_posting"  # noqa: S608  numbers of our own
        f" WHERE {inside} AND day >= %s AND day <= %s AND +number < %s UNION ALL "
    )
    given = [accounts.first_day(last), view.day, edge, edge, view.number, view.day]
    return pl.concat([cells, _posted(view, of_month + _NUMBERED + inside, given)])


def _posted(view: View, postings: str, given: Sequence[object]) -> pl.DataFrame:
    """The sums of some postings, by month."""
    found = query(
        f"SELECT account, day, category, CAST(SUM(ug) AS BIGINT) FROM ({postings}) AS parts"  # noqa: S608  our own
        " GROUP BY account, day, category",
        given,
        {"account": pl.Int64, "day": pl.Int64, "category": pl.String, "ug": pl.Int64},
        view.using,
    )
    return found.select("account", month=accounts.month_column(), category="category", ug="ug")


def _listed(ids: Iterable[int]) -> str:
    return ", ".join(map(str, ids)) or "NULL"


_COURSES: Final = Kept(_by_area, grow=with_more(_by_area, whatever=True))
_MOVED_TOGETHER: Final = Joined(_OF_AREA)


def month_end(month: int) -> date:
    """The last day of a month counted from year 0.

    >>> month_end(2024 * 12 + 1)
    datetime.date(2024, 2, 29)
    """
    return date((month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)


def flows(view: View, since: date, mbas: Sequence[str] | None = None) -> pl.DataFrame:
    """What was shipped and received from a day on until the view's, by both places and category (`FLOWS`).

    ``abroad`` says that the one it came ``from`` or the one it went ``to`` is another State's, else it is empty.
    """
    moved = _FLOWS_TOGETHER.of(_FLOWS.of(view, mbas, since), (view.day, since))
    both = _sides(moved).filter(~(pl.col("home") & pl.col("comes") & pl.col("there").is_in(_areas(view, mbas))))
    named = both.select(
        source=pl.when("comes").then("there").otherwise("mba"),
        target=pl.when("comes").then("mba").otherwise("there"),
        abroad=pl.when("home").then(pl.lit("")).when("comes").then(pl.lit("from")).otherwise(pl.lit("to")),
        category="category",
        ug=pl.when("comes").then(-pl.col("ug")).otherwise("ug"),
    )
    by = list(FLOWS)[:-1]
    return named.group_by(by).agg(pl.col("ug").sum()).filter(pl.col("ug") != 0).select(list(FLOWS)).sort(by)


def _flows_by_area(view: View, mbas: Sequence[str], since: date, after: int = -1) -> dict[str, pl.DataFrame]:
    """What the statements of each area, those after a number, say was shipped and received."""
    ids = _listed(view.accounts(list(mbas), sorted(SHIPMENTS | RECEIPTS))["account"])
    some = f"p.account IN ({ids})" if after < 0 else f"+p.account IN ({ids}) AND p.number > {after}"
    moved = query(
        "SELECT t.mba, t.code, t.other, p.category, CAST(SUM(p.ug) AS BIGINT) FROM accounting_posting p"  # noqa: S608
        f" JOIN accounting_transfer t ON t.number = p.number WHERE {some} AND p.day >= %s AND p.day <= %s"
        " AND p.number <= %s AND p.line < %s AND p.nuclide = '' AND NOT EXISTS"
        " (SELECT 1 FROM accounting_correction c WHERE c.corrects = p.number AND c.number <= %s)"
        " GROUP BY t.mba, t.code, t.other, p.category",
        [accounts.day_number(since, 0), view.day, view.number, NEGATED // 2, view.number],
        _MOVED,
        view.using,
    )
    return by_area(moved.filter(pl.col("ug") != 0), mbas)


_FLOWS: Final = Kept(_flows_by_area, grow=with_more(_flows_by_area))
_FLOWS_TOGETHER: Final = Joined(_MOVED)


def _areas(view: View, mbas: Sequence[str] | None) -> list[str]:
    return [each for each in view.opened.areas if mbas is None or each in mbas]


def _sides(moved: pl.DataFrame) -> pl.DataFrame:
    """Whether it comes, whether both places are at home, and the other place: at home the bare area."""
    places = moved.select("other", home=pl.col("code").is_in(sorted(DOMESTIC))).unique()
    there = [_there(other, home) for other, home in places.iter_rows()]
    named = moved.with_columns(
        home=pl.col("code").is_in(sorted(DOMESTIC)), comes=pl.col("code").is_in(sorted(RECEIPTS))
    )
    return named.join(places.with_columns(there=pl.Series(there, dtype=pl.String)), on=["other", "home"])


def _there(other: str, home: bool) -> str:
    place = side(other, domestic=home)
    return place.area if home and place.area else str(place)
