"""What is checked of statements of following up: rules 890 to 894."""

from datetime import date
from typing import Final

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.oversight.statements import (
    ACCEPTED,
    DENIED,
    OFFERED,
    REFUSED,
    Access,
    Action,
    Deliverable,
)
from openmpca.cooperation.rules import Check, sound
from openmpca.problems import Problem, rule
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known

VERDICT = rule(
    890,
    "The giver offers a deliverable, and those who are named accept it",
    source="research on joint programmes, 1.2: deliverable offered, joint acceptance",
    mend="Let the giver state that it is offered, and each other party that is named its verdict.",
)
WHY = rule(
    891,
    "Whoever does not accept, or denies access, says why",
    source="research on joint programmes, 1.5: access grant and denial log",
    mend="Give the reason.",
)
ANSWERS = rule(
    892,
    "Who is asked answers, who owns an action closes it",
    source="design idea 7: access requests with clocks; actions",
    mend="Let the host, or the owner of the action, state this.",
)
CLOCK = rule(
    893,
    "A clock ends after it begins, and a ladder goes up by days",
    source="design idea 7: escalation clocks",
    mend="Put the days right; a rung of the ladder is a number of days and whom it goes up to.",
)
WORTH = rule(
    894,
    "The value of an asset is not negative",
    source="design idea 4: exact decimals",
    mend="Give what it cost, or what it is worth, as an amount from zero.",
)


def check_acceptance(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """Verdicts of a party that is not asked; refusals without a reason."""
    claims, found = _claims(known, act), list[Problem]()
    for where, said in sound(segment):
        told = claims.about(Deliverable, f"deliverable:{said.deliverable}")
        givers = {each.said.giver for each in told}
        asked = {party for each in told for party in each.said.accepted_by} - givers
        if told and act.party not in (givers if said.verdict == OFFERED else asked):
            strange = f"{act.party} is not the one to state that it is {said.verdict}."
            found.append(VERDICT.problem(strange, record=where, field="verdict"))
        if said.verdict == REFUSED and not said.reason.strip():
            found.append(WHY.problem("It is blank.", record=where, field="reason"))
        if said.verdict == ACCEPTED and not said.act:
            found.append(VERDICT.problem("The act of acceptance is missing.", record=where, field="act"))
    return found


def check_asset(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """Assets of negative value."""
    return [
        WORTH.problem(f"{said.value} is below zero.", record=where, field="value")
        for where, said in sound(segment)
        if said.value.startswith("-")
    ]


def check_access(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """Requests whose answer is due before they are made, or after what they are for."""
    return [
        CLOCK.problem(f"{said.answer_by} is not from {said.day} to {said.wanted}.", record=where, field="answer_by")
        for where, said in sound(segment)
        if not said.day <= said.answer_by <= said.wanted
    ]


def check_answer(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """Answers of another than the host; denials without a reason."""
    claims, found = _claims(known, act), list[Problem]()
    for where, said in sound(segment):
        told = claims.about(Access, f"access:{said.access}")
        if told and act.party not in {each.said.host for each in told}:
            strange = f"{act.party} was not asked in {said.access}."
            found.append(ANSWERS.problem(strange, record=where, field="access"))
        if said.answer == DENIED and not said.reason.strip():
            found.append(WHY.problem("It is blank.", record=where, field="reason"))
    return found


def check_action(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """Ladders whose rungs are no days."""
    return [
        CLOCK.problem(f"{days!r} is no number of days.", record=where, field="ladder")
        for where, said in sound(segment)
        for days in said.ladder
        if not (days.isascii() and days.isdecimal() and len(days) < 5)
    ]


def check_done(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """Actions closed by another than their owner."""
    claims, found = _claims(known, act), list[Problem]()
    for where, said in sound(segment):
        told = claims.about(Action, f"action:{said.action}")
        if told and act.party not in {each.said.owner for each in told}:
            strange = f"{act.party} does not own {said.action}."
            found.append(ANSWERS.problem(strange, record=where, field="action"))
    return found


def _claims(known: Known, act: Act) -> Claims:
    return Claims(date.max, known.number - 1, [act.party], known.using)


CHECKS: Final[dict[str, Check]] = {
    "cooperation.acceptance": check_acceptance,
    "cooperation.asset": check_asset,
    "cooperation.access": check_access,
    "cooperation.access_answer": check_answer,
    "cooperation.action": check_action,
    "cooperation.action_done": check_done,
}
