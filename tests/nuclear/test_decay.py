"""Decay, element factors and the changes that follow from masses before and after."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmpca.nuclear.categories import NATIONAL_SCHEME, join_key, split_key
from openmpca.nuclear.compounds import COMPOUNDS, element_factor, element_ug
from openmpca.nuclear.decay import NUCLIDES, DecayError, decay, decay_years
from openmpca.nuclear.mass import UG_PER_G
from openmpca.nuclear.transformation import Transformation, TransformationError, decay_losses, transformation

DAY = date(2025, 6, 30)
PLUTONIUM = {"Pu238": 20, "Pu239": 550, "Pu240": 250, "Pu241": 120, "Pu242": 60}


@pytest.mark.parametrize(("years", "left", "americium"), [(1, "994.132", "5.664"), (5, "973.226", "25.680")])
def test_a_kilogram_of_plutonium_decays_as_computed(years: int, left: str, americium: str) -> None:
    after = decay_years({code: grams * UG_PER_G for code, grams in PLUTONIUM.items()}, Decimal(years))
    plutonium = sum(after[code] for code in PLUTONIUM)
    assert abs(plutonium - Decimal(left) * UG_PER_G) <= 500
    assert abs(after["Am241"] - Decimal(americium) * UG_PER_G) <= 500


@given(st.sampled_from(sorted(NUCLIDES)), st.integers(0, 10**15), st.integers(0, 40_000))
def test_nothing_is_made_from_nothing(code: str, ug: int, days: int) -> None:
    after = decay({code: ug}, date(1950, 1, 1), date.fromordinal(date(1950, 1, 1).toordinal() + days))
    assert 0 <= after[code] <= ug
    assert sum(after.values()) <= ug + len(after)


@given(st.integers(0, 10**12), st.integers(0, 5000), st.integers(0, 5000))
def test_two_periods_decay_as_much_as_one(ug: int, first: int, second: int) -> None:
    year = Decimal("365.25")
    stepwise = decay_years(decay_years({"Pu241": ug}, first / year), second / year)
    at_once = decay_years({"Pu241": ug}, (first + second) / year)
    for code in stepwise.keys() | at_once.keys():
        assert abs(stepwise.get(code, 0) - at_once.get(code, 0)) <= 3


def test_half_of_it_is_gone_after_a_half_life() -> None:
    for nuclide in NUCLIDES.values():
        assert (
            abs(decay_years({nuclide.code: 10**12}, Decimal(nuclide.half_life_years))[nuclide.code] - 5 * 10**11) <= 1
        )


def test_no_time_changes_nothing() -> None:
    assert decay({"Pu241": 7, "Am241": 3}, DAY, DAY) == {"Pu241": 7, "Am241": 3}


def test_half_lives_are_marked_unverified() -> None:
    assert all(nuclide.unverified for nuclide in NUCLIDES.values())


def test_time_does_not_run_backwards() -> None:
    with pytest.raises(DecayError, match="backwards"):
        decay({"Pu241": 1}, date(2025, 1, 2), date(2025, 1, 1))
    with pytest.raises(DecayError, match="backwards"):
        decay_years({"Pu241": 1}, Decimal(-1))


def test_a_nuclide_without_a_half_life_is_refused() -> None:
    with pytest.raises(DecayError, match="'Pu244' has no half-life"):
        decay({"Pu244": 1}, DAY, DAY)


@pytest.mark.parametrize(
    ("compound", "enriched", "factor"),
    [
        ("UF6", None, "0.67618"),
        ("UF4", None, "0.75800"),
        ("UO2", None, "0.88150"),
        ("UO3", None, "0.83219"),
        ("U3O8", None, "0.84800"),
        ("ADU", None, "0.76276"),
        ("UNH", None, "0.47404"),
        ("UC", None, "0.95196"),
        ("ThO2", None, "0.87881"),
        ("UF6", "0.0495", "0.67606"),
        ("UO2", "0.0495", "0.88144"),
        ("U3O8", "0.0495", "0.84793"),
        ("UF6", "0.1975", "0.67565"),
        ("UF6", "0.93", "0.67361"),
    ],
)
def test_element_factors_agree_with_the_computed_ones(compound: str, enriched: str | None, factor: str) -> None:
    computed = element_factor(compound, None if enriched is None else Fraction(enriched))
    assert round(computed, 5) == Fraction(factor)


@given(st.sampled_from(sorted(COMPOUNDS)), st.integers(0, 10**15), st.fractions(0, 1))
def test_a_compound_weighs_more_than_its_element(compound: str, ug: int, enriched: Fraction) -> None:
    assert 0 <= element_ug(compound, ug, enriched) <= ug


def test_impossible_compounds_are_refused() -> None:
    with pytest.raises(ValueError, match="no known compound"):
        element_factor("H2O")
    with pytest.raises(ValueError, match="no share"):
        element_factor("UO2", Fraction(5))
    with pytest.raises(ValueError, match="negative"):
        element_ug("UO2", -1)


def applied(weights: dict[str, int], changes: tuple[Transformation, ...]) -> dict[str, int]:
    left = dict(weights)
    for change in changes:
        sign = 1 if change.code == "NP" else -1
        for key, ug in change.weights.items():
            left[key] = left.get(key, 0) + sign * ug
        for key, ug in change.new_weights.items():
            left[key] = left.get(key, 0) + ug
    return left


grams = st.integers(0, 10**12)


batches = st.fixed_dictionaries({"U": grams, "U/U235": grams, "U/U236": grams, "P": grams, "P/Pu239": grams})


@given(batches, batches)
def test_the_changes_lead_exactly_to_the_weights_after(before: dict[str, int], after: dict[str, int]) -> None:
    changes = transformation(before, after, DAY)
    assert applied(before, changes) == after
    assert all(due.day == DAY for due in changes)


@given(st.integers(1, 10**12), st.fractions(0, 1), st.sampled_from(["D", "N", "E"]))
def test_a_category_change_conserves_the_uranium_and_settles_it(ug: int, share: Fraction, code: str) -> None:
    held = {code: ug, join_key(code, "U235" if code == "E" else "fissile"): int(ug * share)}
    changes = transformation(held, held, DAY)
    left = {key: weight for key, weight in applied(held, changes).items() if weight or key not in held}
    for change in changes:
        assert change.weights == held
        assert change.new_weights[change.new_category] == ug
        assert transformation(change.new_weights, change.new_weights, DAY) == ()
        assert not left.keys() & held.keys()


def test_burn_up_of_a_research_reactor_gives_loss_and_production() -> None:
    before = {"E": 1000, "E/U235": 400}
    after = {"E": 502, "E/U235": 194, "P": 170}
    loss, production = transformation(before, after, DAY)
    assert (loss.code, loss.category, loss.weights) == ("LN", "E", {"E": 498, "E/U235": 206})
    assert (production.code, production.weights) == ("NP", {"P": 170})


def test_an_isotope_that_grew_stands_in_the_loss_with_a_minus() -> None:
    (loss,) = transformation({"E": 100, "E/U235": 50, "E/U236": 0}, {"E": 90, "E/U235": 38, "E/U236": 2}, DAY)
    assert loss.weights == {"E": 10, "E/U235": 12, "E/U236": -2}


def test_isotopes_that_move_within_the_same_element_weight_are_a_loss_of_no_element() -> None:
    (loss,) = transformation({"P": 100, "P/Pu239": 90}, {"P": 100, "P/Pu239": 89}, DAY)
    assert (loss.code, loss.weights) == ("LN", {"P": 0, "P/Pu239": 1})


def test_nothing_is_due_where_nothing_changed() -> None:
    assert transformation({"N": 100}, {"N": 100}, DAY) == ()


def test_natural_uranium_burnt_below_the_window_changes_category_after_its_loss() -> None:
    before = {"N": 1_000_000, "N/fissile": 7110}
    after = {"N": 990_000, "N/fissile": 2500, "P": 3000}
    loss, production, change = transformation(before, after, DAY)
    assert (loss.code, production.code, change.code) == ("LN", "NP", "ND")
    assert change.weights == {"N": 990_000, "N/fissile": 2500}
    assert (change.new_category, change.new_weights) == ("D", {"D": 990_000, "D/fissile": 2500})


def test_enriched_uranium_burnt_below_natural_becomes_depleted() -> None:
    after = {"E": 1_000_000, "E/U235": 4000, "E/U236": 5000}
    (change,) = transformation(after, after, DAY)
    assert (change.code, change.new_weights) == ("ED", {"D": 1_000_000, "D/fissile": 4000})


def test_natural_uranium_above_its_window_becomes_enriched() -> None:
    after = {"N": 1_000_000, "N/fissile": 9000}
    (change,) = transformation(after, after, DAY)
    assert (change.code, change.new_weights) == ("NE", {"E": 1_000_000, "E/U235": 9000})


def test_high_enriched_uranium_falling_below_20_percent_has_no_agency_code() -> None:
    after = {"HEU": 1000, "HEU/U235": 150, "HEU/U236": 30}
    (change,) = transformation(after, after, DAY, NATIONAL_SCHEME)
    assert (change.code, change.new_category) == ("", "LEU")
    assert change.new_weights == {"LEU": 1000, "LEU/U235": 150, "LEU/U236": 30}
    assert transformation(after, after, DAY) == (), "the Agency's scheme does not tell them apart"


def test_unknown_enrichment_proposes_no_category_change() -> None:
    assert [due.code for due in transformation({"N": 100}, {"N": 90}, DAY)] == ["LN"]


def test_uranium_233_bred_in_thorium_is_produced_as_enriched_uranium() -> None:
    loss, production = transformation({"T": 1000}, {"T": 990, "E": 8, "E/U233": 8}, DAY)
    assert (loss.weights, production.weights) == ({"T": 10}, {"E": 8, "E/U233": 8})


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ({"X": 1}, {"X": 1}, "no category 'X'"),
        ({"E/U235": 1}, {}, "no weight of its element"),
        ({"E": -1}, {"E": 0}, "negative mass"),
        ({"E": 2, "E/U235": 1}, {"E": 2}, "E/U235: give the weight both"),
        ({"E": 2}, {"E": 2, "E/U235": 1}, "E/U235: give the weight both"),
        ({"E": 2}, {"P": 1}, "E: give the weight both"),
    ],
)
def test_weights_that_cannot_be_compared_are_refused(before: dict[str, int], after: dict[str, int], why: str) -> None:
    with pytest.raises(TransformationError, match=why):
        transformation(before, after, DAY)


def test_decay_is_booked_as_loss_of_the_isotopes_and_their_sums() -> None:
    held = {"P": 10**9, "P/Pu239": 6 * 10**8, "P/Pu241": 10**8, "P/Pu239+Pu241": 7 * 10**8}
    (loss,) = decay_losses(held, date(2020, 1, 1), date(2025, 1, 1))
    assert loss.code == "LN"
    assert loss.weights["P"] == loss.weights["P/Pu239+Pu241"] == loss.weights["P/Pu239"] + loss.weights["P/Pu241"]


def test_a_sum_without_its_parts_cannot_decay() -> None:
    with pytest.raises(TransformationError, match="give the weight of each"):
        decay_losses({"P": 10, "P/Pu239+Pu241": 8}, DAY, DAY)


def test_a_category_of_one_nuclide_decays_by_itself() -> None:
    (loss,) = decay_losses({"tritium": 10**9}, date(2020, 1, 1), date(2021, 1, 1))
    assert 0 < loss.weights["tritium"] < 6 * 10**7


def test_americium_that_grows_is_added_to_what_is_held() -> None:
    held = {"P": 10**9, "P/Pu241": 10**9, "Am241": 10**6}
    loss, growth = decay_losses(held, date(2020, 1, 1), date(2021, 1, 1), grown=("Am241",))
    assert (loss.category, growth.category, growth.code) == ("P", "Am241", "NP")
    assert 4.5e7 < growth.weights["Am241"] < loss.weights["P"]


def test_daughters_of_the_same_element_stay_in_it() -> None:
    held = {"E": 10**18, "E/U235": 10**16, "E/U238": 9 * 10**17}
    (loss,) = decay_losses(held, date(1950, 1, 1), date(2050, 1, 1))
    assert loss.weights["E"] < loss.weights["E/U238"]


def test_fissile_content_of_natural_uranium_is_left_as_it_is() -> None:
    held = {"N": 10**12, "N/fissile": 7 * 10**9}
    assert decay_losses(held, date(2020, 1, 1), date(2021, 1, 1)) == ()
    assert {split_key(key)[0] for key in held} == {"N"}
