"""Significant quantities, effective kilograms and the exemption of small quantities.

All results are exact fractions; nothing here is rounded. Each function takes the weights of one *material*: a mapping
of weight keys to micrograms, in which each category has one enrichment. Do not add batches of different enrichment
before asking: effective kilograms go by the square of it.

Rules kept here:

* Enrichment is looked at, not the name of the category, wherever it is known. Natural uranium without a fissile weight
  counts as natural; depleted uranium without one counts as above 0.5 %, the stricter side. Enriched or unified uranium
  without one is refused: unknown is not none.
* Categories that the Agency does not account weigh nothing here.

Sources: INFCIRC/153, paragraphs 37, 104 and 105; significant quantities as taught by the Nuclear Safeguards Education
Portal. Data: ``data/quantities.toml``.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Final

import msgspec

from openmpca.nuclear.categories import CATEGORIES, enrichment, join_key, split_key
from openmpca.nuclear.mass import UG_PER_KG, parse_grams
from openmpca.nuclear.tables import by_code

Weights = Mapping[str, int]


class QuantityError(ValueError):
    """Weights that do not suffice to say how much they count."""


class Quantity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One amount with its source; ``counts`` says whether element or isotope is weighed."""

    code: str
    name: str
    grams: str
    source: str
    counts: str = "element"
    unverified: bool = False

    @property
    def ug(self) -> int:
        """The amount in micrograms."""
        return parse_grams(self.grams)


class Boundary(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One share at which a rule changes, as an exact fraction."""

    code: str
    name: str
    fraction: str
    source: str
    unverified: bool = False

    @property
    def share(self) -> Fraction:
        """The share as a number."""
        return Fraction(self.fraction)


SIGNIFICANT: Final[Mapping[str, Quantity]] = by_code("quantities", "significant", Quantity)
EXEMPTION: Final[Mapping[str, Quantity]] = by_code("quantities", "exemption", Quantity)
BOUNDARIES: Final[Mapping[str, Boundary]] = by_code("quantities", "boundary", Boundary)

_HIGH: Final = BOUNDARIES["high"].share
_PERCENT: Final = BOUNDARIES["percent"].share
_HALF_PERCENT: Final = BOUNDARIES["half_percent"].share
_NATURAL: Final = BOUNDARIES["natural"].share
_HEAT: Final = BOUNDARIES["heat"].share


def effective_kilograms(weights: Weights) -> Fraction:
    """Effective kilograms of one material.

    >>> float(effective_kilograms({"E": 1000 * UG_PER_KG, "E/U235": 495 * UG_PER_KG // 10}))
    2.45025
    >>> float(effective_kilograms({"N": 1000 * UG_PER_KG}))
    0.1
    """
    return sum((_kg(weights, code) * _effective_factor(weights, code) for code in _reported(weights)), Fraction(0))


def significant_quantities(weights: Weights) -> Fraction:
    """How many significant quantities one material holds; 1 or more is one or more.

    Uranium of 20 % and above, and enriched or unified uranium below, go by their U-235; natural and depleted uranium
    go by their element; U-233, where weighed by itself, goes by itself. Where only the sum of U-233 and U-235 is
    weighed it goes as U-235: a holder of U-233 weighs it apart.

    >>> significant_quantities({"P": 4 * UG_PER_KG}), significant_quantities({"T": 20_000 * UG_PER_KG})
    (Fraction(1, 2), Fraction(1, 1))
    """
    return sum((_significant(weights, code) for code in _reported(weights)), Fraction(0))


class ExemptionTotal(msgspec.Struct, frozen=True, kw_only=True):
    """What counts against the limits of INFCIRC/153, paragraph 37, in micrograms (special material weighted)."""

    special: Fraction
    natural: Fraction
    depleted: Fraction
    thorium: Fraction

    def exceeded(self) -> tuple[Quantity, ...]:
        """The limits that the total is above; none when all of it may be exempted."""
        held = {"special": self.special, "natural": self.natural, "depleted": self.depleted, "thorium": self.thorium}
        return tuple(limit for limit in EXEMPTION.values() if held[limit.code] > limit.ug)


def exemption_total(materials: Iterable[Weights]) -> ExemptionTotal:
    """The total of several materials against the limits of paragraph 37.

    >>> held = [{"P": UG_PER_KG // 5}, {"E": 10 * UG_PER_KG, "E/U235": 4 * UG_PER_KG // 10}]
    >>> float(exemption_total(held).special / UG_PER_KG)
    0.28
    """
    totals = dict.fromkeys(EXEMPTION, Fraction(0))
    for weights in materials:
        for code in _reported(weights):
            limit, factor = _exemption_share(weights, code)
            totals[limit] += weights[code] * factor
    return ExemptionTotal(**totals)


def _reported(weights: Weights) -> tuple[str, ...]:
    """The categories of the weights that are reported to the Agency and are there at all."""
    for key in weights:
        if split_key(key)[0] not in CATEGORIES:
            raise QuantityError(f"{key}: there is no category {split_key(key)[0]!r}.")
        if split_key(key)[0] not in weights:
            raise QuantityError(f"{key} has no weight of its element beside it.")
    return tuple(code for code, ug in weights.items() if code in CATEGORIES and CATEGORIES[code].agency and ug)


def _kg(weights: Weights, code: str) -> Fraction:
    return Fraction(weights[code], UG_PER_KG)


def _enrichment(weights: Weights, code: str) -> Fraction:
    known = enrichment(code, weights)
    if known is not None:
        return known
    if code == "N":
        return _NATURAL
    if code == "D":
        # Nothing tells which side of 0.5 % it is on: the enrichment just below natural is the stricter reading.
        return (_HALF_PERCENT + _NATURAL) / 2
    raise QuantityError(f"{code}: its enrichment is not known. Give the weight of U-235, of U-233 or of their sum.")


def _effective_factor(weights: Weights, code: str) -> Fraction:
    element = CATEGORIES[code].element
    if element == "Pu":
        return Fraction(1)
    e = _enrichment(weights, code) if element == "U" else Fraction(0)
    if e >= _PERCENT:
        return e * e
    return Fraction(1, 10_000) if e > _HALF_PERCENT else Fraction(1, 20_000)


def _exemption_share(weights: Weights, code: str) -> tuple[str, Fraction]:
    element = CATEGORIES[code].element
    if element != "U":
        return ("special" if element == "Pu" else "thorium"), Fraction(1)
    e = _enrichment(weights, code)
    if e >= _HIGH:
        return "special", e
    if code != "N" and e > _NATURAL:
        return "special", 5 * e * e
    return ("depleted" if e <= _HALF_PERCENT else "natural"), Fraction(1)


def _significant(weights: Weights, code: str) -> Fraction:
    element = CATEGORIES[code].element
    if element == "Pu":
        hot = Fraction(weights.get(join_key(code, "Pu238"), 0), weights[code]) >= _HEAT
        return Fraction(0) if hot else Fraction(weights[code], SIGNIFICANT["Pu"].ug)
    if element == "Th" or code in ("N", "D"):
        return Fraction(weights[code], SIGNIFICANT["Th" if element == "Th" else code].ug)
    return _significant_uranium(weights, code)


def _significant_uranium(weights: Weights, code: str) -> Fraction:
    high = _enrichment(weights, code) >= _HIGH
    u233 = weights.get(join_key(code, "U233"), 0)
    u235 = weights.get(join_key(code, "U235"), 0)
    either = weights.get(join_key(code, "U233+U235"), 0)
    limit = SIGNIFICANT["HEU" if high else "LEU"].ug
    return Fraction(u233, SIGNIFICANT["U233"].ug) + Fraction(max(u235, either - u233), limit)
