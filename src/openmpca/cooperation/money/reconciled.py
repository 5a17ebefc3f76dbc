"""The reconciled view: what two parties say of the same payment, side by side; nothing is merged silently.

Rules kept here:

1. Entries of different parties are about the same payment when they have the same code. They *match* when category,
   giver, currency, amount and day are the same too, else they *differ*, and it is told in what.
2. What only one party states is told as such, with the party that is silent where the other side is a party.
3. An entry without a counterpart that another party may have stated under another code is only pointed at: same
   category, giver, currency and amount, at most a month apart. Nothing is matched by that.
4. Every line of the journal is in one match, and in one only.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

import polars as pl

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.money.categories import Category
from openmpca.cooperation.money.journal import Line
from openmpca.record.known import Known

MATCHED, DIFFERS, ONE_SIDE = "matched", "differs", "one side"
STANDINGS: Final = (DIFFERS, ONE_SIDE, MATCHED)
_NEAR: Final = timedelta(days=31)
Alike = dict[tuple[Category, str, str, Decimal], dict[str, list[Line]]]


@dataclass(frozen=True)
class Match:
    """What the parties say under one code: how that stands, in what they differ, who is silent, what may be it."""

    code: str
    standing: str
    lines: Sequence[Line]
    differs: Sequence[str] = ()
    silent: Sequence[str] = ()
    perhaps: Sequence[str] = ()


def reconciled(lines: Iterable[Line], parties: Collection[str]) -> list[Match]:
    """The matches of a journal, what needs somebody first; ``parties`` are the codes that are those of parties."""
    groups: dict[str, list[Line]] = {}
    for each in lines:
        groups.setdefault(each.code, []).append(each)
    lonely = [each for group in groups.values() if len({line.book for line in group}) == 1 for each in group]
    alike: Alike = defaultdict(lambda: defaultdict(list))
    for each in lonely:
        alike[_alike(each)][each.book].append(each)
    found = [_match(code, group, parties, alike) for code, group in groups.items()]
    return sorted(found, key=lambda each: (STANDINGS.index(each.standing), each.lines[0].day, each.code))


def parties_of(claims: Claims) -> frozenset[str]:
    """The codes of the parties that a record knows as of some claims."""
    known = Known(claims.using, claims.known_at + 1)
    sql = "SELECT code FROM record_party WHERE number < %s"
    return frozenset(known.frame(sql, [known.number], {"code": pl.String})["code"])


def _match(
    code: str,
    group: Sequence[Line],
    parties: Collection[str],
    alike: Alike,
) -> Match:
    stating = {each.book for each in group}
    if len(stating) == 1:
        sides = {side for each in group for side in (each.giver, each.entry.receiver)}
        perhaps = {other.code for each in group for other in _others(each, alike) if abs(each.day - other.day) <= _NEAR}
        return Match(code, ONE_SIDE, group, (), sorted(sides & set(parties) - stating), sorted(perhaps))
    differs = [name for name, values in _compared(group).items() if len(values) > 1]
    return Match(code, DIFFERS if differs else MATCHED, group, differs)


def _compared(group: Sequence[Line]) -> dict[str, set[object]]:
    """What each of the things that are compared is said to be."""
    return {
        "category": {each.category for each in group},
        "giver": {each.giver for each in group},
        "currency": {each.figure.unit for each in group},
        "amount": {each.figure.amount for each in group},
        "day": {each.day for each in group},
    }


def _alike(line: Line) -> tuple[Category, str, str, Decimal]:
    return line.category, line.giver, line.figure.unit, line.figure.amount


def _others(line: Line, alike: Alike) -> Iterator[Line]:
    """What other parties state alike."""
    for party, lines in alike[_alike(line)].items():
        if party != line.book:
            yield from lines
