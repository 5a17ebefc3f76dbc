"""Whose what is kept in memory is: the record, the derived tables as they were made last, the statement it was made at.

Rules kept here:

1. A record is told by its database and by when its tables were made last; a statement of it by what the record
   committed to. Where one of these is another, what was kept belongs to another book.
2. Within a transaction that writes, and on connections other than the usual one, nothing is kept.
"""

from collections.abc import Hashable
from typing import Final

import polars as pl
from django.db import connections

from openmpca.record import versions
from openmpca.record.known import query

USUAL: Final = "default"


def record() -> Hashable:
    """Which record and which derived tables the usual connection has."""
    given = connections.settings[USUAL]
    where = tuple(str(given.get(name, "")) for name in ("ENGINE", "NAME", "HOST", "PORT"))
    return (*where, versions.made_us())


def entry_of(number: int) -> bytes:
    """What the record committed to with a statement; empty where there is none."""
    sql = "SELECT entry FROM record_statement WHERE number = %s"
    found = query(sql, [number], {"entry": pl.Binary})["entry"]
    return bytes(found[0]) if found.len() else b""


def may_keep(using: str, number: int) -> bool:
    """Whether anything may be kept of a look at a connection up to a statement (rule 2)."""
    return number >= 0 and using == USUAL and not connections[using].in_atomic_block
