"""Mass as text and as micrograms, one by one and in columns."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmpca.nuclear.mass import (
    UG_PER_G,
    UG_PER_KG,
    MassError,
    format_fixed,
    format_grams,
    format_kilograms,
    parse_grams,
    parse_kilograms,
    round_half_up,
)
from openmpca.nuclear.mass_columns import grams_from_ug, kilograms_from_ug, ug_from_grams, ug_from_kilograms

LARGEST = 10**18 - 1
masses = st.integers(-LARGEST, LARGEST)
almost_numbers = st.text(alphabet="0123456789.-+, eE٣３\n_", max_size=22) | st.text(max_size=8)


@given(masses)
def test_parsing_what_was_written_gives_the_same_mass(ug: int) -> None:
    assert parse_grams(format_grams(ug)) == ug
    assert parse_kilograms(format_kilograms(ug)) == ug


@given(st.integers(-(2**63), 2**63 - 1))
def test_columns_write_the_same_text_as_the_scalar(ug: int) -> None:
    frame = pl.DataFrame({"m": [ug]}, schema={"m": pl.Int64})
    assert frame.select(grams_from_ug("m")).item() == format_grams(ug)
    assert frame.select(kilograms_from_ug("m")).item() == format_kilograms(ug)


def scalar(parse, text: str) -> int | None:  # type: ignore[no-untyped-def]
    try:
        return int(parse(text))
    except MassError:
        return None


@given(st.lists(almost_numbers | masses.map(format_grams) | masses.map(format_kilograms), min_size=1, max_size=20))
def test_columns_read_the_same_mass_as_the_scalar(texts: list[str]) -> None:
    frame = pl.DataFrame({"m": texts})
    assert frame.select(ug_from_grams("m"))["m"].to_list() == [scalar(parse_grams, t) for t in texts]
    assert frame.select(ug_from_kilograms("m"))["m"].to_list() == [scalar(parse_kilograms, t) for t in texts]
    assert frame.select(ug_from_grams("m")).schema == {"m": pl.Int64}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "blank"),
        (" ", "blank"),
        ("1e3", "exponent"),
        ("1.5E+3", "exponent"),
        ("1,5", "point"),
        ("1 000", "digits, a point"),
        ("３", "ASCII"),
        ("٣.5", "ASCII"),
        ("0.0000001", "finer than a microgram"),
        ("1" * 13, "too large"),
        ("9223372036854775808", "too large"),
        ("+5", "digits, a point"),
        ("5\n", "digits, a point"),
        (".5", "digits, a point"),
        ("5.", "digits, a point"),
        ("1_000", "digits, a point"),
        ("--5", "digits, a point"),
        ("NaN", "digits, a point"),
    ],
)
def test_a_text_that_is_no_mass_is_refused_with_a_reason(text: str, why: str) -> None:
    with pytest.raises(MassError, match=why):
        parse_grams(text)


def test_kilograms_have_nine_decimals_and_no_more() -> None:
    assert parse_kilograms("0.000000001") == 1
    with pytest.raises(MassError, match=r"kilograms.*at most 9 decimals"):
        parse_kilograms("0.0000000001")
    with pytest.raises(MassError, match="at most 9 digits"):
        parse_kilograms("1" * 10)


@given(masses, st.sampled_from([1, 1000, UG_PER_G, UG_PER_KG, 7]))
def test_rounding_is_to_the_nearest_unit_and_symmetric(ug: int, unit: int) -> None:
    rounded = round_half_up(ug, unit)
    assert rounded % unit == 0
    assert 2 * abs(rounded - ug) <= unit
    assert round_half_up(-ug, unit) == -rounded
    assert round_half_up(rounded, unit) == rounded


@given(masses)
def test_fixed_text_with_all_decimals_says_the_same_mass(ug: int) -> None:
    assert parse_grams(format_fixed(ug, 6)) == ug
    assert parse_kilograms(format_fixed(ug, 9, UG_PER_KG)) == ug


def test_a_half_is_rounded_away_from_zero() -> None:
    assert format_fixed(parse_grams("2.5"), 0) == "3"
    assert format_fixed(parse_grams("-2.5"), 0) == "-3"
    assert format_fixed(parse_grams("0.0005"), 3) == "0.001"


def test_impossible_units_and_decimals_are_refused() -> None:
    with pytest.raises(ValueError, match="grams or kilograms"):
        format_fixed(1, 0, 1000)
    with pytest.raises(ValueError, match="0 to 6"):
        format_fixed(1, 7)
    with pytest.raises(ValueError, match="positive"):
        round_half_up(1, 0)
