"""The first hour of a State: the steps from nothing to opening balances, which are done, what is next.

Rules kept here:

1. A step is done when the record, or the list of accounts, says so; nothing is kept of how far one has come. So the
   page can be left at any step and opened again by anybody.
2. A step is done on the ordinary page for it: this page only leads there.
3. Home leads here as long as a step is not done and no inventory change was stated.

Source: issue "The pages", the first hour of an authority; INFCIRC/153, paragraphs 62 and 63.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting.beginning import Area, beginning, works
from openmpca.pages.blocks import LINKS, Link, Page, Row, Table
from openmpca.pages.routes import Asking, Open, page
from openmpca.record import grants
from openmpca.record.known import Known
from openmpca.record.models import Party, PersonName
from openmpca.record.record import head
from openmpca.record.statements import ADMINISTRATOR, KINDS
from openmpca.web.models import Account

DONE, NEXT, WAITS, LATER, OPTIONAL = "done", "next", "waits", "later", "if you want"
STATES: Final[dict[str, Any]] = {
    DONE: gettext_lazy("done"),
    NEXT: gettext_lazy("next"),
    WAITS: gettext_lazy("waits for a second person"),
    LATER: gettext_lazy("later"),
    OPTIONAL: gettext_lazy("if you want"),
}


@dataclass(frozen=True)
class Step:
    """One step: what it is, how it stands, what there is of it, the page on which it is done, what it rests on.

    One that is not ``ready`` waits for another step to be done.
    """

    title: str
    state: str
    found: str
    to: str
    source: str = ""
    ready: bool = True


@page("begin", title=gettext_lazy("The first hour"), needs=Open.WHOLE)
def begin(asking: Asking) -> Page:
    """The steps of a new State, each leading to its page."""
    found = steps(asking)
    rows = [_row(asking, number, each) for number, each in enumerate(found, 1)]
    heads = {
        "step": _("Step"),
        "what": _("What"),
        "state": _("State"),
        "found": _("What there is"),
        "source": _("Rests on"),
    }
    coming = next((each for state in (NEXT, WAITS) for each in found if each.state == state), None)
    lead = _("From nothing to opening balances. Each step leads to its page; leave it whenever you want and come back.")
    if is_done(found):
        lead = _("Everything is done: the State can work. The next thing is what happens.")
    return Page(
        _("The first hour"),
        [Table(rows, heads, name="steps")],
        lead=lead,
        action=Link(coming.title, coming.to) if coming else Link(_("Go home"), asking.to("")),
        links=[Link(_("What waits for a second person"), asking.to("record/proposals"))],
    )


def _row(asking: Asking, number: int, each: Step) -> Row:
    state = each.state if asking.as_json or asking.request.GET.get("as") else str(STATES[each.state])
    told = {"step": number, "what": each.title, "state": state, "found": each.found, "source": each.source}
    return {**told, LINKS: {"what": each.to}}


def to_be_done(asking: Asking) -> Link | None:
    """The way here from home, as long as there is something to do (rule 3)."""
    if not asking.reach.everywhere or not asking.times.is_now or works() or is_done(steps(asking)):
        return None
    return Link(_("Go on setting the State up"), asking.to("begin"))


def is_done(found: list[Step]) -> bool:
    """Whether every step that has to be done is."""
    return all(each.state in (DONE, OPTIONAL) for each in found)


def steps(asking: Asking) -> list[Step]:
    """All steps in order; the first that is neither done nor waiting for somebody else is the next one."""
    found, met = list(_all(asking)), False
    for place, each in enumerate(found):
        if each.state == LATER and each.ready and not met:
            found[place], met = replace(each, state=NEXT), True
    return found


def _all(asking: Asking) -> Iterator[Step]:
    yield Step(_("Found the State"), DONE, _party_name(), asking.to("record/statement", number=0), "INFCIRC/153, 7")
    yield from _of_people(asking)
    yield from _of_the_register(asking)


def _party_name() -> str:
    return str(Party.objects.filter(number=0).values_list("name", flat=True).first() or "")


def _of_people(asking: Asking) -> Iterator[Step]:
    known = Known("default", head()[0])
    party = str(Party.objects.filter(number=0).values_list("code", flat=True).first() or "")
    administrators = grants.holders(ADMINISTRATOR, party, known, asking.reach.day)
    inside = set(Account.objects.filter(is_active=True).values_list("person", flat=True)) & set(administrators)
    names = dict(PersonName.objects.values_list("person", "handle"))
    entered = ", ".join(sorted(names.get(each, each) for each in inside))
    yield Step(_("Let the second administrator in"), _either(len(inside) > 1), entered, _second(asking, names, inside))
    yield _authority(asking, known, party, names)
    parties = ", ".join(Party.objects.order_by("number").values_list("code", flat=True))
    yield Step(_("Introduce operators and other parties"), OPTIONAL, parties, asking.to("people/parties"))
    persons = grants.duty(KINDS["accounting.change"], known, asking.reach.day).persons
    says = _("An inventory change takes one person") if persons == 1 else _("An inventory change takes two persons")
    yield Step(_("Say how many persons things take"), OPTIONAL, says, asking.to("people/duties"))


def _either(done: bool) -> str:
    return DONE if done else LATER


def _second(asking: Asking, names: dict[str, str], inside: set[str]) -> str:
    """The person who has no account yet where there is just one such; else the list of people."""
    outside = [handle for person, handle in names.items() if person not in inside and person != asking.person]
    return asking.to("people/person", person=outside[0]) if len(outside) == 1 else asking.to("people")


def _authority(asking: Asking, known: Known, party: str, names: dict[str, str]) -> Step:
    """Somebody keeps the register, and balances have two names: two persons of these roles."""
    day = asking.reach.day
    keeps = grants.holders("authority", party, known, day)
    may = {person for role in KINDS["accounting.closing"].approve for person in grants.holders(role, party, known, day)}
    done = bool(keeps) and len(may | set(keeps)) > 1
    told = ", ".join(sorted(names.get(each, each) for each in may | set(keeps)))
    title = _("Say who keeps the register and who closes balances")
    return Step(title, _either(done), told, asking.to("people"), _("two persons see every balance"))


def _of_the_register(asking: Asking) -> Iterator[Step]:
    found = beginning(asking.reach.day)

    def to(thing: str, **more: Any) -> str:
        return asking.to("accounting/register-entry", thing=thing, **more)

    country = to("country") if not found.country else asking.to("accounting/register", thing="country")
    yield Step(_("Register the own State"), _either(bool(found.country)), found.country, country, "Code 10, 001")
    told = ", ".join(found.facilities)
    yield Step(_("Register facilities"), _either(bool(told)), told, to("facility"), "INFCIRC/153, 106")
    told = ", ".join(each.code for each in found.areas)
    yield Step(_("Register material balance areas"), _either(bool(told)), told, to("mba"), "INFCIRC/153, 46, 110")
    if not found.areas:
        yield Step(_("Register key measurement points"), LATER, "", to("kmp"), "INFCIRC/153, 108")
        yield Step(_("Bring in the opening inventory"), LATER, "", asking.to("accounting/opening"), "INFCIRC/153, 62")
    for area in found.areas:
        yield from _of_area(asking, area, to("kmp", mba=area.code))


def _of_area(asking: Asking, area: Area, to_points: str) -> Iterator[Step]:
    mba = {"mba": area.code}
    points = [word for has, word in ((area.flow, _("of flow")), (area.stock, _("of inventory"))) if has]
    title = _("Key measurement points of %(mba)s, of flow and of inventory") % mba
    yield Step(title, _either(area.has_points), ", ".join(points), to_points, "INFCIRC/153, 108")
    yield _opening(asking, area, _("Opening inventory of %(mba)s") % mba)
    yield _listing(asking, area, _("Initial listing (PIL) of %(mba)s") % mba)


def _opening(asking: Asking, area: Area, title: str) -> Step:
    rests = "INFCIRC/153, 62"
    if area.opened is not None:
        told = _("opened on %(day)s") % {"day": area.opened}
        return Step(title, DONE, told, asking.to("accounting/book", mba=area.code), rests)
    if area.proposal is not None:
        told = _("proposal %(number)s") % {"number": area.proposal}
        return Step(title, WAITS, told, asking.to("record/proposal", number=area.proposal), rests)
    return Step(title, LATER, "", asking.to("accounting/opening", mba=area.code), rests)


def _listing(asking: Asking, area: Area, title: str) -> Step:
    rests = "INFCIRC/153, 62; Code 10"
    if area.listed is not None:
        told = _("statement %(number)s") % {"number": area.listed}
        return Step(title, DONE, told, asking.to("accounting/report", number=area.listed), rests)
    if area.listing is not None:
        told = _("proposal %(number)s") % {"number": area.listing}
        return Step(title, WAITS, told, asking.to("record/proposal", number=area.listing), rests)
    to = asking.to("accounting/make", mba=area.code, sort="P", end=area.opened)
    return Step(title, LATER, "", to, rests, ready=area.opened is not None)
