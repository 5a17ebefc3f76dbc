"""Upkeep in the browser: what the doctor finds. Mending, backups and upgrades are done on the machine itself."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.pages.blocks import Page, Table
from openmpca.pages.routes import Asking, Open, page
from openmpca.pages.told import worded
from openmpca.record.doctor import examine


@page("record/doctor", title=gettext_lazy("Doctor"), needs=Open.ADMINISTRATOR, menu=90)
def doctor(asking: Asking) -> Page:
    """Every check of the home, with its mend; what is wrong stands first."""
    said = {"fine": _("fine"), "warning": _("warning"), "wrong": _("wrong")}
    findings = sorted(examine(), key=lambda each: list(said).index(each.status), reverse=True)
    rows = [
        {
            "status": said[each.status],
            "name": worded(each.name),
            "message": worded(each.message),
            "mend": worded(each.mend),
        }
        for each in findings
    ]
    heads = {"status": _("Status"), "name": _("Check"), "message": _("Found"), "mend": _("What helps")}
    wrong = sum(each.status != "fine" for each in findings)
    lead = _("Everything is as it should be.") if not wrong else _("What is not fine stands first, with what helps.")
    return Page(_("Doctor"), [Table(rows, heads, name="findings")], lead=lead)
