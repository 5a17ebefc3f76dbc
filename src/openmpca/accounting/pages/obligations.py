"""Obligations in the browser: under which sets material stands, by area or batch, and the moves that led there."""

from typing import Any, Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting.obligations.ledger import Ledger
from openmpca.accounting.obligations.ledger import ledger as ledger_of
from openmpca.accounting.pages.asked import areas, must_know, one_of, question, told_by_the_book, view_of
from openmpca.accounting.pages.heads import heads
from openmpca.nuclear.mass import format_grams
from openmpca.pages.blocks import LINKS, Block, Choice, Field, Link, Page, Problems, Row, Table
from openmpca.pages.routes import Asking, page, place

Shown = Literal["balances", "batches", "moves"]
_SHOWN: Final[dict[str, Any]] = {
    "balances": gettext_lazy("by area"),
    "batches": gettext_lazy("batch by batch"),
    "moves": gettext_lazy("what led there"),
}


@page("accounting/obligations", title=gettext_lazy("Obligations"), needs=place("mba"), menu=75)
def obligations(asking: Asking, mba: str = "", show: Shown = "balances") -> Page:
    """Under which obligations material stands, in an area or in all that may be read."""
    view = view_of(asking)
    if mba:
        must_know(asking, view, mba)
    whole = ledger_of(view)
    if mba or not asking.reach.everywhere:
        parts = [whole.of(each) for each in ([mba] if mba else areas(asking, view))]
    else:
        parts = [whole]
    rows = [_row(asking, each) for part in parts for each in _frame(part, show).iter_rows(named=True)]
    fields = [
        Field("mba", _("Area"), mba, choices=one_of(areas(asking, view), _("all"))),
        Field("show", _("Shown"), show, choices=[Choice(name, str(text)) for name, text in _SHOWN.items()]),
    ]
    names = [name for name in _frame(whole, show).columns if name != "ug"]
    table = Table(rows, heads(names) | {"grams": "g"}, name="obligations", empty=_("Nothing is on inventory."))
    found = [problem for part in parts for problem in part.problems]
    blocks: list[Block] = [table, Problems(found), question(asking, "accounting/obligations", fields)]
    enter = Link(_("Exchange obligations"), asking.to("accounting/exchange", mba=mba))
    return Page(_("Obligations"), blocks, lead=told_by_the_book(asking), action=enter)


def _frame(ledger: Ledger, show: Shown) -> Any:
    return {"balances": ledger.balances, "batches": ledger.batches, "moves": ledger.moves}[show]


def _row(asking: Asking, row: dict[str, Any]) -> Row:
    told = {name: value for name, value in row.items() if name != "ug"}
    leads = {"mba": asking.to("accounting/mba", mba=row["mba"])}
    if row.get("batch"):
        leads["batch"] = leads["grams"] = asking.to("accounting/batch", batch=row["batch"], mba=row["mba"])
    else:
        leads["grams"] = asking.to("accounting/obligations", mba=row["mba"], show="batches")
    if "number" in row:
        leads["number"] = leads["grams"] = asking.to("record/statement", number=row["number"])
    return {**told, "grams": format_grams(row["ug"]), LINKS: leads}
