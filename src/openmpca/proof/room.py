"""The room of proofs, as it registers itself with the record."""

from openmpca.proof import book, models, rules, statements  # noqa: F401  statements: registers its kinds
from openmpca.record.rooms import Room

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
    kept=(models.Checkpoint, models.BundleFile),
)
