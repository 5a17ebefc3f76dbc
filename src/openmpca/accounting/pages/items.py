"""The items of an area in the browser: every serial number that its batches hold, with batch, place and seals."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting import book_rows
from openmpca.accounting.accounts import MAIN
from openmpca.accounting.inventory.batches import Standing, standings
from openmpca.accounting.pages.asked import areas, must_know, one_of, question, told_by_the_book, view_of
from openmpca.accounting.pages.heads import heads
from openmpca.pages.blocks import LINKS, Field, Link, Page, Row, Table
from openmpca.pages.routes import Asking, page, place


@page("accounting/items", title=gettext_lazy("Items"), needs=place("mba"))
def items(asking: Asking, mba: str, text: str = "") -> Page:
    """The items of the batches that an area holds; those whose number has a text in it."""
    view = view_of(asking)
    must_know(asking, view, mba)
    held = {of[0] for of in book_rows.of_batches(view, mba, MAIN)}
    found = [
        _row(asking, mba, item, standing)
        for name, standing in sorted(standings(mba, view, held).items())
        for item in standing.item_numbers
        if text.casefold() in item.casefold()
    ]
    names = {"item": _("Item"), **heads(["batch", "place", "kmp", "seals"])}
    fields = [
        Field("mba", _("Area"), mba, choices=one_of(areas(asking, view))),
        Field("text", _("In the number of the item"), text),
    ]
    return Page(
        _("Items of %(mba)s") % {"mba": mba},
        [
            Table(found, names, name="items", empty=_("No item is like that.")),
            question(asking, "accounting/items", fields),
        ],
        lead=told_by_the_book(asking),
        above=[Link(mba, asking.to("accounting/mba", mba=mba))],
    )


def _row(asking: Asking, mba: str, item: str, standing: Standing) -> Row:
    leads = {"item": asking.to("accounting/batch", batch=standing.batch, mba=mba)}
    leads["batch"] = leads["item"]
    if standing.place:
        leads["place"] = asking.to("accounting/batches", mba=mba, place=standing.place)
    told = {"batch": standing.batch, "place": standing.place, "kmp": standing.kmp, "seals": standing.seals}
    return {"item": item, **told, LINKS: leads}
