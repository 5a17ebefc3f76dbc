"""What waits for whom: signatures, seals, answers, confirmations and duties that are due, across all subjects.

Rule kept here: whoever reads sees what waits as far as they may read what it is about; each party's list is of its own.

Source: the research on joint programmes, 1.5 (an unverified dependency that nobody owned).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from openmpca.cooperation.boards.deciding import Judge
from openmpca.cooperation.boards.statements import Decision
from openmpca.cooperation.claims import Claims
from openmpca.cooperation.conditions.gating import blocking, conditioned
from openmpca.cooperation.elimination.notices import notices
from openmpca.cooperation.handover.transition import standings
from openmpca.cooperation.newcomers.matching import answering, matches
from openmpca.cooperation.priorities.statements import Round
from openmpca.cooperation.sealing.standing import standings as sealings
from openmpca.cooperation.threats.statements import Comparison


@dataclass(frozen=True)
class Waits:
    """What waits: for which party, what it has to do, about which thing, since when or until when."""

    party: str
    what: str
    thing: str
    title: str
    due: date | None = None


def waiting(claims: Claims, now: datetime) -> list[Waits]:
    """Everything that waits, by party."""
    found = [
        *_signatures(claims),
        *_seals(claims),
        *_answers(claims),
        *_confirmations(claims),
        *_notifications(claims, now),
        *_responsibilities(claims),
    ]
    return sorted(found, key=lambda each: (each.party, each.what, each.thing))


def _signatures(claims: Claims) -> Iterator[Waits]:
    judge = Judge(claims)
    revoked = {each.said.revokes for each in claims.of(Decision)}
    for thing, said in claims.by_thing(Decision).items():
        code = thing.partition(":")[2]
        if code in revoked or judge.in_force(code) is not None:
            continue
        for content in judge.matter(code).contents:
            for party in content.awaited:
                yield Waits(party, "sign", thing, said[-1].said.title, content.said.day)


def _seals(claims: Claims) -> Iterator[Waits]:
    asked: dict[str, Round | Comparison] = {each.thing: each.said for each in claims.of(Round)}
    asked |= {each.thing: each.said for each in claims.of(Comparison)}
    for matter in sealings(claims, list(asked)):
        said = asked[matter.thing]
        for party in said.parties:
            stands = matter.of(party).stands
            if stands == "none":
                yield Waits(party, "seal", matter.thing, said.title, said.due)
            elif stands == "sealed" and matter.all_sealed:
                yield Waits(party, "open", matter.thing, said.title, said.due)


def _answers(claims: Claims) -> Iterator[Waits]:
    answers = answering(claims)
    for each in matches(claims):
        if each.state == "waits" and each.need is not None:
            party = answers.get(each.need.said.newcomer, each.need.party)
            yield Waits(party, "answer", each.match.thing, each.need.said.title, each.match.said.day)


def _confirmations(claims: Claims) -> Iterator[Waits]:
    for project in conditioned(claims):
        for each in blocking(claims, project, claims.day):
            yield Waits(each.party, "confirm", f"{each.sort}:{each.code}", each.title, each.since)


def _notifications(claims: Claims, now: datetime) -> Iterator[Waits]:
    for each in notices(claims, now):
        if each.state in ("due", "overdue"):
            said = each.notification.said
            due = date.fromisoformat(said.due[:10])
            yield Waits(each.notification.party, "notify", each.notification.thing, said.title, due)


def _responsibilities(claims: Claims) -> Iterator[Waits]:
    for standing in standings(claims):
        if standing.transfer is None or standing.open_conditions:
            for each in standing.overdue:
                yield Waits(each.said.responsible, "do", each.thing, each.said.title, each.said.due)
