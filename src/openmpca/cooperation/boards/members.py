"""Boards as parties tell them, and how the seat of each co-chair stands: held, ended, with a key that is not known."""

from dataclasses import dataclass
from datetime import date

from openmpca.cooperation.boards.handed_over import in_force, seated, standing
from openmpca.cooperation.boards.statements import Board, Seat
from openmpca.cooperation.claims import Claim, Claims


@dataclass(frozen=True)
class Held:
    """A seat: whose, by whom, with which key, until when; how it stands on the day."""

    party: str
    person: str
    vkey: str
    until: date | None
    standing: str
    claim: Claim[Seat]


@dataclass(frozen=True)
class Membership:
    """A board: what parties tell of it, its parties and the seats of each."""

    code: str
    told: tuple[Claim[Board], ...]
    seats: tuple[Held, ...]

    @property
    def title(self) -> str:
        """Its titles, each once."""
        return " / ".join(dict.fromkeys(each.said.title for each in self.told))

    @property
    def parties(self) -> list[str]:
        """Every party that somebody names as one of the board's."""
        return sorted({party for each in self.told for party in each.said.parties})

    @property
    def unseated(self) -> list[str]:
        """The parties for which nobody holds a seat: nothing can be decided before they do."""
        held = {each.party for each in self.seats if each.standing == "is held"}
        return [each for each in self.parties if each not in held]


def boards(claims: Claims) -> list[Membership]:
    """The boards that somebody tells of, by code."""
    return [
        Membership(thing.partition(":")[2], tuple(told), tuple(_seats(claims, thing)))
        for thing, told in sorted(claims.by_thing(Board).items())
    ]


def board(claims: Claims, code: str) -> Membership | None:
    """A board; None where nobody tells of it."""
    return next((each for each in boards(claims) if each.code == code), None)


def _seats(claims: Claims, thing: str) -> list[Held]:
    told = claims.about(Seat, thing)
    counting = {
        (each.log, each.number)
        for party in sorted({each.said.of for each in told})
        for each in seated(claims, thing.partition(":")[2], party, standing(party, claims.known_at, claims.using))
    }
    return [
        Held(each.said.of, each.said.person, each.said.vkey, each.said.until, _told(each, claims, counting), each)
        for each in told
    ]


def _told(seat: Claim[Seat], claims: Claims, counting: set[tuple[str, int]]) -> str:
    if not in_force(seat.said, claims.day):
        return "has ended"
    known = standing(seat.said.of, claims.known_at, claims.using)
    if (seat.log, seat.number) not in counting:
        return "not its own word"
    if not known.by_seat and seat.said.vkey not in {each.vkey for each in known.keys if each.until is None}:
        return "key not known here"
    return "is held"
