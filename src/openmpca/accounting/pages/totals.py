"""Totals in the browser: by any dimension, significant quantities, exemptions against their limits, the summary.

Rules kept here:

1. Who may not read the whole State sees the totals of the areas that they may read, and the page says so. What lies
   between areas, in transit, and the State's limits are told only to who reads everything.
2. Significant quantities are counted batch by batch.
"""

from math import fsum
from typing import Any, Final, Literal, get_args

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting import book_rows, figures, totals
from openmpca.accounting.book_rows import Cells
from openmpca.accounting.pages.asked import accounted, areas, question, told_by_the_book, view_of
from openmpca.accounting.pages.heads import heads, of_nuclides
from openmpca.accounting.quantities import Exemptions, quantities_by_area
from openmpca.accounting.quantities import exemptions as exempted
from openmpca.accounting.queries import View
from openmpca.accounting.reporting.as_reported import DIMENSIONS, AsReported
from openmpca.nuclear.mass import format_grams
from openmpca.pages.blocks import LINKS, Block, Choice, Field, Link, Page, Problems, Row, Table, Text
from openmpca.pages.routes import Asking, Open, page
from openmpca.pages.times import TimesError

By = Literal[
    "state",
    "category",
    "mba",
    "facility",
    "holder",
    "programme",
    "owner",
    "batch",
    "enrichment",
    "organisation",
    "quantities",
]
_WHERE: Final[dict[str, Any]] = {
    "inventory": gettext_lazy("on inventory"),
    "transit": gettext_lazy("in transit"),
    "retained_waste": gettext_lazy("retained as waste"),
    "exempted_use": gettext_lazy("exempted, use"),
    "exempted_quantity": gettext_lazy("exempted, quantity"),
    "terminated": gettext_lazy("terminated"),
}
_ACCOUNTS: Final = {"retained_waste": "TW", "terminated": "TU"}
_SUMMARIES: Final = ("enrichment", "organisation")
_MASSES: Final = {"element_ug": "element_g", "fissile_ug": "fissile_g"}


@page("accounting/totals", title=gettext_lazy("Totals"), needs=Open.READER, menu=20)
def totals_page(asking: Asking, by: By = "state") -> Page:
    """What is on inventory, in transit and on other accounts, by a dimension; as booked or as reported."""
    view, mbas = view_of(asking), _areas(asking)
    blocks: list[Block]
    if asking.times.as_reported:
        blocks = [_dimension(asking, by, _reported(asking, by, view, mbas))]
    elif by == "quantities":
        blocks = _quantities(asking, view, mbas)
    elif by in _SUMMARIES:
        blocks = [_summary(by, view, mbas)]
    else:
        frame = totals.of_state(view, mbas) if by == "state" else totals.held(view, by, mbas)  # type: ignore[arg-type]
        blocks = [_dimension(asking, by, frame)]
    choices = [Choice(each, _named(each)) for each in get_args(By)]
    fields = [Field("by", _("By"), by, choices=choices)]
    return Page(
        _("Totals"),
        [*blocks, question(asking, "accounting/totals", fields)],
        lead=_said(mbas),
        links=[Link(_("Exemptions"), asking.to("accounting/exemptions"))],
    )


def _areas(asking: Asking) -> list[str] | None:
    """The areas that are counted: all (None), or those that may be read (rule 1)."""
    return None if asking.reach.everywhere else areas(asking, view_of(asking))


def _said(mbas: list[str] | None) -> str:
    if mbas is None:
        return ""
    return _("Of the areas that you may read: %(areas)s.") % {"areas": ", ".join(mbas) or "–"}


def _named(by: str) -> str:
    own = {
        "state": _("the whole"),
        "enrichment": _("enrichment class"),
        "quantities": _("significant quantities"),
    }
    return own.get(by) or heads([by])[by]


def _reported(asking: Asking, by: By, view: View, mbas: list[str] | None) -> pl.DataFrame:
    said = AsReported(view, asking.times.as_reported, None if mbas is None else tuple(mbas))  # type: ignore[arg-type]
    if by == "state":
        return said.of_state()
    for dimension in DIMENSIONS:
        if dimension == by:
            return said.held(dimension)
    raise TimesError("as_reported", _("Reports tell no totals by %(by)s.") % {"by": _named(by)})


def _dimension(asking: Asking, by: By, frame: pl.DataFrame) -> Table:
    """Totals with a row for each thing and category, and a column for each nuclide."""
    names = [name for name in frame.columns if name not in ("nuclide", "ug")]
    cells: Cells = {}
    for row in frame.iter_rows(named=True):
        cells.setdefault(tuple(row[name] for name in names), {})[row["nuclide"]] = row["ug"]
    columns = book_rows.nuclides(cells)
    rows = []
    for of, amounts in cells.items():
        told: dict[str, str] = dict(zip(names, of, strict=True))
        masses = {book_rows.column(each): figures.amount(each, amounts.get(each, 0)) for each in columns}
        rows.append(
            accounted({**told, **_where(asking, told), **masses, LINKS: _leads(asking, told, list(masses))}, columns)
        )
    return Table(rows, heads(names) | of_nuclides(columns), name="totals", empty=_("Nothing is on inventory."))


def _where(asking: Asking, told: dict[str, str]) -> Row:
    """Where the material is, in words for people; programs read the names."""
    if asking.as_json or "where" not in told:
        return {}
    return {"where": str(_WHERE.get(told["where"], told["where"]))}


def _leads(asking: Asking, told: dict[str, str], masses: list[str]) -> dict[str, str]:
    """Where a total leads: what it is made of."""
    where, mba, batch = told.get("where", "inventory"), told.get("mba", ""), told.get("batch", "")
    if batch:
        made_of = asking.to("accounting/batch", batch=batch, mba=mba)
        return {"mba": asking.to("accounting/mba", mba=mba)} | dict.fromkeys(["batch", *masses], made_of)
    if mba:
        made_of = asking.to("accounting/ledger", mba=mba, category=told["category"])
        return {"mba": asking.to("accounting/mba", mba=mba)} | dict.fromkeys(masses, made_of)
    if told.get("facility"):
        return {"facility": asking.to("accounting/register", thing="mba", facility=told["facility"])}
    if set(told) <= {"where", "category"}:
        return dict.fromkeys(masses, _parts(asking, where))
    return {}


def _parts(asking: Asking, where: str) -> str:
    """The page of what a part of the whole is made of."""
    if account := _ACCOUNTS.get(where):
        return asking.to("accounting/book", account=account)
    if where.startswith("exempted"):
        return asking.to("accounting/exemptions")
    return asking.to("accounting/transit" if where == "transit" else "accounting/book")


def _summary(by: By, view: View, mbas: list[str] | None) -> Table:
    frame = totals.summary(view, mbas)
    if by == "enrichment":
        frame = totals.by_class(frame)
    rows = [
        {_MASSES.get(name, name): format_grams(value) if name in _MASSES else value for name, value in row.items()}
        for row in frame.iter_rows(named=True)
    ]
    masses = {"element_ug": _("Element, g"), "fissile_ug": _("Fissile, g")}
    names = {_MASSES.get(name, name): masses.get(name) or heads([name])[name] for name in frame.columns}
    return Table(rows, names, name="summary", empty=_("Nothing is on inventory."))


def _quantities(asking: Asking, view: View, mbas: list[str] | None) -> list[Block]:
    """Significant quantities and effective kilograms by area, and of what neither can be said."""
    found = quantities_by_area(view, mbas)
    rows: list[Row] = [
        {
            "mba": mba,
            "significant": f"{float(each.significant):.4g}",
            "effective": f"{float(each.effective_kg):.6g}",
            LINKS: {
                "mba": asking.to("accounting/mba", mba=mba),
                "significant": asking.to("accounting/batches", mba=mba),
            },
        }
        for mba, each in sorted(found.items())
    ]
    whole = {
        "mba": _("total"),
        "significant": f"{float(sum(each.significant for each in found.values())):.4g}",
        "effective": f"{fsum(each.effective_kg for each in found.values()):.6g}",
    }
    names = {**heads(["mba"]), "significant": _("Significant quantities"), "effective": _("Effective, kg")}
    table = Table(rows, names, [whole] if len(rows) > 1 else [], name="quantities", empty=_("Nothing is on inventory."))
    unknown = [text for each in found.values() for text in each.unknown]
    return [table, *_not_counted(unknown)]


def _not_counted(unknown: list[str]) -> list[Block]:
    if not unknown:
        return []
    return [Text("\n\n".join(unknown), name="not_counted", caption=_("Not counted"))]


@page("accounting/exemptions", title=gettext_lazy("Exemptions"), needs=Open.READER)
def exemptions(asking: Asking) -> Page:
    """What is exempted, for its use and on quantity, batch by batch; against the State's limits."""
    view, mbas = view_of(asking), _areas(asking)
    found = exempted(view, mbas)
    blocks: list[Block] = [
        _exempted(asking, found.use, "use", _("Exempted for their use")),
        _exempted(asking, found.quantity, "quantity", _("Exempted on quantity")),
    ]
    if mbas is None:
        blocks.append(_limits(found))
        blocks.append(Problems(found.problems, empty=_("The limits are kept.")))
    blocks += _not_counted(found.unknown)
    lead = " ".join(filter(None, [_said(mbas), told_by_the_book(asking)]))
    above = [Link(_("Totals"), asking.to("accounting/totals"))]
    return Page(_("Exemptions"), blocks, lead=lead, above=above)


def _exempted(asking: Asking, frame: pl.DataFrame, name: str, caption: str) -> Table:
    rows = [
        {**_named_amount(row), LINKS: {"batch": asking.to("accounting/batch", batch=row["batch"], mba=row["mba"])}}
        for row in figures.rows_of(frame, ["ug"])
    ]
    names = {**heads(["mba", "batch", "weight"]), "amount": _("Items, or g")}
    return Table(rows, names, name=name, caption=caption, empty=_("None."))


def _named_amount(row: Row) -> Row:
    return {"amount" if name == "ug" else name: value for name, value in row.items()}


def _limits(found: Exemptions) -> Table:
    rows = [
        {"name": _(row["name"]), "counted": format_grams(row["counted_ug"]), "limit": format_grams(row["limit_ug"])}
        for row in found.limits().iter_rows(named=True)
    ]
    names = {"name": _("Material"), "counted": _("Counts, g"), "limit": _("Limit, g")}
    return Table(rows, names, name="limits", caption=_("Against the limits"))
