"""Whatever is stated: no figure of any view mixes two categories or currencies, and every view sums to the journal.

Every amount is a whole number shifted to a place of its own for each category and currency, so a figure into which
another was mixed has figures at two places.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmpca.cooperation.claims import Claim
from openmpca.cooperation.money.books import book
from openmpca.cooperation.money.categories import HOURS, KINDS, Category, Figure, Mixed, added
from openmpca.cooperation.money.exporting import transaction
from openmpca.cooperation.money.funds import funds
from openmpca.cooperation.money.journal import Line, books, by_year, journal, sums
from openmpca.cooperation.money.rates import NoRate, Rates
from openmpca.cooperation.money.reconciled import reconciled
from openmpca.cooperation.money.shares import measured
from openmpca.cooperation.money.statements import CostLine, Entry, ExchangeRate, Fund, ShareRule, StaffTime

PARTIES: Final = ("ALD", "BRK", "CRN")
UNITS: Final = ("EUR", "RUB", "USD")
DAY: Final = date(2026, 1, 1)
MOST: Final = 99
"""An entry's number; at most a hundred of them stand in one place of four figures."""
_PLACE: Final = {
    (kind, unit): at * 6
    for at, (kind, unit) in enumerate((kind, unit) for kind in KINDS.values() for unit in (*UNITS, HOURS))
}


class Stated:
    """Claims as a query asks for them, without a record."""

    def __init__(self, claims: Iterable[Claim[Any]], day: date = date(2030, 1, 1)) -> None:
        self.every, self.day = list(claims), day

    def of(self, kind: type[Any]) -> list[Claim[Any]]:
        return [each for each in self.every if type(each.said) is kind]

    def about(self, kind: type[Any], thing: str) -> list[Claim[Any]]:
        return [each for each in self.of(kind) if each.thing == thing]


@st.composite
def entries(draw: st.DrawFn) -> list[Claim[Any]]:
    """Claims of entries of every category, in every currency, by three parties that also repeat each other."""
    found = []
    for number in range(draw(st.integers(0, 24))):
        kind, unit = draw(st.sampled_from([*KINDS.values()])), draw(st.sampled_from(UNITS))
        size = Decimal(draw(st.integers(1, MOST))).scaleb(_PLACE[kind, unit])
        own: dict[str, Any] = {
            "day": DAY + timedelta(days=draw(st.integers(0, 900))),
            "code": f"X-{draw(st.integers(0, 8))}",
            "giver": draw(st.sampled_from(PARTIES)),
            "receiver": draw(st.sampled_from(("", "BRK", "Works"))),
            "project": draw(st.sampled_from(("P-1", "P-2"))),
            "costline": draw(st.sampled_from(("", "L-1"))),
            "currency": unit,
        }
        if kind is StaffTime:
            hours = Decimal(draw(st.integers(1, MOST))).scaleb(_PLACE[kind, HOURS])
            own |= {"hours": f"{hours:f}", "rate": "1", "work": "w"}
        else:
            own |= {"amount": f"{size:f}"}
        own |= {name: value for name, value in _FURTHER.items() if name in kind.__struct_fields__}
        said = kind(**own)
        found.append(Claim(draw(st.sampled_from(PARTIES)), number, "", number, f"entry:{said.code}", said))
    return found


_FURTHER: Final = {"fund": "F-1", "obligation": "X-1", "what": "w", "basis": "cost", "sort": "fee"}


def rules() -> list[Claim[Any]]:
    """Funds, rates and share rules of every party, so that each view has something to say."""
    found: list[Any] = []
    for party in PARTIES[:2]:
        period = {"day": DAY, "ends": date(2027, 6, 30)}
        found.append((party, "", ExchangeRate(**period, currency="EUR", into="USD", rate="1", source="ECB")))
        fund = Fund(day=DAY, code="F-1", title="F", holder=party, authority="A", currency="USD", ceiling="7")
        found.append((party, "fund:F-1", fund))
        for category in KINDS:
            for of in ("project:P-1", "costline:L-1"):
                rule = ShareRule(**period, of=of, category=category, shares={party: "100"}, begins=DAY)
                found.append((party, of, rule))
    line = CostLine(day=DAY, code="L-1", project="P-1", title="L", currency="USD", planned="1")
    found.append(("ALD", "costline:L-1", line))
    return [Claim(party, 1000 + at, "", 0, thing, said) for at, (party, thing, said) in enumerate(found)]


def figures(view: Any) -> Iterator[Figure[Any]]:
    """Every figure within a view, however deep; the lines of which it is made are not looked into."""
    if isinstance(view, Figure):
        yield view
    elif isinstance(view, (list, tuple)):
        for each in view:
            yield from figures(each)
    elif is_dataclass(view) and not isinstance(view, (Line, Claim, type)):
        for each in fields(view):
            yield from figures(getattr(view, each.name))


def places(amount: Decimal) -> set[int]:
    """The places of six figures at which an amount has some."""
    text = str(int(abs(amount)))[::-1]
    return {at for at in range(0, len(text), 6) if text[at : at + 6].strip("0")}


def totals(found: Iterable[tuple[str, Figure[Any]]]) -> dict[tuple[str, Category, str], Decimal]:
    """What figures sum to, by book, category and unit."""
    made: dict[tuple[str, Category, str], Decimal] = defaultdict(Decimal)
    for party, figure in found:
        made[party, figure.category, figure.unit] += figure.amount
    return dict(made)


def exact(figure: Figure[Any]) -> bool:
    """Whether a figure holds amounts of its own category alone; those converted come from another currency's place."""
    own = {_PLACE[figure.category, unit] for unit in (*UNITS, HOURS)}
    return places(figure.amount) <= own


@given(entries())
def test_no_figure_of_any_view_mixes_two_categories(said: list[Claim[Any]]) -> None:
    claims: Any = Stated([*said, *rules()])
    lines, rates = journal(claims), Rates.standing(claims)
    views: list[Any] = [sums(lines, lambda _line: ""), by_year(lines), funds(claims, lines), measured(claims, lines)]
    views += [measured(claims, lines, "USD"), *(book(lines, each, rates, "USD") for each in PARTIES)]
    views += [[each.figure for each in lines], reconciled(lines, PARTIES)]
    found = list(figures(views))
    assert all(exact(each) for each in found)
    unconverted = [*sums(lines, lambda _line: ""), *by_year(lines)]
    for each in figures(unconverted):
        assert places(each.amount) <= {_PLACE[each.category, each.unit], _PLACE[StaffTime, HOURS]}


@given(entries())
def test_every_view_sums_to_the_journal(said: list[Claim[Any]]) -> None:
    claims: Any = Stated([*said, *rules()])
    lines, rates = journal(claims), Rates.standing(claims)
    whole = totals((each.book, each.figure) for each in lines)
    assert sorted(each.claim.number for each in lines) == sorted(each.number for each in said)
    for view in (sums(lines, lambda _line: ""), sums(lines, lambda line: line.code), by_year(lines)):
        assert totals((each.book, each.figure) for each in view) == whole
        assert sorted(one.claim.number for each in view for one in each.lines) == sorted(each.number for each in said)
    matches = reconciled(lines, PARTIES)
    assert totals((one.book, one.figure) for each in matches for one in each.lines) == whole
    assert {party for party, _category, _unit in whole} == set(books(lines))
    in_books = [(each, one) for each in PARTIES for one in book(lines, each, rates, "USD").sums]
    assert totals((party, one.figure) for party, one in in_books) == whole
    written = [(transaction(each), each) for each in lines]
    assert (
        totals(
            (
                line.book,
                Figure(
                    line.category,
                    made.postings[1].commodity,
                    Decimal(made.postings[1].units).scaleb(-made.postings[1].decimals),
                ),
            )
            for made, line in written
        )
        == whole
    )


@given(entries())
def test_a_match_names_all_that_is_said_under_its_code_and_in_what_it_differs(said: list[Claim[Any]]) -> None:
    lines = journal(Stated(said))  # type: ignore[arg-type]
    for match in reconciled(lines, PARTIES):
        parties = {each.book for each in match.lines}
        assert {each.code for each in match.lines} == {match.code}
        assert (match.standing == "one side") == (len(parties) == 1)
        alike = {(each.category, each.giver, each.day, each.figure.unit, each.figure.amount) for each in match.lines}
        assert (match.standing == "matched") == (len(parties) > 1 and len(alike) == 1)
        assert bool(match.differs) == (match.standing == "differs")


def test_figures_that_are_not_alike_are_never_added() -> None:
    kinds = [Figure(kind, unit, Decimal(1)) for kind in KINDS.values() for unit in UNITS]
    for one in kinds:
        for other in kinds:
            if one is other:
                assert (one + other).amount == 2
            else:
                with pytest.raises(Mixed):
                    one + other
    with pytest.raises(Mixed):
        added(kinds[:2], kinds[0].category, kinds[0].unit)


def test_a_rate_holds_for_its_days_and_is_never_turned_round() -> None:
    rates = Rates(Stated(rules()).of(ExchangeRate))
    figure = Figure(Entry, "EUR", Decimal(3))
    there = rates.convert(figure, "USD", date(2027, 6, 30), "ALD")
    assert not isinstance(there, NoRate)
    assert there.rate is not None
    assert rates.agreed(there.rate) == ["BRK"]
    for into, day, party in (("USD", date(2027, 7, 1), "ALD"), ("RUB", DAY, "ALD"), ("USD", DAY, "CRN")):
        assert isinstance(rates.convert(figure, into, day, party), NoRate)
    assert isinstance(rates.convert(Figure(Entry, "USD", Decimal(3)), "EUR", DAY, "ALD"), NoRate)
