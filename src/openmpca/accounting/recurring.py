"""The changes of an area in a month that still stand: what is entered again, month by month."""

from calendar import monthrange
from datetime import date, timedelta

import polars as pl

from openmpca.accounting import accounts
from openmpca.accounting.accounts import MAIN
from openmpca.accounting.book import NEGATED
from openmpca.accounting.queries import View
from openmpca.accounting.statements import Change
from openmpca.record.known import placeholders, query
from openmpca.record.reading import stored_many


def month_before(day: date) -> date:
    """The first day of the month before.

    >>> month_before(date(2026, 1, 31))
    datetime.date(2025, 12, 1)
    """
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def changes_of(mba: str, month: date) -> list[tuple[int, Change]]:
    """The changes of an area in the month of a day, with their numbers, as they stand now."""
    last = month.replace(day=monthrange(month.year, month.month)[1])
    view = View.of(last)
    ids = view.accounts([mba], [MAIN])["account"].to_list()
    begin = accounts.day_number(month.replace(day=1), 0)
    rows = query(
        "SELECT DISTINCT number FROM accounting_posting"  # noqa: S608  placeholders only
        f" WHERE account IN {placeholders(ids)} AND day >= %s AND day <= %s AND line < %s"
        " AND number NOT IN (SELECT corrects FROM accounting_correction) ORDER BY number",
        [*ids, begin, view.day, NEGATED],
        {"number": pl.Int64},
    )
    found = stored_many(rows["number"].to_list())
    changes = [(each.number, each.statement) for each in found if isinstance(each.statement, Change)]
    return sorted([(number, each) for number, each in changes if each.day >= month.replace(day=1)], key=_by_day)


def _by_day(pair: tuple[int, Change]) -> tuple[date, int]:
    return pair[1].day, pair[0]
