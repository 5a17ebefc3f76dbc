"""The pictures of threat analyses: each party's words side by side, and how far apart they were through time."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _

from openmpca.cooperation.threats.comparing import Compared, Item, apart
from openmpca.pages.blocks import Table
from openmpca.pages.charts.described import Lines, Matrix, Series, Shaded, Value


def views(found: Compared) -> Matrix:
    """Which word each party has for each threat on each scale: the higher on its scale the darker."""
    fields = {
        (_name(item), view.party): Shaded(view.word, Fraction(view.place, len(item.words) - 1))
        for item in found.items
        for view in item.views.values()
    }
    rows = [{"item": _name(each), **{who: view.word for who, view in each.views.items()}} for each in found.items]
    heads = {"item": _("Threat and scale"), **{party: party for party in found.parties}}
    return Matrix(
        title=_("Analyses of %(comparison)s") % {"comparison": found.code},
        summary=_("The word of each party for each threat on each scale; the darker, the higher on its scale."),
        unit="",
        table=Table(rows, heads, name="view_figures", empty=_("Nothing is compared.")),
        rows=[_name(each) for each in found.items],
        columns=found.parties,
        fields=fields,
    )


def _name(item: Item) -> str:
    return f"{item.threat} {item.scale}"


def course(found: Sequence[Compared]) -> Lines:
    """How far apart the parties were in each comparison, in all and on each scale, in percent of the scale."""
    scales = list(dict.fromkeys(scale for each in found for scale in each.claim.said.scales))
    names = {"": _("all scales"), **{scale: scale for scale in scales}}
    rows, points = [], {scale: list[tuple[date, Value]]() for scale in names}
    for each in found:
        row: dict[str, object] = {"comparison": each.code, "day": each.day}
        for scale in names:
            value = apart(item for item in each.items if scale in ("", item.scale))
            if value is not None:
                points[scale].append((each.day, value * 100))
                row[f"scale-{scale}"] = f"{float(value):.0%}"
        rows.append(row)
    heads = {"comparison": _("Comparison"), "day": _("Day")}
    kinds = iter(("", "P", "E", "T", "U", "N", "D"))
    return Lines(
        title=_("How far apart"),
        summary=_("How far the parties are apart in each comparison: steps apart, as a part of the whole scale."),
        unit="%",
        table=Table(
            rows, {**heads, **{f"scale-{scale}": name for scale, name in names.items()}}, name="course_figures"
        ),
        series=[Series(name, next(kinds, "D"), points[scale]) for scale, name in names.items() if points[scale]],
    )
