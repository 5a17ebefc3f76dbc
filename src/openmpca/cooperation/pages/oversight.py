"""The pages of following up: what to examine first and who denied it, deliverables and actions with their clocks."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.oversight.examining import ranked
from openmpca.cooperation.oversight.following import actions, deliverables, requests
from openmpca.cooperation.oversight.statements import (
    Acceptance,
    Access,
    AccessAnswer,
    Action,
    ActionDone,
    Asset,
    Check,
    Deliverable,
    Finding,
    Minutes,
)
from openmpca.cooperation.pages.asked import claims_of, to_claim, to_say
from openmpca.cooperation.pages.words import HEADS, MEANINGS
from openmpca.pages.blocks import LINKS, Block, Page, Row, Table
from openmpca.pages.routes import Asking, Open, page
from openmpca.pages.told import worded

HEADS.update(
    {
        "giver": gettext_lazy("Giver"),
        "accepted_by": gettext_lazy("Accepted by"),
        "deliverable": gettext_lazy("Deliverable"),
        "verdict": gettext_lazy("Verdict"),
        "act": gettext_lazy("Act, SHA-256"),
        "asset": gettext_lazy("Asset"),
        "value": gettext_lazy("Value"),
        "place": gettext_lazy("Place"),
        "condition": gettext_lazy("Condition"),
        "custodian": gettext_lazy("Custodian"),
        "holder": gettext_lazy("Title holder"),
        "serial": gettext_lazy("Serial number"),
        "method": gettext_lazy("Method"),
        "result": gettext_lazy("Result"),
        "access": gettext_lazy("Access"),
        "assets": gettext_lazy("Assets"),
        "wanted": gettext_lazy("Wanted on"),
        "answer_by": gettext_lazy("Answer by"),
        "answer": gettext_lazy("Answer"),
        "weight": gettext_lazy("Weight"),
        "present": gettext_lazy("Present"),
        "paper": gettext_lazy("Paper, SHA-256"),
        "action": gettext_lazy("Action"),
        "ladder": gettext_lazy("Goes up"),
    }
)
MEANINGS.update(
    {
        "action.of": gettext_lazy("Because of what, such as minutes:M-3 or project:P-07."),
        "action.ladder": gettext_lazy("DAYS=to whom it goes up when it is so many days late, one in a line."),
    }
)


@page("cooperation/examinations", title=gettext_lazy("Examinations"), needs=Open.WHOLE, menu=72)
def examinations(asking: Asking, project: str = "") -> Page:
    """The assets by what to examine first; requests for access with their answers."""
    claims = claims_of(asking)
    ways = [
        to_say(asking, Check, _("State a check")),
        to_say(asking, Access, _("Ask for access"), project=project),
        to_say(asking, AccessAnswer, _("Answer a request")),
        to_say(asking, Finding, _("State a finding")),
    ]
    return Page(
        _("Examinations"),
        [_assets(asking, claims, project), _requests(asking, claims), _findings(asking, claims)],
        lead=_("Ranked by value, by how sure one is, and by how long ago somebody looked."),
        action=to_say(asking, Asset, _("State an asset"), project=project),
        links=[each for each in ways if each],
    )


def _assets(asking: Asking, claims: Claims, project: str) -> Table:
    rows: list[Row] = [
        {
            "asset": each.claim.code,
            "title": each.claim.said.title,
            "place": each.claim.said.place,
            "condition": worded(each.claim.said.condition),
            "custodian": each.claim.said.custodian,
            "holder": each.claim.said.holder,
            "value": f"{each.claim.said.value} {each.claim.said.currency}",
            "checked": each.last.said.day if each.last else _("never"),
            "method": worded(each.last.said.method) if each.last else "",
            "assurance": str(each.assurance),
            "days": str(each.days),
            "access": _("was denied") if each.denied else "",
            LINKS: {
                "asset": to_claim(asking, each.claim),
                **({"checked": to_claim(asking, each.last)} if each.last else {}),
            },
        }
        for each in ranked(claims, project)
    ]
    names = ("asset", "title", "place", "condition", "custodian", "holder", "value")
    heads = {name: str(HEADS[name]) for name in names} | {
        "checked": _("Checked"),
        "method": _("Method"),
        "assurance": _("Assured, %"),
        "days": _("Days ago"),
        "access": _("Access"),
    }
    empty = _("There are no assets that you may read.")
    return Table(rows, heads, name="assets", caption=_("What to examine first"), empty=empty)


def _requests(asking: Asking, claims: Claims) -> Table:
    rows: list[Row] = [
        {
            "access": each.claim.code,
            "party": each.claim.party,
            "host": each.claim.said.host,
            "place": each.claim.said.place,
            "answer_by": each.claim.said.answer_by,
            "standing": worded(each.standing),
            "late": str(each.late) if each.late else "",
            "reason": each.answer.said.reason if each.answer else "",
            LINKS: {
                "access": to_claim(asking, each.claim),
                **({"standing": to_claim(asking, each.answer)} if each.answer else {}),
            },
        }
        for each in requests(claims)
    ]
    heads = {
        "access": _("Access"),
        "party": _("Asked by"),
        "host": _("Host"),
        "place": _("Place"),
        "answer_by": _("Answer by"),
        "standing": _("Standing"),
        "late": _("Days late"),
        "reason": _("Reason"),
    }
    return Table(rows, heads, name="requests", caption=_("Requests for access"), empty=_("None is stated."))


def _findings(asking: Asking, claims: Claims) -> Table:
    rows: list[Row] = [
        {
            "finding": each.code,
            "day": each.said.day,
            "about": each.said.about,
            "text": each.said.text,
            "weight": worded(each.said.weight),
            "owner": each.said.owner,
            "party": each.party,
            LINKS: {"finding": to_claim(asking, each)},
        }
        for each in claims.of(Finding)
    ]
    heads = {
        "finding": _("Finding"),
        "day": _("Day"),
        "about": _("About"),
        "text": _("What was found"),
        "weight": _("Weight"),
        "owner": _("Owner"),
        "party": _("Stated by"),
    }
    return Table(rows, heads, name="findings", caption=_("Findings"), empty=_("None is stated."))


@page("cooperation/actions", title=gettext_lazy("Actions and deliverables"), needs=Open.WHOLE, menu=27)
def list_actions(asking: Asking, project: str = "") -> Page:
    """The actions with their clocks, the deliverables with who is awaited, the minutes."""
    claims = claims_of(asking)
    ways = [
        to_say(asking, ActionDone, _("State that an action is done")),
        to_say(asking, Deliverable, _("State a deliverable"), project=project),
        to_say(asking, Acceptance, _("Offer or accept a deliverable")),
        to_say(asking, Minutes, _("State minutes")),
    ]
    return Page(
        _("Actions and deliverables"),
        list(_followed(asking, claims, project)),
        lead=_("What is late goes up its ladder; a deliverable is accepted when all who are named have accepted it."),
        action=to_say(asking, Action, _("State an action")),
        links=[each for each in ways if each],
    )


def _followed(asking: Asking, claims: Claims, project: str) -> Iterator[Block]:
    due: list[Row] = [
        {
            "action": each.claim.code,
            "title": each.claim.said.title,
            "owner": each.claim.said.owner,
            "due": each.claim.said.due,
            "standing": worded(each.standing),
            "late": str(each.late) if each.late else "",
            "level": each.level,
            LINKS: {"action": to_claim(asking, each.claim)},
        }
        for each in actions(claims)
    ]
    heads = {
        "action": _("Action"),
        "title": _("Title"),
        "owner": _("Owner"),
        "due": _("Due"),
        "standing": _("Standing"),
        "late": _("Days late"),
        "level": _("Gone up to"),
    }
    yield Table(due, heads, name="actions", caption=_("Actions"), empty=_("None is stated."))
    yield _deliverables(asking, claims, project)
    met: list[Row] = [
        {
            "minutes": each.code,
            "day": each.said.day,
            "board": each.said.board,
            "party": each.party,
            "text": each.said.text,
            LINKS: {
                "minutes": to_claim(asking, each),
                "board": asking.to("cooperation/board", code=each.said.board),
            },
        }
        for each in claims.of(Minutes)
    ]
    names = {"minutes": _("Minutes"), "day": _("Day"), "board": _("Board"), "party": _("Stated by"), "text": _("Text")}
    yield Table(met, names, name="minutes", caption=_("Minutes"), empty=_("None is stated."))


def _deliverables(asking: Asking, claims: Claims, project: str) -> Table:
    rows: list[Row] = [
        {
            "deliverable": each.claim.code,
            "title": each.claim.said.title,
            "giver": each.claim.said.giver,
            "offered": each.offered,
            "standing": worded(each.standing),
            "accepted": ", ".join(each.accepted),
            "awaited": ", ".join(each.awaited),
            "refused": "; ".join(f"{party}: {why}" for party, why in each.refused),
            LINKS: {"deliverable": to_claim(asking, each.claim)},
        }
        for each in deliverables(claims, project)
    ]
    heads = {
        "deliverable": _("Deliverable"),
        "title": _("Title"),
        "giver": _("Giver"),
        "offered": _("Offered"),
        "standing": _("Standing"),
        "accepted": _("Accepted by"),
        "awaited": _("Awaits"),
        "refused": _("Not accepted by"),
    }
    return Table(rows, heads, name="deliverables", caption=_("Deliverables"), empty=_("None is stated."))
