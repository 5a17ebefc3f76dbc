"""Home: what waits for me, and what the State holds.

Every list is cut to the reach of who asks; each line leads to the page where the work is done.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.pages.blocks import LINKS, Page, Table
from openmpca.pages.routes import Asking, Open, page
from openmpca.record import proposals


@page("", title=gettext_lazy("Home"), needs=Open.PERSON)
def home(asking: Asking) -> Page:
    """My work: what waits for a second person."""
    rows = [
        {**each, LINKS: {"proposal": asking.to("record/proposal", number=each["proposal"])}}
        for each in proposals.listed()
    ]
    heads = {"proposal": _("Proposal"), "title": _("What"), "prepared_by": _("Prepared by"), "prepared": _("Prepared")}
    waiting = Table(rows, heads, name="waiting", caption=_("Waiting for a second person"), empty=_("Nothing waits."))
    return Page(_("My work"), [waiting])
