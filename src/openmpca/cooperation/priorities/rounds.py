"""A round of scoring laid out: each party's scores, how far they agree, what one rates high and the other low, and
what came of it.

Rules kept here:

1. Nothing is merged: no sum or mean of scores is made. Agreement is told for each two parties.
2. High is the upper third of the scale, low the lower third.
3. Agreed on is what every party of the round states alike, in the same order; dissent stays beside it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import msgspec

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.priorities.agreement import Correlation, spearman, tau_b
from openmpca.cooperation.priorities.content import SORT, Content, content_of, unfit
from openmpca.cooperation.priorities.statements import Outcome, Proposal, Round
from openmpca.cooperation.sealing import matters
from openmpca.cooperation.sealing.standing import Matter, Standing, standings


@dataclass(frozen=True)
class Scored:
    """A proposal with the score and the reason of each party that gave one."""

    proposal: str
    scores: Mapping[str, int]
    reasons: Mapping[str, str]


@dataclass(frozen=True)
class Agreement:
    """How far two parties agree: over how many proposals, how many alike, and the two rank correlations."""

    one: str
    other: str
    common: int
    alike: int
    tau: Correlation | None
    rho: Correlation | None


@dataclass(frozen=True)
class Opposed:
    """A proposal that some parties rate high and others low."""

    proposal: str
    high: tuple[str, ...]
    low: tuple[str, ...]


@dataclass(frozen=True)
class Negotiated:
    """What each party holds to be agreed on, and what all hold alike; None while somebody holds it otherwise."""

    by_party: Mapping[str, Claim[Outcome]]
    adopted: tuple[str, ...] | None

    @property
    def dissent(self) -> list[tuple[str, str, str]]:
        """Party, proposal and reason of each dissent."""
        return [(who, *each) for who, claim in self.by_party.items() for each in claim.said.dissent.items()]


@dataclass(frozen=True)
class Result:
    """A round, how it stands, its scores, what did not fit in what was opened, what was negotiated."""

    claim: Claim[Round]
    matter: Matter
    scored: tuple[Scored, ...]
    misfits: tuple[tuple[str, str], ...]
    negotiated: Negotiated

    @property
    def code(self) -> str:
        """Its code."""
        return self.claim.code

    @property
    def parties(self) -> list[str]:
        """Its parties."""
        return [each.party for each in self.matter.standings]

    @property
    def agreements(self) -> list[Agreement]:
        """The agreement of each two parties."""
        return [self.agreement(one, other) for one, other in combinations(self.parties, 2)]

    def agreement(self, one: str, other: str) -> Agreement:
        """How far two parties agree, over what both have scored."""
        both = [each.scores for each in self.scored if one in each.scores and other in each.scores]
        a, b = [each[one] for each in both], [each[other] for each in both]
        alike = sum(x == y for x, y in zip(a, b, strict=True))
        return Agreement(one, other, len(both), alike, tau_b(a, b), spearman(a, b))

    @property
    def opposed(self) -> list[Opposed]:
        """What some rate high and others low (rule 2)."""
        least, most = self.claim.said.least, self.claim.said.most
        third = Fraction(most - least, 3)
        found = []
        for each in self.scored:
            high = tuple(who for who, score in each.scores.items() if score >= most - third)
            low = tuple(who for who, score in each.scores.items() if score <= least + third)
            if high and low:
                found.append(Opposed(each.proposal, high, low))
        return found


def result(claims: Claims, code: str, viewpoint: str = "") -> Result | None:
    """A round as far as the claims may be read; None where there is none of that code."""
    return next(iter(results(claims, [code], viewpoint)), None)


def results(claims: Claims, codes: list[str], viewpoint: str = "") -> list[Result]:
    """Several rounds."""
    found = []
    for stands in standings(claims, [f"{SORT}:{code}" for code in codes], viewpoint):
        claim = matters.introduction(claims, stands.thing, viewpoint)
        if claim is not None:
            opened = {each.party: _content(claim.said, each) for each in stands.standings}
            scored = tuple(_scored(each, opened) for each in dict.fromkeys(claim.said.proposals))
            found.append(
                Result(claim, stands, scored, tuple(_misfits(claim.said, stands)), _negotiated(claims, stands))
            )
    return found


def _content(said: Round, each: Standing) -> Content:
    """What a party opened, as far as it fits."""
    try:
        content = content_of(each.content) if each.opened is not None else Content({})
    except msgspec.ValidationError:
        return Content({})
    return Content({code: n for code, n in content.scores.items() if said.least <= n <= said.most}, content.reasons)


def _scored(proposal: str, opened: Mapping[str, Content]) -> Scored:
    scores = {who: each.scores[proposal] for who, each in opened.items() if proposal in each.scores}
    reasons = {who: each.reasons[proposal] for who, each in opened.items() if proposal in each.reasons}
    return Scored(proposal, scores, reasons)


def _misfits(said: Round, stands: Matter) -> Iterator[tuple[str, str]]:
    for each in stands.standings:
        if each.opened is not None:
            yield from ((each.party, told) for told in unfit(said, each.content))


def _negotiated(claims: Claims, stands: Matter) -> Negotiated:
    by_party = {each.party: each for each in claims.about(Outcome, stands.thing)}
    held = [by_party.get(each.party) for each in stands.standings]
    lists = {tuple(each.said.adopted) if each is not None else None for each in held}
    alike = next(iter(lists)) if len(lists) == 1 else None
    return Negotiated(by_party, alike)


def proposers(claims: Claims) -> dict[str, str]:
    """The party that first proposed each proposal: the one with the earliest day, then the one known first."""
    found: dict[str, Claim[Proposal]] = {}
    for each in claims.of(Proposal):
        before = found.get(each.code)
        if before is None or each.said.day < before.said.day:
            found[each.code] = each
    return {code: each.party for code, each in found.items()}
