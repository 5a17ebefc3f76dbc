"""Counts of a scoreboard held against what they are said to have grown by, and against each other.

    found = between([count], [increment])

Rules kept here:

1. Each party's counts are held against that party's own increments; parties are compared by `positions`, never mixed.
2. Between two counts, what a line grew by is *explained* where the increments of that time add up to it; it is a *gap
   in the source* where some days are not told of and something is left for them; anything else is *unexplained*, and
   the two figures stand beside each other. More cannot be told than there was: that is unexplained, whatever days lack.
3. An increment belongs between two counts when its whole period lies after the first and up to the second.
4. Two lines of one source that have the same amount on every day on which both are counted, and two words in common,
   may be one line printed twice. That is told, and nothing is dropped.

Source: the research on joint programmes, 1.4.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Final, Literal

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.elimination.statements import Count, Increment, Line, View

Outcome = Literal["explained", "unexplained", "gap in the source"]
_WORD: Final = re.compile(r"[^\W\d_]{4,}")
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Between:
    """From one count of a party to its next: what the line grew by, what increments tell, the days not told of."""

    party: str
    first: Claim[Count]
    last: Claim[Count]
    told: Decimal
    gaps: tuple[tuple[date, date], ...]

    @property
    def grown(self) -> Decimal:
        """By how much the counts differ."""
        return Decimal(self.last.said.amount) - Decimal(self.first.said.amount)

    @property
    def left(self) -> Decimal:
        """What the increments do not tell of; below zero, what they tell too much."""
        return self.grown - self.told

    @property
    def outcome(self) -> Outcome:
        """What is to be thought of it (rule 2)."""
        if self.left == 0:
            return "explained"
        return "gap in the source" if self.gaps and self.left > 0 else "unexplained"


def between(counts: Iterable[Claim[Count]], increments: Iterable[Claim[Increment]]) -> list[Between]:
    """The steps from count to count of a line, by party and day."""
    own: dict[str, list[Claim[Count]]] = defaultdict(list)
    for each in counts:
        own[each.party].append(each)
    given = list(increments)
    return [
        _step(party, first, last, [each for each in given if each.party == party])
        for party, of_party in own.items()
        for first, last in pairwise(sorted(of_party, key=lambda each: each.said.on))
    ]


def _step(party: str, first: Claim[Count], last: Claim[Count], given: Sequence[Claim[Increment]]) -> Between:
    within = [each.said for each in given if first.said.on < each.said.first and each.said.last <= last.said.on]
    told = sum((Decimal(each.amount) for each in within), Decimal(0))
    periods = sorted((each.first, each.last) for each in within)
    return Between(party, first, last, told, tuple(_gaps(first.said.on, last.said.on, periods)))


def _gaps(after: date, until: date, periods: Sequence[tuple[date, date]]) -> Iterator[tuple[date, date]]:
    """The days after one and up to another that no period holds."""
    at = after + _DAY
    for first, last in periods:
        if first > at:
            yield at, first - _DAY
        at = max(at, last + _DAY)
    if at <= until:
        yield at, until


@dataclass(frozen=True)
class Twin:
    """Two lines that may be one, with the days on which both are counted, and alike (rule 4)."""

    line: str
    other: str
    days: tuple[date, ...]


def twins(claims: Claims) -> list[Twin]:
    """The lines that may have been printed twice."""
    titles = {each.code: each.said.title for each in claims.of(Line)}
    counted: dict[str, dict[tuple[str, date, str], str]] = defaultdict(dict)
    for each in claims.of(Count):
        counted[each.code][each.party, each.said.on, each.said.source] = each.said.amount
    return [
        Twin(line, other, tuple(sorted({on for _party, on, _source in shared})))
        for line, other in combinations(sorted(titles), 2)
        if (shared := counted[line].keys() & counted[other].keys())
        and len(_words(titles[line]) & _words(titles[other])) > 1
        and all(counted[line][each] == counted[other][each] for each in shared)
    ]


def _words(title: str) -> frozenset[str]:
    return frozenset(_WORD.findall(title.casefold()))


@dataclass(frozen=True)
class Position:
    """What a party holds of a count of another: it accepts it, disputes it for a reason, or has said nothing (open)."""

    party: str
    position: str
    sees: str
    reason: str
    number: int | None = None


def positions(claims: Claims, count: Claim[Count], parties: Iterable[str]) -> list[Position]:
    """The position of each other party on a count."""
    views = {_viewer(each): each for each in claims.about(View, count.thing) if each.said.on == count.said.on}
    others = sorted({*parties, *views} - {count.party})
    return [
        Position(party, view.said.position, view.said.sees, view.said.reason, view.number)
        if (view := views.get(party)) is not None
        else Position(party, "open", "", "")
        for party in others
    ]


def _viewer(view: Claim[View]) -> str:
    return view.said.viewer or view.party


@dataclass(frozen=True)
class Standing:
    """A line of the scoreboard as it stands: its definition, and the last count of each party."""

    line: Claim[Line]
    counts: tuple[Claim[Count], ...]
    steps: tuple[Between, ...]

    @property
    def wrong(self) -> list[Between]:
        """The steps that are not explained."""
        return [each for each in self.steps if each.outcome != "explained"]


def scoreboard(claims: Claims) -> list[Standing]:
    """Every line, in the order of its code."""
    counts, increments = claims.by_thing(Count), claims.by_thing(Increment)
    found = []
    for line in sorted(claims.of(Line), key=lambda each: (each.code, each.known)):
        own = counts.get(line.thing, [])
        last = {each.party: each for each in sorted(own, key=lambda each: each.said.on)}
        steps = between(own, increments.get(line.thing, []))
        found.append(Standing(line, tuple(last.values()), tuple(steps)))
    return found
