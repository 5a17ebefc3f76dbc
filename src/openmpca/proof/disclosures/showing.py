"""Statements as they are shown to others: chosen fields open, everything else a digest, with the proof of each.

    shown({17: ["kind", "day", "weights"]}, size)      on the side of whoever keeps the record
    proven(statements, size, root)                      on the side of whoever receives them

Rules kept here:

1. What is not chosen is withheld, decoys included, so that neither the number nor the length of what is hidden can be
   told (see `tlog.disclosure`, rule 8).
2. What is chosen must stand open in the stored body: what the record itself withholds cannot be shown.
3. A shown statement is believed only when its body keeps all rules of a body and its entry stands, by the inclusion
   proof, at its number in the tree of a checkpoint that was verified before.
4. A body that shows its padding is refused: rule 1 was not kept by whoever showed it.
5. Texts are strict: standard base64 in its one canonical form, a number once and in ascending order, and the name of a
   field has at most `LONGEST_NAME` characters.

What follows: this body, with these open fields, is statement ``number`` of that log. What does not: that it is true,
that it stands (a later statement may correct it), or what the fields that are not shown say.

Source: design, idea 6; RFC 9162, section 2.1.3.2.
"""

from base64 import b64decode, b64encode
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import msgspec

from openmpca.tlog.disclosure import Body, DisclosureError, fields_of
from openmpca.tlog.merkle import HASH_BYTES, ProofError, leaf_hash, verify_inclusion

PERSONS: Final = frozenset({"prepared_by", "approved_by", "overrides"})
"""The fields that name persons inside, or quote them."""
LONGEST_NAME: Final = 200
ALWAYS: Final = frozenset({"kind", "version"})
"""The fields without which the others mean nothing."""


class ShowingError(ValueError):
    """A statement cannot be shown as asked, or does not prove what it claims; the message names it."""


class ShownStatement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A statement as shown: its number, its body with digests for what is withheld, its inclusion proof (base64)."""

    number: int
    body: str
    proof: list[str]


@dataclass(frozen=True)
class Proven:
    """A shown statement that was checked: its open fields, how many lines are digests, and its entry."""

    number: int
    fields: dict[str, object]
    withheld: int
    entry: bytes

    @property
    def kind(self) -> str:
        """The kind of the statement, empty where it is withheld."""
        return str(self.fields.get("kind", ""))


def by_default(text: str) -> list[str]:
    """The fields of a stored body that are shown when nothing is said: all but those that name persons inside."""
    return [name for name in fields_of(text) if name not in PERSONS]


def shown(chosen: Mapping[int, Collection[str]], size: int) -> list[ShownStatement]:
    """Statements of the own record with only the chosen fields open, proven in the tree of ``size``."""
    from openmpca.record.models import Row
    from openmpca.record.record import tree

    outside = [number for number in chosen if not 0 <= number < size]
    if outside:
        raise ShowingError(f"statement {min(outside)} is not among the {size} statements of the checkpoint")
    bodies = dict(Row.objects.filter(number__in=list(chosen)).values_list("number", "body"))
    grown = tree()
    return [
        ShownStatement(
            number, covered(number, bodies[number], chosen[number]), _written(grown.inclusion_proof(number, size))
        )
        for number in sorted(chosen)
    ]


def covered(number: int, text: str, names: Collection[str]) -> str:
    """A stored body with only the named fields open."""
    body = Body.parse(text)
    if unknown := set(names) - body.fields.keys():
        raise ShowingError(f"statement {number} has no open field {', '.join(sorted(unknown))}")
    return body.withhold(body.fields.keys() - set(names)).text


def _written(proof: Iterable[bytes]) -> list[str]:
    return [b64encode(step).decode() for step in proof]


def proven(statements: Sequence[ShownStatement], size: int, root: bytes) -> list[Proven]:
    """Statements that stand in the tree of a verified checkpoint. Raises ShowingError for the first that does not."""
    for one, two in pairwise(each.number for each in statements):
        if one >= two:
            raise ShowingError(f"statement {two} is repeated or out of order")
    return [_proven(each, size, root) for each in statements]


def _proven(given: ShownStatement, size: int, root: bytes) -> Proven:
    try:
        body = Body.parse(given.body)
        if body.decoys:
            raise DisclosureError("its padding is shown, so that what is hidden can be counted")
        if any(len(name) > LONGEST_NAME for name in body.fields):
            raise DisclosureError(f"the name of a field has more than {LONGEST_NAME} characters")
        entry = body.entry()
        proof = [_hash(text) for text in given.proof]
        verify_inclusion(given.number, size, leaf_hash(entry), proof, root)
    except (DisclosureError, ProofError, ValueError) as error:
        raise ShowingError(f"statement {given.number}: {error}") from error
    return Proven(given.number, body.fields, len(body.withheld), entry)


def _hash(text: str) -> bytes:
    try:
        read = b64decode(text, validate=True)
    except ValueError as error:
        raise ShowingError(f"a hash of the proof is not base64: {error}") from error
    if len(read) != HASH_BYTES or b64encode(read).decode() != text:
        raise ShowingError("a hash of the proof is not 32 bytes in canonical base64")
    return read
