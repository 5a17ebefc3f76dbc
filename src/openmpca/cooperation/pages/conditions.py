"""The pages of conditions: what blocks spending and why, what will, the assumptions of a project, the risks."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.conditions.gating import ahead, blocking, conditioned, owned, stage_of
from openmpca.cooperation.conditions.register import risks as register
from openmpca.cooperation.conditions.statements import Assumption, Confirmation, Permit, PermitStage, Risk
from openmpca.cooperation.pages.asked import claims_of, to_claim, to_say
from openmpca.cooperation.pages.words import HEADS, MEANINGS
from openmpca.pages.blocks import LINKS, Block, Page, Row, Table
from openmpca.pages.routes import Asking, Open, page
from openmpca.pages.told import worded

HEADS.update(
    {
        "owners": gettext_lazy("Owners"),
        "confirm_every": gettext_lazy("Confirmed again within days"),
        "quantity": gettext_lazy("Quantity"),
        "delay_cost": gettext_lazy("Cost of a month of delay"),
        "assumption": gettext_lazy("Assumption"),
        "finding": gettext_lazy("Finding"),
        "permit": gettext_lazy("Permit"),
        "by": gettext_lazy("Obtained by"),
        "authority": gettext_lazy("Authority"),
        "lead_days": gettext_lazy("Days that it takes"),
        "needed": gettext_lazy("Needed by"),
        "stage": gettext_lazy("Stage"),
        "likelihood": gettext_lazy("Likelihood"),
        "impact": gettext_lazy("Impact"),
        "owner": gettext_lazy("Owner"),
        "response": gettext_lazy("Response"),
        "closed": gettext_lazy("Closed"),
        "reference": gettext_lazy("Reference"),
        "evidence": gettext_lazy("Evidence"),
    }
)
MEANINGS.update(
    {
        "assumption.owners": gettext_lazy("PARTY=who answers for it there, one in a line; two parties at least."),
        "assumption.quantity": gettext_lazy("How much of what is assumed, such as 20 000 t of propellant."),
        "risk.likelihood": gettext_lazy("From 1, hardly ever, to 5, nearly certain."),
        "risk.impact": gettext_lazy("From 1, hardly felt, to 5, the end of the project."),
    }
)
DAYS_AHEAD = 90


@page("cooperation/conditions", title=gettext_lazy("What blocks spending"), needs=Open.WHOLE, menu=28)
def conditions(asking: Asking, project: str = "") -> Page:
    """What blocks the next obligation of money, what will, and the assumptions and permits behind it."""
    claims = claims_of(asking)
    codes = [project] if project else conditioned(claims)
    links = [
        to_say(asking, Permit, _("State a permit"), project=project),
        to_say(asking, Confirmation, _("Confirm an assumption")),
        to_say(asking, PermitStage, _("State how far a permit has come")),
    ]
    return Page(
        _("What blocks spending"),
        list(_blocks(asking, claims, codes)),
        lead=_(
            "Where an owner has not confirmed an assumption in time, or a permit is not granted, nothing is obligated."
        ),
        action=to_say(asking, Assumption, _("State an assumption"), project=project),
        links=[each for each in links if each],
    )


def _blocks(asking: Asking, claims: Claims, codes: list[str]) -> Iterator[Block]:
    yield blocked(asking, claims, codes)
    soon = [each for code in codes for each in ahead(claims, code, claims.day, DAYS_AHEAD)]
    rows: list[Row] = [
        {
            "due": each.due,
            "project": each.project,
            "condition": each.code,
            "what": worded(each.what),
            LINKS: {"project": asking.to("cooperation/project", code=each.project)},
        }
        for each in sorted(soon, key=lambda each: each.due)
    ]
    heads = {"due": _("Due"), "project": _("Project"), "condition": _("Condition"), "what": _("What is to be done")}
    yield Table(rows, heads, name="due", caption=_("Due in %(days)d days") % {"days": DAYS_AHEAD}, empty=_("Nothing."))
    yield _assumptions(asking, claims, codes)
    yield _permits(asking, claims, codes)


def blocked(asking: Asking, claims: Claims, codes: list[str]) -> Table:
    """What blocks spending for some projects."""
    rows: list[Row] = [
        {
            "project": each.project,
            "condition": each.code,
            "title": each.title,
            "why": worded(each.why),
            "since": each.since,
            "cost": f"{each.cost} {each.currency}" if each.cost is not None else "",
            LINKS: {"project": asking.to("cooperation/project", code=each.project)},
        }
        for code in codes
        for each in blocking(claims, code, claims.day)
    ]
    heads = {
        "project": _("Project"),
        "condition": _("Condition"),
        "title": _("Title"),
        "why": _("Why it blocks"),
        "since": _("Since"),
        "cost": _("A month costs"),
    }
    return Table(rows, heads, name="blocked", caption=_("What blocks spending"), empty=_("Nothing blocks spending."))


def _assumptions(asking: Asking, claims: Claims, codes: list[str]) -> Table:
    rows = []
    for code in codes:
        for each in owned(claims, code, claims.day):
            for party, who in sorted(each.owners.items()):
                word = each.words.get(party)
                links = {"assumption": to_claim(asking, each.claims[0])}
                row = {
                    "assumption": each.code,
                    "title": each.claims[0].said.title,
                    "owner": f"{party}: {who}",
                    "finding": worded(word.said.finding) if word else _("not confirmed"),
                    "day": word.said.day if word else "",
                    "due": each.due(party) if word else "",
                }
                rows.append({**row, LINKS: {**links, **({"day": to_claim(asking, word)} if word else {})}})
    heads = {
        "assumption": _("Assumption"),
        "title": _("Title"),
        "owner": _("Owner"),
        "finding": _("Finding"),
        "day": _("Day"),
        "due": _("Again until"),
    }
    return Table(rows, heads, name="assumptions", caption=_("Assumptions"), empty=_("None is stated."))


def _permits(asking: Asking, claims: Claims, codes: list[str]) -> Table:
    rows = []
    for each in claims.of(Permit):
        if each.said.project in codes:
            stage = stage_of(claims, each.thing, each.said.by, claims.day)
            row = {
                "permit": each.code,
                "title": each.said.title,
                "authority": each.said.authority,
                "by": each.said.by,
                "needed": each.said.needed,
                "stage": worded(stage.said.stage if stage else "not asked for"),
                "until": stage.said.until if stage else "",
            }
            rows.append({**row, LINKS: {"permit": to_claim(asking, each)}})
    heads = {name: str(HEADS[name]) for name in ("permit", "title", "authority", "by", "needed", "stage", "until")}
    return Table(rows, heads, name="permits", caption=_("Permits"), empty=_("None is stated."))


@page("cooperation/risks", title=gettext_lazy("Risks"), needs=Open.WHOLE, menu=29)
def risks(asking: Asking, project: str = "") -> Page:
    """The risks of a project or of all, the gravest first, as each party rates them."""
    rows: list[Row] = [
        {
            "risk": each.code,
            "title": claim.said.title,
            "project": claim.said.project,
            "party": claim.party,
            "rating": f"{claim.said.likelihood} × {claim.said.impact}",
            "owner": claim.said.owner,
            "response": claim.said.response,
            "standing": _("closed") if claim.said.closed else _("open"),
            LINKS: {"risk": to_claim(asking, claim)},
        }
        for each in register(claims_of(asking), project)
        for claim in each.claims
    ]
    heads = {
        "risk": _("Risk"),
        "title": _("Title"),
        "project": _("Project"),
        "party": _("Party"),
        "rating": _("Likelihood × impact"),
        "owner": _("Owner"),
        "response": _("Response"),
        "standing": _("Standing"),
    }
    return Page(
        _("Risks"),
        [Table(rows, heads, name="risks", empty=_("There are no risks that you may read."))],
        lead=_("The gravest first; each party rates for itself."),
        action=to_say(asking, Risk, _("State a risk"), project=project),
    )
