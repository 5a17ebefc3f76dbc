"""Where the material is, in pictures: flow between areas, inventories through time, significant quantities.

Rules kept here:

1. The pictures are of the areas that who asks may read, or of one of them; places beyond are named only as the other
   side of what these areas stated.
2. What the book says is drawn, at the two times asked for.
"""

from datetime import date

from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from openmpca.accounting import pictures
from openmpca.accounting.pages.asked import areas, must_know, one_of, question, told_by_the_book, view_of
from openmpca.pages.blocks import Drawing, Field, Page
from openmpca.pages.charts import drawing
from openmpca.pages.routes import Asking, page, place


@page("accounting/picture", title=gettext_lazy("Picture"), needs=place("mba"), menu=70)
def picture(asking: Asking, mba: str = "", since: date | None = None) -> Page:
    """Where material went, how inventories went, how much is held."""
    view = view_of(asking)
    known = areas(asking, view)
    if mba:
        must_know(asking, view, mba)
    fields = [
        Field("mba", _("MBA"), mba, choices=one_of(known, _("all"))),
        Field("since", _("Since"), str(since or ""), "date"),
    ]
    drawn = [drawn_of(asking, name, mba, since) for name in pictures.PICTURES]
    title = _("Picture of %(mba)s") % {"mba": mba} if mba else _("Picture")
    return Page(
        title,
        [question(asking, "accounting/picture", fields), *drawn],
        lead=told_by_the_book(asking),
    )


def drawn_of(asking: Asking, name: str, mba: str = "", since: date | None = None) -> Drawing:
    """One picture, of an area or of all that may be read."""
    view = view_of(asking)
    mbas = [mba] if mba else None if asking.reach.everywhere else areas(asking, view)
    subject = pictures.Subject(view, mbas, since, asking.to)
    return drawing(pictures.PICTURES[name](subject), name, rtl=get_language_bidi())
