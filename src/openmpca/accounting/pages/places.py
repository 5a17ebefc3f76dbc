"""The places of an area in the browser, as the tree that they are; each leads to the batches that lie there."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting.pages.asked import areas, must_know, one_of, question, told_by_the_book, view_of
from openmpca.accounting.register import Node
from openmpca.accounting.register import places as tree
from openmpca.pages.blocks import Branch, Field, Link, Page, Tree
from openmpca.pages.routes import Asking, page, place


@page("accounting/places", title=gettext_lazy("Places"), needs=place("mba"))
def places(asking: Asking, mba: str) -> Page:
    """The tree of places of an area as it stood on a day."""
    view = view_of(asking)
    must_know(asking, view, mba)
    tops = [_branch(asking, mba, each) for each in tree(mba, asking.times.as_of, asking.times.known_at)]
    fields = [Field("mba", _("Area"), mba, choices=one_of(areas(asking, view)))]
    return Page(
        _("Places of %(mba)s") % {"mba": mba},
        [Tree(tops, "places", empty=_("It has no places.")), question(asking, "accounting/places", fields)],
        lead=told_by_the_book(asking),
        above=[Link(mba, asking.to("accounting/mba", mba=mba))],
    )


def _branch(asking: Asking, mba: str, node: Node) -> Branch:
    place = node.place
    kmp = _("KMP %(code)s") % {"code": place.kmp} if place.kmp else ""
    detail = ", ".join(filter(None, [place.name, place.level, kmp, place.custodian]))
    within = [_branch(asking, mba, each) for each in node.within]
    return Branch(place.code, asking.to("accounting/batches", mba=mba, place=place.code), detail, within)
