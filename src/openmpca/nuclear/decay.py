"""Radioactive decay of isotopic masses from one date to another.

Rules kept here:

* Decay happens in no query: it is computed here on request, and what follows is stated with its reference date.
* Masses go in and come out as whole micrograms. Between them this module, alone in the house, is not exact: it works
  with decimal numbers of fifty digits, far finer than the half-lives are known, and rounds each mass once at the end,
  half away from zero.
* Every nuclide decays along its line of daughters (Bateman); masses of daughters take the atomic masses into account.
  A branch that carries less than the half-lives are uncertain (spontaneous fission, the alpha branch of Pu-241) is
  left out. Where a line ends, the mass leaves the accounted material.

Half-lives: ``data/decay.toml``, unverified. Theory: H. Bateman, Proc. Cambridge Phil. Soc. 15 (1910) 423.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import pairwise
from typing import Final

import msgspec

from openmpca.nuclear.tables import by_code

DAYS_PER_YEAR: Final = Decimal("365.25")
_DIGITS: Final = 50
_LN2: Final = Decimal("0.69314718055994530941723212145817656807550013436025525412068")


class DecayError(ValueError):
    """A nuclide without a half-life here, or a time that runs backwards."""


class Nuclide(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One nuclide: half-life in years of 365.25 days, atomic mass, and the daughter that is followed ("" for none)."""

    code: str
    half_life_years: str
    atomic_mass: str
    daughter: str = ""
    unverified: bool = True

    @property
    def constant(self) -> Decimal:
        """Decay constant per year."""
        return _LN2 / Decimal(self.half_life_years)


NUCLIDES: Final[Mapping[str, Nuclide]] = by_code("decay", "nuclide", Nuclide)


def decay(masses_ug: Mapping[str, int], start: date, end: date) -> dict[str, int]:
    """Masses in ug by nuclide at the end of a period of days, daughters included.

    >>> decay({"Pu241": 120_000_000}, date(2020, 1, 1), date(2025, 1, 1))["Pu241"] / 1e6
    94.203393
    """
    if end < start:
        raise DecayError(f"Decay from {start} to {end} runs backwards.")
    return decay_years(masses_ug, Decimal((end - start).days) / DAYS_PER_YEAR)


def decay_years(masses_ug: Mapping[str, int], years: Decimal) -> dict[str, int]:
    """Masses in ug by nuclide after a number of years of 365.25 days, daughters included.

    Nuclides given come first and stay even when nothing is left of them; daughters that come to less than half a
    microgram are left out. Raises DecayError for a nuclide without a half-life or for negative years.
    """
    if years < 0:
        raise DecayError(f"{years} years: decay does not run backwards.")
    with localcontext() as context:
        context.prec = _DIGITS
        totals: dict[str, Decimal] = dict.fromkeys(masses_ug, Decimal(0))
        for code, ug in masses_ug.items():
            for member, mass in _line_masses(_line(code), Decimal(ug), years):
                totals[member] = totals.get(member, Decimal(0)) + mass
        rounded = {code: int(mass.to_integral_value(ROUND_HALF_UP)) for code, mass in totals.items()}
    return {code: ug for code, ug in rounded.items() if ug or code in masses_ug}


def _line(code: str) -> tuple[Nuclide, ...]:
    if code not in NUCLIDES:
        raise DecayError(f"{code!r} has no half-life here; known are {', '.join(NUCLIDES)}.")
    nuclide = NUCLIDES[code]
    return (nuclide, *(_line(nuclide.daughter) if nuclide.daughter else ()))


def _line_masses(line: tuple[Nuclide, ...], ug: Decimal, years: Decimal) -> Iterator[tuple[str, Decimal]]:
    atoms = ug / Decimal(line[0].atomic_mass)
    for count, member in enumerate(line, start=1):
        constants = [nuclide.constant for nuclide in line[:count]]
        yield member.code, atoms * _share(constants, years) * Decimal(member.atomic_mass)


def _share(constants: list[Decimal], years: Decimal) -> Decimal:
    """Share of the first nuclide's atoms that are the last nuclide of the line after some years (Bateman)."""
    if years == 0:
        return Decimal(len(constants) == 1)
    product = Decimal(1)
    for constant, _ in pairwise(constants):
        product *= constant
    terms = Decimal(0)
    for i, constant in enumerate(constants):
        divisor = Decimal(1)
        for j, other in enumerate(constants):
            divisor *= 1 if i == j else other - constant
        terms += (-constant * years).exp() / divisor
    return product * terms
