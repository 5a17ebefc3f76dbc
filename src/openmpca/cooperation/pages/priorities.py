"""The pages of priorities: proposals, rounds of scoring, one round with its scores laid side by side.

Rules kept here:

1. Each party's words and scores stand under its name; nothing is summed or averaged.
2. What a party dissented from stands beside what was agreed on.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.pages import sealing
from openmpca.cooperation.pages.asked import about, claims_of, to_claim, to_say
from openmpca.cooperation.pages.words import HEADS, MEANINGS
from openmpca.cooperation.priorities import pictures
from openmpca.cooperation.priorities.agreement import Correlation
from openmpca.cooperation.priorities.content import SORT
from openmpca.cooperation.priorities.rounds import Agreement, Result, Scored, proposers, result, results
from openmpca.cooperation.priorities.statements import Outcome, Proposal, Round
from openmpca.pages.blocks import LINKS, Beside, Block, Choice, Facts, Field, Link, Page, Table, Text
from openmpca.pages.charts import drawing
from openmpca.pages.routes import Asking, NotFound, Open, page
from openmpca.record.layout import MINUS

HEADS.update(
    {
        "proposal": gettext_lazy("Proposal"),
        "proposals": gettext_lazy("Proposals"),
        "need": gettext_lazy("Need"),
        "benefit": gettext_lazy("Benefit"),
        "cost": gettext_lazy("Cost"),
        "currency": gettext_lazy("Currency"),
        "threats": gettext_lazy("Threats"),
        "parties": gettext_lazy("Parties"),
        "least": gettext_lazy("Lowest score"),
        "most": gettext_lazy("Highest score"),
        "after": gettext_lazy("Comes after"),
        "due": gettext_lazy("Due"),
        "round": gettext_lazy("Round"),
        "adopted": gettext_lazy("Adopted"),
        "declined": gettext_lazy("Declined"),
        "dissent": gettext_lazy("Dissent"),
    }
)
MEANINGS.update(
    {
        "proposal.threats": gettext_lazy("The threats that it would lessen, a code in each line."),
        "round.parties": gettext_lazy("Who scores: a code in each line."),
        "round.proposals": gettext_lazy("What is scored: a code in each line."),
        "round.after": gettext_lazy("The round that this one repeats."),
        "round.due": gettext_lazy("By when all are meant to have sealed."),
        "outcome.adopted": gettext_lazy("What is agreed on, the first first, a code in each line."),
        "outcome.declined": gettext_lazy("What is not, a code in each line."),
        "outcome.dissent": gettext_lazy("Why your party would have decided otherwise: PROPOSAL=REASON in each line."),
    }
)
FACTS: Final = ("title", "need", "benefit", "cost", "currency", "threats")


@page("cooperation/priorities", title=gettext_lazy("Priorities"), needs=Open.WHOLE, menu=40)
def priorities(asking: Asking) -> Page:
    """Every proposal and every round that may be read."""
    claims = claims_of(asking)
    codes = list(dict.fromkeys(each.code for each in claims.of(Round)))
    found = results(claims, codes, sealing.viewpoint(asking))
    links = [to_say(asking, Round, _("Open a round of scoring"))]
    return Page(
        _("Priorities"),
        [_proposals(asking, claims, found), _rounds(asking, found)],
        lead=_("Any party proposes; each scores for itself, sealed until all have; what is agreed on each states."),
        action=to_say(asking, Proposal, _("Propose something")),
        links=[each for each in links if each is not None],
    )


def _proposals(asking: Asking, claims: Claims, found: Sequence[Result]) -> Table:
    heads = {
        "proposal": _("Proposal"),
        "title": _("Title"),
        "party": _("Proposed by"),
        "cost": _("Cost"),
        "adopted": _("Adopted in"),
    }
    by, rows = proposers(claims), []
    for code, told in ((each[0].code, each) for each in claims.by_thing(Proposal).values()):
        first = next(each for each in told if each.party == by[code])
        adopted = [each.code for each in found if code in (each.negotiated.adopted or ())]
        rows.append(
            {
                "proposal": code,
                "title": " / ".join(dict.fromkeys(each.said.title for each in told)),
                "party": first.party,
                "cost": f"{first.said.cost} {first.said.currency}".strip(),
                "adopted": ", ".join(adopted),
                LINKS: {"proposal": asking.to("cooperation/proposal", code=code)},
            }
        )
    return Table(
        rows, heads, name="proposals", caption=_("Proposals"), empty=_("There are no proposals that you may read.")
    )


def _rounds(asking: Asking, found: Sequence[Result]) -> Table:
    heads = {"round": _("Round"), "title": _("Title"), "stands": _("Stands"), "due": _("Due"), "agreed": _("Agreed on")}
    rows = [
        {
            "round": each.code,
            "title": each.claim.said.title,
            "stands": ", ".join(f"{one.party}: {sealing.STANDS[one.stands]}" for one in each.matter.standings),
            "due": each.claim.said.due or "",
            "agreed": ", ".join(each.negotiated.adopted or ()),
            LINKS: {"round": asking.to("cooperation/round", code=each.code)},
        }
        for each in found
    ]
    return Table(
        rows, heads, name="rounds", caption=_("Rounds of scoring"), empty=_("There are no rounds that you may read.")
    )


@page("cooperation/proposal", title=gettext_lazy("Proposal"), needs=Open.WHOLE)
def proposal(asking: Asking, code: str) -> Page:
    """One proposal: what each party says of it, how each scored it in each round, what came of it."""
    claims = claims_of(asking)
    told = about(claims, Proposal, code)
    within = [each.code for each in claims.of(Round) if code in each.said.proposals]
    found = results(claims, list(dict.fromkeys(within)), sealing.viewpoint(asking))
    rows = [row for each in found for row in _scored_in(asking, each, code)]
    heads = {"round": _("Round"), "party": _("Party"), "score": _("Score"), "reason": _("Reason")}
    blocks: list[Block] = [
        Beside([_facts(asking, each) for each in told], caption=_("What it is")),
        Table(rows, heads, name="scores", caption=_("Scores"), empty=_("Nobody has opened a score for it.")),
    ]
    title = " / ".join(dict.fromkeys(each.said.title for each in told))
    above = [Link(_("Priorities"), asking.to("cooperation/priorities"))]
    return Page(f"{code}: {title}", blocks, above=above)


def _facts(asking: Asking, claim: Claim[Proposal]) -> Facts:
    said = {name: getattr(claim.said, name) for name in FACTS}
    given = {name: ", ".join(value) if isinstance(value, list) else value for name, value in said.items() if value}
    heads = {name: str(HEADS[name]) for name in given}
    return Facts(
        given,
        name=f"proposal-{claim.party}",
        caption=claim.party,
        links={"title": to_claim(asking, claim)},
        heads=heads,
    )


def _scored_in(asking: Asking, found: Result, code: str) -> Iterator[dict[str, object]]:
    link = {LINKS: {"round": asking.to("cooperation/round", code=found.code)}}
    for each in found.scored:
        if each.proposal == code:
            for who, score in each.scores.items():
                reason = each.reasons.get(who, "")
                yield {"round": found.code, "party": who, "score": str(score), "reason": reason, **link}


@page("cooperation/round", title=gettext_lazy("Round of scoring"), needs=Open.WHOLE)
def scoring(asking: Asking, code: str) -> Page:
    """One round: who has sealed and opened, the scores side by side, how far they agree, what came of it."""
    claims = claims_of(asking)
    found = result(claims, code, sealing.viewpoint(asking))
    if found is None:
        raise NotFound(_("There is no round %(code)s that you may read.") % {"code": code})
    ways = sealing.ways(asking, found.matter)
    if found.matter.first is not None and (
        outcome := to_say(asking, Outcome, _("State what is agreed on"), round=code)
    ):
        ways.append(outcome)
    blocks = [*sealing.standing_blocks(asking, found.matter)]
    if found.matter.first is not None:
        blocks += _opened(asking, found)
    else:
        listed = [{"proposal": each, LINKS: _to_proposal(asking, each)} for each in found.claim.said.proposals]
        blocks.append(Table(listed, {"proposal": _("Proposal")}, name="proposals", caption=_("What is scored")))
    return Page(
        f"{code}: {found.claim.said.title}",
        blocks,
        lead=_("Scores go from %(least)s to %(most)s.")
        % {"least": found.claim.said.least, "most": found.claim.said.most},
        action=ways[0] if ways else None,
        links=ways[1:],
        above=[Link(_("Priorities"), asking.to("cooperation/priorities"))],
    )


def _to_proposal(asking: Asking, code: str) -> dict[str, str]:
    return {"proposal": asking.to("cooperation/proposal", code=code)}


def _opened(asking: Asking, found: Result) -> Iterator[Block]:
    yield drawing(pictures.scores(found), "scores", rtl=get_language_bidi())
    heads = {"parties": _("Parties"), "common": _("Scored by both"), "alike": _("Alike"), "tau": _("Kendall tau-b")}
    heads |= {"tau_p": _("p of tau-b"), "rho": _("Spearman rho"), "rho_p": _("p of rho")}
    yield Table(
        [_agreement(each) for each in found.agreements], heads, name="agreement", caption=_("How far they agree")
    )
    opposed = [
        {
            "proposal": each.proposal,
            "high": ", ".join(each.high),
            "low": ", ".join(each.low),
            LINKS: _to_proposal(asking, each.proposal),
        }
        for each in found.opposed
    ]
    over = {"proposal": _("Proposal"), "high": _("High with"), "low": _("Low with")}
    yield Table(opposed, over, name="opposed", caption=_("What one rates high and another low"), empty=_("Nothing."))
    reasons = [row for each in found.scored for row in _reasons(asking, each)]
    why = {"proposal": _("Proposal"), "party": _("Party"), "score": _("Score"), "reason": _("Reason")}
    yield Table(reasons, why, name="reasons", caption=_("Reasons"), empty=_("Nobody has given one."))
    yield from _negotiated(asking, found)
    for party, told in found.misfits:
        yield Text(f"{party}: {told}", name=f"misfit-{party}")


def _agreement(each: Agreement) -> dict[str, object]:
    told = {"parties": f"{each.one}, {each.other}", "common": str(each.common), "alike": str(each.alike)}
    tau = {"tau": _value(each.tau), "tau_p": _p(each.tau)}
    return {**told, **tau, "rho": _value(each.rho), "rho_p": _p(each.rho)}


def _value(found: Correlation | None) -> str:
    return "" if found is None else f"{found.value:.2f}".replace("-", MINUS)


def _p(found: Correlation | None) -> str:
    """A p-value, with a sign where it is approximate."""
    return "" if found is None else f"{'' if found.exact else '≈ '}{found.p:.3f}"


def _reasons(asking: Asking, each: Scored) -> Iterator[dict[str, object]]:
    for party, reason in each.reasons.items():
        told = {"proposal": each.proposal, "party": party, "score": str(each.scores.get(party, "")), "reason": reason}
        yield {**told, LINKS: _to_proposal(asking, each.proposal)}


def _negotiated(asking: Asking, found: Result) -> Iterator[Block]:
    negotiated = found.negotiated
    rows = [
        {
            "party": party,
            "adopted": ", ".join(each.said.adopted),
            "declined": ", ".join(each.said.declined),
            "dissent": "; ".join(f"{code}: {reason}" for code, reason in each.said.dissent.items()),
            LINKS: {"party": to_claim(asking, each)},
        }
        for party, each in negotiated.by_party.items()
    ]
    heads = {"party": _("Party"), "adopted": _("Adopted"), "declined": _("Declined"), "dissent": _("Dissent")}
    empty = _("No party has stated an outcome.")
    yield Table(rows, heads, name="outcomes", caption=_("What each holds to be agreed on"), empty=empty)
    if negotiated.adopted is not None:
        adopted = ", ".join(negotiated.adopted) or _("nothing")
        yield Text(_("All parties hold the same to be agreed on: %(adopted)s.") % {"adopted": adopted}, name="agreed")
    elif rows:
        yield Text(_("Not all parties hold the same to be agreed on."), name="agreed")


def _fields(claims: Claims, said: Round, party: str, given: Mapping[str, Any]) -> list[Field]:
    """A score and a reason for each proposal."""
    titles = {each.code: each.said.title for each in claims.of(Proposal)}
    scale = _("From %(least)s to %(most)s, the highest for what comes first; blank: no score.")
    said_of, why = {"least": said.least, "most": said.most}, _("The others read it once it is opened.")
    choices = [Choice("", ""), *(Choice(str(each), str(each)) for each in range(said.least, said.most + 1))]
    found = []
    for code in said.proposals:
        label = f"{code}: {titles.get(code, '')}"
        found.append(
            Field(
                f"score-{code}", label, str(given.get(f"score-{code}", "")), choices=choices, help=str(scale % said_of)
            )
        )
        reason = str(given.get(f"reason-{code}", ""))
        found.append(Field(f"reason-{code}", _("Reason for the score of %(code)s") % {"code": code}, reason, help=why))
    return found


def _content(said: Round, sent: Mapping[str, Any]) -> object:
    typed = {code: str(sent.get(f"score-{code}", "")).strip() for code in said.proposals}
    scores = {code: int(text) for code, text in typed.items() if text.isascii() and text.isdecimal() and len(text) < 10}
    reasons = {code: str(sent.get(f"reason-{code}", "")).strip() for code in said.proposals}
    given = {code: text for code, text in reasons.items() if text}
    return {"scores": scores, **({"reasons": given} if given else {})}


sealing.TYPING[SORT] = sealing.Typing(_fields, _content, "cooperation/round", gettext_lazy("Round of scoring"))
