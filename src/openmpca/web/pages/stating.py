"""Stating anything that there is a kind for: a list of statements, as `openmpca state --file` takes it.

For programs above all, which have no form for each kind; people have better ones. Rules kept here:

1. All are recorded, or none; what takes two persons waits for the second one.
2. It takes a grant for everything: what the rules say of such a list may speak of any place.
3. What rules persons, grants and keys is stated by somebody who proved just now that they sit there, and by no token.
"""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.pages import acting
from openmpca.pages.answering import refused_as
from openmpca.pages.blocks import Button, Field, Form, Link, Page
from openmpca.pages.freshness import must_be_fresh
from openmpca.pages.routes import Asking, Go, Open, Sent, page
from openmpca.problems import Problem
from openmpca.record import commands, entry
from openmpca.record.record import Refused
from openmpca.record.statements import Statement, kind_of

FREELY: Final = "accounting"
"""The room whose kinds take no further proof of who states them (rule 3)."""


@page("record/state", title=gettext_lazy("State anything"), needs=Open.WHOLE)
def state(asking: Asking, sent: Sent | None = None) -> Page | Go:
    """The form; what is sent is checked, or recorded whole."""
    if sent is None:
        return _shown(asking, {})
    looking = sent.get("step") != "state"
    try:
        stated = entry.statements(entry.from_json(str(sent.get("statements", "")).encode()))
        if not looking and any(_is_guarded(each) for each in stated):
            must_be_fresh(asking)
        made = commands.state(stated, acting.act(asking, sent), dry_run=looking)
    except Refused as refused:
        return refused_as(refused.problems, _shown(asking, sent, refused.problems))
    if looking:
        return _shown(asking, sent, made.problems)
    return acting.gone(made, asking.to("record/log"), _("Recorded: %(count)d.") % {"count": len(made.numbers)})


def _is_guarded(stated: Statement) -> bool:
    return kind_of(stated).room != FREELY


def _shown(asking: Asking, given: Sent, problems: list[Problem] | None = None) -> Page:
    typed = Field(
        "statements",
        _("Statements"),
        str(given.get("statements", "")),
        "lines",
        required=True,
        help=_("A JSON list of objects, each with its kind and the fields of that kind; the glossary has them."),
        example='[{"kind": "record.party", "day": "2026-03-01", "code": "OP", "name": "Operator"}]',
    )
    buttons = [Button(_("Check"), "check"), Button(_("State"), "state", main=True)]
    form = Form([typed, *acting.fields(asking, given, problems or ())], buttons, name="state", check="check")
    return Page(
        _("State anything"),
        [acting.checked(form, problems)],
        lead=_("All of it is recorded, or nothing."),
        above=[Link(_("The log"), asking.to("record/log"))],
    )
