"""What is checked of statements about priorities: rules 854 to 856."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.priorities.content import SORT
from openmpca.cooperation.priorities.statements import Round
from openmpca.cooperation.rules import Check, rows
from openmpca.cooperation.sealing import matters
from openmpca.cooperation.sealing import rules as sealing
from openmpca.cooperation.threats.rules import comes_after, compared
from openmpca.problems import Problem, rule
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known

SCORES = rule(
    854,
    "Scores go from a least to a higher most, a hundred steps or fewer",
    source="design idea 7: sealed independent scoring on a scale",
    mend="Give whole numbers, such as from 1 to 5.",
)
COST = rule(
    855,
    "A cost has a currency and is not negative",
    source="design idea 7: proposals with needs, benefits, cost",
    mend="Give both the amount and the currency, or neither.",
)
DECIDED = rule(
    856,
    "An outcome decides each proposal of its round at most once",
    source="design idea 7: negotiated outcome with dissent on record",
    mend="Name proposals of the round, each once, as adopted or as declined.",
)
MOST_STEPS: Final = 100


def _proposal(segment: Segment, known: Known, act: Act) -> list[Problem]:
    found = list[Problem]()
    for where, fields in rows(segment):
        cost, currency = fields.get("cost", ""), fields.get("currency", "")
        if bool(cost) != bool(currency) or cost.startswith("-"):
            found.append(COST.problem(f"{cost or 'No cost'} {currency}".strip() + ".", record=where, field="cost"))
    return found


def _round(segment: Segment, known: Known, act: Act) -> list[Problem]:
    found = list[Problem]()
    for where, fields in rows(segment):
        least, most = fields.get("least", 1), fields.get("most", 5)
        if not least < most <= least + MOST_STEPS:
            found.append(SCORES.problem(f"It goes from {least} to {most}.", record=where, field="most"))
        found += compared(fields, "proposals", where, least=2)
        found += sealing.of_party(fields["parties"], act, fields["code"], where, "parties")
        found += comes_after(Round, fields, known, act, where)
    return [*found, *sealing.settled(segment, known, act, SORT)]


def _outcome(segment: Segment, known: Known, act: Act) -> list[Problem]:
    claims = Claims(date.max, known.number - 1, [act.party], known.using)
    found = list[Problem]()
    for where, fields in rows(segment):
        matter = f"{SORT}:{fields['round']}"
        found += sealing.of_party(matters.parties(claims, matter, act.party), act, fields["round"], where, "round")
        if (said := matters.terms(claims, matter, act.party)) is not None:
            found += _decided(fields, getattr(said, "proposals", ()), where)
    return found


def _decided(fields: Any, proposals: Any, where: str) -> Iterator[Problem]:
    given = [(field, code) for field in ("adopted", "declined") for code in fields.get(field, [])]
    named = [code for _field, code in given]
    for field, code in [*given, *(("dissent", code) for code in fields.get("dissent", {}))]:
        if code not in proposals:
            yield DECIDED.problem(f"{code} is no proposal of {fields['round']}.", record=where, field=field)
    if twice := sorted({code for code in named if named.count(code) > 1}):
        yield DECIDED.problem(f"{', '.join(twice)} is decided twice.", record=where, field="adopted")


CHECKS: Final[dict[str, Check]] = {
    "cooperation.proposal": _proposal,
    "cooperation.round": _round,
    "cooperation.outcome": _outcome,
}
