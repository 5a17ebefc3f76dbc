"""The index of partnership: for each measure, year and party its part of the whole.

    share of party p in year y  =  what p has in y  /  what all parties have in y

Rules kept here:

1. Measures are never added to one another: there is no index of indexes.
2. Categories of money are measures of their own, each in one currency, told by one party's book; an amount without a
   rate into that currency is left out, and how many there are is told.
3. What is stated by several parties (a training, a contractor's role) is counted once: as it was first stated.
4. What nobody is named for is told as nobody's, and stands in the whole.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from openmpca.cooperation.boards.deciding import Judge, matters
from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.index.statements import Training
from openmpca.cooperation.money.categories import Category
from openmpca.cooperation.money.journal import Line, journal
from openmpca.cooperation.money.rates import NoRate, Rates
from openmpca.cooperation.money.statements import Disbursement, InKind, StaffTime
from openmpca.cooperation.parties.statements import Profile, Role
from openmpca.cooperation.priorities.rounds import proposers, results
from openmpca.cooperation.priorities.statements import Round


@dataclass(frozen=True)
class Count:
    """What one claim adds to a measure: in which year, for which party, how much, as told in whose book."""

    year: int
    party: str
    amount: Fraction
    claim: Claim[Any]
    book: str = ""


@dataclass(frozen=True)
class Measure:
    """What is measured: its name, its definition, its unit where that is not the currency, how it is counted."""

    name: str
    title: Any
    definition: Any
    counts: Callable[[Claims, str], Iterator[Count]]
    money: bool = False


@dataclass(frozen=True)
class Part:
    """A party's part of a measure in a year, as told in a book, with the claims of which it is made."""

    measure: str
    year: int
    party: str
    amount: Fraction
    whole: Fraction
    claims: tuple[Claim[Any], ...]
    book: str = ""

    @property
    def share(self) -> Fraction:
        """Its part of the whole."""
        return self.amount / self.whole


def parts(claims: Claims, measure: Measure, into: str = "") -> list[Part]:
    """The parts of a measure by book, year and party; money in the currency ``into``."""
    groups: dict[tuple[str, int], dict[str, list[Count]]] = {}
    for each in measure.counts(claims, into):
        groups.setdefault((each.book, each.year), {}).setdefault(each.party, []).append(each)
    return [part for of in sorted(groups) for part in _parts(measure.name, *of, groups[of])]


def _parts(name: str, book: str, year: int, by_party: dict[str, list[Count]]) -> Iterator[Part]:
    whole = sum((each.amount for found in by_party.values() for each in found), Fraction(0))
    for party in sorted(by_party):
        amount = sum((each.amount for each in by_party[party]), Fraction(0))
        if whole > 0:
            yield Part(name, year, party, amount, whole, tuple(each.claim for each in by_party[party]), book)


def proposals(claims: Claims, into: str) -> Iterator[Count]:
    """Proposals that all parties of a round hold to be adopted, by who proposed them first."""
    by = proposers(claims)
    codes = list(dict.fromkeys(each.code for each in claims.of(Round)))
    for found in results(claims, codes):
        held = list(found.negotiated.by_party.values())
        for code in found.negotiated.adopted or ():
            last = max(held, key=lambda each: each.said.day)
            yield Count(last.said.day.year, by.get(code, ""), Fraction(1), last)


def decisions(claims: Claims, into: str) -> Iterator[Count]:
    """Decisions that came into force, by the party from which they came."""
    judge = Judge(claims)
    for matter in matters(claims):
        held = [each for each in matter.contents if each.since is not None]
        for content in held[:1]:
            day = judge.day_of(content.since or 0)
            if day <= claims.day:
                yield Count(day.year, content.said.initiated, Fraction(1), content.claims[0])


def _money(category: Category) -> Callable[[Claims, str], Iterator[Count]]:
    def counts(claims: Claims, into: str) -> Iterator[Count]:
        rates, lines = Rates.standing(claims), [each for each in journal(claims) if each.category is category]
        for each in lines:
            worth = rates.convert(each.figure, into or _currency(lines), each.day, each.book)
            if not isinstance(worth, NoRate):
                yield Count(each.day.year, each.giver, Fraction(worth.figure.amount), each.claim, each.book)

    return counts


def _currency(lines: Sequence[Line]) -> str:
    """The currency in which most lines are."""
    units = [each.figure.unit for each in lines]
    return max(dict.fromkeys(units), key=units.count)


def currency(claims: Claims, into: str = "") -> str:
    """The currency in which money is measured: that asked for, else that of most entries; blank where there is none."""
    lines = [each for each in journal(claims) if each.category in (Disbursement, InKind, StaffTime)]
    return into or (_currency(lines) if lines else "")


def left_out(claims: Claims, into: str) -> int:
    """How many entries have no rate into the currency (rule 2)."""
    rates = Rates.standing(claims)
    lines = [each for each in journal(claims) if each.category in (Disbursement, InKind, StaffTime)]
    return sum(isinstance(rates.convert(each.figure, into, each.day, each.book), NoRate) for each in lines)


def trainers(claims: Claims, into: str) -> Iterator[Count]:
    """Persons who trained others, by the party that sent them."""
    for told in claims.by_thing(Training).values():
        first = told[0]
        for party, number in first.said.trainers.items():
            yield Count(first.said.day.year, party, Fraction(int(number)), first)


def contractors(claims: Claims, into: str) -> Iterator[Count]:
    """Contractors with a role in a project or a cost line, in each year of it, by the party to which they belong."""
    within = {each.code: each.said.within for each in reversed(claims.of(Profile)) if each.said.sort == "contractor"}
    first: dict[tuple[str, str, int], Claim[Role]] = {}
    for each in claims.of(Role):
        if each.said.holder in within:
            until = min(each.said.until or claims.day, claims.day)
            for year in range(each.said.day.year, until.year + 1):
                first.setdefault((each.said.holder, each.said.within, year), each)
    for (holder, _thing, year), claim in first.items():
        yield Count(year, within[holder], Fraction(1), claim)


MEASURES: Final[tuple[Measure, ...]] = (
    Measure(
        "proposals",
        _("Proposals adopted"),
        _("Of the proposals that all parties of a round hold to be adopted: the part that the party proposed first."),
        proposals,
    ),
    Measure(
        "decisions",
        _("Decisions initiated"),
        _("Of the decisions that came into force with all signatures: the part that came from the party."),
        decisions,
    ),
    Measure(
        "disbursements",
        _("Money paid"),
        _("Of what was disbursed, as one party's book has it: the part that the party gave."),
        _money(Disbursement),
        money=True,
    ),
    Measure(
        "in_kind",
        _("Given in kind"),
        _("Of what was given in kind, as one party's book values it: the part that the party gave."),
        _money(InKind),
        money=True,
    ),
    Measure(
        "staff_time",
        _("Staff time"),
        _("Of the staff time, as one party's book values it: the part that the party gave."),
        _money(StaffTime),
        money=True,
    ),
    Measure(
        "trainers",
        _("Trainers"),
        _("Of the persons who trained others: the part that the party sent."),
        trainers,
    ),
    Measure(
        "contractors",
        _("Contractors"),
        _("Of the contractors with a role in a project or a cost line: the part that belongs to the party."),
        contractors,
    ),
)
