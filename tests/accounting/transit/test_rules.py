"""The rules of transit, met by the statements that break them."""

import random
from datetime import date, timedelta

import msgspec
import polars as pl
import pytest

from tests.accounting.story import Story, begun, grams
from tests.state import State

D = date
W = grams(E="10000", E_U235="300")
MINE = range(500, 600)


def told(story: Story, *statements: object) -> list[int]:
    """The numbers of the transit rules that some statements break; nothing is recorded."""
    from openmpca.record import commands
    from openmpca.record.record import Refused

    try:
        made = commands.state(list(statements), story.act, dry_run=True)
    except Refused as refused:
        return [each.rule for each in refused.problems if each.rule in MINE]
    return [each.rule for each in made.problems if each.rule in MINE]


@pytest.fixture
def story(state_home: State) -> Story:
    made = begun(codes=["RF", "SD"])
    made.happened("RF", "ZZA1", "B", D(2024, 1, 5), W, counterpart="XX", items=10)
    return made


def ship(story: Story, **fields: object) -> object:
    return story.change("SD", "ZZA1", "B", D(2024, 2, 1), W, **({"counterpart": "ZZ/ZZB1", "items": 10} | fields))


def receive(story: Story, weights: dict[str, str] = W, mba: str = "ZZB1", **fields: object) -> object:
    given = {"counterpart": "ZZ/ZZA1", "shipper_batch": "B", "items": 10} | fields
    return story.change("RD", mba, "B", D(2024, 2, 10), weights, **given)


def test_a_shipment_and_its_receipt_in_one_writing_are_fine(story: Story) -> None:
    assert told(story, ship(story), receive(story)) == []


def test_a_receipt_whose_shipment_is_not_known_is_noted(story: Story) -> None:
    assert told(story, receive(story)) == [501]


def test_a_receipt_is_booked_on_the_shippers_data(story: Story) -> None:
    story.state(ship(story))
    measured = grams(E="9995", E_U235="299.9")
    assert told(story, receive(story, measured)) == [502]
    assert told(story, receive(story, measured, items=0)) == [502], "too little is open for a lot on its way"
    assert told(story, receive(story, grams(E="10000", E_U235="301"))) == [502]


def test_a_lot_of_a_shipment_is_noted_as_such(story: Story) -> None:
    story.state(ship(story))
    assert told(story, receive(story, grams(E="4000", E_U235="120"), items=4)) == [509]


def test_a_batch_is_received_under_its_description(story: Story) -> None:
    story.state(ship(story, description="BQ2F"))
    assert told(story, receive(story, description="BQ2G")) == [503]
    assert told(story, receive(story, description="BQ2F")) == []


def test_nothing_is_shipped_to_an_area_that_may_not_receive(story: Story) -> None:
    assert told(story, ship(story, counterpart="ZZ/ZZC1")) == [504]
    assert told(story, ship(story, counterpart="ZZ/ZZC1", reported="1/1")) == [504]


def test_a_batch_received_where_it_was_not_sent_is_found(story: Story) -> None:
    story.state(ship(story))
    assert told(story, receive(story, mba="ZZC1")) == [505]


def test_a_receipt_that_names_a_shipment_of_another_batch_is_found(story: Story) -> None:
    number = story.state(ship(story))[0]
    assert told(story, receive(story, shipment=number, shipper_batch="C")) == [505]
    assert told(story, receive(story, shipment=number)) == []


def test_a_batch_is_received_once(story: Story) -> None:
    story.state(ship(story))
    story.state(receive(story))
    assert told(story, receive(story)) == [506]


def test_a_receipt_names_a_shipment_that_stands(story: Story) -> None:
    assert told(story, receive(story, shipment=1)) == [501, 508]


def test_a_shipment_that_is_deleted_is_no_longer_there_to_be_named(story: Story) -> None:
    from openmpca.accounting.statements import Deletion

    number = story.state(ship(story))[0]
    story.state(Deletion(day=D(2024, 2, 1), mba="ZZA1", corrects=number, reason="never left"))
    assert told(story, receive(story, shipment=number)) == [501, 508]


def test_a_shipment_corrected_alone_is_out_of_step_and_with_its_receipt_it_is_not(story: Story) -> None:
    shipped = story.state(ship(story))[0]
    received = story.state(receive(story))[0]
    new = grams(E="9000", E_U235="270")
    correction = msgspec.structs.replace(ship(story), weights=new, corrects=shipped, reason="weighed again")
    pair = msgspec.structs.replace(receive(story), weights=new, corrects=received, reason="the shipper corrected")
    assert told(story, correction) == [507]
    assert told(story, correction, pair) == []


def test_reported_history_is_accepted_with_a_warning(story: Story) -> None:
    story.state(ship(story))
    differing = receive(story, grams(E="9995", E_U235="299.9"), reported="3/1")
    made = story.stated(differing)
    assert [(each.rule, each.severity) for each in made.problems if each.rule in MINE] == [(502, "warning")]


def test_a_soft_rule_is_overridden_with_a_reason(story: Story) -> None:
    story.state(ship(story))
    differing = receive(story, grams(E="9995", E_U235="299.9"))
    made = story.stated(differing, overrides={"502": "shipper's papers lost, letter 12"})
    assert [(each.rule, each.severity) for each in made.problems if each.rule in MINE] == [(502, "note")]


def test_other_kinds_and_codes_meet_no_rule_of_transit(story: Story) -> None:
    from openmpca.accounting.statements import Placement

    assert told(story, Placement(day=D(2024, 2, 1), mba="ZZA1", batch="B", place="")) == []
    assert told(story, story.change("LD", "ZZA1", "B", D(2024, 2, 1), grams(E="1", E_U235="0.03"))) == []
    assert told(story, story.change("SD", "ZZA1", "B", D(2024, 2, 1), {}, counterpart="ZZ/ZZB1")) == []


def test_a_name_shipped_twice_waits_twice(story: Story) -> None:
    half = grams(E="5000", E_U235="150")
    again = story.change("SD", "ZZA1", "B", D(2024, 2, 2), half, counterpart="ZZ/ZZB1", items=5)
    first = msgspec.structs.replace(again, day=D(2024, 2, 1))
    assert told(story, first, again) == []


@pytest.mark.parametrize("seed", range(5))
def test_what_settles_itself_would_pass_every_rule(story: Story, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from openmpca.accounting.rules import settled as settled_transfers
    from openmpca.accounting.rules import transfers as transit_rules
    from openmpca.record.frames import segments
    from openmpca.record.known import Known
    from openmpca.record.record import head

    drawn, moves = random.Random(seed), []
    for _ in range(60):
        ships = drawn.random() < 0.5
        here, there = drawn.sample(("ZZA1", "ZZB1"), 2)
        moves.append(
            story.change(
                "SD" if ships else "RD",
                here,
                f"B{drawn.randrange(25)}",
                D(2024, 1, 1) + timedelta(drawn.choice((0, 1, 40, 400))),
                grams(E=drawn.choice(("5", "5.0", "6")), E_U235="0.2"),
                counterpart=f"ZZ/{there}",
                description=drawn.choice(("", "BQ2F", "BQ2G")),
                items=drawn.randrange(2),
            )
        )
    stood, segment = moves[:30], segments(moves[30:])[0]
    overrides = dict.fromkeys(("402", "502", "505", "506"), "drawn")
    story.state(*stood, overrides=overrides)
    known = Known("default", head()[0])
    quick = transit_rules.check(segment, known, story.act)
    assert len(settled_transfers.unsettled(_numbered(segment.frame, known), known)) < 30
    monkeypatch.setattr(transit_rules, "unsettled", lambda rows, _: rows.with_columns(key=settled_transfers._KEY))
    assert quick == transit_rules.check(segment, known, story.act)


def _numbered(frame: pl.DataFrame, known: object) -> pl.DataFrame:
    return frame.with_row_index("row", 1).with_columns(number=pl.col("row").cast(pl.Int64) + known.number - 1)
