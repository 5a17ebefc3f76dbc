"""What a witness decides: whether it cosigns a checkpoint, on nothing but what it has cosigned of that log before.

    outcome = decide(held, AddCheckpoint.parse(body), policy.keys_of(origin), origin)
    if outcome.status == 200: store (size, root) of the checkpoint for good, then cosign outcome.note and answer

Rules, in the order in which they are asked:

1.  A request is `old <size>`, at most 63 hashes in base64, an empty line and a checkpoint. Another form is 400.
2.  Only a log that the witness knows is answered; of others it says 404 (whoever serves it does, before asking here).
3.  403 unless a known key of the log has signed, and the checkpoint is of its origin.
4.  400 where the old size is larger than that of the checkpoint.
5.  409, with the size that the witness holds as the answer, unless that is the old size. None held is size 0.
6.  422 unless the proof leads from what is held to the checkpoint. From size 0 on every tree follows, by the empty
    proof alone; a tree of the same size has the same root; the tree of size 0 has the root of nothing.
7.  What is held is compared and replaced as one act, and written for good before the answer goes out: two requests at
    once never both get a cosignature over trees that do not follow from each other. Whoever calls `decide` holds the
    lock over all of that, for `decide` itself keeps nothing.

A witness that says 200 says no more than this: that it has seen no larger tree of this log, and none that contradicts.

Source: C2SP tlog-witness v1.0.0.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from openmpca.tlog.checkpoint import Checkpoint
from openmpca.tlog.lines import LineError, base64_of, bytes_of, decimal_of
from openmpca.tlog.merkle import EMPTY_ROOT, HASH_BYTES, ProofError, verify_consistency
from openmpca.tlog.note import Note, NoteError, Signature, verified
from openmpca.tlog.vkey import ED25519, Verifier

MAX_PROOF = 63
MAX_REQUEST_BYTES = 128 * 1024
PLAIN = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"

OK, BAD_REQUEST, FORBIDDEN, NOT_FOUND, CONFLICT, UNPROCESSABLE = 200, 400, 403, 404, 409, 422


class RequestError(ValueError):
    """A request to cosign does not have the form of one."""


class Held(NamedTuple):
    """The largest tree that a witness has cosigned of a log."""

    size: int
    root: bytes


@dataclass(frozen=True)
class AddCheckpoint:
    """A request: the size that the witness is thought to hold, the proof from it, and the checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: Note

    @classmethod
    def parse(cls, body: bytes) -> "AddCheckpoint":
        """Read the body of a request. Raises RequestError."""
        if len(body) > MAX_REQUEST_BYTES:
            raise RequestError(f"a request has at most {MAX_REQUEST_BYTES} bytes")
        head, divided, rest = body.partition(b"\n\n")
        if not divided:
            raise RequestError("the request has no empty line before the checkpoint")
        try:
            first, *hashes = head.decode().split("\n")
            if not first.startswith("old "):
                raise RequestError("the request does not begin with the old size")
            old, proof = decimal_of(first.removeprefix("old ")), tuple(map(bytes_of, hashes))
            note = Note.parse(rest)
        except (UnicodeDecodeError, LineError, NoteError) as error:
            raise RequestError(f"not a request to cosign: {error}") from error
        if len(proof) > MAX_PROOF or any(len(each) != HASH_BYTES for each in proof):
            raise RequestError(f"a proof has at most {MAX_PROOF} hashes of {HASH_BYTES} bytes")
        return cls(old, proof, note)

    def encode(self) -> bytes:
        lines = [f"old {self.old}", *map(base64_of, self.proof), "", ""]
        return "\n".join(lines).encode() + self.note.encode()


@dataclass(frozen=True)
class Outcome:
    """The answer: status, body, type of the body; and the checkpoint with its note where it is to be cosigned."""

    status: int
    body: bytes
    content_type: str = PLAIN
    checkpoint: Checkpoint | None = None
    note: Note | None = None


def refused(status: int, why: str) -> Outcome:
    """An answer that cosigns nothing and says why."""
    return Outcome(status, f"{why}\n".encode())


def answered(signatures: Sequence[Signature]) -> bytes:
    """The body of a good answer: the lines of the cosignatures."""
    return "".join(f"{signature}\n" for signature in signatures).encode()


def cosignatures(body: bytes) -> list[Signature]:
    """The cosignatures of a good answer, none of them verified. Raises RequestError."""
    try:
        lines = body.decode().split("\n")
        if len(body) > MAX_REQUEST_BYTES or lines.pop() or not lines:
            raise RequestError("the answer is not one or more lines of signatures")
        return list(map(Signature.parse, lines))
    except (UnicodeDecodeError, NoteError) as error:
        raise RequestError(f"the answer is no signature: {error}") from error


def decide(held: Held | None, asked: AddCheckpoint, log: Iterable[Verifier], origin: str) -> Outcome:
    """What a witness that holds this answers to the request of a log that it knows by these keys and this origin."""
    try:
        verified(asked.note, [key for key in log if key.type == ED25519])
        checkpoint = Checkpoint.parse(asked.note.text)
    except NoteError as error:
        return refused(FORBIDDEN, str(error))
    if checkpoint.origin != origin:
        return refused(FORBIDDEN, "the checkpoint is of another origin")
    if asked.old > checkpoint.size:
        return refused(BAD_REQUEST, f"the old size {asked.old} is beyond the checkpoint, {checkpoint.size}")
    now = held or Held(0, EMPTY_ROOT)
    if asked.old != now.size:
        return Outcome(CONFLICT, f"{now.size}\n".encode(), SIZE)
    try:
        _follows(now, checkpoint, asked.proof)
    except ProofError as error:
        return refused(UNPROCESSABLE, str(error))
    return Outcome(OK, b"", PLAIN, checkpoint, asked.note)


def _follows(held: Held, checkpoint: Checkpoint, proof: Sequence[bytes]) -> None:
    if held.size:
        verify_consistency(held.size, checkpoint.size, proof, held.root, checkpoint.root)
    elif proof:
        raise ProofError("a proof from size 0 is empty")
    elif not checkpoint.size and checkpoint.root != EMPTY_ROOT:
        raise ProofError("a tree of size 0 has the root of nothing")
