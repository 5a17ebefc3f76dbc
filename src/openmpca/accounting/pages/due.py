"""What is due when and what is late, each item leading to the page where it is done.

Rules kept here:

1. An item of an area is shown to whoever may read the area, one of a facility to whoever may read that; what concerns
   the State as a whole takes a grant for everything.
2. An item leads to where it is done: reports to their making, a report made or returned to itself, an inventory to its
   taking, what a change takes to the statement of the change.

Source: INFCIRC/153 and the time limits that each item names.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting.pages.words import DUE, word
from openmpca.accounting.reporting import due_rules
from openmpca.accounting.reporting.area import NoArea
from openmpca.accounting.reporting.due import Due
from openmpca.accounting.reporting.due import due as due_items
from openmpca.pages.blocks import LINKS, Link, Page, Row, Table
from openmpca.pages.routes import Asking, NotFound, page, place
from openmpca.pages.told import worded

_OF_REPORTS = (due_rules.CHANGES, due_rules.CORRECTIONS, due_rules.LISTING, due_rules.BALANCE, due_rules.INITIAL)
TO_BE_MADE = frozenset(each.number for each in _OF_REPORTS)
TO_BE_MENDED = frozenset(each.number for each in (due_rules.NOT_SENT, due_rules.RETURNED))


@page("accounting/due", title=gettext_lazy("Due"), needs=place("mba"), menu=40)
def due(asking: Asking, mba: str = "", late: bool = False) -> Page:
    """What is due and late, the earliest first."""
    found = [each for each in items(asking, mba) if each.state == "late" or not late]
    heads = {
        "due": _("By"),
        "days": _("Days left"),
        "state": _("State"),
        "mba": _("Where"),
        "what": _("What"),
        "document": _("Document"),
        "source": _("Time limit from"),
    }
    nothing = _("Nothing is late.") if late else _("Nothing is due.")
    other = (
        Link(_("Everything that is due"), asking.to("accounting/due", mba=mba))
        if late
        else Link(_("Only what is late"), asking.to("accounting/due", mba=mba, late="yes"))
    )
    title = _("Due in %(mba)s") % {"mba": mba} if mba else _("Due")
    return Page(title, [Table([row(asking, each) for each in found], heads, name="due", empty=nothing)], links=[other])


def items(asking: Asking, mba: str = "") -> list[Due]:
    """What is due at the times asked for, as far as who asks may read it."""

    def within(code: str) -> bool:
        return asking.reach.covers(f"mba:{code}")

    try:
        found = due_items(asking.times.as_of, asking.times.known_at, mba=mba or None, within=within)
    except NoArea:
        raise NotFound(_("There is no MBA %(mba)s that you may read.") % {"mba": mba}) from None
    return [each for each in found if _covered(asking, each)]


def _covered(asking: Asking, item: Due) -> bool:
    if item.mba:
        return asking.reach.covers(f"mba:{item.mba}")
    return asking.reach.everywhere or asking.reach.covers(f"facility:{item.subject}")


def row(asking: Asking, item: Due) -> Row:
    """An item as a row that leads to where it is done."""
    source = worded(item.source)
    limit = _("%(source)s (unverified)") % {"source": source} if item.unverified else source
    return {
        "due": item.due,
        "days": item.days,
        "state": word(asking, DUE, item.state),
        "mba": item.mba or item.subject,
        "what": worded(item.what),
        "document": item.document,
        "source": limit,
        LINKS: {"what": done_at(asking, item)},
    }


def done_at(asking: Asking, item: Due) -> str:
    """The page where an item is done; empty where there is none."""
    if item.rule in TO_BE_MENDED and item.about is not None:
        return asking.to("accounting/report", number=item.about)
    if item.rule in TO_BE_MADE:
        return asking.to("accounting/make", mba=item.mba)
    if item.rule == due_rules.INVENTORY.number:
        return asking.to("accounting/inventories", mba=item.mba)
    return asking.to("record/statement", number=item.about) if item.about is not None else ""
