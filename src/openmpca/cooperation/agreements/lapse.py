"""What follows when a clause or an agreement lapses: what ends, what goes on and under what, until when.

    >>> four = ("stops", "until", "under", "survives")
    >>> rest = Rest("project:P", "clause:C", "ALD", 1, four, instead="clause:D", until=date(2014, 1, 1))
    >>> spans = {"clause:D": Span(date(2000, 1, 1), None)}
    >>> found = lapse("clause:C", date(2013, 6, 16), [rest], spans).fates["project:P"]
    >>> [(each.answer, str(each.last)) for each in found if each]
    [('stops', '2013-06-16'), ('until', '2014-01-01'), ('under', 'None'), ('survives', 'None')]

Lapse is not stop. For each of four things (new authority, payment, access, the protection of what was done) it is asked
apart when it has its last day.

Rules kept here:

1. What lapses has its last day in authority, payment and access; its protection outlives it by the years that survive.
2. What rests on something goes by its answer, from the last day of the same of the four things in what it rests on:
   *stops* with it, goes on *until* a day of its own if that is later, goes on *under* another clause as long as that
   holds, *survives* without an end. What is *unconcerned* does not rest on it in that.
3. Where nothing is said the answer is *open*: it is reckoned as if it stopped, and told as what nobody settled.
4. An answer under a clause that does not hold on the day after is *lost*: it stops. So is one under a clause that
   lapses for the same reason.
5. Where a thing rests on several, or parties answer differently, the earliest last day counts, with who says so; every
   answer stays in ``rests``.
6. A circle is a problem and told. Within it each goes as early as any of its grounds makes it.

The end of a thing never comes before that of its ground, so one pass in the order of what rests on what gives all, and
a circle comes to rest after a few rounds.

Source: the research on joint programmes, 1.1 ("that single query") and 1.5; issue "Partnership": lapse is not stop.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from openmpca.cooperation.agreements.statements import ASPECTS, FOR_EVER, STOPS, SURVIVES, UNCONCERNED, UNDER, UNTIL
from openmpca.cooperation.agreements.terms import Span, after, later
from openmpca.cooperation.circles import circle

OPEN, LOST = "open", "lost"
_NEVER: Final = date.max
_NOWHERE: Final = Span(None, None)
_RANK: Final = {STOPS: 0, LOST: 1, OPEN: 2, UNTIL: 3, UNDER: 4, SURVIVES: 5}
_LAST: Final = len(_RANK)

Ends = list[date]


class Rest(NamedTuple):
    """That a thing rests on another, as a party says: its four answers, blank where it is not settled.

    ``instead`` is what it goes on under, ``until`` the day up to which, ``years`` for how long protection survives.
    """

    thing: str
    ground: str
    party: str
    number: int
    answers: tuple[str, str, str, str]
    instead: str = ""
    until: date | None = None
    years: int = FOR_EVER


_GROUND: Final = 1
_ANSWERS: Final = 4
_INSTEAD: Final = 5
"""Where these stand in a `Rest`: a hundred thousand are gone through, and a place is found faster than a name."""


class Outcome(NamedTuple):
    """What becomes of one of the four things: by which answer, and on which day it is there last; None is no end."""

    answer: str
    last: date | None
    rest: Rest


Fate = tuple[Outcome | None, ...]
"""What becomes of a thing in each of the four; None where it does not depend on what lapses."""


class Lapse(NamedTuple):
    """What follows when ``thing`` has its last day ``on`` a day: of everything that rests on it, the nearest first."""

    thing: str
    on: date
    fates: dict[str, Fate]
    rests: list[Rest]
    circles: list[list[str]]

    def of_sort(self, sort: str) -> list[str]:
        """The things of a sort that are touched, in order."""
        return sorted(each for each in self.fates if each.partition(":")[0] == sort)

    def differing(self) -> list[list[Rest]]:
        """What rests on what by different answers of several parties, the answers side by side."""
        said: dict[tuple[str, str], list[Rest]] = {}
        for rest in self.rests:
            said.setdefault((rest.thing, rest.ground), []).append(rest)
        views = {key: {(each.answers, each.instead, each.until) for each in found} for key, found in said.items()}
        several = {key: {each.party for each in found} for key, found in said.items()}
        return [found for key, found in said.items() if len(views[key]) > 1 and len(several[key]) > 1]

    def counts(self, aspect: int) -> dict[str, int]:
        """How many things have each answer in one of the four."""
        found: dict[str, int] = {}
        for fate in self.fates.values():
            if (outcome := fate[aspect]) is not None:
                found[outcome.answer] = found.get(outcome.answer, 0) + 1
        return found


def lapse(thing: str, on: date, rests: Iterable[Rest], spans: Mapping[str, Span], survives: int = 0) -> Lapse:
    """What follows when a thing has its last day ``on`` a day.

    ``rests`` is what rests on what as far as it is known, ``spans`` from when to when each clause and agreement holds
    that something may go on under, ``survives`` for how many years the protection of what lapses does.
    """
    grounds, back = _reached(thing, rests)
    order, knot = _in_order(grounds)
    ends: dict[str, Ends] = {thing: [on, on, on, _survived(on, survives)]}
    fates: dict[str, Fate] = {}
    for each in order:
        ends[each], fates[each] = _fate(grounds[each], ends, spans)
    while knot:
        before = {each: ends.get(each) for each in knot}
        for each in knot:
            ends[each], fates[each] = _fate(grounds[each], ends, spans)
        if before == {each: ends[each] for each in knot}:
            break
    touched = {each: fates[each] for each in grounds if any(fates[each])}
    kept = [rest for each in touched for rest in grounds[each]]
    return Lapse(thing, on, touched, kept, _circles([*back, *knot], {**grounds, **back}))


def _reached(thing: str, rests: Iterable[Rest]) -> tuple[dict[str, list[Rest]], dict[str, list[Rest]]]:
    """Everything that rests on a thing, over however many others, the nearest first, each with what it rests on.

    Beside it the thing itself, where it comes to rest on what rests on it.
    """
    upon: dict[str, list[Rest]] = {}
    for rest in rests:
        upon.setdefault(rest.ground, []).append(rest)
    found: dict[str, list[Rest]] = {}
    back: dict[str, list[Rest]] = {}
    waiting = [thing]
    for at in waiting:
        for rest in upon.get(at, ()):
            if rest.thing == thing:
                back.setdefault(thing, []).append(rest)
                continue
            if rest.thing not in found:
                found[rest.thing] = []
                waiting.append(rest.thing)
            found[rest.thing].append(rest)
    return found, back


def _in_order(grounds: Mapping[str, Sequence[Rest]]) -> tuple[list[str], list[str]]:
    """The things so that each comes after all that it waits for; and those that wait for each other, or for such."""
    waits: dict[str, set[str]] = {}
    freed: dict[str, list[str]] = {}
    for each, rests in grounds.items():
        named = {rest[_GROUND] for rest in rests} | {rest[_INSTEAD] for rest in rests}
        waits[each] = needed = {at for at in named if at in grounds}
        for at in needed:
            freed.setdefault(at, []).append(each)
    order = [each for each, needed in waits.items() if not needed]
    for at in order:
        for each in freed.get(at, ()):
            waits[each].discard(at)
            if not waits[each]:
                order.append(each)
    done = set(order)
    return order, [each for each in grounds if each not in done]


def _fate(rests: Sequence[Rest], ends: Mapping[str, Ends], spans: Mapping[str, Span]) -> tuple[Ends, Fate]:
    """When each of the four has its last day in a thing that rests on some, and by which answer."""
    last, rank = [_NEVER] * len(ASPECTS), [_LAST] * len(ASPECTS)
    said: list[tuple[str, Rest] | None] = [None] * len(ASPECTS)
    for rest in rests:
        ground = ends.get(rest[_GROUND])
        if ground is None:
            continue
        for aspect, answer in enumerate(rest[_ANSWERS]):
            begun = ground[aspect]
            if begun > last[aspect] or (begun == last[aspect] and not rank[aspect]) or answer == UNCONCERNED:
                continue  # nothing ends before its ground
            word, day = _answered(answer, rest, aspect, begun, ends, spans)
            if begun != _NEVER and (day < last[aspect] or (day == last[aspect] and _RANK[word] < rank[aspect])):
                last[aspect], rank[aspect], said[aspect] = day, _RANK[word], (word, rest)
    fate = (
        Outcome(each[0], None if day == _NEVER else day, each[1]) if each is not None else None
        for each, day in zip(said, last, strict=True)
    )
    return last, tuple(fate)


def _answered(
    answer: str, rest: Rest, aspect: int, ground: date, ends: Mapping[str, Ends], spans: Mapping[str, Span]
) -> tuple[str, date]:
    """What an answer comes to when the ground has its last day: its word, and the last day that follows (rule 2)."""
    if answer == STOPS:
        return STOPS, ground
    if not answer:
        return OPEN, ground
    if answer == SURVIVES:
        return SURVIVES, _survived(ground, rest.years)
    if answer == UNTIL:
        return (UNTIL, rest.until) if rest.until and rest.until > ground else (STOPS, ground)
    holds = _holds(spans.get(rest.instead, _NOWHERE), ground)
    other = min(holds, ends[rest.instead][aspect]) if rest.instead in ends else holds
    return (UNDER, other) if other > ground else (LOST, ground)


def _holds(span: Span, ground: date) -> date:
    """Up to when something holds that begins no later than the day after another's last day; else not beyond that."""
    if span.first is None or (span.first > ground and span.first > after(ground)):
        return ground
    return span.last or _NEVER


def _survived(day: date, years: int) -> date:
    """The last day of what outlives a day by some years."""
    return _NEVER if years == FOR_EVER or day.year + years >= _NEVER.year else later(day, 12 * years)


def _circles(knot: Sequence[str], grounds: Mapping[str, Sequence[Rest]]) -> list[list[str]]:
    """The circles among things that wait for each other, each told once."""
    above = {each: [rest.ground for rest in rests] for each, rests in grounds.items()} if knot else {}
    told: set[str] = set()
    found = []
    for each in knot:
        if each not in told and (way := circle(each, above)):
            found.append(way)
            told.update(way)
    return found
