"""One person: their grants, now and before, their account and what an administrator can do about it.

What lets somebody in is changed by an administrator alone, at once, after a fresh proof that they sit there. What
somebody may do is changed in the record (`granting`).
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.pages.answering import refused_as
from openmpca.pages.blocks import LINKS, Block, Button, Facts, Field, Form, Link, Page, Table, Text
from openmpca.pages.freshness import must_be_fresh
from openmpca.pages.routes import Asking, Go, NotFound, Open, Sent, page
from openmpca.pages.told import worded
from openmpca.problems import of_asking
from openmpca.record import commands, grants
from openmpca.record.models import PersonName
from openmpca.web import accounts, second_factor
from openmpca.web.pages.people import in_words, known


def somebody(handle: str) -> tuple[str, str]:
    """The identifier and the handle of a person of the record. Raises `NotFound`."""
    try:
        person = commands.person_of(handle)
    except KeyError:
        raise NotFound(_("There is no person %(handle)s.") % {"handle": handle}) from None
    return person, PersonName.handle_of(person)


@page("people/person", title=gettext_lazy("Person"), needs=Open.ADMINISTRATOR, in_person=True)
def person(asking: Asking, person: str, sent: Sent | None = None) -> Page | Go:
    """One person; what is sent changes their account."""
    who, handle = somebody(person)
    if sent is None:
        return _shown(asking, who, handle)
    must_be_fresh(asking)
    return _changed(asking, who, handle, str(sent.get("step", "")))


def _changed(asking: Asking, who: str, handle: str, step: str) -> Page | Go:
    request, back = asking.request, asking.to("people/person", person=handle)
    if step == "invite":
        return _invited(asking, handle, accounts.invite(request, who, asking.person))
    if step == "out" and who == asking.person:
        wrong = of_asking(_("Nobody takes their own account out of use."), mend=_("Another administrator does."))
        return refused_as([wrong], _shown(asking, who, handle))
    if step in ("out", "back") and accounts.put(request, who, in_use=step == "back"):
        said = _("The account of %(who)s is in use.") if step == "back" else _("The account of %(who)s is out of use.")
        return Go(back, said % {"who": handle})
    if step == "reset" and accounts.reset(request, who):
        return Go(back, _("The second factor of %(who)s is taken away.") % {"who": handle})
    wrong = of_asking(_("There is nothing to change so."), field="step")
    return refused_as([wrong], _shown(asking, who, handle))


def _invited(asking: Asking, handle: str, secret: str) -> Page:
    address = asking.request.build_absolute_uri("/invitation")
    facts = Facts({_("For"): handle, _("One-time secret"): secret, _("Address"): f"{address}#{secret}"}, name="made")
    once = Text(
        _(
            "It is shown once, here, and kept nowhere. Hand it over in person."
            " It works once, for a day, and ends earlier ones."
        )
    )
    return Page(
        _("A one-time secret"),
        [facts, once],
        above=[Link(handle, asking.to("people/person", person=handle))],
    )


def _shown(asking: Asking, who: str, handle: str) -> Page:
    name = PersonName.objects.filter(person=who).values_list("name", flat=True).first() or _("(erased)")
    account = accounts.of(who)
    facts = {
        _("Name"): name,
        _("Person in the record"): who,
        _("Account"): in_words(account and bool(account.is_active)),
    }
    if account is not None:
        facts[_("Second factor")] = _("yes") if second_factor.has_one(account) else _("no")
        facts[_("Last sign-in (UTC)")] = f"{account.last_login:%Y-%m-%d %H:%M}" if account.last_login else _("never")
    blocks: list[Block] = [Facts(facts, name="person"), _grants(asking, who, handle), *_ways(asking, who, account)]
    return Page(
        handle,
        blocks,
        action=Link(_("Give a grant"), asking.to("people/grant", person=handle)),
        links=[
            Link(_("Why they may or may not"), asking.to("people/why", person=handle)),
            Link(_("What happened"), asking.to("people/events", person=handle)),
        ],
        above=[Link(_("People"), asking.to("people"))],
    )


def _grants(asking: Asking, who: str, handle: str) -> Table:
    then, handles = known(asking), PersonName.handles()
    in_force = set(grants.grants(who, then, asking.times.as_of)["number"])
    rows = [
        {**_grant(asking, handle, each, in_force), "deputy_for": handles.get(each["deputy_for"], each["deputy_for"])}
        for each in grants.grants(who, then).iter_rows(named=True)
    ]
    heads = {
        "number": _("Statement"),
        "party": _("Party"),
        "role": _("Role"),
        "scope": _("Scope"),
        "from": _("From"),
        "until": _("Until"),
        "deputy_for": _("Deputy for"),
        "state": _("State"),
    }
    return Table(rows, heads, name="grants", caption=_("Grants"), empty=_("No grant was ever given."))


def _grant(asking: Asking, handle: str, row: dict[str, Any], in_force: set[int]) -> dict[str, Any]:
    current = row["number"] in in_force
    end = asking.to("people/grant-end", person=handle, grant=row["number"])
    return {
        "number": row["number"],
        "party": row["party"],
        "role": worded(row["role"]),
        "scope": row["scope"],
        "from": row["from_day"],
        "until": "" if row["until_day"] is None else row["until_day"],
        "state": _("in force: end it") if current else _("not in force"),
        LINKS: {
            "number": asking.to("record/statement", number=row["number"]),
            **({"state": end} if current else {}),
        },
    }


def _ways(asking: Asking, who: str, account: Any) -> list[Form]:
    buttons = [Button(_("Make a one-time secret"), "invite")]
    if account is not None and account.is_active and who != asking.person:
        buttons.append(Button(_("Take the account out of use"), "out"))
    if account is not None and not account.is_active:
        buttons = [Button(_("Put the account back in use"), "back")]
    if account is not None and second_factor.has_one(account):
        buttons.append(Button(_("Take the second factor away"), "reset"))
    fields: list[Field] = []
    return [Form(fields, buttons, name="account", caption=_("Account"))]
