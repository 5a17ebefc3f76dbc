"""The board of the State: what is in transit, as of a day and as known at a statement."""

import random
from datetime import date, timedelta

import polars as pl
import pytest

from tests.accounting.story import Story, begun, grams
from tests.state import State

D = date
W = grams(E="10000", E_U235="300")


def stocked() -> Story:
    """The State with batch B in ZZA1, found there."""
    story = begun()
    story.happened("GA", "ZZA1", "B", D(2024, 1, 1), W)
    return story


def states(view: object) -> list[str]:
    from openmpca.accounting.transit import board as transit

    return transit.board(view).frame()["state"].to_list()


def test_the_board_is_as_of_a_day_and_as_known_at_a_statement(each_state_home: State) -> None:
    story = begun()
    from openmpca.accounting.transit import board as transit

    story.happened("RF", "ZZA1", "B", D(2024, 1, 5), W, counterpart="XX")
    shipped = story.happened("SD", "ZZA1", "B", D(2024, 2, 1), W, counterpart="ZZ/ZZB1")
    received = story.happened("RD", "ZZB1", "B", D(2024, 2, 10), W, counterpart="ZZ/ZZA1", shipper_batch="B")
    assert states(story.view(D(2024, 2, 5))) == ["received", "in transit"]
    assert states(story.view(D(2024, 2, 10))) == ["received", "matched"]
    assert states(story.view(D(2024, 2, 10), received - 1)) == ["received", "in transit"]
    assert states(story.view(D(2024, 1, 31), received)) == ["received"]
    row = transit.board(story.view(D(2024, 2, 5))).frame().row(1, named=True)
    assert (row["shipper"], row["receiver"], row["shipment"], row["open_ug"]) == ("ZZA1", "ZZ/ZZB1", shipped, 10**10)


def test_what_was_corrected_or_deleted_is_out(state_home: State) -> None:
    story = stocked()
    from openmpca.accounting.statements import Deletion
    from openmpca.accounting.transit import board as transit

    shipped = story.happened("SD", "ZZA1", "B", D(2024, 2, 1), W, counterpart="ZZ/ZZB1")
    again = story.change("SD", "ZZA1", "B", D(2024, 2, 1), grams(E="5", E_U235="1"), counterpart="ZZ/ZZB1")
    import msgspec

    corrected = story.state(msgspec.structs.replace(again, corrects=shipped, reason="typo"))[0]
    found = transit.board(story.view()).consignments
    assert [(each.first.number, each.first.root) for each in found] == [(corrected, shipped)]
    story.state(Deletion(day=D(2024, 2, 1), mba="ZZA1", corrects=corrected, reason="never left"))
    assert transit.board(story.view()).consignments == ()
    assert transit.balance(story.view()).height == 0


def test_a_receipt_that_names_a_shipment_follows_its_corrections(state_home: State) -> None:
    story = stocked()
    shipped = story.happened("SD", "ZZA1", "B", D(2024, 2, 1), W, counterpart="ZZ/ZZB1")
    story.happened("RD", "ZZB1", "B2", D(2024, 2, 2), W, counterpart="ZZ/ZZA1", shipper_batch="B", shipment=shipped)
    story.happened("SD", "ZZA1", "B", D(2024, 1, 30), W, counterpart="ZZ/ZZB1", corrects=shipped, reason="the day")
    assert states(story.view()) == ["matched"]


def test_the_other_states_list_closes_what_waits_abroad(state_home: State) -> None:
    story = stocked()
    from openmpca.accounting.transit import board as transit

    story.happened("SF", "ZZA1", "B", D(2024, 2, 1), W, counterpart="XX/XXA1")
    theirs = pl.DataFrame(
        [("RF", D(2024, 2, 20), "ZZ/ZZA1", "XX/XXA1", "B", "E", 10_000_000_000)],
        schema=transit.OTHER_SIDE,
        orient="row",
    )
    assert states(story.view(D(2024, 8, 1))) == ["overdue"]
    matched = transit.board(story.view(D(2024, 8, 1)), theirs).frame()
    assert matched["receipts"].to_list() == [[-1]]
    assert matched["standing"].to_list() == ["matched"], "their list gives no isotope, so none is compared"


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 4))])
def test_the_board_sums_to_the_transit_accounts(state_home: State, seed: int) -> None:
    story = begun()
    from openmpca.accounting.statements import Deletion
    from openmpca.accounting.transit import board as transit

    drawn, stated = random.Random(seed), []
    for _ in range(30):
        ships, day = drawn.random() < 0.6, D(2024, 1, 1) + timedelta(drawn.randrange(120))
        ug = drawn.randrange(1, 50)
        fields = {
            "counterpart": "ZZ/ZZB1" if ships else "ZZ/ZZA1",
            "items": drawn.randrange(3),
            "name": drawn.choice(["", "N"]),
        }
        if stated and drawn.random() < 0.3:
            target, mba = stated.pop(drawn.randrange(len(stated)))
            if drawn.random() < 0.4:
                story.state(Deletion(day=day, mba=mba, corrects=target, reason="drawn"))
                continue
            fields |= {"corrects": target, "reason": "drawn"}
            ships = mba == "ZZA1"
            fields["counterpart"] = "ZZ/ZZB1" if ships else "ZZ/ZZA1"
        mba = "ZZA1" if ships else "ZZB1"
        weights = {"E": str(ug), "E/U235": "0.5"} | ({"P": "2"} if drawn.random() < 0.3 else {})
        change = story.change("SD" if ships else "RD", mba, drawn.choice("BC"), day, weights, **fields)
        stated.append((loosely(story, change), mba))
    for _ in range(12):
        view = story.view(D(2024, 1, 1) + timedelta(drawn.randrange(130)), drawn.randrange(stated[-1][0] + 1))
        assert transit.board(view).in_transit().equals(transit.balance(view))


def loosely(story: object, change: object) -> int:
    """State a change whatever soft rules say of it."""
    from openmpca.problems import errors
    from openmpca.record.record import Refused

    try:
        return story.state(change)[0]
    except Refused as refused:
        return story.state(change, overrides={str(each.rule): "drawn" for each in errors(refused.problems)})[0]
