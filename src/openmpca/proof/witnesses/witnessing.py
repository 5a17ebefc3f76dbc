"""A witness at work: what `tlog.witness` decides, held together with what this home has seen.

Rules kept here:

1. It knows the logs of its policy and no other, each by the keys that the policy names.
2. Deciding, cosigning and keeping are one turn (see `seen`): a cosignature that is not kept is not made, and of two
   requests at once the second one is decided on what the first one left.
3. The answer goes out after the turn has ended, so what was answered is kept whatever happens to the machine. Whoever
   did not get an answer asks again from the size that the witness then tells.
4. Its times never go back for one log.
5. A key that has begun to witness with one memory does not go on with another: the database, which is kept apart,
   knows the number of the file, and every turn is held to it, also while the witness runs. Only an older copy of the
   same file is not noticed here.
6. What is handed to who asks for the last checkpoint of a log bears the signatures of the log and of this witness only.

Source: C2SP tlog-witness v1.0.0; reference 5.4 and 5.5.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from openmpca.proof.keyring import keys
from openmpca.proof.publishing.reaching import Unreachable
from openmpca.proof.witnesses import seen
from openmpca.proof.witnesses.seen import WITNESSED, Kept, Seen
from openmpca.proof.witnesses.shown_rules import REQUESTED, TILES
from openmpca.record.models import Setting
from openmpca.record.record import Refused
from openmpca.tlog.checkpoint import Checkpoint
from openmpca.tlog.cosignature import cosigned
from openmpca.tlog.note import Note, NoteError, Signature
from openmpca.tlog.policy import Policy, PolicyError
from openmpca.tlog.remote import Fetch, NotThere, RemoteError, RemoteTree
from openmpca.tlog.vkey import ED25519, Signer, Verifier
from openmpca.tlog.witness import (
    BAD_REQUEST,
    NOT_FOUND,
    AddCheckpoint,
    Held,
    Outcome,
    RequestError,
    answered,
    decide,
    refused,
)

MEMORY: Final = "proof.witness"
UNAVAILABLE: Final = 503
LOST: Final = "what this witness has cosigned is lost: another file is in the place of the one that it began with"


def _now() -> int:
    return int(time.time())


@dataclass(frozen=True)
class Witness:
    """A witness: its key, the policy that names the logs it knows, where it keeps what it has seen, its clock.

    ``memory`` is the number of the file that it began with; without one it goes on with any.
    """

    signer: Signer
    policy: Policy
    folder: Path | None = None
    clock: Callable[[], int] = _now
    memory: int | None = None

    def add_checkpoint(self, body: bytes) -> Outcome:
        """Answer a request to cosign."""
        try:
            asked = AddCheckpoint.parse(body)
        except RequestError as error:
            return refused(BAD_REQUEST, str(error))
        origin = asked.note.text.partition("\n")[0]
        try:
            keys = self.policy.keys_of(origin)
        except PolicyError:
            return refused(NOT_FOUND, "this witness does not know the log")
        with seen.turn(self.folder) as kept:
            if self.memory not in (None, kept.identity):
                return refused(UNAVAILABLE, LOST)
            return self._decided(asked, keys, origin, kept)

    def held(self, origin: str) -> Held | None:
        """The largest tree of a log that it has cosigned."""
        with seen.turn(self.folder) as kept:
            return _held(kept.last(WITNESSED, origin))

    def latest(self, name: str) -> bytes | None:
        """The last checkpoint that it cosigned of the log whose origin has this SHA-256 (in hexadecimal)."""
        with seen.turn(self.folder) as kept:
            for each in kept.every(WITNESSED):
                if sha256(each.origin.encode()).hexdigest() == name:
                    return each.note
        return None

    def _decided(self, asked: AddCheckpoint, keys: tuple[Verifier, ...], origin: str, kept: Kept) -> Outcome:
        last = kept.last(WITNESSED, origin)
        outcome = decide(_held(last), asked, keys, origin)
        if outcome.checkpoint is None or outcome.note is None:
            return outcome
        seconds = max(self.clock(), last.seconds if last else 1)
        cosignature = cosigned(outcome.note, self.signer, seconds)
        note = _own(outcome.note, keys, cosignature).encode()
        kept.put(WITNESSED, Seen(origin, outcome.checkpoint.size, outcome.checkpoint.root, note, seconds))
        return replace(outcome, body=answered([cosignature]))


def of_this_home(policy: Policy) -> Witness:
    """The witness of this home. Raises `Refused` where it has no key that was introduced, or has lost its memory."""
    signer = keys.load("witness")
    vkey = str(signer.verifier)
    with seen.turn() as kept:
        identity = kept.identity
    memory = {"vkey": vkey, "memory": identity}
    begun = Setting.objects.filter(name=MEMORY).first()
    if begun is None or begun.value["vkey"] != vkey:
        Setting.objects.update_or_create(name=MEMORY, defaults={"value": memory})
    elif begun.value != memory:
        message = f"{LOST[:1].upper()}{LOST[1:]}."
        mend = (
            f"Put keys/{seen.FILE} back as it was last. Where that cannot be, make a new key with `openmpca key rotate"
            " witness` and give it to the partners: with the old one it might cosign two trees."
        )
        raise Refused([REQUESTED.problem(message, record=vkey, mend=mend)])
    return Witness(signer, policy, memory=identity)


def _held(last: Seen | None) -> Held | None:
    return Held(last.size, last.root) if last else None


def _own(note: Note, keys: tuple[Verifier, ...], cosignature: Signature) -> Note:
    """The note with the signatures that were verified and no others: of each key the first, as `note.verified` does."""
    known = {(key.name, key.key_id) for key in keys if key.type == ED25519}
    first: dict[tuple[str, bytes], Signature] = {}
    for each in note.signatures:
        if each[:2] in known:
            first.setdefault(each[:2], each)
    return Note(note.text, (*first.values(), cosignature))


def request_from_folder(fetch: Fetch, witness: Witness) -> AddCheckpoint:
    """The request that the files of a log make, from what the witness holds of it.

    The proof is made here from tiles that the checkpoint proves; whose checkpoint it is, the witness decides as ever.
    Raises `Refused` where the files are not whole.
    """
    try:
        note = Note.parse(fetch("checkpoint"))
        checkpoint = Checkpoint.parse(note.text)
        held = witness.held(checkpoint.origin)
        if held is None or not 0 < held.size <= checkpoint.size:
            return AddCheckpoint(0, (), note)
        tree = RemoteTree(fetch, checkpoint.size, checkpoint.root)
        return AddCheckpoint(held.size, tuple(tree.consistency_proof(held.size, checkpoint.size)), note)
    except NotThere as error:
        raise Refused([TILES.problem(f"The folder lacks {error}.", record="folder")]) from None
    except (NoteError, RemoteError, Unreachable) as error:
        raise Refused([TILES.problem(f"{error}.", record="folder")]) from None
