"""How far things are: deliverables offered and accepted, requests for access with their clocks, actions going up.

Rules kept here:

1. A deliverable is accepted when each party that is to accept it has, since it was last offered. Whoever states it
   names them; all who are named by anybody count.
2. A request for access that has no answer by its day is late; a denial stays in the log, with its reason.
3. An action is done when its owner says so; until then it goes up, each rung after so many days past its day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.oversight.statements import (
    ACCEPTED,
    OFFERED,
    REFUSED,
    Acceptance,
    Access,
    AccessAnswer,
    Action,
    ActionDone,
    Deliverable,
)
from openmpca.cooperation.statements import Said

S = TypeVar("S", bound=Said)


@dataclass(frozen=True)
class Delivered:
    """A deliverable: since when it is offered, who has accepted it, who is awaited, who has not accepted and why."""

    claim: Claim[Deliverable]
    offered: date | None
    accepted: tuple[str, ...]
    awaited: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]

    @property
    def standing(self) -> str:
        """How it stands."""
        if self.offered is None:
            return "not offered"
        if self.refused:
            return REFUSED
        return "awaits acceptance" if self.awaited else ACCEPTED


def deliverables(claims: Claims, project: str = "") -> list[Delivered]:
    """The deliverables of a project or of all, by code."""
    found = []
    for thing, told in sorted(claims.by_thing(Deliverable).items()):
        if not project or any(each.said.project == project for each in told):
            found.append(_delivered(told, _in_order(claims.about(Acceptance, thing))))
    return found


def _delivered(told: list[Claim[Deliverable]], said: list[Claim[Acceptance]]) -> Delivered:
    givers = {each.said.giver for each in told}
    asked = sorted({party for each in told for party in each.said.accepted_by} - givers)
    offers = [at for at, each in enumerate(said) if each.said.verdict == OFFERED and each.party in givers]
    if not offers:
        return Delivered(told[0], None, (), tuple(asked), ())
    last = {each.party: each for each in said[offers[-1] + 1 :] if each.said.verdict != OFFERED}
    accepted = tuple(each for each in asked if each in last and last[each].said.verdict == ACCEPTED)
    refused = tuple((each, last[each].said.reason) for each in asked if each in last and each not in accepted)
    awaited = tuple(each for each in asked if each not in last)
    return Delivered(told[0], said[offers[-1]].said.day, accepted, awaited, refused)


def _in_order(said: Iterable[Claim[S]]) -> list[Claim[S]]:
    return sorted(said, key=lambda each: (each.said.day, each.known, each.number))


@dataclass(frozen=True)
class Asked:
    """A request for access with the answer of the host, and how the clock stands on the day."""

    claim: Claim[Access]
    answer: Claim[AccessAnswer] | None
    late: int

    @property
    def standing(self) -> str:
        """The answer, or that it is awaited or late."""
        if self.answer is not None:
            return self.answer.said.answer
        return "answer is late" if self.late else "answer is awaited"


def requests(claims: Claims) -> list[Asked]:
    """The requests for access, the newest first."""
    return [_asked(claims, each) for each in reversed(_in_order(claims.of(Access)))]


def _asked(claims: Claims, each: Claim[Access]) -> Asked:
    said = [answer for answer in claims.about(AccessAnswer, each.thing) if answer.party == each.said.host]
    answer = _in_order(said)[-1] if said else None
    answered = answer.said.day if answer else claims.day
    return Asked(each, answer, max((answered - each.said.answer_by).days, 0))


@dataclass(frozen=True)
class Due:
    """An action: whether and when it was done, how many days it is late, to whom it has gone up."""

    claim: Claim[Action]
    done: Claim[ActionDone] | None
    late: int
    level: str

    @property
    def standing(self) -> str:
        """How it stands."""
        if self.done is not None:
            return "was done"
        return "is late" if self.late else "is open"


def actions(claims: Claims, *, waiting: bool = False) -> list[Due]:
    """The actions, the longest late first; only those that are not done where they are asked for."""
    found = [_due(claims, each) for each in claims.of(Action)]
    wanted = [each for each in found if each.done is None or not waiting]
    return sorted(wanted, key=lambda each: (each.done is not None, -each.late, each.claim.said.due, each.claim.code))


def _due(claims: Claims, each: Claim[Action]) -> Due:
    said = _in_order(done for done in claims.about(ActionDone, each.thing) if done.party == each.said.owner)
    done = said[0] if said else None
    late = max(((done.said.day if done else claims.day) - each.said.due).days, 0)
    rungs = sorted((int(days), who) for days, who in each.said.ladder.items())
    level = next((who for days, who in reversed(rungs) if late >= days and late), "")
    return Due(each, done, late, "" if done else level)
