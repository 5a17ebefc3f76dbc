"""What is checked of every money entry: rules 785 to 790 and 810 to 816.

A reversal is checked against the entry that it reverses and against nothing else: it only takes away.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from openmpca.cooperation.agreements import terms
from openmpca.cooperation.agreements.resting import what_lapses
from openmpca.cooperation.agreements.statements import ASPECTS
from openmpca.cooperation.claims import Claims
from openmpca.cooperation.conditions.rules import obligated
from openmpca.cooperation.money import numbered
from openmpca.cooperation.money.categories import KINDS, named, value_of
from openmpca.cooperation.money.funds import ceilings, resting
from openmpca.cooperation.money.seen import Seen
from openmpca.cooperation.money.statements import (
    CostLine,
    Disbursement,
    Entry,
    Fund,
    InKind,
    Obligation,
    StaffTime,
)
from openmpca.cooperation.rules import sound
from openmpca.problems import Problem
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known

_ALIKE: Final = ("giver", "receiver", "project", "costline", "currency", "fund", "obligation", "commitment", "pledge")
_NEED_A_PROJECT: Final = (Obligation, Disbursement, InKind, StaffTime, KINDS["exemption"])


def checked(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """The problems of a segment of entries of one kind."""
    seen, found = Seen(segment, known, act), list[Problem]()
    for where, said in sound(segment):
        found += _entry(seen, where, said)
    return found


def _entry(seen: Seen, where: str, said: Entry) -> Iterator[Problem]:
    if said.code in seen.entries:
        told = f"{seen.party} has stated {said.code} already."
        yield numbered.ONCE.problem(told, record=where, field="code")
    yield from _signs(where, said)
    yield from _line_of(seen, where, said)
    yield from _complete(seen, where, said)
    before = seen.entries.get(said.reverses, [])
    seen.add(said)
    if said.reverses:
        yield from _reversal(seen, where, said, before)
    elif isinstance(said, Obligation):
        yield from _obligation(seen, where, said)
        if said.giver == seen.party:
            yield from obligated(seen.at(said.day), said.project, said.day, where)
    elif isinstance(said, Disbursement):
        yield from _disbursement(seen, where, said)


def _signs(where: str, said: Entry) -> Iterator[Problem]:
    field = "hours" if isinstance(said, StaffTime) else "amount"
    amount = Decimal(getattr(said, field))
    if said.reverses and amount >= 0:
        yield numbered.SIGN.problem(f"It reverses {said.reverses} and is not below zero.", record=where, field=field)
    if not said.reverses and amount <= 0:
        yield numbered.SIGN.problem(f"{amount} is not above zero.", record=where, field=field)
    if isinstance(said, StaffTime) and Decimal(said.rate) <= 0:
        yield numbered.SIGN.problem(f"{said.rate} is not above zero.", record=where, field="rate")


def _line_of(seen: Seen, where: str, said: Entry) -> Iterator[Problem]:
    line = seen.about(CostLine, f"costline:{said.costline}") if said.costline else None
    if line is not None and line.project != said.project:
        told = f"{said.costline} is a cost line of {line.project}."
        yield numbered.LINE_OF.problem(told, record=where, field="costline")


def _complete(seen: Seen, where: str, said: Entry) -> Iterator[Problem]:
    wanted = []
    if isinstance(said, _NEED_A_PROJECT):
        wanted.append("project")
    if isinstance(said, InKind):
        wanted += ["what", "basis"]
    if isinstance(said, StaffTime):
        wanted.append("work")
    if said.giver == seen.party:
        wanted += {Obligation: ["fund"], Disbursement: ["obligation"]}.get(type(said), [])
    for field in wanted:
        if not str(getattr(said, field)).strip():
            yield numbered.COMPLETE.problem("It is blank.", record=where, field=field)


def _reversal(seen: Seen, where: str, said: Entry, before: list[Entry]) -> Iterator[Problem]:
    of = next((each for each in before if type(each) is type(said) and not each.reverses), None)
    if of is None:
        told = f"{seen.party} has stated no {named(type(said))} {said.reverses}."
        yield numbered.REVERSAL.problem(told, record=where, field="reverses")
        return
    for field in _ALIKE:
        if getattr(said, field, "") != getattr(of, field, ""):
            told = f"{said.reverses} has {getattr(of, field)!r}."
            yield numbered.REVERSAL.problem(told, record=where, field=field)
    left = seen.net(said.reverses)
    if left < 0:
        told = f"That is {-left} {said.currency} more than is left of {said.reverses}."
        yield numbered.REVERSAL.problem(told, record=where, field=_amount_field(said))
    paid = seen.sum_in(seen.disbursed(said.reverses), said.currency)
    if isinstance(said, Obligation) and 0 <= left < paid:
        told = f"{paid} {said.currency} were disbursed on {said.reverses}, and {left} would be obligated."
        yield numbered.DISBURSED.problem(told, record=where, field="amount")


def _amount_field(said: Entry) -> str:
    return "hours" if isinstance(said, StaffTime) else "amount"


def _obligation(seen: Seen, where: str, said: Obligation) -> Iterator[Problem]:
    fund = seen.about(Fund, f"fund:{said.fund}", said.day) if said.fund else None
    if fund is None:
        if said.fund and seen.about(Fund, f"fund:{said.fund}") is not None:
            told = f"{said.fund} is not there yet on {said.day}."
            yield numbered.IN_TIME.problem(told, record=where, field="day")
        return
    if fund.holder != said.giver:
        yield numbered.OWN.problem(f"{said.fund} is a fund of {fund.holder}.", record=where, field="fund")
    if (fund.first or said.day) > said.day or (fund.last or said.day) < said.day:
        told = f"{said.fund} is open from {fund.first or 'the beginning'} to {fund.last or 'no set day'}."
        yield numbered.IN_TIME.problem(told, record=where, field="day")
    if seen.worth(said, fund.currency) is None:
        yield _no_rate(seen, where, said, fund.currency)
        return
    yield from _within_fund(seen, where, said)
    yield from _within_agreement(seen, where, said, fund)
    yield from _in_force(seen, where, said, fund)


def _no_rate(seen: Seen, where: str, said: Entry, into: str) -> Problem:
    told = f"{seen.party} has recorded no rate of {said.currency} into {into} for {said.day}."
    return numbered.NO_RATE.problem(told, record=where, field="currency")


def _within_fund(seen: Seen, where: str, said: Obligation) -> Iterator[Problem]:
    """Up to the day of the obligation, and with all that was obligated later."""
    for day in (said.day, date.max):
        fund = seen.about(Fund, f"fund:{said.fund}", day)
        if fund is not None and seen.gross([said.fund], fund.currency) <= Decimal(fund.ceiling):
            continue
        drawn = seen.sum_in(seen.obligations([said.fund], day), fund.currency) if fund else Decimal(0)
        if fund is not None and drawn > Decimal(fund.ceiling):
            told = f"{drawn} {fund.currency} would be obligated from {said.fund}, above {fund.ceiling}."
            yield numbered.FUND_CEILING.problem(told, record=where, field="amount")
            return


def _within_agreement(seen: Seen, where: str, said: Obligation, fund: Fund) -> Iterator[Problem]:
    for day in (said.day, date.max):
        claims = seen.at(day)
        for each in ceilings(claims, fund.agreement, said.giver, seen.party):
            funds, unit = seen.under(day, each.said.agreement), each.said.currency
            if seen.worth(said, unit) is None:
                yield _no_rate(seen, where, said, unit)
                return
            if seen.gross(funds, unit) <= Decimal(each.said.amount):
                continue
            drawn = seen.sum_in([one for one in seen.obligations(funds, day) if one.giver == said.giver], unit)
            if drawn > Decimal(each.said.amount):
                told = f"{drawn} {unit} would be obligated under {each.said.agreement}, above {each.said.amount}."
                yield numbered.AGREEMENT_CEILING.problem(told, record=where, field="amount")
                return


def _in_force(seen: Seen, where: str, said: Obligation, fund: Fund) -> Iterator[Problem]:
    """Whether each agreement on which the fund rests gives new authority on the day, as the party has it."""
    claims = seen.at(said.day)
    held = seen.held(said.day)
    for agreement in resting(claims, fund.agreement, seen.party):
        views = held.get(f"agreement:{agreement}", [])
        own = next((each for each in views if each.party == seen.party), views[0] if views else None)
        if own is None or own.standing(said.day) in (terms.IN_FORCE, terms.PROVISIONALLY):
            continue
        if own.last is not None and own.last < said.day and _goes_on(claims, own.thing, own.last, said):
            continue
        told = f"{agreement} is {own.standing(said.day)} on {said.day}."
        yield numbered.IN_FORCE.problem(told, record=where, field="fund")


def _goes_on(claims: Claims, agreement: str, last: date, said: Obligation) -> bool:
    """Whether new authority goes on for a project after an agreement has lapsed, as somebody answered."""
    fate = what_lapses(claims, agreement, last).fates.get(f"project:{said.project}")
    outcome = fate[ASPECTS.index("authority")] if fate else None
    return outcome is not None and (outcome.last is None or outcome.last >= said.day)


def _disbursement(seen: Seen, where: str, said: Disbursement) -> Iterator[Problem]:
    if not said.obligation:
        return
    own = seen.entries.get(said.obligation, [])
    named_so = [*own, *seen.others.get(said.obligation, [])]
    of = next((each for each in named_so if isinstance(each, Obligation)), None)
    if of is None and not named_so:
        return  # rule 800 tells it
    if of is None:
        told = f"{said.obligation} is no obligation."
        yield numbered.OWN.problem(told, record=where, field="obligation")
        return
    if (of.giver, of.project) != (said.giver, said.project):
        told = f"{said.obligation} is one of {of.giver} for {of.project}."
        yield numbered.OWN.problem(told, record=where, field="obligation")
    if of.day > said.day:
        told = f"{said.obligation} was obligated on {of.day}."
        yield numbered.DISBURSED.problem(told, record=where, field="day")
    if seen.worth(said, of.currency) is None:
        yield _no_rate(seen, where, said, of.currency)
        return
    limit = seen.net(said.obligation) if own else value_of(of)
    paid = seen.sum_in(seen.disbursed(said.obligation), of.currency)
    if paid > limit:
        told = f"{paid} {of.currency} would be disbursed on {said.obligation}, above {limit}."
        yield numbered.DISBURSED.problem(told, record=where, field="amount")
