"""The pictures of money: what each party gave in each year, and shares through the periods of a schedule.

Rules kept here:

1. A picture is of one category in one unit; of years, each party's bar is of its own book, or all are of one book.
2. What is drawn is what the table holds, exactly.
"""

from collections.abc import Sequence
from fractions import Fraction

from django.utils.translation import gettext as _

from openmpca.cooperation.money.categories import Category, named
from openmpca.cooperation.money.journal import Sum
from openmpca.cooperation.money.shares import Measured
from openmpca.pages.blocks import Row, Table
from openmpca.pages.charts.described import Bar, Bars, Lines, Series
from openmpca.pages.told import worded


def drawn_of(years: Sequence[Sum], category: Category, unit: str, book: str = "") -> list[Sum]:
    """The sums by giver and year that a picture draws: of one book, or where none is named of each giver's own."""
    of = (each for each in years if (each.figure.category, each.figure.unit) == (category, unit))
    return sorted((each for each in of if each.book == (book or each.key[0])), key=lambda each: each.key[::-1])


def by_year(drawn: Sequence[Sum], category: Category, unit: str, rows: Sequence[Row]) -> Bars:
    """What each party gave in each year, of one category in one currency; ``rows`` are its figures as a table."""
    title = _("%(category)s by party and year") % {"category": worded(named(category)).capitalize()}
    heads = {"year": _("Year"), "giver": _("Giver"), "amount": _("Amount"), "currency": _("Currency")}
    years = {each.key[1] for each in drawn}
    summary = _("What %(parties)s gave in %(years)s.") % {
        "parties": ", ".join(dict.fromkeys(each.key[0] for each in drawn)) or "–",
        "years": "–".join(dict.fromkeys(str(each) for each in (min(years), max(years)))) if years else "–",
    }
    return Bars(
        title=title,
        summary=summary,
        unit=unit,
        table=Table(rows, heads, name="years", empty=_("Nothing was given.")),
        bars=[Bar(f"{each.key[1]} {each.key[0]}", Fraction(each.figure.amount)) for each in drawn],
    )


def schedule(measured: Sequence[Measured], rows: Sequence[Row]) -> Lines:
    """Planned and actual shares through the periods of one schedule; ``rows`` are its figures as a table."""
    parties = dict.fromkeys(share.party for each in measured for share in each.shares)
    series = []
    for party in parties:
        own = [
            (day, share)
            for each in measured
            for share in each.shares
            for day in (each.rule.said.begins, each.rule.said.ends)
            if share.party == party
        ]
        planned = [(day, Fraction(share.planned)) for day, share in own]
        actual = [(day, share.actual) for day, share in own if share.actual is not None]
        series.append(Series(_("%(party)s, planned") % {"party": party}, "other", planned))
        if actual:
            series.append(Series(_("%(party)s, actual") % {"party": party}, "", actual))
    heads = {"ends": _("Until"), "party": _("Party"), "planned": _("Planned, %"), "actual": _("Actual, %")}
    return Lines(
        title=_("Shares, planned and actual"),
        summary=_("From the first to the last day of each period."),
        unit="%",
        table=Table(rows, heads, name="schedule"),
        series=series,
    )
