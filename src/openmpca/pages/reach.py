"""What a person may read: the places that the grants in force cover, and why.

Rules kept here:

1. Whoever holds any grant on the day, in whatever role, reads what lies within its scope; nobody reads more.
2. A grant for ``*`` covers everything; one for a facility covers its areas, and so on as the rooms say.
3. A page says what it needs (`routes.Needs`); what it shows beyond one place is cut to the reach.
4. A statement is read by whoever holds a grant that covers every place of which it speaks, as its room tells these
   places (`Room.scopes`): the places whose grants it would take to state it.
5. What a party keeps from others (`Room.kept_from`) is read by nobody but who acts for a party that may, whatever their
   grants cover.

Source: design, idea 1: least privilege by party and area.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from openmpca.record import grants
from openmpca.record.frames import Segment, frame
from openmpca.record.known import Known
from openmpca.record.reading import Stored
from openmpca.record.record import head
from openmpca.record.rooms import ROOMS
from openmpca.record.statements import ADMINISTRATOR

EVERYWHERE = "*"


@dataclass(frozen=True)
class Held:
    """A grant in force: the statement that gave it, party, role and scope, until when, for whom as a deputy."""

    number: int
    party: str
    role: str
    scope: str
    until: date | None
    deputy_for: str


@dataclass(frozen=True)
class Reach:
    """The grants of a person on a day, and the place around each place (``mba:X`` lies in ``facility:Y``).

    ``token`` names the token that asks in the person's stead; one that does not state (``states``) reads only, one
    that is ``narrowed`` reaches one place alone, whatever else its person holds or has prepared.
    """

    person: str
    day: date
    held: tuple[Held, ...]
    around: Mapping[str, str]
    token: str = ""
    states: bool = True
    narrowed: bool = False

    @property
    def everywhere(self) -> bool:
        """Whether some grant covers everything."""
        return any(each.scope == EVERYWHERE for each in self.held)

    @property
    def parties(self) -> frozenset[str]:
        """The parties for which somebody acts, in whatever role."""
        return frozenset(each.party for each in self.held)

    @property
    def roles(self) -> frozenset[str]:
        """The roles held anywhere."""
        return frozenset(each.role for each in self.held)

    @property
    def administers(self) -> bool:
        """Whether some grant is that of an administrator, everywhere."""
        return any(each.role == ADMINISTRATOR and each.scope == EVERYWHERE for each in self.held)

    def covers(self, place: str) -> bool:
        """Whether some grant covers a place such as ``mba:ZZA1``."""
        return bool(self.by(place))

    def by(self, place: str) -> list[Held]:
        """The grants that cover a place."""
        scopes = {EVERYWHERE, place, self.around.get(place, EVERYWHERE)}
        return [each for each in self.held if each.scope in scopes]

    def mbas(self, codes: Iterable[str]) -> list[str]:
        """Those of some areas that may be read, in their order."""
        return [code for code in codes if self.covers(f"mba:{code}")]


def reach(person: str, day: date) -> Reach:
    """The reach of a person on a day, as known now."""
    known = Known("default", head()[0])
    rows = grants.grants(person, known, day).iter_rows(named=True) if known.number else iter(())
    held = [
        Held(row["number"], row["party"], row["role"], row["scope"], row["until_day"], row["deputy_for"])
        for row in rows
    ]
    around: dict[str, str] = {}
    if known.number and any(each.scope != EVERYWHERE for each in held):
        for room in ROOMS.values():
            around |= room.around(known)
    return Reach(person, day, tuple(held), around)


def readable_statement(reach: Reach, stored: Stored) -> bool:
    """Whether somebody may read a statement (rule 4)."""
    return bool(readable_statements(reach, [stored]))


def kept_from(reach: Reach, stored: Stored) -> bool:
    """Whether its party keeps a statement from somebody (rule 5)."""
    return ROOMS[stored.kind.room].kept_from(stored.fields, stored.party, reach.parties)


def readable_statements(reach: Reach, stored: Iterable[Stored]) -> list[Stored]:
    """Those of some statements that somebody may read, in their order."""
    asked = [each for each in stored if not kept_from(reach, each)]
    if reach.everywhere:
        return asked
    alike: dict[tuple[str, str], list[Stored]] = {}
    for each in asked:
        alike.setdefault((each.kind.name, str(each.fields.get("mba", ""))), []).append(each)
    held, known = frozenset(each.scope for each in reach.held), Known("default", head()[0])
    readable = {each.number for group in alike.values() for each in _readable(group, held, known)}
    return [each for each in asked if each.number in readable]


def _readable(group: list[Stored], held: frozenset[str], known: Known) -> list[Stored]:
    """Those of some statements of one kind whose every place is covered: asked all at once, and halved where mixed."""
    kind = group[0].kind
    segment = Segment(kind, frame(kind.name, [each.fields for each in group]))
    places = ROOMS[kind.room].scopes(segment, known)
    if places and all(held & place for place in places):
        return group
    if len(group) == 1 or len(places) == 1:
        return []
    half = len(group) // 2
    return [*_readable(group[:half], held, known), *_readable(group[half:], held, known)]
