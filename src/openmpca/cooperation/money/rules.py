"""What is checked of statements about money: rules 780 to 790 and 810 to 816.

Rules kept here:

1. A party is checked against what it may read itself: no problem tells what another party keeps.
2. What is stated together is checked together: ten obligations that fit a fund one by one are refused where their sum
   does not.

Source: the research on joint programmes, 1.1 and 2.4; issue "Partnership", bullet "Paying".
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from openmpca.cooperation.money import numbered
from openmpca.cooperation.money.categories import EXACT, KINDS
from openmpca.cooperation.money.checking import checked
from openmpca.cooperation.money.seen import Seen
from openmpca.cooperation.money.statements import Ceiling, CostLine, ExchangeRate, Fund, ShareRule
from openmpca.cooperation.rules import Check, sound
from openmpca.problems import Problem
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known
from openmpca.record.statements import kind_by

_WHOLE: Final = Decimal(100)


def _funds(segment: Segment, known: Known, act: Act) -> list[Problem]:
    seen = Seen(segment, known, act)
    return [problem for where, said in sound(segment) for problem in _fund(seen, where, said)]


def _fund(seen: Seen, where: str, said: Fund) -> Iterator[Problem]:
    if said.first is not None and said.last is not None and said.first > said.last:
        told = f"It is open from {said.first} to {said.last}."
        yield numbered.PERIOD.problem(told, record=where, field="last")
    yield from _not_below_zero(where, "ceiling", said.ceiling)
    drawn = seen.sum_in(seen.obligations([said.code]), said.currency)
    if drawn > Decimal(said.ceiling):
        told = f"{drawn} {said.currency} are obligated from it already, above {said.ceiling}."
        yield numbered.FUND_CEILING.problem(told, record=where, field="ceiling")


def _ceilings(segment: Segment, known: Known, act: Act) -> list[Problem]:
    seen = Seen(segment, known, act)
    return [problem for where, said in sound(segment) for problem in _ceiling(seen, where, said)]


def _ceiling(seen: Seen, where: str, said: Ceiling) -> Iterator[Problem]:
    yield from _not_below_zero(where, "amount", said.amount)
    funds = seen.under(date.max, said.agreement)
    drawn = seen.sum_in([each for each in seen.obligations(funds) if each.giver == said.giver], said.currency)
    if drawn > Decimal(said.amount):
        told = f"{drawn} {said.currency} are obligated under it already, above {said.amount}."
        yield numbered.AGREEMENT_CEILING.problem(told, record=where, field="amount")


def _cost_lines(segment: Segment, _known: Known, _act: Act) -> list[Problem]:
    return [problem for where, said in sound(segment) for problem in _not_below_zero(where, "planned", said.planned)]


def _not_below_zero(where: str, field: str, amount: str) -> Iterator[Problem]:
    if Decimal(amount) < 0:
        yield numbered.SIGN.problem(f"{amount} is below zero.", record=where, field=field)


def _share_rules(segment: Segment, known: Known, act: Act) -> list[Problem]:
    seen = Seen(segment, known, act)
    standing, found = seen.own(ShareRule), list[Problem]()
    for where, said in sound(segment):
        found += _share_rule(standing, where, said)
        standing.append(said)
    return found


def _share_rule(standing: list[ShareRule], where: str, said: ShareRule) -> Iterator[Problem]:
    total = Decimal(0)
    for share in said.shares.values():
        total = EXACT.add(total, Decimal(share))
    if total != _WHOLE:
        yield numbered.SUM.problem(f"They sum to {total} %.", record=where, field="shares")
    yield from _period(where, "begins", said.begins, said.ends)
    for each in standing:
        alike = (each.of, each.category) == (said.of, said.category)
        if alike and each.begins <= said.ends and said.begins <= each.ends:
            told = f"Another rule holds from {each.begins} to {each.ends}."
            yield numbered.OVERLAP.problem(told, record=where, field="begins")


def _rates(segment: Segment, known: Known, act: Act) -> list[Problem]:
    seen = Seen(segment, known, act)
    standing, found = seen.own(ExchangeRate), list[Problem]()
    for where, said in sound(segment):
        found += _rate(standing, where, said)
        standing.append(said)
    return found


def _rate(standing: list[ExchangeRate], where: str, said: ExchangeRate) -> Iterator[Problem]:
    if said.currency == said.into:
        yield numbered.RATE.problem(f"Both currencies are {said.into}.", record=where, field="into")
    if not said.source.strip():
        yield numbered.RATE.problem("It has no source.", record=where, field="source")
    yield from _period(where, "ends", said.day, said.ends)
    for each in standing:
        alike = (each.currency, each.into) == (said.currency, said.into)
        if alike and each.day <= said.ends and said.day <= each.ends:
            told = f"A rate of {each.rate} holds from {each.day} to {each.ends}."
            yield numbered.RATES_OVERLAP.problem(told, record=where, field="day")


def _period(where: str, field: str, begins: date, ends: date) -> Iterator[Problem]:
    if begins > ends:
        yield numbered.PERIOD.problem(f"It begins on {begins} and ends on {ends}.", record=where, field=field)


CHECKS: Final[dict[str, Check]] = {
    kind_by(Fund).name: _funds,
    kind_by(Ceiling).name: _ceilings,
    kind_by(CostLine).name: _cost_lines,
    kind_by(ShareRule).name: _share_rules,
    kind_by(ExchangeRate).name: _rates,
    **{kind_by(each).name: checked for each in KINDS.values()},
}
