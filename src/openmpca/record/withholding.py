"""Withholding: fields of a stored statement become bare digests, by a statement that names them.

Rules kept here:

1. Only the text of the named lines changes. The entry, and so the tree, stay as they are; this is checked before
   writing.
2. The padding of a stored body stays readable, so that every bare digest in the record is a field that some withholding
   names; `verify` counts on it. (What is shown to others has the padding hidden as well.)
3. Derived rows that showed the field are derived anew from what is left, in the same transaction.

What was withheld may still stand in older backups and in free pages of the disk.

Source: design, idea 6.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from hashlib import sha256

import polars as pl
from django.db import connection

from openmpca.record import tables
from openmpca.record.frames import Segment
from openmpca.record.known import Known
from openmpca.record.models import Row
from openmpca.record.reading import numbered
from openmpca.record.rooms import ROOMS, Tables
from openmpca.tlog.disclosure import Body, DisclosureError


def covered(text: str, names: Iterable[str]) -> str:
    """The body with the named fields as bare digests and its padding as it was."""
    body, hidden = Body.parse(text), set(names)
    if unknown := hidden - body.fields.keys():
        raise DisclosureError(f"no such open field: {', '.join(sorted(unknown))}")
    lines = text.split("\n")
    opened = dict(zip(body.fields, lines, strict=False))
    rest = lines[len(opened) :]
    padding = [line for line in rest if line.startswith("[")]
    bare = [line for line in rest if not line.startswith("[")] + [_digest(opened[name]) for name in hidden]
    # Digests are ordered by their bytes, which is not the order of their texts.
    bare.sort(key=_value_order)
    kept = [line for name, line in opened.items() if name not in hidden]
    made = Body.parse("\n".join([*kept, *bare, *padding]))
    if made.entry() != body.entry():
        raise DisclosureError("withholding would change the entry")
    return made.text


_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def _value_order(digest: str) -> list[int]:
    return [_ALPHABET.index(letter) for letter in digest]


def _digest(line: str) -> str:
    encoded = urlsafe_b64encode(line.encode()).rstrip(b"=")
    return urlsafe_b64encode(sha256(encoded).digest()).rstrip(b"=").decode()


def apply(frame: pl.DataFrame) -> None:
    """Carry out the withholdings of a frame of `record.withholding`; inside the transaction that records them."""
    for number, names in frame.select("statement", "fields").iter_rows():
        row = Row.objects.get(number=number)
        text = covered(row.body, names)
        before = _derived(row, row.body)
        Row.objects.filter(number=number).update(body=text)
        _replace(number, before, _derived(row, text))


def _derived(row: Row, text: str) -> Tables:
    segment = numbered(row.kind, [(row.number, row.recorded_us, text)])
    return ROOMS[segment.kind.room].derive(Segment(segment.kind, segment.frame), Known("default", row.number))


def _replace(number: int, before: Tables, after: Tables) -> None:
    additive = {model for room in ROOMS.values() for model in room.additive}
    for model, rows in after.items():
        if model in additive or "number" not in rows.columns or rows.equals(before[model]):
            continue
        with connection.cursor() as cursor:
            cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE number = %s', [number])  # noqa: S608  our table
        tables.insert({model: rows})
