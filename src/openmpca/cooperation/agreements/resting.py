"""What rests on what, as parties state it: read from claims, as far as one thing reaches.

Rules kept here:

1. A dependency rests by the four answers that it gives. A clause ends with its agreement; what it protects survives it
   for the years that it says. A cost line, visit or shipment ends with its project.
2. An agreement that rests on another, and a project that names its agreement, rest on it even where no dependency says
   so: then every answer is open. A dependency on that agreement, or on a clause of it, says more and takes its place.
3. Only what a thing reaches is looked at, over the links that are kept in memory (`links`), so the rest of the record
   costs nothing once it is read.
4. What may not be read by who asks is not there.
"""

from collections.abc import Collection, Iterable
from datetime import date
from itertools import chain
from typing import Final

import msgspec
from django.db import connections

from openmpca.cooperation.agreements import terms
from openmpca.cooperation.agreements.lapse import Lapse, Rest, lapse
from openmpca.cooperation.agreements.links import OPEN, UPON, Links, Row, Said, counts, rest_of
from openmpca.cooperation.agreements.statements import FOR_EVER, Clause
from openmpca.cooperation.agreements.terms import Span
from openmpca.cooperation.book import introduces, named
from openmpca.cooperation.claims import Claims, readable
from openmpca.cooperation.marks import introduced
from openmpca.cooperation.rules import kinds
from openmpca.record.known import placeholders
from openmpca.record.statements import kind_by

_PART: Final = 900
STANDS: Final = (
    "c.number <= %s AND c.day <= %s AND NOT EXISTS (SELECT 1 FROM cooperation_claim r WHERE r.replaces = c.number"
    " AND r.number <= %s AND r.day <= %s)"
)
"""That a claim stands on a day, as known at a number (`claims`, rule 1)."""


def _asked(claims: Claims) -> tuple[int | date, ...]:
    return (claims.known_at, claims.day, claims.known_at, claims.day)


class Resting:
    """What rests on one thing, over however many others, as parties state it; ``rests`` is all of it."""

    def __init__(self, claims: Claims, thing: str) -> None:
        self.thing, self.rests = thing, list[Rest]()
        links, theirs = Links(claims), _of_partners(claims)
        seen, waiting, implied = {thing}, [thing], list[Rest]()
        for at in waiting:
            for field, rest in chain(links.upon(at), theirs.get(at, ())):
                (self.rests if field == "on" else implied).append(rest)
                if rest.thing not in seen:
                    seen.add(rest.thing)
                    waiting.append(rest.thing)
        if any(rest.answers == OPEN for rest in implied):
            whole = {each.thing: f"agreement:{each.said.agreement}" for each in claims.of(Clause)}
            said = {(rest.thing, whole.get(rest.ground, rest.ground)) for rest in self.rests}
            implied = [rest for rest in implied if rest.answers != OPEN or (rest.thing, rest.ground) not in said]
        self.rests += implied


def _of_partners(claims: Claims) -> dict[str, list[Row]]:
    """The links of partners' claims, by the thing on which something rests."""
    found: dict[str, list[Row]] = {}
    for claim in claims.of_partners:
        fields = msgspec.to_builtins(claim.said)
        for field, ground in named(type(claim.said), fields):
            if field in UPON and counts(claim.thing, field, ground):
                rest = rest_of(claim.number, claim.party, claim.thing, field, ground, msgspec.convert(fields, Said))
                found.setdefault(ground, []).append((field, rest))
    return found


def grounds(claims: Claims, things: Iterable[str]) -> dict[str, list[str]]:
    """What some things rest on, and that in turn, all the way up, by this record's claims."""
    found: dict[str, list[str]] = {}
    waiting = list(dict.fromkeys(things))
    while waiting:
        found |= {each: [] for each in waiting}
        for start in range(0, len(waiting), _PART):
            part = waiting[start : start + _PART]
            sql = (  # placeholders only
                "SELECT l.source, l.field, l.target, c.party, c.release FROM cooperation_link l"  # noqa: S608
                f" JOIN cooperation_claim c ON c.number = l.number WHERE l.source IN {placeholders(part)}"
                f" AND l.field IN {placeholders(UPON)} AND {STANDS}"
            )
            with connections[claims.using].cursor() as cursor:
                cursor.execute(sql, [*part, *UPON, *_asked(claims)])
                for thing, field, ground, party, release in cursor.fetchall():
                    if counts(thing, field, ground) and readable(party, release.split(), claims.readers):
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


def spans(claims: Claims, only: Collection[str] | None = None) -> dict[str, Span]:
    """From when to when each agreement, and each clause or some of them, holds, as all say who stated it."""
    whole = terms.agreements(claims)
    held = {**whole, **terms.clauses(claims, whole, only)}
    return {thing: terms.span(each) for thing, each in held.items() if only is None or thing in only}


def what_lapses(claims: Claims, thing: str, on: date) -> Lapse:
    """What follows when an agreement or clause has its last day ``on`` a day, as far as ``claims`` may be read."""
    years = [each.said.survives for each in claims.about(Clause, thing)]
    survives = FOR_EVER if FOR_EVER in years else max(years, default=0)
    rests = Resting(claims, thing).rests
    instead = {rest.instead for rest in rests if rest.instead}
    return lapse(thing, on, rests, spans(claims, instead) if instead else {}, survives)
