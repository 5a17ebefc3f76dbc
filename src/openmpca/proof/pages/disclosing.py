"""Releasing fields: which fields of which statements, to whom, for what, on what authority; a second person approves.

Rules kept here:

1. It takes a grant for everything, as the record's rules ask of a release. A statement that was not known at the asked
   time answers as one that there is not.
2. What is checked beside the form is what the record's rules say of the release; nothing is recorded by looking.
"""

import re
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.pages import acting
from openmpca.pages.answering import refused_as
from openmpca.pages.blocks import Button, Field, Form, Link, Page
from openmpca.pages.routes import Asking, Go, Open, Sent, page
from openmpca.pages.stored import statement_of
from openmpca.problems import Problem, of_asking
from openmpca.proof.disclosures import disclosing, showing
from openmpca.proof.disclosures.disclosing import CONTEXT, Purpose
from openmpca.proof.statements import Disclosure
from openmpca.record import commands
from openmpca.record.record import Refused

_NUMBER: Final = re.compile(r"\s*([0-9]{1,18})", re.ASCII)


@page("proof/disclose", title=gettext_lazy("Release fields"), needs=Open.WHOLE)
def disclose(asking: Asking, number: int | None = None, sent: Sent | None = None) -> Page | Go:
    """The form, for one statement with all its fields but its persons; what is sent is checked or stated.

    A release takes two persons: it waits as a proposal until the second one approves it.
    """
    if sent is None:
        chosen = "" if number is None else _of(asking, number)
        return _shown(asking, {"chosen": chosen, "day": asking.reach.day.isoformat()})
    try:
        stated = _release(asking, sent)
        looking = sent.get("step") != "state"
        made = commands.state([stated], acting.act(asking, sent), dry_run=looking)
    except (Refused, acting.Unfit, ValueError) as error:
        problems = error.problems if isinstance(error, Refused) else [of_asking(str(error))]
        return refused_as(problems, _shown(asking, sent, problems))
    if looking:
        return _shown(asking, sent, made.problems)
    return acting.gone(made, asking.to("proof/releases"), _("Released."))


def _of(asking: Asking, number: int) -> str:
    """The choice of a statement's own fields, without those that say who inside prepared and approved it."""
    open_fields = statement_of(asking, number).body
    names = [*(name for name in CONTEXT if name in open_fields), *(each for each in open_fields if each not in CONTEXT)]
    return f"{number}:{','.join(each for each in names if each not in showing.PERSONS)}"


def _release(asking: Asking, sent: Sent) -> Disclosure:
    chosen = [line.strip() for line in str(sent.get("chosen", "")).splitlines() if line.strip()]
    for line in chosen:
        if named := _NUMBER.match(line):
            statement_of(asking, int(named[1]))
    to = Purpose(*(str(sent.get(name, "")).strip() for name in Purpose._fields))
    return disclosing.release(chosen, to, acting.day(sent, "day"))


def _shown(asking: Asking, given: Sent, problems: list[Problem] | None = None) -> Page:
    form = Form(
        [*_fields(given), *acting.fields(asking, given, problems or ())],
        [Button(_("Check"), "check"), Button(_("Release"), "state", main=True)],
        name="release",
        check="check",
    )
    return Page(
        _("Release fields"),
        [acting.checked(form, problems)],
        lead=_("What is not named here stays hidden, and the recipient can prove what is."),
        above=[Link(_("Released"), asking.to("proof/releases"))],
    )


def _fields(given: Sent) -> list[Field]:
    def text(name: str) -> str:
        return str(given.get(name, ""))

    return [
        Field(
            "chosen",
            _("Statements and their fields"),
            text("chosen"),
            "lines",
            required=True,
            help=_("A line for each statement: its number, a colon, its fields. A number alone releases all of it."),
            example="28:kind,party,recorded,day,weights",
            source=_("SD-JWT: each field is opened by itself."),
        ),
        Field(
            "recipient",
            _("Recipient"),
            text("recipient"),
            required=True,
            help=_("Who gets the file, by a name that will be understood in ten years."),
            example=_("Regulator of Perion"),
        ),
        Field(
            "purpose",
            _("Purpose"),
            text("purpose"),
            required=True,
            help=_("What it is released for."),
            example=_("Receipt of shipment 679"),
        ),
        Field(
            "authority",
            _("Authority"),
            text("authority"),
            required=True,
            help=_("What allows it: a treaty, an order, a letter."),
            example=_("Agreement of 2024, article 7"),
        ),
        Field("day", _("Day of the release"), text("day"), "date", required=True),
    ]
