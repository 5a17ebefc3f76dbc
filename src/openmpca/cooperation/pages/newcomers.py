"""The pages of newcomers: who they are, where one stands in the eyes of each party, needs and what became of them.

Rules kept here:

1. What a newcomer has not released is on no page of others, nor is a match before it consented (rule 722 sees to that).
2. A match is answered by the newcomer's party alone; the page offers that to nobody else.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.newcomers import matching, milestones
from openmpca.cooperation.newcomers.statements import (
    ISSUES,
    PHASES,
    Area,
    Condition,
    Consent,
    Match,
    Need,
    Newcomer,
    Offer,
    Support,
)
from openmpca.cooperation.pages.asked import about, claims_of, to_claim, to_say
from openmpca.cooperation.pages.words import HEADS, MEANINGS
from openmpca.pages.blocks import LINKS, Block, Facts, Link, Page, Row, Table, Text
from openmpca.pages.routes import Asking, Open, page
from openmpca.pages.told import worded

HEADS.update(
    {
        "answers": gettext_lazy("Answers for it"),
        "phase": gettext_lazy("Phase"),
        "facilities": gettext_lazy("Facilities"),
        "newcomer": gettext_lazy("Newcomer"),
        "issue": gettext_lazy("Issue"),
        "status": gettext_lazy("Status"),
        "condition": gettext_lazy("Condition"),
        "asked": gettext_lazy("Help asked for"),
        "area": gettext_lazy("Area"),
        "need": gettext_lazy("Need"),
        "urgency": gettext_lazy("Urgency"),
        "offer": gettext_lazy("Offer"),
        "match": gettext_lazy("Match"),
        "answer": gettext_lazy("Answer"),
        "published": gettext_lazy("Others may be told"),
    }
)
MEANINGS.update(
    {
        "newcomer.answers": gettext_lazy("The party that speaks for it here, and consents to matches."),
        "newcomer.facilities": gettext_lazy("What it has or plans, a line each."),
        "condition.condition": gettext_lazy("What has to be so, in your own words."),
        "condition.asked": gettext_lazy("What help is asked for; blank where none is."),
        "match.need": gettext_lazy("The need that is met."),
        "match.offer": gettext_lazy("The offer that meets it."),
        "consent.published": gettext_lazy("Whether parties besides the two may be told of it."),
        "support.project": gettext_lazy("The project by which it is given."),
    }
)


@page("cooperation/newcomers", title=gettext_lazy("Third countries"), needs=Open.WHOLE, menu=80)
def newcomers(asking: Asking) -> Page:
    """The newcomers, needs that nothing meets, what may be given twice."""
    claims = claims_of(asking)
    found: list[Row] = [
        {
            "newcomer": each.code,
            "title": each.said.title,
            "answers": each.said.answers,
            "phase": str(each.said.phase),
            "facilities": [worded(one) for one in each.said.facilities],
            LINKS: {"newcomer": asking.to("cooperation/newcomer", code=each.code)},
        }
        for each in claims.of(Newcomer)
    ]
    names = ("newcomer", "title", "answers", "phase", "facilities")
    stood = matching.needs(claims)
    blocks: list[Block] = [
        Table(found, _named(*names), name="newcomers", empty=_("There is no newcomer that you may read.")),
        _needs(asking, [each for each in stood if each.unmet], "unmet", _("Needs that nothing meets")),
        _offers(asking, claims),
        *_doubles(claims),
    ]
    ways = [to_say(asking, Offer, _("State an offer")), to_say(asking, Area, _("State an area"))]
    return Page(
        _("Third countries"),
        blocks,
        action=to_say(asking, Newcomer, _("State a newcomer")),
        links=[each for each in ways if each is not None],
    )


def _named(*names: str) -> dict[str, str]:
    return {name: str(HEADS[name]) for name in names}


def _needs(asking: Asking, stood: list[matching.Stood], name: str, caption: str) -> Table:
    rows: list[Row] = [
        {
            "need": each.need.code,
            "newcomer": each.need.said.newcomer,
            "area": each.need.said.area,
            "title": each.need.said.title,
            "urgency": worded(each.need.said.urgency),
            "matches": [f"{one.match.said.offer}: {worded(one.state)}" for one in each.matches],
            "supports": [f"{one.party}: {one.said.title}" for one in each.supports],
            "fitting": [f"{one.code} ({one.party})" for one in each.fitting],
            LINKS: {"need": to_claim(asking, each.need)},
        }
        for each in stood
    ]
    heads = _named("need", "newcomer", "area", "title", "urgency")
    heads |= {"matches": _("Matches"), "supports": _("Support"), "fitting": _("Offers that fit")}
    return Table(rows, heads, name=name, caption=caption, empty=_("None."))


def _offers(asking: Asking, claims: Claims) -> Table:
    rows: list[Row] = [
        {
            "offer": each.code,
            "party": each.party,
            "area": each.said.area,
            "title": each.said.title,
            "sort": worded(each.said.sort),
            LINKS: {"offer": to_claim(asking, each)},
        }
        for each in claims.of(Offer)
    ]
    heads = _named("offer", "party", "area", "title") | {"sort": _("Sort")}
    return Table(rows, heads, name="offers", caption=_("Offers"), empty=_("None."))


def _doubles(claims: Claims) -> Iterator[Text]:
    for at, each in enumerate(matching.doubles(claims)):
        told = _("%(need)s: %(one)s and %(other)s support it at the same time; it may be the same work twice.")
        names = {"need": each.need, "one": each.one.party, "other": each.other.party}
        yield Text(told % names, name=f"double_{at}")


@page("cooperation/newcomer", title=gettext_lazy("Newcomer"), needs=Open.WHOLE)
def newcomer(asking: Asking, code: str) -> Page:
    """One newcomer: its profile, its milestones in the eyes of each party, its needs, matches that wait for consent."""
    claims = claims_of(asking)
    said = about(claims, Newcomer, code)[-1].said
    facts = {"answers": said.answers, "phase": str(said.phase), "facilities": said.facilities, "about": said.about}
    shown = {name: value for name, value in facts.items() if value}
    heads = {name: str(HEADS.get(name, name)) for name in shown}
    seen = milestones.matrices(claims, code)
    blocks: list[Block] = [Facts(shown, heads=heads), *(_matrix(asking, each) for each in seen), *_differing(seen)]
    stood = matching.needs(claims, code)
    blocks.append(_needs(asking, stood, "needs", _("Needs")))
    waiting = [one for each in stood for one in each.matches if one.state == "waits"]
    own = said.answers in asking.reach.parties
    answers = [
        to_say(asking, Consent, _("Answer match %(code)s") % {"code": one.match.code}, match=one.match.code)
        for one in waiting
        if own
    ]
    ways = [
        to_say(asking, Need, _("State a need"), newcomer=code),
        to_say(asking, Match, _("Propose a match")),
        to_say(asking, Support, _("State support")),
        *answers,
    ]
    return Page(
        f"{code}: {said.title}",
        blocks,
        action=to_say(asking, Condition, _("State a condition"), newcomer=code),
        links=[each for each in ways if each is not None],
        above=[Link(_("Third countries"), asking.to("cooperation/newcomers"))],
    )


def _matrix(asking: Asking, matrix: milestones.Matrix) -> Table:
    rows: list[Row] = []
    for issue in ISSUES:
        own = {phase: matrix.conditions.get((issue, phase)) for phase in PHASES}
        leads = {f"phase_{phase}": to_claim(asking, each) for phase, each in own.items() if each is not None}
        statuses = {f"phase_{phase}": worded(matrix.status(issue, phase)) for phase in PHASES}
        rows.append({"issue": worded(issue), **statuses, LINKS: leads})
    heads = {"issue": str(HEADS["issue"])}
    heads |= {f"phase_{phase}": _("Phase %(phase)s") % {"phase": phase} for phase in PHASES}
    caption = _("Milestones in the eyes of %(party)s") % {"party": matrix.party}
    return Table(rows, heads, name=f"milestones_{matrix.party}", caption=caption)


def _differing(matrices: list[milestones.Matrix]) -> Iterator[Table]:
    rows: list[Row] = [
        {
            "issue": worded(issue),
            "phase": str(phase),
            "seen": [f"{party}: {worded(status)}" for party, status in seen.items()],
        }
        for issue, phase, seen in milestones.differing(matrices)
    ]
    if len(matrices) > 1:
        heads = {**_named("issue", "phase"), "seen": _("In the eyes of")}
        yield Table(rows, heads, name="differing", caption=_("Seen otherwise"), empty=_("All see it alike."))
