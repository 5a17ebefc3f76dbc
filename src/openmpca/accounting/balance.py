"""The material balance of an area between two days: every term exact, derived from the same postings as the book.

Rules kept here:

1. ``PB`` is what the area held at the cut-off with which the period begins; what an opening brought in inside the
   period is part of it. ``PE`` is what it holds at the cut-off with which the period ends, so the next beginning is the
   last ending.
2. Increases and decreases are positive under their code; ``DI`` and ``MF`` have their own sign (shipper minus receiver,
   book minus physical). Rebatching is no part of a balance.
3. ``BE = PB + changes``, ``BA = BE - DI``, ``MF = BA - PE``. A period without a closing at its end has no ``PE`` and
   ``MF``.
4. Nothing is rounded: the precision of a printed report and its rounding adjustments are the report's matter.

Source: Code 10, entries of the material balance report; INFCIRC/153, paragraph 67.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from openmpca.accounting import accounts
from openmpca.accounting.accounts import CUTOFF, DIFFERENCE, ITEMS, MUF, OPENING
from openmpca.accounting.queries import View, flows, latest
from openmpca.nuclear.categories import CATEGORIES, join_key
from openmpca.nuclear.changes import CHANGES, mbr_order
from openmpca.record.known import query

TERMS: Final = {"code": pl.String, "category": pl.String, "nuclide": pl.String, "ug": pl.Int64}
_KEY: Final = ["category", "nuclide"]
_BEFORE_ALL: Final = date(1, 1, 1)


@dataclass(frozen=True)
class Period:
    """A material balance period of an area: after the cut-off of ``begin`` up to that of ``end``.

    ``begin`` is None where the book begins. ``closing`` is the statement that closed the period, None while it is open.
    """

    mba: str
    begin: date | None
    end: date
    closing: int | None = None


def periods(mba: str, number: int | None = None, *, using: str = "default") -> list[Period]:
    """The closed periods of an area in the order of time, as known at a number; an opening only begins one."""
    known = latest(using) if number is None else number
    rows = query(
        "SELECT number, day, opening FROM accounting_closing WHERE mba = %s AND number <= %s ORDER BY day, number",
        [mba, known],
        {"number": pl.Int64, "day": pl.Int64, "opening": pl.Boolean},
        using,
    )
    found: list[Period] = []
    begin: date | None = None
    for closing, day, opening in rows.iter_rows():
        end = accounts.date_of(day)
        if not opening:
            found.append(Period(mba, begin, end, closing))
        begin = end
    return found


def open_period(mba: str, end: date, number: int | None = None, *, using: str = "default") -> Period:
    """The period that a day lies in: closed at that day, or open from the last closing before it."""
    known = latest(using) if number is None else number
    rows = query(
        "SELECT number, day, opening FROM accounting_closing"
        " WHERE mba = %s AND number <= %s AND day <= %s ORDER BY day",
        [mba, known, accounts.day_number(end)],
        {"number": pl.Int64, "day": pl.Int64, "opening": pl.Boolean},
        using,
    )
    days = [(accounts.date_of(day), closing, opening) for closing, day, opening in rows.iter_rows()]
    before = [day for day, _, opening in days if day < end or opening]
    closing = next((number for day, number, opening in days if day == end and not opening), None)
    return Period(mba, before[-1] if before else None, end, closing)


def material_balance(
    mba: str, begin: date | None, end: date, number: int | None = None, *, using: str = "default"
) -> pl.DataFrame:
    """The terms of the balance as known at a number: code, category, nuclide (``""`` the element, ``#`` items), ug.

    Terms come by category and nuclide in the order of a report. ``begin`` None takes the period from the beginning of
    the book. Over several periods ``MF`` and ``DI`` are cumulative.
    """
    known = latest(using) if number is None else number
    closed = _is_closed(mba, end, known, using)
    first = View.of(begin or _BEFORE_ALL, known, phase=CUTOFF, using=using)
    last = View.of(end, known, phase=CUTOFF if closed else accounts.AFTER_CUTOFF, using=using)
    moved = flows(mba, first, last, None)
    terms = _terms(first.balances([mba]), last.balances([mba]), moved)
    if not closed:
        terms = terms.filter(~pl.col("code").is_in(["PE", MUF]))
    return _ordered(terms)


def _is_closed(mba: str, end: date, number: int, using: str) -> bool:
    sql = "SELECT number FROM accounting_closing WHERE mba = %s AND day = %s AND number <= %s"
    return query(sql, [mba, accounts.day_number(end, CUTOFF), number], {"number": pl.Int64}, using).height > 0


def _terms(before: pl.DataFrame, after: pl.DataFrame, moved: pl.DataFrame) -> pl.DataFrame:
    opened = moved.filter(pl.col("code") == OPENING).with_columns(ug=-pl.col("ug"))
    changes = _changes(moved)
    parts = {
        "PB": _sum(before, opened),
        "PE": _sum(after),
        MUF: _sum(moved.filter(pl.col("code") == MUF)),
        DIFFERENCE: _sum(changes.filter(pl.col("code") == DIFFERENCE)),
    }
    parts["BA"] = _sum(parts["PE"], parts[MUF])
    parts["BE"] = _sum(parts["BA"], parts[DIFFERENCE])
    keys = pl.concat([each.select(_KEY) for each in (*parts.values(), changes)]).unique()
    made = [
        keys.join(parts[code], on=_KEY, how="left").select(pl.lit(code).alias("code"), *_KEY, pl.col("ug").fill_null(0))
        for code in ("PB", "BE", DIFFERENCE, "BA", "PE", MUF)
    ]
    return pl.concat([*made, changes.filter(pl.col("code") != DIFFERENCE)]).filter(
        (pl.col("code") != DIFFERENCE) | (pl.col("ug") != 0)
    )


def _changes(moved: pl.DataFrame) -> pl.DataFrame:
    """What the counter-accounts say of the changes of the period, as positive quantities under their code.

    A weight that a category change takes to a category that does not account it is met by *isotope not accounted*: the
    main account never held it there, and it is no term.
    """
    held = {key for category in CATEGORIES.values() for key in category.keys}
    rows = moved.filter(pl.col("code").is_in([code for code, each in CHANGES.items() if each.in_balance]))
    kept = [
        (code, category, nuclide, ug if _decreases(code, category) else -ug)
        for code, category, nuclide, ug in rows.select(list(TERMS)).iter_rows()
        if not CHANGES[code].from_category or nuclide == ITEMS or join_key(category, nuclide) in held
    ]
    return pl.DataFrame(kept, schema=TERMS, orient="row")


def _decreases(code: str, category: str) -> bool:
    change = CHANGES[code]
    if change.from_category:
        return CATEGORIES[category].agency == change.from_category
    return code == DIFFERENCE or change.effect == -1


def _sum(*frames: pl.DataFrame) -> pl.DataFrame:
    both = pl.concat([each.select(*_KEY, "ug") for each in frames])
    return both.group_by(_KEY).agg(pl.col("ug").sum())


def _ordered(terms: pl.DataFrame) -> pl.DataFrame:
    agency = {code: category.agency or code for code, category in CATEGORIES.items()}
    places = [mbr_order(code, agency[category]) for code, category in terms.select("code", "category").iter_rows()]
    categories = list(CATEGORIES)
    ranks = [categories.index(each) for each in terms["category"]]
    ordered = terms.with_columns(rank=pl.Series(ranks, dtype=pl.Int64), place=pl.Series(places, dtype=pl.Int64))
    return ordered.sort("rank", "nuclide", "place", "code").select(list(TERMS))
