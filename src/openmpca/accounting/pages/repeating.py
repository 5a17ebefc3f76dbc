"""This month's entries as last month's: what an area entered in a month, each to be entered again with its values."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting import recurring
from openmpca.accounting.pages.fields import field
from openmpca.accounting.pages.knowing import areas
from openmpca.pages.blocks import LINKS, Button, Choice, Field, Form, Link, Page, Table
from openmpca.pages.routes import Asking, address, page, place
from openmpca.record import clock


@page("accounting/again", title=gettext_lazy("As last month"), needs=place("mba"))
def again(asking: Asking, mba: str = "", month: date | None = None) -> Page:
    """The changes of an area in the month of a day, the last month where none is named."""
    wanted = month or recurring.month_before(clock.day(clock.now_us()))
    known = [each.code for each in areas(asking)]
    mba = mba or (known[0] if len(known) == 1 else "")
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
    return Page(_("As last month"), [asked, *([_changes(mba, wanted)] if mba else [])], lead, above=above)


def _changes(mba: str, month: date) -> Table:
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
        for number, each in recurring.changes_of(mba, month)
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
