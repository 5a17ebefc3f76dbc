"""What a statement is, and the statements of the record itself.

Everything that happens is a statement: typed, frozen, versioned. A kind is registered once under a name; its struct is
the newest version, older stored versions are lifted to it by upgrades when they are read, and stored bodies are never
rewritten. What a field needs by default (roles, number of persons) is data that a `record.duty` statement changes.

Source: design, ideas 1 and 6.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeVar

import msgspec

Fields = dict[str, object]
Upgrade = Callable[[Fields], Fields]


class Statement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What all kinds of statement share: nothing but being frozen, named by keyword and strict on reading."""


@dataclass(frozen=True)
class Kind:
    """One registered kind of statement.

    ``persons``, ``prepare`` and ``approve`` are the defaults of its duty: how many persons it takes and which roles may
    prepare and approve it. ``erasable`` names the fields that no figure depends on and that may be withheld,
    ``refers`` the fields that hold numbers of statements (see `references`). A ``silent`` kind says nothing, and stays
    out of lists unless it is asked for. An ``event`` has happened on its ``day``, so that this does not lie ahead; what
    is planned, or holds from a day on, is none.
    """

    name: str
    version: int
    struct: type[Statement]
    persons: int
    prepare: tuple[str, ...]
    approve: tuple[str, ...]
    erasable: frozenset[str]
    refers: tuple[str, ...] = ()
    silent: bool = False
    event: bool = False
    upgrades: dict[int, Upgrade] = field(default_factory=dict)

    @property
    def room(self) -> str:
        """The room that the kind belongs to: the part of its name before the first full stop."""
        return self.name.partition(".")[0]


KINDS: Final[dict[str, Kind]] = {}
_BY_STRUCT: Final[dict[type[Statement], Kind]] = {}

S = TypeVar("S", bound=type[Statement])

ADMINISTRATOR: Final = "administrator"
AUTHORITY: Final = "authority"
OFFICER: Final = "officer"
CUSTODIAN: Final = "custodian"
INSPECTOR: Final = "inspector"
READER: Final = "reader"
ROLES: Final = (ADMINISTRATOR, AUTHORITY, OFFICER, CUSTODIAN, INSPECTOR, READER)

ENVELOPE: Final = ("kind", "version", "party", "prepared_by", "approved_by", "recorded", "overrides")


def kind(
    name: str,
    version: int = 1,
    *,
    persons: int = 1,
    prepare: tuple[str, ...] = (AUTHORITY, OFFICER),
    approve: tuple[str, ...] = (AUTHORITY, OFFICER),
    erasable: tuple[str, ...] = (),
    refers: tuple[str, ...] = (),
    silent: bool = False,
    event: bool = False,
) -> Callable[[S], S]:
    """Register a struct as the newest version of a kind of statement."""

    def register(struct: S) -> S:
        if name in KINDS:
            raise ValueError(f"the kind {name} is registered twice")
        taken = set(ENVELOPE) & set(struct.__struct_fields__)
        if taken:
            raise ValueError(f"{name} uses names of the envelope: {', '.join(sorted(taken))}")
        made = Kind(name, version, struct, persons, prepare, approve, frozenset(erasable), refers, silent, event)
        KINDS[name] = made
        _BY_STRUCT[struct] = made
        return struct

    return register


def upgrade(name: str, version: int) -> Callable[[Upgrade], Upgrade]:
    """Register the function that lifts the fields of ``version`` of a kind to the next version."""

    def register(function: Upgrade) -> Upgrade:
        KINDS[name].upgrades[version] = function
        return function

    return register


def kind_of(statement: Statement) -> Kind:
    """The registered kind of a statement."""
    return kind_by(type(statement))


def kind_by(struct: type[Statement]) -> Kind:
    """The registered kind whose newest version a struct is."""
    return _BY_STRUCT[struct]


def read_fields(name: str, version: int, fields: Fields) -> Fields:
    """Lift the fields of a stored version to the newest; a version from the future is refused."""
    of = KINDS[name]
    if version > of.version:
        raise ValueError(f"{name} version {version} was made by a newer OpenMPCA; this one reads up to {of.version}")
    while version < of.version:
        fields = of.upgrades[version](fields)
        version += 1
    return fields


@kind("record.founding", prepare=(), approve=())
class Founding(Statement, frozen=True):
    """The first statement of a record: the first party and its first persons, who are its administrators.

    ``roles`` are further roles that each of them holds from the beginning, everywhere. ``demonstration`` marks a
    State that is not real: only there may a scenario set the clock and the salts.
    """

    day: date
    of_party: str
    name: str
    persons: list[str]
    roles: list[str] = []
    demonstration: bool = False


@kind("record.party", prepare=(ADMINISTRATOR,), approve=(ADMINISTRATOR,), erasable=("note",))
class Party(Statement, frozen=True):
    """A party that states: a State authority, an operator, a holder, an organisation."""

    day: date
    code: str
    name: str
    note: str = ""


@kind("record.person", prepare=(ADMINISTRATOR,), approve=(ADMINISTRATOR,))
class Person(Statement, frozen=True):
    """A person of a party, by an opaque identifier; the name lives outside the record and can be erased."""

    day: date
    person: str
    of: str


@kind("record.grant", persons=2, prepare=(ADMINISTRATOR,), approve=(ADMINISTRATOR,), erasable=("note",))
class Grant(Statement, frozen=True):
    """A person may act for a party in a role, within a scope, for a period.

    ``scope`` is ``*`` or ``facility:CODE`` or ``mba:CODE``; ``until`` is the last day; ``deputy_for`` names the person
    whose place this one takes.
    """

    day: date
    person: str
    for_party: str
    role: str
    scope: str = "*"
    until: date | None = None
    deputy_for: str = ""
    note: str = ""


@kind("record.grant_end", prepare=(ADMINISTRATOR,), approve=(ADMINISTRATOR,), erasable=("reason",))
class GrantEnd(Statement, frozen=True):
    """The grant that statement ``grant`` gave is withdrawn; ``day`` is the first day without it.

    ``person`` says whose, where that statement gave grants to several.
    """

    day: date
    grant: int
    person: str = ""
    reason: str = ""


@kind("record.duty", persons=2, prepare=(ADMINISTRATOR,), approve=(ADMINISTRATOR,))
class Duty(Statement, frozen=True):
    """Who may prepare and who may approve a kind of statement from ``day`` on, and how many persons it takes."""

    day: date
    of: str
    persons: int
    prepare: list[str]
    approve: list[str]


@kind("record.withholding", persons=2, prepare=(ADMINISTRATOR,), approve=(ADMINISTRATOR, AUTHORITY))
class Withholding(Statement, frozen=True):
    """Fields of one stored statement become bare digests: the only thing that may touch a stored body."""

    day: date
    statement: int
    fields: list[str]
    reason: str
