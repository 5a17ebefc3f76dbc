"""What tests of decisions share: a board of a keeper, a partner with its own record and a party that is hosted."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from openmpca.cooperation.boards.content import text_of
from openmpca.cooperation.boards.statements import Board, Decision, Seat, Signature
from openmpca.proof.statements import Filler
from openmpca.tlog.note import signed
from openmpca.tlog.vkey import Signer
from tests.cooperation.joint import DAY, HOSTED, hosting, received, state
from tests.proof.partner import Partner, met, signer

PARTIES = ["SRA", "PER", HOSTED]
ELSEWHERE = signer("hos.example/co-chair", 41)
STRANGER = signer("hos.example/co-chair", 42)


def board(**others: Any) -> Board:
    given = {"day": DAY, "code": "JB", "title": "Joint board", "parties": PARTIES, "release": ["*"]}
    return Board(**{**given, **others})


def decision(**others: Any) -> Decision:
    given = {"day": DAY, "code": "D-7", "board": "JB", "title": "Plan, revision 2", "text": "Hall 5 is built first."}
    return Decision(**{**given, "parties": PARTIES, "release": ["*"], **others})


def seat(of: str, vkey: str, **others: Any) -> Seat:
    given = {"day": DAY, "board": "JB", "of": of, "person": f"co-chair of {of}", "vkey": vkey, "release": ["*"]}
    return Seat(**{**given, **others})


def note(said: Decision, party: str, by: Signer, day: date = DAY) -> str:
    return signed(str(text_of(said, party, day)), by).encode().decode()


@dataclass
class Joint:
    """A record of SRA that hosts HOS, and PER with a record of its own; each with a co-chair and their key."""

    ours: Any
    theirs: Any
    partner: Partner
    own: Signer

    def key(self, party: str) -> Signer:
        return {"SRA": self.own, "PER": self.partner.person, HOSTED: ELSEWHERE}[party]

    def sign(self, said: Decision, party: str, when: str = "2091-03-02", **others: Any) -> int:
        """A party's co-chair signs: by the party's own way into this record; gives the statement by which it came."""
        day = date.fromisoformat(when)
        given = {"day": day, "decision": said.code, "note": note(said, party, self.key(party), day), **others}
        if party == "PER":
            state(self.ours, Filler(day=DAY), when=when)
            given = {**given, "day": str(given["day"]), "release": ["*"]}
            return received(self.partner, self.ours, self.partner.state("cooperation.signature", **given))
        act = self.ours if party == "SRA" else self.theirs
        return state(act, Signature(release=["*"], **given), when=when)[0]


def joint() -> Joint:
    """The parties met, the board stated, a seat for each party."""
    from openmpca.proof.keyring import keys
    from openmpca.proof.keyring.keys import Asked

    partner = Partner()
    ours, theirs = hosting(met(partner))
    keys.new(Asked("person", ours, person="anna"), "sra.example/anna")
    own = keys.load("person", person="anna")
    state(ours, board(), seat("SRA", str(own.verifier)))
    state(theirs, seat(HOSTED, str(ELSEWHERE.verifier)))
    given = {"board": "JB", "of": "PER", "person": "p-one", "vkey": str(partner.person.verifier), "release": ["*"]}
    received(partner, ours, partner.state("cooperation.seat", day=str(DAY), **given))
    return Joint(ours, theirs, partner, own)
