"""The pages of parties: what each is and does, whom one reaches there, and the drills that confirm it."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.pages.asked import claims_of, to_claim, to_say
from openmpca.cooperation.pages.words_of_agreements import standing as in_plain_words
from openmpca.cooperation.parties import standing
from openmpca.cooperation.parties.standing import Asked, Holding, Point
from openmpca.cooperation.parties.statements import Contact, Drill, DrillAnswer, Profile, Role
from openmpca.pages.blocks import LINKS, Block, Link, Page, Row, Table
from openmpca.pages.routes import ROUTES, Asking, NotFound, Open, page
from openmpca.record.models import Party


def to_party(asking: Asking, code: str) -> str:
    """The page of a party."""
    return asking.to("cooperation/party", code=code)


def to_thing(asking: Asking, thing: str) -> str:
    """The page of a thing, such as an agreement, a clause or a project; empty where its sort has none."""
    sort, _sign, code = thing.partition(":")
    path = f"cooperation/{sort}"
    return asking.to(path, code=code) if path in ROUTES and "code" in ROUTES[path].parameters else ""


@page("cooperation/parties", title=gettext_lazy("Parties"), needs=Open.WHOLE, menu=10)
def parties(asking: Asking) -> Page:
    """The parties as they are stated, and how well one reaches each."""
    claims = claims_of(asking)
    points = standing.points(claims)
    rows = [_profile(asking, each, points) for each in claims.of(Profile)]
    heads = {"party": _("Party"), "title": _("Title"), "sort": _("Sort"), "within": _("Within"), "by": _("Said by")}
    return Page(
        _("Parties"),
        [Table(rows, {**heads, "reached": _("Reached")}, name="parties", empty=_("Nobody has said what a party is."))],
        lead=_("Nobody is donor or recipient by nature: what a party does is a role, in a project, for a period."),
        action=to_say(asking, Profile, _("State what a party is")),
        links=[Link(_("Contact points"), asking.to("cooperation/contacts"))],
    )


def _profile(asking: Asking, claim: Claim[Profile], points: list[Point]) -> Row:
    own = [each for each in points if each.claim.said.holder == claim.code and each.standing != standing.GONE]
    reached = sum(each.standing == standing.REACHABLE for each in own)
    return {
        "party": claim.code,
        "title": claim.said.title,
        "sort": in_plain_words(claim.said.sort),
        "within": claim.said.within,
        "by": claim.party,
        "reached": _("%(reached)d of %(all)d") % {"reached": reached, "all": len(own)} if own else "",
        LINKS: {
            "party": to_party(asking, claim.code),
            "title": to_claim(asking, claim),
            "within": to_party(asking, claim.said.within) if claim.said.within else "",
            "reached": asking.to("cooperation/contacts", of=claim.code),
        },
    }


@page("cooperation/party", title=gettext_lazy("Party"), needs=Open.WHOLE)
def party(asking: Asking, code: str) -> Page:
    """What each party says of one party, its roles, whom one reaches there."""
    claims = claims_of(asking)
    said = claims.about(Profile, f"party:{code}")
    named = Party.objects.filter(code=code).values_list("name", flat=True).first()
    if not said and named is None:
        raise NotFound(_("There is no party %(code)s that you may read.") % {"code": code})
    title = said[0].said.title if said else named
    return Page(
        f"{code}: {title}",
        list(_blocks(asking, claims, code, said)),
        action=to_say(asking, Role, _("State a role"), holder=code),
        links=[each for each in (to_say(asking, Contact, _("State a contact point"), holder=code),) if each],
        above=[Link(_("Parties"), asking.to("cooperation/parties"))],
    )


def _blocks(asking: Asking, claims: Claims, code: str, said: list[Claim[Profile]]) -> Iterator[Block]:
    rows = [_profile(asking, each, []) for each in said]
    heads = {"by": _("Said by"), "title": _("Title"), "sort": _("Sort"), "within": _("Within")}
    yield Table(rows, heads, name="profiles", caption=_("What it is"), empty=_("Nobody has said what it is."))
    yield roles_of(asking, standing.roles(claims, holder=code), _("Its roles"))
    own = [each for each in standing.points(claims) if each.claim.said.holder == code]
    yield _points(asking, own)


def roles_of(asking: Asking, held: list[Holding], caption: str) -> Table:
    """Roles as a table: in what, whose, since when, until when, who says so."""
    rows = [_role(asking, each) for each in held]
    heads = {"in": _("In"), "party": _("Party"), "role": _("Role"), "since": _("Since"), "until": _("Until")}
    more = {"standing": "", "by": _("Said by")}
    return Table(rows, {**heads, **more}, name="roles", caption=caption, empty=_("Nobody has stated a role."))


def _role(asking: Asking, each: Holding) -> Row:
    said = each.claim.said
    return {
        "in": each.claim.code,
        "party": said.holder,
        "role": in_plain_words(said.role),
        "since": said.day,
        "until": said.until,
        "standing": in_plain_words(each.standing),
        "by": each.claim.party,
        LINKS: {
            "in": to_thing(asking, each.claim.thing),
            "party": to_party(asking, said.holder),
            "role": to_claim(asking, each.claim),
        },
    }


@page("cooperation/contacts", title=gettext_lazy("Contact points"), needs=Open.WHOLE, menu=12)
def contacts(asking: Asking, of: str = "") -> Page:
    """Whom one reaches at each party, and the drills: asked, answered, overdue."""
    claims = claims_of(asking)
    points = [each for each in standing.points(claims) if of in ("", each.claim.said.holder)]
    shown = {each.claim.code for each in points}
    asked = [each for each in standing.drills(claims) if not of or each.contact in shown]
    failing = sum(each.standing in standing.NOBODY for each in points)
    lead = _("%(count)d of %(all)d may not be reached.") % {"count": failing, "all": len(points)} if failing else ""
    ways = [to_say(asking, Drill, _("Ask contact points")), to_say(asking, DrillAnswer, _("State an answer"))]
    return Page(
        _("Contact points"),
        [_points(asking, points), _drills(asking, asked)],
        lead=lead,
        action=to_say(asking, Contact, _("State a contact point"), holder=of),
        links=[each for each in ways if each is not None],
        above=[Link(_("Parties"), asking.to("cooperation/parties"))],
    )


def _points(asking: Asking, points: list[Point]) -> Table:
    rows = [_point(asking, each) for each in points]
    heads = {"contact": _("Contact point"), "party": _("Party"), "matter": _("For which matter"), "name": _("Name")}
    more = {"address": _("Address"), "standing": _("Standing"), "answered": _("Answered")}
    return Table(rows, {**heads, **more}, name="contacts", caption=_("Contact points"), empty=_("There are none."))


def _point(asking: Asking, each: Point) -> Row:
    said = each.claim.said
    return {
        "contact": each.claim.code,
        "party": said.holder,
        "matter": said.matter,
        "name": said.name,
        "address": said.address,
        "standing": in_plain_words(each.standing),
        "answered": each.answered,
        LINKS: {"contact": to_claim(asking, each.claim), "party": to_party(asking, said.holder)},
    }


def _drills(asking: Asking, asked: list[Asked]) -> Table:
    rows: list[dict[str, Any]] = [
        {
            "drill": each.drill.code,
            "asked": each.drill.said.day,
            "contact": each.contact,
            "due": each.drill.said.answer_by,
            "standing": in_plain_words(each.standing),
            "answered": each.answered,
            "outcome": in_plain_words(each.outcome) if each.outcome else "",
            LINKS: {"drill": to_claim(asking, each.drill)},
        }
        for each in asked
    ]
    heads = {"drill": _("Drill"), "asked": _("Asked"), "contact": _("Contact point"), "due": _("Answers due")}
    more = {"standing": _("Standing"), "answered": _("Answered"), "outcome": _("What came of it")}
    return Table(rows, {**heads, **more}, name="drills", caption=_("Drills"), empty=_("Nobody was asked yet."))
