"""Cosignatures: at which time a witness saw that a checkpoint continues all that it had seen of the log before.

Rules:

1.  A cosignature is 8 bytes of time (POSIX seconds, high byte first, from 1 to 2^63 - 1) and the signature.
2.  Ed25519 (type 0x04) signs the lines `cosignature/v1` and `time <seconds>` and the whole text of the note, extension
    lines too. The time is signed with the checkpoint: the time of one cosignature does not hold for another.
3.  ML-DSA-44 (type 0x06) signs the name of the cosigner, the time, the origin, the range 0 to size and the root, but no
    extension lines. It is verified and not made here.
4.  Only a checkpoint can be cosigned, and a plain signature of the same key is no cosignature, nor the reverse: types
    have different ids and sign different bytes.
5.  An ML-DSA-44 key may sign with time 0 and so say nothing of time. From a log that is its signature; from a witness
    it is refused, for no proof can be dated by it.

Source: C2SP tlog-cosignature v1.1.0-rc.1.
"""

from openmpca.tlog.checkpoint import Checkpoint
from openmpca.tlog.lines import LIMIT, shown
from openmpca.tlog.note import Note, NoteError, Signature
from openmpca.tlog.vkey import COSIGNATURE, ED25519, ML_DSA_44, SIGNATURE_BYTES, Signer, Verifier

TIME_BYTES = 8

_SUBTREE = b"subtree/v1\n\0"
_NAME_BYTES = 255


class CosignatureError(NoteError):
    """A signature is no cosignature of this key under this checkpoint."""


def cosigned(note: Note, signer: Signer, seconds: int) -> Signature:
    """The cosignature of a witness (a key of type 0x04) under a checkpoint, at a time in POSIX seconds."""
    if signer.type != COSIGNATURE:
        raise CosignatureError(f"the key of {shown(signer.name)} is not that of a cosigner")
    if not 1 <= seconds < LIMIT:
        raise CosignatureError("the time of a cosignature is from 1 to 2^63 - 1 seconds")
    Checkpoint.parse(note.text)
    signature = signer.sign(_timed(note.text, seconds))
    return Signature(signer.name, signer.verifier.key_id, seconds.to_bytes(TIME_BYTES, "big") + signature)


def cosigned_at(note: Note, signature: Signature, verifier: Verifier) -> int:
    """The time at which this cosigner has signed this checkpoint. Raises NoteError where it has not."""
    return cosigned_checkpoint_at(note.text, Checkpoint.parse(note.text), signature, verifier)


def cosigned_checkpoint_at(
    text: str, checkpoint: Checkpoint, signature: Signature, verifier: Verifier, *, by_log: bool = False
) -> int:
    """The same for a text that has been parsed, where many cosignatures stand under one; 0 at most from a log."""
    name = shown(verifier.name)
    if verifier.type == ED25519:
        raise CosignatureError(f"the key of {name} is not that of a cosigner")
    if (signature.name, signature.key_id) != (verifier.name, verifier.key_id):
        raise CosignatureError(f"the cosignature is not one of {name}")
    if len(signature.signature) != TIME_BYTES + SIGNATURE_BYTES[verifier.type]:
        raise CosignatureError(f"the cosignature of {name} has a wrong length")
    seconds = int.from_bytes(signature.signature[:TIME_BYTES], "big")
    ml_dsa = verifier.type == ML_DSA_44
    if not (0 if by_log and ml_dsa else 1) <= seconds < LIMIT:
        raise CosignatureError(f"the cosignature of {name} tells no time")
    message = _subtree(checkpoint, verifier.name, seconds) if ml_dsa else _timed(text, seconds)
    if not verifier.verifies(message, signature.signature[TIME_BYTES:]):
        raise CosignatureError(f"the cosignature of {name} is false")
    return seconds


def _timed(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _subtree(checkpoint: Checkpoint, cosigner: str, seconds: int) -> bytes:
    parts = [_SUBTREE, _sized(cosigner), seconds.to_bytes(8, "big"), _sized(checkpoint.origin)]
    return b"".join([*parts, bytes(8), checkpoint.size.to_bytes(8, "big"), checkpoint.root])


def _sized(name: str) -> bytes:
    encoded = name.encode()
    if len(encoded) > _NAME_BYTES:
        raise CosignatureError(f"an ML-DSA-44 cosignature takes names of at most {_NAME_BYTES} bytes")
    return bytes([len(encoded)]) + encoded
