"""Why somebody may read a place or state something, or may not: the grants that give it, and what is lacking.

Rules kept here:

1. Everybody asks about themselves; administrators ask about anybody. Others get one answer, whether there is such a
   person or not.
2. The decision itself answers: reading is `Reach.by`, stating is the duty of the kind and `grants.missing`. What a kind
   further takes (its own rules, a second person that is somebody else) its form says.
"""

from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.pages.blocks import LINKS, Block, Button, Choice, Facts, Field, Form, Link, Page, Table, Text
from openmpca.pages.reach import Reach, reach
from openmpca.pages.routes import Asking, NotAllowed, NotFound, Open, page
from openmpca.pages.times import TimesError
from openmpca.pages.told import worded
from openmpca.record import grants
from openmpca.record.known import Known
from openmpca.record.models import PersonName
from openmpca.record.record import head
from openmpca.record.statements import KINDS
from openmpca.web.pages.person import somebody

EVERYWHERE: Final = "*"


@page("people/why", title=gettext_lazy("Why one may or may not"), needs=Open.PERSON, menu=30)
def why(asking: Asking, person: str = "", place: str = "", kind: str = "") -> Page:
    """The grants behind a permission: reading a place, stating a kind of statement."""
    who, handle = _whom(asking, person.strip())
    if kind and kind not in KINDS:
        raise NotFound(_("There is no kind of statement %(kind)s.") % {"kind": kind})
    if asking.times.known_at is not None:
        raise TimesError("known_at", _("This page answers as known now. Ask it as of a day."))
    held = reach(who, asking.times.as_of)
    place = place.strip()
    blocks: list[Block] = [_question(asking, handle, place, kind), *_reading(asking, held, place)]
    if kind:
        blocks += _stating(held, place, kind)
    return Page(
        _("Why %(who)s may or may not") % {"who": handle},
        blocks,
        above=[Link(_("People"), asking.to("people"))]
        if asking.reach.administers
        else [Link(_("You"), asking.to("me"))],
    )


def _whom(asking: Asking, person: str) -> tuple[str, str]:
    if person in ("", asking.handle, asking.person):
        return asking.person, asking.handle
    if not asking.reach.administers:
        raise NotAllowed(_("You can ask about yourself. About others administrators ask."))
    return somebody(person)


def _question(asking: Asking, handle: str, place: str, kind: str) -> Form:
    kinds = [Choice("", _("reading only")), *(Choice(name, name) for name in sorted(KINDS) if not KINDS[name].silent)]
    whom = [Field("person", _("Who"), handle)] if asking.reach.administers else []
    fields = [
        *whom,
        Field(
            "place", _("Where"), place, help=_("facility:CODE or mba:CODE; blank is everywhere."), example="mba:XTF2"
        ),
        Field("kind", _("To state"), kind, choices=kinds),
    ]
    return Form(fields, [Button(_("Show why"), main=True)], method="get", name="question")


def _reading(asking: Asking, held: Reach, place: str) -> Iterator[Block]:
    handles = PersonName.handles()
    giving = held.by(place) if place else list(held.held)
    caption = _("Reading %(place)s") % {"place": place} if place else _("Reading: all grants in force")
    if giving and place:
        yield Text(_("May read it: these grants cover it."), name="reading")
    elif place:
        yield Text(_("May not read it: no grant in force covers it."), name="reading")
    yield Table(
        [_grant(asking, each, handles) for each in giving],
        _heads(),
        name="grants",
        caption=caption,
        empty=_("No grant."),
    )


def _grant(asking: Asking, each: Any, handles: dict[str, str]) -> dict[str, Any]:
    return {
        "number": each.number,
        "party": each.party,
        "role": worded(each.role),
        "scope": each.scope,
        "until": each.until or "",
        "deputy_for": handles.get(each.deputy_for, each.deputy_for),
        LINKS: {"number": asking.to("record/statement", number=each.number)},
    }


def _heads() -> dict[str, str]:
    return {
        "number": _("Statement"),
        "party": _("Party"),
        "role": _("Role"),
        "scope": _("Scope"),
        "until": _("Until"),
        "deputy_for": _("Deputy for"),
    }


def _stating(held: Reach, place: str, kind: str) -> Iterator[Block]:
    known = Known("default", head()[0])
    duty = grants.duty(KINDS[kind], known, held.day)
    roles = {_("Prepares"): duty.prepare, _("Approves"): duty.approve or duty.prepare}
    facts = {_("Persons"): duty.persons, **{name: ", ".join(map(worded, given)) for name, given in roles.items()}}
    yield Facts(facts, name="duty", caption=_("What %(kind)s takes") % {"kind": kind})
    rows = [
        {"party": party, "act": act, "answer": _answer(held, party, given, place, known)}
        for party in sorted({each.party for each in held.held})
        for act, given in roles.items()
    ]
    heads = {"party": _("For the party"), "act": _("To do"), "answer": _("Answer")}
    yield Table(rows, heads, name="stating", caption=_("Stating"), empty=_("May not: no grant is in force."))


def _answer(held: Reach, party: str, roles: tuple[str, ...], place: str, known: Known) -> str:
    covering = frozenset({place, held.around.get(place, place)}) if place else frozenset({EVERYWHERE})
    named = " / ".join(map(worded, roles))
    if grants.missing(held.person, party, roles, [covering], known, held.day):
        where = " / ".join(sorted(covering - {EVERYWHERE})) or EVERYWHERE
        return _("May not: lacks a grant as %(roles)s for %(place)s.") % {"roles": named, "place": where}
    given = [
        str(each.number)
        for each in held.held
        if each.party == party and each.role in roles and each.scope in covering | {EVERYWHERE}
    ]
    return _("May, by the grants of statements %(numbers)s.") % {"numbers": ", ".join(given)}
