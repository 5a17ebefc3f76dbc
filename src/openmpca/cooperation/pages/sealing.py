"""Sealing in the browser: who has sealed and opened, sealing for the party that keeps this record, opening.

Rules kept here:

1. Only the party that keeps this record types here what it seals; one that is hosted is told how to make its digest
   elsewhere, and hands in that alone.
2. What was typed goes back to who typed it and to nobody else; beside the record it lies until it is opened.
3. What does not count is shown with its reason, never left out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.pages.asked import claims_of, to_claim, to_say
from openmpca.cooperation.pages.words import EXAMPLES, HEADS, MEANINGS
from openmpca.cooperation.sealing import keeping, matters
from openmpca.cooperation.sealing.standing import Discounted, Matter, Standing, standing
from openmpca.cooperation.sealing.statements import Opened, Sealed
from openmpca.pages import acting
from openmpca.pages.answering import refused_as
from openmpca.pages.blocks import LINKS, Block, Button, Field, Form, Link, Page, Table, Text
from openmpca.pages.freshness import must_be_fresh
from openmpca.pages.routes import Asking, Go, NotFound, Open, Sent, address, page
from openmpca.pages.told import worded
from openmpca.problems import Problem
from openmpca.record.record import Refused
from openmpca.record.statements import KINDS

HEADS.update(
    {
        "matter": gettext_lazy("Sealed for"),
        "digest": gettext_lazy("Digest"),
        "sealed": gettext_lazy("Statement that sealed it"),
        "salt": gettext_lazy("Salt"),
        "content": gettext_lazy("Content"),
    }
)
MEANINGS.update(
    {
        "matter": gettext_lazy("The round or the comparison, as SORT:CODE."),
        "digest": gettext_lazy("What `openmpca seal make` printed: 64 hexadecimal figures."),
        "salt": gettext_lazy("The 32 hexadecimal figures from the file that was kept."),
        "content": gettext_lazy("What was sealed, letter for letter, from the file that was kept."),
        "sealed": gettext_lazy("The number of your own sealed statement that stands."),
    }
)
EXAMPLES.update({"matter": "round:R-1"})
STANDS: Final[dict[str, Any]] = {
    "open": gettext_lazy("opened"),
    "sealed": gettext_lazy("sealed"),
    "none": gettext_lazy("nothing yet"),
}


@dataclass(frozen=True)
class Typing:
    """How what is sealed for a sort of matter is typed: its fields, the content that they hold, where one goes on."""

    fields: Callable[[Claims, Any, str, Mapping[str, Any]], Sequence[Field]]
    content: Callable[[Any, Mapping[str, Any]], object]
    path: str
    title: Any


TYPING: Final[dict[str, Typing]] = {}
"""By the sort of the matter; the pages of the subject that has the sort give theirs."""


def viewpoint(asking: Asking) -> str:
    """The party by whose words a matter is read: that of who asks, where it is only one."""
    return next(iter(asking.reach.parties)) if len(asking.reach.parties) == 1 else ""


def standing_blocks(asking: Asking, stands: Matter) -> Iterator[Block]:
    """Who has sealed and opened, and what does not count."""
    heads = {"party": _("Party"), "stands": _("Stands"), "sealed": _("Sealed on"), "opened": _("Opened on")}
    yield Table([_row(asking, each) for each in stands.standings], heads, name="standing", caption=_("Who has sealed"))
    for each in stands.early:
        text = _("%(party)s opened before all had sealed: what is sealed after that does not count.")
        yield Text(text % {"party": each.party}, name=f"early-{each.party}")
    if stands.discounted:
        lost = {"day": _("Day"), "party": _("Party"), "what": _("What"), "why": _("Why")}
        rows = [_lost(asking, each) for each in stands.discounted]
        yield Table(rows, lost, name="not_counted", caption=_("What does not count"))


def _row(asking: Asking, each: Standing) -> dict[str, object]:
    links = {}
    if each.sealed is not None:
        links["sealed"] = to_claim(asking, each.sealed)
    if each.opened is not None:
        links["opened"] = to_claim(asking, each.opened)
    return {
        "party": each.party,
        "stands": str(STANDS[each.stands]),
        "sealed": each.sealed.said.day if each.sealed is not None else "",
        "opened": each.opened.said.day if each.opened is not None else "",
        LINKS: links,
    }


def _lost(asking: Asking, each: Discounted) -> dict[str, object]:
    what = _("sealed") if isinstance(each.claim.said, Sealed) else _("opened")
    told = {"day": each.claim.said.day, "party": each.claim.party, "what": what, "why": worded(each.why)}
    return {**told, LINKS: {"day": to_claim(asking, each.claim)}}


def ways(asking: Asking, stands: Matter) -> list[Link]:
    """What who asks may do now in a matter: seal, seal anew, open."""
    own = [each for each in stands.standings if each.party in asking.reach.parties]
    if not own or not asking.reach.states or not asking.times.is_now:
        return []
    found = []
    if stands.first is None:
        again = any(each.sealed is not None for each in own)
        found.append(Link(_("Seal anew") if again else _("Seal"), address("cooperation/seal", matter=stands.thing)))
    if stands.all_sealed and any(each.opened is None for each in own):
        found.insert(0, Link(_("Open what you sealed"), address("cooperation/open", matter=stands.thing)))
    return found


def _matter(asking: Asking, matter: str) -> tuple[Claims, Any]:
    """The claims and the terms of a matter. Raises `NotFound`."""
    claims = claims_of(asking)
    said = matters.terms(claims, matter, viewpoint(asking))
    if said is None or matter.partition(":")[0] not in TYPING:
        raise NotFound(_("There is no %(matter)s that you may read.") % {"matter": matter})
    return claims, said


@page("cooperation/seal", title=gettext_lazy("Seal"), needs=Open.WHOLE)
def seal(asking: Asking, matter: str, sent: Sent | None = None) -> Page | Go:
    """The form in which the party that keeps this record types what it seals; what is sent is checked or sealed."""
    claims, said = _matter(asking, matter)
    typing = TYPING[matter.partition(":")[0]]
    if keeping.keeper() not in asking.reach.parties:
        return _elsewhere(asking, matter)
    if sent is None:
        return _typed(asking, matter, typing.fields(claims, said, keeping.keeper(), {}), {}, None)
    looking = sent.get("step") != "state"
    fields = typing.fields(claims, said, keeping.keeper(), sent)
    try:
        act = acting.act(asking, sent)
        if not looking and KINDS["cooperation.sealed"].persons > 1:
            must_be_fresh(asking)
        made = keeping.seal(matter, typing.content(said, sent), act, dry_run=looking)
    except Refused as refused:
        return refused_as(refused.problems, _typed(asking, matter, fields, sent, refused.problems))
    if looking:
        return _typed(asking, matter, fields, sent, made.problems)
    return acting.gone(made, asking.to(typing.path, code=matter.partition(":")[2]), _("Sealed."))


def _typed(
    asking: Asking, matter: str, fields: Sequence[Field], given: Mapping[str, Any], problems: list[Problem] | None
) -> Page:
    own = [*fields, *acting.fields(asking, given, problems or ())]
    form = Form(own, [Button(_("Check"), "check"), Button(_("Seal"), "state", main=True)], name="seal", check="check")
    lead = _("Nobody reads it before it is opened, and it is opened when all have sealed. Only a digest is recorded.")
    return Page(
        _("Seal for %(matter)s") % {"matter": matter},
        [acting.checked(form, problems)],
        lead=lead,
        above=_above(asking, matter),
    )


def _above(asking: Asking, matter: str) -> list[Link]:
    sort, _colon, code = matter.partition(":")
    return [Link(str(TYPING[sort].title), asking.to(TYPING[sort].path, code=code))]


def _elsewhere(asking: Asking, matter: str) -> Page:
    """What a hosted party is told: its content is not to come here before it opens it (rule 1)."""
    text = _(
        "Your party does not keep this record, so what you seal must not come here before you open it. Make the digest"
        " on a machine of your own, with the command `openmpca seal make`, and hand in the digest alone."
    )
    way = to_say(asking, Sealed, _("Hand in a digest"), matter=matter, release="*")
    return Page(
        _("Seal for %(matter)s") % {"matter": matter},
        [Text(text, name="how")],
        action=way,
        above=_above(asking, matter),
    )


@page("cooperation/open", title=gettext_lazy("Open"), needs=Open.WHOLE)
def open_(asking: Asking, matter: str, sent: Sent | None = None) -> Page | Go:
    """What the own party sealed is opened: with what is kept here, or with what it kept elsewhere."""
    claims, _said = _matter(asking, matter)
    stands = standing(claims, matter, viewpoint(asking))
    own = next((each for each in stands.standings if each.party in asking.reach.parties and each.sealed), Standing(""))
    here = own.sealed is not None and keeping.kept(own.sealed.said.digest) is not None
    if sent is None:
        return _opening(asking, stands, own, {}, here=here)
    try:
        if KINDS["cooperation.opened"].persons > 1:
            must_be_fresh(asking)
        made = keeping.unseal(matter, acting.act(asking, sent))
    except Refused as refused:
        return refused_as(refused.problems, _opening(asking, stands, own, sent, here=here))
    sort, _colon, code = matter.partition(":")
    return acting.gone(made, asking.to(TYPING[sort].path, code=code), _("Opened."))


def _opening(asking: Asking, stands: Matter, own: Standing, given: Mapping[str, Any], *, here: bool) -> Page:
    blocks: list[Block] = list(standing_blocks(asking, stands))
    way = None
    if here:
        blocks.append(Form([*acting.fields(asking, given)], [Button(_("Open"), "state", main=True)], name="open"))
    elif own.sealed is not None:
        text = _(
            "What opens it is not kept here: type salt and content from the file that you kept when you sealed it."
        )
        blocks.append(Text(text, name="how"))
        number = str(own.sealed.number)
        way = to_say(asking, Opened, _("Hand in the opening"), matter=stands.thing, sealed=number, release="*")
    lead = _("What is opened can be read by all parties of the matter, and cannot be changed any more.")
    return Page(
        _("Open for %(matter)s") % {"matter": stands.thing},
        blocks,
        lead=lead,
        action=way,
        above=_above(asking, stands.thing),
    )
