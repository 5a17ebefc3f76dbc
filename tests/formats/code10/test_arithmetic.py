"""The balance of published and worked numbers, and what holds for any."""

from hypothesis import given
from hypothesis import strategies as st

from openmpca.formats.code10.arithmetic import BalanceLine, Total, balance_lines, derived, effect
from openmpca.nuclear.mass import UG_PER_G, UG_PER_KG

G = UG_PER_G


def grams(lines: list[BalanceLine], key: str) -> dict[str, float]:
    return {line.code: line.weights[key] / G for line in lines if key in line.weights}


def totals(table: dict[str, tuple[float, ...]], *keys: str) -> dict[str, dict[str, Total]]:
    return {
        code: {key: Total(round(value * G)) for key, value in zip(keys, values, strict=True)}
        for code, values in table.items()
    }


def test_a_positive_shipper_receiver_difference_reduces_the_book() -> None:
    lines = balance_lines(
        totals({"PB": (10000, 300), "RF": (500, 25), "DI": (15, 0.75), "PE": (10485, 324.25)}, "E", "E/U235"),
        with_ending=True,
    )
    assert [line.code for line in lines] == ["PB", "RF", "BE", "DI", "BA", "PE", "MF"]
    assert grams(lines, "E") == {"PB": 10000, "RF": 500, "BE": 10500, "DI": 15, "BA": 10485, "PE": 10485, "MF": 0}
    assert grams(lines, "E/U235")["BA"] == 324.25
    assert grams(lines, "E/U235")["MF"] == 0


def test_an_inventory_without_difference_closes_at_zero() -> None:
    lines = balance_lines(
        totals({"PB": (15000, 500), "RD": (5000, 150), "SD": (4000, 120), "PE": (16000, 530)}, "E", "E/U235")
    )
    assert (grams(lines, "E")["BA"], grams(lines, "E")["MF"]) == (16000, 0)
    assert (grams(lines, "E/U235")["BA"], grams(lines, "E/U235")["MF"]) == (530, 0)


def test_the_material_unaccounted_for_is_book_minus_physical() -> None:
    lines = balance_lines(totals({"PB": (100000, 2000), "SD": (25000, 500), "PE": (72900, 1450)}, "E", "E/U235"))
    assert (grams(lines, "E")["MF"], grams(lines, "E/U235")["MF"]) == (2100, 50)


def test_what_was_reported_rounded_is_met_by_a_rounding_adjustment() -> None:
    lines = balance_lines(
        {"PB": {"E": Total(100 * G)}, "LN": {"E": Total(31_200_000, 30 * G)}, "PE": {"E": Total(69 * G)}},
        steps={"E": G},
    )
    assert grams(lines, "E")["LN"] == 31
    assert grams(lines, "E")["RALN"] == -1
    assert [line.code for line in lines] == ["PB", "LN", "RALN", "BA", "PE", "MF"]


def test_the_adjusted_book_is_met_by_a_rounding_adjustment() -> None:
    lines = balance_lines(
        {
            "PB": {"E": Total(100_400_000, 100 * G)},
            "RD": {"E": Total(50_200_000, 50 * G)},
            "SD": {"E": Total(20 * G)},
            "PE": {"E": Total(131 * G)},
        },
        steps={"E": G},
    )
    assert grams(lines, "E") == {
        "PB": 100, "RD": 50, "SD": 20, "BA": 131, "RABA": -1, "PE": 131, "MF": 0,
    }  # fmt: skip


def test_a_published_national_balance_has_its_rounding_line() -> None:
    figures = {"PB": 0, "NP": 1040, "RN": 17, "RF": 57, "LD": 34, "LN": 16, "SN": 35, "SF": 7, "PE": 995, "MF": 28}
    figures["BE"] = derived(figures, "P")["BE"]
    figures["BA"] = derived(figures, "P")["BA"]
    assert figures["BE"] == 1022
    assert derived(figures, "P")["MF"] - figures["MF"] == -1


def test_a_category_change_stands_in_both_balances_and_rebatching_in_none() -> None:
    lines = balance_lines(
        {
            "PB": {"E": Total(50), "N": Total(5)},
            "EN": {"E": Total(10), "N": Total(10)},
            "RM": {"E": Total(3)},
            "RP": {"E": Total(3)},
            "PE": {"E": Total(40), "N": Total(15)},
        }
    )
    assert [line.code for line in lines] == ["PB", "EN", "BA", "PE", "MF"] * 2
    assert [line.weights for line in lines if line.code == "MF"] == [{"E": 0}, {"N": 0}]
    assert effect("EN", "P") == 0


def test_each_category_and_isotope_has_its_own_printed_unit() -> None:
    lines = balance_lines(
        {"PB": {"N": Total(1_600_000_000), "N/fissile": Total(11_376_000)}}, steps={"N": UG_PER_KG, "N/fissile": G}
    )
    assert lines[0] == BalanceLine("PB", {"N": 2 * UG_PER_KG, "N/fissile": 11 * G})


_UG = st.integers(0, 10**15)


@given(
    st.dictionaries(st.sampled_from(["PB", "RF", "SD", "LN", "NP", "PE"]), _UG, min_size=1),
    st.integers(-(10**12), 10**12),
    st.sampled_from([1, 1000, G, UG_PER_KG]),
)
def test_printed_figures_and_their_adjustments_close_exactly(given: dict[str, int], di: int, step: int) -> None:
    table = {code: {"E": Total(ug)} for code, ug in {**given, "DI": di}.items()}
    lines = {line.code: line.weights["E"] for line in balance_lines(table, steps={"E": step}, with_ending=True)}
    wanted = derived(lines, "E")
    for code in ("BE", "BA", "MF"):
        assert lines[code] + lines.get("RA" + code, 0) == wanted[code]
        assert lines[code] % step == 0
    for code, ug in given.items():
        assert lines[code] + lines.get("RA" + code, 0) == ug
