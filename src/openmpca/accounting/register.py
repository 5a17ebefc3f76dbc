"""The register: what stood in it on any day, as known at any statement.

A thing of the register (country, facility, area, key measurement point, place, holder, document) is stated with the day
from which it holds, and stated again when it changes. On a day, the statement with the latest such day counts; of
several with the same day, the last one stated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Generic, TypeVar

import msgspec
import polars as pl

from openmpca.accounting.statements import Country, Document, Facility, Holder, Kmp, Mba, Place
from openmpca.record.known import Known, placeholders, query
from openmpca.record.reading import statements
from openmpca.record.statements import Statement

THINGS: Final[dict[str, type[Statement]]] = {
    "country": Country,
    "facility": Facility,
    "mba": Mba,
    "kmp": Kmp,
    "place": Place,
    "holder": Holder,
    "document": Document,
}
OF_AN_AREA: Final = ("kmp", "place", "holder")
LAST: Final = 2**62
"""A number that no statement reaches: all that is known."""

S = TypeVar("S", bound=Statement)


@dataclass(frozen=True)
class Entry(Generic[S]):
    """A thing of the register as one statement gave it."""

    number: int
    fields: S


def register(
    thing: type[S],
    as_of: date,
    known_at: int | None = None,
    *,
    code: str | None = None,
    mba: str | None = None,
    ended: bool = False,
    using: str = "default",
) -> list[Entry[S]]:
    """The things of one sort on a day as known at a number, by area and code; those that ended only when asked for."""
    sql = "SELECT number, code, mba FROM accounting_register WHERE thing = %s AND from_day <= %s AND number <= %s"
    parameters: list[object] = [_name(thing), as_of, LAST if known_at is None else known_at]
    for column, value in (("code", code), ("mba", mba)):
        if value is not None:
            sql += f" AND {column} = %s"
            parameters.append(value)
    rows = query(
        sql + " ORDER BY from_day, number", parameters, {"number": pl.Int64, "code": pl.String, "mba": pl.String}, using
    )
    key = ["mba", "code"] if _name(thing) in OF_AN_AREA else ["code"]
    numbers = rows.unique(key, keep="last").sort(*key)["number"].to_list()
    read = statements(numbers, using)
    found = [Entry(number, statement) for number in numbers if isinstance(statement := read[number], thing)]
    return [each for each in found if ended or not getattr(each.fields, "ended", False)]


def entries(
    thing: str, as_of: date, known_at: int | None = None, *, code: str = "", mba: str = "", ended: bool = False
) -> list[dict[str, Any]]:
    """The fields of the things of one sort, with the number of the statement; of an area where one is named."""
    of_area = mba if mba and thing in (*OF_AN_AREA, "mba") else None
    if mba and of_area is None:
        return []
    return [
        {"code": getattr(each.fields, "code", "")}
        | {name: value for name, value in msgspec.structs.asdict(each.fields).items() if name != "code"}
        | {"statement": each.number}
        for each in register(THINGS[thing], as_of, known_at, code=code or None, mba=of_area, ended=ended)
    ]


def _name(thing: type[Statement]) -> str:
    return next(name for name, struct in THINGS.items() if struct is thing)


def mba(code: str, as_of: date, known_at: int | None = None, using: str = "default") -> Entry[Mba] | None:
    """An area on a day, also when it has ended; None when it was not known."""
    found = register(Mba, as_of, known_at, code=code, ended=True, using=using)
    return found[0] if found else None


def kmps(area: str, as_of: date, known_at: int | None = None, using: str = "default") -> list[Entry[Kmp]]:
    """The key measurement points of an area on a day."""
    return register(Kmp, as_of, known_at, mba=area, using=using)


def holders(area: str, as_of: date, known_at: int | None = None, using: str = "default") -> list[Entry[Holder]]:
    """The holders that belong to an area on a day."""
    return register(Holder, as_of, known_at, mba=area, using=using)


@dataclass(frozen=True)
class Node:
    """A place and those within it."""

    place: Place
    within: list["Node"]


def places(area: str, as_of: date, known_at: int | None = None, using: str = "default") -> list[Node]:
    """The tree of places of an area on a day; a place whose surroundings are gone stands at the top."""
    found = {
        each.fields.code: Node(each.fields, []) for each in register(Place, as_of, known_at, mba=area, using=using)
    }
    tops: list[Node] = []
    for node in found.values():
        around = found.get(node.place.within)
        (tops if around is None else around.within).append(node)
    return tops


@dataclass(frozen=True)
class Due:
    """A document and how it stands on a day: ``answered``, ``sent``, ``late``, ``due`` or ``open`` (no date set)."""

    number: int
    document: Document
    standing: str


def documents(as_of: date, known_at: int | None = None, using: str = "default") -> list[Due]:
    """The documents of the register on a day, what is due first."""
    found = [
        Due(each.number, each.fields, _standing(each.fields, as_of))
        for each in register(Document, as_of, known_at, using=using)
    ]
    return sorted(found, key=lambda each: (each.document.due or date.max, each.document.code))


def _standing(document: Document, as_of: date) -> str:
    if document.answered is not None and document.answered <= as_of:
        return "answered"
    if document.sent is not None and document.sent <= as_of:
        return "sent"
    if document.due is None:
        return "open"
    return "late" if document.due < as_of else "due"


def facility_of(mbas: Sequence[str], known: Known) -> dict[str, str]:
    """The facility of each area as last stated, for the scopes of grants; areas that are not known are left out."""
    rows = _latest(mba_table(known, mbas), "mba")
    return dict(rows.select("mba", "facility").iter_rows())


def around(known: Known) -> dict[str, str]:
    """The scope of the facility around the scope of each area, for what a person may read."""
    facilities = _latest(mba_table(known), "mba").select("mba", "facility").iter_rows()
    return {f"mba:{mba}": f"facility:{facility}" for mba, facility in facilities if facility}


def own_country(known: Known) -> str:
    """The code of the own State, empty when it is not registered yet."""
    found = _table("country", known, None, {"own": pl.Boolean}, "country")
    codes = _latest(found, "country").filter(pl.col("own"))["country"]
    return str(codes[0]) if codes.len() else ""


def founding_party(known: Known) -> str:
    """The party that founded the record: the State's authority, which keeps the register."""
    found = known.frame("SELECT code FROM record_party WHERE number = 0", [], {"code": pl.String})
    return str(found["code"][0]) if found.height else ""


_MBA_FIELDS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "facility": pl.String,
    "country": pl.String,
    "reference_only": pl.Boolean,
    "unified": pl.Boolean,
    "follow_up": pl.Boolean,
    "codes": pl.List(pl.String),
    "forms": pl.List(pl.String),
    "categories": pl.List(pl.String),
    "ended": pl.Boolean,
}


def mba_table(known: Known, codes: Sequence[str] | None = None) -> pl.DataFrame:
    """Every state of areas, for rules: mba, from_day, number and the fields that rules ask for, by day and number."""
    return _table("mba", known, codes, _MBA_FIELDS, "mba")


def facility_table(known: Known) -> pl.DataFrame:
    """Every state of facilities, for rules: facility, from_day, number, for_party, ended."""
    return _table("facility", known, None, {"for_party": pl.String, "ended": pl.Boolean}, "facility")


def parts_table(thing: str, known: Known, mbas: Sequence[str]) -> pl.DataFrame:
    """Every state of the key measurement points or places of areas: mba, code, from_day, number, ended."""
    rows = known.frame(
        "SELECT mba, code, from_day, number, fields FROM accounting_register"  # noqa: S608  placeholders only
        f" WHERE thing = %s AND mba IN {placeholders(mbas)} ORDER BY from_day, number",
        [thing, *mbas],
        {"mba": pl.String, "code": pl.String, "from_day": pl.Date, "number": pl.Int64, "fields": pl.String},
    )
    ended = pl.col("fields").str.json_decode(pl.Struct({"ended": pl.Boolean})).struct.field("ended")
    return rows.with_columns(ended=ended).drop("fields")


def _table(
    thing: str, known: Known, codes: Sequence[str] | None, fields: dict[str, pl.DataType | type[pl.DataType]], name: str
) -> pl.DataFrame:
    wanted = "" if codes is None else f" AND code IN {placeholders(codes)}"
    rows = known.frame(
        "SELECT code, from_day, number, fields FROM accounting_register"  # noqa: S608  placeholders only
        f" WHERE thing = %s{wanted} ORDER BY from_day, number",
        [thing, *(codes or [])],
        {name: pl.String, "from_day": pl.Date, "number": pl.Int64, "fields": pl.String},
    )
    decoded = pl.col("fields").str.json_decode(pl.Struct(fields))
    return rows.with_columns(decoded).unnest("fields")


def _latest(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    return rows.unique(key, keep="last", maintain_order=True)
