"""Home: what waits for me, and what the State holds.

Every list is cut to the reach of who asks; each line leads to the page where the work is done.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.pages.blocks import Page, Table
from openmpca.pages.routes import Asking, Open, page
from openmpca.web.pages.proposals import visible


@page("", title=gettext_lazy("Home"), needs=Open.PERSON)
def home(asking: Asking) -> Page:
    """My work: what waits for a second person."""
    heads = {"proposal": _("Proposal"), "title": _("What"), "prepared_by": _("Prepared by"), "prepared": _("Prepared")}
    name, caption, empty = "waiting", _("Waiting for a second person"), _("Nothing waits.")
    return Page(_("My work"), [Table(visible(asking), heads, name=name, caption=caption, empty=empty)])
