"""The ledger of obligations from the record: as of, known at, with corrections and closings."""

import random
from datetime import date, timedelta

import polars as pl
import pytest

from tests.accounting.story import Story, begun, grams
from tests.state import State

D = date
NAMES = ["", "A", "S", "A+S"]
LATER = date(2030, 1, 1)


def sets(story: Story, mba: str, day: date = LATER, number: int | None = None) -> dict[str, float]:
    from openmpca.accounting.obligations import ledger as obligations

    found = obligations.ledger(story.view(day, number)).of(mba).balances
    return {name: ug / 1e6 for name, ug in found.select("obligation", "ug").iter_rows()}


def test_a_receipt_inherits_what_its_shipment_had_and_a_correction_is_followed(each_state_home: State) -> None:
    from openmpca.accounting.statements import Exchange

    story = begun()
    given = {"counterpart": "XX"}
    first = story.happened("RF", "ZZA1", "B", D(2024, 1, 5), grams(E="60", E_U235="3"), obligation="A", **given)
    story.happened("RF", "ZZA1", "B", D(2024, 1, 5), grams(E="40", E_U235="2"), obligation="A+S", **given)
    half = grams(E="50", E_U235="2.5")
    story.happened("SD", "ZZA1", "B", D(2024, 2, 1), half, counterpart="ZZ/ZZB1")
    story.happened("RD", "ZZB1", "B", D(2024, 2, 1), half, counterpart="ZZ/ZZA1", shipper_batch="B")
    before = story.state(
        Exchange(day=D(2024, 3, 1), mba="ZZB1", given="A", taken="C", weights=grams(E="5", E_U235="0"))
    )
    assert sets(story, "ZZB1", D(2024, 2, 28)) == {"A": 30, "A+S": 20}
    assert sets(story, "ZZB1") == {"A": 25, "A+S": 20, "C": 5}
    story.happened(
        "RF",
        "ZZA1",
        "B",
        D(2024, 1, 5),
        grams(E="60", E_U235="3"),
        obligation="S",
        corrects=first,
        reason="letter",
        **given,
    )
    assert sets(story, "ZZA1") == {"A+S": 20, "S": 30}
    assert sets(story, "ZZA1", number=before[0]) == {"A": 30, "A+S": 20}


def test_a_shortfall_and_a_low_balance_are_told_and_stop_nothing(state_home: State) -> None:
    from openmpca.accounting.obligations import ledger as obligations

    story = begun()
    story.happened("RF", "ZZA1", "B", D(2024, 1, 5), grams(E="100", E_U235="3"), obligation="A", counterpart="XX")
    story.happened("RF", "ZZA1", "B", D(2024, 1, 5), grams(E="100", E_U235="3"), obligation="S", counterpart="XX")
    out = {"counterpart": "XX"}
    story.happened("SF", "ZZA1", "B", D(2024, 2, 5), grams(E="95", E_U235="3"), obligation="A", **out)
    assert [each.rule for each in obligations.ledger(story.view()).problems] == [481]
    story.happened("SF", "ZZA1", "B", D(2024, 3, 5), grams(E="10", E_U235="0.3"), obligation="A", **out)
    found = obligations.ledger(story.view()).of("ZZA1").problems
    assert [(each.rule, each.severity) for each in found] == [(480, "warning")]
    assert "5 g" in found[0].message


def test_an_opening_inventory_states_its_sets_and_muf_is_shared(state_home: State) -> None:
    from openmpca.accounting.statements import Closing, Inventory, Listed

    story = begun()
    for day, opening, listed in (
        (D(2024, 1, 1), True, [("B", "60", "A"), ("C", "40", "S")]),
        (D(2024, 6, 1), False, [("B", "54", ""), ("C", "36", "")]),
    ):
        inventory = story.state(Inventory(day=day, mba="ZZA1", opening=opening))[0]
        for batch, mass, name in listed:
            weights = grams(E=mass, E_U235="1")
            story.state(Listed(day=day, mba="ZZA1", inventory=inventory, batch=batch, weights=weights, obligation=name))
        story.state(Closing(day=day, mba="ZZA1", inventory=inventory))
    assert sets(story, "ZZA1", D(2024, 5, 1)) == {"A": 60, "S": 40}
    assert sets(story, "ZZA1") == {"A": 54, "S": 36}


def loosely(story: Story, *statements: object) -> list[int]:
    """State whatever soft rules say of it; what a hard rule refuses is left out."""
    from openmpca.problems import errors
    from openmpca.record.record import Refused

    try:
        return story.state(*statements)
    except Refused as refused:
        soft = {str(each.rule): "drawn" for each in errors(refused.problems)}
    try:
        return story.state(*statements, overrides=soft)
    except Refused:
        return []


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 3))])
def test_the_sets_sum_to_the_book(state_home: State, seed: int) -> None:
    from openmpca.accounting.obligations import ledger as obligations
    from openmpca.accounting.statements import Closing, Deletion, Inventory, Listed

    story, drawn = begun(), random.Random(seed)
    stated: list[int] = []

    for step in range(25):
        day = D(2024, 1, 1) + timedelta(drawn.randrange(200))
        weights = grams(E=str(drawn.randrange(1, 90)), E_U235="0.5")
        draw = drawn.random()
        if draw < 0.15 and stated:
            loosely(story, Deletion(day=day, mba="ZZA1", corrects=stated.pop(), reason="drawn"))
        elif draw < 0.25 and step > 8:
            day = D(2024, 8, step)
            for inventory in loosely(story, Inventory(day=day, mba="ZZA1")):
                for batch in "BC":
                    listed = Listed(day=day, mba="ZZA1", inventory=inventory, batch=batch, weights=weights)
                    loosely(story, listed)
                loosely(story, Closing(day=day, mba="ZZA1", inventory=inventory))
        else:
            code = drawn.choice(["RF", "RF", "SF", "LD", "LN", "TW", "RM"])
            other = "XX" if code in ("RF", "SF") else ""
            made = story.change(
                code, "ZZA1", drawn.choice("BC"), day, weights, counterpart=other, obligation=drawn.choice(NAMES)
            )
            stated += loosely(story, made)
    for day in (D(2024, 3, 1), D(2024, 7, 30), D(2025, 1, 1)):
        view = story.view(day)
        found = obligations.ledger(view).of("ZZA1").balances["ug"].sum()
        assert found == view.balances(["ZZA1"]).filter(pl.col("nuclide") == "")["ug"].sum()
