"""The accounting room, as it registers itself with the record."""

from openmpca.accounting import book, models
from openmpca.record.rooms import Room

ROOM = Room(
    name="accounting",
    derive=book.derive,
    models=(
        models.Register,
        models.Account,
        models.Posting,
        models.Cell,
        models.Correction,
        models.Inventory,
        models.Listed,
        models.Closing,
        models.Transfer,
        models.Parent,
        models.Location,
        models.Report,
        models.Entry,
        models.Claimed,
        models.Sending,
        models.Answer,
        models.Remark,
        models.Label,
        models.Exchange,
    ),
    additive=frozenset({models.Cell}),
)
