"""What somebody may do, stated into the record: introducing a person, giving a grant, ending one.

The record's commands decide: a grant takes two administrators, so it waits as a proposal for the second one. A deputy
is somebody with a grant that names whose place they take, until a day.
"""

from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.pages import acting
from openmpca.pages.answering import refused_as
from openmpca.pages.blocks import Button, Choice, Field, Form, Link, Page
from openmpca.pages.freshness import must_be_fresh
from openmpca.pages.routes import Asking, Go, NotFound, Open, Sent, page
from openmpca.pages.told import worded
from openmpca.problems import Problem, of_asking
from openmpca.record import commands, entry, grants, people
from openmpca.record.known import Known
from openmpca.record.models import Party, PersonName
from openmpca.record.record import Refused, head
from openmpca.record.statements import ROLES, Fields
from openmpca.web.pages.person import somebody

LONGEST: Final = 100


def _text(sent: Sent | None, name: str, default: str = "") -> str:
    return str((sent or {}).get(name, default)).strip()


def _parties() -> list[Choice]:
    return [
        Choice(code, f"{code}: {name}") for code, name in Party.objects.order_by("code").values_list("code", "name")
    ]


def _day(asking: Asking, sent: Sent | None) -> Field:
    return Field(
        "day",
        _("From"),
        _text(sent, "day", asking.reach.day.isoformat()),
        kind="date",
        required=True,
        help=_("The first day for which it is said."),
    )


@page("people/introduce", title=gettext_lazy("Introduce a person"), needs=Open.ADMINISTRATOR, in_person=True)
def introduce(asking: Asking, sent: Sent | None = None) -> Page | Go:
    """A new person of the record: an opaque identifier there, handle and name beside it."""
    if sent is None:
        return _introduction(asking, None)
    must_be_fresh(asking)
    try:
        handle, act = _text(sent, "handle"), acting.act(asking, sent)
        if not 0 < len(handle) <= LONGEST or not handle.isprintable() or len(_text(sent, "name")) > LONGEST:
            raise Refused([of_asking(_("Give a handle; it and the name have 100 characters at most."), field="handle")])
        day = acting.day(sent, "day")
        _who, made = people.introduce(handle, _text(sent, "name") or handle, _text(sent, "of") or act.party, day, act)
    except (Refused, acting.Unfit) as error:
        wrong = _problems(error)
        return refused_as(wrong, _introduction(asking, sent, wrong))
    return acting.gone(made, asking.to("people/person", person=handle), _("%(who)s is introduced.") % {"who": handle})


def _problems(error: Refused | acting.Unfit) -> list[Problem]:
    return error.problems if isinstance(error, Refused) else [of_asking(str(error), field=error.name)]


def _introduction(asking: Asking, sent: Sent | None, problems: list[Problem] | None = None) -> Page:
    fields = [
        Field(
            "handle", _("Handle"), _text(sent, "handle"), required=True, help=_("A short name to type and to sign in.")
        ),
        Field("name", _("Name"), _text(sent, "name"), help=_("Kept beside the record, where it can be erased.")),
        Field("of", _("Party"), _text(sent, "of"), choices=_parties(), required=True),
        _day(asking, sent),
        *acting.fields(asking, sent, problems or ()),
    ]
    return Page(
        _("Introduce a person"),
        [Form(fields, [Button(_("Introduce"), "introduce", main=True)], name="person")],
        lead=_("The record knows persons by an opaque identifier alone. Handle and name stay on this server."),
        above=[Link(_("People"), asking.to("people"))],
    )


@page("people/grant", title=gettext_lazy("Give a grant"), needs=Open.ADMINISTRATOR, in_person=True)
def grant(asking: Asking, person: str, sent: Sent | None = None) -> Page | Go:
    """Let a person act for a party in a role; for a time in somebody's place as their deputy."""
    who, handle = somebody(person)
    if sent is None:
        return _giving(asking, handle, None)
    must_be_fresh(asking)
    try:
        deputy_for = _text(sent, "deputy_for")
        given: Fields = {
            "day": _text(sent, "day"),
            "person": who,
            "for_party": _text(sent, "for_party"),
            "role": _text(sent, "role"),
            "scope": _text(sent, "scope") or "*",
            "deputy_for": somebody(deputy_for)[0] if deputy_for else "",
            "note": _text(sent, "note"),
        }
        if until := _text(sent, "until"):
            given["until"] = until
        made = _stated(asking, sent, "record.grant", given)
    except (Refused, NotFound) as error:
        wrong = error.problems if isinstance(error, Refused) else [of_asking(str(error), field="deputy_for")]
        return refused_as(wrong, _giving(asking, handle, sent, wrong))
    return acting.gone(made, asking.to("people/person", person=handle), _("The grant is given."))


def _stated(asking: Asking, sent: Sent, kind: str, fields: Fields) -> commands.Stated:
    return commands.state(entry.statements([entry.Given(kind, fields)], as_text=True), acting.act(asking, sent))


def _giving(asking: Asking, handle: str, sent: Sent | None, problems: list[Problem] | None = None) -> Page:
    known = [Choice(each.handle, each.name) for each in PersonName.objects.order_by("handle")]
    fields = [
        Field(
            "role",
            _("Role"),
            _text(sent, "role"),
            choices=[Choice(each, worded(each)) for each in ROLES],
            required=True,
        ),
        Field("for_party", _("For the party"), _text(sent, "for_party"), choices=_parties(), required=True),
        Field(
            "scope",
            _("Where"),
            _text(sent, "scope", "*"),
            required=True,
            help=_("* is everywhere; facility:CODE or mba:CODE is one place."),
            example="mba:XTF2",
        ),
        _day(asking, sent),
        Field("until", _("Until"), _text(sent, "until"), kind="date", help=_("The last day; blank is for good.")),
        Field(
            "deputy_for",
            _("Deputy for"),
            _text(sent, "deputy_for"),
            suggestions=known,
            help=_("The handle of the person whose place this one takes, until that day."),
        ),
        Field("note", _("Note"), _text(sent, "note"), further=True),
        *acting.fields(asking, sent, problems or ()),
    ]
    return Page(
        _("Give %(who)s a grant") % {"who": handle},
        [Form(fields, [Button(_("Give the grant"), "grant", main=True)], name="grant")],
        lead=_("It takes two administrators: it waits for the second one, who approves it."),
        above=[Link(handle, asking.to("people/person", person=handle))],
    )


@page("people/grant-end", title=gettext_lazy("End a grant"), needs=Open.ADMINISTRATOR, in_person=True)
def grant_end(asking: Asking, person: str, grant: int, sent: Sent | None = None) -> Page | Go:
    """Withdraw a grant of a person from a day on."""
    who, handle = somebody(person)
    if sent is None:
        return _ending(asking, handle, grant, None)
    must_be_fresh(asking)
    fields: Fields = {"day": _text(sent, "day"), "grant": grant, "person": who, "reason": _text(sent, "reason")}
    try:
        made = _stated(asking, sent, "record.grant_end", fields)
    except Refused as error:
        return refused_as(error.problems, _ending(asking, handle, grant, sent, error.problems))
    return acting.gone(made, asking.to("people/person", person=handle), _("The grant is ended."))


def _ending(asking: Asking, handle: str, grant: int, sent: Sent | None, problems: list[Problem] | None = None) -> Page:
    fields = [
        Field("day", _("First day without it"), _text(sent, "day", _today(asking)), kind="date", required=True),
        Field("reason", _("Reason"), _text(sent, "reason"), help=_("May be withheld later.")),
        *acting.fields(asking, sent, problems or ()),
    ]
    said = _("End grant %(grant)d of %(who)s") % {"grant": grant, "who": handle}
    form = Form(fields, [Button(_("End the grant"), "end", main=True)], name="end")
    return Page(
        said, [form], lead=_ended(handle, grant), above=[Link(handle, asking.to("people/person", person=handle))]
    )


def _ended(handle: str, grant: int) -> str:
    every = grants.grants(somebody(handle)[0], Known("default", head()[0])).iter_rows(named=True)
    given = [worded(people.in_words(each)) for each in every if each["number"] == grant]
    if not given:
        raise NotFound(_("%(who)s was given no grant by statement %(grant)d.") % {"who": handle, "grant": grant})
    return _("It ends: %(grants)s") % {"grants": ", ".join(given)}


def _today(asking: Asking) -> str:
    today: date = asking.reach.day
    return today.isoformat()
