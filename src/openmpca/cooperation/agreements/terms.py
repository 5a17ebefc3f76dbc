"""From when to when agreements and clauses hold, as each party has it, and what expires in the months ahead.

Rules kept here:

1. A party's agreement begins on the day it came into force, or before that on the day from which it is applied for the
   time being. It ends with the last day that was stated, or that the latest of that party's changes of term gives.
2. A party that stated a change of term and no agreement has the agreement that became known first, with its change.
3. A clause holds as long as its agreement, or until an earlier day of its own.
4. Where parties differ, each has its own line. A `Span` for all of them is the narrowest: it holds when all say so.
5. Warnings come at 24, 12, 6 and 3 months before the last day, and for a year when that is past.

Source: the research on joint programmes, 1.5 (agreements that lapsed; alerts at 24, 12, 6 and 3 months).
"""

from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from openmpca.cooperation.agreements.statements import ENDED, PROVISIONAL, Agreement, Clause, Term
from openmpca.cooperation.claims import Claim, Claims

WARNED: Final = (3, 6, 12, 24)
"""Months before the end at which a warning begins."""
PAST: Final = 12
"""Months after the end for which it is told that something lapsed."""
NEGOTIATED, PROVISIONALLY, IN_FORCE, LAPSED = "negotiated", "provisionally applied", "in force", "lapsed"


@dataclass(frozen=True)
class Held:
    """From when to when something holds, as a party has it; ``last`` is its last day, None without an end."""

    thing: str
    party: str
    title: str
    provisional: date | None
    in_force: date | None
    last: date | None

    @property
    def code(self) -> str:
        """The code of the agreement or clause."""
        return self.thing.partition(":")[2]

    @property
    def first(self) -> date | None:
        """The first day on which it holds in any way."""
        return min((each for each in (self.provisional, self.in_force) if each), default=None)

    def standing(self, day: date) -> str:
        """How it stands on a day."""
        if self.first is None or day < self.first:
            return NEGOTIATED
        if self.last is not None and self.last < day:
            return LAPSED
        return IN_FORCE if self.in_force is not None and self.in_force <= day else PROVISIONALLY


@dataclass(frozen=True)
class Span:
    """From when to when something holds as all who stated it say; never where ``first`` is None."""

    first: date | None
    last: date | None


@dataclass(frozen=True)
class Expiry:
    """That something has a last day, as some parties have it: in how many months at most, 0 when it is past."""

    thing: str
    title: str
    parties: tuple[str, ...]
    last: date
    months: int
    disputed: bool
    """Whether another party has another last day, or none."""

    @property
    def code(self) -> str:
        """The code of what expires."""
        return self.thing.partition(":")[2]


def agreements(claims: Claims) -> dict[str, list[Held]]:
    """Every agreement as each party has it, in the order in which they became known (rules 1 and 2)."""
    changes: dict[str, list[Claim[Term]]] = {}
    for change in claims.of(Term):
        changes.setdefault(change.thing, []).append(change)
    found = {}
    for thing, said in claims.by_thing(Agreement).items():
        own = {each.party: each for each in said}
        parties = dict.fromkeys([*own, *(each.party for each in changes.get(thing, ()))])
        found[thing] = [
            _changed(_stated(party, own.get(party, said[0])), changes.get(thing, ()), own.get(party))
            for party in parties
        ]
    return found


def _stated(party: str, claim: Claim[Agreement]) -> Held:
    said = claim.said
    return Held(claim.thing, party, said.title, said.provisional, said.in_force, said.expires)


def _changed(held: Held, changes: Sequence[Claim[Term]], own: Claim[Agreement] | None) -> Held:
    """A term with the changes of its party; a later statement of the agreement itself has taken in earlier ones."""
    since = (own.said.day, own.known) if own is not None else (date.min, 0)
    mine = [each for each in changes if each.party == held.party and (each.said.day, each.known) >= since]
    for change in sorted(mine, key=lambda each: (each.said.day, each.known)):
        held = replace(held, last=change.said.expires or (held.last if change.said.change == ENDED else None))
        if change.said.change == PROVISIONAL:
            held = replace(held, provisional=min(held.provisional or date.max, change.said.day))
    return held


def clauses(
    claims: Claims, of: Mapping[str, Sequence[Held]], only: Collection[str] | None = None
) -> dict[str, list[Held]]:
    """Every clause as each party has it, or some (rule 3); ``of`` is every agreement."""
    said = claims.by_thing(Clause)
    wanted = said if only is None else [each for each in only if each in said]
    return {thing: [_clause(each, of) for each in said[thing]] for thing in wanted}


def _clause(claim: Claim[Clause], agreements: Mapping[str, Sequence[Held]]) -> Held:
    around = agreements.get(f"agreement:{claim.said.agreement}", ())
    whole = next((each for each in around if each.party == claim.party), around[0] if around else None)
    ends = [each for each in (claim.said.expires, whole.last if whole else None) if each is not None]
    begun = (whole.provisional, whole.in_force) if whole else (None, None)
    return Held(claim.thing, claim.party, claim.said.title, *begun, min(ends, default=None))


def span(held: Iterable[Held]) -> Span:
    """The narrowest of what parties have (rule 4).

    >>> one = Held("agreement:UA", "ALD", "", None, date(2006, 6, 17), date(2013, 6, 16))
    >>> span([one, replace(one, party="BRK", last=None)])
    Span(first=datetime.date(2006, 6, 17), last=datetime.date(2013, 6, 16))
    """
    every = list(held)
    begun = [each.first for each in every if each.first is not None]
    return Span(max(begun, default=None), min((each.last for each in every if each.last is not None), default=None))


def expiring(claims: Claims, day: date, months: int = WARNED[-1]) -> list[Expiry]:
    """What ends within some months of a day, the soonest first; what lapsed in the year before stands before that.

    What is not in force yet has no end that one waits for. A clause is told where it ends before its agreement.
    """
    whole = agreements(claims)
    ends = {thing: {each.party: each.last for each in held} for thing, held in whole.items()}
    told = [*_expiries(whole, day, months)]
    for expiry in _expiries(clauses(claims, whole), day, months):
        around = f"agreement:{_agreement_of(claims, expiry.thing)}"
        if any(ends.get(around, {}).get(party) != expiry.last for party in expiry.parties):
            told.append(expiry)
    return sorted(told, key=lambda each: (each.last, each.thing))


def _agreement_of(claims: Claims, clause: str) -> str:
    return claims.about(Clause, clause)[0].said.agreement


def _expiries(held: Mapping[str, Sequence[Held]], day: date, months: int) -> Iterable[Expiry]:
    for thing, views in held.items():
        by_last: dict[date, list[Held]] = {}
        for view in views:
            if view.last is not None and view.first is not None:
                by_last.setdefault(view.last, []).append(view)
        for last, said in by_last.items():
            if (within := _months(day, last)) <= months and day < later(last, PAST):
                parties = tuple(each.party for each in said)
                yield Expiry(thing, said[0].title, parties, last, within, len(said) < len(views))


def _months(day: date, last: date) -> int:
    """Within how many months of a day a last day lies: 0 when it is past; beyond the longest warning one month more.

    >>> [_months(date(2013, 3, 17), date(2013, month, 17)) for month in (2, 3, 6, 7)]
    [0, 3, 3, 6]
    """
    if last < day:
        return 0
    return next((each for each in WARNED if last <= later(day, each)), WARNED[-1] + 1)


def later(day: date, months: int) -> date:
    """The day some months later, or the last one of a shorter month.

    >>> later(date(2012, 11, 30), 3)
    datetime.date(2013, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def after(day: date) -> date:
    """The day after a day."""
    return day + timedelta(days=1)
