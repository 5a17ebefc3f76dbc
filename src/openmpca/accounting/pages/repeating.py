"""This month's entries as last month's: what an area entered in a month, each to be entered again with its values.

All of them can be prepared at once, as drafts of who asks: each is then looked at, changed and stated, or thrown away.
What is prepared already is not prepared again.
"""

from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openmpca.accounting import recurring
from openmpca.accounting.pages.entering import as_before
from openmpca.accounting.pages.fields import field
from openmpca.accounting.pages.knowing import areas
from openmpca.accounting.pages.operations import OPERATIONS
from openmpca.accounting.statements import Change
from openmpca.pages import drafting
from openmpca.pages.blocks import LINKS, Block, Button, Choice, Field, Form, Link, Page, Table
from openmpca.pages.routes import Asking, Go, Sent, address, page, place
from openmpca.record import clock

MOST: Final = 100
"""How many drafts are prepared at once: a person keeps only so many (`drafting`)."""


@page("accounting/again", title=gettext_lazy("As last month"), needs=place("mba"))
def again(asking: Asking, mba: str = "", month: date | None = None, sent: Sent | None = None) -> Page | Go:
    """The changes of an area in the month of a day, the last month where none is named."""
    wanted = month or recurring.month_before(clock.day(clock.now_us()))
    known = [each.code for each in areas(asking)]
    mba = mba or (known[0] if len(known) == 1 else "")
    if sent is not None and mba:
        return _prepared(asking, mba, wanted)
    choices = [Choice(each, each) for each in known]
    asked = Form(
        [field("mba", mba, choices=choices), Field("month", _("Any day of the month"), wanted.isoformat(), "date")],
        [Button(_("Show"))],
        address("accounting/again"),
        "get",
        "month",
    )
    above = [Link(_("Enter what happened"), address("accounting/enter"))]
    lead = _("Each opens a form with the same values and the day of today. Nothing is stated before you do.")
    return Page(_("As last month"), [asked, *(_found(mba, wanted) if mba else [])], lead, above=above)


def _found(mba: str, month: date) -> list[Block]:
    found = recurring.changes_of(mba, month)
    to = address("accounting/again", mba=mba, month=month)
    prepare = Form([], [Button(_("Prepare all of them as drafts"), "prepare", main=True)], to, name="prepare")
    return [_changes(mba, month, found), *([prepare] if found else [])]


def _prepared(asking: Asking, mba: str, month: date) -> Go:
    """Each change of the month as a draft of today, where there is none of it yet."""
    change = next(each for each in OPERATIONS if each.path == "change")
    path, today = address("accounting/change", mba=mba), clock.day(clock.now_us())
    there = {each.title for each in drafting.of(asking.person) if each.path == path}
    made = 0
    for number, each in recurring.changes_of(mba, month)[:MOST]:
        title = f"{each.code} {each.batch} · {mba} · {number}"
        if title not in there:
            drafting.keep(asking.person, path, title, {**as_before(change, each), "day": today.isoformat()})
            made += 1
    said = ngettext("%(count)d draft is prepared.", "%(count)d drafts are prepared.", made) % {"count": made}
    return Go(address("drafts"), said)


def _changes(mba: str, month: date, found: list[tuple[int, Change]]) -> Table:
    rows = [
        {
            "day": each.day,
            "code": each.code,
            "batch": each.batch,
            "weights": ", ".join(f"{key} {text} g" for key, text in each.weights.items()),
            "counterpart": each.counterpart,
            "number": number,
            LINKS: {
                "day": address("accounting/change", mba=mba, like=number),
                "number": address("record/statement", number=number),
            },
        }
        for number, each in found
    ]
    heads = {
        "day": _("Enter again"),
        "code": _("Code"),
        "batch": _("Batch"),
        "weights": _("Weights"),
        "counterpart": _("Other side"),
        "number": _("Statement"),
    }
    caption = _("%(mba)s in %(month)s") % {"mba": mba, "month": month.strftime("%Y-%m")}
    return Table(rows, heads, name="changes", caption=caption, empty=_("Nothing was entered for that month."))
