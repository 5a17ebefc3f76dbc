"""What the record says of each batch of an area beside its mass: name, place, description, basis, items, seals.

Rules kept here:

1. Statements about a batch are read in the order of the days they speak of; a later one that gives a field replaces the
   earlier, one that leaves it blank does not. What was corrected or deleted counts no more.
2. A line of a physical inventory tells items, seals and place anew.
3. Items that come in are added to the batch's items, those that leave are taken off; what leaves says nothing else of
   what stays.
4. The key measurement point of a change is one of flow and says nothing of where the batch lies, unless it is one of
   inventory; a place that belongs to one tells it.

Source: design, issue of the book (physical inventory); Code 10, labels 407 to 470.
"""

from collections.abc import Collection
from typing import Final

import msgspec
import polars as pl

from openmpca.accounting.accounts import CUTOFF, MAIN, date_of
from openmpca.accounting.book import NEGATED
from openmpca.accounting.queries import View
from openmpca.accounting.register import kmps, register
from openmpca.accounting.statements import Place
from openmpca.nuclear.basis import AGENCY_BASIS, BASES, basis_of
from openmpca.nuclear.changes import CHANGES
from openmpca.record.known import placeholders, query
from openmpca.record.reading import Stored, stored_many
from openmpca.record.statements import Fields

PLAIN: Final = (
    "name",
    "description",
    "basis",
    "method",
    "measured_at",
    "uncertainty",
    "obligation",
    "programme",
    "owner",
    "operator_code",
    "operator_text",
)
"""Fields that the last statement which gives them tells."""

LISTING: Final = "accounting.listed"
_PHASES: Final = 4


class Standing(msgspec.Struct, kw_only=True):
    """What is known of one batch; ``inventory`` is the last that listed it, ``number`` the last statement about it."""

    batch: str
    name: str = ""
    kmp: str = ""
    place: str = ""
    description: str = ""
    basis: str = ""
    method: str = ""
    measured_at: str = ""
    uncertainty: str = ""
    obligation: str = ""
    programme: str = ""
    owner: str = ""
    operator_code: str = ""
    operator_text: str = ""
    item_numbers: list[str] = []
    seals: list[str] = []
    holdup: bool = False
    inventory: int = -1
    number: int = -1

    @property
    def basis_unmeasured(self) -> str:
        """The basis of this batch when it is listed without being measured again."""
        return unmeasured(self.basis)


def unmeasured(basis: str) -> str:
    """The basis of a quantity that was reported before and is not measured again; blank where none is known.

    >>> unmeasured("M"), unmeasured("N"), unmeasured("E"), unmeasured("")
    ('T', 'L', 'G', '')
    """
    agency = AGENCY_BASIS.get(basis)
    if agency is None:
        return ""
    found = basis_of(BASES[agency].measured_here, True)
    return found.code if basis in BASES else found.euratom_estimated


def standings(mba: str, view: View, batch: str | Collection[str] | None = None) -> dict[str, Standing]:
    """What is known of every batch that an area ever had, of one or of some, up to the view's day and number."""
    order = _statements(mba, view, [batch] if isinstance(batch, str) else batch)
    bodies = {each.number: each for each in stored_many(order["number"].to_list(), view.using)}
    points, homes = _inventory_points(mba, view), _homes(mba, view)
    found: dict[str, Standing] = {}
    for each, number in order.select("batch", "number").iter_rows():
        standing = found.setdefault(each, Standing(batch=each))
        _fold(standing, bodies[number], points)
        standing.kmp = homes.get(standing.place) or standing.kmp
    return found


def _statements(mba: str, view: View, batches: Collection[str] | None) -> pl.DataFrame:
    """(batch, day, number) of the statements that speak of batches, without the ones corrected, in order."""
    schema = {"batch": pl.String, "day": pl.Int64, "number": pl.Int64}
    main = view.accounts([mba], [MAIN])["account"].to_list()
    if not main:
        return pl.DataFrame(schema=schema)
    named = list(batches or ())
    one = f" AND batch IN {placeholders(named)}" if batches is not None else ""
    posted = query(
        "SELECT DISTINCT batch, day, number FROM accounting_posting WHERE account = %s AND line < %s AND day <= %s"  # noqa: S608
        f" AND number <= %s AND number NOT IN (SELECT number FROM accounting_closing){one}",
        [main[0], NEGATED, view.day, view.number, *named],
        schema,
        view.using,
    )
    listed = query(
        "SELECT DISTINCT l.batch, i.day, l.number FROM accounting_listed l JOIN accounting_inventory i"  # noqa: S608
        f" ON i.number = l.inventory WHERE i.mba = %s AND l.number <= %s{one}",
        [mba, view.number, *named],
        {"batch": pl.String, "date": pl.Date, "number": pl.Int64},
        view.using,
    )
    placed = query(
        f"SELECT batch, day, number FROM accounting_location WHERE mba = %s AND number <= %s{one}",  # noqa: S608
        [mba, view.number, *named],
        {"batch": pl.String, "date": pl.Date, "number": pl.Int64},
        view.using,
    )
    days = (pl.col("date").cast(pl.Int32).cast(pl.Int64) * _PHASES).alias("day")
    listed = listed.select("batch", days + CUTOFF, "number")
    placed = placed.select("batch", days + 1, "number").join(
        pl.concat([posted, listed]).select("number"), on="number", how="anti"
    )
    posted = posted.join(listed.select("number"), on="number", how="anti")
    gone = query(
        "SELECT corrects FROM accounting_correction WHERE mba = %s AND number <= %s",
        [mba, view.number],
        {"number": pl.Int64},
        view.using,
    )
    every = pl.concat([posted, listed, placed]).filter(pl.col("day") <= view.day)
    return every.join(gone, on="number", how="anti").unique(["batch", "number"]).sort("day", "number", "batch")


def _fold(standing: Standing, stored: Stored, points: frozenset[str]) -> None:
    fields = stored.fields
    kind = stored.kind.name
    if kind == LISTING:
        _fold_listing(standing, fields)
    elif kind == "accounting.placement":
        _fold_placement(standing, fields)
    else:
        _fold_change(standing, fields, points)
    standing.number = stored.number


def _fold_listing(standing: Standing, fields: Fields) -> None:
    _plain(standing, fields)
    standing.item_numbers, standing.seals = _texts(fields, "item_numbers"), _texts(fields, "seals")
    standing.place, standing.kmp = str(fields.get("place", "")), str(fields.get("kmp", ""))
    standing.holdup = bool(fields.get("holdup", False))
    standing.inventory = int(str(fields["inventory"]))


def _fold_placement(standing: Standing, fields: Fields) -> None:
    """A placement of some of the items leaves the batch where most of it is: its place is unchanged."""
    items = set(_texts(fields, "item_numbers"))
    if items and items < set(standing.item_numbers):
        return
    standing.place = str(fields.get("place", ""))
    standing.kmp = str(fields.get("kmp", "")) or standing.kmp
    standing.seals = _texts(fields, "seals") or standing.seals


def _fold_change(standing: Standing, fields: Fields, points: frozenset[str]) -> None:
    change = CHANGES.get(str(fields.get("code", "")))
    items = _texts(fields, "item_numbers")
    if change is not None and change.effect < 0 and change.group != "nuclear_loss":
        standing.item_numbers = [each for each in standing.item_numbers if each not in set(items)]
        return
    _plain(standing, fields)
    standing.item_numbers = [*standing.item_numbers, *(each for each in items if each not in standing.item_numbers)]
    standing.seals = _texts(fields, "seals") or standing.seals
    if kmp := str(fields.get("kmp", "")):
        standing.kmp = kmp if kmp in points else standing.kmp
    if place := str(fields.get("place", "")):
        standing.place = place


def _plain(standing: Standing, fields: Fields) -> None:
    for name in PLAIN:
        if value := fields.get(name):
            setattr(standing, name, value)


def _texts(fields: Fields, name: str) -> list[str]:
    found = fields.get(name)
    return [str(each) for each in found] if isinstance(found, list) else []


def _inventory_points(mba: str, view: View) -> frozenset[str]:
    on = date_of(view.day)
    return frozenset(each.fields.code for each in kmps(mba, on, view.number, view.using) if each.fields.inventory)


def _homes(mba: str, view: View) -> dict[str, str]:
    """The key measurement point of each place: its own, or that of the place around it."""
    entries = register(Place, date_of(view.day), view.number, mba=mba, using=view.using)
    places = {each.fields.code: each.fields for each in entries}

    def home(code: str, seen: frozenset[str] = frozenset()) -> str:
        here = places.get(code)
        if here is None or code in seen:
            return ""
        return here.kmp or home(here.within, seen | {code})

    return {code: home(code) for code in places}
