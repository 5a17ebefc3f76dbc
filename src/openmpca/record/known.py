"""What is known when a statement is checked or derived: the tables as they stand before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import polars as pl
from django.db import connections


@dataclass(frozen=True)
class Known:
    """The derived tables in the database ``using``, holding the statements before ``number``."""

    using: str
    number: int

    def frame(self, sql: str, parameters: Sequence[object], schema: dict[str, Any]) -> pl.DataFrame:
        """The rows of a query as a frame of the given columns."""
        return query(sql, parameters, schema, self.using)


def query(sql: str, parameters: Sequence[object], schema: dict[str, Any], using: str = "default") -> pl.DataFrame:
    """Run a query whose columns stand in the order of ``schema``; placeholders are ``%s``."""
    with connections[using].cursor() as cursor:
        cursor.execute(sql, list(cast(Sequence[Any], parameters)))
        rows = cursor.fetchall()
    return pl.DataFrame(rows, schema=schema, orient="row") if rows else pl.DataFrame(schema=schema)


def placeholders(values: Sequence[object]) -> str:
    """As many placeholders as values, in brackets; an empty list matches nothing."""
    return f"({', '.join(['%s'] * len(values))})" if values else "(NULL)"
