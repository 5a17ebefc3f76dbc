"""Which checks a segment of statements goes through before it is recorded, and whose grants cover it."""

from collections.abc import Callable
from typing import Final

import polars as pl

from openmpca.accounting import register
from openmpca.accounting.rules import areas as register_rules
from openmpca.accounting.rules import batches as batch_rules
from openmpca.accounting.rules import corrections as correction_rules
from openmpca.accounting.rules import declared as rules
from openmpca.accounting.rules import entries as entry_rules
from openmpca.accounting.rules import inventories as inventory_rules
from openmpca.accounting.rules import weights as weight_rules
from openmpca.accounting.rules.checking import Check, run, text
from openmpca.problems import Problem
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known

_PLACED: Final = (
    Check(
        rules.PLACE_KNOWN,
        "place",
        (pl.col("place") != "") & ~pl.col("place_known"),
        pl.format("{} has no place {}.", *text("mba", "place")),
    ),
    Check(
        rules.BATCH_IN_BOOK,
        "batch",
        ~pl.col("there"),
        pl.format("{} has never been on the book of {}.", *text("batch", "mba")),
    ),
)
_EXCHANGED: Final = tuple(
    Check(
        rules.OBLIGATION,
        field,
        ~pl.col(field).str.contains(entry_rules.OBLIGATION),
        pl.format("{} is no set of obligation codes.", *text(field)),
    )
    for field in ("given", "taken")
)

Checks = Callable[[pl.DataFrame, str, Known], list[Problem]]


def check(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """The problems of statements that an act is to record."""
    kind = segment.kind.name
    frame = segment.frame.with_row_index("row", 1).with_columns(pl.col("row").cast(pl.Int64))
    reported = pl.col("reported") != "" if "reported" in frame.columns else pl.lit(False)
    frame = frame.with_columns(reported=reported)
    if kind in _REGISTERED:
        return register_rules.check(frame, kind, known)
    whole = entry_rules.with_area(frame, known, act.party)
    return run(entry_rules.AREA, whole, kind) + _MORE.get(kind, _nothing)(whole, kind, known)


def _nothing(frame: pl.DataFrame, kind: str, known: Known) -> list[Problem]:
    return []


def _change(frame: pl.DataFrame, kind: str, known: Known) -> list[Problem]:
    return [
        *entry_rules.check_change(frame, kind, known),
        *weight_rules.check(frame, kind, known),
        *batch_rules.check_change(frame, kind, known),
        *correction_rules.check(frame, kind, known),
    ]


def _listed(frame: pl.DataFrame, kind: str, known: Known) -> list[Problem]:
    return [
        *entry_rules.check_batch(frame, kind, known),
        *weight_rules.check(frame, kind, known),
        *inventory_rules.check_listed(frame, kind, known),
        *correction_rules.check(frame, kind, known),
    ]


def _placement(frame: pl.DataFrame, kind: str, known: Known) -> list[Problem]:
    frame = entry_rules.with_places(frame, known)
    there = batch_rules.on_book(frame, known)
    return run(_PLACED, frame.with_columns(there=pl.col("row").is_in(there.implode())), kind)


def _exchange(frame: pl.DataFrame, kind: str, known: Known) -> list[Problem]:
    return [*run(_EXCHANGED, frame, kind), *weight_rules.check(frame, kind, known)]


_MORE: Final[dict[str, Checks]] = {
    "accounting.change": _change,
    "accounting.deletion": correction_rules.check,
    "accounting.inventory": inventory_rules.check_inventory,
    "accounting.listed": _listed,
    "accounting.closing": inventory_rules.check_closing,
    "accounting.placement": _placement,
    "accounting.exchange": _exchange,
}
_REGISTERED: Final = frozenset(f"accounting.{thing}" for thing in register.THINGS)


def scopes(segment: Segment, known: Known) -> list[frozenset[str]]:
    """For each area that a segment speaks of, the scopes of grants that cover it; areas themselves are the State's."""
    if "mba" not in segment.frame.columns:
        return [frozenset({"*"})]
    areas = segment.frame["mba"].unique(maintain_order=True).to_list()
    facilities = register.facility_of(areas, known)
    return [_covering(area, facilities.get(area, "")) for area in areas]


def _covering(area: str, facility: str) -> frozenset[str]:
    narrow = {f"mba:{area}"} if area else set()
    return frozenset({"*", *narrow, *({f"facility:{facility}"} if facility else set())})
