"""Parties, and how many persons each kind of statement takes: what administrators settle besides people and grants.

Rules kept here:

1. What is stated is what `openmpca party` and `openmpca duty` state; a duty takes two administrators.
2. A kind that takes two persons by its meaning is offered no other number: nobody could state it.
"""

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.pages import acting
from openmpca.pages.answering import refused_as
from openmpca.pages.blocks import LINKS, Button, Choice, Field, Form, Link, Page, Row, Table
from openmpca.pages.freshness import must_be_fresh
from openmpca.pages.routes import Asking, Go, NotFound, Open, Sent, page
from openmpca.pages.told import worded
from openmpca.problems import Problem
from openmpca.record import commands, entry, grants, kinds
from openmpca.record.models import Party
from openmpca.record.record import Refused
from openmpca.record.statements import KINDS, ROLES, Fields, Kind
from openmpca.web.pages.people import known

PREPARE: Final = "prepare-"
APPROVE: Final = "approve-"
FOUNDING: Final = "record.founding"


def _text(sent: Sent | None, name: str, default: str = "") -> str:
    return str((sent or {}).get(name, default)).strip()


def _day(asking: Asking, sent: Sent | None, help_text: str) -> Field:
    today = asking.reach.day.isoformat()
    return Field("day", _("From"), _text(sent, "day", today), "date", required=True, help=help_text)


def _stated(asking: Asking, sent: Sent, kind: str, fields: Fields) -> commands.Stated:
    return commands.state(entry.statements([entry.Given(kind, fields)], as_text=True), acting.act(asking, sent))


@page("people/parties", title=gettext_lazy("Parties"), needs=Open.ADMINISTRATOR)
def parties(asking: Asking) -> Page:
    """Who can answer for facilities and act: the authority, operators, holders, organisations."""
    size = known(asking).number
    rows = [
        {"code": each.code, "name": each.name, "statement": each.number, LINKS: {"statement": _to(asking, each.number)}}
        for each in Party.objects.filter(number__lt=size).order_by("number")
    ]
    heads = {"code": _("Code"), "name": _("Name"), "statement": _("Statement")}
    return Page(
        _("Parties"),
        [Table(rows, heads, name="parties")],
        action=Link(_("Introduce a party"), asking.to("people/party")),
        above=[Link(_("People"), asking.to("people"))],
    )


def _to(asking: Asking, number: int) -> str:
    return asking.to("record/statement", number=number)


@page("people/party", title=gettext_lazy("Introduce a party"), needs=Open.ADMINISTRATOR, in_person=True)
def party(asking: Asking, sent: Sent | None = None) -> Page | Go:
    """A new party: an operator, a holder, an organisation."""
    if sent is None:
        return _introduction(asking, None)
    must_be_fresh(asking)
    fields: Fields = {name: _text(sent, name) for name in ("day", "code", "name", "note")}
    try:
        made = _stated(asking, sent, "record.party", {name: text for name, text in fields.items() if text})
    except Refused as refused:
        return refused_as(refused.problems, _introduction(asking, sent, refused.problems))
    said = _("The party %(code)s is introduced.") % {"code": fields["code"]}
    return acting.gone(made, asking.to("people/parties"), said)


def _introduction(asking: Asking, sent: Sent | None, problems: list[Problem] | None = None) -> Page:
    fields = [
        Field(
            "code",
            _("Code"),
            _text(sent, "code"),
            required=True,
            help=_("Short, for ever: it stands in the record and in the register."),
            example="NEC",
        ),
        Field("name", _("Name"), _text(sent, "name"), required=True, example="Norland Energy Company"),
        _day(asking, sent, _("The first day on which it is a party.")),
        Field("note", _("Note"), _text(sent, "note"), help=_("May be withheld later."), further=True),
        *acting.fields(asking, sent, problems or ()),
    ]
    return Page(
        _("Introduce a party"),
        [Form(fields, [Button(_("Introduce"), "introduce", main=True)], name="party")],
        lead=_("A party answers for facilities, and persons act for it. The authority is one already."),
        above=[Link(_("Parties"), asking.to("people/parties"))],
    )


@page("people/duties", title=gettext_lazy("How many persons it takes"), needs=Open.ADMINISTRATOR)
def duties(asking: Asking) -> Page:
    """Each kind of statement: how many persons it takes on the day, and who may prepare and approve it."""
    rows = [_duty_row(asking, kind) for kind in _kinds()]
    heads = {
        "kind": _("Kind"),
        "title": _("What it says"),
        "persons": _("Persons"),
        "prepare": _("Prepared by"),
        "approve": _("Approved by"),
    }
    return Page(
        _("How many persons it takes"),
        [Table(rows, heads, name="duties")],
        lead=_(
            "Where two are asked for, what one prepares waits until another approves it. A kind leads to its change."
        ),
        above=[Link(_("People"), asking.to("people"))],
    )


def _kinds() -> list[Kind]:
    return [each for each in KINDS.values() if not each.silent and each.name != FOUNDING]


def _duty_row(asking: Asking, kind: Kind) -> Row:
    now = grants.duty(kind, known(asking), asking.times.as_of)
    return {
        "kind": kind.name,
        "title": _(kinds.meaning(kind).split("\n")[0]),
        "persons": now.persons,
        "prepare": ", ".join(map(worded, now.prepare)),
        "approve": ", ".join(map(worded, now.approve)) if now.persons > 1 else "",
        LINKS: {"kind": asking.to("people/duty", kind=kind.name)},
    }


@page("people/duty", title=gettext_lazy("Change how many persons it takes"), needs=Open.ADMINISTRATOR, in_person=True)
def duty(asking: Asking, kind: str = "accounting.change", sent: Sent | None = None) -> Page | Go:
    """Say who may prepare and approve a kind of statement, and how many persons it takes."""
    found = next((each for each in _kinds() if each.name == kind), None)
    if found is None:
        raise NotFound(_("There is no kind of statement %(kind)s.") % {"kind": kind})
    if sent is None:
        return _changing(asking, found, None)
    must_be_fresh(asking)
    roles: dict[str, Any] = {
        name: [each for each in ROLES if sent.get(f"{before}{each}")]
        for name, before in (("prepare", PREPARE), ("approve", APPROVE))
    }
    fields: Fields = {"day": _text(sent, "day"), "of": kind, "persons": _text(sent, "persons"), **roles}
    try:
        made = _stated(asking, sent, "record.duty", fields)
    except Refused as refused:
        return refused_as(refused.problems, _changing(asking, found, sent, refused.problems))
    return acting.gone(made, asking.to("people/duties"), _("It is stated how many persons it takes."))


def _changing(asking: Asking, kind: Kind, sent: Sent | None, problems: list[Problem] | None = None) -> Page:
    now = grants.duty(kind, known(asking), asking.times.as_of)
    numbers = [Choice("1", _("one person")), Choice("2", _("two persons"))][kind.persons - 1 :]
    fields = [
        Field(
            "persons",
            _("How many persons it takes"),
            _text(sent, "persons", str(now.persons)),
            choices=numbers,
            required=True,
            help=_("Two: what one prepares waits for another, who sees it and approves it with a call of their own."),
        ),
        *_role_fields(PREPARE, _("Prepared by: %(role)s"), now.prepare, sent),
        *_role_fields(APPROVE, _("Approved by: %(role)s"), now.approve, sent),
        _day(asking, sent, _("The first day for which it is said.")),
        *acting.fields(asking, sent, problems or ()),
    ]
    return Page(
        _("How many persons %(kind)s takes") % {"kind": kind.name},
        [Form(fields, [Button(_("State it"), "duty", main=True)], name="duty")],
        lead=_("A change takes two administrators: one prepares it, the other approves it."),
        above=[Link(_("How many persons it takes"), asking.to("people/duties"))],
    )


def _role_fields(before: str, label: str, now: tuple[str, ...], sent: Sent | None) -> list[Field]:
    return [
        Field(
            f"{before}{role}",
            label % {"role": worded(role)},
            "yes" if (role in now if sent is None else sent.get(f"{before}{role}")) else "",
            "checkbox",
        )
        for role in ROLES
    ]
