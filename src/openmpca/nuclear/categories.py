"""Categories of nuclear material, the weights accounted in each, and their labels in Code 10.

Rules kept here:

* A category is one text code: the Agency's ``N D E U P T`` or a longer national one, which may collapse to an Agency
  category or to nothing (not reported to the Agency).
* A weight key is ``CATEGORY`` for the element and ``CATEGORY/NUCLIDE`` for an isotope or a declared sum of isotopes.
  The fissile content of natural and depleted uranium is the nuclide ``fissile``.
* Labels of isotopes are shared by enriched and unified uranium: reading one takes the category of its entry.
* Enrichment is the weight of U-233 and U-235 by that of all uranium, an exact fraction; where a fissile weight is not
  accounted it is unknown, not zero.

Source: Model Subsidiary Arrangement Code 10; INFCIRC/153, paragraphs 101 and 105. Data: ``data/categories.toml``.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Final, Literal

import msgspec

from openmpca.nuclear.tables import by_code

ELEMENT: Final = ""
FISSILE: Final = "fissile"
AGENCY_SCHEME: Final = ("D", "N", "E")
NATIONAL_SCHEME: Final = ("D", "N", "LEU", "HEU")

Unit = Literal["G", "K"]


class CategoryError(ValueError):
    """A category, weight key or label that does not exist or does not fit."""


class Window(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The enrichments that a category takes, as exact fractions written "numerator/denominator"."""

    lower: str
    lower_included: bool
    upper: str
    upper_included: bool
    unverified: bool = False

    def holds(self, enrichment: Fraction) -> bool:
        """Whether the enrichment lies in the window."""
        lower, upper = Fraction(self.lower), Fraction(self.upper)
        above = enrichment >= lower if self.lower_included else enrichment > lower
        return above and (enrichment <= upper if self.upper_included else enrichment < upper)


class Weight(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One isotopic weight of a category; ``label`` is "" where Code 10 has none."""

    nuclide: str
    unit: Unit
    label: str = ""


class Category(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One category. ``agency`` is the Agency category it is reported in, "" where it is not reported.

    ``nuclide`` is set where the category is of one nuclide only; its element weight is then the weight of that.
    """

    code: str
    name: str
    element: str
    unit: Unit
    source: str
    agency: str = ""
    label: str = ""
    nuclide: str = ""
    required_one_of: tuple[str, ...] = ()
    weights: tuple[Weight, ...] = ()
    window: Window | None = None
    unverified: bool = False

    @property
    def national(self) -> bool:
        """Whether the Agency does not know the category by this code."""
        return self.agency != self.code

    @property
    def keys(self) -> tuple[str, ...]:
        """The weight keys of the category, the element first."""
        return (self.code, *(join_key(self.code, weight.nuclide) for weight in self.weights))


CATEGORIES: Final[Mapping[str, Category]] = by_code("categories", "category", Category)


def split_key(key: str) -> tuple[str, str]:
    """Category and nuclide of a weight key; the nuclide of the element itself is "".

    >>> split_key("E/U235"), split_key("P/Pu239+Pu241"), split_key("T")
    (('E', 'U235'), ('P', 'Pu239+Pu241'), ('T', ''))
    """
    category, slash, nuclide = key.partition("/")
    if not category or (slash and not nuclide) or "/" in nuclide:
        raise CategoryError(f"{key!r} is not a weight key: write CATEGORY or CATEGORY/NUCLIDE, for example E/U235.")
    return category, nuclide


def join_key(category: str, nuclide: str = ELEMENT) -> str:
    """The weight key of a category and a nuclide.

    >>> join_key("E", "U235"), join_key("T")
    ('E/U235', 'T')
    """
    return f"{category}/{nuclide}" if nuclide else category


def _labels() -> Mapping[str, str]:
    found = {category.code: category.label for category in CATEGORIES.values() if category.label}
    for category in CATEGORIES.values():
        found |= {join_key(category.code, weight.nuclide): weight.label for weight in category.weights if weight.label}
    return MappingProxyType(found)


LABELS: Final[Mapping[str, str]] = _labels()
"""Label of every weight key that Code 10 knows, Agency categories only."""


def agency_key(key: str) -> str:
    """The weight key in the Agency's categories, "" where the Agency gets no report of it.

    >>> agency_key("HEU/U235"), agency_key("P"), agency_key("Am241")
    ('E/U235', 'P', '')
    """
    code, nuclide = split_key(key)
    category = _category(code)
    return join_key(category.agency, nuclide) if category.agency else ""


def label_of(key: str) -> str:
    """The label of a weight key in Code 10; national categories take that of the Agency category they collapse to.

    >>> label_of("E/U235"), label_of("LEU/U235"), label_of("U"), label_of("N/fissile")
    ('670', '670', '600', '770')
    """
    label = LABELS.get(agency_key(key))
    if label is None:
        raise CategoryError(f"{key} has no label in Code 10: the Agency gets no report of it.")
    return label


def key_of(label: str, category: str = "") -> str:
    """The weight key of a label; labels of uranium isotopes need the category of their entry (E or U).

    >>> key_of("630"), key_of("670", "U"), key_of("770")
    ('E', 'U/U235', 'N/fissile')
    """
    keys = [key for key, known in LABELS.items() if known == label and category in ("", split_key(key)[0])]
    if len(keys) == 1:
        return keys[0]
    if keys:
        raise CategoryError(f"Label {label} stands in several categories ({', '.join(keys)}): name the category.")
    raise CategoryError(f"No weight has the label {label!r}" + (f" in category {category}." if category else "."))


def unit_of(key: str) -> Unit:
    """The unit of account of a weight in reports: G for grams, K for kilograms.

    >>> unit_of("N"), unit_of("N/fissile"), unit_of("E")
    ('K', 'G', 'G')
    """
    code, nuclide = split_key(key)
    category = _category(code)
    if nuclide == ELEMENT:
        return category.unit
    for weight in category.weights:
        if weight.nuclide == nuclide:
            return weight.unit
    raise CategoryError(f"Category {code} has no weight {nuclide}; it has {', '.join(category.keys)}.")


def enrichment(category: str, weights: Mapping[str, int]) -> Fraction | None:
    """Enrichment of the uranium of one category from its weights in ug; None where it is not known.

    Not known is: no fissile weight, or no uranium at all. The declared sum ``U233+U235`` counts before its parts.

    >>> enrichment("E", {"E": 1_000_000, "E/U235": 197_500})
    Fraction(79, 400)
    """
    element = weights.get(category, 0)
    fissile = fissile_ug(category, weights)
    return None if element <= 0 or fissile is None else Fraction(fissile, element)


def fissile_ug(category: str, weights: Mapping[str, int]) -> int | None:
    """Weight of U-233 and U-235 in ug of the uranium of one category; None where it is not accounted."""
    for nuclide in (FISSILE, "U233+U235"):
        if (whole := weights.get(join_key(category, nuclide))) is not None:
            return whole
    parts = [weights[key] for nuclide in ("U233", "U235") if (key := join_key(category, nuclide)) in weights]
    return sum(parts) if parts else None


def category_for(enriched: Fraction, scheme: Sequence[str] = AGENCY_SCHEME) -> str:
    """The category of a scheme whose window holds an enrichment.

    >>> category_for(Fraction(1, 1000)), category_for(Fraction(1, 5), NATIONAL_SCHEME)
    ('D', 'HEU')
    """
    for code in scheme:
        window = _category(code).window
        if window is not None and window.holds(enriched):
            return code
    raise CategoryError(f"No category of {', '.join(scheme)} takes uranium of enrichment {enriched}.")


def _category(code: str) -> Category:
    try:
        return CATEGORIES[code]
    except KeyError:
        raise CategoryError(f"There is no category {code!r}; known are {', '.join(CATEGORIES)}.") from None
