"""The rules 600 to 618: each with a report that breaks it."""

from datetime import date
from typing import Any

import msgspec
import pytest

from tests.accounting.reporting.story import Story, lines
from tests.state import at


def opened() -> Story:
    """An area with a batch, opened at the end of January."""
    story = Story()
    story.inventory("2026-01-31", {"A": {"E": "100", "E/U235": "5"}}, opening=True)
    return story


def broken(story: Story, sort: str, end: str, day: str, begin: str = "") -> list[tuple[int, str]]:
    """The rules that a report breaks, as drafted."""
    from openmpca.accounting.reporting.against_book import check_draft
    from openmpca.accounting.reporting.make import Wanted, draft

    wanted = Wanted(
        mba=story.mba,
        sort=sort,  # type: ignore[arg-type]
        begin=date.fromisoformat(begin) if begin else None,
        end=date.fromisoformat(end),
        day=date.fromisoformat(day),
        encoder="SMITH,J.",
    )
    return [(each.rule, each.severity) for each in check_draft(draft(wanted)) if each.rule >= 600]


def refused(story: Story, *statements: Any) -> list[int]:
    """The rules for which statements are refused."""
    from openmpca.problems import errors
    from openmpca.record.record import Refused

    with pytest.raises(Refused) as found:
        story.tell(*statements, when="2026-06-01")
    return [each.rule for each in errors(found.value.problems)]


def stated(made: Any) -> Any:
    """The statement that keeps a report."""
    from openmpca.record.reading import stored

    return stored(made.stated.numbers[0]).statement


def test_a_report_has_the_next_number_and_one_readable_text(state_home: Any) -> None:
    story = opened()
    story.change("2026-03-10", "RF", "B", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    report = stated(story.report("I", "2026-03-31", "2026-04-05"))
    assert 600 in refused(story, report)
    other = msgspec.structs.replace(report, text=report.text.replace("ZZ;1#", "ZZ;2#"), report=2, origin="received")
    assert 601 in refused(story, msgspec.structs.replace(other, mba="ZZX1"))
    assert 601 in refused(story, msgspec.structs.replace(other, sort="M"))
    assert 601 in refused(story, msgspec.structs.replace(other, text="nothing"))
    made = msgspec.structs.replace(other, origin="made")
    assert 602 in refused(story, msgspec.structs.replace(made, entries=[]))
    assert 602 in refused(story, msgspec.structs.replace(made, entries=[10_000]))
    assert 603 in refused(story, made)


def test_history_that_was_brought_in_is_kept_with_its_gaps(state_home: Any) -> None:
    story = opened()
    story.change("2026-03-10", "RF", "B", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    report = stated(story.report("I", "2026-03-31", "2026-04-05"))
    text = report.text.replace("ZZ;1#", "ZZ;7#")
    brought = msgspec.structs.replace(report, text=text, report=7, entries=[0], origin="received")
    story.tell(brought, when="2026-06-01")
    assert story.report("T", "2026-06-01", "2026-06-01", note="NEXT").draft.report.header.number == 8


def test_periods_of_changes_neither_overlap_nor_reach_across_an_inventory(state_home: Any) -> None:
    story = opened()
    story.change("2026-02-10", "RF", "B", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    story.report("I", "2026-02-28", "2026-03-05")
    story.change("2026-03-10", "RF", "C", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    held = {"A": {"E": "100", "E/U235": "5"}, "B": {"E": "10", "E/U235": "1"}, "C": {"E": "10", "E/U235": "1"}}
    story.inventory("2026-03-15", held)
    found = broken(story, "I", "2026-03-31", "2026-04-05", "2026-02-20")
    assert found == [(604, "error"), (605, "warning")]


def test_a_balance_comes_after_changes_and_listing(state_home: Any) -> None:
    story = opened()
    story.change("2026-02-10", "RF", "B", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    story.inventory("2026-02-28", {"A": {"E": "100", "E/U235": "5"}, "B": {"E": "10", "E/U235": "1"}})
    found = broken(story, "M", "2026-02-28", "2026-03-05")
    assert sorted(rule for rule, _ in found) == [606, 607, 610]
    assert broken(story, "M", "2026-02-28", "2026-03-05", "2026-02-15")[-1][0] == 610


def test_a_balance_joins_the_one_before(state_home: Any) -> None:
    story = opened()
    lines_ = story.inventory("2026-02-28", {"A": {"E": "100", "E/U235": "5"}})
    story.report("P", "2026-02-28", "2026-03-05")
    story.report("M", "2026-02-28", "2026-03-05")
    story.inventory("2026-03-31", {"A": {"E": "100", "E/U235": "5"}})
    story.report("P", "2026-03-31", "2026-04-05")
    assert broken(story, "M", "2026-03-31", "2026-04-05", "2026-03-03") == [(609, "warning")]
    story.relist(lines_[0], {"E": "99", "E/U235": "5"}, "2026-04-06")
    assert (608, "error") in broken(story, "M", "2026-03-31", "2026-04-06")


def test_a_listing_that_was_corrected_and_not_reported_disagrees(state_home: Any) -> None:
    from openmpca.accounting.reporting.against_book import against_book
    from openmpca.accounting.reporting.area import area_of

    story = opened()
    listed = story.inventory("2026-02-28", {"A": {"E": "100", "E/U235": "5"}, "NEW": {"E": "1", "E/U235": "0.1"}})
    made = story.report("P", "2026-02-28", "2026-03-05")
    assert [each.rule for each in made.problems] == [612]
    balance = story.report("M", "2026-02-28", "2026-03-05")
    assert against_book(balance.draft.report, area_of("ZZA1")) == []
    story.relist(listed[0], {"E": "99", "E/U235": "5"}, "2026-03-06")
    story.report("P", "2026-02-28", "2026-03-07")
    report = balance.draft.report
    assert against_book(report, area_of("ZZA1")) == []
    other = msgspec.structs.replace(report, header=msgspec.structs.replace(report.header, number=99))
    assert {each.rule for each in against_book(other, area_of("ZZA1"))} == {611, 614}


def test_an_area_of_items_expects_no_muf(state_home: Any) -> None:
    from openmpca.accounting.statements import Mba

    story = opened()
    story.tell(Mba(day=date(2024, 1, 1), code="ZZA1", facility="ZZA-", name="Reactor", items_only=True))
    story.inventory("2026-02-28", {"A": {"E": "99", "E/U235": "5"}})
    story.report("P", "2026-02-28", "2026-03-05")
    assert broken(story, "M", "2026-02-28", "2026-03-05") == [(613, "warning")]


def test_a_report_of_another_state_is_remarked(state_home: Any) -> None:
    from openmpca.accounting.reporting.against_book import against_book
    from openmpca.accounting.reporting.area import area_of

    story = opened()
    report = story.report("P", "2026-01-31", "2026-02-05").draft.report
    other = msgspec.structs.replace(report, header=msgspec.structs.replace(report.header, country="YY"))
    assert [each.rule for each in against_book(other, area_of("ZZA1"))] == [618]


def test_only_reports_are_sent_and_answered(state_home: Any) -> None:
    from openmpca.accounting.statements import Answer, Sending

    story = opened()
    of = story.report("P", "2026-01-31", "2026-02-05").stated.numbers[0]
    day = date(2026, 2, 6)
    assert refused(story, Sending(day=day, mba="ZZA1", of=3)) == [615]
    assert refused(story, Answer(day=day, mba="ZZC1", of=of, acknowledged=True)) == [615]
    from openmpca.record import commands

    answer = Answer(day=day, mba="ZZA1", of=of, acknowledged=False, remarks={"9": "WHICH"})
    assert sorted(refused(story, answer)) == [616, 617]
    assert sorted(refused(story, Sending(day=day, mba="ZZA1", of=of), Sending(day=day, mba="ZZA1", of=of))) == [620]
    act = msgspec.structs.replace(story.act, overrides={"616": "they have it", "617": "as they wrote"})
    commands.state([answer], act, when=at("2026-06-01"))


def test_what_was_sent_or_acknowledged_is_not_said_again(state_home: Any) -> None:
    from openmpca.accounting.statements import Answer, Sending
    from openmpca.record import commands

    story = opened()
    of = story.report("P", "2026-01-31", "2026-02-05").stated.numbers[0]
    sending = Sending(day=date(2026, 2, 6), mba="ZZA1", of=of)
    returned = Answer(day=date(2026, 2, 20), mba="ZZA1", of=of, acknowledged=False)
    story.tell(sending, when="2026-02-06")
    assert refused(story, sending) == [620]
    made = commands.state([returned], story.act, when=at("2026-02-20"))
    assert [each.rule for each in made.problems] == [622]
    story.tell(sending, when="2026-02-21")
    story.tell(Answer(day=date(2026, 3, 1), mba="ZZA1", of=of, acknowledged=True), when="2026-03-01")
    assert 621 in refused(story, returned)
    assert refused(story, sending) == [620]


def test_a_soft_rule_is_overridden_with_a_reason(state_home: Any) -> None:
    from openmpca.accounting.reporting import commands
    from openmpca.accounting.reporting.make import Wanted

    story = opened()
    story.change("2026-02-10", "RF", "B", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    story.inventory("2026-02-28", {"A": {"E": "100", "E/U235": "5"}, "B": {"E": "10", "E/U235": "1"}})
    story.report("P", "2026-02-28", "2026-03-05")
    act = msgspec.structs.replace(story.act, overrides={"606": "agreed by letter", "610": "agreed by letter"})
    wanted = Wanted(mba="ZZA1", sort="M", end=date(2026, 2, 28), day=date(2026, 3, 5), encoder="SMITH,J.")
    made = commands.make_report(wanted, act, when=at("2026-03-05"))
    assert lines(made)[1] == "N RF E=10 E/U235=1"


def test_a_report_altered_by_hand_is_refused_though_nothing_came_in_between(state_home: Any) -> None:
    from openmpca.accounting.reporting.make import Wanted, draft

    story = opened()
    story.change("2026-03-10", "RF", "B", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    wanted = Wanted(mba=story.mba, sort="I", end=date(2026, 3, 31), day=date(2026, 4, 5), encoder="SMITH,J.")
    made = draft(wanted).statement()
    altered = msgspec.structs.replace(made, text=made.text.replace("630:10G#", "630:9G#"))
    assert altered.text != made.text
    assert refused(story, altered) == [603]


def test_two_reports_of_one_act_do_not_share_a_number(state_home: Any) -> None:
    from openmpca.accounting.reporting.make import Wanted, draft
    from openmpca.record.record import Refused

    story = opened()
    wanted = Wanted(mba=story.mba, sort="I", end=date(2026, 3, 31), day=date(2026, 4, 5), encoder="SMITH,J.")
    story.change("2026-03-10", "RF", "B", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    made = draft(wanted).statement()
    with pytest.raises(Refused) as found:
        story.tell(made, made, when="2026-06-01")
    assert 600 in {each.rule for each in found.value.problems}
