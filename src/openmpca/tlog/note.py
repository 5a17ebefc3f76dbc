"""Signed notes: a text and the signatures under it.

    >>> from openmpca.tlog.vkey import ED25519, Signer
    >>> one = Signer.made("example.com/one", ED25519, bytes(32))
    >>> data = signed("All is well.\\n", one).encode()
    >>> [verifier.name for verifier in verified(Note.parse(data), [one.verifier])]
    ['example.com/one']

Rules:

1.  A note is UTF-8 text that ends in a line feed, an empty line, and 1 to 100 lines `— <name> <base64>`, each of the
    4 bytes of a key id and a signature. The last empty line divides. No control character stands in it but line feeds.
2.  What was parsed is unproven until `verified` has been asked: a text counts only by the signature of a known key.
3.  A signature by an unknown key is ignored, and a key is known only where name *and* id are: another key under a known
    name, or a known key under another name, is unknown.
4.  One signature of a known key that fails makes the whole note fail, however many others are good.
5.  Of several signatures under one name and id the first counts. Two different known keys under one name and id are an
    error of whoever knows them, told before any signature is looked at.
6.  A note is at most a megabyte; what it costs to read is in proportion to its length.

Source: C2SP signed-note v1.0.0; golang.org/x/mod/sumdb/note for the number of signatures and for duplicates.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from openmpca.tlog.lines import LineError, base64_of, bytes_of, check_name, check_text, shown
from openmpca.tlog.vkey import ED25519, KEY_ID_BYTES, Signer, Verifier

MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 100

_BEGIN = "— "


class NoteError(ValueError):
    """A text is no signed note, or its signatures do not make it believed."""


class Signature(NamedTuple):
    """The name and id of a key, and what it signed with."""

    name: str
    key_id: bytes
    signature: bytes

    @classmethod
    def parse(cls, line: str) -> "Signature":
        """Read a line without its line feed. Raises NoteError."""
        name, found, encoded = line.removeprefix(_BEGIN).partition(" ")
        if not line.startswith(_BEGIN) or not found:
            raise NoteError(f"not a signature: {shown(line)}")
        try:
            check_name(name)
            plain = bytes_of(encoded)
        except LineError as error:
            raise NoteError(f"not a signature: {error}") from error
        return cls(name, plain[:KEY_ID_BYTES], plain[KEY_ID_BYTES:])

    def __str__(self) -> str:
        """The line without its line feed."""
        return f"{_BEGIN}{self.name} {base64_of(self.key_id + self.signature)}"


@dataclass(frozen=True)
class Note:
    """A text with signatures, none of which is verified by being here. Raises NoteError where rule 1 is broken."""

    text: str
    signatures: tuple[Signature, ...]

    def __post_init__(self) -> None:
        check_note_text(self.text)
        if not 1 <= len(self.signatures) <= MAX_SIGNATURES:
            raise NoteError(f"a note has 1 to {MAX_SIGNATURES} signatures, not {len(self.signatures)}")
        for signature in self.signatures:
            _check_signature(signature)

    @classmethod
    def parse(cls, data: bytes) -> "Note":
        if len(data) > MAX_NOTE_BYTES:
            raise NoteError(f"a note has at most {MAX_NOTE_BYTES} bytes")
        try:
            whole = data.decode()
        except UnicodeDecodeError as error:
            raise NoteError("the note is not UTF-8") from error
        text, divided, rest = whole.rpartition("\n\n")
        if not divided or not rest.endswith("\n"):
            raise NoteError("there is no empty line with signatures after it, each with a line feed")
        if rest.count("\n") > MAX_SIGNATURES:
            raise NoteError(f"a note has at most {MAX_SIGNATURES} signatures")
        return cls(f"{text}\n", tuple(map(Signature.parse, rest[:-1].split("\n"))))

    def encode(self) -> bytes:
        return "".join([self.text, "\n", *(f"{signature}\n" for signature in self.signatures)]).encode()

    def with_signatures(self, more: Iterable[Signature]) -> "Note":
        """The note with these after its own, but for those whose name and id sign it already."""
        have, added = {each[:2] for each in self.signatures}, []
        for signature in more:
            if signature[:2] not in have:
                have.add(signature[:2])
                added.append(signature)
        return replace(self, signatures=(*self.signatures, *added))


def signed(text: str, *signers: Signer) -> Note:
    """The text with the signatures of Ed25519 keys; cosigners sign by `cosignature.cosigned`."""
    check_note_text(text)
    return Note(text, tuple([_signature(text, signer) for signer in signers]))


def verified(note: Note, verifiers: Iterable[Verifier]) -> tuple[Verifier, ...]:
    """The known keys that signed the note, in the order of its signatures; at least one, or NoteError.

    It knows Ed25519 keys (type 0x01). What cosigners say is for `cosignature.cosigned_at` to judge.
    """
    known = by_name_and_id(verifiers)
    text = note.text.encode()
    found: dict[tuple[str, bytes], Verifier] = {}
    for signature in note.signatures:
        key = signature.name, signature.key_id
        if key not in known or key in found:
            continue
        check_signature(known[key], text, signature)
        found[key] = known[key]
    if not found:
        raise NoteError("the note has no signature of a known key")
    return tuple(found.values())


def by_name_and_id(verifiers: Iterable[Verifier]) -> dict[tuple[str, bytes], Verifier]:
    """The keys as signatures name them. Raises NoteError where two different ones share name and id."""
    known: dict[tuple[str, bytes], Verifier] = {}
    for verifier in verifiers:
        if known.setdefault((verifier.name, verifier.key_id), verifier) != verifier:
            raise NoteError(f"two known keys are both {verifier.name}+{verifier.key_id.hex()}")
    return known


def check_signature(verifier: Verifier, text: bytes, signature: Signature) -> None:
    """Raise NoteError unless it is the Ed25519 signature of this key under this text."""
    if verifier.type != ED25519:
        raise NoteError(f"{verifier.name}+{verifier.key_id.hex()} is the key of a cosigner")
    if not verifier.verifies(text, signature.signature):
        raise NoteError(f"the signature of {shown(verifier.name)} is false")


def check_note_text(text: str) -> None:
    """Raise NoteError where this cannot be the text of a note."""
    try:
        check_text(text)
    except LineError as error:
        raise NoteError(str(error)) from error
    if not text.endswith("\n"):
        raise NoteError("the text of a note ends in a line feed")


def _signature(text: str, signer: Signer) -> Signature:
    if signer.type != ED25519:
        raise NoteError(f"{shown(signer.name)} is the key of a cosigner")
    return Signature(signer.name, signer.verifier.key_id, signer.sign(text.encode()))


def _check_signature(signature: Signature) -> None:
    try:
        check_name(signature.name)
    except LineError as error:
        raise NoteError(str(error)) from error
    if len(signature.key_id) != KEY_ID_BYTES or not signature.signature:
        raise NoteError(f"a signature of {shown(signature.name)} is too short")
