"""What becomes of a report: proposed, approved, sent, acknowledged, returned; and figures as reported."""

from datetime import date
from typing import Any

import pytest

from tests.accounting.reporting.story import Story, lines
from tests.state import alone, at


def test_one_person_makes_a_proposal_and_another_approves_it(state_home: Any) -> None:
    from openmpca.accounting.reporting import commands, queries
    from openmpca.accounting.reporting.make import Wanted
    from openmpca.record import commands as record

    story = Story()
    story.change("2026-03-10", "RF", "A", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    wanted = Wanted(mba="ZZA1", sort="I", end=date(2026, 3, 31), day=date(2026, 4, 5), encoder="SMITH,J.")
    made = commands.make_report(wanted, alone(story.act), when=at("2026-04-05"))
    assert made.stated.proposal is not None
    assert queries.all_reports() == []
    record.approve(made.stated.proposal, "boris", when=at("2026-04-06"))
    assert [(each.report, each.state) for each in queries.all_reports("ZZA1")] == [(1, "made")]


def test_a_report_whose_book_changed_meanwhile_is_made_again(state_home: Any) -> None:
    from openmpca.accounting.reporting import commands
    from openmpca.accounting.reporting.make import Wanted
    from openmpca.record import commands as record
    from openmpca.record.record import Refused

    story = Story()
    change = story.change("2026-03-10", "RF", "A", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    wanted = Wanted(mba="ZZA1", sort="I", end=date(2026, 3, 31), day=date(2026, 4, 5), encoder="SMITH,J.")
    made = commands.make_report(wanted, alone(story.act), when=at("2026-04-05"))
    story.correct(change, "2026-04-06", weights={"E": "11", "E/U235": "1"})
    with pytest.raises(Refused) as refused:
        record.approve(made.stated.proposal or 0, "boris", when=at("2026-04-06"))
    assert [each.rule for each in refused.value.problems if each.severity == "error"] == [603]


def test_a_returned_report_keeps_its_remarks_with_the_changes_concerned(each_state_home: Any) -> None:
    from openmpca.accounting.reporting import commands, queries

    story = Story()
    story.change("2026-03-09", "RF", "A", {"E": "5", "E/U235": "1"}, shipper_batch="R")
    change = story.change("2026-03-10", "RF", "B", {"E": "10", "E/U235": "2"}, shipper_batch="S")
    of = story.report("I", "2026-03-31", "2026-04-05").stated.numbers[0]
    commands.send(of, date(2026, 4, 6), story.act, when=at("2026-04-06"))
    said = {0: "SEE BELOW", 2: "ENRICHMENT DIFFERS FROM THE SHIPPER'S"}
    commands.answer(of, date(2026, 4, 20), story.act, acknowledged=False, remarks=said, when=at("2026-04-20"))
    assert [each.state for each in queries.all_reports("ZZA1")] == ["returned"]
    assert [(each.entry, each.about) for each in queries.remarks(of)] == [(0, 0), (2, change)]
    assert [each.text for each in queries.remarks(change)] == ["ENRICHMENT DIFFERS FROM THE SHIPPER'S"]
    story.correct(change, "2026-04-21", weights={"E": "10", "E/U235": "1.9"})
    assert lines(story.report("I", "2026-04-30", "2026-05-05")) == ["C/1/2 RF B E=10 E/U235=1.9"]
    history = [(report.report, entry.status) for report, entry in queries.reporting_of(change)]
    assert history == [(1, "N")]


def test_as_reported_is_what_was_made_sent_or_acknowledged(state_home: Any) -> None:
    from openmpca.accounting.reporting import commands, queries

    story = Story()
    story.change("2026-03-10", "RF", "A", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    march = story.report("I", "2026-03-31", "2026-04-05").stated.numbers[0]
    story.change("2026-04-10", "RF", "B", {"E": "20", "E/U235": "2"}, shipper_batch="T")
    april = story.report("I", "2026-04-30", "2026-05-05").stated.numbers[0]
    story.change("2026-05-10", "RF", "C", {"E": "30", "E/U235": "3"}, shipper_batch="U")
    day = date(2026, 5, 31)
    assert queries.in_book("ZZA1", day)["E"] == 60_000_000
    assert queries.reported("ZZA1", day)["E"] == 30_000_000
    assert queries.reported("ZZA1", day, "sent") == {}
    commands.send(march, day, story.act, when=at("2026-05-31"))
    commands.send(april, day, story.act, when=at("2026-05-31"))
    known = commands.answer(march, day, story.act, acknowledged=True, when=at("2026-06-01")).numbers[0]
    assert queries.reported("ZZA1", day, "sent")["E"] == 30_000_000
    assert queries.reported("ZZA1", day, "acknowledged")["E"] == 10_000_000
    assert queries.reported("ZZA1", day, "acknowledged", known_at=known - 1) == {}
    assert queries.reported("ZZA1", date(2026, 4, 1))["E"] == 10_000_000


def test_what_others_state_meanwhile_does_not_hold_up_an_approval(state_home: Any) -> None:
    from openmpca.accounting.reporting import commands, queries
    from openmpca.accounting.reporting.make import Wanted
    from openmpca.record import commands as record

    story = Story()
    change = story.change("2026-03-10", "RF", "A", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    story.report("I", "2026-03-31", "2026-04-05")
    story.correct(change, "2026-04-06", weights={"E": "11", "E/U235": "1"})
    story.change("2026-04-07", "RF", "B", {"E": "20", "E/U235": "1"}, shipper_batch="T")
    wanted = Wanted(
        mba="ZZA1", sort="I", end=date(2026, 3, 31), day=date(2026, 4, 8), encoder="SMITH,J.", corrections_only=True
    )
    made = commands.make_report(wanted, alone(story.act), when=at("2026-04-08"))
    story.change("2026-04-09", "RF", "C", {"E": "30", "E/U235": "1"}, shipper_batch="U")
    record.approve(made.stated.proposal or 0, "boris", when=at("2026-04-10"))
    assert [each.report for each in queries.all_reports("ZZA1")] == [1, 2]
