"""What co-chairs sign: the content of a decision in one form of bytes, and the text that names its digest.

    data = written(decision)                 the file that is read, compared by SHA-256, and signed
    note = signed(text_of(decision, "ALD", day), key)

Rules kept here:

1. The content is every field of the decision but its day, its readers and what it replaces: stated again by another
   party, or released to more, it is the same content. Its bytes are JSON with sorted names, indented by two, in UTF-8.
2. What is signed names board, decision, content, party and day, a line each, and nothing else. A text that is not built
   so, letter by letter, is no signature of a decision.
3. The day is what the signer wrote. Nothing is in force because of it (`deciding`, rule 3).

Source: C2SP signed-note; the research on joint programmes, 1.6.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

import msgspec

from openmpca.cooperation.boards.statements import Decision
from openmpca.tlog.note import Note, NoteError, verified
from openmpca.tlog.vkey import KeyTextError, Verifier

FORMAT: Final = "openmpca decision v1"
_SETTING: Final = ("day", "release", "replaces")
_NAMES: Final = ("board", "decision", "content", "party", "day")


class ContentError(ValueError):
    """A file holds no content of a decision, or a note is no signature under one."""


@dataclass(frozen=True)
class Text:
    """What a co-chair signs."""

    board: str
    decision: str
    content: str
    party: str
    day: date

    def __str__(self) -> str:
        values = (self.board, self.decision, self.content, self.party, self.day)
        lines = [f"{name} {value}" for name, value in zip(_NAMES, values, strict=True)]
        return "\n".join([FORMAT, *lines, ""])


def written(decision: Decision) -> bytes:
    """The content of a decision as bytes (rule 1)."""
    fields = {name: value for name, value in msgspec.to_builtins(decision).items() if name not in _SETTING}
    return _bytes({"format": FORMAT, **fields})


def digest(decision: Decision) -> str:
    """The SHA-256 of the content, in hexadecimal."""
    return sha256(written(decision)).hexdigest()


def read(data: bytes) -> Decision:
    """The decision that a file of `written` holds; its day is not told there. Raises ContentError."""
    try:
        fields = json.loads(data)
        if not isinstance(fields, dict) or fields.pop("format", "") != FORMAT:
            raise ContentError(f"it does not begin as {FORMAT!r}")
        found = msgspec.convert({**fields, "day": date.min}, Decision)
    except (UnicodeDecodeError, RecursionError, json.JSONDecodeError, msgspec.ValidationError) as error:
        raise ContentError(f"it is no content of a decision: {error}") from error
    if written(found) != data:
        raise ContentError("it is not written in the one form: take the file as `openmpca decision text` wrote it")
    return found


def text_of(decision: Decision, party: str, day: date) -> Text:
    """What a co-chair of a party signs on a day."""
    return Text(decision.board, decision.code, digest(decision), party, day)


def text_in(note: str) -> Text:
    """What a note says, not whether it is signed. Raises ContentError."""
    try:
        said = Note.parse(note.encode()).text
    except NoteError as error:
        raise ContentError(f"it is no signed note: {error}") from error
    first, *lines = said.split("\n")
    given = [each.partition(" ") for each in lines[:-1]]
    if first != FORMAT or tuple(each[0] for each in given) != _NAMES:
        raise ContentError("its text is not that of a decision")
    board, decision, content, party, day = (each[2] for each in given)
    try:
        found = Text(board, decision, content, party, date.fromisoformat(day))
    except ValueError as error:
        raise ContentError(f"{day!r} is no day") from error
    if str(found) != said:
        raise ContentError("its text is not that of a decision")
    return found


@lru_cache(maxsize=4096)
def is_signed_by(note: str, vkey: str) -> bool:
    """Whether a key has signed a note; a false signature under that key's name counts as none."""
    try:
        return bool(verified(Note.parse(note.encode()), [Verifier.parse(vkey)]))
    except (NoteError, KeyTextError):
        return False


def _bytes(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"
