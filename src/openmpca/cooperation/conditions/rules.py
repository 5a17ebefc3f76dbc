"""What is checked of statements about conditions: rules 880 to 884."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.conditions.gating import blocking
from openmpca.cooperation.conditions.statements import Assumption, Permit
from openmpca.cooperation.rules import Check, sound
from openmpca.problems import Problem, rule
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known

OWNED = rule(
    880,
    "An assumption has an owner on each side, and is confirmed again within some days",
    source="research on joint programmes, 1.5: an owner on each side, a re-confirmation interval",
    mend="Name an owner in two parties at least, and an interval of one day or more.",
)
OWNER = rule(
    881,
    "Who answers for a condition says how it stands",
    source="design idea 7: assumptions with owners; permits with whoever obtains them",
    mend="Let the party that is named as its owner, or as the one that obtains it, state this.",
)
COST = rule(
    882,
    "A cost of delay has a currency and is not negative",
    source="research on joint programmes, 1.5: cost of delay per month",
    mend="Give the cost of a month as an amount above zero, and its currency.",
)
RATED = rule(
    883,
    "Likelihood and impact are rated from 1 to 5, days of work from 0",
    source="design idea 7: register of risks",
    mend="Give a whole number within the range.",
)
BLOCKED = rule(
    884,
    "No money is obligated on what nobody has confirmed",
    source="research on joint programmes, 1.5: a gate that cannot pass on a stale or unconfirmed assumption",
    mend="Let the party that is named confirm the assumption, or obtain the permit; see what blocks spending.",
)
HIGHEST: Final = 5


def obligated(claims: Claims, project: str, day: date, where: str) -> Iterator[Problem]:
    """What blocks an obligation of money for a project on a day."""
    for each in blocking(claims, project, day):
        cost = f" A month costs {each.cost} {each.currency}." if each.cost is not None else ""
        told = f"{each.sort.capitalize()} {each.code} blocks {project} since {each.since}: {each.why}{cost}"
        yield BLOCKED.problem(told, record=where, field="project")


def check_assumption(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """Assumptions with an owner on one side only, without an interval, or with a cost without currency."""
    found = []
    for where, said in sound(segment):
        if len(said.owners) < 2:
            found.append(OWNED.problem("It has an owner on one side only.", record=where, field="owners"))
        if said.confirm_every < 1:
            told = f"{said.confirm_every} is no number of days."
            found.append(OWNED.problem(told, record=where, field="confirm_every"))
        found += _cost(where, said)
    return found


def check_permit(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """Permits that take less than no time, or with a cost without currency."""
    found = []
    for where, said in sound(segment):
        if said.lead_days < 0:
            found.append(RATED.problem(f"{said.lead_days} is no number of days.", record=where, field="lead_days"))
        found += _cost(where, said)
    return found


def _cost(where: str, said: Assumption | Permit) -> Iterator[Problem]:
    negative = said.delay_cost.startswith("-")
    if negative or bool(said.delay_cost) != bool(said.currency):
        told = "It is negative." if negative else "One of the two is missing."
        yield COST.problem(told, record=where, field="delay_cost")


def check_confirmation(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """Confirmations of a party that is no owner."""
    claims = Claims(date.max, known.number - 1, [act.party], known.using)
    found = []
    for where, said in sound(segment):
        told = claims.about(Assumption, f"assumption:{said.assumption}")
        owners = {party for each in told for party in each.said.owners}
        if told and act.party not in owners:
            strange = f"{act.party} is no owner of {said.assumption}."
            found.append(OWNER.problem(strange, record=where, field="assumption"))
    return found


def check_stage(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """Stages told by a party that does not obtain the permit."""
    claims = Claims(date.max, known.number - 1, [act.party], known.using)
    found = []
    for where, said in sound(segment):
        told = claims.about(Permit, f"permit:{said.permit}")
        if told and act.party not in {each.said.by for each in told}:
            strange = f"{act.party} does not obtain {said.permit}."
            found.append(OWNER.problem(strange, record=where, field="permit"))
    return found


def check_risk(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """Risks rated off the scale."""
    return [
        RATED.problem(f"{rated} is not from 1 to {HIGHEST}.", record=where, field=name)
        for where, said in sound(segment)
        for name, rated in (("likelihood", said.likelihood), ("impact", said.impact))
        if not 1 <= rated <= HIGHEST
    ]


CHECKS: Final[dict[str, Check]] = {
    "cooperation.assumption": check_assumption,
    "cooperation.confirmation": check_confirmation,
    "cooperation.permit": check_permit,
    "cooperation.permit_stage": check_stage,
    "cooperation.risk": check_risk,
}
