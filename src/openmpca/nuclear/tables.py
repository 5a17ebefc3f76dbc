"""Reading the data tables that lie beside the code.

Every table is a TOML file in ``nuclear/data`` that names its sources; what nobody here could read in the primary text
carries ``unverified = true``, and the program shows that to the user. Rows become frozen structs; a table is read once.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Protocol, TypeVar

import msgspec


class Coded(Protocol):
    """A row of a table that is found by its code."""

    @property
    def code(self) -> str: ...


Row = TypeVar("Row")
CodedRow = TypeVar("CodedRow", bound=Coded)


@cache
def _table(name: str) -> Mapping[str, object]:
    text = files("openmpca.nuclear").joinpath("data", f"{name}.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))


def rows(name: str, array: str, kind: type[Row]) -> tuple[Row, ...]:
    """The rows of one array of a table as structs of ``kind``; a row that does not fit raises at once."""
    return msgspec.convert(_table(name)[array], tuple[kind, ...])  # type: ignore[valid-type]


def by_code(name: str, array: str, kind: type[CodedRow]) -> Mapping[str, CodedRow]:
    """The same rows by their code, in the order of the table; a code given twice is refused.

    >>> from openmpca.nuclear.changes import InventoryChange
    >>> by_code("changes", "change", InventoryChange)["RF"].title
    'Receipt, foreign'
    """
    found: dict[str, CodedRow] = {}
    for row in rows(name, array, kind):
        if row.code in found:
            raise ValueError(f"Table {name}: the code {row.code} stands twice in {array}.")
        found[row.code] = row
    return MappingProxyType(found)
