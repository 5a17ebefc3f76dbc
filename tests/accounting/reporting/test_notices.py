"""Advance notices of transfers above one effective kilogram (INFCIRC/153 paragraphs 92 and 95)."""

from datetime import date
from fractions import Fraction
from typing import Any

from tests.accounting.reporting.story import Story, Weights

# 300 kg at 4.95 % are 0.735075 effective kilograms: 300 x 0.0495 x 0.0495.
LEU: Weights = {"E": "300000", "E/U235": "14850"}


def told(mba: str | None = "ZZA1") -> list[str]:
    """The notices that are due, in few words."""
    from openmpca.accounting.reporting.due import due

    found = [each for each in due(date(2026, 12, 31), mba=mba) if each.rule == 708]
    return [f"{each.what.removeprefix('Advance notice for ')} {each.due}" for each in found]


def received(story: Story, day: str, batch: str, weights: Weights, **more: Any) -> int:
    return story.change(day, "RF", batch, weights, shipper_batch=batch, **more)


def test_a_thousand_kilograms_at_4_95_percent_take_a_notice_and_of_natural_uranium_none(state_home: Any) -> None:
    story = Story()
    received(story, "2026-01-10", "A", {"E": "1000000", "E/U235": "49500"})
    received(story, "2026-01-10", "B", {"N": "1000000"})
    received(story, "2026-08-10", "C", {"N": "1000000"})
    assert told() == ["RF of batch A on 2026-01-10 2026-01-10", "RF of batch B on 2026-01-10 2026-01-10"]


def test_batches_of_one_day_are_one_transfer(state_home: Any) -> None:
    story = Story()
    for batch in "AB":
        received(story, "2026-01-10", batch, LEU)
    assert told() == [f"RF of batch {batch} on 2026-01-10 2026-01-10" for batch in "AB"]


def test_the_transfer_that_takes_the_sum_of_three_months_above_one_takes_a_notice(each_state_home: Any) -> None:
    story = Story()
    received(story, "2026-01-10", "A", LEU)
    received(story, "2026-04-09", "B", LEU)
    received(story, "2026-07-09", "C", LEU)
    why = "with 1 earlier transfer within 3 months 1.47015 effective kilograms"
    assert told() == [f"RF of batch B on 2026-04-09: {why} 2026-04-09"], "from 9 April to 9 July is a day too long"


def test_ten_times_a_ton_of_natural_uranium_is_not_above_one_and_eleven_times_is(state_home: Any) -> None:
    story = Story()
    for day in range(1, 12):
        received(story, f"2026-02-{day:02}", f"N{day}", {"N": "1000000"})
    why = "with 10 earlier transfers within 3 months 1.1 effective kilograms"
    assert told() == [f"RF of batch N11 on 2026-02-11: {why} 2026-02-11"]


def test_every_area_of_the_state_counts_and_another_state_does_not(state_home: Any) -> None:
    story = Story()
    received(story, "2026-01-10", "A", LEU)
    received(story, "2026-02-10", "B", LEU, counterpart="XX/XXB1")
    assert told(None) == []
    number = received(story, "2026-03-10", "C", LEU, mba="ZZC1")
    why = "with 1 earlier transfer within 3 months 1.47015 effective kilograms"
    assert told(None) == [f"RF of batch C on 2026-03-10: {why} 2026-03-10"]
    assert told("ZZA1") == []
    story.correct(number, "2026-03-12", weights={"E": "30000", "E/U235": "1485"})
    assert told(None) == []


def test_a_transfer_above_one_by_itself_does_not_count_with_the_small_ones(state_home: Any) -> None:
    story = Story()
    received(story, "2026-01-10", "A", {"E": "1000000", "E/U235": "49500"})
    received(story, "2026-02-10", "B", LEU)
    assert told() == ["RF of batch A on 2026-01-10 2026-01-10"]


def test_shipments_are_announced_two_weeks_before_and_apart_from_receipts(state_home: Any) -> None:
    story = Story()
    received(story, "2026-01-10", "A", LEU)
    story.change("2026-02-10", "SF", "A", {"E": "150000", "E/U235": "7425"})
    assert told() == []
    received(story, "2026-03-15", "B", {"E": "100000", "E/U235": "20000"})
    story.change("2026-04-01", "SF", "B", {"E": "80000", "E/U235": "16000"})
    assert told() == [
        "RF of batch B on 2026-03-15 2026-03-15",
        "SF of batch B on 2026-04-01 2026-03-18",
    ]


def test_a_batch_whose_enrichment_nobody_stated_takes_a_notice() -> None:
    import polars as pl

    from openmpca.accounting.reporting.notices import notices, parts_of

    heads = pl.DataFrame({"number": [7], "code": "RF", "mba": "ZZA1", "other": "YY/YYB1", "day": date(2026, 1, 10)})
    masses = pl.DataFrame({"number": [7], "category": "U", "nuclide": "", "ug": 5_000_000})
    parts = parts_of(heads, masses)
    assert parts["unknown"].to_list() == [True]
    assert notices(parts, lambda _: Fraction(0)).rows() == [(7, "")]
