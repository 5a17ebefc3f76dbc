"""Tokens of oneself: made for a program, shown once, listed with their last use, taken back."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.pages.answering import refused_as
from openmpca.pages.blocks import Button, Choice, Facts, Field, Form, Link, Page, Table, Text
from openmpca.pages.freshness import must_be_fresh
from openmpca.pages.routes import Asking, Go, NotFound, Open, Sent, page
from openmpca.problems import Problem, of_asking
from openmpca.web import tokens
from openmpca.web.events import happened, now

LENGTH = 100
USUAL = timedelta(days=90)


@page("tokens", title=gettext_lazy("Tokens for programs"), needs=Open.PERSON, in_person=True)
def page_of_tokens(asking: Asking, sent: Sent | None = None) -> Page | Go:
    """The tokens that I made: make one, take one back."""
    if sent is None:
        return _shown(asking, {})
    must_be_fresh(asking)
    if sent.get("step") == "revoke":
        return _revoked(asking, str(sent.get("token", "")))
    wrong = _wrong(asking, sent)
    return refused_as(wrong, _shown(asking, sent)) if wrong else _made(asking, sent)


def _made(asking: Asking, sent: Sent) -> Page:
    name, mba = str(sent["name"]).strip(), str(sent.get("mba", "")).strip()
    ends = datetime.combine(_day(sent) or now().date(), time.max, UTC)
    place = f"mba:{mba}" if mba else ""
    secret = tokens.make(asking.person, name, states=sent.get("may") == "state", place=place, ends=ends)
    happened(asking.request, "token made", name)
    once = Text(_("Copy it now: it is shown once, and kept nowhere. Send it as: Authorization: Bearer, and the token."))
    facts = Facts({_("Name"): name, _("Token"): secret, _("Until"): ends.date()}, name="made")
    return Page(_("Your new token"), [facts, once], above=[Link(_("Tokens for programs"), asking.to("tokens"))])


def _revoked(asking: Asking, number: str) -> Go:
    within = number.isascii() and number.isdecimal() and len(number) < 18
    name = tokens.revoke(asking.person, int(number)) if within else None
    if name is None:
        raise NotFound(_("You have no such token that works."))
    happened(asking.request, "token taken back", name)
    return Go(asking.to("tokens"), _("The token %(name)s works no longer.") % {"name": name})


def _wrong(asking: Asking, sent: Sent) -> list[Problem]:
    name, mba, ends = str(sent.get("name", "")).strip(), str(sent.get("mba", "")).strip(), _day(sent)
    today = now().date()
    found = []
    if not 0 < len(name) <= LENGTH or name in {each.name for each in tokens.of_person(asking.person) if _works(each)}:
        found.append(
            of_asking(_("Give a name that none of your tokens has."), field="name", mend=_("Name the program."))
        )
    if mba and not (asking.reach.covers(place := f"mba:{mba}") and tokens.is_place(place)):
        found.append(of_asking(_("There is no MBA %(mba)s that you may read.") % {"mba": mba}, field="mba"))
    if sent.get("may") not in ("read", "state"):
        found.append(of_asking(_("Say what the token may do."), field="may", mend=_("Choose one.")))
    if ends is None or not today <= ends < today + tokens.LONGEST - timedelta(days=1):
        found.append(of_asking(_("A token ends within a year."), field="until", mend=_("Write a day as YYYY-MM-DD.")))
    return found


def _day(sent: Sent) -> date | None:
    try:
        return date.fromisoformat(str(sent.get("until", "")))
    except ValueError:
        return None


def _works(token: Any) -> bool:
    return token.revoked is None and token.ends > now()


def _shown(asking: Asking, sent: Sent) -> Page:
    mine = tokens.of_person(asking.person)
    return Page(
        _("Tokens for programs"),
        [_list(mine), _make(sent), *([_take_back(mine)] if any(map(_works, mine)) else [])],
        lead=_("A program that sends a token may at most what you may at that moment."),
        links=[Link(_("What programs can ask"), asking.to("description"))],
    )


def _list(mine: list[Any]) -> Table:
    rows = [
        {
            "name": each.name,
            "may": _("read and state") if each.states else _("read only"),
            "place": each.place,
            "made": each.made.date(),
            "until": each.ends.date(),
            "used": each.used and f"{each.used:%Y-%m-%d %H:%M}",
            "works": _("works") if _works(each) else _("taken back") if each.revoked else _("ended"),
        }
        for each in mine
    ]
    heads = {
        "name": _("Name"),
        "may": _("May"),
        "place": _("Only for"),
        "made": _("Made"),
        "until": _("Until"),
        "used": _("Last used (UTC)"),
        "works": _("State"),
    }
    return Table(rows, heads, name="tokens", empty=_("You have no token."))


def _make(sent: Sent) -> Form:
    usual = (now() + USUAL).date().isoformat()
    may = (Choice("read", _("Read only")), Choice("state", _("Read and state")))
    fields = [
        Field("name", _("Name"), str(sent.get("name", "")), required=True, help=_("Which program has it, and where.")),
        Field("may", _("It may"), str(sent.get("may", "read")), choices=may, required=True),
        Field("mba", _("Only for the MBA"), str(sent.get("mba", "")), help=_("Blank: wherever you may yourself.")),
        Field("until", _("Until"), str(sent.get("until", usual)), kind="date", required=True),
    ]
    buttons = [Button(_("Make the token"), "make", main=True)]
    return Form(fields, buttons, name="make", caption=_("A new token"))


def _take_back(mine: list[Any]) -> Form:
    working = [Choice(str(each.id), each.name) for each in mine if _works(each)]
    field = Field("token", _("Token"), working[0].value, choices=working, required=True)
    return Form([field], [Button(_("Take it back"), "revoke")], name="revoke", caption=_("Take a token back"))
