"""The pages of what is secured and eliminated: items on their way, one item, sites in stages, notifications.

Rule kept here: what is eliminated is told in the eyes of each party; what one accepts, disputes or has not spoken of
stands in columns of its own.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.cooperation.elimination import notices
from openmpca.cooperation.elimination.items import Progress, progress, tallies
from openmpca.cooperation.elimination.sites import by_site, staged
from openmpca.cooperation.elimination.statements import (
    STAGES,
    Attribute,
    Element,
    Item,
    ItemType,
    Notification,
    Receipt,
    Stage,
    Step,
    View,
)
from openmpca.cooperation.pages.asked import claims_of, to_claim, to_say
from openmpca.cooperation.pages.words import HEADS, MEANINGS
from openmpca.pages.blocks import LINKS, Block, Facts, Link, Page, Row, Table
from openmpca.pages.routes import Asking, NotFound, Open, page
from openmpca.pages.told import worded
from openmpca.record import clock

HEADS.update(
    {
        "site": gettext_lazy("Site"),
        "host": gettext_lazy("Host"),
        "building": gettext_lazy("Building"),
        "at": gettext_lazy("At"),
        "element": gettext_lazy("Element"),
        "stage": gettext_lazy("Stage"),
        "evidence": gettext_lazy("Evidence"),
        "sort": gettext_lazy("Sort"),
        "steps": gettext_lazy("Steps"),
        "notice": gettext_lazy("Notice, hours"),
        "type": gettext_lazy("Type"),
        "item": gettext_lazy("Item"),
        "step": gettext_lazy("Step"),
        "about": gettext_lazy("About"),
        "due": gettext_lazy("Due"),
        "sent": gettext_lazy("Sent"),
        "notification": gettext_lazy("Notification"),
        "received": gettext_lazy("Received"),
        "result": gettext_lazy("Result"),
        "attribute": gettext_lazy("Attribute"),
        "threshold": gettext_lazy("Threshold agreed to"),
        "equipment": gettext_lazy("Equipment"),
    }
)
MEANINGS.update(
    {
        "building.site": gettext_lazy("The site to which it belongs."),
        "element.at": gettext_lazy("The site or building, as SORT:CODE."),
        "item.type": gettext_lazy("The type, whose procedure it goes through."),
        "item_type.notice": gettext_lazy("STEP=HOURS, a line each: how long before a step the others are told."),
        "notification.about": gettext_lazy("Items, sites or lines of an exchange, as SORT:CODE, a line each."),
        "inspection.about": gettext_lazy("Items, sites or elements, as SORT:CODE, a line each."),
    }
)


@page("cooperation/items", title=gettext_lazy("Items to be eliminated"), needs=Open.WHOLE, menu=50)
def items(asking: Asking) -> Page:
    """Every item with its way, and each type in the eyes of every party."""
    found = progress(claims_of(asking))
    parties = sorted({each.item.party for each in found} | {party for each in found for party in each.views})
    sums = [
        {
            "type": each.type.said.title,
            "unit": each.type.said.unit,
            "viewer": each.viewer,
            "declared": str(each.declared),
            "accepted": str(each.accepted),
            "disputed": str(each.disputed),
            "open": str(each.open),
        }
        for each in tallies(found, parties)
    ]
    heads = {"type": _("Type"), "unit": _("Unit"), "viewer": _("In the eyes of"), "declared": _("Declared")}
    figures = {
        "accepted": _("Eliminated, own or accepted"),
        "disputed": _("Disputed"),
        "open": _("Open"),
    }
    blocks: list[Block] = [
        Table(sums, heads | figures, name="types", caption=_("By type"), empty=_("There are no items.")),
        Table([_row(asking, each) for each in found], _heads(), name="items", caption=_("Items")),
    ]
    ways = [to_say(asking, ItemType, _("State a type")), to_say(asking, View, _("Accept or dispute"))]
    return Page(
        _("Items to be eliminated"),
        blocks,
        action=to_say(asking, Item, _("State an item")),
        links=[each for each in ways if each is not None],
    )


def _heads() -> dict[str, str]:
    return {
        "item": _("Item"),
        "type": _("Type"),
        "party": _("Party"),
        "amount": _("Amount"),
        "eliminated": _("Eliminated"),
        "left": _("Left"),
        "next": _("Next step"),
        "views": _("Others"),
    }


def _row(asking: Asking, each: Progress) -> Row:
    return {
        "item": each.item.code,
        "type": each.type.said.title,
        "party": each.item.party,
        "amount": str(each.amount),
        "eliminated": str(each.eliminated),
        "left": str(each.left),
        "next": each.next_step,
        "views": [f"{party}: {worded(view.said.position)}" for party, view in sorted(each.views.items())],
        LINKS: {"item": asking.to("cooperation/item", code=each.item.code)},
    }


@page("cooperation/item", title=gettext_lazy("Item"), needs=Open.WHOLE)
def item(asking: Asking, code: str) -> Page:
    """One item: what each party states of it, the steps that were done, what was measured, how others see it."""
    found = [each for each in progress(claims_of(asking)) if each.item.code == code]
    if not found:
        raise NotFound(_("There is no item %(code)s that you may read.") % {"code": code})
    blocks: list[Block] = []
    for each in found:
        facts = {
            "party": each.item.party,
            "type": each.type.said.title,
            "amount": f"{each.amount} {each.type.said.unit}",
        }
        rest = {"site": each.item.said.site, "left": str(each.left), "next": each.next_step}
        shown = {name: value for name, value in (facts | rest).items() if value}
        heads = {name: str(HEADS.get(name, _heads().get(name, name))) for name in shown}
        blocks += [Facts(shown, f"item_{each.item.party}", heads=heads), *_told(asking, each)]
    ways: list[Link | None] = [
        to_say(asking, View, _("Accept or dispute"), of=f"item:{code}"),
        to_say(asking, Attribute, _("State an attribute"), item=code),
    ]
    return Page(
        _("Item %(code)s") % {"code": code},
        blocks,
        action=to_say(asking, Step, _("State a step"), item=code, step=found[-1].next_step),
        links=[each for each in ways if each is not None],
        above=[Link(_("Items to be eliminated"), asking.to("cooperation/items"))],
    )


def _told(asking: Asking, each: Progress) -> list[Block]:
    """The steps, the attributes and the views of an item."""
    steps: list[Row] = [
        {
            "day": one.said.day,
            "step": one.said.step,
            "amount": one.said.amount,
            "evidence": one.said.evidence,
            LINKS: {"step": to_claim(asking, one)},
        }
        for one in each.steps
    ]
    measured: list[Row] = [
        {
            "day": one.said.day,
            "attribute": one.said.attribute,
            "result": worded(one.said.result),
            "threshold": one.said.threshold,
            "equipment": one.said.equipment,
            "party": one.party,
            LINKS: {"attribute": to_claim(asking, one)},
        }
        for one in each.attributes
    ]
    views: list[Row] = [
        {
            "viewer": party,
            "position": worded(one.said.position),
            "reason": one.said.reason,
            LINKS: {"position": to_claim(asking, one)},
        }
        for party, one in sorted(each.views.items())
    ]
    of_steps = _named("day", "step", "amount", "evidence")
    of_measured = _named("day", "attribute", "result", "threshold", "equipment", "party")
    party = each.item.party
    return [
        Table(steps, of_steps, name=f"steps_{party}", caption=_("Steps done"), empty=_("None yet.")),
        Table(measured, of_measured, name=f"attributes_{party}", caption=_("Attributes"), empty=_("None measured.")),
        Table(
            views, _named("viewer", "position", "reason"), name=f"views_{party}", caption=_("In the eyes of others"),
            empty=_("Nobody has spoken of it."),
        ),
    ]  # fmt: skip


def _named(*names: str) -> dict[str, str]:
    return {name: str(HEADS[name]) for name in names}


@page("cooperation/sites", title=gettext_lazy("Sites"), needs=Open.WHOLE, menu=45)
def sites(asking: Asking, viewpoint: str = "") -> Page:
    """How many elements of upgrades stand in which stage, site by site, as a party states them."""
    found = staged(claims_of(asking), viewpoint)
    rows: list[Row] = [{"site": site, **counts} for site, counts in by_site(found).items()]
    heads: dict[str, str] = {"site": _("Site"), **{each: worded(each) for each in STAGES}}
    elements: list[Row] = [
        {
            "element": each.element.code,
            "title": each.element.said.title,
            "site": each.site,
            "stage": worded(each.stage),
            "since": each.since,
            "evidence": each.evidence,
            LINKS: {"element": to_claim(asking, each.element)},
        }
        for each in found
    ]
    of_elements: dict[str, Any] = {
        **_named("element", "title", "site", "stage"),
        "since": _("Since"),
        **_named("evidence"),
    }
    blocks: list[Block] = [
        Table(rows, heads, name="sites", empty=_("There are no elements of upgrades.")),
        Table(elements, of_elements, name="elements", caption=_("Elements")),
    ]
    more = to_say(asking, Element, _("State an element"))
    return Page(
        _("Sites"),
        blocks,
        lead=_("A site is never simply secured: each element of its upgrade stands in a stage."),
        action=to_say(asking, Stage, _("State a stage")),
        links=[more] if more else [],
    )


@page("cooperation/notifications", title=gettext_lazy("Notifications"), needs=Open.WHOLE, menu=55)
def notifications(asking: Asking) -> Page:
    """Notifications with their clocks, the first due first."""
    now = datetime.fromisoformat(clock.to_text(clock.now_us()))
    rows = [
        {
            "notification": each.notification.code,
            "title": each.notification.said.title,
            "party": each.notification.party,
            "due": each.notification.said.due,
            "sent": each.notification.said.sent,
            "state": worded(each.state),
            "received": [f"{one.party}: {one.said.received}" for one in each.receipts],
            LINKS: {"notification": to_claim(asking, each.notification)},
        }
        for each in notices.notices(claims_of(asking), now)
    ]
    heads = {**_named("notification", "title", "party", "due", "sent"), "state": _("State"), **_named("received")}
    confirm = to_say(asking, Receipt, _("State that one came in"))
    return Page(
        _("Notifications"),
        [Table(rows, heads, name="notifications", empty=_("There are no notifications."))],
        action=to_say(asking, Notification, _("State a notification")),
        links=[confirm] if confirm else [],
    )
