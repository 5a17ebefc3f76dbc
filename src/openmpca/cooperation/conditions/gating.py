"""What blocks the next obligation of money of a project on a day, and why; what will, and what standing still costs.

    for each in blocking(claims, "P-07", date(2026, 3, 31)): print(each.code, each.why)

Rules kept here:

1. Every owner of an assumption must have confirmed that it holds, within its interval. One who has not, whose word is
   older, or who doubts it, blocks. The owners and the shortest interval of all who state it count.
2. A permit blocks from the day on which it is needed (from the beginning where none is told) until whoever obtains it
   states that it is granted, and again when it ends. Nobody else's word on that counts.
3. It is dated: a claim of a later day, or known later, changes nothing before.
4. What only one party states blocks too: it takes no agreement to be careful.

Source: the research on joint programmes, 1.5 (a gate that cannot pass on a stale assumption; permits as dependencies).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.conditions.statements import (
    GRANTED,
    HOLDS,
    Assumption,
    Confirmation,
    Permit,
    PermitStage,
)

S = TypeVar("S", Assumption, Permit)


@dataclass(frozen=True)
class Block:
    """What blocks a project: the assumption or permit, whose word is wanted, why, since when, the cost of a month."""

    project: str
    sort: str
    code: str
    title: str
    party: str
    why: str
    since: date
    cost: Decimal | None
    currency: str


@dataclass(frozen=True)
class Ahead:
    """What will block a project unless somebody acts: until when who has to do what."""

    project: str
    sort: str
    code: str
    title: str
    party: str
    what: str
    due: date


@dataclass(frozen=True)
class Owned:
    """An assumption as all who state it have it: its owners, the shortest interval, the last word of each owner."""

    code: str
    claims: tuple[Claim[Assumption], ...]
    words: dict[str, Claim[Confirmation]]

    @property
    def owners(self) -> dict[str, str]:
        """The owners by party, each with whoever answers there."""
        return {party: who for each in reversed(self.claims) for party, who in each.said.owners.items()}

    @property
    def days(self) -> int:
        """After how many days a confirmation is stale."""
        return min(each.said.confirm_every for each in self.claims)

    def due(self, party: str) -> date:
        """The last day on which the word of an owner is fresh; the day of the assumption where there is no word."""
        word = self.words.get(party)
        if word is None:
            return min(each.said.day for each in self.claims)
        return word.said.day + timedelta(days=self.days)


def blocking(claims: Claims, project: str, day: date) -> list[Block]:
    """What blocks the next obligation of money of a project on a day, in the order of its days."""
    return sorted(_blocks(claims, project, day), key=lambda each: (each.since, each.code, each.party))


def conditioned(claims: Claims) -> list[str]:
    """The projects that have an assumption or a permit, by code."""
    assumed = {each.said.project for each in claims.of(Assumption)}
    return sorted(assumed | {each.said.project for each in claims.of(Permit)})


def _blocks(claims: Claims, project: str, day: date) -> Iterator[Block]:
    for each in owned(claims, project, day):
        yield from _unconfirmed(each, project, day)
    for told in _told(claims, Permit, project, day):
        yield from _not_granted(claims, told, project, day)


def owned(claims: Claims, project: str, day: date) -> list[Owned]:
    """The assumptions of a project on a day, each with the last word of every owner."""
    return [
        Owned(told[0].code, told, _last(claims.about(Confirmation, told[0].thing), day))
        for told in _told(claims, Assumption, project, day)
    ]


def _told(claims: Claims, kind: type[S], project: str, day: date) -> list[tuple[Claim[S], ...]]:
    found: dict[str, list[Claim[S]]] = {}
    for each in claims.of(kind):
        if each.said.project == project and each.said.day <= day:
            found.setdefault(each.thing, []).append(each)
    return [tuple(each) for each in found.values()]


def _last(said: Iterable[Claim[Confirmation]], day: date) -> dict[str, Claim[Confirmation]]:
    """The last word of each party, up to a day."""
    found: dict[str, Claim[Confirmation]] = {}
    for each in sorted(said, key=lambda each: (each.said.day, each.known, each.number)):
        if each.said.day <= day:
            found[each.party] = each
    return found


def _unconfirmed(each: Owned, project: str, day: date) -> Iterator[Block]:
    for party in sorted(each.owners):
        word, due = each.words.get(party), each.due(party)
        if word is None:
            why, since = f"{party} has not confirmed it.", due
        elif word.said.finding != HOLDS:
            why, since = f"{party} finds that it {_finding(word)}: {word.said.evidence}", word.said.day
        elif due < day:
            why, since = f"{party} confirmed it on {word.said.day}, which held until {due}.", due + timedelta(days=1)
        else:
            continue
        yield _block(each.claims, project, party, why, since)


def _finding(word: Claim[Confirmation]) -> str:
    return "fails" if word.said.finding == "fails" else "is in doubt"


def _not_granted(claims: Claims, told: tuple[Claim[Permit], ...], project: str, day: date) -> Iterator[Block]:
    said = told[0].said
    needed = min((each.said.needed or each.said.day for each in told), default=said.day)
    for party in sorted({each.said.by for each in told}):
        stage = stage_of(claims, told[0].thing, party, day)
        if stage is not None and stage.said.stage == GRANTED and (stage.said.until or day) >= day:
            continue
        since = needed
        if stage is None or stage.said.stage == "not asked for":
            why = f"{party} has not asked {said.authority} for it."
        elif stage.said.stage == GRANTED and stage.said.until is not None:
            why, since = f"It ended on {stage.said.until}.", stage.said.until + timedelta(days=1)
        else:
            why = f"It is {stage.said.stage} since {stage.said.day}, from {said.authority}."
        if max(since, needed) <= day:
            yield _block(told, project, party, why, max(since, needed))


def stage_of(claims: Claims, permit: str, party: str, day: date) -> Claim[PermitStage] | None:
    """How far a permit has come on a day, in the word of whoever obtains it; ``permit`` is the thing."""
    said = [each for each in claims.about(PermitStage, permit) if each.party == party and each.said.day <= day]
    return max(said, key=lambda each: (each.said.day, each.known, each.number), default=None)


def _block(told: tuple[Claim[S], ...], project: str, party: str, why: str, since: date) -> Block:
    costs = [(Decimal(each.said.delay_cost), each.said.currency) for each in told if each.said.delay_cost]
    cost, currency = max(costs, default=(None, ""))
    _sort, _colon, code = told[0].thing.partition(":")
    return Block(project, _sort, code, told[0].said.title, party, why, since, cost, currency)


def ahead(claims: Claims, project: str, day: date, days: int) -> list[Ahead]:
    """What will block a project within some days unless somebody acts, the soonest first."""
    until = day + timedelta(days=days)
    found = [*_to_confirm(claims, project, day), *_to_ask_for(claims, project, day)]
    return sorted((each for each in found if each.due <= until), key=lambda each: (each.due, each.code, each.party))


def _to_confirm(claims: Claims, project: str, day: date) -> Iterator[Ahead]:
    for each in owned(claims, project, day):
        for party, word in sorted(each.words.items()):
            due = each.due(party)
            if party in each.owners and word.said.finding == HOLDS and due >= day:
                what = f"{party} confirms it again."
                yield Ahead(project, "assumption", each.code, each.claims[0].said.title, party, what, due)


def _to_ask_for(claims: Claims, project: str, day: date) -> Iterator[Ahead]:
    for told in _told(claims, Permit, project, day):
        said = told[0].said
        stage = stage_of(claims, told[0].thing, said.by, day)
        reached = stage.said.stage if stage else "not asked for"
        if reached == "not asked for" and said.needed:
            due = said.needed - timedelta(days=said.lead_days)
            what = f"{said.by} asks {said.authority}, which takes {said.lead_days} days."
            yield Ahead(project, "permit", told[0].code, said.title, said.by, what, due)
        if reached == GRANTED and stage is not None and stage.said.until and stage.said.until >= day:
            due = stage.said.until - timedelta(days=said.lead_days)
            what = f"It ends on {stage.said.until}: {said.by} asks {said.authority} anew."
            yield Ahead(project, "permit", told[0].code, said.title, said.by, what, due)
