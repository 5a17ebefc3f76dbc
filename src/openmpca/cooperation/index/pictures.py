"""The pictures of the index: each party's share of a measure through the years."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _

from openmpca.cooperation.index.measures import Measure, Part
from openmpca.pages.blocks import Table
from openmpca.pages.charts.described import Bar, Bars, Chart, Lines, Series


def shares(measure: Measure, found: Sequence[Part], book: str = "") -> Chart:
    """The share of each party in each year, in percent; a bar for each where there is only one year."""
    parties = list(dict.fromkeys(each.party for each in found))
    years = sorted({each.year for each in found})
    by = {(each.party, each.year): each.share * 100 for each in found}
    rows = [
        {"year": str(year), **{party: f"{float(by.get((party, year), 0)):.1f}" for party in parties}} for year in years
    ]
    heads = {"year": _("Year"), **{party: f"{name(party)}, %" for party in parties}}
    told = _("%(measure)s, as told by %(book)s") % {"measure": measure.title, "book": book}
    title, summary = told if book else str(measure.title), str(measure.definition)
    table = Table(rows, heads, name=f"share_figures_{measure.name}{book}")
    if len(years) == 1:
        bars = [Bar(f"{name(party)} {years[0]}", by[party, years[0]]) for party in parties]
        return Bars(title=title, summary=summary, unit="%", table=table, bars=bars)
    kinds = iter(("", "P", "E", "T", "U", "N", "HEU"))
    series = [
        Series(
            name(party),
            next(kinds, "D"),
            [(date(year, 12, 31), by.get((party, year), Fraction(0))) for year in years],
        )
        for party in parties
    ]
    return Lines(title=title, summary=summary, unit="%", table=table, series=series)


def name(party: str) -> str:
    """How a party is called on a picture: one that nobody named is nobody's."""
    return party or _("not told")
