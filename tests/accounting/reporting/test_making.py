"""Reports as receivers want them: split months, rounding, empty ones, other signs, notes."""

from datetime import date
from typing import Any

import pytest

from tests.accounting.reporting.story import Story, lines


def test_a_month_with_a_physical_inventory_has_two_reports_of_changes(state_home: Any) -> None:
    from openmpca.accounting.reporting.make import proposed

    story = Story()
    story.inventory("2026-01-31", {}, opening=True)
    story.change("2026-03-10", "RF", "A", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    story.change("2026-03-15", "RF", "B", {"E": "20", "E/U235": "2"}, shipper_batch="T")
    story.inventory("2026-03-15", {"A": {"E": "10", "E/U235": "1"}, "B": {"E": "20", "E/U235": "2"}})
    story.change("2026-03-15", "RF", "C", {"E": "30", "E/U235": "3"}, shipper_batch="U", after_cutoff=True)
    story.change("2026-03-20", "RF", "D", {"E": "40", "E/U235": "4"}, shipper_batch="V")
    due = [(each.sort, each.begin.day, each.end.day) for each in proposed("ZZA1")]
    assert due == [("I", 1, 15), ("I", 15, 31), ("P", 31, 31), ("P", 15, 15), ("M", 1, 15)]
    first = story.report("I", "2026-03-15", "2026-04-01", begin="2026-03-01")
    assert lines(first) == ["N RF A E=10 E/U235=1", "N RF B E=20 E/U235=2"]
    second = story.report("I", "2026-03-31", "2026-04-01", begin="2026-03-15")
    assert lines(second) == ["N RF C E=30 E/U235=3", "N RF D E=40 E/U235=4"]
    story.report("P", "2026-03-15", "2026-04-01")
    balance = story.report("M", "2026-03-15", "2026-04-01")
    assert "N RF E=30 E/U235=3" in lines(balance)
    assert balance.draft.begin == date(2026, 2, 1)


def test_what_came_after_the_cut_off_alone_is_reported_for_the_rest_of_the_month(state_home: Any) -> None:
    from openmpca.accounting.reporting.make import proposed

    story = Story()
    story.inventory("2026-01-31", {"A": {"E": "100", "E/U235": "20"}}, opening=True)
    story.inventory("2026-03-15", {"A": {"E": "100", "E/U235": "20"}})
    story.change("2026-03-15", "LD", "A", {"E": "1", "E/U235": "0.2"}, basis="M", after_cutoff=True)
    assert [(each.begin.day, each.end.day) for each in proposed("ZZA1") if each.sort == "I"] == [(15, 31)]
    made = story.report("I", "2026-03-31", "2026-04-01")
    assert (made.draft.begin, lines(made)) == (date(2026, 3, 15), ["N LD A E=1 E/U235=0.2"])
    assert [each for each in proposed("ZZA1") if each.sort == "I"] == []


def test_what_came_after_the_cut_off_on_the_last_day_of_a_month_has_a_report_of_that_day(state_home: Any) -> None:
    from openmpca.accounting.reporting.make import proposed

    story = Story()
    story.inventory("2026-01-31", {"A": {"E": "100", "E/U235": "20"}}, opening=True)
    story.change("2026-03-10", "LD", "A", {"E": "1", "E/U235": "0.2"}, basis="M")
    story.inventory("2026-03-31", {"A": {"E": "99", "E/U235": "19.8"}})
    story.change("2026-03-31", "LD", "A", {"E": "2", "E/U235": "0.4"}, basis="M", after_cutoff=True)
    assert [(each.begin.day, each.end.day) for each in proposed("ZZA1") if each.sort == "I"] == [(1, 31), (31, 31)]
    assert lines(story.report("I", "2026-03-31", "2026-04-01")) == ["N LD A E=1 E/U235=0.2"]
    assert lines(story.report("I", "2026-03-31", "2026-04-01")) == ["N LD A E=2 E/U235=0.4"]
    assert [each for each in proposed("ZZA1") if each.sort == "I"] == []


def test_what_is_stated_later_of_the_day_of_a_cut_off_is_added_to_the_report_that_follows_it(state_home: Any) -> None:
    from openmpca.accounting.reporting.make import proposed

    story = Story()
    story.inventory("2026-01-31", {"A": {"E": "100", "E/U235": "20"}}, opening=True)
    story.inventory("2026-03-15", {"A": {"E": "100", "E/U235": "20"}})
    story.change("2026-03-20", "LD", "A", {"E": "1", "E/U235": "0.2"}, basis="M")
    assert story.report("I", "2026-03-31", "2026-04-01").draft.begin == date(2026, 3, 16)
    story.change("2026-03-15", "LD", "A", {"E": "2", "E/U235": "0.4"}, basis="M", after_cutoff=True, when="2026-04-02")
    [each] = [each for each in proposed("ZZA1") if each.sort == "I"]
    assert [made.entry.status for made in each.entries] == ["A"]


def test_figures_are_rounded_once_and_adjusted_to_what_was_reported(state_home: Any) -> None:
    """Worked example W7: three losses reported as 10, together 31.2."""
    story = Story(precision={"E": "0"})
    story.inventory("2026-01-31", {"A": {"E": "100", "E/U235": "20"}}, opening=True)
    for day in (10, 11, 12):
        story.change(f"2026-02-{day}", "LN", "A", {"E": "10.4", "E/U235": "1"}, basis="M")
    changes = story.report("I", "2026-02-28", "2026-03-05")
    assert lines(changes) == ["N LN A E=10 E/U235=1"] * 3
    story.inventory("2026-02-28", {"A": {"E": "68.8", "E/U235": "17"}})
    story.report("P", "2026-02-28", "2026-03-05")
    assert lines(story.report("M", "2026-02-28", "2026-03-05")) == [
        "N PB E=100 E/U235=20",
        "N LN E=31 E/U235=3",
        "N RALN E=-1 E/U235=0",
        "N BA E=69 E/U235=17",
        "N PE E=69 E/U235=17",
        "N MF E=0 E/U235=0",
    ]


def test_the_adjusted_book_is_adjusted_by_its_rounding(state_home: Any) -> None:
    story = Story(precision={"E": "0"})
    story.inventory("2026-01-31", {"A": {"E": "100.3", "E/U235": "20"}}, opening=True)
    story.change("2026-02-10", "RD", "B", {"E": "50.4", "E/U235": "5"}, shipper_batch="S")
    story.change("2026-02-11", "SD", "A", {"E": "20.1", "E/U235": "2"})
    story.report("I", "2026-02-28", "2026-03-05")
    story.inventory("2026-02-28", {"A": {"E": "80.2", "E/U235": "18"}, "B": {"E": "50.4", "E/U235": "5"}})
    story.report("P", "2026-02-28", "2026-03-05")
    assert lines(story.report("M", "2026-02-28", "2026-03-05")) == [
        "N PB E=100 E/U235=20",
        "N RD E=50 E/U235=5",
        "N SD E=20 E/U235=2",
        "N BA E=131 E/U235=23",
        "N RABA E=-1 E/U235=0",
        "N PE E=131 E/U235=23",
        "N RAPE E=-1 E/U235=0",
        "N MF E=0 E/U235=0",
    ]


def test_empty_inventories_have_reports_of_one_void_entry(each_state_home: Any) -> None:
    story = Story()
    story.inventory("2026-01-31", {}, opening=True)
    assert lines(story.report("P", "2026-01-31", "2026-02-05")) == ["U"]
    story.inventory("2026-12-31", {})
    listing = story.report("P", "2026-12-31", "2027-01-10")
    assert listing.draft.text == (
        "001:OI/ZZ;2#002:1/1#003:20270110#006:SMITH,J.#010:P#015:20261231#207:ZZA-#307:ZZA1#309:U#\n"
    )
    balance = story.report("M", "2026-12-31", "2027-01-10")
    assert balance.draft.text == (
        "001:OI/ZZ;3#002:1/1#003:20270110#006:SMITH,J.#010:M#015:20260201/20261231#207:ZZA-#307:ZZA1#309:U#\n"
    )


def test_the_opening_inventory_is_the_initial_report(state_home: Any) -> None:
    from openmpca.accounting.reporting.queries import reported

    story = Story()
    story.inventory("2026-01-31", {"A": {"E": "100", "E/U235": "20", "#": "4"}}, opening=True)
    assert lines(story.report("P", "2026-01-31", "2026-02-05")) == ["N A E=100 E/U235=20"]
    assert reported("ZZA1", date(2026, 2, 28)) == {"E": 100_000_000, "E/U235": 20_000_000}


@pytest.mark.parametrize(("profile", "sign"), [("agency", ""), ("euratom", "-")])
def test_muf_and_differences_have_the_sign_of_the_receiver(state_home: Any, profile: str, sign: str) -> None:
    """Worked examples W4 and W10, with the difference of W2."""
    from openmpca.accounting.reporting.queries import reported

    story = Story(profile=profile)
    story.inventory("2026-01-31", {"A": {"E": "100000", "E/U235": "2000"}}, opening=True)
    story.change("2026-02-10", "SD", "A", {"E": "25000", "E/U235": "500"})
    story.change("2026-02-11", "RF", "B", {"E": "500", "E/U235": "25"}, shipper_batch="S")
    story.change("2026-02-11", "DI", "B", {"E": "15", "E/U235": "0.75"}, basis="M")
    changes = story.report("I", "2026-02-28", "2026-03-05")
    assert f"411:DI#412:20260211#430:B/U/2/F#446:B#469:M#470:0#630:{sign}15G#" in changes.draft.text
    found = {"A": {"E": "72900", "E/U235": "1450"}, "B": {"E": "485", "E/U235": "24.25"}}
    story.inventory("2026-02-28", found)
    story.report("P", "2026-02-28", "2026-03-05")
    balance = story.report("M", "2026-02-28", "2026-03-05")
    assert "N DI E=15 E/U235=0.75" in lines(balance)
    assert lines(balance)[-1] == "N MF E=2100 E/U235=50"
    assert f"411:DI#630:{sign}15G#670:{sign}0.75G#" in balance.draft.text
    assert f"411:MF#630:{sign}2100G#670:{sign}50G#" in balance.draft.text
    assert reported("ZZA1", date(2026, 2, 28)) == {"E": 73_385_000_000, "E/U235": 1_474_250_000}


def test_national_categories_collapse_and_what_is_not_reported_is_left_out(state_home: Any) -> None:
    story = Story()
    story.change("2026-03-10", "RF", "A", {"HEU": "10", "HEU/U235": "9"}, shipper_batch="S")
    story.change("2026-03-11", "RF", "B", {"LEU": "100", "LEU/U235": "4"}, shipper_batch="T")
    story.change("2026-03-12", "RF", "C", {"Am241": "3"}, shipper_batch="U")
    assert lines(story.report("I", "2026-03-31", "2026-04-05")) == ["N RF A E=10 E/U235=9", "N RF B E=100 E/U235=4"]
    held = {"A": {"HEU": "10", "HEU/U235": "9"}, "B": {"LEU": "100", "LEU/U235": "4"}, "C": {"Am241": "3"}}
    story.inventory("2026-03-31", held)
    assert lines(story.report("P", "2026-03-31", "2026-04-05")) == ["N A E=10 E/U235=9", "N B E=100 E/U235=4"]
    assert lines(story.report("M", "2026-03-31", "2026-04-05"))[:2] == ["N PB E=0 E/U235=0", "N RF E=110 E/U235=13"]


def test_a_category_change_stands_in_both_balances(state_home: Any) -> None:
    story = Story()
    story.inventory("2026-01-31", {"A": {"E": "100", "E/U235": "0.8"}}, opening=True)
    story.change("2026-02-10", "ED", "A", {"E": "100", "E/U235": "0.8", "D": "100"}, basis="M")
    assert lines(story.report("I", "2026-02-28", "2026-03-05")) == ["N ED A D=100 E=100 E/U235=0.8"]
    story.inventory("2026-02-28", {"A": {"D": "100"}})
    story.report("P", "2026-02-28", "2026-03-05")
    assert lines(story.report("M", "2026-02-28", "2026-03-05")) == [
        "N PB D=0",
        "N ED D=100",
        "N BA D=100",
        "N PE D=100",
        "N MF D=0",
        "N PB E=100 E/U235=0.8",
        "N ED E=100 E/U235=0.8",
        "N BA E=0 E/U235=0",
        "N PE E=0 E/U235=0",
        "N MF E=0 E/U235=0",
    ]


def test_a_textual_report_is_cut_to_the_length_of_its_entries(state_home: Any) -> None:
    story = Story()
    made = story.report("T", "2026-03-31", "2026-03-31", note="X" * 2500)
    assert [len(note.text) for note in made.draft.report.notes] == [2000, 500]
    assert made.draft.text.startswith("001:NC/ZZ;1#002:1/2#003:20260331#010:T#207:ZZA-#307:ZZA1#391:XXX")
    assert story.report("T", "2026-03-31", "2026-03-31", note="ON REPORT 1", about=1).draft.report.header.number == 2
