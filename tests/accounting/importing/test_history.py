"""A former system's Code 10 files become the book, the reports and the open problems of a State."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from openmpca.record.record import Refused, head
from tests.formats.code10 import reports as texts
from tests.state import State, at, founded

WHOLE = (texts.RECEIPT_6, texts.CHANGES_7, texts.DELETION_8, texts.LISTING_9, texts.BALANCE_10)
NOW = "2027-06-01"


def written(folder: Path, *parts: bytes, name: str = "ZZA1.c10") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(b"".join(parts))
    return path


def brought_in(paths: list[Path], act: Any, **options: Any) -> Any:
    from openmpca.accounting.importing.history import import_history

    return import_history(paths, act, **{"register": True, "when": at(NOW), **options})


def main_account(mba: str, day: date) -> dict[tuple[str, str], int]:
    from openmpca.accounting.queries import View

    rows = View.of(day).balances([mba], ["MAIN"]).filter(~(pl_col("nuclide") == "#"))
    return {
        (category, nuclide): ug // 1_000_000
        for category, nuclide, ug in rows.select("category", "nuclide", "ug").iter_rows()
    }


def pl_col(name: str) -> Any:
    import polars as pl

    return pl.col(name)


def rules_of(found: Any) -> set[int]:
    return {each.rule for each in found.stated.problems}


def test_the_reports_of_a_reactor_become_its_book(each_state_home: State, tmp_path: Path) -> None:
    found = brought_in([written(tmp_path / "in", *WHOLE)], founded())
    assert found.reports == 5
    assert main_account("ZZA1", date(2026, 3, 20)) == {("E", ""): 34840, ("E", "U235"): 6880}
    assert main_account("ZZA1", date(2026, 6, 1)) == {("E", ""): 43050, ("E", "U235"): 8204, ("P", ""): 170}
    assert 969 not in rules_of(found)


def test_what_a_stranger_wrote_is_kept_word_for_word(state_home: State, tmp_path: Path) -> None:
    from openmpca.record.reading import by_kind

    strange = texts.RECEIPT_6.replace(b"#407:1#", b"#  407:1#\r\n999:THEIR OWN MARK#", 1)
    brought_in([written(tmp_path / "in", strange)], founded())
    (report,) = by_kind("accounting.report")
    assert str(report.fields["text"]).encode() == strange
    assert report.fields["origin"] == "received"


def test_a_correction_that_the_balance_does_not_know_is_an_open_problem(state_home: State, tmp_path: Path) -> None:
    parts = (texts.RECEIPT_6, texts.CHANGES_7, texts.CORRECTION_8, texts.LISTING_9, texts.BALANCE_10)
    found = brought_in([written(tmp_path / "in", *parts)], founded())
    told = [each.message for each in found.stated.problems if each.rule == 969]
    assert any("RF of E/U235: the report has 8772 g, the book 8770 g" in each for each in told)
    assert main_account("ZZA1", date(2026, 6, 1))["E", "U235"] == 8204


def test_files_may_come_in_any_order_and_overlap(state_home: State, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    paths = [
        written(folder, texts.BALANCE_10, texts.LISTING_9, name="b.c10"),
        written(folder, texts.DELETION_8, texts.RECEIPT_6, texts.CHANGES_7, name="a.c10"),
        written(folder, texts.CHANGES_7, name="again.c10"),
    ]
    found = brought_in(paths, founded())
    assert found.reports == 5
    assert main_account("ZZA1", date(2026, 6, 1))["E", ""] == 43050


def test_a_history_may_come_in_parts(state_home: State, tmp_path: Path) -> None:
    act, folder = founded(), tmp_path / "in"
    brought_in([written(folder, texts.RECEIPT_6, texts.CHANGES_7, name="1.c10")], act)
    later = written(folder, texts.CHANGES_7, texts.DELETION_8, texts.LISTING_9, texts.BALANCE_10, name="2.c10")
    found = brought_in([later], act)
    assert found.reports == 3
    assert {965} <= rules_of(found)
    assert main_account("ZZA1", date(2026, 6, 1)) == {("E", ""): 43050, ("E", "U235"): 8204, ("P", ""): 170}


def test_a_first_listing_without_a_book_before_is_the_opening(state_home: State, tmp_path: Path) -> None:
    from openmpca.accounting.queries import View

    brought_in([written(tmp_path / "in", texts.LISTING_9)], founded())
    assert main_account("ZZA1", date(2026, 5, 20)) == {("E", ""): 43050, ("E", "U235"): 8204, ("P", ""): 170}
    assert View.of(date(2026, 5, 20)).balances(["ZZA1"], ["MF"]).height == 0


def test_a_listing_is_corrected_line_by_line(state_home: State, tmp_path: Path) -> None:
    change = texts.LISTING_9.splitlines(keepends=True)[0].replace(b"001:OI/ZZ;9#", b"001:OI/ZZ;12#")
    first = change.replace(b"309:N#", b"309:C/ZZ;9/1#").replace(b"002:1/2#", b"002:1/3#").replace(b"9581G", b"9580G")
    second = change.replace(b"309:N#", b"309:A/ZZ;9/3#").replace(b"002:1/2#", b"002:2#").replace(b"CRR41-51", b"FOUND")
    gone = b"001:OI/ZZ;12#002:3#003:20260520#006:SMITH,J.#010:P#015:20260520#207:ZZA-#307:ZZA1#309:D/ZZ;9/2#\n"
    path = written(tmp_path / "in", texts.LISTING_9, first, second, gone)
    brought_in([path], founded())
    assert main_account("ZZA1", date(2026, 5, 20)) == {("E", ""): 9580 + 9581, ("E", "U235"): 2 * 1892}


def test_a_line_that_was_added_late_can_be_deleted_again(state_home: State, tmp_path: Path) -> None:
    late = texts.LISTING_9.splitlines(keepends=True)[0].replace(b"001:OI/ZZ;9#", b"001:OI/ZZ;12#")
    late = late.replace(b"309:N#", b"309:A/ZZ;9/3#").replace(b"002:1/2#", b"002:1/1#").replace(b"CRR41-51", b"FOUND")
    late = late.replace(b"003:20260520#", b"003:20260620#")
    gone = b"001:OI/ZZ;13#002:1/1#003:20260720#006:SMITH,J.#010:P#015:20260520#207:ZZA-#307:ZZA1#309:D/ZZ;9/3#\n"
    brought_in([written(tmp_path / "in", texts.LISTING_9, late, gone)], founded())
    assert main_account("ZZA1", date(2026, 5, 20)) == {("E", ""): 43050, ("E", "U235"): 8204, ("P", ""): 170}


def test_an_empty_listing_is_taken_in(state_home: State, tmp_path: Path) -> None:
    found = brought_in([written(tmp_path / "in", *WHOLE, texts.EMPTY_LISTING_11)], founded())
    assert found.reports == 6
    assert main_account("ZZA1", date(2027, 1, 1)) == {}


def test_one_person_proposes_a_history_and_another_approves_it_though_the_record_grew(
    state_home: State, tmp_path: Path
) -> None:
    from openmpca.accounting.statements import Country
    from openmpca.record import commands
    from tests.state import alone

    act = founded()
    found = brought_in([written(tmp_path / "in", *WHOLE)], alone(act))
    assert found.stated.proposal is not None
    commands.state([Country(day=date(2000, 1, 1), code="YY", name="Y")], alone(act), when=at(NOW))
    commands.approve(found.stated.proposal, "boris", when=at(NOW))
    assert main_account("ZZA1", date(2026, 6, 1))["E", ""] == 43050


def test_the_claimed_dates_say_what_was_known_when(state_home: State, tmp_path: Path) -> None:
    from openmpca.accounting.importing.history import claimed_number
    from openmpca.accounting.queries import View

    brought_in([written(tmp_path / "in", *WHOLE)], founded())
    as_of = date(2026, 4, 1)
    before, after = claimed_number(date(2026, 4, 30)), claimed_number(date(2026, 5, 10))
    natural = [
        View.of(as_of, known).balances(["ZZA1"], ["MAIN"]).filter(pl_col("category") == "N").height
        for known in (before, after)
    ]
    assert natural == [1, 0]
    assert claimed_number(date(2025, 1, 1)) == -1


def test_what_old_reports_claim_was_known_is_asked_with_claimed(state_home: State, tmp_path: Path) -> None:
    from openmpca.accounting.cli.times import known_at
    from openmpca.accounting.importing.history import claimed_number
    from openmpca.record.console import Stop

    brought_in([written(tmp_path / "in", *WHOLE)], founded())
    assert known_at("claimed:2026-04-30") == claimed_number(date(2026, 4, 30))
    assert known_at("claimed:2026-05-10") == claimed_number(date(2026, 5, 10))
    for wrong in ("claimed:2025-01-01", "claimed:", "claimed:soon"):
        with pytest.raises(Stop):
            known_at(wrong)


def test_nothing_of_a_dry_run_stays(state_home: State, tmp_path: Path) -> None:
    act = founded()
    before = head()
    found = brought_in([written(tmp_path / "in", *WHOLE)], act, dry_run=True)
    assert (found.reports, head()) == (5, before)


REFUSED = {
    "an area that is not registered": (WHOLE, {"register": False}, 963),
    "another text under the same number": ((texts.CHANGES_7, texts.CHANGES_7.replace(b"9581G", b"9582G")), {}, 964),
    "another under the same number later": (
        (texts.CHANGES_7, texts.RECEIPT_6, texts.CHANGES_7.replace(b"9581G", b"9582G")),
        {},
        964,
    ),
    "a mass with an exponent": ((texts.RECEIPT_6.replace(b"34840G", b"3e4G"),), {}, 140),
    "a mass with a comma": ((texts.RECEIPT_6.replace(b"34840G", b"34,8G"),), {}, 140),
    "full-width digits": ((texts.RECEIPT_6.replace(b"34840G", "３４G".encode()),), {}, 140),
    "another encoding": ((texts.RECEIPT_6.decode().encode("utf-16"),), {}, 104),
    "a file cut off": ((texts.CHANGES_7[:-180],), {}, 107),
    "a file cut off between entries": ((b"".join(texts.CHANGES_7.splitlines(keepends=True)[:2]),), {}, 132),
    "binary": ((bytes(range(256)) * 400,), {}, 104),
    "nothing": ((b"",), {}, 100),
    "a correction of what nobody reported": ((texts.CORRECTION_8,), {}, 966),
    "an unknown code": ((texts.RECEIPT_6.replace(b"411:RF#", b"411:XX#"),), {}, 967),
    "no date": ((texts.RECEIPT_6.replace(b"412:20260227#", b""),), {}, 967),
    "too much of it": (WHOLE, {"limit": 1000}, 960),
    "two States": ((texts.RECEIPT_6, texts.CHANGES_7.replace(b"/ZZ;7#", b"/YY;7#")), {}, 973),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_represented_is_refused_and_nothing_is_changed(
    case: str, state_home: State, tmp_path: Path
) -> None:
    parts, options, rule = REFUSED[case]
    act = founded()
    before = head()
    with pytest.raises(Refused) as refused:
        brought_in([written(tmp_path / "in", *parts)], act, **options)
    assert rule in {each.rule for each in refused.value.problems if each.severity == "error"}
    assert head() == before


def test_a_gigabyte_on_one_line_is_refused_without_being_read(state_home: State, tmp_path: Path) -> None:
    path = tmp_path / "long.c10"
    with path.open("wb") as file:
        file.write(b"001:OI/ZZ;7#391:")
        file.truncate(1 << 30)
    act = founded()
    before = head()
    with pytest.raises(Refused) as refused:
        brought_in([path], act)
    assert {960} == {each.rule for each in refused.value.problems}
    assert head() == before
