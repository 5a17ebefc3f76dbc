"""The published worked balances W2 to W5 and the ledger W1, told as stories."""

from datetime import date

import pytest

from openmpca.accounting import balance
from tests.accounting.inventory.area import balanced, begun, line, weights
from tests.state import State

OPENED = date(2025, 12, 31)
TAKEN = date(2026, 6, 30)


def test_w2_a_receipt_on_the_shippers_data_and_its_difference(usual_state_home: State) -> None:
    story = begun()
    story.opened(line("STOCK", weights=weights(E="10000", E_U235="300")), day=OPENED)
    story.happened(date(2026, 2, 1), "RF", "NEW", weights(E="500", E_U235="25"))
    story.happened(date(2026, 2, 3), "DI", "NEW", weights(E="15", E_U235="0.75"), basis="M")
    taken = story.frozen(TAKEN)
    story.all_found(taken)
    story.closed(taken)
    found = balanced(OPENED, TAKEN)
    assert found["E"] == {
        "PB": "10000",
        "RF": "500",
        "BE": "10500",
        "DI": "15",
        "BA": "10485",
        "PE": "10485",
        "MF": "0",
    }
    assert found["E/U235"] == {
        "PB": "300",
        "RF": "25",
        "BE": "325",
        "DI": "0.75",
        "BA": "324.25",
        "PE": "324.25",
        "MF": "0",
    }


def test_w3_an_inventory_without_any_difference(usual_state_home: State) -> None:
    story = begun()
    story.opened(
        *(line(f"B{n}", weights=weights(E="5000", E_U235=u235)) for n, u235 in ((1, "120"), (2, "190"), (3, "190"))),
        day=OPENED,
    )
    story.happened(date(2026, 2, 1), "RD", "B4", weights(E="5000", E_U235="150"))
    story.happened(date(2026, 3, 1), "SD", "B1", weights(E="4000", E_U235="120"))
    taken = story.frozen(TAKEN)
    for batch in ("B1", "B2", "B3", "B4"):
        story.found(taken, batch, weights=weights(E="4000", E_U235="132.5"), measured=True)
    assert story.differences(taken).totals["ug"].to_list() == [0, 0]
    story.closed(taken)
    found = balanced(OPENED, TAKEN)
    assert found["E"] == {
        "PB": "15000",
        "RD": "5000",
        "SD": "4000",
        "BE": "16000",
        "BA": "16000",
        "PE": "16000",
        "MF": "0",
    }
    assert found["E/U235"]["BA"] == found["E/U235"]["PE"] == "530"


def test_w4_muf_is_book_minus_physical(each_state_home: State) -> None:
    story = begun()
    story.opened(*(line(f"B{n}", weights=weights(E="25000", E_U235="500")) for n in range(1, 5)), day=OPENED)
    story.happened(date(2026, 3, 1), "SD", "B4", weights(E="25000", E_U235="500"))
    taken = story.frozen(TAKEN)
    story.found(taken, "B1")
    story.found(taken, "B2")
    story.found(taken, "B3", weights=weights(E="22900", E_U235="450"), measured=True)
    story.closed(taken)
    found = balanced(OPENED, TAKEN)
    assert found["E"] == {
        "PB": "100000",
        "SD": "25000",
        "BE": "75000",
        "BA": "75000",
        "PE": "72900",
        "MF": "2100",
    }
    assert found["E/U235"]["MF"] == "50"


def test_w5_a_small_bias_adds_up_over_the_periods(usual_state_home: State) -> None:
    story = begun()
    story.opened(day=OPENED)
    last = OPENED
    for month in range(1, 6):
        story.happened(date(2026, month, 10), "RD", f"R{month}", weights(E="1000", E_U235="20"))
        last = date(2026, month, 20)
        taken = story.frozen(last)
        for before in range(1, month):
            story.found(taken, f"R{before}")
        story.found(taken, f"R{month}", weights=weights(E="995", E_U235="19.9"), measured=True)
        story.closed(taken)
        assert balanced(balance.periods("ZZA1")[-1].begin, last)["E"]["MF"] == "5"
    whole = balanced(OPENED, last)
    assert (whole["E"]["MF"], whole["E/U235"]["MF"]) == ("25", "0.5")


@pytest.mark.parametrize("when", ["in order", "receipt known late"])
def test_w1_the_ledger_of_a_research_reactor(usual_state_home: State, when: str) -> None:
    story = begun()
    story.opened(day=date(2026, 1, 31))
    story.happened(date(2026, 2, 2), "RF", "CRR01-40", weights(E="34840", E_U235="6880"), items=40)
    if when == "in order":
        story.happened(date(2026, 3, 29), "RF", "CRR41-51", weights(E="9581", E_U235="1892"), items=11)
    story.happened(date(2026, 4, 29), "LN", "CRR01-40", weights(E="1371", E_U235="568"), items=40)
    taken = story.frozen(date(2026, 5, 20))
    story.found(taken, "CRR01-40")
    story.found(taken, "CRR41-51", weights=weights(E="9581", E_U235="1892"), items=11, basis="N", description="BQ2F")
    story.closed(taken)
    if when != "in order":
        story.happened(date(2026, 3, 29), "RF", "CRR41-51", weights(E="9581", E_U235="1892"), items=11)
    found = balanced(date(2026, 1, 31), date(2026, 5, 20), items=True)
    assert found["E"] == {
        "PB": "0",
        "RF": "44421",
        "LN": "1371",
        "BE": "43050",
        "BA": "43050",
        "PE": "43050",
        "MF": "0",
    }
    assert found["E/U235"]["PE"] == "8204"
    assert found["#"] == {"PB": "0", "RF": "51", "BE": "51", "BA": "51", "PE": "51", "MF": "0"}
