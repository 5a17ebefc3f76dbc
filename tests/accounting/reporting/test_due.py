"""What is due when, and what is late."""

from datetime import date
from typing import Any

from tests.accounting.reporting.story import Story
from tests.state import at


def told(day: str, mba: str | None = "ZZA1") -> list[str]:
    """What is due in few words."""
    from openmpca.accounting.reporting.due import due

    return [f"{each.what} {each.due} {each.state}" for each in due(date.fromisoformat(day), mba=mba)]


def test_reports_are_due_thirty_days_after_the_month_or_the_inventory(each_state_home: Any) -> None:
    story = Story()
    story.inventory("2026-01-31", {}, opening=True)
    story.change("2026-03-10", "RF", "A", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    story.inventory("2026-03-31", {"A": {"E": "10", "E/U235": "1"}})
    assert told("2026-05-01") == [
        "Initial report 2026-03-02 late",
        "ICR of 2026-03-01 to 2026-03-31 2026-04-30 late",
        "PIL of 2026-03-31 2026-04-30 late",
        "MBR of 2026-03-31 2026-04-30 late",
        "Physical inventory after that of 2026-03-31 2027-05-31 due",
    ]
    for sort, end in (("P", "2026-01-31"), ("I", "2026-03-31"), ("P", "2026-03-31"), ("M", "2026-03-31")):
        story.report(sort, end, "2026-05-01")
    assert told("2026-05-02")[0] == "PIL 1 made and not sent 2026-05-08 due"


def test_a_change_is_due_after_its_month_and_what_corrects_reports_after_its_statement(state_home: Any) -> None:
    story = Story()
    change = story.change("2026-03-10", "RF", "A", {"E": "10", "E/U235": "1"}, shipper_batch="S", when="2026-05-03")
    assert told("2026-05-04")[0] == "ICR of 2026-03-01 to 2026-03-31 2026-04-30 late"
    story.report("I", "2026-03-31", "2026-05-05")
    story.correct(change, "2026-07-10", weights={"E": "11", "E/U235": "1"})
    assert "ICR with 1 correction 2026-08-30 due" in told("2026-07-11")
    story.change("2026-03-12", "RF", "B", {"E": "5", "E/U235": "1"}, shipper_batch="T", when="2026-07-10")
    assert "ICR with 2 corrections 2026-08-30 due" in told("2026-07-11")
    story.change("2026-03-13", "RF", "C", {"E": "5", "E/U235": "1"}, shipper_batch="U", when="2026-08-10")
    assert "ICR with 3 corrections 2026-08-30 late" in told("2026-09-01")


def test_the_correction_of_a_balance_is_due_after_the_month_of_what_moved_it(state_home: Any) -> None:
    story = Story()
    story.inventory("2026-01-31", {"A": {"E": "100", "E/U235": "20"}}, opening=True)
    change = story.change("2026-03-10", "LD", "A", {"E": "1", "E/U235": "0.2"}, basis="M")
    story.inventory("2026-03-31", {"A": {"E": "99", "E/U235": "19.8"}})
    for sort in ("I", "P", "M"):
        story.report(sort, "2026-03-31", "2026-04-05")
    story.change("2026-05-02", "LD", "A", {"E": "1", "E/U235": "0.2"}, basis="M")
    story.correct(change, "2026-05-10", weights={"E": "2", "E/U235": "0.2"})
    story.change("2026-06-10", "LD", "A", {"E": "1", "E/U235": "0.2"}, basis="M")
    for day, state in (("2026-05-20", "due"), ("2026-07-20", "late"), ("2027-02-20", "late")):
        assert [each for each in told(day) if each.startswith("MBR with")] == [
            f"MBR with 3 corrections of 2026-03-31 2026-06-30 {state}"
        ]


def test_the_initial_report_is_asked_of_the_first_openings_and_a_listing_of_later_ones(state_home: Any) -> None:
    from openmpca.accounting.statements import Closing, Inventory

    story = Story()

    def opened(mba: str, day: date) -> None:
        number = story.tell(Inventory(day=day, mba=mba, opening=True), when=str(day))[0]
        story.tell(Closing(day=day, mba=mba, inventory=number), when=str(day))

    opened("ZZA1", date(2024, 1, 31))
    opened("ZZC1", date(2026, 3, 31))
    assert told("2026-05-01")[0] == "Initial report 2024-03-01 late"
    assert told("2026-05-01", "ZZC1") == [
        "PIL of 2026-03-31 2026-04-30 late",
        "Physical inventory after that of 2026-03-31 2027-05-31 due",
    ]


def test_a_returned_report_is_due_until_a_later_one_takes_it_up(state_home: Any) -> None:
    from openmpca.accounting.reporting import commands

    story = Story()
    change = story.change("2026-03-10", "RF", "A", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    of = story.report("I", "2026-03-31", "2026-04-05").stated.numbers[0]
    commands.send(of, date(2026, 4, 6), story.act, when=at("2026-04-06"))
    commands.answer(of, date(2026, 4, 20), story.act, acknowledged=False, remarks={1: "NO"}, when=at("2026-04-20"))
    assert "ICR 1 returned 2026-05-20 due" in told("2026-04-21")
    story.correct(change, "2026-04-22", weights={"E": "11", "E/U235": "1"})
    story.report("I", "2026-03-31", "2026-04-23", corrections_only=True)
    assert not any("returned" in each for each in told("2026-04-24"))


def test_transfers_losses_and_exemptions_take_their_documents(state_home: Any) -> None:
    from openmpca.accounting.statements import Document

    story = Story()
    big = story.change("2026-03-10", "RF", "A", {"P": "2000"}, shipper_batch="S", description="FQMB")
    story.change("2026-03-12", "LA", "A", {"P": "1"}, basis="M", description="FQMB")
    story.change("2026-03-13", "EQ", "A", {"P": "2"}, basis="M", description="FQMB", document="EX-1")
    notices = [
        "Advance notice for RF of batch A on 2026-03-10 2026-03-10 late",
        "Agreed request for EQ of batch A on 2026-03-13 2026-03-13 late",
        "Special report for LA of batch A on 2026-03-12 2026-03-15 late",
    ]
    assert [each for each in told("2026-03-20") if "batch" in each] == notices
    day = date(2026, 3, 1)
    story.tell(
        Document(day=day, code="AN-1", sort="advance notice", title="Plutonium", sent=day, about=[big]),
        Document(
            day=day, code="EX-1", sort="request", title="Exemption", sent=day, answered=day, answer="agreed", due=day
        ),
        when="2026-03-20",
    )
    assert [each for each in told("2026-03-20") if "batch" in each] == notices[2:]


def test_documents_and_declarations_are_due_on_their_days(state_home: Any) -> None:
    from openmpca.accounting.reporting.due import due, problems
    from openmpca.accounting.statements import Country, Document

    story = Story()
    day = date(2026, 1, 1)
    story.tell(
        Country(day=day, code="ZZ", name="Zedland", own=True, protocol_in_force=date(2025, 3, 1)),
        Document(day=day, code="DIQ-1", sort="design information", title="Reactor", mba="ZZA1", due=date(2026, 6, 1)),
        Document(day=day, code="X-1", sort="request", title="Termination", sent=day, due=date(2026, 2, 1)),
        Document(day=date(2026, 5, 1), code="D-1", sort="AP-2a", title="For 2025", sent=date(2026, 5, 1)),
        when="2026-05-02",
    )
    found = due(date(2026, 6, 10))
    assert [(each.document, each.state) for each in found if each.document] == [("X-1", "waiting"), ("DIQ-1", "late")]
    late = [each for each in found if each.rule == 712]
    assert [each.what[:10].rstrip(": D") for each in late] == ["AP-2a-vi", "AP-2a-viii"]
    assert all(each.unverified for each in late)
    assert {each.rule for each in problems(found)} == {711, 712}


def test_a_receiver_may_want_a_report_of_each_empty_month(state_home: Any) -> None:
    from tests.accounting.reporting.story import lines

    story = Story(profile="euratom")
    story.inventory("2026-01-31", {}, opening=True)
    story.change("2026-03-10", "RF", "A", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    assert [each for each in told("2026-04-10") if "ICR" in each] == [
        "Empty ICR of 2026-02 2026-03-15 late",
        "ICR of 2026-03-01 to 2026-03-31 2026-04-15 due",
    ]
    assert lines(story.report("I", "2026-02-28", "2026-04-10", begin="2026-02-01")) == ["U"]
    assert [each for each in told("2026-04-10") if "Empty" in each] == []
