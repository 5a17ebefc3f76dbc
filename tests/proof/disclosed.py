"""A State that discloses and a partner who checks: keys, witnesses and a policy made for tests, and one file of it."""

from dataclasses import dataclass
from typing import Any

from openmpca.proof.disclosures import disclosing
from openmpca.proof.disclosures.disclosing import Purpose
from openmpca.proof.models import Checkpoint as Kept
from openmpca.record import commands
from openmpca.record.record import head
from openmpca.record.statements import Party
from openmpca.tlog.checkpoint import Checkpoint
from openmpca.tlog.cosignature import cosigned
from openmpca.tlog.note import signed
from openmpca.tlog.policy import Policy
from openmpca.tlog.vkey import COSIGNATURE, ED25519, Signer
from tests.state import BEGINNING, at, founded

ORIGIN = "sra.example/record"
LOG = Signer.made(ORIGIN, ED25519, b"l" * 32)
OTHER_LOG = Signer.made(ORIGIN, ED25519, b"o" * 32)
ONE = Signer.made("one.example/witness", COSIGNATURE, b"1" * 32)
TWO = Signer.made("two.example/witness", COSIGNATURE, b"2" * 32)
TIMES = {ONE.name: 1_000_000_000, TWO.name: 1_000_000_060}
LATER = at("2001-01-01")
FOR = Purpose("Perion", "to account for shipment 7", "agreement of 2000, article 4")

POLICY_TEXT = f"""\
log {LOG.verifier}
witness one {ONE.verifier}
witness two {TWO.verifier}
group both all one two
quorum both
"""
POLICY = Policy.parse(POLICY_TEXT)


@dataclass(frozen=True)
class Told:
    """What a State has stated: the act of its two persons, and the number of a statement with four own fields."""

    act: Any
    number: int


def stating() -> Told:
    """Found the record and state a party with a note, which may be withheld later."""
    act = founded()
    party = Party(day=BEGINNING, code="OP", name="Operator", note="call Eva")
    other = Party(day=BEGINNING, code="OQ", name="Another", note="call Eva")
    made = commands.state([party, other], act, when=LATER)
    return Told(act, made.numbers[0])


def note(log: Signer = LOG, witnesses: tuple[Signer, ...] = (ONE, TWO), origin: str = ORIGIN) -> str:
    """A checkpoint of the record as it stands, signed and cosigned."""
    size, root = head()
    made = signed(Checkpoint(origin, size, root).text(), log)
    return made.with_signatures([cosigned(made, each, TIMES[each.name]) for each in witnesses]).encode().decode()


def checkpointed(**how: Any) -> str:
    """The same, kept as the command that makes checkpoints keeps it."""
    text = note(**how)
    size = head()[0]
    Kept.objects.update_or_create(origin=ORIGIN, size=size, defaults={"made_us": size, "note": text})
    return text


def released(told: Told, *chosen: str) -> int:
    """The number of a release that two persons have made."""
    stated = disclosing.release(chosen, FOR, BEGINNING)
    return commands.state([stated], told.act, when=LATER).numbers[0]


def file_of(*chosen: str, **how: Any) -> disclosing.DisclosureFile:
    """A whole story in a State that is open: stated, released, checkpointed, written; statement 7 is the party."""
    told = stating()
    number = released(told, *chosen)
    return disclosing.written(number, checkpointed(**how), "both")[0]
