"""Proofs to be carried: `.tlog-proof` files, which show with a policy alone that an entry stands in a log.

Rules:

1.  The file is `c2sp.org/tlog-proof@v1`, perhaps `extra <base64>`, `index <decimal>`, at most 63 lines of a hash in
    base64 (32 bytes, from the sibling of the leaf up), an empty line, and the checkpoint with its signatures as they
    are. What was parsed is encoded to the same bytes.
2.  Nothing is proven by parsing. `verified` believes the checkpoint only as far as the policy does, and the entry only
    by the proof from its own bytes to the root of that checkpoint.
3.  The extra data is not authenticated by anything.
4.  What is proven is that the log held these bytes at this place by a time, not that they are true or all there is.

Source: C2SP tlog-proof (5ba5ee83).
"""

from dataclasses import dataclass

from openmpca.tlog.checkpoint import Checkpoint
from openmpca.tlog.lines import LIMIT, LineError, base64_of, bytes_of, decimal_of
from openmpca.tlog.merkle import HASH_BYTES, ProofError, leaf_hash, verify_inclusion
from openmpca.tlog.note import Note, NoteError
from openmpca.tlog.policy import Judgement, Policy, PolicyError

HEADER = "c2sp.org/tlog-proof@v1"
MAX_PROOF_BYTES = 2_000_000
MAX_HASHES = 63


class TlogProofError(ProofError):
    """A file is no `.tlog-proof`, or does not prove what it should."""


@dataclass(frozen=True)
class TlogProof:
    """The place of an entry, the hashes from it to the root, and the checkpoint with that root."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.index < LIMIT:
            raise TlogProofError("the index of an entry is from 0 to 2^63 - 1")
        if len(self.hashes) > MAX_HASHES or any(len(each) != HASH_BYTES for each in self.hashes):
            raise TlogProofError(f"an inclusion proof has at most {MAX_HASHES} hashes of {HASH_BYTES} bytes")
        if self.extra == b"":
            raise TlogProofError("extra data, where there is any, is not empty")
        try:
            Checkpoint.parse(Note.parse(self.checkpoint).text)
        except NoteError as error:
            raise TlogProofError(f"the checkpoint of the proof: {error}") from error

    @classmethod
    def parse(cls, data: bytes) -> "TlogProof":
        """Read a file. Raises TlogProofError."""
        if len(data) > MAX_PROOF_BYTES:
            raise TlogProofError(f"a proof has at most {MAX_PROOF_BYTES} bytes")
        head, found, checkpoint = data.partition(b"\n\n")
        lines = head.decode("ascii", errors="replace").split("\n")
        if not found or lines.pop(0) != HEADER:
            raise TlogProofError(f"a proof begins with the line {HEADER} and has an empty line before the checkpoint")
        try:
            extra = bytes_of(_after("extra ", lines)) if lines and lines[0].startswith("extra ") else None
            index = decimal_of(_after("index ", lines))
            if len(lines) > MAX_HASHES:
                raise TlogProofError(f"an inclusion proof has at most {MAX_HASHES} hashes")
            return cls(index, tuple(map(bytes_of, lines)), checkpoint, extra)
        except LineError as error:
            raise TlogProofError(f"not a proof: {error}") from error

    def encode(self) -> bytes:
        extra = [] if self.extra is None else [f"extra {base64_of(self.extra)}"]
        lines = [HEADER, *extra, f"index {self.index}", *map(base64_of, self.hashes), ""]
        return "".join(f"{line}\n" for line in lines).encode() + self.checkpoint

    def verified(self, entry: bytes, policy: Policy, log: str) -> Judgement:
        """What the policy makes of the checkpoint of the log of this origin that has the entry.

        Raises ProofError where the policy is not met, the entry does not stand there, or a signature is false.
        """
        note = Note.parse(self.checkpoint)
        try:
            judgement = policy.judged(note, log)
        except (NoteError, PolicyError) as error:
            raise TlogProofError(str(error)) from error
        if not judgement.met:
            raise TlogProofError("the checkpoint is not signed by the log and the quorum of the policy")
        head = Checkpoint.parse(note.text)
        verify_inclusion(self.index, head.size, leaf_hash(entry), self.hashes, head.root)
        return judgement


def _after(keyword: str, lines: list[str]) -> str:
    """Take the first line away, which must begin with the keyword."""
    if not lines or not lines[0].startswith(keyword):
        raise TlogProofError(f"the line {keyword.strip()} is missing")
    return lines.pop(0).removeprefix(keyword)
