"""Element factors: how much uranium or thorium a weighed compound holds.

Rules kept here: the factor is computed from atomic weights, not looked up, so that it follows the enrichment; it is an
exact fraction, and a mass is rounded once, to the microgram. Enriched uranium is taken as U-235 and U-238 alone.

Data: ``data/compounds.toml``, atomic weights unverified.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

import msgspec

from openmpca.nuclear.tables import by_code


class AtomicWeight(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Atomic weight of an element as it occurs in nature, or of one nuclide."""

    code: str
    value: str
    unverified: bool = True


class Compound(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One compound with the number of atoms of each element in its formula."""

    code: str
    name: str
    element: str
    atoms: dict[str, int]


WEIGHTS: Final[Mapping[str, AtomicWeight]] = by_code("compounds", "weight", AtomicWeight)
COMPOUNDS: Final[Mapping[str, Compound]] = by_code("compounds", "compound", Compound)


def element_factor(compound: str, enrichment: Fraction | None = None) -> Fraction:
    """Share of the element in the weight of a compound; natural uranium unless an enrichment (by weight) is given.

    >>> round(float(element_factor("UF6")), 5), round(float(element_factor("UF6", Fraction("0.0495"))), 5)
    (0.67618, 0.67606)
    """
    if compound not in COMPOUNDS:
        raise ValueError(f"{compound!r} is no known compound; known are {', '.join(COMPOUNDS)}.")
    formula = COMPOUNDS[compound]
    parts = {code: count * _weight(code, enrichment) for code, count in formula.atoms.items()}
    return parts[formula.element] / sum(parts.values())


def element_ug(compound: str, compound_ug: int, enrichment: Fraction | None = None) -> int:
    """Micrograms of the element in a weighed compound, rounded half up.

    >>> element_ug("UO2", 1_000_000_000)
    881500699
    """
    if compound_ug < 0:
        raise ValueError("A weighed mass cannot be negative.")
    return int(element_factor(compound, enrichment) * compound_ug + Fraction(1, 2))


def _weight(code: str, enrichment: Fraction | None) -> Fraction:
    if code != "U" or enrichment is None:
        return Fraction(WEIGHTS[code].value)
    if not 0 <= enrichment <= 1:
        raise ValueError(f"Enrichment {enrichment} is no share between 0 and 1.")
    light, heavy = Fraction(WEIGHTS["U235"].value), Fraction(WEIGHTS["U238"].value)
    return 1 / (enrichment / light + (1 - enrichment) / heavy)
