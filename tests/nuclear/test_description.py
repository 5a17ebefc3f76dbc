"""Material descriptions and measurement bases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmpca.nuclear.basis import AGENCY_BASIS, BASES, basis_of
from openmpca.nuclear.description import (
    PAIRINGS,
    POSITIONS,
    DescriptionError,
    describe,
    split_code,
    unusual_pairings,
    with_slashes,
)

USUAL = ["BQ2F", "BQ1G", "BQ4G", "OGUB", "FQMB", "NJ5B", "QS1A", "BU2F", "BU2G"]
characters = [st.sampled_from([keyword.code for keyword in position.codes]) for position in POSITIONS]
codes = st.tuples(*characters).map("".join).filter(lambda code: not code.startswith("Q"))


@given(codes)
def test_a_description_reads_the_same_with_and_without_slashes(code: str) -> None:
    assert "".join(split_code(code)) == code
    assert split_code(with_slashes(code)) == split_code(code)
    assert describe(code).code == code
    for pairing in unusual_pairings(code):
        assert pairing in PAIRINGS


@pytest.mark.parametrize("code", USUAL)
def test_usual_descriptions_meet_every_expectation(code: str) -> None:
    assert unusual_pairings(code) == ()


def test_pairings_are_marked_unverified() -> None:
    assert all(pairing.unverified for pairing in PAIRINGS)


def test_a_description_says_what_it_means() -> None:
    fresh, spent = describe("BQ2F"), describe("BQ1G")
    assert (fresh.irradiated, spent.irradiated) == (False, True)
    assert str(spent) == "fuel elements, dioxide, uncontained, irradiated fuel"
    assert describe("OGUB").containment == "container above 1000 to 5000 l"


def test_a_sealed_source_has_no_chemical_form() -> None:
    source = describe("Q/S/1/A")
    assert source.sealed_source
    assert source.chemical_form == ""
    assert str(source) == "sealed source, uncontained, manufactured articles"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("BQ2", "four characters"),
        ("BQ2FF", "four characters"),
        ("B/Q/2", "four characters"),
        ("B/Q/22/F", "four characters"),
        ("", "four characters"),
        ("BS2F", "chemical form"),
        ("QD1A", "sealed source"),
        ("0GUB", "letter O is meant"),
        ("ØGUB", "letter O is meant"),
        ("bQ2F", "capital"),
        ("BQ9F", "containment"),
        ("BQ2X", "irradiation"),
    ],
)
def test_a_text_that_is_no_description_is_refused_with_a_reason(text: str, why: str) -> None:
    with pytest.raises(DescriptionError, match=why):
        describe(text)


def test_bases_say_where_and_whether_reported_before() -> None:
    assert set(BASES) == set("NLMT")
    for basis in BASES.values():
        assert basis_of(basis.measured_here, basis.reported_before) is basis


def test_estimated_bases_of_euratom_twin_the_agencys() -> None:
    assert {code: AGENCY_BASIS[code] for code in "EGFH"} == {"E": "M", "G": "T", "F": "N", "H": "L"}
    assert all(AGENCY_BASIS[code] == code for code in BASES)
