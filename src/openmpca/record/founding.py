"""Founding a State: the first statement of a record, with the persons that it names, who are called by handles here.

Rules kept here:

1. The record names persons by opaque identifiers alone; handles and names stand beside it (`people`).
2. A handle is given to one person.
3. A record is founded once; whoever comes second is refused and nothing of theirs is kept.

Source: design, idea 1: two persons from the beginning.
"""

from collections.abc import Sequence
from typing import NamedTuple

from openmpca.record import clock, commands, rules
from openmpca.record.commands import NOW, Circumstances, Stated
from openmpca.record.people import new_identifier
from openmpca.record.record import Refused, head
from openmpca.record.statements import Founding


class Named(NamedTuple):
    """A person as they are called here: a handle to type, and a name."""

    handle: str
    name: str


def found(
    code: str,
    name: str,
    people: Sequence[Named],
    roles: Sequence[str],
    *,
    demonstration: bool = False,
    when: Circumstances = NOW,
) -> tuple[list[str], Stated]:
    """Found the record that is open; gives the identifiers of the persons in order. Raises `Refused`."""
    if head()[0]:
        raise Refused([rules.FOUNDED_ONCE.problem("The record has statements already.")])
    if len({each.handle for each in people}) != len(people):
        raise Refused([rules.KNOWN_TWICE.problem("Two persons have one handle.", record=rules.FOUNDING)])
    named = {new_identifier(): (each.handle, each.name or each.handle) for each in people}
    founding: Founding = Founding(
        day=clock.day(clock.now_us()),
        of_party=code,
        name=name,
        persons=list(named),
        roles=list(roles),
        demonstration=demonstration,
    )
    return list(named), commands.found_record(founding, named, when=when)
