"""Founding a State in the browser: who holds the one-time secret of an empty record says what it is of, once.

Rules kept here:

1. The secret is printed by the server to who holds the machine. Without it nobody founds; with it, once.
2. What is stated is what `openmpca init` states, by the same function.
3. Who founds chooses a passphrase and is signed in; the second administrator is let in by a one-time secret of their
   own, so that no two accounts are ever made by one person's passphrases.

Source: issue "The pages", the first hour of an authority; `record.founding`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from allauth.core.ratelimit import consume
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.pages.answering import refused_as
from openmpca.pages.blocks import Button, Field, Form, Link, Page, Text
from openmpca.pages.routes import Asking, Go, NotAllowed, Open, Sent, address, page
from openmpca.pages.told import worded
from openmpca.problems import Problem, of_asking
from openmpca.record.founding import Named, found
from openmpca.record.record import Refused, head
from openmpca.record.statements import ADMINISTRATOR, ROLES
from openmpca.web import doors, signing_in
from openmpca.web.events import happened
from openmpca.web.models import Account

ROLE: Final = "role-"
OFFERED: Final = tuple(each for each in ROLES if each != ADMINISTRATOR)
USUAL: Final = ("authority", "officer")
LONGEST: Final = 100


@dataclass(frozen=True)
class FoundingForm(Form):
    """The form of a founding; the secret may stand after # in its address."""

    template: ClassVar[str] = "web/founding.html"


@page("found", title=gettext_lazy("Found the State"), needs=Open.PUBLIC)
def founding(asking: Asking, sent: Sent | None = None) -> Page | Go:
    """The first statement of a record: its first party, two administrators, and the account of who sits there."""
    if head()[0]:
        return _is_founded()
    if sent is None:
        return _asked(None)
    if not consume(asking.request, action="invitation"):
        raise NotAllowed(_("Too many attempts. Wait five minutes."))
    if wrong := list(_wrong(sent)):
        return refused_as(wrong, _asked(sent, wrong))
    try:
        persons, made = found(
            _text(sent, "code"),
            _text(sent, "name"),
            [Named(_text(sent, each), _text(sent, f"{each}_name")) for each in ("handle", "second")],
            [each for each in OFFERED if sent.get(f"{ROLE}{each}")],
            demonstration=bool(sent.get("demonstration")),
        )
    except Refused as refused:
        return refused_as(refused.problems, _asked(sent, refused.problems))
    account = signing_in.founded(_text(sent, "handle"), persons[0], str(sent.get("passphrase", "")))
    happened(asking.request, "account made", account.handle, person=account.person)
    doors.enter(asking.request, account)
    return Go(address("begin"), _("The State is founded."), {"numbers": list(made.numbers)})


def _is_founded() -> Page:
    said = Text(_("The record has its first statement. Sign in with your account."), name="founded")
    return Page(_("The State is founded"), [said], action=Link(_("Sign in"), "/account/login/"))


def _text(sent: Sent | None, name: str) -> str:
    return str((sent or {}).get(name, "")).strip()


def _wrong(sent: Sent) -> list[Problem]:
    """What cannot be founded so, all at once."""
    if not signing_in.founds(_text(sent, "secret")):
        told = _("This secret does not work: it was used, it ended, or it was typed wrong.")
        return [of_asking(told, field="secret", mend=_("End the server and start it again: it prints a new one."))]
    found = [
        of_asking(_("This is needed."), field=name)
        for name in ("code", "name", "handle", "second")
        if not _text(sent, name)
    ]
    found += [
        of_asking(_("It has %(most)d characters at most.") % {"most": LONGEST}, field=name)
        for name in ("code", "name", "handle", "handle_name", "second", "second_name")
        if len(_text(sent, name)) > LONGEST
    ]
    return [*found, *_wrong_passphrase(sent)]


def _wrong_passphrase(sent: Sent) -> list[Problem]:
    first, again = str(sent.get("passphrase", "")), str(sent.get("again", ""))
    if first != again:
        return [of_asking(_("The two passphrases differ."), field="again")]
    try:
        validate_password(first, Account(handle=_text(sent, "handle")))
    except forms.ValidationError as error:
        return [of_asking(each, field="passphrase") for each in error.messages]
    return []


def _asked(sent: Sent | None, problems: Sequence[Problem] = ()) -> Page:
    at = {each.field: worded(each.message) for each in reversed(problems)}
    fields = [*(_typed(each, sent, at) for each in (*_of_the_state(), *_of_persons())), *_roles(sent)]
    form = FoundingForm(fields, [Button(_("Found the State"), "found", main=True)], name="founding")
    lead = _(
        "Nothing is recorded yet. The first statement says whose record it is and names two persons who administer it:"
        " one alone can change nothing that takes two. It is never edited."
    )
    return Page(_("Found the State"), [form], lead=lead)


def _typed(field: Field, sent: Sent | None, at: dict[str, str]) -> Field:
    """A field with what was typed into it, but no passphrase, and what is wrong with that."""
    value = "" if field.kind == "password" else _text(sent, field.name)
    return replace(field, value=value, error=at.get(field.name, ""))


def _of_the_state() -> list[Field]:
    return [
        Field(
            "secret",
            _("One-time secret"),
            kind="secret",
            required=True,
            help=_("It is printed where the server was started. Only who can read it there founds the State."),
        ),
        Field(
            "code",
            _("Code of the authority"),
            required=True,
            help=_("A short code of the party that keeps the record, for ever. The code of the country comes later."),
            example="NSA",
        ),
        Field(
            "name",
            _("Name of the authority"),
            required=True,
            help=_("Who is responsible for the State's system of accounting and control."),
            source="INFCIRC/153, 7",
            example="Nuclear Safety Authority of Norland",
        ),
    ]


def _of_persons() -> list[Field]:
    kept = _("It stays beside the record, where it can be erased.")
    return [
        Field(
            "handle",
            _("Your handle"),
            required=True,
            help=_("A short name to type and to sign in."),
            example="amal",
        ),
        Field("handle_name", _("Your name"), help=kept),
        Field(
            "passphrase",
            _("Your passphrase"),
            kind="password",
            required=True,
            help=_("At least twelve characters; several words are good, and easy to remember."),
        ),
        Field("again", _("The passphrase again"), kind="password", required=True),
        Field(
            "second",
            _("Handle of the second administrator"),
            required=True,
            help=_("Another person, who approves what you prepare. You let them in when the State is founded."),
            example="bela",
        ),
        Field(
            "second_name",
            _("Name of the second administrator"),
            help=kept,
        ),
    ]


def _roles(sent: Sent | None) -> list[Field]:
    """The further roles of both, and whether it is real."""
    means = {
        "authority": _("Keeps the register, closes balances, makes and sends reports."),
        "officer": _("States what happens to material."),
        "custodian": _("Knows where material is, and takes the physical inventory."),
        "inspector": _("Reads."),
        "reader": _("Reads."),
    }
    fields = [
        Field(
            f"{ROLE}{each}",
            _("Both also hold the role %(role)s") % {"role": worded(each)},
            "yes" if (each in USUAL if sent is None else sent.get(f"{ROLE}{each}")) else "",
            "checkbox",
            help=means[each],
        )
        for each in OFFERED[:3]
    ]
    practice = Field(
        "demonstration",
        _("This is for practice: the State is not real"),
        "yes" if (sent or {}).get("demonstration") else "",
        "checkbox",
        help=_("Every page and print then says so. A record for practice never becomes a real one."),
    )
    return [*fields, practice]
