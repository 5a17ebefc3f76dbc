"""What claims of this record say rests on what, kept in memory while the record grows: each link is read once.

Rules kept here:

1. What is kept belongs to one record and one making of its derived tables, up to a statement whose entry is looked at
   each time (`accounting.of_record`). Where one of these is another, all is read anew; what came since is added.
2. Every link is kept with its number, day, party and release, so one graph answers as of every day, as known at every
   statement, and for every reader. No field that can be erased is in it.
3. Within a transaction that writes, nothing is kept.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import msgspec
from django.db import connections

from openmpca.accounting import of_record
from openmpca.cooperation.agreements.lapse import Rest
from openmpca.cooperation.agreements.statements import STOPS, SURVIVES
from openmpca.cooperation.claims import Claims, readable
from openmpca.record.known import placeholders

UPON: Final = ("on", "under", "agreement", "project")
"""The fields by which a claim says on what its thing rests."""
OPEN: Final = ("", "", "", "")
_WITH_IT: Final = (STOPS, STOPS, STOPS, STOPS)
_CLAUSE: Final = (STOPS, STOPS, STOPS, SURVIVES)
_WITH_PROJECT: Final = frozenset({"costline", "visit", "shipment"})
_SPEAK_OF_IT: Final = frozenset({"amendment"})
"""Sorts of things that name an agreement and do not rest on it."""
_RECORDS: Final = 4


class Said(msgspec.Struct, frozen=True):
    """Those fields of a claim that say on what its thing rests, and how."""

    authority: str = ""
    payment: str = ""
    access: str = ""
    protection: str = ""
    instead: str = ""
    until: date | None = None
    survives: int = 0


_READ: Final = msgspec.json.Decoder(Said)

Row = tuple[str, Rest]
"""The field in which a claim says that something rests on something, and what it says."""
_Kept = tuple[int, date, str, str, str, Rest]


def rest_of(number: int, party: str, thing: str, field: str, ground: str, said: Said) -> Rest:
    """What a link says of what rests on what."""
    if field == "on":
        four = (said.authority, said.payment, said.access, said.protection)
        return Rest(thing, ground, party, number, four, said.instead, said.until)
    if thing.startswith("clause:"):
        return Rest(thing, ground, party, number, _CLAUSE, years=said.survives)
    return Rest(thing, ground, party, number, _WITH_IT if field == "project" else OPEN)


def counts(thing: str, field: str, ground: str) -> bool:
    """Whether a link says that a thing rests on another."""
    if field == "on":
        return True
    sort = thing.partition(":")[0]
    return thing != ground and (sort in _WITH_PROJECT if field == "project" else sort not in _SPEAK_OF_IT)


@dataclass
class _Graph:
    """The links up to a statement, by the thing on which something rests; what was replaced, since when."""

    upto: int = -1
    entry: bytes = b""
    upon: dict[str, list[_Kept]] = field(default_factory=dict)
    gone: list[tuple[int, int, date]] = field(default_factory=list)

    def grow(self, number: int, using: str) -> None:
        """Read what came up to a statement."""
        after = [self.upto, number]
        came = (  # placeholders only
            "SELECT c.number, c.day, c.party, l.source, l.field, l.target, c.release, c.fields FROM cooperation_claim c"  # noqa: S608
            f" JOIN cooperation_link l ON l.number = c.number WHERE l.field IN {placeholders(UPON)}"
            " AND c.number > %s AND c.number <= %s ORDER BY c.number"
        )
        for claim, day, party, thing, name, ground, release, fields in _rows(came, [*UPON, *after], using):
            if counts(thing, name, ground):
                rest = rest_of(claim, party, thing, name, ground, _READ.decode(fields))
                self.upon.setdefault(ground, []).append((claim, _day(day), party, release, name, rest))
        replaced = (
            "SELECT replaces, number, day FROM cooperation_claim WHERE replaces IS NOT NULL"
            " AND number > %s AND number <= %s"
        )
        self.gone += [(old, new, _day(day)) for old, new, day in _rows(replaced, after, using)]
        self.upto, self.entry = number, of_record.entry_of(number) if using == of_record.USUAL else b""


def _rows(sql: str, parameters: Sequence[Any], using: str) -> list[tuple[Any, ...]]:
    with connections[using].cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _day(day: date | str) -> date:
    """A day as the database gives it: SQLite has it as text."""
    return day if isinstance(day, date) else date.fromisoformat(day)


_GRAPHS: Final[OrderedDict[Hashable, _Graph]] = OrderedDict()
_TURN: Final = threading.Lock()


def _graph(claims: Claims) -> _Graph:
    if not of_record.may_keep(claims.using, claims.known_at):
        made = _Graph()
        made.grow(claims.known_at, claims.using)
        return made
    with _TURN:
        of = of_record.record()
        kept = _GRAPHS.pop(of, None)
        if kept is None or of_record.entry_of(kept.upto) != kept.entry:
            kept = _Graph()
        if kept.upto < claims.known_at:
            kept.grow(claims.known_at, claims.using)
        _GRAPHS[of] = kept
        while len(_GRAPHS) > _RECORDS:
            _GRAPHS.popitem(last=False)
        return kept


class Links:
    """The links of this record's claims that stand and may be read."""

    def __init__(self, claims: Claims) -> None:
        self._claims, self._graph = claims, _graph(claims)
        self._may: dict[tuple[str, str], bool] = {}
        known, day = claims.known_at, claims.day
        self._gone = {old for old, new, since in self._graph.gone if new <= known and since <= day}

    def upon(self, ground: str) -> Iterator[Row]:
        """What rests on a thing, and how."""
        known, asked, gone, may = self._claims.known_at, self._claims.day, self._gone, self._may
        for number, day, party, release, name, rest in self._graph.upon.get(ground, ()):
            if number > known or day > asked or number in gone:
                continue
            if (party, release) not in may:
                may[party, release] = readable(party, release.split(), self._claims.readers)
            if may[party, release]:
                yield name, rest
