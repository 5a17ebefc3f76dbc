"""The room of proofs, as it registers itself with the record."""

from collections.abc import Iterator

from openmpca.proof import (
    book,
    models,
    rules,
    statements,  # noqa: F401  registers its kinds
    wording,
)
from openmpca.proof.bundles import receiving
from openmpca.proof.signing import checkpoints, examining, scheduling
from openmpca.record.doctor import Finding
from openmpca.record.rooms import Room


def examine() -> Iterator[Finding]:
    """What the doctor says of the room."""
    yield from examining.examine()
    yield from receiving.examine()


ROOM = Room(
    name="proof",
    derive=book.derive,
    models=(
        models.Key,
        models.Partner,
        models.Origin,
        models.Release,
        models.Received,
        models.Escrow,
        models.EscrowOpening,
    ),
    check=rules.check,
    words=wording.words,
    kept=(models.Checkpoint, models.BundleFile),
    examine=examine,
    beside=checkpoints.problems,
    follows=scheduling.after_many,
)
