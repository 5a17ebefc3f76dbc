"""People: who may do what, who has an account, and the roles that need a second factor. For administrators."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.pages.blocks import LINKS, Button, Field, Form, Link, Page, Table
from openmpca.pages.freshness import must_be_fresh
from openmpca.pages.routes import Asking, Go, Open, Sent, page
from openmpca.pages.told import worded
from openmpca.record.known import Known
from openmpca.record.record import head
from openmpca.record.statements import ROLES
from openmpca.web import accounts, second_factor
from openmpca.web.events import happened

ROLE = "role-"


@page("people", title=gettext_lazy("People"), needs=Open.ADMINISTRATOR, menu=10)
def people(asking: Asking) -> Page:
    """The persons of the record, their grants in force on the day, and their accounts as they are now."""
    return Page(
        _("People"),
        [_list(asking)],
        lead=_("What somebody may do stands in the record. An account only lets them in."),
        action=Link(_("Introduce a person"), asking.to("people/introduce")),
        links=[
            Link(_("Parties"), asking.to("people/parties")),
            Link(_("How many persons it takes"), asking.to("people/duties")),
            Link(_("Who needs a second factor"), asking.to("people/factors")),
            Link(_("What happened at the door"), asking.to("people/events")),
            Link(_("Why somebody may or may not"), asking.to("people/why")),
        ],
    )


def known(asking: Asking) -> Known:
    """The record as known at the time that was asked for."""
    at = asking.times.known_at
    return Known("default", head()[0] if at is None else at + 1)


def _list(asking: Asking) -> Table:
    heads = {
        "handle": _("Handle"),
        "name": _("Name"),
        "party": _("Party"),
        "grants": _("May act as (grant)"),
        "account": _("Account"),
        "second_factor": _("Second factor"),
        "last_sign_in": _("Last sign-in (UTC)"),
    }
    found = accounts.listed(asking.times.as_of, known(asking).number)
    return Table([_row(asking, each) for each in found], heads, name="people")


def _row(asking: Asking, found: dict[str, Any]) -> dict[str, Any]:
    link = asking.to("people/person", person=found["handle"] or found["person"])
    return {
        **found,
        "handle": found["handle"] or found["person"],
        "grants": [worded(each) for each in found["grants"]],
        "account": in_words(found["account"]),
        "second_factor": "" if found["second_factor"] is None else _("yes") if found["second_factor"] else _("no"),
        "last_sign_in": found["last_sign_in"] or "",
        LINKS: {"handle": link},
    }


def in_words(account: bool | None) -> str:
    """Whether there is an account, and whether it is in use."""
    if account is None:
        return _("none")
    return _("in use") if account else _("out of use")


@page("people/factors", title=gettext_lazy("Who needs a second factor"), needs=Open.ADMINISTRATOR, in_person=True)
def factors(asking: Asking, sent: Sent | None = None) -> Page | Go:
    """The roles for which a second factor is demanded, and changing that."""
    if sent is not None:
        must_be_fresh(asking)
        wanted = [role for role in ROLES if sent.get(f"{ROLE}{role}") in ("yes", True)]
        second_factor.demand(wanted)
        happened(asking.request, "second factor demanded", ", ".join(wanted) or "of nobody")
        return Go(asking.to("people/factors"), _("Who needs a second factor is kept."))
    demanded = second_factor.demanded()
    fields = [
        Field(f"{ROLE}{role}", worded(role), "yes" if role in demanded else "", kind="checkbox") for role in ROLES
    ]
    return Page(
        _("Who needs a second factor"),
        [Form(fields, [Button(_("Keep this"), "keep", main=True)], name="roles", caption=_("Roles"))],
        lead=_("Whoever holds such a role and has none is led to set one up, and can do nothing else before."),
        above=[Link(_("People"), asking.to("people"))],
    )
