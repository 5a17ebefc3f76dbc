"""The book and the ledger on pages: figures that lead to what they are made of, the times, the reach."""

from datetime import date

import pytest

from tests.accounting.story import grams
from tests.state import State
from tests.web.accounting.reading import Told, asked, begun, links_of
from tests.web.conftest import signed_in


@pytest.fixture
def read(site: State) -> Told:
    return begun()


def test_the_book_of_several_areas_has_their_total_and_nuclides_in_order(read: Told) -> None:
    found = asked("anna", "/accounting/book")["book"]
    assert list(found["heads"]) == ["mba", "category", "element", "U235"]
    assert [(row["mba"], row["element"], row["U235"]) for row in found["rows"]] == [
        ("ZZA1", "900", "180"),
        ("ZZB1", "1100", "220"),
    ]
    assert found["totals"][0]["element"] == "2000"


def test_the_book_by_batch_leads_to_the_batches(read: Told) -> None:
    found = asked("anna", "/accounting/book?mba=ZZA1&by_batch=yes")["book"]
    assert [(row["batch"], row["element"]) for row in found["rows"]] == [
        ("FUEL-1", "500"),
        ("PART-1", "400"),
    ]
    assert "/accounting/batch?batch=FUEL-1&mba=ZZA1" in links_of("anna", "/accounting/book?mba=ZZA1&by_batch=yes")


def test_the_book_answers_as_of_and_as_known_at_and_its_links_keep_both(read: Told) -> None:
    times = f"as_of=2024-03-02&known_at={read.shipped}"
    found = asked("anna", f"/accounting/book?mba=ZZA1&{times}")["book"]
    assert [row["element"] for row in found["rows"]] == ["1000"]
    assert f"/accounting/ledger?mba=ZZA1&category=E&{times}" in links_of("anna", f"/accounting/book?mba=ZZA1&{times}")


def test_another_account_than_the_inventory_is_shown(read: Told) -> None:
    found = asked("anna", "/accounting/book?account=SD")["book"]
    assert [(row["mba"], row["element"]) for row in found["rows"]] == [("ZZA1", "100")]
    assert signed_in("anna").get("/api/accounting/book?account=XX").status_code == 404


def test_the_book_as_reported_tells_what_reports_hold_and_neither_batches_nor_accounts(read: Told) -> None:
    assert asked("anna", "/accounting/book?as_reported=made")["book"]["rows"] == []
    anna = signed_in("anna")
    assert anna.get("/api/accounting/book?as_reported=made&account=SD").status_code == 400
    assert anna.get("/api/accounting/book?as_reported=made&mba=ZZA1&by_batch=yes").status_code == 400


def test_an_unknown_area_and_one_beyond_the_reach_answer_alike(read: Told) -> None:
    anna, clara = signed_in("anna"), signed_in("clara")
    for path in ("book", "ledger"):
        unknown = anna.get(f"/api/accounting/{path}?mba=ZZB9")
        beyond = clara.get(f"/api/accounting/{path}?mba=ZZB1")
        assert unknown.status_code == beyond.status_code == 404
        assert unknown.content.replace(b"ZZB9", b"") == beyond.content.replace(b"ZZB1", b"")


def test_the_book_is_cut_to_the_reach_in_every_form(read: Told) -> None:
    clara = signed_in("clara")
    assert [row["mba"] for row in asked("clara", "/accounting/book")["book"]["rows"]] == ["ZZA1"]
    for form in ("", "&as=csv", "&as=json", "&as_reported=made"):
        assert b"ZZB1" not in clara.get(f"/accounting/book?by_batch=no{form}").content


def test_the_ledger_has_the_balance_after_each_line_under_heads_in_words(read: Told) -> None:
    found = asked("anna", "/accounting/ledger?mba=ZZA1")["E"]
    assert list(found["heads"].values()) == [
        *("Statement", "Day", "Code", "Batch", "Corrects"),
        *("± element g", "± U235 g", "balance, element g", "balance, U235 g"),
    ]
    balances = [row["balance element g"] for row in found["rows"]]
    assert balances == ["1000", "1000", "500", "1000", "900"]
    told = [row["about"] for row in found["rows"] if row["about"]]
    assert told == [f"corrects {read.received}"]
    leads = links_of("anna", "/accounting/ledger?mba=ZZA1")
    assert {f"/record/statement?number={read.received}", "/accounting/batch?batch=PART-1&mba=ZZA1"} <= set(leads)


def test_the_ledger_goes_by_booking_or_from_a_day_on(read: Told) -> None:
    rows = asked("anna", "/accounting/ledger?mba=ZZA1&by_booking=yes")["E"]["rows"]
    assert [row["statement"] for row in rows] == [read.received, *read.split, read.shipped, read.corrected]
    later = asked("anna", "/accounting/ledger?mba=ZZA1&since=2024-03-02")["E"]["rows"]
    assert [(row["code"], row["balance element g"]) for row in later] == [("SD", "900")]
    assert asked("anna", "/accounting/ledger?mba=ZZA1&category=P")["ledger"]["rows"] == []


def test_a_ledger_goes_out_as_a_file_with_masses_as_masses(read: Told) -> None:
    lines = signed_in("anna").get("/accounting/ledger?mba=ZZA1&as=csv&table=E").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Statement,Day,Code,Batch,Corrects")
    assert lines[-1].endswith(",SD,PART-1,,-100,-20,900,180")


def test_a_long_ledger_shows_its_last_lines_and_leads_to_the_earlier_ones(
    read: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openmpca.accounting.pages.parts.SHOWN", 2)
    anna = signed_in("anna")
    assert "Lines 4 to 5 of 5." in anna.get("/accounting/ledger?mba=ZZA1").content.decode()
    assert "/accounting/ledger?mba=ZZA1&back=2" in links_of("anna", "/accounting/ledger?mba=ZZA1")
    assert "Lines 2 to 3 of 5." in anna.get("/accounting/ledger?mba=ZZA1&back=2").content.decode()
    assert "/accounting/ledger?mba=ZZA1" in links_of("anna", "/accounting/ledger?mba=ZZA1&back=2")
    assert len(asked("anna", "/accounting/ledger?mba=ZZA1")["E"]["rows"]) == 5


def test_a_nuclide_that_a_category_does_not_account_is_blank_in_every_form(read: Told) -> None:
    read.story.happened("RF", "ZZA1", "PLU-1", date(2024, 2, 3), grams(P="10"), counterpart="YY", shipper_batch="Y")
    rows = {row["category"]: row for row in asked("anna", "/accounting/book?mba=ZZA1")["book"]["rows"]}
    assert (rows["P"]["element"], rows["P"]["U235"], rows["E"]["U235"]) == ("10", "", "180")
    anna = signed_in("anna")
    for form in ("csv", "xlsx", "json"):
        assert anna.get(f"/accounting/book?mba=ZZA1&as={form}").status_code == 200
        assert anna.get(f"/accounting/ledger?mba=ZZA1&as={form}&table=P").status_code == 200
    assert "<bdi></bdi></a>" not in anna.get("/accounting/book?mba=ZZA1").content.decode()
