"""The pictures of the book: where material went, how inventories went, how much is held; queries to descriptions.

Rules kept here:

1. A picture is of some areas or of all; places beyond them are seen only as far as their own areas' statements name
   them.
2. What is drawn is what the table holds, exactly, in grams; the picture is in the unit that suits its largest value.
3. At most some places and bars are drawn by name, the busiest; the others are drawn as one, and the summary says so.
   Of the bars that are not drawn the table has each.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Final

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openmpca.accounting import accounts, courses
from openmpca.accounting.quantities import significant_by_area
from openmpca.accounting.queries import View
from openmpca.nuclear.mass import UG_PER_G, UG_PER_KG, UG_PER_T, format_grams
from openmpca.pages.blocks import LINKS, Table
from openmpca.pages.charts.described import Areas, Bar, Bars, Chart, Flow, Limit, Node, Sankey, Series
from openmpca.pages.charts.figures import figure

MOST_PLACES: Final = 10
MOST_BANDS: Final = 24
MOST_BARS: Final = 24
MONTHS: Final = 24
ABROAD: Final = ("<", ">")
Address = Callable[..., str]
Amounts = dict[tuple[str, str, str], int]
_ENDS: Final = ("source", "target")


@dataclass(frozen=True)
class Subject:
    """What a picture is of: a view, some areas or all (None), a day since when; ``to`` makes addresses of pages.

    Where no day is given the period is two years.
    """

    view: View
    mbas: Sequence[str] | None = None
    since: date | None = None
    to: Address | None = None

    @property
    def until(self) -> date:
        """The view's day."""
        return accounts.date_of(self.view.day)

    @property
    def begin(self) -> date:
        """The first day of the period: that given, or the first of a month two years back."""
        month = self.until.year * 12 + self.until.month - 1 - MONTHS
        return self.since or date(month // 12, month % 12 + 1, 1)

    @cached_property
    def areas(self) -> frozenset[str]:
        """The areas that it is of."""
        return frozenset(self.view.opened.areas if self.mbas is None else filter(self.view.opened.has, self.mbas))

    def area_link(self, *columns: tuple[str, str]) -> Mapping[str, str]:
        """Links from columns to the ledgers of the areas that they name, of those asked for."""
        if self.to is None:
            return {}
        return {name: self.to("accounting/ledger", mba=mba) for name, mba in columns if mba in self.areas}


def flow(subject: Subject) -> Sankey:
    """What was shipped between areas, abroad and from abroad."""
    found = courses.flows(subject.view, subject.begin, subject.mbas)
    moved, outside, folded = _folded(found)
    unit, per = unit_of(max(moved.values(), default=0))
    rows = [_flow_row(subject, key, ug) for key, ug in sorted(moved.items())]
    heads = {"source": _("From"), "target": _("To"), "category": _("Category"), "g": _("Shipped, g")}
    table = Table(rows, heads, name="flow_figures", empty=_("Nothing was shipped in this time."))
    nodes = [Node(key, _named(key), key in outside) for key in _places(moved)]
    return Sankey(
        title=_("Flow between areas"),
        summary=" ".join(filter(None, [_flow_told(subject, moved, unit, per), folded])),
        unit=unit,
        table=table,
        nodes=nodes,
        flows=[Flow(*key[:2], Fraction(moved[key], per), key[2]) for key in _drawn(moved)],
    )


def _drawn(moved: Amounts) -> list[tuple[str, str, str]]:
    """The flows that are drawn: the largest of each category by turns, so that none is drowned by another."""
    ranked: dict[str, int] = {}
    turns = {}
    for key in sorted(moved, key=lambda key: (-moved[key], key)):
        if moved[key] > 0 and key[0] != key[1]:
            turns[key] = ranked[key[2]] = ranked.get(key[2], 0) + 1
    return sorted(sorted(turns, key=lambda key: (turns[key], -moved[key], key))[:MOST_BANDS])


def _folded(found: pl.DataFrame) -> tuple[Amounts, set[str], str]:
    """Amounts by (from, to, category) with the less busy places as one; the places outside; what is said of it.

    A place abroad is one that sends and another that receives: ``<`` and ``>`` before its name.
    """
    named = found.with_columns(
        source=pl.when(abroad="from").then("<" + pl.col("source")).otherwise("source"),
        target=pl.when(abroad="to").then(">" + pl.col("target")).otherwise("target"),
    )
    ends = pl.concat([named.select(key=end, ug=pl.col("ug").abs()) for end in _ENDS])
    through = dict(ends.group_by("key").agg(pl.col("ug").sum()).iter_rows())
    busy = sorted(through, key=lambda key: (-through[key], key))[:MOST_PLACES]
    rest = len(through) - len(busy)
    others = ngettext("%(count)d other", "%(count)d others", rest) % {"count": rest}
    shown = [pl.when(pl.col(end).is_in(busy)).then(end).otherwise(pl.lit(others)).alias(end) for end in _ENDS]
    summed = named.with_columns(shown).group_by(*_ENDS, "category").agg(pl.col("ug").sum())
    moved = {(source, target, category): ug for source, target, category, ug in summed.iter_rows()}
    told = [_("The %(count)d busiest places have names, the others are one.") % {"count": MOST_PLACES}] if rest else []
    if len(moved) > MOST_BANDS:
        told.append(_("The %(count)d largest bands are drawn, all are in the table.") % {"count": MOST_BANDS})
    return moved, {key for key in busy if key.startswith(ABROAD)}, " ".join(told)


def _places(moved: Amounts) -> list[str]:
    return sorted({key for source, target, _category in moved for key in (source, target)})


def _named(key: str) -> str:
    return key[1:] if key.startswith(ABROAD) else key


def _flow_row(subject: Subject, key: tuple[str, str, str], ug: int) -> dict[str, object]:
    source, target, category = key
    named = {"source": _named(source), "target": _named(target), "category": category, "g": format_grams(ug)}
    return {**named, LINKS: subject.area_link(("source", source), ("target", target))}


def _flow_told(subject: Subject, moved: Amounts, unit: str, per: int) -> str:
    period = {"since": subject.begin, "until": subject.until}
    if not moved:
        return _("Nothing was shipped from %(since)s to %(until)s.") % period
    (source, target, category), ug = max(moved.items(), key=lambda each: (each[0][0] != each[0][1], each[1], each[0]))
    largest = {
        "source": _named(source),
        "target": _named(target),
        "category": category,
        "amount": f"{figure(Fraction(ug, per))} {unit}",
    }
    told = _(
        "Shipped from %(since)s to %(until)s, the element by category. The most, %(amount)s of %(category)s, went from"
        " %(source)s to %(target)s."
    )
    abroad = any(key.startswith(ABROAD) for each in moved for key in each[:2])
    return " ".join([told % {**period, **largest}, *([_("Places abroad are grey.")] if abroad else [])])


def inventory(subject: Subject) -> Areas:
    """What was on inventory by category, month by month."""
    found = courses.course(subject.view, subject.begin, subject.mbas)
    series = []
    unit, per = unit_of(max(found["ug"].to_list(), default=0))
    for (category,), own in found.group_by("category", maintain_order=True):
        points = [(day, Fraction(ug, per)) for day, ug in own.select("day", "ug").iter_rows()]
        if any(value for _day, value in points):
            series.append(Series(str(category), str(category), points))
    return Areas(
        title=_("Inventory by category"),
        summary=_inventory_told(subject, series, unit),
        unit=unit,
        table=_inventory_table(found),
        series=series,
    )


def _inventory_told(subject: Subject, series: Sequence[Series], unit: str) -> str:
    period = {"since": subject.begin, "until": subject.until}
    if not series:
        return _("Nothing was on inventory from %(since)s to %(until)s.") % period
    held = ", ".join(f"{each.name} {figure(each.points[-1][1])} {unit}" for each in series)
    told = _("The element on inventory, month by month, each category on its own scale. On %(until)s: %(held)s.")
    return told % {**period, "held": held}


def _inventory_table(found: pl.DataFrame) -> Table:
    categories = sorted(set(found["category"]))
    by_day: dict[date, dict[str, object]] = {}
    for day, category, ug in found.iter_rows():
        by_day.setdefault(day, {"day": day})[category] = format_grams(ug)
    rows = [{**dict.fromkeys(categories, "0"), **row} for row in by_day.values()]
    heads = {"day": _("Day"), **{each: f"{each} g" for each in categories}}
    return Table(sorted(rows, key=lambda row: str(row["day"])), heads, name="inventory_figures")


def quantities(subject: Subject) -> Bars:
    """How many significant quantities each area holds."""
    found = significant_by_area(subject.view, subject.mbas)
    held = {mba: each.quantities for mba, each in found.items()}
    unknown = sum(each.unknown for each in found.values())
    order = sorted(held, key=lambda mba: (-float(held[mba]), -held[mba], mba))  # the exact ones where floats are equal
    rows = [{"mba": mba, "quantities": figure(held[mba]), LINKS: subject.area_link(("mba", mba))} for mba in order]
    return Bars(
        title=_("Significant quantities by area"),
        summary=_quantities_told(subject, held, order, unknown),
        unit="SQ",
        table=Table(rows, {"mba": _("MBA"), "quantities": _("Significant quantities")}, name="quantities_figures"),
        bars=[Bar(mba, held[mba]) for mba in order[:MOST_BARS]],
        limits=[Limit("", 1)] if order else [],
    )


def _quantities_told(subject: Subject, held: Mapping[str, Fraction], order: Sequence[str], unknown: int) -> str:
    if not order:
        return _("Nothing was on inventory on %(until)s.") % {"until": subject.until}
    told = {"until": subject.until, "mba": order[0], "most": figure(held[order[0]])}
    said = [_("On inventory on %(until)s, batch by batch; the most, %(most)s, in %(mba)s.") % told]
    if len(order) > MOST_BARS:
        said.append(_("The %(count)d areas with most are drawn, all are in the table.") % {"count": MOST_BARS})
    if unknown:
        text = ngettext(
            "Of %(count)d batch it cannot be said, its enrichment being unknown.",
            "Of %(count)d batches it cannot be said, their enrichment being unknown.",
            unknown,
        )
        said.append(text % {"count": unknown})
    return " ".join(said)


def unit_of(ug: int) -> tuple[str, int]:
    """The unit that suits a largest value, and how many micrograms it is.

    >>> unit_of(5), unit_of(2 * UG_PER_KG)[0], unit_of(300 * UG_PER_T)[0]
    (('g', 1000000), 'kg', 't')
    """
    if ug >= 100 * UG_PER_T:
        return "t", UG_PER_T
    return ("kg", UG_PER_KG) if ug >= UG_PER_KG else ("g", UG_PER_G)


PICTURES: Final[dict[str, Callable[[Subject], Chart]]] = {
    "flow": flow,
    "inventory": inventory,
    "quantities": quantities,
}
