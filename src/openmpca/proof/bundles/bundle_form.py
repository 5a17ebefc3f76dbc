"""The form of a bundle file: what one party sends another, as one signed file.

The bytes of a file are exactly these, with nothing before, between or after them, and one line feed at the end:

    {"signed":NOTE,"bundle":CONTENT}

NOTE is a JSON string that holds a signed note (C2SP signed-note). Its text is two lines, each with a line feed:

    openmpca/bundle/v1
    sha256 HEX

HEX is the SHA-256 of the bytes of CONTENT as they stand in the file, from its ``{`` to its ``}``, in lower-case
hexadecimal. The party that sends signs the note; persons may sign it too, on machines of their own, before or after.
CONTENT is the JSON object that `Bundle` describes.

Rules kept here:

1. One spelling: what is read and written again gives the same bytes. So no member stands twice or is unknown,
   nothing is reordered, no text is escaped without need, no base64 has a second form, and nothing hides between.
2. Nothing is read that is longer than `LARGEST`; lists and texts have limits of their own. A content never unfolds: it
   is base64, three bytes for four.
3. The first line of the note says what is signed. No checkpoint has such a second line, so a signature under the one is
   never one under the other.
4. The name of an attachment is a bare name: letters, digits, ``. _ - ( )`` and single spaces, in composed form, not
   beginning with a full stop, not ending with one or a space, none that a system keeps for a device; no two names of a
   bundle differ by case alone. The digest of each is that of its bytes.
5. Whatever is wrong is a `FormError`; nothing else is raised.

What the form does not tell: whether the signatures are good and whose they are, whether the statements stand in the
log. `receiving` judges that.

Source: design, ideas 6 and 7.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from typing import Annotated, Final, Literal

import msgspec

from openmpca.proof.disclosures.showing import ShownStatement
from openmpca.proof.legible import visible
from openmpca.tlog.note import Note, NoteError

FORMAT: Final = "openmpca/bundle/v1"
LARGEST: Final = 32 * 1024 * 1024
LONGEST_NAME: Final = 100
MOST_STATEMENTS: Final = 20_000
MOST_ATTACHMENTS: Final = 100

Text = Annotated[str, msgspec.Meta(max_length=4_000)]
Number = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]

_MARKS: Final = frozenset("._-()")
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_NOTE: Final = re.compile(r"openmpca/bundle/v1\nsha256 ([0-9a-f]{64})\n")


class FormError(ValueError):
    """A file is no bundle of this form; the message says where."""


class Attachment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file that goes with a bundle: its name, the SHA-256 of its bytes in hexadecimal, its bytes (base64)."""

    name: Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)]
    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    content: bytes


class Bundle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one party sends another, in the order in which it stands in the file.

    ``sender`` and ``recipient`` are the public keys of the parties, in their text form: codes of parties are each
    record's own. ``release`` is the number of the statement by which the sender released all this; it is among the
    ``statements``, which stand in the order of their numbers. ``checkpoint`` is the note of the sender's log with the
    cosignatures of witnesses.
    """

    format: Literal["openmpca/bundle/v1"]
    sender: Text
    recipient: Text
    purpose: Text
    authority: Text
    release: Number
    checkpoint: Annotated[str, msgspec.Meta(max_length=1_000_000)]
    statements: Annotated[list[ShownStatement], msgspec.Meta(min_length=1, max_length=MOST_STATEMENTS)]
    attachments: Annotated[list[Attachment], msgspec.Meta(max_length=MOST_ATTACHMENTS)]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    signed: str
    bundle: msgspec.Raw


_files: Final = msgspec.json.Decoder(_File)
_bundles: Final = msgspec.json.Decoder(Bundle)


def sentence(error: Exception) -> str:
    """What an error says, as the beginning of a sentence; what a terminal would obey in it is written as its number."""
    text = visible(str(error))
    return text[:1].upper() + text[1:]


def note_text(content: bytes) -> str:
    """The text that is signed for a content."""
    return f"{FORMAT}\nsha256 {sha256(content).hexdigest()}\n"


@dataclass(frozen=True)
class SignedBundle:
    """A bundle file, taken apart: the note with its signatures, and the content as its exact bytes."""

    note: Note
    content: bytes

    @classmethod
    def parse(cls, data: bytes) -> "SignedBundle":
        """Read a file, held against all rules of the form. Raises FormError."""
        if len(data) > LARGEST:
            raise FormError(f"the file has more than {LARGEST >> 20} MiB")
        try:
            file = _files.decode(data)
            read = cls(Note.parse(file.signed.encode()), bytes(file.bundle))
        except (msgspec.MsgspecError, NoteError, ValueError, RecursionError) as error:
            raise FormError(f"it cannot be read: {error}") from None
        if read.encode() != data:
            raise FormError("it is not in its one spelling: something stands twice, out of order or between")
        found = _NOTE.fullmatch(read.note.text)
        if found is None:
            raise FormError("what is signed is no bundle of a form that is known here")
        if found[1] != sha256(read.content).hexdigest():
            raise FormError("the content is not the one that was signed: it was changed or replaced")
        _ = read.bundle
        return read

    @cached_property
    def bundle(self) -> Bundle:
        """The content, held against the form. Raises FormError."""
        try:
            bundle = _bundles.decode(self.content)
            same = encoded(bundle) == self.content
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise FormError(f"its content cannot be read: {error}") from None
        if not same:
            raise FormError("its content is not in its one spelling: something stands twice, out of order or between")
        _check(bundle)
        return bundle

    def encode(self) -> bytes:
        """The bytes of the file."""
        note = msgspec.json.encode(self.note.encode().decode())
        return b'{"signed":%b,"bundle":%b}\n' % (note, self.content)


def encoded(bundle: Bundle) -> bytes:
    """The bytes of a content."""
    return msgspec.json.encode(bundle)


def _check(bundle: Bundle) -> None:
    numbers = [each.number for each in bundle.statements]
    if any(one >= two for one, two in pairwise(numbers)):
        raise FormError("the statements are not in the order of their numbers, or one stands twice")
    if bundle.release not in numbers:
        raise FormError(f"its release, statement {bundle.release}, is not among its statements")
    check_names([each.name for each in bundle.attachments])
    for each in bundle.attachments:
        if sha256(each.content).hexdigest() != each.sha256:
            raise FormError(f"the attachment {each.name!a} is not the file that its digest names")


def check_names(names: list[str]) -> None:
    """Raise FormError for a name that is none for an attachment, or two that a system may take for one."""
    for name in names:
        if wrong := _unfit(name):
            raise FormError(f"the name {name[:LONGEST_NAME]!a} {wrong}")
    folded = [unicodedata.normalize("NFKC", name).casefold() for name in names]
    if len(set(folded)) != len(folded):
        raise FormError("two attachments have one name")


def _unfit(name: str) -> str:
    """What is wrong with the name of an attachment; empty where nothing is."""
    if not name or len(name) > LONGEST_NAME or len(name.encode(errors="replace")) > 2 * LONGEST_NAME:
        return f"is empty or longer than {LONGEST_NAME} characters"
    if not all(_may_stand(letter) for letter in name) or "  " in name:
        return "holds a character that is no letter, digit, space or one of . _ - ( )"
    if name[0] in ". -" or name[-1] in ". ":
        return "begins or ends with a full stop, a hyphen or a space"
    if unicodedata.normalize("NFC", name) != name:
        return "is not in its composed form"
    return "is kept by some systems for a device" if _DEVICES.fullmatch(name) else ""


def _may_stand(letter: str) -> bool:
    return letter in _MARKS or letter == " " or unicodedata.category(letter)[0] in "LNM"
