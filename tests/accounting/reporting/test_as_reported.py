"""Transit and totals as reported, beside what the book says."""

import json
from datetime import date
from typing import Any

import pytest

from tests.accounting.reporting.test_commands import run
from tests.accounting.reporting.test_transits import LEU, Transits


def reported_in_part() -> Transits:
    """Fuel came, half of it was shipped and arrived, some is retained as waste; only ZZA1 has reported up to March."""
    story = Transits()
    story.came("2026-03-10", weights={"E": "2000", "E/U235": "90"}, items=2)
    story.left("2026-03-20", items=1)
    story.arrived("2026-03-28", items=1)
    story.change("2026-04-02", "TW", "FA1", {"E": "10", "E/U235": "0.45"}, basis="M")
    story.reported("ZZA1", "2026-03-31", "2026-04-05", "2026-04-06")
    return story


@pytest.fixture
def story(usual_state_home: Any) -> Transits:
    return reported_in_part()


@pytest.fixture
def each_story(each_state_home: Any) -> Transits:
    return reported_in_part()


def board(*options: str) -> list[tuple[str, str, str, str]]:
    found = json.loads(run("transit", "--all", "--as-of", "2026-06-30", "--json", *options))["consignments"]
    return [(each["standing"], each["batch"], each["receiver"], each["open_g"]) for each in found]


def totals(*options: str) -> dict[str, str]:
    """What is told by the first column and the weight."""
    found = json.loads(run("totals", "--as-of", "2026-06-30", "--json", *options))["totals"]
    return {
        f"{next(iter(each.values()))} {each['weight']}": each.get("grams", each.get("items"))
        for each in found
        if not each["weight"].endswith("items")
    }


def test_the_board_as_reported_waits_for_the_receipt_that_is_not_reported(story: Transits) -> None:
    assert board() == [("received", "YF1", "ZZA1", "-2000"), ("matched", "FA1", "ZZ/ZZC1", "0")]
    made = [("received", "YF1", "ZZ/ZZA1", "-2000"), ("in transit", "FA1", "ZZ/ZZC1", "1000")]
    assert [each[:2] + each[3:] for each in board("--as-reported", "sent")] == [each[:2] + each[3:] for each in made]
    assert board("--as-reported", "acknowledged") == []
    waiting = json.loads(run("transit", "--as-reported", "made", "--json"))["in_transit"]
    told = {each["weight"]: str(each.get("grams", each.get("items"))) for each in waiting}
    assert told == {"E": "1000", "E items": "1", "E/U235": "45"}
    story.reported("ZZC1", "2026-03-31", "2026-04-05")
    assert [each[0] for each in board("--as-reported", "made")] == ["received", "matched"]
    assert [each[0] for each in board("--as-reported", "sent")] == ["received", "in transit"]


def test_the_board_as_reported_shows_what_was_reported_before_a_correction(story: Transits) -> None:
    story.correct(24, "2026-05-02", weights={"E": "1001", "E/U235": "45"})
    assert board()[1][3] == "1"
    assert board("--as-reported", "sent")[1][3] == "1000"
    story.reported("ZZA1", "2026-05-31", "2026-06-05", corrections_only=True)
    assert board("--as-reported", "made")[1][3] == "1001"


def test_the_board_as_reported_is_closed_by_the_other_states_list(story: Transits, tmp_path: Any) -> None:
    theirs = tmp_path / "theirs.csv"
    theirs.write_text(
        "code,day,shipper,receiver,batch,category,grams\nSF,2026-03-05,YY/YYB1,ZZ/ZZA1,YF1,E,2000\n", encoding="utf-8"
    )
    assert board("--as-reported", "sent", "--other-side", str(theirs))[0][0] == "matched"


def test_totals_as_reported_lack_what_is_not_reported(each_story: Transits) -> None:
    assert totals() == {
        "inventory E": "1990",
        "inventory E/U235": "89.55",
        "retained_waste E": "10",
        "retained_waste E/U235": "0.45",
    }
    assert totals("--as-reported", "sent") == {
        "inventory E": "1000",
        "inventory E/U235": "45",
        "transit E": "1000",
        "transit E/U235": "45",
    }
    assert totals("--as-reported", "acknowledged") == {}
    each_story.reported("ZZA1", "2026-04-30", "2026-05-05")
    each_story.reported("ZZC1", "2026-03-31", "2026-04-05")
    assert totals("--as-reported", "made") == totals()
    assert totals("--as-reported", "made", "--by", "mba") == totals("--by", "mba")
    assert totals("--as-reported", "made", "--by", "facility") == totals("--by", "facility")


def test_questions_as_reported_end_where_reports_tell_nothing(story: Transits) -> None:
    run("totals", "--as-reported", "sent", "--by", "owner", code=2)
    run("totals", "--as-reported", "dreamt", code=2)
    run("transit", "--as-reported", "sent", "--due", code=2)
    run("book", "ZZA1", "--as-reported", "sent", "--by-batch", code=2)
    run("book", "--as-reported", "sent", "--account", "TW", code=2)
    assert "Transit" in run("totals", "--as-reported", "sent").title()
    assert "Nothing was reported" in run("totals", "--as-reported", "acknowledged")
    assert "1" in run("transit", "--as-reported", "sent")


def test_a_receipt_without_an_area_abroad_is_on_the_board_too(state_home: Any) -> None:
    from openmpca.accounting.queries import View
    from openmpca.accounting.reporting.as_reported import AsReported

    story = Transits()
    story.came(counterpart="YY")
    story.change("2026-03-20", "SF", "FA1", LEU, counterpart="XX")
    story.reported("ZZA1", "2026-03-31", "2026-04-05")
    found = AsReported(View.of(date(2026, 6, 30)), "made").board().consignments
    assert [(str(each.first.shipper), str(each.first.receiver)) for each in found] == [("YY", "ZZA1"), ("ZZA1", "XX")]
