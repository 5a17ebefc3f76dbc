"""Persons as this machine knows them: opaque identifiers in the record, handles and names beside it.

Rules kept here:

1. A name is never written into the record; what is there tells nothing about the person.
2. Forgetting erases handle and name. The statements of that person stay, under the identifier.

Source: spine, "Traps": names in a record are there for ever.
"""

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from openmpca.record import clock, commands, grants, rules
from openmpca.record.act import Act
from openmpca.record.commands import NOW, Circumstances, Stated
from openmpca.record.known import Known
from openmpca.record.models import PersonName
from openmpca.record.record import Refused, Writing, head
from openmpca.record.statements import ADMINISTRATOR, Person


def new_identifier() -> str:
    """An opaque identifier for a person: it tells nothing, and nobody else has it."""
    return f"p-{secrets.token_hex(5)}"


def introduce(
    handle: str, name: str, of: str, day: date, act: Act, *, when: Circumstances = NOW, dry_run: bool = False
) -> tuple[str, Stated]:
    """Introduce a person of a party under a new identifier, and keep handle and name beside the record."""
    person = new_identifier()
    if PersonName.objects.filter(handle=handle).exists():
        taken = rules.KNOWN_TWICE.problem(f"Somebody is called {handle} here.", record="record.person", field="handle")
        raise Refused([taken])

    def name_person(came_of: Writing | int) -> None:
        PersonName.objects.create(person=person, handle=handle, name=name)

    stated = [Person(day=day, person=person, of=of)]
    made = commands.state(stated, act, when=when, dry_run=dry_run, within=name_person, proposed=name_person)
    return person, made


def listed(day: date | None = None, size: int | None = None) -> list[dict[str, Any]]:
    """The persons of the record in the order of their introduction, with the grants in force on a day.

    The day is today, and the record as it is now, unless a day and a size are given.
    """
    known, on = Known("default", head()[0] if size is None else size), day or clock.day(clock.now_us())
    names = {each.person: each for each in PersonName.objects.all()}
    found = known.frame(
        "SELECT person, party FROM record_person WHERE number < %s ORDER BY number",
        [known.number],
        {"person": pl.String, "party": pl.String},
    )
    return [
        {
            "handle": names[person].handle if person in names else "",
            "name": names[person].name if person in names else "(erased)",
            "person": person,
            "party": party,
            "grants": [in_words(each) for each in grants.grants(person, known, on).iter_rows(named=True)],
        }
        for person, party in found.iter_rows()
    ]


def in_words(grant: Mapping[str, Any]) -> str:
    """A grant in short, with the statement that gave it."""
    where = "" if grant["scope"] == "*" else f" for {grant['scope']}"
    until = f" until {grant['until_day']}" if grant["until_day"] else ""
    return f"{grant['role']} of {grant['party']}{where}{until} ({grant['number']})"


def forget(person: str, act: Act, *, when: Circumstances = NOW) -> None:
    """Erase handle and name of a person, as an administrator."""
    known = Known("default", head()[0])
    if lacking := grants.missing(act.prepared_by, act.party, (ADMINISTRATOR,), [frozenset("*")], known, when.today):
        raise Refused([rules.NO_GRANT_TO_PREPARE.problem(f"{lacking}, which forgetting takes.", field="by")])
    PersonName.objects.filter(person=person).delete()
