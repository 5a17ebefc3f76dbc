"""Oneself: who I am here, what I may do and by which grant, my second factor, what happened with my account.

Everybody sees when and from where their account was used, and what others did to it: so a secret made for it, or a
second factor taken away, does not go unseen.
"""

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.pages.blocks import LINKS, Facts, Link, Page, Table
from openmpca.pages.routes import Asking, Open, page
from openmpca.pages.told import worded
from openmpca.record.models import PersonName
from openmpca.web.events import WORDS, found

LAST: Final = 10


@page("me", title=gettext_lazy("You"), needs=Open.PERSON)
def me(asking: Asking) -> Page:
    """My handle, my identifier in the record, the grants that I hold today, the ways to change how I sign in."""
    names = PersonName.handles()
    rows = [
        {
            "number": each.number,
            "party": each.party,
            "role": worded(each.role),
            "scope": each.scope,
            "until": each.until,
            "deputy_for": names.get(each.deputy_for, each.deputy_for),
            LINKS: {"number": asking.to("record/statement", number=each.number)},
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
        Link(_("Why you may or may not"), asking.to("people/why")),
        Link(_("Tokens for programs"), "/tokens"),
    ]
    return Page(_("You"), [facts, held, _happened(asking)], links=ways)


def _happened(asking: Asking) -> Table:
    names = PersonName.handles()
    rows: list[dict[str, Any]] = [
        {
            "at": f"{each.at:%Y-%m-%d %H:%M}",
            "what": str(WORDS.get(each.what, each.what)),
            "by": names.get(each.person, each.person),
            "address": each.address,
        }
        for each in found("", asking.person, None, None, None, LAST)
    ]
    heads = {"at": _("When (UTC)"), "what": _("What"), "by": _("Who"), "address": _("From the address")}
    return Table(rows, heads, name="events", caption=_("What happened with your account lately"))
