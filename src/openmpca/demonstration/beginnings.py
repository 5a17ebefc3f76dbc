"""Verbs that begin: found the record, introduce people, open an area; and the one that states any kind."""

from datetime import date

from openmpca.accounting.inventory import taking as inventory
from openmpca.accounting.statements import Listed
from openmpca.demonstration.playing import Playing, call, made_of
from openmpca.demonstration.verb import Fields, Verb
from openmpca.record import commands
from openmpca.record.statements import KINDS, Founding, Grant, Person, Statement


class Found(Verb, frozen=True):
    """The record begins: the first party with its first persons, as ``{id, handle, name}``, and the roles they hold."""

    day: date
    party_code: str
    party_name: str
    persons: list[dict[str, str]]
    roles: list[str] = []

    def play(self, playing: Playing, shared: Fields) -> None:
        """Found the record as that of a demonstration."""
        founding = Founding(
            day=self.day,
            of_party=self.party_code,
            name=self.party_name,
            persons=[each["id"] for each in self.persons],
            roles=self.roles,
            demonstration=True,
        )
        names = {each["id"]: (each["handle"], each["name"]) for each in self.persons}
        playing.took(commands.found_record(founding, names, when=playing.when))


class People(Verb, frozen=True):
    """Persons of a party are introduced, as ``{id, handle, name, role, scope}``, and get their grants."""

    day: date
    of: str
    persons: list[dict[str, str]]

    def play(self, playing: Playing, shared: Fields) -> None:
        """State persons and grants in one act, and keep their names beside the record."""
        known: list[Statement] = [Person(day=self.day, person=each["id"], of=self.of) for each in self.persons]
        grants: list[Statement] = [
            Grant(day=self.day, person=each["id"], for_party=self.of, role=each["role"], scope=each.get("scope", "*"))
            for each in self.persons
            if each.get("role")
        ]
        playing.state([*known, *grants])
        call((each["id"], each["handle"], each["name"]) for each in self.persons)


class State(Verb, frozen=True):
    """Any kind of statement (``kind``, the room's name may be left out); its fields, and ``each`` for several."""

    kind: str
    each: list[Fields] = []

    def play(self, playing: Playing, shared: Fields) -> None:
        """State them in one act."""
        struct = KINDS[kind_named(self.kind)].struct
        playing.state([made_of(struct, shared, one) for one in self.each or [{}]])


def kind_named(name: str) -> str:
    """The full name of a kind: `change` is `accounting.change`, `grant` is `record.grant`."""
    return next((f"{room}.{name}" for room in ("accounting", "record") if f"{room}.{name}" in KINDS), name)


class Open(Verb, frozen=True):
    """The opening inventory of an area: ``each`` is a line of it."""

    makes = Listed
    each_of = ("each",)

    each: list[Fields]

    def play(self, playing: Playing, shared: Fields) -> None:
        """State the inventory, its lines and its closing, which two persons sign."""
        lines = [made_of(Listed, {"basis": "M"}, shared, one, inventory=-1) for one in self.each]
        typed = [line for line in lines if isinstance(line, Listed)]
        playing.took(inventory.open_area(shared["mba"], shared["day"], typed, playing.act(), when=playing.when))
