"""The book in the browser: what areas hold, and the general ledger of one of them."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting import figures
from openmpca.accounting.ledger import ledger as ledger_of
from openmpca.accounting.queries import View
from openmpca.pages.blocks import LINKS, Page, Table
from openmpca.pages.routes import Asking, page, place


@page("accounting/book", title=gettext_lazy("Book"), needs=place("mba"), menu=10)
def book(asking: Asking, mba: str = "", by_batch: bool = False) -> Page:
    """What the book holds, by area and category."""
    view = View.of(asking.times.as_of, asking.times.known_at)
    areas = asking.reach.mbas(sorted(set(view.accounts()["mba"])))
    cells: dict[tuple[str, str], dict[str, int]] = {}
    for area, category, nuclide, ug in (
        view.balances([mba] if mba else areas).select("mba", "category", "nuclide", "ug").iter_rows()
    ):
        cells.setdefault((area, category), {})[nuclide] = ug
    nuclides = figures.in_order({each for amounts in cells.values() for each in amounts})
    rows = [
        {
            "mba": area,
            "category": category,
            **{each: figures.amount(each, amounts.get(each)) for each in nuclides},
            LINKS: {"mba": asking.to("accounting/ledger", mba=area)},
        }
        for (area, category), amounts in cells.items()
    ]
    heads = {"mba": _("MBA"), "category": _("Category"), **{each: figures.heading(each) for each in nuclides}}
    return Page(_("Book"), [Table(rows, heads, name="book", empty=_("The book holds nothing there."))])


@page("accounting/ledger", title=gettext_lazy("Ledger"), needs=place("mba"))
def ledger(asking: Asking, mba: str, since: date | None = None, by_booking: bool = False) -> Page:
    """The general ledger of an area: every line, with the balance after it."""
    view = View.of(asking.times.as_of, asking.times.known_at)
    lines = ledger_of(mba, view, since=since, by_booking=by_booking)
    rows = [{name: getattr(each, name) for name in each.__dataclass_fields__} for each in lines]
    heads = {name: name for name in (lines[0].__dataclass_fields__ if lines else ())}
    return Page(_("Ledger of %(mba)s") % {"mba": mba}, [Table(rows, heads, name="ledger")])
