"""The body of a statement is its disclosures: one line a field, each of which can be withheld and still be counted.

    >>> from os import urandom
    >>> made = commit([("mba", "MF01"), ("weight", "9581")], urandom)
    >>> body = Body.parse(made.body)
    >>> body.fields
    {'mba': 'MF01', 'weight': '9581'}
    >>> shown = body.withhold(["weight"])
    >>> shown.fields, len(shown.withheld), shown.entry() == made.entry
    ({'mba': 'MF01'}, 15, True)

Rules, all of them kept by every function that reads a body (`Body.parse`, `entry_of`, `fields_of`,
`fields_and_entry_of`; of them `fields_of` alone computes no digests, and so cannot tell that one stands twice):

1.  Lines are joined by one line feed; none is blank and none follows the last. They stand in this order: the
    disclosed fields in ascending order of their names, the withheld lines in ascending order of their digests, and
    at most one padding line. The order tells nothing about what is withheld.
2.  A disclosed field is `["salt","name",value]` exactly as `msgspec.json.encode` writes it: compact, UTF-8, no
    key twice, no needless escape. A name is not empty and stands once in a body.
3.  A salt is 16 random bytes in base64url without padding: 22 characters, the last of them one of A, Q, g, w.
4.  The digest of a line is SHA-256 over the ASCII of the base64url (no padding) of its bytes, as in SD-JWT.
5.  A withheld line is its digest in base64url: 43 characters in their canonical form, without quotes.
6.  The padding line `["salt",n]` with n from 1 to 15 stands for n decoys, which are the first n times 32 bytes of
    `SHAKE256("openmpca/decoys/v1\\n" + salt)`. Fields, withheld lines and decoys together are a multiple of 16, and no
    digest stands twice.
7.  entry = `SHA-256("openmpca/statement/v1\\n" + all digests, raw, ascending, concatenated)`.
8.  Whoever shows a body to others shows each decoy as a withheld line (`Body.withhold` does it), so that nobody can
    tell a decoy from a field.

What follows from them: two different texts have the same entry only where one has lines withheld (or decoys shown
bare) that the other has open, so any other change of a byte changes the entry or is refused. Preimages never meet:
base64url has no "/", which the prefix of an entry has; the leaves and nodes of the tree begin with 0x00 and 0x01.

What does not follow: that a withheld digest is not a second field of a name that is shown. `Body.parse` refuses
two open lines of one name; one open and one withheld can be told only by who sees both.

Source: design, idea 6; RFC 9901 (SD-JWT) for disclosure and digest; FIPS 202 for SHAKE256.
"""

import re
import struct
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256, shake_256
from itertools import islice, pairwise
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec

STATEMENT_PREFIX = b"openmpca/statement/v1\n"
DECOYS_PREFIX = b"openmpca/decoys/v1\n"
DIGESTS_ARE_A_MULTIPLE_OF = 16
SALT_BYTES = 16
ROWS_AT_ONCE = 256

_SALT = "[A-Za-z0-9_-]{21}[AQgw]"
_SALTS = re.compile(f"(?:{_SALT})*")
_PADDING = re.compile(f'\\["({_SALT})",([1-9]|1[0-5])\\]')
_BARE = re.compile(rb"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
_URLSAFE = bytes.maketrans(b"+/", b"-_")
_STANDARD = bytes.maketrans(b"-_", b"+/")
_AS_DIGESTS = tuple(struct.Struct("32s" * count) for count in range(DIGESTS_ARE_A_MULTIPLE_OF))
_TEXT = frozenset({str})
_READ_BACK_FOR_SURE = frozenset({str, int, bool, type(None), date})

_encoder = msgspec.json.Encoder()
_fields = msgspec.json.Decoder(tuple[str, str, Any])
_name_of, _value_of = itemgetter(0), itemgetter(1)

Random = Callable[[int], bytes]


class DisclosureError(ValueError):
    """A body, or the fields for one, break a rule of this module; the message names the line or field."""


class Commitment(msgspec.Struct, frozen=True):
    """A body ready to be stored, and the entry that goes into the tree for it."""

    body: str
    entry: bytes


def commit(fields: Iterable[tuple[str, object]], random: Random) -> Commitment:
    """Salt the fields (name and any value that JSON can carry) with bytes from `random`, such as os.urandom."""
    bodies, entries = commit_many([list(fields)], random)
    return Commitment(bodies[0], entries[0])


def commit_many(rows: Iterable[Sequence[tuple[str, object]]], random: Random) -> tuple[list[str], list[bytes]]:
    """Bodies and entries of many statements, in their order."""
    bodies: list[str] = []
    entries: list[bytes] = []
    coming = iter(rows)
    while chunk := list(islice(coming, ROWS_AT_ONCE)):
        _commit_chunk(chunk, random, bodies, entries)
    return bodies, entries


def _commit_chunk(
    rows: Sequence[Sequence[tuple[str, object]]], random: Random, bodies: list[str], entries: list[bytes]
) -> None:
    salts = iter(_salts(sum(map(len, rows)) + len(rows), random))
    items: list[tuple[str, str, object]] = []
    paddings: list[bytes] = []
    for row in rows:
        names, in_order = _ordered(tuple(map(_name_of, row)))
        items += zip(islice(salts, len(row)), names, in_order(tuple(map(_value_of, row))), strict=True)
        paddings.append(next(salts).encode())
    lines = _written(items).split(b"\n")
    digests = line_digests(lines)
    start = 0
    for row, salt in zip(rows, paddings, strict=True):
        end, decoys = start + len(row), -len(row) % DIGESTS_ARE_A_MULTIPLE_OF
        own, text = digests[start:end], b"\n".join(lines[start:end])
        if decoys:
            own += _decoys(salt, decoys)
            text += b'\n["%b",%d]' % (salt, decoys)
        bodies.append(text.decode())
        entries.append(_entry(own))
        start = end


def _salts(count: int, random: Random) -> list[str]:
    drawn = random(SALT_BYTES * count)
    if len(drawn) != SALT_BYTES * count:
        raise DisclosureError(f"the source of randomness gave {len(drawn)} bytes for {SALT_BYTES * count}")
    # Two bytes of nothing after each salt let all of them be encoded at once: 24 characters, of which 22 are its own.
    apart = _in_columns(drawn, SALT_BYTES, range(SALT_BYTES), SALT_BYTES + 2, 0)
    text = b2a_base64(apart, newline=False).translate(_URLSAFE)
    return _in_columns(text, 24, range(22), 23, ord("\n")).decode().split("\n")[:-1]


def _in_columns(given: bytes, width: int, kept: range, wider: int, filling: int) -> bytes:
    """Records of one width to records of another, column by column, since a column is moved in one step."""
    made = bytearray([filling]) * (len(given) // width * wider)
    for column in kept:
        made[column::wider] = given[column::width]
    return bytes(made)


@lru_cache(256)
def _ordered(names: tuple[str, ...]) -> tuple[tuple[str, ...], Callable[[tuple[object, ...]], tuple[object, ...]]]:
    """The names in their order, and what puts their values in it; most statements of a kind have the same names."""
    order = sorted(range(len(names)), key=names.__getitem__)
    if not names or not names[order[0]]:
        raise DisclosureError("a statement has at least one field, and each field a name")
    in_order = tuple(names[at] for at in order)
    if len(set(names)) != len(names):
        raise DisclosureError(f"field given twice: {next(one for one, two in pairwise(in_order) if one == two)}")
    return in_order, itemgetter(*order) if len(order) > 1 else tuple


def _written(items: list[tuple[str, str, object]]) -> bytes:
    """The lines of the fields, held against what a reader of them will demand."""
    try:
        text = _encoder.encode_lines(items)
        rest = [item for item in items if type(item[2]) not in _READ_BACK_FOR_SURE and not _is_plain(item[2])]
        same = all(map(_reads_back, rest))
    except (msgspec.MsgspecError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise DisclosureError(f"the fields cannot be written: {error}") from error
    if not same:
        raise DisclosureError("a value cannot be read back as it is written: it holds a key twice")
    return text[:-1]


def _is_plain(value: object) -> bool:
    """Whether a list or mapping is read back as it is written for sure, because it can hold no key twice."""
    if type(value) is dict:
        return _TEXT.issuperset(map(type, value)) and _READ_BACK_FOR_SURE.issuperset(map(type, value.values()))
    return type(value) is list and _READ_BACK_FOR_SURE.issuperset(map(type, value))


def _reads_back(item: tuple[str, str, object]) -> bool:
    line = _encoder.encode(item)
    return _encoder.encode(_fields.decode(line)) == line


def _base64url_lines(parts: list[bytes]) -> bytes:
    return b"".join(map(b2a_base64, parts)).translate(_URLSAFE, b"=")[:-1]


def line_digests(lines: list[bytes]) -> list[bytes]:
    """The digest of each of one or more lines, raw (rule 4)."""
    return [sha256(encoded).digest() for encoded in _base64url_lines(lines).split(b"\n")]


def _decoys(salt: bytes, count: int) -> list[bytes]:
    cut = _AS_DIGESTS[count]
    return list(cut.unpack(shake_256(DECOYS_PREFIX + salt).digest(cut.size)))


def _entry(digests: list[bytes]) -> bytes:
    return sha256(STATEMENT_PREFIX + b"".join(sorted(digests))).digest()


class _Parts(NamedTuple):
    lines: list[bytes]
    items: list[tuple[str, str, Any]]
    withheld: list[bytes]
    salt: bytes
    decoys: int

    def digests(self) -> list[bytes]:
        opened = line_digests(self.lines) if self.lines else []
        return [*opened, *self.withheld, *_decoys(self.salt, self.decoys)]


def _parts(text: str) -> _Parts:
    """Take a body apart and hold it against all rules but this: that no digest stands twice."""
    try:
        lines = text.encode().split(b"\n")
    except UnicodeEncodeError as error:
        raise DisclosureError(f"the body is not text: {error}") from error
    salt, decoys = b"", 0
    last = _PADDING.fullmatch(text, text.rfind("\n") + 1)
    if last:
        salt, decoys = last[1].encode(), int(last[2])
        lines.pop()
    bare: list[bytes] = []
    while lines and not lines[-1].startswith(b"["):
        bare.append(lines.pop())
    withheld = _withheld(bare, len(lines)) if bare else []
    items = _disclosed(lines) if lines else []
    if (len(items) + len(withheld) + decoys) % DIGESTS_ARE_A_MULTIPLE_OF or not (items or withheld):
        raise DisclosureError(
            f"{len(items)} fields, {len(withheld)} withheld lines and {decoys} decoys do not make "
            f"a multiple of {DIGESTS_ARE_A_MULTIPLE_OF} digests"
        )
    return _Parts(lines, items, withheld, salt, decoys)


def _withheld(bare: list[bytes], before: int) -> list[bytes]:
    """The digests of bare lines that were collected from the last to the first."""
    bare.reverse()
    for number, line in enumerate(bare, before + 1):
        if not _BARE.fullmatch(line):
            raise DisclosureError(f"line {number} is neither a field nor a digest of 43 characters")
    withheld = [a2b_base64(line.translate(_STANDARD) + b"=") for line in bare]
    for number, (one, two) in enumerate(pairwise(withheld), before + 2):
        if one >= two:
            raise DisclosureError(f"line {number} repeats a digest or stands out of order")
    return withheld


def _disclosed(lines: list[bytes]) -> list[tuple[str, str, Any]]:
    text = b"\n".join(lines) + b"\n"
    try:
        items = _fields.decode_lines(text)
        as_written = _encoder.encode_lines(items) == text
    except (msgspec.MsgspecError, ValueError, RecursionError):
        as_written = False
    if not as_written:
        raise _fault(lines)
    salts = [item[0] for item in items]
    names = [item[1] for item in items]
    if set(map(len, salts)) != {22} or not _SALTS.fullmatch("".join(salts)):
        raise _fault(lines)
    # Sorting a sorted list of texts is quicker than comparing pairs.
    if not names[0] or sorted(names) != names or len(set(names)) != len(names):
        raise _fault(lines)
    return items


def _fault(lines: list[bytes]) -> DisclosureError:
    """What is wrong with fields that are known to be wrong, told for the first line that is."""
    before = ""
    for number, line in enumerate(lines, 1):
        try:
            item = _fields.decode(line)
            as_written = _encoder.encode(item) == line
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            return DisclosureError(f'line {number} is not ["salt","name",value]: {error}')
        salt, name, _ = item
        if not as_written:
            return DisclosureError(f"line {number} is not in its canonical form")
        if not re.fullmatch(_SALT, salt):
            return DisclosureError(f"line {number} has a salt that is not 16 bytes in base64url")
        if name <= before:
            return DisclosureError(f"line {number} has no name, repeats one, or stands out of order: {name!r}")
        before = name
    raise AssertionError("no line is wrong")  # pragma: no cover


def entry_of(text: str) -> bytes:
    """The entry of a body, held against all rules. Raises DisclosureError."""
    return _entry(_different(_parts(text).digests()))


def _different(digests: list[bytes]) -> list[bytes]:
    if len(set(digests)) != len(digests):
        raise DisclosureError("a withheld line is the digest of another line of the body")
    return digests


def fields_and_entry_of(text: str) -> tuple[dict[str, object], bytes]:
    """Both in one reading of the body, for whoever verifies and reads many. Raises DisclosureError."""
    parts = _parts(text)
    entry = _entry(_different(parts.digests()))
    return {name: value for _, name, value in parts.items}, entry


def fields_of(text: str) -> dict[str, object]:
    """The open fields of a body by name, without computing digests. Raises DisclosureError."""
    return {name: value for _, name, value in _parts(text).items}


@dataclass(frozen=True)
class Body:
    """A body that keeps the rules: what it shows, and the digests of what it does not."""

    text: str
    fields: dict[str, object]
    withheld: tuple[bytes, ...]
    decoys: int

    @classmethod
    def parse(cls, text: str) -> "Body":
        """Read a stored or received body. Raises DisclosureError."""
        parts = _parts(text)
        _different(parts.digests())
        fields = {name: value for _, name, value in parts.items}
        return cls(text, fields, tuple(parts.withheld), parts.decoys)

    def digests(self) -> list[bytes]:
        """Raw digests of fields, withheld lines and decoys, ascending."""
        return sorted(_parts(self.text).digests())

    def entry(self) -> bytes:
        return _entry(self.digests())

    def withhold(self, names: Iterable[str]) -> "Body":
        """The body as it may be shown: the named fields, and all decoys, are bare digests. The entry stays."""
        hidden = set(names)
        unknown = hidden - self.fields.keys()
        if unknown:
            raise DisclosureError(f"no such open field: {', '.join(sorted(unknown))}")
        parts = _parts(self.text)
        lines = dict(zip(self.fields, parts.lines, strict=True))
        opened = [line for name, line in lines.items() if name not in hidden]
        covered = line_digests([lines[name] for name in hidden]) if hidden else []
        bare = sorted([*parts.withheld, *covered, *_decoys(parts.salt, parts.decoys)])
        return Body.parse(b"\n".join([*opened, *_base64url_lines(bare).split(b"\n")] if bare else opened).decode())
