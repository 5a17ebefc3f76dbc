"""Earned value: what was planned, done and spent by a day, in exact decimals, with checks of what it rests on.

    found = earned(claims, "P-07", date(2026, 3, 31), "EUR")

Rules kept here:

1. Planned value (PV): the budget of each task of the baseline, spread evenly over its days; earned value (EV): the
   budget times the percent done; actual cost (AC): what is told to have been spent. Each as its owner tells it.
2. SV = EV - PV, CV = EV - AC, SPI = EV / PV, CPI = EV / AC, EAC = BAC / CPI. What would divide by zero is not told.
3. Nothing is rounded before the end; amounts are told to four decimals, indices to three, half to even.
4. Currencies are not converted: each is reckoned by itself.
5. Figures stand with their flaws: money told after its period was closed, progress or cost that goes back, percent
   without evidence, work told done before its time, cost without any work.

Source: the usual definitions of earned value management; the research on joint programmes, 1.5, for the flaws.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Final

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.planning.plans import Revision, plan
from openmpca.cooperation.planning.statements import PeriodClose, Progress, Task
from openmpca.record import clock
from openmpca.record.reading import stored

_AMOUNT: Final = Decimal("0.0001")
_INDEX: Final = Decimal("0.001")


@dataclass(frozen=True)
class Worked:
    """A task with its figures: budget, planned, earned and spent by the day, percent done, expected end."""

    claim: Claim[Task]
    last: Claim[Progress] | None
    planned: Fraction
    earned: Fraction
    spent: Fraction

    @property
    def budget(self) -> Fraction:
        """The budget of the task."""
        return Fraction(self.claim.said.budget)


@dataclass(frozen=True)
class Flaw:
    """What is wrong with what the figures rest on: of which task, who told it, what."""

    claim: Claim[Progress]
    wbs: str
    party: str
    what: str


@dataclass(frozen=True)
class Earned:
    """The figures of a project in one currency on a day, and their flaws."""

    currency: str
    day: date
    tasks: tuple[Worked, ...]
    flaws: tuple[Flaw, ...]

    @property
    def bac(self) -> Decimal:
        """Budget at completion."""
        return _amount(self._sum("budget"))

    @property
    def pv(self) -> Decimal:
        """Planned value."""
        return _amount(self._sum("planned"))

    @property
    def ev(self) -> Decimal:
        """Earned value."""
        return _amount(self._sum("earned"))

    @property
    def ac(self) -> Decimal:
        """Actual cost."""
        return _amount(self._sum("spent"))

    @property
    def sv(self) -> Decimal:
        """Schedule variance."""
        return _amount(self._sum("earned") - self._sum("planned"))

    @property
    def cv(self) -> Decimal:
        """Cost variance."""
        return _amount(self._sum("earned") - self._sum("spent"))

    @property
    def spi(self) -> Decimal | None:
        """Schedule performance index."""
        return _ratio(self._sum("earned"), self._sum("planned"))

    @property
    def cpi(self) -> Decimal | None:
        """Cost performance index."""
        return _ratio(self._sum("earned"), self._sum("spent"))

    @property
    def eac(self) -> Decimal | None:
        """Estimate at completion."""
        earned = self._sum("earned")
        return _amount(self._sum("budget") * self._sum("spent") / earned) if earned and self._sum("spent") else None

    def _sum(self, name: str) -> Fraction:
        return sum((getattr(each, name) for each in self.tasks), Fraction(0))


def earned(claims: Claims, project: str, day: date) -> list[Earned]:
    """The figures of a project on a day, for each currency of its budgets; none where there is no plan."""
    found = plan(claims, project)
    if found is None:
        return []
    told = progress(claims, project, day)
    flaws = list(_flaws(claims, project, found.baseline, told))
    by_currency: dict[str, list[Worked]] = {}
    for task in found.baseline.tasks:
        if task.said.budget:
            own = [each for each in told.get(task.said.wbs, []) if each.party == task.said.owner]
            by_currency.setdefault(task.said.currency, []).append(_worked(task, own, day))
    return [Earned(currency, day, tuple(tasks), tuple(flaws)) for currency, tasks in sorted(by_currency.items())]


def progress(claims: Claims, project: str, day: date) -> dict[str, list[Claim[Progress]]]:
    """What is told of the progress of each task up to a day, by its place in the work breakdown, in order."""
    found: dict[str, list[Claim[Progress]]] = {}
    said = [each for each in claims.about(Progress, f"project:{project}") if each.said.day <= day]
    for each in sorted(said, key=lambda each: (each.said.day, each.known, each.number)):
        found.setdefault(each.said.wbs, []).append(each)
    return found


def _worked(task: Claim[Task], own: list[Claim[Progress]], day: date) -> Worked:
    last = own[-1] if own else None
    budget = Fraction(task.said.budget)
    done = Fraction(last.said.done) / 100 if last else Fraction(0)
    costs = [each.said for each in own if each.said.cost and each.said.currency == task.said.currency]
    spent = Fraction(costs[-1].cost) if costs else Fraction(0)
    return Worked(task, last, budget * planned_share(task.said, day), budget * done, spent)


def planned_share(task: Task, day: date) -> Fraction:
    """The part of a task that should be done by the end of a day, spread evenly over its days.

    >>> from openmpca.cooperation.planning.statements import Task
    >>> task = Task(day=date(2026, 1, 1), plan="PL", wbs="1", title="", owner="A",
    ...             starts=date(2026, 1, 1), ends=date(2026, 1, 10))
    >>> [str(planned_share(task, date(2026, 1, each))) for each in (1, 5, 31)]
    ['1/10', '1/2', '1']
    """
    if day < task.starts:
        return Fraction(0)
    return min(Fraction((day - task.starts).days + 1, (task.ends - task.starts).days + 1), Fraction(1))


def _flaws(claims: Claims, project: str, baseline: Revision, told: dict[str, list[Claim[Progress]]]) -> Iterator[Flaw]:
    begins = {each.said.wbs: each.said.starts for each in baseline.tasks}
    closes = claims.about(PeriodClose, f"project:{project}")
    for wbs, said in sorted(told.items()):
        for each in said:
            yield from (_flaw(each, what) for what in _own_flaws(each, begins.get(wbs)))
            yield from (_flaw(each, what) for what in _late(each, closes))
        for before, after in _pairs(said):
            yield from (_flaw(after, what) for what in _going_back(before.said, after.said))


def _flaw(claim: Claim[Progress], what: str) -> Flaw:
    return Flaw(claim, claim.said.wbs, claim.party, what)


def _pairs(said: list[Claim[Progress]]) -> Iterator[tuple[Claim[Progress], Claim[Progress]]]:
    """What a party told, each with what it told next."""
    last: dict[str, Claim[Progress]] = {}
    for each in said:
        if each.party in last:
            yield last[each.party], each
        last[each.party] = each


def _own_flaws(each: Claim[Progress], begins: date | None) -> Iterator[str]:
    said = each.said
    done, cost = Fraction(said.done), Fraction(said.cost or 0)
    if begins is None:
        yield f"The baseline has no task {said.wbs}."
    elif done and said.day < begins:
        yield f"{said.done} % are told on {said.day}, before the task begins on {begins}."
    if done and not said.evidence.strip():
        yield f"{said.done} % are told without evidence."
    if cost and not done:
        yield f"{said.cost} {said.currency} are spent, and nothing is done."


def _late(each: Claim[Progress], closes: list[Claim[PeriodClose]]) -> Iterator[str]:
    for close in closes:
        own = close.party == each.party and close.log == each.log
        if own and each.said.cost and each.said.day <= close.said.until and close.number < each.number:
            told = f", on {_recorded(each)}" if each.ours else ""
            yield f"Cost of {each.said.day} is told after the time up to {close.said.until} was closed{told}."


def _recorded(each: Claim[Progress]) -> date:
    return clock.day(clock.from_text(stored(each.number).recorded))


def _going_back(before: Progress, after: Progress) -> Iterator[str]:
    if Fraction(after.done) < Fraction(before.done):
        yield f"It goes back from {before.done} % to {after.done} %."
    alike = before.currency == after.currency and before.cost and after.cost
    if alike and Fraction(after.cost) < Fraction(before.cost):
        yield f"Its cost goes back from {before.cost} to {after.cost} {after.currency}."


def _amount(value: Fraction) -> Decimal:
    return _rounded(value, _AMOUNT)


def _ratio(value: Fraction, of: Fraction) -> Decimal | None:
    return _rounded(value / of, _INDEX) if of else None


def _rounded(value: Fraction, unit: Decimal) -> Decimal:
    """A fraction rounded once, half to even, without passing through a rounded quotient."""
    scaled = value / Fraction(unit)
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    twice = 2 * rest - scaled.denominator
    up = twice > 0 or (twice == 0 and whole % 2 == 1)
    return (Decimal(whole + up) * unit).quantize(unit, rounding=ROUND_HALF_EVEN)
