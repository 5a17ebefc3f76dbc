"""Rules 142 to 147 and 207 to 210: the weights of one entry.

Isotopes of a loss (LN) and of adjustments are left alone where a figure may rightly exceed the element's: in a reactor
U-235 that captures a neutron stays uranium. Sources: SG-FM-1172, section 3; INFCIRC/153 paragraphs 101 and 105.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from openmpca.formats.code10 import consistency_rules as rules
from openmpca.formats.code10 import syntax_rules
from openmpca.formats.code10.compose import weight_label
from openmpca.formats.code10.contents import finest
from openmpca.formats.code10.profile import Profile
from openmpca.formats.code10.records import AccountingEntry, BalanceEntry, InventoryEntry, Report, line_name
from openmpca.nuclear.categories import CATEGORIES, enrichment, join_key, split_key, unit_of
from openmpca.nuclear.changes import CHANGES, ROUNDING_PREFIX
from openmpca.nuclear.mass import UG_PER_G, format_grams
from openmpca.problems import Problem, Rule

SUMS: Final[Mapping[str, tuple[str, ...]]] = {"U233+U235": ("U233", "U235"), "Pu239+Pu241": ("Pu239", "Pu241")}
_ALL: Final = {"U": {"U234", "U235", "U236", "U238"}, "Pu": {"Pu238", "Pu239", "Pu240", "Pu241", "Pu242"}}
_NET: Final = frozenset({"LN", "BE", "BA"})


def check_weights(report: Report, profile: Profile) -> Iterator[Problem]:
    """What is wrong with the weights of each entry that counts."""
    for line in report.entries:
        if line.status not in ("D", "U"):
            yield from _Weights(report, line, profile).check()


def is_signed(code: str) -> bool:
    """Whether figures of a code may be negative: adjustments, the book endings, MUF.

    >>> is_signed("DI"), is_signed("RALN"), is_signed("BA"), is_signed("LN")
    (True, True, True, False)
    """
    adjusts = code.startswith(ROUNDING_PREFIX) and len(code) == 4
    return adjusts or code in ("MF", "BE", "BA") or (code in CHANGES and CHANGES[code].signed)


class _Weights:
    """The weights of one entry."""

    def __init__(self, report: Report, line: AccountingEntry, profile: Profile) -> None:
        self.report = report
        self.line = line
        self.profile = profile
        self.code = "" if isinstance(line, InventoryEntry) else line.code
        self.weights = {key: ug for key, ug in line.weights.items() if weight_label(key)}

    def check(self) -> Iterator[Problem]:
        """All problems of the weights."""
        if not self.line.weights:
            yield self.found(syntax_rules.NO_WEIGHT, "", "There is no weight.")
        for key in self.line.weights.keys() - self.weights.keys():
            yield self.found(syntax_rules.NO_LABEL_FOR, "", f"{key} has no label.")
        for key, ug in self.weights.items():
            if ug % finest(unit_of(key), self.profile):
                yield self.found(syntax_rules.WEIGHT_DECIMALS, key, f"{format_grams(ug)} g is finer.")
            if ug < 0 and not is_signed(self.code):
                yield self.found(rules.NEGATIVE, key, f"{format_grams(ug)} g.")
        categories = dict.fromkeys(split_key(key)[0] for key in self.weights)
        if "U" in categories and categories.keys() & {"N", "D", "E"}:
            yield self.found(syntax_rules.MIXED_UNIFIED, "U", f"The categories are {' '.join(categories)}.")
        for category in categories:
            yield from self.category(category)

    def category(self, category: str) -> Iterator[Problem]:
        """The weights of one category."""
        parts = {key: ug for key, ug in self.weights.items() if split_key(key)[0] == category and key != category}
        if category not in self.weights:
            yield self.found(syntax_rules.ISOTOPE_ALONE, next(iter(parts)), f"There is no weight of {category}.")
            return
        required = CATEGORIES[category].required_one_of
        if required and not any(join_key(category, nuclide) in parts for nuclide in required):
            yield self.found(syntax_rules.NO_FISSILE, category, f"One of {' '.join(required)} is needed.")
        if self.code in _NET or is_signed(self.code):
            return
        yield from self.isotopes(category, {split_key(key)[1]: ug for key, ug in parts.items()})
        yield from self.window(category)

    def isotopes(self, category: str, parts: Mapping[str, int]) -> Iterator[Problem]:
        """The isotopes against their element and against each other; figures may each be off by half a gram."""
        element = self.weights[category]
        for nuclide, ug in parts.items():
            if ug > element:
                message = f"{format_grams(ug)} g of {nuclide} in {format_grams(element)} g."
                yield self.found(rules.ISOTOPE_EXCEEDS, join_key(category, nuclide), message)
        for whole, pieces in SUMS.items():
            if whole in parts and all(piece in parts for piece in pieces):
                yield from self.compare(join_key(category, whole), parts[whole], [parts[piece] for piece in pieces])
        single = {nuclide: ug for nuclide, ug in parts.items() if nuclide not in SUMS}
        if _ALL.get(CATEGORIES[category].element, {""}) <= single.keys():
            yield from self.compare(category, element, list(single.values()))
        elif sum(single.values()) > element + UG_PER_G * len(single):
            message = f"The isotopes come to {format_grams(sum(single.values()))} g."
            yield self.found(rules.ISOTOPE_EXCEEDS, category, message)

    def compare(self, key: str, whole: int, pieces: list[int]) -> Iterator[Problem]:
        """Whether a weight is the sum of its pieces, within the rounding to grams."""
        if abs(whole - sum(pieces)) > UG_PER_G // 2 * (len(pieces) + 1):
            message = f"{format_grams(whole)} g, its parts come to {format_grams(sum(pieces))} g."
            yield self.found(rules.ISOTOPES_DISAGREE, key, message)

    def window(self, category: str) -> Iterator[Problem]:
        """Whether the enrichment is one of the category; of batches only, for sums of changes need not be."""
        window = CATEGORIES[category].window
        found = enrichment(category, self.weights)
        if isinstance(self.line, BalanceEntry) or window is None or found is None or window.holds(found):
            return
        message = f"{float(found) * 100:.4g} percent in category {category}."
        yield self.found(rules.ENRICHMENT, category, message)

    def found(self, rule: Rule, key: str, message: str) -> Problem:
        """A problem of this entry, at the label of the weight."""
        record = line_name(self.report.header, self.line)
        return rule.problem(message, record=record, field=weight_label(key) if key else "600-800")
