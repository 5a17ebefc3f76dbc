"""Effective kilograms, significant quantities and exemptions against published numbers."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmpca.nuclear.mass import UG_PER_G, UG_PER_KG, UG_PER_T
from openmpca.nuclear.quantities import (
    BOUNDARIES,
    EXEMPTION,
    SIGNIFICANT,
    QuantityError,
    effective_kilograms,
    exemption_total,
    significant_quantities,
)

TONNE = 1000 * UG_PER_KG


def uranium(category: str, ug: int, enriched: str) -> dict[str, int]:
    fissile = "fissile" if category in ("N", "D") else "U235"
    return {category: ug, f"{category}/{fissile}": int(ug * Fraction(enriched))}


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        (uranium("E", TONNE, "0.0495"), "2.45025"),
        (uranium("N", TONNE, "0.00711"), "0.1"),
        ({"N": TONNE}, "0.1"),
        (uranium("D", TONNE, "0.005"), "0.05"),
        (uranium("D", TONNE, "0.0051"), "0.1"),
        ({"D": TONNE}, "0.1"),
        (uranium("E", TONNE, "0.01"), "0.1"),
        ({"T": TONNE}, "0.05"),
        ({"P": 5 * UG_PER_KG, "P/Pu239": 4 * UG_PER_KG}, "5"),
        ({"Am241": UG_PER_KG}, "0"),
        ({}, "0"),
        ({"E": 0}, "0"),
    ],
)
def test_effective_kilograms_follow_paragraph_104(weights: dict[str, int], expected: str) -> None:
    assert effective_kilograms(weights) == Fraction(expected)


def test_uranium_of_unknown_enrichment_is_refused() -> None:
    for ask in (effective_kilograms, significant_quantities, lambda weights: exemption_total([weights])):
        with pytest.raises(QuantityError, match="enrichment is not known"):
            ask({"E": TONNE})  # type: ignore[operator]


def test_weights_without_category_or_element_are_refused() -> None:
    with pytest.raises(QuantityError, match="no category 'X'"):
        effective_kilograms({"X": 1})
    with pytest.raises(QuantityError, match="no weight of its element"):
        effective_kilograms({"E/U235": 1})


@pytest.mark.parametrize(
    "weights",
    [
        {"P": 8 * UG_PER_KG},
        {"P": 8 * UG_PER_KG, "P/Pu238": 6 * UG_PER_KG},
        {"E": 8 * UG_PER_KG, "E/U233": 8 * UG_PER_KG},
        {"E": 8 * UG_PER_KG, "E/U233": 8 * UG_PER_KG, "E/U233+U235": 8 * UG_PER_KG},
        {"HEU": 125 * UG_PER_KG, "HEU/U235": 25 * UG_PER_KG},
        {"E": 50 * UG_PER_KG, "E/U235": 25 * UG_PER_KG},
        {"E": 1500 * UG_PER_KG, "E/U235": 75 * UG_PER_KG},
        {"E": 1500 * UG_PER_KG, "E/U233+U235": 75 * UG_PER_KG},
        {"N": 10 * UG_PER_T},
        {"D": 20 * UG_PER_T},
        {"T": 20 * UG_PER_T},
    ],
)
def test_these_are_one_significant_quantity(weights: dict[str, int]) -> None:
    assert significant_quantities(weights) == 1


def test_hot_plutonium_is_no_significant_quantity() -> None:
    assert significant_quantities({"P": 10 * UG_PER_KG, "P/Pu238": 8 * UG_PER_KG}) == 0


def test_the_worked_example_of_exemption_comes_to_550_grams() -> None:
    held = [
        {"P": 200 * UG_PER_G},
        uranium("E", 300 * UG_PER_G, "0.9"),
        uranium("E", 10 * UG_PER_KG, "0.04"),
    ]
    total = exemption_total(held)
    assert total.special == Fraction("0.55") * UG_PER_KG
    assert total.exceeded() == ()


def test_each_material_counts_against_its_own_limit() -> None:
    held = [{"N": UG_PER_T}, {"D": UG_PER_T}, uranium("D", UG_PER_T, "0.002"), {"T": 21 * UG_PER_T}, {"Li6": UG_PER_T}]
    total = exemption_total(held)
    assert (total.special, total.natural, total.depleted) == (0, 2 * UG_PER_T, UG_PER_T)
    assert [limit.code for limit in total.exceeded()] == ["thorium"]


def test_natural_uranium_slightly_above_the_nominal_figure_stays_natural() -> None:
    assert exemption_total([uranium("N", UG_PER_T, "0.00712")]).natural == UG_PER_T


def test_a_limit_reached_is_not_yet_exceeded() -> None:
    assert exemption_total([{"P": UG_PER_KG}]).exceeded() == ()
    assert exemption_total([{"P": UG_PER_KG + 1}]).exceeded() == (EXEMPTION["special"],)


@given(st.integers(1, 10**15), st.fractions(0, 1), st.integers(1, 5))
def test_quantities_grow_in_proportion_to_the_mass(ug: int, enriched: Fraction, times: int) -> None:
    one = {"E": ug, "E/U235": int(ug * enriched)}
    many = {key: times * weight for key, weight in one.items()}
    assert effective_kilograms(many) == times * effective_kilograms(one)
    assert significant_quantities(many) == times * significant_quantities(one)
    assert exemption_total([many]) == exemption_total([one] * times)


def test_amounts_carry_their_source() -> None:
    for row in (*SIGNIFICANT.values(), *EXEMPTION.values(), *BOUNDARIES.values()):
        assert row.source
    assert BOUNDARIES["natural"].unverified
