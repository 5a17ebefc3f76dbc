"""What rests on what, as parties state it: read from claims, as far as one thing reaches.

Rules kept here:

1. A dependency rests by the four answers that it gives. A clause ends with its agreement; what it protects survives it
   for the years that it says. A cost line, visit or shipment ends with its project.
2. An agreement that rests on another, and a project that names its agreement, rest on it even where no dependency says
   so: then every answer is open. A dependency on that agreement, or on a clause of it, says more and takes its place.
3. Only what a thing reaches is read, level by level over the links that claims have, so the rest of the record costs
   nothing.
4. What may not be read by who asks is not there.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, Literal

import msgspec
from django.db import connections

from openmpca.cooperation.agreements import terms
from openmpca.cooperation.agreements.lapse import Lapse, Rest, lapse
from openmpca.cooperation.agreements.statements import FOR_EVER, STOPS, SURVIVES, Clause
from openmpca.cooperation.agreements.terms import Span
from openmpca.cooperation.book import introduces, named
from openmpca.cooperation.claims import Claims, readable
from openmpca.cooperation.marks import introduced
from openmpca.cooperation.rules import kinds
from openmpca.record.known import placeholders
from openmpca.record.statements import kind_by

UPON: Final = ("on", "under", "agreement", "project")
"""The fields by which a claim says on what its thing rests."""
_PART: Final = 900
_OPEN: Final = ("", "", "", "")
_WITH_IT: Final = (STOPS, STOPS, STOPS, STOPS)
_CLAUSE: Final = (STOPS, STOPS, STOPS, SURVIVES)
_WITH_PROJECT: Final = frozenset({"costline", "visit", "shipment"})
_SPEAK_OF_IT: Final = frozenset({"amendment"})
"""Sorts of things that name an agreement and do not rest on it."""


STANDS: Final = (
    "c.number <= %s AND c.day <= %s AND NOT EXISTS (SELECT 1 FROM cooperation_claim r WHERE r.replaces = c.number"
    " AND r.number <= %s AND r.day <= %s)"
)
"""That a claim stands on a day, as known at a number (`claims`, rule 1)."""


def _asked(claims: Claims) -> tuple[int | date, ...]:
    return (claims.known_at, claims.day, claims.known_at, claims.day)


class _Said(msgspec.Struct, frozen=True):
    """Those fields of a claim that say on what its thing rests, and how."""

    authority: str = ""
    payment: str = ""
    access: str = ""
    protection: str = ""
    instead: str = ""
    until: date | None = None
    survives: int = 0


_READ: Final = msgspec.json.Decoder(_Said)


class Resting:
    """What rests on one thing, over however many others, as parties state it; ``rests`` is all of it."""

    def __init__(self, claims: Claims, thing: str) -> None:
        self.thing, self.rests = thing, list[Rest]()
        links, theirs = Links(claims), _of_partners(claims)
        seen, waiting, implied = {thing}, [thing], list[Rest]()
        while waiting:
            found = links.upon(waiting)
            found += [row for each in waiting for row in theirs.get(each, ())]
            for field, rest in found:
                (self.rests if field == "on" else implied).append(rest)
            waiting = [each for each in dict.fromkeys(rest[0] for _field, rest in found) if each not in seen]
            seen.update(waiting)
        whole = {each.thing: f"agreement:{each.said.agreement}" for each in claims.of(Clause)}
        said = {(rest.thing, whole.get(rest.ground, rest.ground)) for rest in self.rests} if implied else set()
        self.rests += [rest for rest in implied if rest.answers != _OPEN or (rest.thing, rest.ground) not in said]


Row = tuple[str, Rest]
"""The field in which a claim says that something rests on something, and what it says."""


def _rest(number: int, party: str, thing: str, field: str, ground: str, said: _Said) -> Rest:
    """What a link says of what rests on what (rules 1 and 2)."""
    if field == "on":
        four = (said.authority, said.payment, said.access, said.protection)
        return Rest(thing, ground, party, number, four, said.instead, said.until)
    if thing.startswith("clause:"):
        return Rest(thing, ground, party, number, _CLAUSE, years=said.survives)
    return Rest(thing, ground, party, number, _WITH_IT if field == "project" else _OPEN)


def _counts(thing: str, field: str, ground: str) -> bool:
    """Whether a link says that a thing rests on another."""
    if field == "on":
        return True
    sort = thing.partition(":")[0]
    return thing != ground and (sort in _WITH_PROJECT if field == "project" else sort not in _SPEAK_OF_IT)


class Links:
    """The links of this record's claims that stand and may be read, from either end."""

    def __init__(self, claims: Claims) -> None:
        self._claims = claims
        self._may: dict[tuple[str, str], bool] = {}
        sql = "SELECT replaces FROM cooperation_claim WHERE replaces IS NOT NULL AND number <= %s AND day <= %s"
        with connections[claims.using].cursor() as cursor:
            cursor.execute(sql, [claims.known_at, claims.day])
            self._gone = {number for (number,) in cursor.fetchall()}

    def upon(self, grounds: Sequence[str]) -> list[Row]:
        """What rests on some things, and how."""
        return [
            (field, _rest(number, party, thing, field, ground, _READ.decode(fields)))
            for number, party, thing, field, ground, fields in self._at("target", grounds)
        ]

    def under(self, things: Sequence[str]) -> list[tuple[str, str]]:
        """Each of some things with what it rests on."""
        return [(thing, ground) for _number, _party, thing, _field, ground, _fields in self._at("source", things)]

    def _at(
        self, end: Literal["source", "target"], things: Sequence[str]
    ) -> Iterator[tuple[int, str, str, str, str, str]]:
        for start in range(0, len(things), _PART):
            part = things[start : start + _PART]
            sql = (  # the end is one of two words
                "SELECT c.number, c.party, l.source, l.field, l.target, c.release, c.fields FROM cooperation_link l"  # noqa: S608
                f" JOIN cooperation_claim c ON c.number = l.number WHERE l.{end} IN {placeholders(part)}"
                f" AND l.field IN {placeholders(UPON)} AND c.number <= %s AND c.day <= %s"
            )
            with connections[self._claims.using].cursor() as cursor:
                cursor.execute(sql, [*part, *UPON, self._claims.known_at, self._claims.day])
                rows = cursor.fetchall()
            for number, party, thing, field, ground, release, fields in rows:
                if number not in self._gone and self._readable(party, release) and _counts(thing, field, ground):
                    yield number, party, thing, field, ground, fields

    def _readable(self, party: str, release: str) -> bool:
        may = self._may.get((party, release))
        if may is None:
            may = self._may[party, release] = readable(party, release.split(), self._claims.readers)
        return may


def _of_partners(claims: Claims) -> dict[str, list[Row]]:
    """The links of partners' claims, by the thing on which something rests."""
    found: dict[str, list[Row]] = {}
    for claim in claims.of_partners:
        fields = msgspec.to_builtins(claim.said)
        for field, ground in named(type(claim.said), fields):
            if field in UPON and _counts(claim.thing, field, ground):
                rest = _rest(claim.number, claim.party, claim.thing, field, ground, msgspec.convert(fields, _Said))
                found.setdefault(ground, []).append((field, rest))
    return found


def grounds(claims: Claims, things: Iterable[str]) -> dict[str, list[str]]:
    """What some things rest on, and that in turn, all the way up, by this record's claims."""
    links, found = Links(claims), dict[str, list[str]]()
    waiting = list(dict.fromkeys(things))
    while waiting:
        found |= {each: [] for each in waiting}
        for thing, ground in links.under(waiting):
            found[thing].append(ground)
        waiting = list({ground for each in waiting for ground in found[each] if ground not in found})
    return found


class Told(msgspec.Struct, frozen=True):
    """What is told of a thing beside its code: what it is called, and on which site it is."""

    title: str = ""
    site: str = ""


_TOLD: Final = msgspec.json.Decoder(Told)


def told_of(claims: Claims, things: Iterable[str]) -> dict[str, Told]:
    """What is told of some things, by the first party that introduced each to whoever reads."""
    wanted, names = list(dict.fromkeys(things)), [kind_by(each).name for each in kinds() if introduced(each)[0]]
    found: dict[str, Told] = {}
    for start in range(0, len(wanted), _PART):
        part = wanted[start : start + _PART]
        sql = (  # placeholders only
            "SELECT thing, party, release, fields FROM cooperation_claim c"  # noqa: S608
            f" WHERE thing IN {placeholders(part)} AND kind IN {placeholders(names)} AND {STANDS} ORDER BY number"
        )
        with connections[claims.using].cursor() as cursor:
            cursor.execute(sql, [*part, *names, *_asked(claims)])
            for thing, party, release, fields in cursor.fetchall():
                if thing not in found and readable(party, release.split(), claims.readers):
                    found[thing] = _TOLD.decode(fields)
    for claim in claims.of_partners:
        if introduces(type(claim.said), msgspec.to_builtins(claim.said)):
            found.setdefault(claim.thing, msgspec.convert(msgspec.to_builtins(claim.said), Told))
    return found


def spans(claims: Claims) -> dict[str, Span]:
    """From when to when each agreement and clause holds, as all say who stated it."""
    whole = terms.agreements(claims)
    held = {**whole, **terms.clauses(claims, whole)}
    return {thing: terms.span(each) for thing, each in held.items()}


def what_lapses(claims: Claims, thing: str, on: date) -> Lapse:
    """What follows when an agreement or clause has its last day ``on`` a day, as far as ``claims`` may be read."""
    years = [each.said.survives for each in claims.about(Clause, thing)]
    survives = FOR_EVER if FOR_EVER in years else max(years, default=0)
    return lapse(thing, on, Resting(claims, thing).rests, spans(claims), survives)
