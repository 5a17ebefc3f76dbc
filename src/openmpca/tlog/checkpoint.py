"""Checkpoints: the note in which a log says how many entries it has and what their root is.

Rules:

1.  The text is three or more lines: the origin, the size as a decimal below 2^63, the root in base64 (32 bytes), then
    extension lines, if any. No line is empty. Each ends in one line feed, and no control character stands in it.
2.  The origin says whose tree this is, the name of a key who signed; they are compared each with its own. A checkpoint
    of another origin is refused even when the same key has signed it.
3.  A checkpoint proves that the log said so, and not that it says the same to others: cosignatures do.

Source: C2SP tlog-checkpoint v1.0.0.
"""

from dataclasses import dataclass

from openmpca.tlog.lines import LIMIT, LineError, base64_of, bytes_of, check_text, decimal_of, shown
from openmpca.tlog.merkle import HASH_BYTES
from openmpca.tlog.note import Note, NoteError, verified
from openmpca.tlog.vkey import Verifier


class CheckpointError(NoteError):
    """A text is no checkpoint, or not the one of the log that was asked for."""


@dataclass(frozen=True)
class Checkpoint:
    """The head of a log's tree. Raises CheckpointError where rule 1 is broken."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for line in (self.origin, *self.extensions):
            _check_line(line)
        if not 0 <= self.size < LIMIT:
            raise CheckpointError("the size of a checkpoint is from 0 to 2^63 - 1")
        if len(self.root) != HASH_BYTES:
            raise CheckpointError(f"the root of a checkpoint has {HASH_BYTES} bytes, not {len(self.root)}")

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read the text of a note, with its last line feed."""
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop():
            raise CheckpointError("a checkpoint has at least three lines, each with a line feed")
        origin, size, root, *extensions = lines
        try:
            return cls(origin, decimal_of(size), bytes_of(root), tuple(extensions))
        except LineError as error:
            raise CheckpointError(f"not a checkpoint: {error}") from error

    def text(self) -> str:
        lines = [self.origin, str(self.size), base64_of(self.root), *self.extensions]
        return "".join(f"{line}\n" for line in lines)


def opened(data: bytes, log: Verifier, origin: str) -> tuple[Checkpoint, Note]:
    """The checkpoint of the log of this origin, signed by this Ed25519 key. Raises NoteError otherwise."""
    note = Note.parse(data)
    verified(note, [log])
    checkpoint = Checkpoint.parse(note.text)
    if checkpoint.origin != origin:
        raise CheckpointError(f"the checkpoint is of {shown(checkpoint.origin)}, not of {shown(origin)}")
    return checkpoint, note


def _check_line(line: str) -> None:
    try:
        check_text(line)
    except LineError as error:
        raise CheckpointError(str(error)) from error
    if not line or "\n" in line:
        raise CheckpointError("a line of a checkpoint is empty or is more than one")
