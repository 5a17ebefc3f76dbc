"""Home: what waits for me, and where the material is.

Rules kept here:

1. Every list is cut to the reach of who asks, and each line leads to the page where the work is done.
2. A list shows what is most urgent, says of how many, and its page has the rest. An empty one is one quiet line.
3. While a large State is counted for the first time, home comes without waiting, and says what is not there yet.

Source: house style, "How it looks"; design, idea 1.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting.inventory.differences import differences, inventories
from openmpca.accounting.pages import due
from openmpca.accounting.pages.asked import areas, view_of
from openmpca.accounting.pages.picture import drawn_of
from openmpca.accounting.pictures import PICTURES
from openmpca.accounting.reporting.due_rules import WAITING
from openmpca.accounting.transit.waiting import Waiting, waiting
from openmpca.pages import drafting
from openmpca.pages.blocks import LINKS, Block, Link, Page, Row, Table, Text
from openmpca.pages.routes import Asking, NotYet, Open, page
from openmpca.web.pages.beginning import to_be_done
from openmpca.web.pages.proposals import visible

SHOWN: Final = 8


@page("", title=gettext_lazy("Home"), needs=Open.PERSON)
def home(asking: Asking) -> Page:
    """My work, the most urgent first, and the picture of what I may read."""
    if not asking.reach.held:
        return Page(_("My work"), [*_proposals(asking), _drafts(asking)], lead=_("You hold no grant today."))
    parts: list[Block] = [
        *_proposals(asking),
        *_counted(_due, asking, "due", _("Due and late")),
        *_counted(_shipments, asking, "to_receive", _("To be received")),
        _differences(asking),
        _drafts(asking),
    ]
    ways = [
        Link(_("Everything that is due"), asking.to("accounting/due")),
        Link(_("Everything in transit"), asking.to("accounting/transit")),
        Link(_("Everything that waits for a second person"), asking.to("record/proposals")),
        Link(_("Where the material is, in pictures"), asking.to("accounting/picture")),
    ]
    first = to_be_done(asking)
    lead = _("This State is being set up: not every step of its first hour is done.") if first else ""
    return Page(_("My work"), [*parts, *_pictures(asking)], lead=lead, action=first, links=ways)


def _shown(caption: str, count: int) -> str:
    """A caption that says how many there are, where not all are shown; none over an empty list (rule 2)."""
    if count <= SHOWN:
        return caption if count else ""
    return _("%(caption)s: the first %(shown)d of %(all)d") % {"caption": caption, "shown": SHOWN, "all": count}


def _list(
    name: str, caption: str, rows: Sequence[Row], heads: dict[str, str], empty: str, count: int | None = None
) -> Table:
    told = _shown(caption, len(rows) if count is None else count)
    return Table(rows[:SHOWN], heads, name=name, caption=told, empty=empty)


def _proposals(asking: Asking) -> Iterator[Table]:
    rows = [{**each, LINKS: dict.fromkeys(("proposal", "title"), each[LINKS]["proposal"])} for each in visible(asking)]
    heads = {"proposal": _("Proposal"), "title": _("What"), "prepared_by": _("Prepared by"), "prepared": _("Prepared")}
    own = [each for each in rows if each["prepared_by"] == asking.handle]
    others = [each for each in rows if each["prepared_by"] != asking.handle]
    yield _list("to_approve", _("Waiting for your approval"), others, heads, _("Nothing waits for your approval."))
    mine = {name: head for name, head in heads.items() if name != "prepared_by"}
    yield _list("prepared", _("Prepared by you, waiting for another"), own, mine, _("Nothing of yours waits."))


def _due(asking: Asking) -> Iterator[Table]:
    """What is due, what waits for an answer last, and what is to be mended."""
    heads = {"due": _("By"), "days": _("Days left"), "state": _("State"), "mba": _("MBA"), "what": _("What")}
    owing = due.owing(asking)
    mend, rest = owing.of(due.TO_BE_MENDED), owing.of(due.TO_BE_MENDED, but=True)
    first = rest.of({WAITING.number}, but=True).some(0, SHOWN)
    items = [*first, *rest.of({WAITING.number}).some(0, SHOWN - len(first))]
    rows = [due.row(asking, each) for each in items]
    yield _list("due", _("Due and late"), rows, heads, _("Nothing is due."), rest.count)
    rows = [due.row(asking, each) for each in mend.some(0, SHOWN)]
    yield _list("mend", _("To be mended or sent"), rows, heads, _("Nothing is to be mended."), mend.count)


def _shipments(asking: Asking) -> Iterator[Table]:
    view = view_of(asking)
    found = waiting(view, None if asking.reach.everywhere else areas(asking, view))
    comes = [each for each in found if asking.reach.covers(f"mba:{each.receiver}")]
    went = [each for each in found if each not in comes]
    heads = {
        "days": _("Days"),
        "shipped": _("Shipped"),
        "shipper": _("From"),
        "receiver": _("To"),
        "batch": _("Batch"),
    }
    yield _list(
        "to_receive", _("To be received"), _rows(asking, comes, _receiving), heads, _("Nothing is to be received.")
    )
    empty = _("Everything that was shipped from your areas is received.")
    yield _list("unmatched", _("Shipped and not received"), _rows(asking, went, _consignment), heads, empty)


def _rows(asking: Asking, found: Sequence[Waiting], to: Callable[[Asking, Waiting], str]) -> list[Row]:
    return [
        {
            "days": each.days,
            "shipped": each.day,
            "shipper": each.shipper,
            "receiver": each.receiver,
            "batch": each.batch,
            LINKS: dict.fromkeys(("days", "batch"), to(asking, each)),
        }
        for each in found
    ]


def _receiving(asking: Asking, each: Waiting) -> str:
    return asking.to("accounting/receive", mba=each.receiver, shipment=each.number)


def _consignment(asking: Asking, each: Waiting) -> str:
    return asking.to("accounting/consignment", number=each.number)


def _differences(asking: Asking) -> Table:
    opened = [
        each
        for each in inventories(None, asking.times.known_at)
        if each.closing is None and each.day <= asking.times.as_of and asking.reach.covers(f"mba:{each.mba}")
    ]
    rows = [
        {
            "mba": each.mba,
            "day": each.day,
            "differences": differences(each).items.height,
            LINKS: {"differences": asking.to("accounting/inventory-differences", number=each.number)},
        }
        for each in opened[:SHOWN]
    ]
    heads = {"mba": _("MBA"), "day": _("Inventory of"), "differences": _("Differences")}
    caption = _shown(_("Inventories not closed"), len(opened))
    return Table(rows, heads, name="differences", caption=caption, empty=_("Every inventory is closed."))


def _drafts(asking: Asking) -> Table:
    rows = [
        {
            "title": each.title or each.path,
            "changed": f"{each.changed:%Y-%m-%d %H:%M}",
            LINKS: {"title": each.address},
        }
        for each in drafting.of(asking.person)
    ]
    heads = {"title": _("What"), "changed": _("Changed")}
    return _list("drafts", _("Your drafts"), rows, heads, _("You have no drafts."))


def _pictures(asking: Asking) -> list[Block]:
    return [block for name in PICTURES for block in _counted(partial(_picture, name), asking, name, "")]


def _picture(name: str, asking: Asking) -> list[Block]:
    return [drawn_of(asking, name)]


def _counted(made: Callable[[Asking], Iterable[Block]], asking: Asking, name: str, caption: str) -> Sequence[Block]:
    """Blocks of the whole State, or a word where it is being counted for the first time (rule 3)."""
    try:
        return list(made(asking))
    except NotYet as error:
        return [Text(str(error), name, caption)]
