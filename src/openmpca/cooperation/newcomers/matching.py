"""Needs, offers and what became of them: open needs, matches that wait for consent, support given twice.

Rules kept here:

1. A match stands when the party that answers for the newcomer accepts it. Until then it waits; nobody else decides.
2. A need is *unmet* while no match of it stands and nobody supports it.
3. Two supports of one need by different parties whose periods overlap may be the same work twice: they are told, and
   who gives them sorts it out.
4. A need and an offer fit where their areas are the same and their periods, as far as they are told, overlap.

Source: the research on joint programmes, 1.5 (fragmentation and duplication), 3.2 and 3.3.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Literal

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.newcomers.statements import Consent, Match, Need, Newcomer, Offer, Support

State = Literal["waits", "accepted", "declined"]
Period = tuple[date | None, date | None]


@dataclass(frozen=True)
class Matched:
    """A match with its need, its offer and what the newcomer answered."""

    match: Claim[Match]
    need: Claim[Need] | None
    offer: Claim[Offer] | None
    consent: Claim[Consent] | None

    @property
    def state(self) -> State:
        """Whether it stands (rule 1)."""
        if self.consent is None:
            return "waits"
        return "accepted" if self.consent.said.answer == "accepted" else "declined"


@dataclass(frozen=True)
class Stood:
    """A need with the matches that are known of it, the support it has, and the offers that would fit."""

    need: Claim[Need]
    matches: tuple[Matched, ...]
    supports: tuple[Claim[Support], ...]
    fitting: tuple[Claim[Offer], ...]

    @property
    def unmet(self) -> bool:
        """Whether nothing meets it (rule 2)."""
        return not self.supports and not any(each.state == "accepted" for each in self.matches)


@dataclass(frozen=True)
class Double:
    """Two supports of one need that overlap (rule 3)."""

    need: str
    one: Claim[Support]
    other: Claim[Support]


def answering(claims: Claims) -> dict[str, str]:
    """The party that answers for each newcomer, by its code."""
    return {each.code: each.said.answers for each in claims.of(Newcomer)}


def matches(claims: Claims) -> list[Matched]:
    """Every match that may be read."""
    needs = {each.code: each for each in claims.of(Need)}
    offers = {each.code: each for each in claims.of(Offer)}
    answers = answering(claims)
    found = []
    for match in claims.of(Match):
        need = needs.get(match.said.need)
        answering_party = answers.get(need.said.newcomer, need.party) if need is not None else ""
        own = [each for each in claims.about(Consent, match.thing) if each.party == answering_party]
        found.append(Matched(match, need, offers.get(match.said.offer), own[-1] if own else None))
    return found


def needs(claims: Claims, newcomer: str = "") -> list[Stood]:
    """Every need, or those of one newcomer."""
    known, supports = matches(claims), claims.of(Support)
    offers = claims.of(Offer)
    return [
        Stood(
            each,
            tuple(one for one in known if one.match.said.need == each.code),
            tuple(one for one in supports if one.said.need == each.code),
            tuple(one for one in offers if _fits(each.said, one.said)),
        )
        for each in claims.of(Need)
        if newcomer in ("", each.said.newcomer)
    ]


def _fits(need: Need, offer: Offer) -> bool:
    return need.area == offer.area and overlap((need.first, need.last), (offer.first, offer.last))


def overlap(one: Period, other: Period) -> bool:
    """Whether two periods have a day in common; one that is not told is open.

    >>> overlap((date(2026, 1, 1), None), (None, date(2025, 12, 31)))
    False
    """
    first = max(one[0] or date.min, other[0] or date.min)
    return first <= min(one[1] or date.max, other[1] or date.max)


def doubles(claims: Claims) -> Iterator[Double]:
    """Support that may be given twice."""
    by_need: dict[str, list[Claim[Support]]] = {}
    for each in claims.of(Support):
        by_need.setdefault(each.said.need, []).append(each)
    for need, given in sorted(by_need.items()):
        for one, other in combinations(given, 2):
            if one.party != other.party and overlap(
                (one.said.first, one.said.last), (other.said.first, other.said.last)
            ):
                yield Double(need, one, other)
