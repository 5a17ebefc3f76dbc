"""Categories, weight keys, labels and enrichment."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmpca.nuclear.categories import (
    AGENCY_SCHEME,
    CATEGORIES,
    LABELS,
    NATIONAL_SCHEME,
    CategoryError,
    agency_key,
    category_for,
    enrichment,
    join_key,
    key_of,
    label_of,
    split_key,
    unit_of,
)

PUBLISHED_UNITS = {
    "600": "G", "610": "K", "620": "K", "630": "G", "640": "G", "650": "G", "660": "G", "670": "G", "680": "G",
    "690": "G", "700": "G", "710": "G", "720": "G", "730": "G", "740": "G", "750": "G", "760": "G", "770": "G",
    "780": "G", "800": "K",
}  # fmt: skip


def test_labels_and_units_are_those_of_code_10() -> None:
    assert {label: unit_of(key) for key, label in LABELS.items()} == PUBLISHED_UNITS


@given(st.sampled_from(sorted(LABELS)))
def test_a_label_leads_back_to_its_key(key: str) -> None:
    assert key_of(label_of(key), split_key(key)[0]) == key


@given(st.sampled_from(sorted(key for category in CATEGORIES.values() for key in category.keys)))
def test_joining_a_split_key_gives_the_key(key: str) -> None:
    assert join_key(*split_key(key)) == key
    assert unit_of(key) in ("G", "K")


@pytest.mark.parametrize("key", ["", "/U235", "E/", "E/U235/x"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(CategoryError, match="CATEGORY/NUCLIDE"):
        split_key(key)


def test_labels_shared_by_two_categories_need_one() -> None:
    assert key_of("670", "E") == "E/U235"
    assert key_of("670", "U") == "U/U235"
    with pytest.raises(CategoryError, match="several categories"):
        key_of("670")
    with pytest.raises(CategoryError, match=r"label '999'\."):
        key_of("999")
    with pytest.raises(CategoryError, match="in category P"):
        key_of("670", "P")


def test_national_categories_collapse_to_the_agencys_or_to_nothing() -> None:
    assert agency_key("HEU/U233+U235") == "E/U233+U235"
    assert {code for code, category in CATEGORIES.items() if not category.national} == set("NDEUPT")
    assert {code for code, category in CATEGORIES.items() if not category.agency} == {
        "Np237", "Am241", "Am243", "Cf252", "Cm", "deuterium", "tritium", "Li6",
    }  # fmt: skip
    with pytest.raises(CategoryError, match="no label"):
        label_of("Am241")
    with pytest.raises(CategoryError, match="no label"):
        label_of("E/U232")


def test_unknown_categories_and_weights_are_refused_by_name() -> None:
    with pytest.raises(CategoryError, match="no category 'X'"):
        unit_of("X")
    with pytest.raises(CategoryError, match="no weight U235"):
        unit_of("N/U235")


def test_enriched_and_unified_uranium_require_a_fissile_weight() -> None:
    required = {code for code, category in CATEGORIES.items() if category.required_one_of}
    assert required == {"E", "U", "HEU", "LEU"}
    for code in required:
        assert set(CATEGORIES[code].required_one_of) == {"U233", "U233+U235", "U235"}


def test_enrichment_counts_both_fissile_isotopes() -> None:
    assert enrichment("E", {"E": 100, "E/U235": 3, "E/U233": 1}) == Fraction(1, 25)
    assert enrichment("E", {"E": 100, "E/U235": 3, "E/U233+U235": 5}) == Fraction(1, 20)
    assert enrichment("N", {"N": 100_000, "N/fissile": 711}) == Fraction(711, 100_000)


def test_enrichment_that_is_not_accounted_is_unknown() -> None:
    assert enrichment("N", {"N": 100}) is None
    assert enrichment("E", {"E": 0, "E/U235": 0}) is None


@given(st.fractions(0, 1))
def test_every_enrichment_has_exactly_one_category(enriched: Fraction) -> None:
    for scheme in (AGENCY_SCHEME, NATIONAL_SCHEME):
        windows = [CATEGORIES[code].window for code in scheme]
        assert sum(window is not None and window.holds(enriched) for window in windows) == 1
    national = category_for(enriched, NATIONAL_SCHEME)
    assert CATEGORIES[national].agency == category_for(enriched)


def test_the_published_boundaries_fall_on_the_right_side() -> None:
    assert category_for(Fraction(711, 100_000)) == "N"
    assert category_for(Fraction(1, 5), NATIONAL_SCHEME) == "HEU"
    assert category_for(Fraction(19999, 100_000), NATIONAL_SCHEME) == "LEU"
    assert category_for(Fraction(3, 1000)) == "D"


def test_a_scheme_without_a_fitting_category_is_refused() -> None:
    with pytest.raises(CategoryError, match="No category of P, D"):
        category_for(Fraction(1, 2), ("P", "D"))
