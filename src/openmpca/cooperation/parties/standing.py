"""Who has which role when, and whom one reaches at a party: contact points with the drills that confirm them.

Rules kept here:

1. A role holds from its day up to its last day, both included; who stated it is told with it.
2. A contact point is *reachable* while its last answer is no older than it asks to be confirmed, *stale* after that,
   *not reached* where the last answer says so, *unconfirmed* where there was none, *ended* after its last day.
3. A drill asks each contact point once: it is *answered*, *late* where the answer came after the day that was set,
   *waiting* up to that day, *overdue* after it. The first answer counts for that; the last tells what came of it.

Source: the research on joint programmes, 3.3 (contact register with validity and a periodic confirmation drill).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.parties.statements import NOT_REACHED, Contact, Drill, DrillAnswer, Role

HOLDS, OVER = "holds", "over"
REACHABLE, STALE, UNCONFIRMED, GONE = "reachable", "stale", "unconfirmed", "ended"
ANSWERED, LATE, WAITING, OVERDUE = "answered", "late", "waiting", "overdue"
NOBODY: Final = (UNCONFIRMED, STALE, NOT_REACHED)
"""How a contact point stands that is still meant to be reached, and may not be."""


@dataclass(frozen=True)
class Holding:
    """A role as a party states it, and whether it holds on the day that was asked for."""

    claim: Claim[Role]
    standing: str


@dataclass(frozen=True)
class Point:
    """A contact point as a party states it: how it stands, when it answered last, what came of that."""

    claim: Claim[Contact]
    standing: str
    answered: date | None
    outcome: str


@dataclass(frozen=True)
class Asked:
    """A contact point in a drill: how its answer stands, by when it is due, when and by whom it was stated."""

    drill: Claim[Drill]
    contact: str
    standing: str
    answered: date | None
    outcome: str
    by: str


def roles(claims: Claims, *, thing: str = "", holder: str = "") -> list[Holding]:
    """The roles in a thing, of a party, or all; those that hold before those that are over."""
    found = [
        Holding(each, OVER if each.said.until is not None and each.said.until < claims.day else HOLDS)
        for each in claims.of(Role)
        if thing in ("", each.thing) and holder in ("", each.said.holder)
    ]
    return sorted(found, key=lambda each: (each.standing == OVER, each.claim.thing, each.claim.said.holder))


def holds_role(claims: Claims, holder: str, thing: str, any_of: Collection[str]) -> bool:
    """Whether anybody states that a party has one of some roles in a thing on the day of the claims."""
    held = (each.claim.said for each in roles(claims, thing=thing, holder=holder) if each.standing == HOLDS)
    return any(each.role in any_of for each in held)


def points(claims: Claims) -> list[Point]:
    """Every contact point, by the party that it belongs to."""
    answers = _answers(claims)
    found = [_point(each, answers.get(each.code, []), claims.day) for each in claims.of(Contact)]
    return sorted(found, key=lambda each: (each.claim.said.holder, each.claim.code))


def _answers(claims: Claims) -> dict[str, list[Claim[DrillAnswer]]]:
    """What came of asking, by contact point, in the order of the days."""
    found: dict[str, list[Claim[DrillAnswer]]] = {}
    for each in sorted(claims.of(DrillAnswer), key=lambda each: (each.said.day, each.known)):
        found.setdefault(each.said.contact, []).append(each)
    return found


def _point(claim: Claim[Contact], answers: list[Claim[DrillAnswer]], day: date) -> Point:
    last = answers[-1].said if answers else None
    answered, outcome = (last.day, last.outcome) if last else (None, "")
    said = claim.said
    if said.until is not None and said.until < day:
        standing = GONE
    elif answered is None:
        standing = UNCONFIRMED
    elif outcome == NOT_REACHED:
        standing = NOT_REACHED
    else:
        standing = REACHABLE if day <= answered + timedelta(days=said.confirm_every) else STALE
    return Point(claim, standing, answered, outcome)


def drills(claims: Claims) -> list[Asked]:
    """Every contact point of every drill, the latest drill first."""
    answers = _answers(claims)
    asked = sorted(claims.of(Drill), key=lambda each: (each.said.day, each.known), reverse=True)
    return [each for drill in asked for each in _asked(drill, answers, claims.day)]


def _asked(drill: Claim[Drill], answers: dict[str, list[Claim[DrillAnswer]]], day: date) -> Iterator[Asked]:
    for contact in drill.said.contacts:
        own = [each for each in answers.get(contact, ()) if each.said.drill == drill.code]
        if own:
            standing = ANSWERED if own[0].said.day <= drill.said.answer_by else LATE
            last = own[-1]
            yield Asked(drill, contact, standing, own[0].said.day, last.said.outcome, last.party)
        else:
            yield Asked(drill, contact, WAITING if day <= drill.said.answer_by else OVERDUE, None, "", "")
