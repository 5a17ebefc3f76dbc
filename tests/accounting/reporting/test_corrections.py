"""What a mistake, found after it was reported, makes due."""

from datetime import date
from typing import Any

import pytest

from tests.accounting.reporting.story import Story, lines


def test_a_correction_names_the_entry_that_counts_now(state_home: Any) -> None:
    story = Story()
    change = story.change("2026-03-10", "RF", "A", {"E": "1000", "E/U235": "50"}, shipper_batch="S")
    story.report("I", "2026-03-31", "2026-04-05")
    second = story.correct(change, "2026-04-10", weights={"E": "1000", "E/U235": "49"})
    assert lines(story.report("I", "2026-04-30", "2026-05-05")) == ["C/1/1 RF A E=1000 E/U235=49"]
    third = story.correct(second, "2026-05-10", weights={"E": "1000", "E/U235": "48"})
    assert lines(story.report("I", "2026-05-31", "2026-06-05")) == ["C/2/1 RF A E=1000 E/U235=48"]
    story.delete(third, "2026-06-10")
    assert lines(story.report("I", "2026-06-30", "2026-07-05")) == ["D/3/1"]


def test_two_corrections_between_reports_are_one_entry(state_home: Any) -> None:
    story = Story()
    change = story.change("2026-03-10", "RF", "A", {"E": "1000", "E/U235": "50"}, shipper_batch="S")
    story.report("I", "2026-03-31", "2026-04-05")
    second = story.correct(change, "2026-04-10", weights={"E": "1000", "E/U235": "49"})
    story.correct(second, "2026-04-11", weights={"E": "1000", "E/U235": "47"})
    assert lines(story.report("I", "2026-04-30", "2026-05-05")) == ["C/1/1 RF A E=1000 E/U235=47"]


def test_what_was_never_reported_is_never_corrected(state_home: Any) -> None:
    from openmpca.accounting.reporting.make import NothingDue, due_corrections

    story = Story()
    change = story.change("2026-03-10", "RF", "A", {"E": "1000", "E/U235": "50"}, shipper_batch="S")
    wrong = story.change("2026-03-11", "RF", "B", {"E": "500", "E/U235": "20"}, shipper_batch="T")
    story.correct(change, "2026-03-12", weights={"E": "900", "E/U235": "45"})
    story.delete(wrong, "2026-03-13")
    assert due_corrections("ZZA1") == []
    assert lines(story.report("I", "2026-03-31", "2026-04-05")) == ["N RF A E=900 E/U235=45"]
    with pytest.raises(NothingDue):
        story.report("I", "2026-04-30", "2026-05-05")


def test_a_correction_that_changes_nothing_printed_is_no_entry(state_home: Any) -> None:
    from openmpca.accounting.reporting.make import due_corrections

    story = Story()
    change = story.change("2026-03-10", "RF", "A", {"E": "1000", "E/U235": "50"}, shipper_batch="S")
    story.report("I", "2026-03-31", "2026-04-05")
    story.correct(change, "2026-04-10", uncertainty="0.1")
    assert due_corrections("ZZA1") == []


def test_a_change_known_late_asks_for_the_next_entry_of_its_period(state_home: Any) -> None:
    story = Story()
    story.change("2026-03-10", "RF", "A", {"E": "1000", "E/U235": "50"}, shipper_batch="S")
    story.report("I", "2026-03-31", "2026-04-05")
    story.change("2026-03-20", "RF", "B", {"E": "10", "E/U235": "2"}, shipper_batch="T", when="2026-04-20")
    late = story.change("2026-03-21", "RF", "C", {"E": "11", "E/U235": "2"}, shipper_batch="U", when="2026-04-20")
    story.change("2026-04-15", "RF", "D", {"E": "12", "E/U235": "3"}, shipper_batch="V")
    assert lines(story.report("I", "2026-04-30", "2026-05-05")) == [
        "N RF D E=12 E/U235=3",
        "A/1/2 RF B E=10 E/U235=2",
        "A/1/3 RF C E=11 E/U235=2",
    ]
    story.correct(late, "2026-05-10", weights={"E": "13", "E/U235": "2"})
    assert lines(story.report("I", "2026-05-31", "2026-06-05")) == ["C/1/3 RF C E=13 E/U235=2"]


def closed_twice(story: Story) -> tuple[int, list[int]]:
    """Fuel, closed at the end of March and of June, all reported."""
    story.inventory("2026-01-31", {}, opening=True)
    change = story.change("2026-03-10", "RF", "A", {"E": "1000", "E/U235": "50"}, shipper_batch="S")
    story.report("I", "2026-03-31", "2026-04-02")
    lines = story.inventory("2026-03-31", {"A": {"E": "1000", "E/U235": "50"}})
    story.report("P", "2026-03-31", "2026-04-02")
    story.report("M", "2026-03-31", "2026-04-02")
    story.inventory("2026-06-30", {"A": {"E": "1000", "E/U235": "50"}})
    story.report("P", "2026-06-30", "2026-07-02")
    story.report("M", "2026-06-30", "2026-07-02")
    return change, lines


def test_a_correction_before_a_closed_inventory_moves_its_muf_and_nothing_after(each_state_home: Any) -> None:
    from openmpca.accounting.reporting.make import due_corrections

    story = Story()
    change, _ = closed_twice(story)
    story.correct(change, "2026-07-10", weights={"E": "1000", "E/U235": "49"})
    due = due_corrections("ZZA1")
    assert [(each.sort, each.end.isoformat()) for each in due] == [("I", "2026-03-31"), ("M", "2026-03-31")]
    assert lines(story.report("I", "2026-03-31", "2026-08-02", corrections_only=True)) == [
        "C/1/1 RF A E=1000 E/U235=49"
    ]
    assert lines(story.report("M", "2026-03-31", "2026-08-02")) == [
        "C/3/2 RF E=1000 E/U235=49",
        "C/3/3 BA E=1000 E/U235=49",
        "C/3/5 MF E=0 E/U235=-1",
    ]
    assert due_corrections("ZZA1") == []


def test_a_corrected_line_moves_the_ending_and_the_next_beginning(state_home: Any) -> None:
    from openmpca.accounting.reporting.make import due_corrections

    story = Story()
    _, listed = closed_twice(story)
    story.relist(listed[0], {"E": "998", "E/U235": "50"}, "2026-07-10")
    assert [(each.sort, each.end.isoformat()) for each in due_corrections("ZZA1")] == [
        ("P", "2026-03-31"),
        ("M", "2026-03-31"),
        ("M", "2026-06-30"),
    ]
    assert lines(story.report("P", "2026-03-31", "2026-08-02")) == ["C/2/1 A E=998 E/U235=50"]
    assert lines(story.report("M", "2026-03-31", "2026-08-02")) == [
        "C/3/4 PE E=998 E/U235=50",
        "C/3/5 MF E=2 E/U235=0",
    ]
    assert lines(story.report("M", "2026-06-30", "2026-08-02")) == [
        "C/5/1 PB E=998 E/U235=50",
        "C/5/2 BA E=998 E/U235=50",
        "C/5/4 MF E=-2 E/U235=0",
    ]
    assert due_corrections("ZZA1") == []


def test_lines_found_later_are_added_and_lines_stated_in_error_deleted(state_home: Any) -> None:
    from openmpca.accounting.statements import Listed
    from openmpca.record.reading import by_kind

    story = Story()
    _, listed = closed_twice(story)
    inventory = [each.number for each in by_kind("accounting.inventory")][1]
    story.delete(listed[0], "2026-07-10")
    story.tell(
        Listed(
            day=date(2026, 3, 31),
            mba="ZZA1",
            inventory=inventory,
            batch="A2",
            weights={"E": "1000", "E/U235": "50"},
            kmp="A",
            description="BU2F",
            basis="L",
        ),
        when="2026-07-11",
    )
    assert lines(story.report("P", "2026-03-31", "2026-08-02")) == ["A/2/2 A2 E=1000 E/U235=50", "D/2/1"]


def tried(story: Story, number: int, **changed: Any) -> Any:
    """A correction, only tried: what it would do."""
    from datetime import date

    from openmpca.accounting import operations
    from openmpca.accounting.preview import perform
    from openmpca.accounting.queries import View

    made = operations.correct(number, "misread", changed, View.of(date(9999, 12, 31)))
    return perform([made.statement], story.act, dry_run=True)


def closed_and_reported() -> tuple[Story, int, list[int]]:
    """A receipt and an inventory with 10 g missing, all reported."""
    story = Story()
    change = story.change("2026-03-10", "RF", "A", {"E": "1000", "E/U235": "50"}, shipper_batch="S")
    taken = story.inventory("2026-06-30", {"A": {"E": "990", "E/U235": "50"}})
    for sort, begin in (("I", "2026-03-01"), ("P", ""), ("M", "")):
        story.report(sort, "2026-06-30", "2026-07-05", begin=begin)
    return story, change, taken


def owing(done: Any) -> list[tuple[str, str]]:
    return [(each.report, getattr(each.made.entry, "code", "") or each.made.entry.batch) for each in done.owed]


def test_a_correction_shows_the_muf_it_moves_and_the_entries_it_makes_due_before_it_is_stated(state_home: Any) -> None:
    story, change, _ = closed_and_reported()
    done = tried(story, change, weights={"E": "995", "E/U235": "50"})
    assert [row[2:] for row in done.preview.muf.rows()] == [("E", "", 10_000_000, 5_000_000)]
    assert owing(done) == [("ICR", "RF"), ("MBR", "RF"), ("MBR", "BA"), ("MBR", "MF")]


def test_a_corrected_listed_line_shows_the_same(state_home: Any) -> None:
    story, _, taken = closed_and_reported()
    done = tried(story, taken[0], weights={"E": "980", "E/U235": "50"})
    assert [row[2:] for row in done.preview.muf.rows()] == [("E", "", 10_000_000, 20_000_000)]
    assert owing(done) == [("PIL", "A"), ("MBR", "PE"), ("MBR", "MF")]


def test_a_correction_shows_what_it_moves_and_not_what_it_leaves(state_home: Any) -> None:
    story, change, _ = closed_and_reported()
    assert tried(story, change, uncertainty="0.1").preview.postings.is_empty()
    moved = tried(story, change, weights={"E": "995", "E/U235": "50"}).preview.postings
    assert moved["ug"].abs().to_list() == [5_000_000] * 4


def test_a_correction_that_changes_no_field_is_refused(state_home: Any) -> None:
    from openmpca.accounting.operations import OperationError

    story, change, _ = closed_and_reported()
    for same in ({}, {"weights": {"E/U235": "50.0", "E": "1000"}}):
        with pytest.raises(OperationError, match="Nothing is changed"):
            tried(story, change, **same)
