"""What is due when and what is late, each item leading to the page where it is done.

Rules kept here:

1. An item of an area is shown to whoever may read the area, one of a facility to whoever may read that; what concerns
   the State as a whole takes a grant for everything.
2. An item leads to where it is done: reports to their making, a report made or returned to itself, an inventory to its
   taking, what a change takes to the statement of the change.

Source: INFCIRC/153 and the time limits that each item names.
"""

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting.pages.parts import at_once, told, ways, whole
from openmpca.accounting.pages.words import DUE, word
from openmpca.accounting.reporting import due_rules
from openmpca.accounting.reporting.area import NoArea
from openmpca.accounting.reporting.due import Due, Owing
from openmpca.accounting.reporting.due import owing as owed
from openmpca.pages.blocks import LINKS, Link, Page, Row, Table
from openmpca.pages.routes import Asking, NotFound, page, place
from openmpca.pages.told import worded

_OF_REPORTS = (due_rules.CHANGES, due_rules.CORRECTIONS, due_rules.LISTING, due_rules.BALANCE, due_rules.INITIAL)
TO_BE_MADE = frozenset(each.number for each in _OF_REPORTS)
TO_BE_MENDED = frozenset(each.number for each in (due_rules.NOT_SENT, due_rules.RETURNED))


@page("accounting/due", title=gettext_lazy("Due"), needs=place("mba"), menu=40)
def due(asking: Asking, mba: str = "", late: bool = False, begin: int = 0) -> Page:
    """What is due and late, the earliest first."""
    found, begin = owing(asking, mba), max(0, begin)
    found = found.late if late else found
    items = found.some() if whole(asking) else found.some(begin, at_once())
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
    return Page(
        _("Due in %(mba)s") % {"mba": mba} if mba else _("Due"),
        [Table([row(asking, each) for each in items], heads, name="due", empty=nothing)],
        lead=told(begin, len(items), found.count),
        links=[*ways(asking, "accounting/due", begin, found.count, mba=mba, late="yes" if late else ""), other],
    )


def owing(asking: Asking, mba: str = "") -> Owing:
    """What is due at the times asked for, as far as who asks may read it."""

    def within(code: str) -> bool:
        return asking.reach.covers(f"mba:{code}")

    try:
        found = owed(asking.times.as_of, asking.times.known_at, mba=mba or None, within=within)
    except NoArea:
        raise NotFound(_("There is no MBA %(mba)s that you may read.") % {"mba": mba}) from None
    return found if asking.reach.everywhere else found.where(_covered(asking, found))


def _covered(asking: Asking, found: Owing) -> pl.Expr:
    """What may be read (rule 1)."""
    pairs = found.items.select("mba", "subject").unique().iter_rows()
    read = [
        (mba, subject) for mba, subject in pairs if asking.reach.covers(f"mba:{mba}" if mba else f"facility:{subject}")
    ]
    return pl.struct("mba", "subject").is_in([{"mba": mba, "subject": subject} for mba, subject in read])


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
