"""The notices that transfers abroad take, as items of what is owed: made by series, and kept while a series stays.

Rules kept here:

1. A series is all that is shipped to, or received from, one State. Its notices follow from its own transfers alone, so
   they are given again for the same ones, and made anew when one came, went or changed.
2. An item is owed for a change that counts, was made here, and was not reported elsewhere.
"""

import threading
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Final

import polars as pl

from openmpca.accounting.handing_on import hand_on
from openmpca.accounting.kept import Joined
from openmpca.accounting.queries import View
from openmpca.accounting.reporting import due_rules, notices
from openmpca.accounting.reporting.owed import ABROAD, OWED
from openmpca.accounting.reporting.practice import limit
from openmpca.accounting.transit.board import transfers

LIMITS: Final = {"SF": "export", "RF": "import"}
_BY: Final = ["code", "state"]
Series = dict[tuple[str, str], pl.DataFrame]


@dataclass(frozen=True)
class _Last:
    """The transfers last asked about by area, and the items of each series."""

    record: Hashable
    abroad: Mapping[str, pl.DataFrame]
    series: Series

    @cached_property
    def items(self) -> pl.DataFrame:
        """All items."""
        return pl.concat([pl.DataFrame(schema=OWED), *self.series.values()])


_lock: Final = threading.Lock()
_kept: Final[dict[str, _Last]] = {}
_TOGETHER: Final = Joined(ABROAD)
hand_on(__name__, lambda: dict(_kept), _kept.update)


def announced(abroad: Mapping[str, pl.DataFrame], view: View) -> pl.DataFrame:
    """The notices owed for the transfers abroad of all areas (`ABROAD`): the columns of `OWED`."""
    with _lock:
        before = _kept.get("last")
        if before is None or before.record != view.record:
            before = _Last(view.record, {}, {})
        others = _others(before.abroad, abroad)
        if others or "last" not in _kept:
            series = _series(others, _TOGETHER.of(abroad), before.series, view)
            before = _kept["last"] = _Last(view.record, dict(abroad), series)
        return before.items


def _others(before: Mapping[str, pl.DataFrame], now: Mapping[str, pl.DataFrame]) -> list[pl.DataFrame]:
    """The transfers that came, went or changed: those that stand on one side alone."""
    empty = pl.DataFrame(schema=ABROAD)
    pairs = [(before.get(mba, empty), now.get(mba, empty)) for mba in {**before, **now}]
    return [pl.concat(pair).unique(keep="none") for pair in pairs if pair[0] is not pair[1]]


def _series(others: Sequence[pl.DataFrame], abroad: pl.DataFrame, before: Series, view: View) -> Series:
    """The items of each series, anew for those of which a transfer is another."""
    made = dict(before)
    touched = pl.concat([pl.DataFrame(schema=ABROAD), *others]).select(_BY).unique()
    for code, state in touched.iter_rows():
        made[code, state] = _items(abroad.filter(pl.col("code") == code, pl.col("state") == state), view)
    return made


def _items(parts: pl.DataFrame, view: View) -> pl.DataFrame:
    def exactly(numbers: Sequence[int]) -> Fraction:
        of = View.of(date.max, view.number, using=view.using)
        return notices.effective_of(transfers(of, notices.CODES, numbers=numbers))

    found = notices.notices(parts.select(list(notices.PARTS)), exactly)
    owing = parts.filter("owes").unique("number").join(found, on="number").sort("number")
    limits = {
        (code, profile, day): limit(LIMITS[code]).after(day)
        for code, profile, day in owing.select("code", "profile", "day").unique().iter_rows()
    }
    named = {(code, profile): limit(LIMITS[code], profile) for code, profile, _ in limits}
    days = pl.DataFrame([(*of, day) for of, day in limits.items()], schema=_DAYS, orient="row")
    sources = pl.DataFrame(
        [(*of, each.source, each.unverified) for of, each in named.items()], schema=_SOURCES, orient="row"
    )
    owing = owing.join(days, on=["code", "profile", "day"]).join(sources, on=["code", "profile"]).sort("number")
    why = pl.when(pl.col("why") == "").then(pl.lit("")).otherwise(pl.lit(": ") + pl.col("why"))
    return owing.select(
        rule=pl.lit(due_rules.NOTICE.number, pl.Int64),
        what=pl.format("{} for {} of batch {} on {}{}", pl.lit("Advance notice"), "code", "batch", "day", why),
        subject="mba",
        due="due",
        mba="mba",
        about="number",
        document="document",
        answer=pl.lit(""),
        source="source",
        unverified="unverified",
        takes=pl.lit("notice"),
    )


_DAYS: Final = {"code": pl.String, "profile": pl.String, "day": pl.Date, "due": pl.Date}
_SOURCES: Final = {"code": pl.String, "profile": pl.String, "source": pl.String, "unverified": pl.Boolean}
