"""A co-chair's key made without a home; and what is stated when a signed note comes into the record.

Rules kept here:

1. The content that a party's co-chair signs stands in that party's own record too, so that whoever stated it first
   takes it back from nobody.
2. A signature is released to the parties of the decision where nobody says otherwise: without it they know nothing of
   what is in force.
"""

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec

from openmpca.cooperation.boards.content import digest, text_in
from openmpca.cooperation.boards.statements import Decision, Signature
from openmpca.cooperation.claims import Claims
from openmpca.proof.keyring import keys
from openmpca.record.statements import Statement


def recorded(claims: Claims, note: str, party: str, day: date, release: Sequence[str] | None = None) -> list[Statement]:
    """What a party states to bring a note into its record: the signature, and before it the content if that lacks."""
    text = text_in(note)
    told = [each for each in claims.about(Decision, f"decision:{text.decision}") if digest(each.said) == text.content]
    readers = list(release or (sorted(set(told[0].said.parties) - {party}) if told else []))
    said: list[Statement] = []
    if told and text.party == party and not any(each.ours and each.party == party for each in told):
        said.append(msgspec.structs.replace(told[0].said, day=day, release=readers, replaces=None))
    return [*said, Signature(day=day, release=readers, decision=text.decision, note=note)]


def new_key_file(name: str, path: Path) -> str:
    """Write a new key for its owner alone; gives the public key. Raises `Refused` for what is no name of a key."""
    signer = keys.fresh("person", name)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as opened:
        opened.write(f"{signer.text()}\n")
    return str(signer.verifier)
