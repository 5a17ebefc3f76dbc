"""Batches on pages: the list of an area, one with its history, lineage and items; all of it cut to the reach."""

import pytest

from tests.state import State
from tests.web.accounting.reading import Told, asked, begun, links_of
from tests.web.conftest import signed_in


@pytest.fixture
def read(site: State) -> Told:
    return begun()


def test_the_batches_of_an_area_tell_what_they_hold_and_where_they_lie(read: Told) -> None:
    found = asked("anna", "/accounting/batches?mba=ZZA1")["batches"]
    assert [(row["batch"], row["element"], row["place"], row["kmp"]) for row in found["rows"]] == [
        ("FUEL-1", "500", "SHELF-1", "A"),
        ("PART-1", "400", "", ""),
    ]
    assert found["totals"][0]["element"] == "900"


def test_batches_are_found_by_name_and_by_place(read: Told) -> None:
    for filtered, names in (("text=part", ["PART-1"]), ("place=SHELF-1", ["FUEL-1"]), ("text=none", [])):
        rows = asked("anna", f"/accounting/batches?mba=ZZA1&{filtered}")["batches"]["rows"]
        assert [row["batch"] for row in rows] == names


def test_a_long_list_of_batches_is_shown_in_parts_and_is_whole_as_a_file(
    read: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openmpca.accounting.pages.parts.SHOWN", 1)
    anna = signed_in("anna")
    first = anna.get("/accounting/batches?mba=ZZA1").content.decode()
    assert "Lines 1 to 1 of 2." in first
    assert "PART-1" not in first
    assert "/accounting/batches?mba=ZZA1&begin=1" in links_of("anna", "/accounting/batches?mba=ZZA1")
    assert "PART-1" in anna.get("/accounting/batches?mba=ZZA1&begin=1").content.decode()
    assert anna.get("/accounting/batches?mba=ZZA1&as=csv").content.count(b"-1,E,") == 2


def test_a_batch_tells_where_it_is_what_happened_and_what_hangs_on_it(read: Told) -> None:
    found = asked("anna", "/accounting/batch?batch=FUEL-1")
    assert [(row["mba"], row["place"], row["E"]) for row in found["holdings"]["rows"]] == [("ZZA1", "SHELF-1", "500")]
    assert found["known"]["item_numbers"] == ["SN-77"]
    standing = {row["statement"]: row["standing"] for row in found["history"]["rows"]}
    assert standing[read.received] == f"corrected by {read.corrected}"
    assert [each["text"] for each in found["ancestors"]] == ["YANK-7"]
    (part,) = found["descendants"]
    assert (part["text"], [each["text"] for each in part["within"]]) == ("PART-1", ["SECRET-8"])
    shown = signed_in("anna").get("/accounting/batch?batch=FUEL-1").content.decode()
    assert f'href="/record/statement?number={read.received}"' in shown
    assert '<a href="/accounting/batch?batch=PART-1">PART-1</a>' in shown


def test_a_batch_is_told_as_of_and_as_known_at(read: Told) -> None:
    found = asked("anna", f"/accounting/batch?batch=FUEL-1&as_of=2024-02-15&known_at={read.received}")
    assert [row["E"] for row in found["holdings"]["rows"]] == ["1000"]
    assert found["descendants"] == []
    assert signed_in("anna").get("/api/accounting/batch?batch=FUEL-1&as_of=2024-01-15").status_code == 404


def test_of_a_batch_nothing_is_told_that_lies_beyond_the_reach(read: Told) -> None:
    clara = signed_in("clara")
    for address in ("batch=FUEL-1", "batch=PART-1", "batch=FUEL-1&as=csv&table=history"):
        for prefix in ("", "/api"):
            content = clara.get(f"{prefix}/accounting/batch?{address}").content
            assert b"SECRET" not in content
            assert b"ZZB1" not in content.replace(b"ZZ/ZZB1", b"")
    unknown = clara.get("/api/accounting/batch?batch=NOTHING")
    beyond = clara.get("/api/accounting/batch?batch=SECRET-9")
    assert unknown.status_code == beyond.status_code == 404
    assert unknown.content.replace(b"NOTHING", b"") == beyond.content.replace(b"SECRET-9", b"")
    assert clara.get("/api/accounting/batch?batch=SECRET-9&mba=ZZB1").status_code == 404
    assert clara.get("/api/accounting/batches?mba=ZZB1").status_code == 404


def test_who_may_not_read_the_shippers_book_sees_the_name_that_the_receipt_gives(read: Told) -> None:
    found = asked("anna", "/accounting/batch?batch=SECRET-8")
    assert [each["text"] for each in found["ancestors"]] == ["PART-1"]
    assert [each["text"] for each in asked("clara", "/accounting/batch?batch=FUEL-1")["ancestors"]] == ["YANK-7"]


def test_the_items_of_an_area_lead_to_their_batches(read: Told) -> None:
    rows = asked("clara", "/accounting/items?mba=ZZA1")["items"]["rows"]
    assert [(row["item"], row["batch"], row["place"]) for row in rows] == [("SN-77", "FUEL-1", "SHELF-1")]
    assert asked("clara", "/accounting/items?mba=ZZA1&text=sn-78")["items"]["rows"] == []
    assert "/accounting/batch?batch=FUEL-1&mba=ZZA1" in links_of("clara", "/accounting/items?mba=ZZA1")
    assert signed_in("clara").get("/api/accounting/items?mba=ZZB1").status_code == 404
