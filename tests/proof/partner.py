"""A partner, made up: a State with a log of its own that sends bundles, honest ones and others.

partner = Partner()
shipped = partner.state("accounting.change", day="2024-02-01", code="SF", ...)
partner.bundle({shipped: None})              the bytes of an honest file
"""

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import msgspec

from openmpca.proof.bundles.bundle_form import FORMAT, Attachment, Bundle, SignedBundle, encoded, note_text
from openmpca.proof.disclosures.showing import PERSONS, ShownStatement
from openmpca.tlog.checkpoint import Checkpoint
from openmpca.tlog.cosignature import cosigned
from openmpca.tlog.disclosure import Body, commit, entry_of
from openmpca.tlog.lines import base64_of
from openmpca.tlog.merkle import leaf_hash, root
from openmpca.tlog.note import Note, signed
from openmpca.tlog.policy import Policy
from openmpca.tlog.tree import Tree, full_tiles
from openmpca.tlog.vkey import COSIGNATURE, ED25519, Signer

WITNESS = Signer.made("watch.example/witness", COSIGNATURE, bytes([9] * 32))
NOW = 1_700_000_000


def signer(name: str, number: int) -> Signer:
    return Signer.made(name, ED25519, bytes([number] * 32))


@dataclass
class Partner:
    """What a partner holds: its keys, the bodies of its statements, and to whom it sends."""

    party: Signer = field(default_factory=lambda: signer("perion.example/party", 21))
    log: Signer = field(default_factory=lambda: signer("perion.example/log", 22))
    person: Signer = field(default_factory=lambda: signer("perion.example/p-one", 23))
    recipient: str = ""
    bodies: list[str] = field(default_factory=list)

    def state(self, kind: str, **fields: object) -> int:
        """Record a statement; gives its number."""
        envelope = {"kind": kind, "version": 1, "party": "PER", "prepared_by": "p-1", "approved_by": ["p-2"]}
        lines = {**envelope, "recorded": "2026-01-01T00:00:00Z", **fields}
        self.bodies.append(commit(list(lines.items()), os.urandom).body)
        return len(self.bodies) - 1

    def tree(self) -> Tree:
        leaves = [leaf_hash(entry_of(body)) for body in self.bodies]
        stored = {(made.level, made.n): made.hashes for made in full_tiles(0, [], leaves, lambda level, n: b"")}
        return Tree(lambda level, n: stored[level, n], lambda start, end: leaves[start:end])

    def checkpoint(self, size: int | None = None, by: Signer | None = None, seconds: int = NOW) -> Note:
        """The checkpoint of the log at a size, cosigned."""
        at = len(self.bodies) if size is None else size
        leaves = [leaf_hash(entry_of(body)) for body in self.bodies[:at]]
        made = signed(Checkpoint((by or self.log).name, at, root(leaves)).text(), by or self.log)
        return made.with_signatures([cosigned(made, WITNESS, seconds)])

    def shown(self, number: int, names: Collection[str] | None = None) -> ShownStatement:
        """A statement with only some fields open, all but those of persons where none are named."""
        body = Body.parse(self.bodies[number])
        opened = body.fields.keys() - PERSONS if names is None else {*names, "kind", "version"}
        proof = self.tree().inclusion_proof(number, len(self.bodies))
        return ShownStatement(number, body.withhold(body.fields.keys() - opened).text, [*map(base64_of, proof)])

    def release(self, chosen: Mapping[int, Collection[str] | None], files: Mapping[str, bytes], **said: Any) -> int:
        """Record the release of statements and files."""
        fields = [f"{number}:{name}" for number in sorted(chosen) for name in self._opened(number, chosen[number])]
        attached = [f"{name} {sha256(content).hexdigest()}" for name, content in files.items()]
        stated = {"day": "2026-01-01", "recipient": "SRA", "purpose": "joint view", "authority": "treaty"}
        listed = {"statements": sorted(chosen), "fields": fields, **({"attachments": attached} if files else {})}
        return self.state("proof.bundle", **{**stated, **listed, **said})

    def _opened(self, number: int, names: Collection[str] | None) -> list[str]:
        return sorted(Body.parse(self.shown(number, names).body).fields)

    def content(
        self,
        chosen: Mapping[int, Collection[str] | None],
        files: Mapping[str, bytes] | None = None,
        **lies: Any,
    ) -> Bundle:
        """An honest content, but for the lies."""
        release = self.release(chosen, files or {})
        shown = [self.shown(number, names) for number, names in sorted(chosen.items())]
        made = Bundle(
            format=FORMAT,
            sender=str(self.party.verifier),
            recipient=self.recipient,
            purpose="joint view",
            authority="treaty",
            release=release,
            checkpoint=self.checkpoint().encode().decode(),
            statements=[*shown, self.shown(release)],
            attachments=[Attachment(n, sha256(c).hexdigest(), c) for n, c in (files or {}).items()],
        )
        return msgspec.structs.replace(made, **lies)

    def file(self, content: Bundle, signers: Sequence[Signer] | None = None) -> bytes:
        """The bytes of a content that the party signed, or others."""
        written = encoded(content)
        return SignedBundle(signed(note_text(written), *(signers or [self.party])), written).encode()

    def bundle(self, chosen: Mapping[int, Collection[str] | None], files: Mapping[str, bytes] | None = None) -> bytes:
        """The bytes of an honest file."""
        return self.file(self.content(chosen, files))

    def policy(self, quorum: str = "watch") -> Policy:
        """The policy of whoever receives: the log, one witness."""
        lines = [f"log {self.log.verifier}", f"witness watch {WITNESS.verifier}", f"quorum {quorum}", ""]
        return Policy.parse("\n".join(lines))


def met(partner: Partner, code: str = "PER") -> Any:
    """Found the State that is open, make its party's key, state the partner's keys. Gives the act of two persons."""
    from openmpca.proof.keyring import keys
    from openmpca.proof.keyring.keys import Asked
    from openmpca.record import commands
    from tests.state import founded

    act = founded()
    partner.recipient = keys.new(Asked("party", act), "sra.example/party").vkey
    commands.state(introduction(partner, code), act)
    return act


def introduction(partner: Partner, code: str = "PER", **others: Any) -> list[Any]:
    """The statements that make a partner known."""
    from openmpca.proof.statements import Partner as Stated
    from openmpca.record.statements import Party
    from tests.state import BEGINNING

    given = {
        "party_key": str(partner.party.verifier),
        "log_key": str(partner.log.verifier),
        "person_keys": [str(partner.person.verifier)],
    }
    return [Party(day=BEGINNING, code=code, name=code), Stated(day=BEGINNING, of=code, **{**given, **others})]
