"""What is checked of statements about sustaining and handing over: rules 740 to 747.

Source: the research on sustainability, and on joint programmes, 1.6 and 2.3.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.handover.statements import LEVELS, Funding, Transition
from openmpca.cooperation.handover.transition import standing
from openmpca.cooperation.rules import Check, Fields, rows
from openmpca.problems import WARNING, Problem, rule
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known

LEVEL = rule(
    740,
    "A level goes from 0 to 4, and each has its anchor",
    source="sustainability as levels with written anchors",
    mend="Give a whole number from 0 to 4; an indicator has five anchors, one for each level.",
)
EVIDENCE = rule(
    741,
    "Evidence is not younger than the statement",
    source="sustainability as levels with evidence and its age",
    mend="Give the day on which the evidence came about; what expires does so after that.",
)
SHARES = rule(
    742,
    "The shares of a year come to 100 percent",
    source="joint transition plans: schedules and cost allocation",
    mend="Give the share of every party that bears some of it.",
)
LAW = rule(
    743,
    "What has to be done is due before the transition is",
    severity=WARNING,
    source="joint transition plans: dates set by law",
    mend="Bring the date forward, or expect a transfer with open conditions.",
)
CUT_OFF = rule(
    744,
    "A transfer names what was not ready",
    source="transferred with open conditions, where the law's date came first",
    mend="Name each of them in the open conditions.",
)
GROWING = rule(
    745,
    "The owner's share does not fall from year to year",
    severity=WARNING,
    source="declining shares of partners, to sole support",
    mend="Check the years; where it is meant, leave it.",
)
CRITERIA = rule(
    746,
    "A gate has criteria from 0 to 4",
    source="readiness gate signed by all",
    mend="Give the least level of each indicator: INDICATOR=LEVEL.",
)


def check(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """The problems of statements of this subject."""
    found = _OF_KIND[segment.kind.name]
    return [problem for where, fields in rows(segment) for problem in found(where, fields, known, act)]


def _indicator(where: str, fields: Fields, known: Known, act: Act) -> Iterator[Problem]:
    anchors = [str(each).strip() for each in fields["anchors"]]
    if len(anchors) != len(LEVELS) or "" in anchors:
        yield LEVEL.problem(f"There are {len(anchors)} anchors, or a blank one.", record=where, field="anchors")


def _level(where: str, fields: Fields, known: Known, act: Act) -> Iterator[Problem]:
    if fields["level"] not in LEVELS:
        yield LEVEL.problem(f"{fields['level']} is no level.", record=where, field="level")
    evidenced, said = _day(fields["evidenced"]), _day(fields["day"])
    if evidenced > said:
        yield EVIDENCE.problem(f"{evidenced} is after {said}.", record=where, field="evidenced")
    if fields.get("expires") and _day(fields["expires"]) < evidenced:
        yield EVIDENCE.problem(f"It expires before {evidenced}.", record=where, field="expires")


def _funding(where: str, fields: Fields, known: Known, act: Act) -> Iterator[Problem]:
    shares = {party: Decimal(share) for party, share in fields["shares"].items() if _is_share(share)}
    if sum(shares.values()) != 100:
        yield SHARES.problem(f"They come to {sum(shares.values())}.", record=where, field="shares")
    claims = Claims(date.max, known.number - 1, [act.party], known.using)
    for transition in claims.about(Transition, f"transition:{fields['transition']}"):
        owner, year = transition.said.owner, int(fields["year"])
        before = [
            Decimal(each.said.shares.get(owner, "0"))
            for each in claims.about(Funding, transition.thing)
            if each.said.year < year
        ]
        if before and shares.get(owner, Decimal(0)) < max(before):
            yield GROWING.problem(f"{owner} bore {max(before)} percent before.", record=where, field="shares")


def _is_share(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()


def _responsibility(where: str, fields: Fields, known: Known, act: Act) -> Iterator[Problem]:
    claims = Claims(date.max, known.number - 1, [act.party], known.using)
    for transition in claims.about(Transition, f"transition:{fields['transition']}"):
        if _day(fields["due"]) > transition.said.due:
            message = f"{fields['due']} is after {transition.said.due}, when {transition.code} is due."
            yield LAW.problem(message, record=where, field="due")


def _gate(where: str, fields: Fields, known: Known, act: Act) -> Iterator[Problem]:
    criteria = fields["criteria"]
    wrong = [name for name, least in criteria.items() if least not in map(str, LEVELS)]
    if wrong or not criteria:
        yield CRITERIA.problem(
            f"No level stands for: {', '.join(wrong) or 'anything'}.", record=where, field="criteria"
        )


def _transfer(where: str, fields: Fields, known: Known, act: Act) -> Iterator[Problem]:
    claims = Claims(_day(fields["day"]), known.number - 1, [act.party], known.using)
    named = " ".join(fields.get("open_conditions", []))
    for transition in claims.about(Transition, f"transition:{fields['transition']}"):
        found = standing(claims, transition)
        lacking = [*dict.fromkeys(each.indicator for each in found.unmet), *found.unsigned]
        if missing := [each for each in lacking if each not in named]:
            message = f"Not ready and not named: {', '.join(missing)}."
            yield CUT_OFF.problem(message, record=where, field="open_conditions")


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


_OF_KIND: Final = {
    "cooperation.indicator": _indicator,
    "cooperation.level": _level,
    "cooperation.funding": _funding,
    "cooperation.responsibility": _responsibility,
    "cooperation.gate": _gate,
    "cooperation.transfer": _transfer,
}
CHECKS: Final[dict[str, Check]] = dict.fromkeys(_OF_KIND, check)
