"""Material balance reports from the book.

Rules kept here:

1. The terms are those of the book between two cut-offs, as known, in the Agency's categories; each is printed once,
   rounded from its exact total.
2. Rounding adjustments make the consolidated figures and the ending inventory agree with what entries of changes and
   listings say, each rounded as it was reported, or as it will be where it is not reported yet
   (`formats.code10.arithmetic`).
3. Once the balance of a day is made, a later report holds the lines that moved: corrections, lines that are new, lines
   that fell away. A balance that came from elsewhere is corrected only for what became known after it.
4. No inventory and no transaction: one entry of status U.

Sources: Code 10, sections 3.3 and 4; INFCIRC/153 paragraphs 63 and 67.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

import msgspec
import polars as pl

from openmpca.accounting.accounts import CUTOFF, day_number
from openmpca.accounting.balance import material_balance, periods
from openmpca.accounting.book import NEGATED
from openmpca.accounting.reporting.area import Area, area_of
from openmpca.accounting.reporting.changes import reference_to
from openmpca.accounting.reporting.draft import Made
from openmpca.accounting.reporting.standing import EntryKey, ReportedEntry
from openmpca.accounting.statements import Listed
from openmpca.formats.code10.arithmetic import BalanceLine, Total, balance_lines, effect
from openmpca.formats.code10.records import BalanceEntry, CrossReference
from openmpca.nuclear.categories import CATEGORIES, ELEMENT, join_key, split_key
from openmpca.nuclear.changes import CHANGES
from openmpca.nuclear.mass import round_half_up
from openmpca.record.known import query
from openmpca.record.reading import stored_many

Weights = dict[str, int]
_ORDER: Final = [code for code, category in CATEGORIES.items() if category.agency == code]
_ROW: Final = {
    "number": pl.Int64,
    "code": pl.String,
    "category": pl.String,
    "nuclide": pl.String,
    "ug": pl.Int64,
}


class NotClosed(LookupError):  # noqa: N818
    """The area has no closed balance on that day."""


def balance_period(area: Area, end: date) -> tuple[date, date | None]:
    """First day of the period that was closed on ``end``, and the cut-off before it (None where the book begins)."""
    for period in periods(area.code, area.known, using=area.using):
        if period.end == end:
            return _first_day(area, period.begin, end), period.begin
    raise NotClosed(f"{area.code} has no material balance closed on {end}: close it on its physical inventory first.")


def _first_day(area: Area, before: date | None, end: date) -> date:
    if before is None:
        rows = query(
            "SELECT MIN(p.day) FROM accounting_posting p JOIN accounting_account a ON a.id = p.account"
            " WHERE a.mba = %s AND p.number <= %s",
            [area.code, area.known],
            {"day": pl.Int64},
            area.using,
        )
        first = rows["day"][0]
        return end if first is None else min(end, date(1970, 1, 1) + timedelta(days=first // 4))
    return before + timedelta(days=1) if area.practice.balance_begins == "next_day" else before


def balance_entries(area: Area, end: date) -> list[Made]:
    """The entries of the balance closed on a day: all lines, or those that moved since it was made."""
    lines = printed_lines(area, end)
    before = balance_of(area, end)
    if before is not None:
        return _moved(area, before, end, lines)
    if not lines:
        return [Made(BalanceEntry(number=0, status="U"))]
    return [Made(line) for line in lines]


def balance_of(area: Area, end: date) -> int | None:
    """The report number of the balance that ends on a day, if it is made."""
    found = [each.report for each in area.reported.reports if each.sort == "M" and each.end == end]
    return found[0] if found else None


def printed_lines(area: Area, end: date) -> list[BalanceEntry]:
    """The lines of the balance closed on a day, as they are printed now."""
    _, before = balance_period(area, end)
    exact = exact_terms(area, before, end)
    reported = {**reported_changes(area, before, end), "PE": reported_listing(area, end)}
    totals: dict[str, dict[str, Total]] = {}
    for code in [code for code in ("PB", *CHANGES, "PE") if code in exact or code in reported]:
        keys = [key for key in _keys(exact) if key in exact.get(code, {}) or key in reported.get(code, {})]
        totals[code] = {key: _total(area, code, key, exact, reported) for key in keys}
    steps = {key: area.step(key) for key in _keys(exact)}
    found = balance_lines(_ordered(totals), steps=steps, with_ending=area.practice.ending_book)
    return [BalanceEntry(number=0, code=line.code, weights=_whole(line.weights, found)) for line in found]


def _whole(weights: Weights, lines: list[BalanceLine]) -> Weights:
    """A line with every weight of its category: an isotope never stands without its element, nor the element
    without it."""
    category = entry_category(weights)
    keys = dict.fromkeys(key for line in lines for key in line.weights if split_key(key)[0] == category)
    return {key: weights.get(key, 0) for key in keys}


def _keys(exact: Mapping[str, Weights]) -> list[str]:
    keys = {key for weights in exact.values() for key in weights}
    return sorted(keys, key=lambda key: (_ORDER.index(split_key(key)[0]), split_key(key)[1]))


def _ordered(totals: dict[str, dict[str, Total]]) -> dict[str, dict[str, Total]]:
    """The totals so that categories and weights come in one fixed order: PB names every weight."""
    keys = dict.fromkeys(key for weights in totals.values() for key in weights)
    first = totals.get("PB", {})
    every = sorted(keys, key=lambda key: (_ORDER.index(split_key(key)[0]), split_key(key)[1]))
    return {"PB": {key: first.get(key, Total(0)) for key in every}, **{k: v for k, v in totals.items() if k != "PB"}}


def _total(area: Area, code: str, key: str, exact: Mapping[str, Weights], reported: Mapping[str, Weights]) -> Total:
    whole = exact.get(code, {}).get(key, 0)
    if code == "PB":
        return Total(whole, round_half_up(whole, area.step(key)))
    return Total(whole, reported.get(code, {}).get(key, 0))


def exact_terms(area: Area, before: date | None, end: date) -> dict[str, Weights]:
    """The terms of the book in micrograms by code and weight, in the Agency's categories; BE, BA and MF left out.

    A category has all its codes with all its weights, so that a change of another isotope stands in each line.
    """
    found: dict[str, Weights] = {}
    terms = material_balance(area.code, before, end, area.known, using=area.using)
    for code, category, nuclide, ug in terms.iter_rows():
        if code in ("BE", "BA", "MF") or nuclide == "#":
            continue
        if (agency := CATEGORIES[category].agency) and join_key(agency, nuclide) in CATEGORIES[agency].keys:
            sums = found.setdefault(code, {})
            key = join_key(agency, nuclide)
            sums[key] = sums.get(key, 0) + ug
    return (
        {code: weights for code, weights in found.items() if code in ("PB", "PE") or any(weights.values())}
        if any(any(weights.values()) for weights in found.values())
        else {}
    )


def reported_changes(area: Area, before: date | None, end: date) -> dict[str, Weights]:
    """The sums of the changes of a period as reported, or as they will be (rule 2), by code and weight."""
    first = day_number(before, CUTOFF) if before else 0
    rows = query(
        "SELECT p.number, a.code, p.category, p.nuclide, SUM(p.ug) FROM accounting_posting p"
        " JOIN accounting_account a ON a.id = p.account"
        " WHERE a.mba = %s AND p.line < %s AND p.day > %s AND p.day <= %s AND p.number <= %s"
        " AND NOT EXISTS (SELECT 1 FROM accounting_correction c WHERE c.corrects = p.number AND c.number <= %s)"
        " GROUP BY p.number, a.code, p.category, p.nuclide ORDER BY p.number",
        [area.code, NEGATED, first, day_number(end, CUTOFF), area.known, area.known],
        _ROW,
        area.using,
    )
    entries = {each.about: each for each in area.reported.live.values() if each.about}
    found: dict[int, tuple[str, Weights]] = {}
    for number, code, category, nuclide, ug in rows.iter_rows():
        change = CHANGES.get(code)
        if change is None or not change.in_balance or join_key(category, nuclide) not in CATEGORIES[category].keys:
            continue
        sign = -1 if _gains(code, category) else 1
        found.setdefault(number, (code, {}))[1][join_key(category, nuclide)] = sign * ug
    sums: dict[str, Weights] = {}
    for number, (code, weights) in found.items():
        _add(sums.setdefault(code, {}), _as_reported(area, entries.get(number), weights))
    return sums


def _gains(code: str, category: str) -> bool:
    """Whether the main account gains by a positive figure, so that the counter-account holds its opposite."""
    return code != "DI" and effect(code, CATEGORIES[category].agency or category) > 0


def _as_reported(area: Area, entry: ReportedEntry | None, weights: Weights) -> Weights:
    return entry.weights if entry is not None else area.printed(weights)


def _add(sums: Weights, weights: Weights) -> None:
    for key, ug in weights.items():
        sums[key] = sums.get(key, 0) + ug


def reported_listing(area: Area, end: date) -> Weights:
    """The sum of the listing of a day as reported, or as it will be."""
    cutoff = area.cutoff(end)
    if cutoff is None:
        return {}
    entries = {each.about: each for each in area.reported.live.values() if each.about}
    sums: Weights = {}
    for each in stored_many(area.listed(cutoff.inventory), area.using):
        line = each.statement
        if isinstance(line, Listed):
            reported = entries.get(each.number)
            _add(sums, reported.weights if reported else area.printed_grams(line.weights))
    return sums


def _moved(area: Area, report: int, end: date, lines: list[BalanceEntry]) -> list[Made]:
    """What of a balance that is made already has to be corrected (rule 3)."""
    made_at = next(each for each in area.reported.reports if each.report == report)
    if made_at.origin == "received" and _same_lines(printed_lines(_then(area, made_at.number), end), lines):
        return []
    live = {
        (entry.code, entry_category(entry.weights)): (key, entry)
        for key, entry in area.reported.live.items()
        if entry.sort == "M" and _belongs(area, key, end)
    }
    made: list[Made] = []
    next_entry = area.reported.last_entry(report) + 1
    for line in lines:
        known = live.pop((line.code, entry_category(line.weights)), None)
        if known is None:
            reference = CrossReference(area.country, report, next_entry)
            made.append(Made(msgspec.structs.replace(line, status="A", reference=reference)))
            next_entry += 1
        elif known[1].weights != line.weights:
            made.append(Made(msgspec.structs.replace(line, status="C", reference=reference_to(area, known[0]))))
    gone = [key for key, entry in live.values() if entry.status != "U"]
    return made + [Made(BalanceEntry(number=0, status="D", reference=reference_to(area, key))) for key in gone]


def _then(area: Area, number: int) -> Area:
    return area_of(area.code, number, using=area.using)


def _same_lines(then: list[BalanceEntry], now: list[BalanceEntry]) -> bool:
    return [(each.code, each.weights) for each in then] == [(each.code, each.weights) for each in now]


def _belongs(area: Area, key: EntryKey, end: date) -> bool:
    return any(each.report == key.report and each.end == end for each in area.reported.reports)


def entry_category(weights: Mapping[str, int]) -> str:
    """The category of a line of a balance, empty where it has no weight.

    >>> entry_category({"E": 1, "E/U235": 1})
    'E'
    """
    return next((split_key(key)[0] for key in weights), ELEMENT)
