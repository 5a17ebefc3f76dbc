"""What is checked of statements about parties: rules 820 to 824."""

from collections.abc import Iterator
from datetime import date
from typing import Final

import polars as pl

from openmpca.cooperation.circles import circle
from openmpca.cooperation.claims import Claims
from openmpca.cooperation.parties.statements import Drill, Profile
from openmpca.cooperation.rules import Check, rows
from openmpca.problems import Problem, rule
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known

KNOWN = rule(
    820,
    "A profile is of a party that the record knows",
    source="design idea 7: parties and roles",
    mend="Introduce the party first with `openmpca state record.party`, or write its code as it is there.",
)
WITHIN = rule(
    821,
    "Parties do not lie within each other in a circle",
    source="design idea 5: cyclic dependencies are named",
    mend="Name the party that is above it, or leave that blank; mend the profile by which the circle closes.",
)
PERIOD = rule(
    822,
    "A role or contact point ends no earlier than it begins",
    source="design idea 7: roles for a period",
    mend="Give a last day that is not before the day from which it holds, or none.",
)
ASKED = rule(
    823,
    "A drill leaves time to answer, and is answered for the contact points that it asked",
    source="research on joint programmes, 3.3: a periodic confirmation drill",
    mend="Give a day that is not before that of the drill; name a contact point that the drill asked.",
)
AGAIN = rule(
    824,
    "A contact point is confirmed again after some days",
    source="research on joint programmes, 3.3: a periodic confirmation drill",
    mend="Give a number of days from 1 to 3660.",
)
LONGEST: Final = 3660


def _readable(known: Known, act: Act) -> Claims:
    """What the party that states may read: no message tells more."""
    return Claims(date.max, known.number - 1, [act.party], known.using)


def _profiles(segment: Segment, known: Known, act: Act) -> list[Problem]:
    found = known.frame("SELECT code FROM record_party WHERE number < %s", [known.number], {"code": pl.String})
    parties = frozenset(found["code"])
    above = {each.code: [each.said.within] for each in _readable(known, act).of(Profile) if each.party == act.party}
    above |= {fields["code"]: [str(fields.get("within", ""))] for _where, fields in rows(segment)}
    problems = []
    for where, fields in rows(segment):
        code = fields["code"]
        if code not in parties:
            told = f"The record knows no party {code!r}."
            problems.append(KNOWN.problem(told, record=where, field="code"))
        if round_way := circle(code, above):
            told = f"{' lies within '.join(round_way)}."
            problems.append(WITHIN.problem(told, record=where, field="within"))
    return problems


def _periods(segment: Segment, _known: Known, _act: Act) -> list[Problem]:
    return [*_ends(segment)]


def _ends(segment: Segment) -> Iterator[Problem]:
    for where, fields in rows(segment):
        if (until := fields.get("until")) is not None and until < fields["day"]:
            told = f"It would end on {until}, before it begins on {fields['day']}."
            yield PERIOD.problem(told, record=where, field="until")


def _contacts(segment: Segment, _known: Known, _act: Act) -> list[Problem]:
    problems = [*_ends(segment)]
    for where, fields in rows(segment):
        days = fields.get("confirm_every", 1)
        if not 1 <= days <= LONGEST:
            problems.append(AGAIN.problem(f"{days} is no number of days.", record=where, field="confirm_every"))
    return problems


def _drills(segment: Segment, _known: Known, _act: Act) -> list[Problem]:
    problems = []
    for where, fields in rows(segment):
        if fields["answer_by"] < fields["day"]:
            told = f"Answers are due on {fields['answer_by']}, before they are asked for on {fields['day']}."
            problems.append(ASKED.problem(told, record=where, field="answer_by"))
        if not fields["contacts"]:
            problems.append(ASKED.problem("It asks nobody.", record=where, field="contacts"))
    return problems


def _answers(segment: Segment, known: Known, act: Act) -> list[Problem]:
    drills = _readable(known, act).by_thing(Drill)
    problems = []
    for where, fields in rows(segment):
        said = drills.get(f"drill:{fields['drill']}", [])
        if said and not any(fields["contact"] in each.said.contacts for each in said):
            told = f"The drill {fields['drill']} does not ask {fields['contact']}."
            problems.append(ASKED.problem(told, record=where, field="contact"))
        if said and all(fields["day"] < each.said.day for each in said):
            told = f"It was answered on {fields['day']}, before it was asked."
            problems.append(ASKED.problem(told, record=where, field="day"))
    return problems


CHECKS: Final[dict[str, Check]] = {
    "cooperation.profile": _profiles,
    "cooperation.role": _periods,
    "cooperation.contact": _contacts,
    "cooperation.drill": _drills,
    "cooperation.drill_answer": _answers,
}
