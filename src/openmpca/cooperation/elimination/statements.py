"""The statements about what is secured and what is eliminated.

A quantity is what some party states; others accept or dispute it, and totals are told for each viewpoint. A site is
never simply *secured*: each element of its upgrade stands in a stage. What must stay opaque has an identifier and
results that pass or fail, and no figure.

Source: the research on joint programmes, 1.4 (counts and their traps), 1.5 (the metric "secured"), 5.1 (items,
notifications, attributes); design, idea 7.
"""

from datetime import date
from typing import Annotated

from openmpca.cooperation.marks import AMOUNT, MOMENT, Introduces, Names, OneOf
from openmpca.cooperation.statements import Party, Said
from openmpca.record.statements import AUTHORITY, INSPECTOR, OFFICER, kind

STAGES = ("not started", "rapid", "comprehensive", "tested", "sustained", "transferred")
SORTS = (
    "launch tube",
    "silo",
    "missile",
    "mobile launcher",
    "submarine",
    "aircraft",
    "warhead",
    "chemical agent",
    "facility",
    "monitoring station",
    "shipment",
    "other",
)
STATING = (AUTHORITY, OFFICER)
SEEING = (AUTHORITY, OFFICER, INSPECTOR)
ACCEPTED, DISPUTED = "accepted", "disputed"


@kind("cooperation.site", prepare=STATING, approve=(AUTHORITY,), erasable=("note",))
class Site(Said, frozen=True, kw_only=True):
    """A site where something is secured or eliminated, and the party on whose ground it is."""

    code: Annotated[str, Introduces("site")]
    title: str
    host: Party
    note: str = ""


@kind("cooperation.building", prepare=STATING, approve=(AUTHORITY,))
class Building(Said, frozen=True, kw_only=True):
    """A building of a site."""

    code: Annotated[str, Introduces("building")]
    site: Annotated[str, Names("site")]
    title: str


@kind("cooperation.element", prepare=STATING, approve=(AUTHORITY,))
class Element(Said, frozen=True, kw_only=True):
    """One element of an upgrade, at a site or in a building of it: a fence, a portal, an accounting system."""

    code: Annotated[str, Introduces("element")]
    at: Annotated[str, Names("site", "building")]
    title: str
    project: Annotated[str, Names("project")] = ""


@kind("cooperation.stage", prepare=STATING, approve=(AUTHORITY,))
class Stage(Said, frozen=True, kw_only=True):
    """In which stage an element of an upgrade is, as its party sees it, and by what evidence."""

    element: Annotated[str, Names("element")]
    stage: Annotated[str, OneOf(*STAGES)]
    evidence: str


@kind("cooperation.item_type", prepare=STATING, approve=(AUTHORITY,))
class ItemType(Said, frozen=True, kw_only=True):
    """A type of item to be eliminated, with the steps of its procedure in their order.

    ``unit`` is in what it is counted. The last of ``steps`` eliminates it. ``notice`` gives, for a step, how many hours
    before it the others are told.
    """

    code: Annotated[str, Introduces("itemtype")]
    title: str
    sort: Annotated[str, OneOf(*SORTS)]
    steps: list[str]
    unit: str = "item"
    notice: dict[str, str] = {}
    source: str = ""


@kind("cooperation.item", prepare=STATING, approve=(AUTHORITY,), erasable=("note",))
class Item(Said, frozen=True, kw_only=True):
    """An item to be eliminated, or a lot: its identifier, which says nothing about it, its type and where it is.

    ``amount`` is what the lot holds, in the unit of its type.
    """

    code: Annotated[str, Introduces("item")]
    type: Annotated[str, Names("itemtype")]
    amount: Annotated[str, AMOUNT] = "1"
    site: Annotated[str, Names("site")] = ""
    project: Annotated[str, Names("project")] = ""
    note: str = ""


@kind("cooperation.step", prepare=STATING, approve=(AUTHORITY,), event=True)
class Step(Said, frozen=True, kw_only=True):
    """A step of the procedure was done to an item, or to a part of a lot, on ``day``.

    ``amount`` is how much of the lot it was done to; all that is left when it is blank.
    """

    item: Annotated[str, Names("item")]
    step: str
    amount: Annotated[str, AMOUNT] = ""
    evidence: str = ""


@kind("cooperation.notification", prepare=STATING, approve=(AUTHORITY,))
class Notification(Said, frozen=True, kw_only=True):
    """What one party has to tell the others about items, by when, and when it was sent."""

    code: Annotated[str, Introduces("notification")]
    title: str
    about: Annotated[list[str], Names("item", "site", "listing")]
    due: Annotated[str, MOMENT]
    sent: Annotated[str, MOMENT] = ""


@kind("cooperation.receipt", prepare=STATING, approve=(AUTHORITY,))
class Receipt(Said, frozen=True, kw_only=True):
    """A notification came in, at ``received``, as the party to which it was sent says."""

    notification: Annotated[str, Names("notification")]
    received: Annotated[str, MOMENT]


@kind("cooperation.inspection", prepare=SEEING, approve=(AUTHORITY, INSPECTOR), erasable=("note",), event=True)
class Inspection(Said, frozen=True, kw_only=True):
    """Items or a site were inspected: what the inspecting party found."""

    code: Annotated[str, Introduces("inspection")]
    about: Annotated[list[str], Names("item", "site", "element")]
    result: Annotated[str, OneOf("confirmed", "not confirmed", "access denied")]
    note: str = ""


@kind("cooperation.attribute", prepare=SEEING, approve=(AUTHORITY, INSPECTOR), event=True)
class Attribute(Said, frozen=True, kw_only=True):
    """An attribute of an item was measured behind an information barrier: it passed or it failed, and nothing else.

    ``threshold`` is what both sides agreed to, ``equipment`` the identifier of what measured.
    """

    item: Annotated[str, Names("item")]
    attribute: str
    threshold: str
    equipment: str
    result: Annotated[str, OneOf("pass", "fail")]


@kind("cooperation.line", prepare=STATING, approve=(AUTHORITY,))
class Line(Said, frozen=True, kw_only=True):
    """A line of a scoreboard: what is counted, who owns the definition, where it begins, what is aimed at.

    Where ``type`` names a type of items, the items themselves are counted beside what is stated.
    """

    code: Annotated[str, Introduces("line")]
    title: str
    definition: str
    owner: str
    unit: str = "item"
    baseline: Annotated[str, AMOUNT] = ""
    target: Annotated[str, AMOUNT] = ""
    type: Annotated[str, Names("itemtype")] = ""
    source: str


@kind("cooperation.count", prepare=STATING, approve=(AUTHORITY,))
class Count(Said, frozen=True, kw_only=True):
    """How much a line of a scoreboard had come to at the end of ``on``, all from its beginning, by some source."""

    line: Annotated[str, Names("line")]
    on: date
    amount: Annotated[str, AMOUNT]
    source: str


@kind("cooperation.increment", prepare=STATING, approve=(AUTHORITY,))
class Increment(Said, frozen=True, kw_only=True):
    """By how much a line of a scoreboard grew from the first to the last day of a period, by some source."""

    line: Annotated[str, Names("line")]
    first: date
    last: date
    amount: Annotated[str, AMOUNT]
    source: str


@kind("cooperation.exchange", prepare=STATING, approve=(AUTHORITY,))
class Exchange(Said, frozen=True, kw_only=True):
    """An exchange of data under an agreement, as of ``day``: who declares, which statuses count, up to what limit.

    ``published`` gives sums as they were published, by status, with ``*`` for all that counts.
    """

    code: Annotated[str, Introduces("exchange")]
    title: str
    declarer: str
    counted: list[str]
    published: dict[str, str] = {}
    limit: Annotated[str, AMOUNT] = ""
    agreement: Annotated[str, Names("agreement")] = ""
    source: str = ""


@kind("cooperation.listing", prepare=STATING, approve=(AUTHORITY,))
class Listing(Said, frozen=True, kw_only=True):
    """A line of an exchange: so many items of one sort in one status."""

    code: Annotated[str, Introduces("listing")]
    exchange: Annotated[str, Names("exchange")]
    title: str
    status: str
    amount: Annotated[str, AMOUNT]


@kind("cooperation.view", prepare=STATING, approve=(AUTHORITY,))
class View(Said, frozen=True, kw_only=True):
    """What a party holds of something that another states: it accepts it, or disputes it with a reason.

    ``of`` is the item, count or listing. ``viewer`` is whose view it is where that is another than the party that
    states this (a published view). ``on`` says which count of a line. ``sees`` is the status, or the amount, as this
    party sees it.
    """

    of: Annotated[str, Names("item", "listing", "line")]
    position: Annotated[str, OneOf(ACCEPTED, DISPUTED)]
    viewer: str = ""
    on: date | None = None
    sees: str = ""
    reason: str = ""
