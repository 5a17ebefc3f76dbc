"""Oneself: who I am here, what I may do and by which grant, my second factor."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.pages.blocks import Facts, Link, Page, Table
from openmpca.pages.routes import Asking, Open, page


@page("me", title=gettext_lazy("You"), needs=Open.PERSON)
def me(asking: Asking) -> Page:
    """My handle, my identifier in the record, the grants that I hold today, the ways to change how I sign in."""
    rows = [
        {
            "number": each.number,
            "party": each.party,
            "role": each.role,
            "scope": each.scope,
            "until": each.until,
            "deputy_for": each.deputy_for,
        }
        for each in asking.reach.held
    ]
    heads = {
        "number": _("Statement"),
        "party": _("Party"),
        "role": _("Role"),
        "scope": _("Scope"),
        "until": _("Until"),
        "deputy_for": _("Deputy for"),
    }
    held = Table(rows, heads, name="grants", caption=_("What you may do today"), empty=_("You hold no grant today."))
    facts = Facts({_("Handle"): asking.handle, _("Person in the record"): asking.person}, name="person")
    ways = [
        Link(_("Change the passphrase"), "/account/password/change/"),
        Link(_("Second factor"), "/account/2fa/"),
        Link(_("Tokens for programs"), "/tokens"),
    ]
    return Page(_("You"), [facts, held], links=ways)
