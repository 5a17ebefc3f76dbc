"""Finding statements by a text that stands in them, from the last one back, within a time that a person waits.

Rules kept here:

1. The texts of a record have no index: as many of the last statements are read as the time allows, and the answer says
   how far back it went, so that one can go on from there.
2. A text matches in any of the statement's own fields, in small or capital letters, and in no other part of its body.
3. What the caller does not want (a statement beyond a reach) is neither given nor counted.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import msgspec
import polars as pl
from django.db import connections

from openmpca.record.known import query
from openmpca.record.reading import Stored
from openmpca.tlog.disclosure import fields_of

STEP: Final = 2_000
SECONDS: Final = 0.05


@dataclass(frozen=True)
class Hit:
    """A statement, and the field and the text in which the wanted text stands."""

    stored: Stored
    field: str
    text: str


@dataclass(frozen=True)
class Hits:
    """What was found, the newest first; before statement ``back_to`` nothing was read (0: everything was)."""

    found: list[Hit]
    back_to: int


def find(
    text: str,
    before: int,
    count: int,
    wanted: Callable[[Stored], bool],
    *,
    seconds: float = SECONDS,
    using: str = "default",
) -> Hits:
    """The last ``count`` wanted statements before a number that hold a text."""
    until, found = before, list[Hit]()
    end = time.monotonic() + seconds
    while until > 0:
        begin = max(0, until - STEP)
        for hit in _hits(text, begin, until, using):
            if wanted(hit.stored):
                found.append(hit)
            if len(found) == count:
                return Hits(found, hit.stored.number)
        until = begin
        if time.monotonic() > end:
            break
    return Hits(found, until)


def _hits(text: str, begin: int, until: int, using: str) -> Iterator[Hit]:
    """The statements of a range that hold a text, the newest first."""
    like = "ILIKE" if connections[using].vendor == "postgresql" else "LIKE"
    rows = query(
        "SELECT number, body FROM record_statement WHERE number >= %s AND number < %s"  # noqa: S608  a word of our own
        f" AND body {like} %s ESCAPE '!' ORDER BY number DESC",
        [begin, until, _pattern(text)],
        {"number": pl.Int64, "body": pl.String},
        using,
    )
    for number, body in rows.iter_rows():
        stored = Stored(number, fields_of(body))
        if told := _told(text.casefold(), stored):
            yield Hit(stored, *told)


def _pattern(text: str) -> str:
    """The text as a body holds it, JSON in UTF-8, with nothing in it that a database takes for a sign of its own."""
    written = msgspec.json.encode(text).decode()[1:-1]
    for sign in "!%_":
        written = written.replace(sign, f"!{sign}")
    return f"%{written}%"


def _told(text: str, stored: Stored) -> tuple[str, str] | None:
    """The field and the text that hold a text in small letters."""
    for field, value in stored.fields.items():
        for each in _texts(value):
            if text in each.casefold():
                return field, each
    return None


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(key)
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
