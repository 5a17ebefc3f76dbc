"""By which keys a party's co-chairs may sign, as this record knows them: since which statement, until which.

Rules kept here:

1. Of a partner count the keys of the party and of its persons that two persons of this record have stated
   (`proof.partner`), never one that came in a file; each until a later such statement leaves it out.
2. Of a party of this record count its party's key and those of its persons (`proof.key`) that it stated itself: whoever
   keeps the record introduces no key for a party that it hosts. Each counts until another takes its place.
3. Of a party that has neither, the seat itself hands the key over (`seated`): stated by the party's own persons where
   it is hosted here, else by two persons of this record who compared it with what the party handed over.

Source: design, idea 7: no host can forge what a party has not said.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from openmpca.cooperation.boards.statements import Seat
from openmpca.cooperation.claims import Claim, Claims
from openmpca.record.known import query
from openmpca.record.reading import stored

_PARTNER: Final = {"number": pl.Int64, "party_key": pl.String, "person_keys": pl.String}
_KEY: Final = {"number": pl.Int64, "of": pl.String, "use": pl.String, "vkey": pl.String}


@dataclass(frozen=True)
class KnownKey:
    """A key of a party: known since one statement of this record, and until another, which none is None."""

    vkey: str
    since: int
    until: int | None = None


@dataclass(frozen=True)
class Standing:
    """How a party stands to this record: whether it is a partner, whether persons here are its own; its keys."""

    partner: bool
    here: bool
    keys: tuple[KnownKey, ...]

    @property
    def by_seat(self) -> bool:
        """Whether its keys are known by its seats alone (rule 3)."""
        return not self.partner and not self.keys


def standing(party: str, known_at: int, using: str = "default") -> Standing:
    """How a party stands to this record, as known at a statement."""
    rows = query(
        'SELECT number, party_key, person_keys FROM proof_partner WHERE "of" = %s AND number <= %s ORDER BY number',
        [party, known_at],
        _PARTNER,
        using,
    ).rows()
    here = bool(_persons(party, known_at, using))
    if rows:
        return Standing(True, here, tuple(_of_partner(rows)))
    return Standing(False, here, tuple(_of_own(party, known_at, using)))


def _of_partner(rows: list[tuple[int, str, str]]) -> Iterator[KnownKey]:
    ends: list[int | None] = [number for number, _party, _persons in rows[1:]]
    for (number, party, persons), until in zip(rows, [*ends, None], strict=True):
        for each in (party, *persons.split()):
            yield KnownKey(each, number, until)


def _of_own(party: str, known_at: int, using: str) -> Iterator[KnownKey]:
    owners = {("party", party), *(("person", each) for each in _persons(party, known_at, using))}
    sql = 'SELECT number, "of", "use", vkey FROM proof_key WHERE number <= %s ORDER BY number'
    rows = [each for each in query(sql, [known_at], _KEY, using).rows() if (each[2], each[1]) in owners]
    for at, (number, of, use, vkey) in enumerate(rows):
        if stored(number, using).party == party:
            until = next((later[0] for later in rows[at + 1 :] if later[1:3] == (of, use)), None)
            yield KnownKey(vkey, number, until)


def _persons(party: str, known_at: int, using: str) -> list[str]:
    sql = "SELECT person FROM record_person WHERE party = %s AND number <= %s"
    return list(query(sql, [party, known_at], {"person": pl.String}, using)["person"])


def seated(claims: Claims, board: str, party: str, standing_: Standing) -> list[Claim[Seat]]:
    """The seats of a party on a board that count: its own word, else for one that only others speak for, theirs."""
    told = [each for each in claims.about(Seat, f"board:{board}") if each.said.of == party]
    own = [each for each in told if each.party == party and (each.ours or standing_.partner)]
    return own if own or standing_.here else [each for each in told if each.ours]


def in_force(seat: Seat, day: date) -> bool:
    """Whether a seat is held on a day."""
    return seat.day <= day and (seat.until is None or day <= seat.until)
