"""The record's own room, as it registers itself."""

from openmpca.record import book, models, rules
from openmpca.record.rooms import Room

ROOM = Room(
    name="record",
    derive=book.derive,
    models=(models.Party, models.Person, models.Grant, models.GrantEnd, models.Duty, models.Withheld),
    check=rules.check,
)
