"""What is checked of statements about newcomers: rules 720 to 725.

Source: the research on joint programmes, 3.2 and 3.3.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.newcomers.matching import answering
from openmpca.cooperation.newcomers.statements import PHASES, Consent, Match, Need
from openmpca.cooperation.rules import Check, Fields, rows
from openmpca.problems import Problem, rule
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known

PHASE = rule(
    720,
    "A phase is one of three",
    source="milestones in three phases",
    mend="Give 1, 2 or 3.",
)
OWN_ANSWER = rule(
    721,
    "The newcomer's own party consents",
    source="matches are confirmed by the recipient",
    mend="Let the party that answers for the newcomer state it.",
)
QUIET = rule(
    722,
    "A match is shown to others when the newcomer has consented to that",
    source="requests are posted with the requester's consent alone",
    mend="Release it to the newcomer's party alone, until that has said that others may be told.",
)
TIMES = rule(
    723,
    "A period ends after it begins",
    source="requests and offers for a period",
    mend="Give the first and the last day of the period.",
)
NEEDED = rule(
    724,
    "A need is stated by the party that answers for the newcomer",
    source="the State consolidates its needs itself",
    mend="Let the party that answers for the newcomer state it.",
)


def check(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """The problems of statements of this subject."""
    claims = Claims(date.max, known.number - 1, [act.party], known.using)
    found = _OF_KIND[segment.kind.name]
    return [problem for where, fields in rows(segment) for problem in found(where, fields, claims, act)]


def _phase(where: str, fields: Fields, claims: Claims, act: Act) -> Iterator[Problem]:
    if fields.get("phase", 1) not in PHASES:
        yield PHASE.problem(f"{fields['phase']} is no phase.", record=where, field="phase")


def _period(where: str, fields: Fields, claims: Claims, act: Act) -> Iterator[Problem]:
    first, last = fields.get("first"), fields.get("last")
    if first and last and str(last) < str(first):
        yield TIMES.problem(f"It ends on {last} and begins on {first}.", record=where, field="last")


def _need(where: str, fields: Fields, claims: Claims, act: Act) -> Iterator[Problem]:
    yield from _period(where, fields, claims, act)
    answers = answering(claims).get(str(fields["newcomer"]))
    if answers is not None and answers != act.party:
        message = f"{answers} answers for {fields['newcomer']}, not {act.party}."
        yield NEEDED.problem(message, record=where, field="newcomer")


def _party_of_need(code: str, claims: Claims) -> str:
    """The party that answers for the newcomer of a need."""
    for each in claims.about(Need, f"need:{code}"):
        return answering(claims).get(each.said.newcomer, each.party)
    return ""


def _match(where: str, fields: Fields, claims: Claims, act: Act) -> Iterator[Problem]:
    recipient = _party_of_need(str(fields["need"]), claims)
    others = set(fields.get("release", [])) - {act.party, recipient}
    if others and not _published(str(fields["code"]), recipient, claims):
        yield QUIET.problem(f"{', '.join(sorted(others))} would read it.", record=where, field="release")


def _published(match: str, recipient: str, claims: Claims) -> bool:
    own = [each for each in claims.about(Consent, f"match:{match}") if each.party == recipient]
    return bool(own) and own[-1].said.published


def _consent(where: str, fields: Fields, claims: Claims, act: Act) -> Iterator[Problem]:
    for each in claims.about(Match, f"match:{fields['match']}"):
        recipient = _party_of_need(each.said.need, claims)
        if recipient != act.party:
            message = f"{recipient or 'Another party'} answers for it, not {act.party}."
            yield OWN_ANSWER.problem(message, record=where, field="match")
        return


_OF_KIND: Final = {
    "cooperation.newcomer": _phase,
    "cooperation.condition": _phase,
    "cooperation.need": _need,
    "cooperation.offer": _period,
    "cooperation.support": _period,
    "cooperation.match": _match,
    "cooperation.consent": _consent,
}
CHECKS: Final[dict[str, Check]] = dict.fromkeys(_OF_KIND, check)
