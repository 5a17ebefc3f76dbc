"""Finding what is called so: batches, areas, places, reports, shipments, by the beginning of their names.

Rules kept here:

1. Only what an index leads to is asked, so that an answer takes no longer in a large book: names by their beginning, as
   typed, in capital and in small letters; areas and facilities, which are few, by any part of code and name.
2. Only areas that are named are told of: the caller names those that may be read. Areas themselves it sorts out.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

import polars as pl

from openmpca.accounting.batch_history import areas_of
from openmpca.accounting.queries import View
from openmpca.accounting.register import register
from openmpca.accounting.statements import Mba
from openmpca.record.known import placeholders, query

LOOKED_AT: Final = 300
_LAST: Final = "\U0010ffff"
_SORTS: Final = {"ICR": "I", "PIL": "P", "MBR": "M"}


class Batch(NamedTuple):
    """A batch, and those of the asked areas whose books it was in."""

    batch: str
    mbas: list[str]


class Transfer(NamedTuple):
    """A receipt or shipment, found by the shipper's name of its batch."""

    number: int
    mba: str
    code: str
    day: date
    batch: str
    key: str


class Part(NamedTuple):
    """A place, a holder, a measurement point or a document of an area."""

    number: int
    thing: str
    mba: str
    code: str


class Report(NamedTuple):
    """A report, by its statement."""

    number: int
    mba: str
    sort: str
    report: int
    end: date


def batches(text: str, view: View, mbas: Collection[str]) -> list[Batch]:
    """The batches whose name begins so, in the asked areas."""
    names = _beginning("accounting_posting", "batch", text, view)
    areas = areas_of(names, view)
    return [Batch(name, found) for name in names if (found := sorted(areas[name] & set(mbas)))]


def _beginning(table: str, column: str, text: str, view: View) -> list[str]:
    found: set[str] = set()
    for begin in dict.fromkeys((text, text.upper(), text.lower())):
        rows = query(
            f"SELECT DISTINCT {column} FROM {table} WHERE {column} >= %s AND {column} < %s"  # noqa: S608  our own names
            f" ORDER BY {column} LIMIT {LOOKED_AT}",
            [begin, begin + _LAST],
            {"name": pl.String},
            view.using,
        )
        found |= {name for name in rows["name"] if name.startswith(begin)}
    return sorted(found)


def transfers(text: str, view: View, mbas: Collection[str]) -> list[Transfer]:
    """The receipts and shipments of the asked areas whose batch the shipper calls so."""
    keys = _beginning("accounting_transfer", "key", text, view)
    rows = _some(
        "SELECT number, mba, code, day, batch, key FROM accounting_transfer WHERE key IN {in} AND number <= %s",
        keys,
        [view.number],
        {
            "number": pl.Int64,
            "mba": pl.String,
            "code": pl.String,
            "day": pl.Date,
            "batch": pl.String,
            "key": pl.String,
        },
        view,
    )
    return [found for row in rows if (found := Transfer(*row)).mba in mbas]


def parts(text: str, view: View, mbas: Collection[str]) -> list[Part]:
    """The places, holders, measurement points and documents of the asked areas whose code begins so."""
    found: dict[tuple[str, str, str], Part] = {}
    for begin in dict.fromkeys((text, text.upper(), text.lower())):
        rows = query(
            "SELECT number, thing, mba, code FROM accounting_register"  # noqa: S608  a number of our own
            " WHERE thing IN ('place', 'holder', 'kmp', 'document') AND code >= %s AND code < %s AND number <= %s"
            f" ORDER BY number LIMIT {LOOKED_AT}",
            [begin, begin + _LAST, view.number],
            {"number": pl.Int64, "thing": pl.String, "mba": pl.String, "code": pl.String},
            view.using,
        )
        for each in map(Part._make, rows.iter_rows()):
            if each.mba in mbas and each.code.startswith(begin):
                found[each.thing, each.mba, each.code] = each
    return list(found.values())


def areas(text: str, day: date, view: View) -> list[Mba]:
    """The areas, foreign ones too, that have the text in their code, name or facility, whoever may read them."""
    wanted = text.casefold()
    return [
        each.fields
        for each in register(Mba, day, view.number, ended=True, using=view.using)
        if any(wanted in part.casefold() for part in (each.fields.code, each.fields.name, each.fields.facility))
    ]


def reports(text: str, view: View, mbas: Sequence[str]) -> list[Report]:
    """The reports of the asked areas with a number, written as ``35``, ``ICR 35`` or ``ZZA1 35``."""
    words = text.upper().replace("/", " ").replace("-", " ").split()
    if not words or not words[-1].isascii() or not words[-1].isdecimal() or len(words[-1]) > 6:
        return []
    sorts = [_SORTS[each] for each in words if each in _SORTS]
    named = [each for each in mbas if each.upper() in words] or mbas
    rows = _some(
        "SELECT number, mba, sort, report, end_day FROM accounting_report WHERE mba IN {in} AND report = %s"
        " AND number <= %s",
        named,
        [int(words[-1]), view.number],
        {"number": pl.Int64, "mba": pl.String, "sort": pl.String, "report": pl.Int64, "end": pl.Date},
        view,
    )
    return [found for row in rows if (found := Report(*row)).sort in (sorts or found.sort)]


def _some(
    sql: str, values: Sequence[str], parameters: list[object], schema: dict[str, Any], view: View
) -> list[tuple[Any, ...]]:
    """The rows of a query for some values, a part of them at a time."""
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(values), LOOKED_AT):
        part = values[start : start + LOOKED_AT]
        rows = query(sql.replace("{in}", placeholders(part)), [*part, *parameters], schema, view.using)
        found += rows.iter_rows()
    return sorted(found)
