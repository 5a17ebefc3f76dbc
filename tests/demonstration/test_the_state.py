"""The demonstration State: it plays, it is always the same, and everything that its story tells is really there."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.accounting.importing.same_book import picture, without_differences
from tests.state import at, close_home, founded, postgresql_state, sqlite_state

END = date(2026, 1, 15)


@pytest.fixture
def tessara(played_file: tuple[Path, Any], tmp_path: Path) -> Iterator[Any]:
    """The State, open, on a copy of its own; with what came of playing it."""
    with sqlite_state(played_file[0], tmp_path / "tessara"):
        yield played_file[1]


def held(mba: str, day: date = END, number: int | None = None) -> dict[str, str]:
    from openmpca.accounting.queries import View
    from openmpca.nuclear.mass import format_grams

    rows = View.of(day, number).balances([mba])
    return {
        f"{category}/{nuclide}" if nuclide else category: str(ug) if nuclide == "#" else format_grams(ug)
        for _, _, category, nuclide, ug in rows.iter_rows()
        if ug
    }


def muf(mba: str, end: date, number: int | None = None) -> dict[tuple[str, str], int]:
    from openmpca.accounting.balance import material_balance, periods

    begin = next(each.begin for each in periods(mba) if each.end == end)
    terms = material_balance(mba, begin, end, number)
    return {(c, n): ug for code, c, n, ug in terms.iter_rows() if code == "MF" and ug and n != "#"}


def test_nothing_happens_that_the_story_does_not_expect(tessara: Any) -> None:
    assert tessara.unexpected == []
    assert tessara.blocks > 200


def test_the_record_verifies_and_the_tables_rebuild_the_same(tessara: Any) -> None:
    from openmpca.record.rebuild import rebuild
    from openmpca.record.verify import verify

    verdict = verify()
    assert verdict.problems == []
    assert 900 <= verdict.size <= 1500
    assert rebuild().problems == []


def test_another_seed_tells_the_same_story_in_other_figures() -> None:
    from openmpca.demonstration.generator import routine

    one, other = routine("2024"), routine("another")
    assert [each.head.do for each in one] == [each.head.do for each in other]
    assert [each.fields for each in one] != [each.fields for each in other]


def test_the_small_holders_hold_what_was_not_exempted_or_lost(tessara: Any) -> None:
    assert held("XTL1") == {"D": "61670", "D/#": "4", "N": "5215", "N/#": "1", "P": "15.8", "P/#": "1"}


def test_no_fuel_of_high_enrichment_is_left_and_none_was_lost(tessara: Any) -> None:
    assert "HEU" in held("XTR1", date(2025, 6, 8))
    assert not [key for key in held("XTR1") if key.startswith("HEU")]


def test_areas_of_items_have_no_muf(tessara: Any) -> None:
    from openmpca.accounting.balance import periods

    for mba in ("XTF1", "XTL1", "XTP1", "XTR1"):
        closed = periods(mba)
        assert len(closed) == 2
        assert all(muf(mba, each.end) == {} for each in closed)


def test_the_muf_of_the_process_area_is_explained_by_a_correction_across_the_closing(tessara: Any) -> None:
    (correction,) = tessara.numbers["discard-corrected"]
    before = muf("XTF2", date(2025, 6, 13), correction - 1)
    after = muf("XTF2", date(2025, 6, 13))
    assert before["LEU", ""] - after["LEU", ""] == 3_708_000_000
    assert abs(after["LEU", ""]) < 1_500_000_000
    assert held("XTF2", number=correction) == held("XTF2", number=correction - 1)


def test_an_invoice_is_corrected_twice_in_a_chain(tessara: Any) -> None:
    from openmpca.accounting.queries import View

    first, second = tessara.numbers["invoice-corrected"][0], tessara.numbers["invoice-corrected-again"][0]
    day = date(2024, 2, 29)
    amounts = []
    for number in (first - 1, first, second):
        rows = View.of(day, number).batches("XTF1").iter_rows()
        amounts += [ug // 10**6 for batch, _, nuclide, ug in rows if (batch, nuclide) == ("C30B-0003", "")]
    assert amounts == [1541200, 1540200, 1540260]


def test_a_report_comes_back_with_a_remark_and_is_corrected(tessara: Any) -> None:
    from openmpca.accounting.reporting.queries import all_reports, remarks

    (returned,) = tessara.numbers["returned-report"]
    states = {each.number: each for each in all_reports("XTR1")}
    assert states[returned].state == "returned"
    assert [each.entry for each in remarks(returned)] == [3]
    (corrected,) = tessara.numbers["corrected-report"]
    assert states[corrected].state == "acknowledged"


def test_a_transit_within_the_state_is_overdue_and_a_receipt_before_its_shipment_is_matched(tessara: Any) -> None:
    from openmpca.accounting.queries import View
    from openmpca.accounting.transit.board import board

    late = [each for each in board(View.of(END)).open if each.scope == "domestic"]
    assert [(each.first.key, each.alert) for each in late] == [("SAMPLE-25-1", "alarm")]
    receipt = tessara.numbers["delivered-2025"][0]
    assert receipt < tessara.numbers["deliver-2025"][0]
    assert [each.standing for each in board(View.of(END)).of(receipt)] == ["matched"]


def test_every_report_that_is_due_was_made_and_what_is_late_is_what_the_story_says(tessara: Any) -> None:
    from openmpca.accounting.reporting.area import areas_with_books
    from openmpca.accounting.reporting.due import due
    from openmpca.accounting.reporting.make import proposed
    from openmpca.record.record import head

    for mba in areas_with_books(head()[0]):
        assert proposed(mba) == []
    late = [each.what.split(" for ")[0].split(":")[0] for each in due(END) if each.state == "late"]
    assert sorted(late) == ["AP-2a-viii", "Advance notice", "Advance notice", "design information"]


def test_months_with_an_inventory_have_two_reports_of_changes(tessara: Any) -> None:
    from openmpca.accounting.reporting.queries import all_reports

    split = [each for each in all_reports("XTR1") if each.sort == "I" and each.end == date(2024, 11, 15)]
    whole = [each for each in all_reports("XTF2") if each.sort == "I" and (each.end.year, each.end.month) == (2024, 6)]
    assert [each.begin for each in whole] == [date(2024, 6, 15)]
    assert split == []


def test_reports_have_an_addition_a_deletion_and_corrections(tessara: Any) -> None:
    from openmpca.accounting.reporting.standing import reported_by
    from openmpca.record.record import head

    entries = [entry for mba in ("XTF1", "XTF2", "XTR1") for entry in reported_by(mba, head()[0]).entries]
    statuses = {(entry.sort, entry.status) for entry in entries}
    assert {("I", "C"), ("I", "D"), ("I", "A"), ("M", "C")} <= statuses


def test_obligations_are_kept_exchanged_and_run_short(tessara: Any) -> None:
    from openmpca.accounting.obligations.ledger import ledger
    from openmpca.accounting.queries import View

    kept = ledger(View.of(END))
    assert {"XPA", "XPB"} <= set(kept.balances["obligation"])
    assert [each.rule for each in kept.problems] != []


def test_the_exempted_source_is_on_an_account_of_its_own(tessara: Any) -> None:
    from openmpca.accounting.queries import View

    rows = View.of(END).balances(["XTL1"], ["EU"])
    assert {(category, nuclide): ug for _, _, category, nuclide, ug in rows.iter_rows()}["P", ""] == 4_100_000


def test_a_deputy_acts_in_august_only(tessara: Any) -> None:
    from openmpca.record.reading import by_kind

    pavel = "p-c4019d63fa"
    months = {each.recorded[5:7] for each in by_kind("accounting.report") if each.prepared_by == pavel}
    assert months == {"08"}


def test_all_of_it_exported_as_code_10_and_brought_in_elsewhere_is_the_same_book(
    tessara: Any, sqlite_file: Path, tmp_path: Path
) -> None:
    from openmpca.accounting.exporting.files import export_history
    from openmpca.accounting.importing.history import import_history

    days = [date(2023, 12, 31), date(2024, 6, 13), date(2024, 6, 14), date(2024, 12, 31), date(2025, 6, 13), END]
    before = picture(days)
    files = [each.path for each in export_history(tmp_path / "files")]
    close_home()
    with sqlite_state(sqlite_file, tmp_path / "elsewhere"):
        import_history(files, founded(), register=True, when=at("2026-02-01"))
        without_differences(before, picture(days))


@pytest.mark.long
def test_it_plays_again_on_postgresql_to_the_same_size_and_root(
    played_file: tuple[Path, Any], postgresql_server: str, postgresql_database: str, tmp_path: Path
) -> None:
    from openmpca.demonstration.generator import whole_state
    from openmpca.demonstration.player import play
    from openmpca.record.record import head

    with sqlite_state(played_file[0], tmp_path / "tessara"):
        before = head()
    with postgresql_state(postgresql_server, postgresql_database, tmp_path / "home"):
        play(whole_state("2024"))
        assert head() == before


def test_every_report_of_the_state_checked_against_its_own_book_has_no_error(tessara: Any, tmp_path: Path) -> None:
    from openmpca.accounting.reporting.check import check_file
    from openmpca.accounting.reporting.queries import all_reports
    from openmpca.problems import errors
    from openmpca.record.reading import stored

    numbers = [each.number for mba in ("XTF1", "XTF2", "XTR1") for each in all_reports(mba)]
    assert len(numbers) > 40
    for number in numbers:
        file = tmp_path / f"{number}.c10"
        file.write_text(str(stored(number).fields["text"]), encoding="utf-8", newline="")
        checked, together = check_file(file, with_book=True)
        found = [problem for each in checked for problem in each.problems]
        assert errors(found + together) == [], number


def test_a_report_on_record_with_another_figure_is_noticed(tessara: Any, tmp_path: Path) -> None:
    from openmpca.accounting.reporting.check import check_file
    from openmpca.accounting.reporting.queries import all_reports
    from openmpca.record.reading import stored

    fourth = next(each.number for each in all_reports("XTF1") if each.report == 4)
    text = str(stored(fourth).fields["text"])
    other = text.replace("68541.6", "68541.7")
    assert other != text
    file = tmp_path / "other.c10"
    file.write_text(other, encoding="utf-8", newline="")
    checked, _ = check_file(file, with_book=True)
    assert 614 in {problem.rule for each in checked for problem in each.problems}
