"""Exchange rates: what a figure is worth in another currency by a recorded rate, told with that rate and its day.

Rules kept here:

1. A party converts by the rates that it states itself, each only for the days for which it is stated.
2. Where there is no such rate there is no figure: the problem is told (rule 815), and nothing is guessed, neither from
   another day nor by turning a rate round.
3. What is converted is not rounded; who shows it rounds once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.money.categories import EXACT, Figure
from openmpca.cooperation.money.statements import ExchangeRate


@dataclass(frozen=True)
class Converted:
    """A figure in another currency, with the rate by which that came about; none where the currency was the same."""

    figure: Figure[Any]
    rate: Claim[ExchangeRate] | None


@dataclass(frozen=True)
class NoRate:
    """A figure that cannot be converted: its party has recorded no rate for the day."""

    party: str
    unit: str
    into: str
    day: date

    def __str__(self) -> str:
        return f"{self.party} has recorded no rate of {self.unit} into {self.into} for {self.day}."


class Rates:
    """The rates that stand, by party and pair of currencies."""

    def __init__(self, stated: Sequence[Claim[ExchangeRate]]) -> None:
        self._of: dict[tuple[str, str, str], list[Claim[ExchangeRate]]] = {}
        for each in stated:
            self._of.setdefault((each.party, each.said.currency, each.said.into), []).append(each)

    @classmethod
    def standing(cls, claims: Claims) -> "Rates":
        """The rates of some claims."""
        return cls(claims.of(ExchangeRate))

    def at(self, party: str, unit: str, into: str, day: date) -> Claim[ExchangeRate] | None:
        """The rate of a party for a day; the one that became known last where several are stated."""
        of = self._of.get((party, unit, into), [])
        return next((each for each in reversed(of) if each.said.day <= day <= each.said.ends), None)

    def agreed(self, rate: Claim[ExchangeRate]) -> list[str]:
        """The other parties that state the same rate for the same days."""
        return sorted(
            party
            for (party, unit, into), of in self._of.items()
            if party != rate.party and (unit, into) == (rate.said.currency, rate.said.into)
            if any(_same(each.said, rate.said) for each in of)
        )

    def convert(self, figure: Figure[Any], into: str, day: date, party: str) -> Converted | NoRate:
        """A figure in another currency by the party's rate of a day, or that there is none (rule 2)."""
        if figure.unit == into:
            return Converted(figure, None)
        rate = self.at(party, figure.unit, into, day)
        if rate is None:
            return NoRate(party, figure.unit, into, day)
        amount = EXACT.multiply(figure.amount, Decimal(rate.said.rate))
        return Converted(Figure(figure.category, into, amount), rate)


def _same(one: ExchangeRate, other: ExchangeRate) -> bool:
    return (Decimal(one.rate), one.day, one.ends) == (Decimal(other.rate), other.day, other.ends)
