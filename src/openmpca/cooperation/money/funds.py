"""Fund lines: how much was obligated from each, what is left, until when, and under which ceiling of an agreement.

Rules kept here:

1. A fund is as its stating party sees it: what is obligated from it is what that party states, in the fund's currency,
   converted by that party's rate of the day where it was stated in another.
2. What is left is the ceiling less the obligations; where one of these has no rate, it is not known (None).
3. Pledges, commitments and disbursements are told beside it and change nothing of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from openmpca.cooperation.agreements.statements import Agreement
from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.money.categories import EXACT, Category, Figure, added
from openmpca.cooperation.money.journal import Line
from openmpca.cooperation.money.rates import Converted, NoRate, Rates
from openmpca.cooperation.money.statements import Ceiling, Commitment, Disbursement, Fund, Obligation

NOT_YET, OPEN, LAST_MONTHS, CLOSED, SPENT = "not yet", "open", "closes soon", "closed", "spent"
SOON: Final = 183


@dataclass(frozen=True)
class Standing:
    """A fund line of a party on a day, with the lines that were obligated from it."""

    claim: Claim[Fund]
    standing: str
    obligated: Figure[Obligation] | None
    committed: Figure[Commitment] | None
    disbursed: Figure[Disbursement] | None
    lines: Sequence[Line]
    problems: Sequence[NoRate]

    @property
    def ceiling(self) -> Decimal:
        """Up to how much may be obligated."""
        return Decimal(self.claim.said.ceiling)

    @property
    def left(self) -> Decimal | None:
        """How much may still be obligated; None where it is not known."""
        return None if self.obligated is None else EXACT.subtract(self.ceiling, self.obligated.amount)


def funds(claims: Claims, lines: Sequence[Line]) -> list[Standing]:
    """Every fund line that may be read, as its party sees it on the day of the claims."""
    rates = Rates.standing(claims)
    drawn, paid = _naming(lines, "fund"), _naming(lines, "obligation")
    found = []
    for each in claims.of(Fund):
        own = drawn.get((each.party, each.code), [])
        obliged = [line.code for line in own if line.category is Obligation]
        out = [line for code in obliged for line in paid.get((each.party, code), [])]
        found.append(_standing(each, own, out, rates, claims.day))
    return found


def _naming(lines: Sequence[Line], field: str) -> dict[tuple[str, str], list[Line]]:
    """The lines of each book by what they name in a field."""
    found: dict[tuple[str, str], list[Line]] = {}
    for each in lines:
        if named := getattr(each.entry, field, ""):
            found.setdefault((each.book, named), []).append(each)
    return found


def _standing(fund: Claim[Fund], drawn: Sequence[Line], paid: Sequence[Line], rates: Rates, day: date) -> Standing:
    lines, unit = [*drawn, *paid], fund.said.currency
    worth = [rates.convert(each.figure, unit, each.day, fund.party) for each in lines]
    obligated, committed, disbursed = (
        _sum(each, worth, unit, lines) for each in (Obligation, Commitment, Disbursement)
    )
    problems = list(dict.fromkeys(each for each in worth if isinstance(each, NoRate)))
    return Standing(fund, _told(fund.said, day, obligated), obligated, committed, disbursed, drawn, problems)


def _sum(
    category: Category, worth: Sequence[Converted | NoRate], unit: str, lines: Sequence[Line]
) -> Figure[Any] | None:
    of = [each for each, line in zip(worth, lines, strict=True) if line.category is category]
    known = [each.figure for each in of if isinstance(each, Converted)]
    return added(known, category, unit) if len(known) == len(of) else None


def _told(fund: Fund, day: date, obligated: Figure[Any] | None) -> str:
    if fund.first is not None and day < fund.first:
        return NOT_YET
    if fund.last is not None and day > fund.last:
        return CLOSED
    if obligated is not None and obligated.amount >= Decimal(fund.ceiling):
        return SPENT
    return LAST_MONTHS if fund.last is not None and (fund.last - day).days <= SOON else OPEN


def ceilings(claims: Claims, agreement: str, giver: str, party: str) -> list[Claim[Ceiling]]:
    """The ceilings that a party states for what a giver obligates under an agreement or one on which that rests."""
    found: list[Claim[Ceiling]] = []
    for each in resting(claims, agreement, party):
        stated = claims.about(Ceiling, f"agreement:{each}")
        found += [claim for claim in stated if claim.party == party and claim.said.giver == giver]
    return found


def resting(claims: Claims, agreement: str, party: str) -> list[str]:
    """An agreement and those on which it rests, as a party sees it, else as whoever stated it first."""
    found: list[str] = []
    while agreement and agreement not in found:
        found.append(agreement)
        stated = claims.about(Agreement, f"agreement:{agreement}")
        own = [each for each in stated if each.party == party] or stated
        agreement = own[-1].said.under if own else ""
    return found


def under(claims: Claims, agreement: str, party: str) -> frozenset[str]:
    """The fund lines that a party has under an agreement, or under one that rests on it."""
    stated = (each for each in claims.of(Fund) if each.party == party and each.said.agreement)
    return frozenset(each.code for each in stated if agreement in resting(claims, each.said.agreement, party))
