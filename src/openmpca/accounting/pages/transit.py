"""Transit in the browser: what has left and has not arrived, by age; what differs; one consignment and its sides.

Rules kept here:

1. A consignment is shown to whoever may read one of its areas at home: its shipper or its receiver.
2. What is in transit is the sum of what is open in the consignments shown; over all of them it is what the transit
   accounts hold.
3. What the other States stated comes as a table and is only compared, never kept.
"""

import codecs
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting import figures
from openmpca.accounting.pages.asked import view_of
from openmpca.accounting.pages.in_transit import LISTS, MATCHED, Listed, Shown, in_part, ours, readable, standing
from openmpca.accounting.pages.parts import at_once, told, ways, whole
from openmpca.accounting.pages.words import TRANSIT, word
from openmpca.accounting.reporting.as_reported import AsReported
from openmpca.accounting.reporting.standing import STATES
from openmpca.accounting.statements import Change
from openmpca.accounting.transit import board as book
from openmpca.accounting.transit.board import OTHER_SIDE, Board
from openmpca.accounting.transit.consignments import Consignment, Transfer
from openmpca.accounting.transit.following import proposed_corrections
from openmpca.accounting.transit.other_side import ROW, OtherSideError, read_other_side, seen
from openmpca.nuclear.mass import format_grams
from openmpca.pages import uploads
from openmpca.pages.blocks import LINKS, Block, Button, Facts, Field, Form, Link, Page, Row, Table, Text
from openmpca.pages.routes import Asking, NotFound, Open, Sent, address, page, place

MASSES = ("shipped_ug", "received_ug", "open_ug")
ONE_SIDED: Final[Mapping[str, frozenset[str]]] = {
    "open": frozenset({"received_day", "received_g"}),
    "waiting": frozenset({"age_days", "shipped_day", "shipped_g", "open_g", "shipment"}),
}
"""Columns in which nothing can stand where one side alone has spoken."""
CAPTIONS: Final[Mapping[str, Any]] = {
    "open": gettext_lazy("On its way, the oldest first"),
    "differences": gettext_lazy("Both sides differ"),
    "waiting": gettext_lazy("Received, no word of the shipper"),
    MATCHED: gettext_lazy("Matched"),
}


@page("accounting/transit", title=gettext_lazy("Transit"), needs=place("mba"), menu=30)
def transit(asking: Asking, mba: str = "", everything: bool = False, begin: int = 0, sent: Sent | None = None) -> Page:
    """What was shipped and not received, with its age; what differs; what came without a word of the shipper."""
    theirs, wrong = _theirs(sent)
    begin = max(0, begin)
    if whole(asking) or theirs is not None or asking.times.as_reported:
        shown = _in_full(asking, _within(asking, _board(asking, theirs), mba), everything, begin)
    else:
        shown = in_part(asking, mba, everything, begin)
    tables = [_listed(asking, each, begin) for each in shown.lists if each.count or each.name == "open"]
    blocks: list[Block] = [*wrong, *tables, _totals(shown.unsettled), _other_side()]
    most = max(each.count for each in shown.lists)
    links = ways(asking, "accounting/transit", begin, most, mba=mba, everything=everything)
    if everything:
        links.append(Link(_("Only what is open"), asking.to("accounting/transit", mba=mba)))
    else:
        links.append(Link(_("Matched consignments too"), asking.to("accounting/transit", mba=mba, everything="yes")))
    title = _("Transit of %(mba)s") % {"mba": mba} if mba else _("Transit")
    return Page(title, blocks, links=links, status=422 if wrong else 200)


def _in_full(asking: Asking, found: Sequence[Consignment], everything: bool, begin: int) -> Shown:
    """The lists of consignments that are all at hand; on a page the part that is asked for."""
    lists = []
    for name, standings in LISTS.items():
        some = standing(found, standings) if everything or name != MATCHED else []
        part = some if whole(asking) else some[begin : begin + at_once()]
        lists.append(Listed(name, part, len(some)))
    return Shown(lists, found)


@page("accounting/consignment", title=gettext_lazy("Consignment"), needs=Open.READER)
def consignment(asking: Asking, number: int) -> Page:
    """One consignment by the statement of its shipment or of a receipt: both sides, what is open, what is due."""
    parts = _within(asking, _about(asking, number))
    if not parts:
        raise NotFound(_("There is no consignment of statement %(number)s that you may read.") % {"number": number})
    blocks: list[Block] = []
    for each in parts:
        blocks += [_facts(asking, each), _weights(each), _sides(asking, each)]
    due = [one for one in _due(asking, parts) if asking.reach.covers(f"mba:{one.mba}")]
    if due:
        blocks.append(_due_table(asking, due))
    above = [Link(_("Transit"), asking.to("accounting/transit"))]
    first = parts[0].first
    title = _("Consignment %(batch)s from %(shipper)s to %(receiver)s")
    told = {"batch": first.key, "shipper": str(first.shipper), "receiver": str(first.receiver)}
    return Page(title % told, blocks, action=_receive(asking, parts), links=_ways(asking, parts), above=above)


def _receive(asking: Asking, parts: Sequence[Consignment]) -> Link | None:
    """The way to receiving a domestic shipment, for whoever may read the receiving area."""
    for each in parts:
        to, shipment = each.first.receiver.area, each.shipment
        if each.scope == "domestic" and shipment and each.open_ug > 0 and asking.reach.covers(f"mba:{to}"):
            return Link(_("Receive"), address("accounting/receive", mba=to, shipment=shipment.number))
    return None


def _ways(asking: Asking, parts: Sequence[Consignment]) -> list[Link]:
    """The ways to the measurements of receipts, and to the move sheet."""
    shipped = {each.shipment.number: each.shipment for each in parts if each.shipment and ours(each.shipment)}
    sheets = [
        Link(_("Move sheet (PDF)"), asking.to("accounting/move-sheet-file", number=number))
        for number, each in shipped.items()
        if asking.reach.covers(f"mba:{each.mba}")
    ]
    return [*_measure(asking, parts), *sheets]


def _measure(asking: Asking, parts: Sequence[Consignment]) -> list[Link]:
    """The ways to the measurements of receipts."""
    receipts = {one.number: one for each in parts for one in each.receipts if ours(one)}
    return [
        Link(
            _("Measure the receipt of %(day)s") % {"day": one.day},
            address("accounting/measure", mba=one.mba, receipt=one.number),
        )
        for one in receipts.values()
        if asking.reach.covers(f"mba:{one.mba}")
    ]


def _board(asking: Asking, theirs: pl.DataFrame | None = None) -> Board:
    view = view_of(asking)
    state = next((each for each in STATES if each == asking.times.as_reported), None)
    return AsReported(view, state).board(theirs) if state else book.board(view, theirs)


def _about(asking: Asking, number: int) -> tuple[Consignment, ...]:
    """The consignments in which a statement takes part."""
    if asking.times.as_reported:
        return _board(asking).of(number)
    return book.about(number, view_of(asking))


def _theirs(sent: Sent | None) -> tuple[pl.DataFrame | None, list[Block]]:
    """What was uploaded of the other side, and what is wrong with it."""
    file = (sent or {}).get("other_side")
    if file is None:
        return None, []
    try:
        return read_other_side(_lines(file)), []
    except (OtherSideError, UnicodeDecodeError, uploads.TooLarge) as error:
        said = _("The table of the other side cannot be read: %(error)s") % {"error": error}
        return pl.DataFrame(schema=OTHER_SIDE), [Text(said, name="wrong")]


def _lines(file: Any) -> list[str]:
    if isinstance(file, str):
        return file.splitlines()
    uploads.must_fit(file)
    return list(codecs.iterdecode(file, "utf-8-sig"))


def _within(asking: Asking, consignments: Board | Iterable[Consignment], mba: str = "") -> list[Consignment]:
    given = consignments.consignments if isinstance(consignments, Board) else consignments
    return [each for each in given if readable(asking, each, mba)]


def _listed(asking: Asking, listed: Listed, begin: int) -> Table:
    name, some = listed.name, listed.shown
    heads = {
        "state": _("State"),
        "age_days": _("Days"),
        "shipper": _("From"),
        "receiver": _("To"),
        "batch": _("Batch"),
        "weight": _("Of"),
        "shipped_day": _("Shipped"),
        "received_day": _("Received"),
        "shipped_g": _("Shipped, g"),
        "received_g": _("Received, g"),
        "open_g": _("Open, g"),
        "shipment": _("Shipment"),
    }
    rows = [
        _row(asking, row, each) for each, row in zip(some, figures.told(Board(tuple(some)).rows, MASSES), strict=True)
    ]
    if name in ONE_SIDED:
        heads = {each: head for each, head in heads.items() if each not in ONE_SIDED[name]}
    caption = ", ".join(filter(None, [str(CAPTIONS[name]), told(begin, len(rows), listed.count)]))
    return Table(rows, heads, name=name, caption=caption, empty=_("Nothing is on its way."))


def _row(asking: Asking, row: dict[str, object], each: Consignment) -> Row:
    (told,) = figures.in_units([seen(row)], MASSES)
    number = each.first.number
    page_of_it = asking.to("accounting/consignment", number=number) if number >= 0 else ""
    links = {name: page_of_it for name in ("state", "batch", "shipment", "open_g") if page_of_it}
    return {**told, "state": word(asking, TRANSIT, str(told["state"])), LINKS: links}


def _totals(shown: Sequence[Consignment]) -> Table:
    waiting = figures.rows_of(Board(tuple(shown)).in_transit(), ["ug"])
    rows = [{"weight": each["weight"], "amount": each["ug"]} for each in waiting]
    heads = {"weight": _("Weight"), "amount": _("In domestic transit: items, or g")}
    return Table(rows, heads, name="in_transit", caption=_("In domestic transit"), empty=_("Nothing is in transit."))


def _other_side() -> Form:
    return Form(
        [
            Field(
                "other_side",
                _("What the other States stated, as a CSV file"),
                kind="file",
                help=_("A row for each category of a shipment or receipt. It is compared and not kept."),
                example=",".join(ROW),
            )
        ],
        [Button(_("Compare"))],
        name="compare",
        caption=_("The other side"),
        uploads=True,
    )


def _facts(asking: Asking, each: Consignment) -> Facts:
    told: dict[str, object] = {
        _("State"): word(asking, TRANSIT, each.state),
        _("Days open"): each.age_days,
        _("Category"): each.category,
        _("From"): str(each.first.shipper),
        _("To"): str(each.first.receiver),
        _("Description"): each.first.description,
    }
    return Facts(told, name=f"consignment_{each.category}", caption=each.category)


def _weights(each: Consignment) -> Table:
    shipped, received, left = each.shipped, each.received, each.open
    rows = [
        {
            "weight": key,
            "shipped": _amount(key, shipped.get(key)),
            "received": _amount(key, received.get(key)),
            "open": _amount(key, left.get(key, 0)),
        }
        for key in dict.fromkeys((*shipped, *received))
    ]
    heads = {"weight": _("Weight"), "shipped": _("Shipped, g"), "received": _("Received, g"), "open": _("Open, g")}
    return Table(rows, heads, name=f"weights_{each.category}", caption=_("What was shipped and what was received"))


def _amount(key: str, ug: int | None) -> object:
    return None if ug is None else ug if key == figures.ITEMS else format_grams(ug)


def _sides(asking: Asking, each: Consignment) -> Table:
    rows = [_side(asking, one, one is each.shipment) for one in (each.shipment, *each.receipts) if one is not None]
    heads = {"day": _("Day"), "code": _("Code"), "mba": _("MBA"), "batch": _("Batch"), "g": _("Element, g")}
    return Table(
        rows, {**heads, "statement": _("Statement")}, name=f"sides_{each.category}", caption=_("Who stated what")
    )


def _side(asking: Asking, one: Transfer, sent: bool) -> Row:
    """What one side stated; which batch a receiver made of it, only who reads the receiver's book is told."""
    links: Mapping[str, str] = {}
    read = not ours(one) or asking.reach.covers(f"mba:{one.mba}")
    if ours(one) and read:
        links = {
            "statement": asking.to("record/statement", number=one.number),
            "batch": asking.to("accounting/batch", batch=one.batch, mba=one.mba),
        }
    number = one.number if ours(one) else None
    batch = one.batch if sent or read else None
    told = {"day": one.day, "code": one.code, "mba": str(one.own if ours(one) else one.mba), "batch": batch}
    return {**told, "g": format_grams(one.element_ug), "statement": number, LINKS: links}


def _due(asking: Asking, parts: Iterable[Consignment]) -> list[Change]:
    """The corrections due to receipts that are out of step with their shipment, from the book alone."""
    if asking.times.as_reported:
        return []
    view = view_of(asking)
    shipments = dict.fromkeys(each.shipment.number for each in parts if each.shipment and ours(each.shipment))
    return [due for number in shipments for due in proposed_corrections(number, view)]


def _due_table(asking: Asking, due: Iterable[Change]) -> Table:
    rows = [
        {
            "mba": each.mba,
            "code": each.code,
            "batch": each.batch,
            "weights": each.weights,
            "corrects": each.corrects,
            LINKS: {"corrects": asking.to("record/statement", number=each.corrects)},
        }
        for each in due
    ]
    heads = {
        "mba": _("MBA"),
        "code": _("Code"),
        "batch": _("Batch"),
        "weights": _("Then, g"),
        "corrects": _("Corrects"),
    }
    caption = _("Corrections due, so that the receipt follows the shipment")
    return Table(rows, {**heads, "corrects": _("Corrects")}, name="due", caption=caption)
