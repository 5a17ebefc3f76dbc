"""The pages of handing over: how sites are sustained in the eyes of each party, how transitions stand and end.

Rules kept here:

1. A profile is drawn by element, each by its lowest level; no mean and no single score stands anywhere.
2. What was cut off by a date stays beside the transfer for as long as it is open.
"""

from collections.abc import Iterator

from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from openmpca.cooperation.elimination.statements import Site
from openmpca.cooperation.handover import sustaining
from openmpca.cooperation.handover.statements import (
    Assurance,
    Funding,
    Gate,
    Indicator,
    Level,
    Responsibility,
    Transfer,
    Transition,
)
from openmpca.cooperation.handover.transition import Standing, standing, standings
from openmpca.cooperation.pages.asked import about, claims_of, codes, to_claim, to_say
from openmpca.cooperation.pages.words import HEADS, MEANINGS
from openmpca.pages.blocks import LINKS, Block, Button, Choice, Facts, Field, Form, Link, Page, Row, Table
from openmpca.pages.charts import drawing
from openmpca.pages.charts.described import Bar, Bars, Limit
from openmpca.pages.routes import Asking, Open, address, page
from openmpca.pages.told import worded

HEADS.update(
    {
        "element": gettext_lazy("Element"),
        "anchors": gettext_lazy("Anchors of the levels"),
        "unverified": gettext_lazy("Source not read"),
        "indicator": gettext_lazy("Indicator"),
        "site": gettext_lazy("Site"),
        "level": gettext_lazy("Level"),
        "evidence": gettext_lazy("Evidence"),
        "sort": gettext_lazy("Sort"),
        "evidenced": gettext_lazy("Day of the evidence"),
        "expires": gettext_lazy("Expires"),
        "confidence": gettext_lazy("Confidence"),
        "owner": gettext_lazy("Owner"),
        "due": gettext_lazy("Due"),
        "law": gettext_lazy("Set by"),
        "transition": gettext_lazy("Transition"),
        "year": gettext_lazy("Year"),
        "shares": gettext_lazy("Shares, %"),
        "responsible": gettext_lazy("Responsible"),
        "done": gettext_lazy("Done"),
        "criteria": gettext_lazy("Criteria"),
        "decision": gettext_lazy("Decision"),
        "open_conditions": gettext_lazy("Open conditions"),
        "way": gettext_lazy("Way"),
        "result": gettext_lazy("Result"),
        "findings": gettext_lazy("Findings"),
    }
)
MEANINGS.update(
    {
        "indicator.anchors": gettext_lazy("What each level from 0 to 4 means, a line each."),
        "level.level": gettext_lazy("A whole number from 0 to 4, by the anchors of the indicator."),
        "level.sort": gettext_lazy("Whether the evidence is a document, a test or an observation."),
        "funding.shares": gettext_lazy("PARTY=PERCENT, a line each; they come to 100."),
        "gate.criteria": gettext_lazy("INDICATOR=LEVEL, a line each: the least level."),
        "gate.decision": gettext_lazy("The decision that all parties sign when they find it so."),
        "transfer.open_conditions": gettext_lazy("What was not ready on the day, a line each."),
    }
)


@page("cooperation/transitions", title=gettext_lazy("Handing over"), needs=Open.WHOLE, menu=70)
def transitions(asking: Asking) -> Page:
    """Every transition with what lacks, and the sites with a profile."""
    claims = claims_of(asking)
    rows = [_row(asking, each) for each in standings(claims)]
    heads = {
        "transition": _("Transition"),
        "title": _("Title"),
        "site": _("Site"),
        "owner": _("Owner"),
        "due": _("Due"),
        "state": _("State"),
        "unmet": _("Not met"),
        "unsigned": _("Not signed"),
    }
    sites = sorted({each.said.site for each in claims.of(Level)})
    profiles: list[Row] = [
        {"site": each, "viewer": sustaining.parties(claims, each), LINKS: {"site": _to_profile(asking, each)}}
        for each in sites
    ]
    blocks: list[Block] = [
        Table(rows, heads, name="transitions", empty=_("There is no transition that you may read.")),
        Table(
            profiles,
            {"site": _("Site"), "viewer": _("In the eyes of")},
            name="profiles",
            caption=_("How sites are sustained"),
            empty=_("Nobody has stated a level."),
        ),
    ]
    ways = [to_say(asking, Indicator, _("State an indicator")), to_say(asking, Level, _("State a level"))]
    return Page(
        _("Handing over"),
        blocks,
        action=to_say(asking, Transition, _("State a transition")),
        links=[each for each in ways if each is not None],
    )


def _to_profile(asking: Asking, site: str) -> str:
    return asking.to("cooperation/profile", site=site)


def _row(asking: Asking, each: Standing) -> Row:
    said = each.transition.said
    return {
        "transition": each.transition.code,
        "title": said.title,
        "site": said.site,
        "owner": said.owner,
        "due": said.due,
        "state": worded(each.state),
        "unmet": len(each.unmet),
        "unsigned": list(each.unsigned),
        LINKS: {
            "transition": asking.to("cooperation/transition", code=each.transition.code),
            "site": _to_profile(asking, said.site),
        },
    }


@page("cooperation/transition", title=gettext_lazy("Transition"), needs=Open.WHOLE)
def transition(asking: Asking, code: str) -> Page:
    """One transition: its dates, what lacks before its gate, who bears what, what is to be done, what followed."""
    claims = claims_of(asking)
    found = standing(claims, about(claims, Transition, code)[-1])
    said = found.transition.said
    facts = {
        "site": said.site,
        "owner": said.owner,
        "due": said.due,
        "law": said.law,
        "agreement": said.agreement,
        "open_conditions": list(found.open_conditions),
    }
    shown = {name: value for name, value in facts.items() if value}
    heads = {name: str(HEADS.get(name, name)) for name in shown}
    blocks: list[Block] = [Facts(shown, links={"site": _to_profile(asking, said.site)}, heads=heads)]
    blocks += _tables(asking, found)
    kinds = (
        (Responsibility, _("State what is to be done")),
        (Funding, _("State shares of a year")),
        (Gate, _("State a gate")),
        (Assurance, _("State an assurance")),
        (Transfer, _("State the transfer")),
    )
    ways = [to_say(asking, kind, text, transition=code) for kind, text in kinds]
    return Page(
        f"{code}: {said.title}",
        blocks,
        lead=worded(found.state),
        action=ways[0],
        links=[each for each in ways[1:] if each is not None],
        above=[Link(_("Handing over"), asking.to("cooperation/transitions"))],
    )


def _tables(asking: Asking, found: Standing) -> Iterator[Table]:
    unmet = [
        {
            "indicator": each.indicator,
            "least": each.least,
            "viewer": each.party,
            "level": each.level,
            "why": worded(each.why),
        }
        for each in found.unmet
    ]
    heads = {"indicator": _("Indicator"), "least": _("Least level"), "viewer": _("In the eyes of"), "level": _("Level")}
    yield Table(unmet, {**heads, "why": _("Why not")}, name="unmet", caption=_("Not met"), empty=_("Nothing lacks."))
    years = [
        {"year": str(year), **{party: str(share) for party, share in shares.items()}} for year, shares in found.funding
    ]
    parties = dict.fromkeys(party for _year, shares in found.funding for party in shares)
    shares = {"year": _("Year"), **{each: f"{each}, %" for each in parties}}
    yield Table(years, shares, name="funding", caption=_("Who bears what"), empty=_("No shares are stated."))
    late = [
        {
            "code": each.code,
            "title": each.said.title,
            "element": worded(each.said.element),
            "responsible": each.said.responsible,
            "due": each.said.due,
            LINKS: {"code": to_claim(asking, each)},
        }
        for each in found.overdue
    ]
    names = ("code", "title", "element", "responsible", "due")
    yield Table(
        late, {name: str(HEADS[name]) for name in names}, name="late", caption=_("Late"), empty=_("Nothing is late.")
    )
    seen = [
        {
            "day": each.said.day,
            "party": each.party,
            "way": worded(each.said.way),
            "result": worded(each.said.result),
            "findings": each.said.findings,
            "after": each in found.followed_up,
            LINKS: {"day": to_claim(asking, each)},
        }
        for each in found.assurances
    ]
    of_seen = {name: str(HEADS[name]) for name in ("day", "party", "way", "result", "findings")}
    of_seen["after"] = _("After the transfer")
    yield Table(seen, of_seen, name="assurances", caption=_("Assurances"), empty=_("There was none yet."))


@page("cooperation/profile", title=gettext_lazy("How a site is sustained"), needs=Open.WHOLE)
def profile(asking: Asking, site: str, viewpoint: str = "") -> Page:
    """The profile of a site in the eyes of a party: elements by their lowest level, indicators with their evidence."""
    claims = claims_of(asking)
    about(claims, Site, site)
    viewers = sustaining.parties(claims, site)
    viewer = viewpoint or (viewers[0] if viewers else "")
    found = sustaining.profile(claims, site, viewer)
    fields = [
        Field("site", _("Site"), site, choices=[Choice(each, each) for each in codes(claims, "site")]),
        Field("viewpoint", _("In the eyes of"), viewer, choices=[Choice(each, each) for each in viewers]),
    ]
    question = Form(fields, [Button(_("Show"))], address("cooperation/profile"), "get", "question")
    return Page(
        _("%(site)s in the eyes of %(viewer)s") % {"site": site, "viewer": viewer or "–"},
        [question, drawing(_drawn(found), "profile", rtl=get_language_bidi()), _indicators(asking, found)],
        lead=_("Each element is told by its lowest level. There is no single score."),
        action=to_say(asking, Level, _("State a level"), site=site),
        above=[Link(_("Handing over"), asking.to("cooperation/transitions"))],
    )


def _drawn(found: list[sustaining.OfElement]) -> Bars:
    rows = [
        {
            "element": worded(each.element),
            "lowest": each.lowest,
            "stated": f"{len(each.stated)} / {len(each.indicators)}",
            "oldest": each.oldest,
        }
        for each in found
    ]
    heads = {
        "element": _("Element"),
        "lowest": _("Lowest level"),
        "stated": _("Stated"),
        "oldest": _("Oldest evidence, days"),
    }
    known = [each for each in found if each.lowest is not None]
    lowest = min((each.lowest for each in known if each.lowest is not None), default=None)
    told = _("%(known)d of %(all)d elements have a level; the lowest is %(lowest)s.")
    return Bars(
        title=_("Lowest level of each element"),
        summary=told % {"known": len(known), "all": len(found), "lowest": "–" if lowest is None else lowest},
        unit=_("of 4"),
        table=Table(rows, heads, name="profile_figures"),
        bars=[Bar(worded(each.element), each.lowest or 0) for each in known],
        limits=[Limit(_("sustained"), 4)],
    )


def _indicators(asking: Asking, found: list[sustaining.OfElement]) -> Table:
    rows = [
        {
            "indicator": each.indicator.code,
            "title": each.indicator.said.title,
            "element": worded(of.element),
            "level": None if each.level is None else each.level.said.level,
            "anchor": each.anchor,
            "evidence": "" if each.level is None else each.level.said.evidence,
            "age": each.age,
            "expired": each.expired,
            "unverified": each.indicator.said.unverified,
            LINKS: {"indicator": to_claim(asking, each.indicator)}
            | ({"level": to_claim(asking, each.level)} if each.level is not None else {}),
        }
        for of in found
        for each in of.indicators
    ]
    heads = {name: str(HEADS[name]) for name in ("indicator", "title", "element", "level")}
    heads |= {"anchor": _("Which means"), "evidence": str(HEADS["evidence"]), "age": _("Age, days")}
    heads |= {"expired": _("Expired"), "unverified": str(HEADS["unverified"])}
    return Table(rows, heads, name="indicators", empty=_("There are no indicators: state some first."))
