"""Quantities in columns are those of the exact twin, material by material."""

from fractions import Fraction

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from openmpca.nuclear import quantity_columns as columns
from openmpca.nuclear.categories import split_key
from openmpca.nuclear.quantities import QuantityError, effective_kilograms, significant_quantities

KEYS = (
    ("E", "E/U235", "E/U233", "E/U233+U235"),
    ("LEU", "LEU/U235"),
    ("N", "N/fissile"),
    ("D", "D/fissile"),
    ("P", "P/Pu238"),
    ("T",),
    ("U", "U/U235"),
)


@st.composite
def materials(draw: st.DrawFn) -> dict[str, int]:
    """The weights of a material of one or two categories; an isotope may be unknown, or weighed without its element."""
    found: dict[str, int] = {}
    for element, *isotopes in draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=2, unique=True)):
        whole = draw(st.integers(0, 10**13))
        if draw(st.integers(0, 9)):
            found[element] = whole
        for key in isotopes:
            if draw(st.booleans()):
                found[key] = whole * draw(st.sampled_from((0, 3, 5, 7, 10, 49, 200, 201, 900))) // 1000
    return found


@given(st.lists(materials(), min_size=1, max_size=6))
def test_columns_give_what_each_material_gives_by_itself(held: list[dict[str, int]]) -> None:
    rows = [(str(at), *split_key(key), ug) for at, weights in enumerate(held) for key, ug in weights.items()]
    schema = {"at": pl.String, "category": pl.String, "nuclide": pl.String, "ug": pl.Int64}
    parts = columns.categories_of(pl.DataFrame(rows, schema=schema, orient="row"), ["at"])
    effective = {
        at: (kilograms, unknown) for at, kilograms, unknown in columns.effective_kilograms(parts, ["at"]).rows()
    }
    significant = columns.significant_quantities(parts, "at")
    for at, weights in zip(map(str, range(len(held))), held, strict=True):
        kilograms, unknown = effective.get(at, (0.0, False))
        try:
            exact, counted = effective_kilograms(weights), significant_quantities(weights)
        except QuantityError:
            assert unknown
            assert at not in significant
        else:
            assert not unknown
            assert abs(kilograms - exact) <= 1e-9 * max(1, exact)
            assert significant.get(at, Fraction(0)) == counted
