"""What the verbs of a scenario know and use while it is played: who acts, when, with which salts, and what came
before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec

from openmpca.accounting.accounts import AFTER_CUTOFF, ITEMS
from openmpca.accounting.queries import View
from openmpca.accounting.statements import Change
from openmpca.demonstration.scenario import Block
from openmpca.nuclear.categories import join_key
from openmpca.problems import Problem
from openmpca.record import clock, commands
from openmpca.record.act import Act
from openmpca.record.commands import Circumstances, Stated
from openmpca.record.commitment import seeded
from openmpca.record.models import PersonName
from openmpca.record.reading import stored
from openmpca.record.statements import Statement


@dataclass
class Playing:
    """One block while it is played; ``numbers`` gives the statements of the named blocks before it."""

    block: Block
    seed: str
    numbers: dict[str, list[int]] = field(default_factory=dict)
    made: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        head = self.block.head
        moment = clock.to_us(head.at)
        self.when = Circumstances(moment_us=moment, random=seeded(f"{self.seed} {moment} {self.block.where}"))
        self.today: date = self.when.today

    def act(self) -> Act:
        """Who states the block."""
        head = self.block.head
        person = commands.person_of(head.by)
        return Act(
            party=head.party or commands.party_of(person, self.today),
            prepared_by=person,
            approved_by=[commands.person_of(each) for each in head.approved],
            overrides=head.override,
        )

    def took(self, stated: Stated) -> Stated:
        """Keep what came of stating."""
        self.made += stated.numbers
        self.problems += stated.problems
        return stated

    def state(self, stated: Sequence[Statement]) -> Stated:
        """State through the record's command."""
        return self.took(commands.state(stated, self.act(), when=self.when))

    def held(self, mba: str, day: date) -> dict[str, tuple[dict[str, int], int]]:
        """What each batch of an area holds at the end of a day: weights in ug, and the number of items."""
        found: dict[str, tuple[dict[str, int], int]] = {}
        rows = View.of(day, phase=AFTER_CUTOFF).batches(mba).sort("batch", "category", "nuclide")
        for batch, category, nuclide, ug in rows.iter_rows():
            weights, items = found.get(batch, ({}, 0))
            if nuclide == ITEMS:
                found[batch] = (weights, ug)
            else:
                found[batch] = ({**weights, join_key(category, nuclide): ug}, items)
        return found


def change_of(number: int) -> Change:
    """The change that a statement is."""
    statement = stored(number).statement
    if not isinstance(statement, Change):
        raise TypeError(f"Statement {number} is no inventory change.")
    return statement


def made_of(struct: type[Statement], *fields: Any, **more: object) -> Statement:
    """A statement from mappings of its fields, the later ones first; text and numbers are not mixed up."""
    merged: dict[str, Any] = {}
    for each in (*fields, more):
        merged |= each
    return msgspec.convert(merged, struct)


def call(people: Iterable[tuple[str, str, str]]) -> None:
    """Keep handles and names of persons (identifier, handle, name) beside the record, as introducing them does."""
    for person, handle, name in people:
        PersonName.objects.update_or_create(person=person, defaults={"handle": handle, "name": name})
