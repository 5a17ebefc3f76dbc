"""Escrow: commit to a whole list now, open it record by record later, and prove at the end that nothing is left.

    >>> from os import urandom
    >>> escrow = Escrow.made([{"id": "LT-0001", "site": "S-01"}, {"id": "LT-0002", "site": "S-01"}], 16, urandom)
    >>> seen = Openings(escrow.size, escrow.root)
    >>> seen.take(escrow.opened(escrow.leaf_of("LT-0001"))).record
    {'id': 'LT-0001', 'site': 'S-01'}
    >>> seen.unopened
    15

A format of OpenMPCA's own, not the scheme that Philippe, Glaser and Felten published.

Rules, kept by whoever makes an escrow (`Escrow`) and by whoever checks one (`Openings`):

1.  leaf data = `"escrow/v1\\n"`, 32 bytes of salt, body. The body of a record is its canonical JSON (RFC 8785); a decoy
    has an empty body. Leaves and nodes are those of RFC 6962 (`merkle`).
2.  A record is an object with an `id`, a text that is not empty. One record stands for one thing: no id stands twice.
3.  Canonical JSON holds texts, whole numbers within 2**53, true, false, null, lists and objects. Fractions are refused:
    programs write them differently. Write them as text.
4.  Every leaf has 32 fresh random bytes of salt; no salt stands twice, neither here nor in another escrow (`salts`).
    Without it a digest of something that can be guessed is a disclosure.
5.  The order is random, and decoys fill up to a size that was agreed before.
6.  A leaf is opened with its salt, its record (or none, for a decoy) and its inclusion proof. It is believed only when
    the proof leads to the root for the size that was declared. A leaf is opened once; opened again it is the same.
7.  An escrow is whole when all leaves are open and give its root. Only then is it shown that what was not opened
    before are decoys, and that the size is true: an inclusion proof alone may hold for another size too.

What follows: root and size tell nothing about records or their number, beyond that there are at most size of them. What
does not follow: that the list was complete or true. That a thing is found which no leaf names is what shows it was not.

Source: design, ideas 6 and 7; RFC 8785 (canonical JSON); RFC 6962 section 2.1. Idea: Philippe, Glaser and Felten,
"A Cryptographic Escrow for Treaty Declarations and Step-by-Step Verification" (2019), of which the abstract was read.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import msgspec

from openmpca.tlog import merkle
from openmpca.tlog.disclosure import Random
from openmpca.tlog.merkle import ProofError

PREFIX: Final = b"escrow/v1\n"
SALT_BYTES: Final = 32
LEAST_SIZE: Final = 16
MOST_SIZE: Final = 1 << 16
LARGEST: Final = (1 << 53) - 1
DEEPEST: Final = 16
LONGEST_SHOWN: Final = 60

_HEX = re.compile(r"[0-9a-f]{64}")
_quoted = json.JSONEncoder(ensure_ascii=False).encode

Record = dict[str, Any]
# Put into words only when something is wrong there: names may be long, and stand in many places.
_Where = tuple[Any, str | int] | None


class EscrowError(ValueError):
    """A record, a leaf or an opening breaks a rule of this module; the message says which and where."""


def canonical(value: object, deepest: int = DEEPEST) -> bytes:
    """Canonical JSON (RFC 8785) of what rule 3 allows. Raises EscrowError, which names the place of what it does not.

    Lists and objects stand at most ``deepest`` deep in each other.

    >>> canonical({"b": [1, True, None], "a": "€"})
    b'{"a":"\\xe2\\x82\\xac","b":[1,true,null]}'
    """
    return _written(value, None, deepest).encode()


def _written(value: object, where: _Where, deeper: int) -> str:
    if deeper < 0:
        raise EscrowError(f"{_place(where)}: it stands too deep in lists and objects")
    if isinstance(value, str):
        return _text(value, where)
    if value is None or isinstance(value, bool):
        return _quoted(value)
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise EscrowError(f"{_place(where)}: {value} is beyond 2**53; write it as text")
        return str(value)
    if isinstance(value, (list, tuple)):
        return "[" + ",".join([_written(each, (where, n), deeper - 1) for n, each in enumerate(value)]) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(_members(value, where, deeper)) + "}"
    kind = "a fraction" if isinstance(value, float) else f"a {type(value).__name__}"
    raise EscrowError(f"{_place(where)}: {kind} has no canonical form here; write it as text")


def _members(value: dict[Any, object], where: _Where, deeper: int) -> list[str]:
    if not all(isinstance(name, str) for name in value):
        raise EscrowError(f"{_place(where)}: a name that is no text")
    texts = {name: _text(name, where) for name in value}
    # UTF-16 sorts characters beyond U+FFFF before those from U+E000.
    order = sorted(value, key=lambda name: name.encode("utf-16-be"))
    return [f"{texts[name]}:{_written(value[name], (where, name), deeper - 1)}" for name in order]


def _text(value: str, where: _Where) -> str:
    if not value.isascii() and any("\ud800" <= each <= "\udfff" for each in value):
        raise EscrowError(f"{_place(where)}: half of a character (U+D800 to U+DFFF)")
    return _quoted(value)


def _place(where: _Where) -> str:
    steps = []
    while where:
        where, step = where
        steps.append(f"[{step}]" if isinstance(step, int) else f".{step[:LONGEST_SHOWN]}")
    return "".join(reversed(steps)).removeprefix(".") or "value"


def read(data: bytes, deepest: int = DEEPEST) -> object:
    """The value of canonical JSON; any other spelling of it is refused. Raises EscrowError."""
    try:
        value: object = msgspec.json.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise EscrowError(f"it is no JSON: {error}") from error
    if canonical(value, deepest) != data:
        raise EscrowError("it is not in canonical form, or holds a name twice")
    return value


@dataclass(frozen=True)
class Leaf:
    """A salt, and the body of a record, or none for a decoy."""

    salt: bytes = field(repr=False)
    body: bytes = field(repr=False)

    @classmethod
    def of(cls, record: Record | None, salt: bytes) -> "Leaf":
        """The leaf of a record, or of a decoy where it is None. Raises EscrowError."""
        if len(salt) != SALT_BYTES:
            raise EscrowError(f"a salt has {len(salt)} bytes, not {SALT_BYTES}")
        if record is None:
            return cls(salt, b"")
        name = record.get("id")
        if not isinstance(name, str) or not name.strip():
            raise EscrowError(f"a record has no id that is text: {str(record)[:60]}")
        try:
            return cls(salt, canonical(record))
        except EscrowError as error:
            raise EscrowError(f"record {name}: {error}") from error

    @cached_property
    def record(self) -> Record | None:
        """What it stands for; None for a decoy."""
        return msgspec.json.decode(self.body, type=Record) if self.body else None

    @property
    def id(self) -> str:
        """The id of the record; empty for a decoy."""
        return str(self.record["id"]) if self.record else ""

    @cached_property
    def hash(self) -> bytes:
        """The leaf hash (rule 1)."""
        return merkle.leaf_hash(PREFIX + self.salt + self.body)


class Opened(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A leaf opened: its place from 0, its record or null, salt and inclusion proof in hexadecimal digits."""

    leaf: int
    proof: list[str]
    record: dict[str, Any] | None
    salt: str


def size_for(records: int) -> int:
    """The size where none was agreed: a power of two, 16 or more. It tells that records are more than half of it."""
    return max(LEAST_SIZE, 1 << max(records - 1, 0).bit_length())


@dataclass(frozen=True)
class Escrow:
    """All leaves of an escrow: what the one who declares keeps secret."""

    leaves: tuple[Leaf, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if not 1 <= len(self.leaves) <= MOST_SIZE:
            raise EscrowError(f"an escrow has 1 to {MOST_SIZE} leaves, not {len(self.leaves)}")
        twice = _twice([each.id for each in self.leaves if each.body])
        if twice is not None:
            raise EscrowError(f"two records have the id {twice}")
        if _twice([each.salt for each in self.leaves]) is not None:
            raise EscrowError("a salt stands twice: the source of randomness is broken")

    @classmethod
    def made(cls, records: Sequence[Record], size: int, random: Random) -> "Escrow":
        """Records in random order among decoys, each leaf with a fresh salt from `random`, such as os.urandom."""
        if len(records) > size:
            raise EscrowError(f"{len(records)} records do not fit into {size} leaves")
        # Sorting by keys that nobody can guess is a random order.
        keys = _drawn(size, random)
        filled = [*records, *[None] * (size - len(records))]
        order = sorted(range(size), key=keys.__getitem__)
        return cls(tuple(Leaf.of(filled[at], salt) for at, salt in zip(order, _drawn(size, random), strict=True)))

    @property
    def size(self) -> int:
        """How many leaves there are, decoys among them."""
        return len(self.leaves)

    @property
    def root(self) -> bytes:
        """What is declared, with the size."""
        return self._levels[-1][0]

    @property
    def salts(self) -> frozenset[bytes]:
        """The salts, which no other escrow may have (rule 4)."""
        return frozenset(each.salt for each in self.leaves)

    @cached_property
    def _levels(self) -> list[list[bytes]]:
        levels = [[each.hash for each in self.leaves]]
        while len(levels[-1]) > 1:
            below = levels[-1]
            odd = below[-1:] if len(below) % 2 else []
            levels.append([*map(merkle.node_hash, below[::2], below[1::2]), *odd])
        return levels

    @cached_property
    def _places(self) -> dict[str, int]:
        return {each.id: at for at, each in enumerate(self.leaves) if each.body}

    def leaf_of(self, name: str) -> int:
        """Where the record with this id stands. Raises KeyError."""
        return self._places[name]

    def proof(self, leaf: int) -> list[bytes]:
        """The inclusion proof of a leaf, its sibling first."""
        siblings = [(level, (leaf >> height) ^ 1) for height, level in enumerate(self._levels)]
        return [level[at] for level, at in siblings[:-1] if at < len(level)]

    def opened(self, leaf: int) -> Opened:
        """A leaf as it is shown. Raises EscrowError."""
        if not 0 <= leaf < self.size:
            raise EscrowError(f"there is no leaf {leaf} among {self.size}")
        shown = self.leaves[leaf]
        return Opened(leaf, [step.hex() for step in self.proof(leaf)], shown.record, shown.salt.hex())


def _drawn(count: int, random: Random) -> list[bytes]:
    drawn = random(SALT_BYTES * count)
    if len(drawn) != SALT_BYTES * count:
        raise EscrowError(f"the source of randomness gave {len(drawn)} bytes for {SALT_BYTES * count}")
    return [drawn[at : at + SALT_BYTES] for at in range(0, len(drawn), SALT_BYTES)]


def _twice(values: Iterable[Any]) -> Any:
    seen = set()
    for each in values:
        if each in seen:
            return each
        seen.add(each)
    return None


class Openings:
    """What has been opened of the escrow with a size and a root, each leaf held against it."""

    def __init__(self, size: int, root: bytes) -> None:
        if not 1 <= size <= MOST_SIZE or len(root) != merkle.HASH_BYTES:
            raise EscrowError(f"an escrow has 1 to {MOST_SIZE} leaves and a root of {merkle.HASH_BYTES} bytes")
        self.size, self.root = size, root
        self.leaves: dict[int, Leaf] = {}
        self._of_id: dict[str, int] = {}
        self._of_salt: dict[bytes, int] = {}

    def take(self, opened: Opened) -> Leaf:
        """Believe an opening, or raise EscrowError and leave everything as it was."""
        at, where = opened.leaf, f"leaf {opened.leaf}"
        try:
            leaf = Leaf.of(opened.record, _bytes(opened.salt))
            merkle.verify_inclusion(at, self.size, leaf.hash, [_bytes(step) for step in opened.proof], self.root)
        except (EscrowError, ProofError) as error:
            raise EscrowError(f"{where} is not what was declared: {error}") from error
        if (other := self._of_salt.get(leaf.salt, at)) != at:
            raise EscrowError(f"{where} has the salt of leaf {other}")
        if leaf.body:
            if (other := self._of_id.get(leaf.id, at)) != at:
                raise EscrowError(f"{where} is another record with the id {leaf.id} of leaf {other}")
            self._of_id[leaf.id] = at
        self._of_salt[leaf.salt] = at
        self.leaves[at] = leaf
        return leaf

    @property
    def records(self) -> list[Record]:
        """The records that are open, in the order of the leaves."""
        return [leaf.record for _, leaf in sorted(self.leaves.items()) if leaf.record is not None]

    @property
    def decoys(self) -> int:
        """How many leaves have been shown to be decoys."""
        return len(self.leaves) - len(self._of_id)

    @property
    def unopened(self) -> int:
        """How many leaves may still hold anything."""
        return self.size - len(self.leaves)

    @property
    def whole(self) -> bool:
        """Whether all leaves are open and give the root: what no record names was never declared (rule 7)."""
        return not self.unopened and merkle.root([self.leaves[at].hash for at in range(self.size)]) == self.root


def _bytes(text: str) -> bytes:
    if not _HEX.fullmatch(text):
        raise EscrowError("64 hexadecimal digits, in small letters, are not there")
    return bytes.fromhex(text)
