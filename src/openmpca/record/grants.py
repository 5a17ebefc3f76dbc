"""Who may do what: grants and duties as they stand on a day.

A person acts for a party in a role, within a scope, for a period. A kind of statement has a duty: which roles prepare
it, which approve it, how many persons it takes. Both are data in the record; the defaults of a duty stand with the
kind.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from openmpca.record.known import Known
from openmpca.record.rooms import ROOMS
from openmpca.record.statements import Kind

_NARROWED_TO: Final[ContextVar[str]] = ContextVar("narrowed_to", default="")


@contextmanager
def narrowed(scope: str) -> Iterator[None]:
    """Within this no grant reaches further than one scope, whoever holds it; an empty scope narrows nothing.

    What is read and what is stated both ask for grants, so both are narrowed.
    """
    before = _NARROWED_TO.set(scope)
    try:
        yield
    finally:
        _NARROWED_TO.reset(before)


@dataclass(frozen=True)
class Allowance:
    """How many persons a kind takes and which roles prepare and approve it."""

    persons: int
    prepare: tuple[str, ...]
    approve: tuple[str, ...]


def duty(kind: Kind, known: Known, day: date) -> Allowance:
    """The duty of a kind on a day: the latest statement about it, else its default."""
    found = known.frame(
        'SELECT persons, "prepare", approve FROM record_duty WHERE kind = %s AND day <= %s AND number < %s'
        " ORDER BY day DESC, number DESC LIMIT 1",
        [kind.name, day, known.number],
        {"persons": pl.Int64, "prepare": pl.String, "approve": pl.String},
    )
    if not found.height:
        return Allowance(kind.persons, kind.prepare, kind.approve)
    row = found.row(0, named=True)
    return Allowance(row["persons"], tuple(row["prepare"].split()), tuple(row["approve"].split()))


def grants(person: str, known: Known, day: date | None = None) -> pl.DataFrame:
    """The grants of a person, all or those in force on a day.

    Columns: number, party, role, scope, from_day, until_day, deputy_for.
    """
    sql = (
        "SELECT g.number, g.party, g.role, g.scope, g.from_day, g.until_day, g.deputy_for FROM record_grant g"
        " WHERE g.person = %s AND g.number < %s"
    )
    parameters: list[object] = [person, known.number]
    if day is not None:
        sql += (
            " AND g.from_day <= %s AND (g.until_day IS NULL OR g.until_day >= %s) AND NOT EXISTS"
            " (SELECT 1 FROM record_grantend e WHERE e.\"grant\" = g.number AND e.person IN ('', g.person)"
            " AND e.day <= %s AND e.number < %s)"
        )
        parameters += [day, day, day, known.number]
    found = known.frame(
        sql + " ORDER BY g.number",
        parameters,
        {
            "number": pl.Int64,
            "party": pl.String,
            "role": pl.String,
            "scope": pl.String,
            "from_day": pl.Date,
            "until_day": pl.Date,
            "deputy_for": pl.String,
        },
    )
    return _cut(found, _NARROWED_TO.get(), known)


def _cut(found: pl.DataFrame, scope: str, known: Known) -> pl.DataFrame:
    if not scope:
        return found
    covering = {"*", scope, *(room.around(known).get(scope, scope) for room in ROOMS.values())}
    return found.filter(pl.col("scope").is_in(sorted(covering))).with_columns(scope=pl.lit(scope, pl.String))


def given(number: int, known: Known) -> pl.DataFrame:
    """The person, party and role of each grant that a statement gave."""
    return known.frame(
        "SELECT person, party, role FROM record_grant WHERE number = %s AND number < %s ORDER BY person, role",
        [number, known.number],
        {"person": pl.String, "party": pl.String, "role": pl.String},
    )


def holders(role: str, party: str, known: Known, day: date, besides: dict[str, object] | None = None) -> list[str]:
    """Who holds a role for a party everywhere and for good on a day, but for the grant that an ending row would end."""
    without = besides or {}
    people = known.frame(
        "SELECT DISTINCT person FROM record_grant WHERE role = %s AND party = %s AND number < %s ORDER BY person",
        [role, party, known.number],
        {"person": pl.String},
    )["person"]
    found = []
    for person in people:
        held = grants(person, known, day).filter(
            pl.col("role").eq(role)
            & pl.col("party").eq(party)
            & pl.col("scope").eq("*")
            & pl.col("until_day").is_null()
        )
        if without.get("person") in ("", person):
            held = held.filter(pl.col("number") != without["grant"])
        if held.height:
            found.append(person)
    return found


def missing(
    person: str, party: str, roles: tuple[str, ...], places: Iterable[frozenset[str]], known: Known, day: date
) -> str:
    """What grant a person lacks to act for a party in one of the roles everywhere; empty when nothing is missing."""
    held = grants(person, known, day).filter(pl.col("party").eq(party) & pl.col("role").is_in(list(roles)))
    scopes = set(held["scope"])
    for covering in places:
        if not scopes & (covering | {"*"}):
            narrow = sorted(covering - {"*"})
            where = f" for {' or '.join(narrow)}" if narrow else ""
            return f"{person} holds no grant on {day} as {' or '.join(roles)} of {party}{where}"
    return ""
