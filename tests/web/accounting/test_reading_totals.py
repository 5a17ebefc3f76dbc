"""Totals, exemptions and obligations on pages: by every dimension, as reported, cut to the reach."""

from datetime import date

import pytest

from tests.accounting.story import grams
from tests.state import State
from tests.web.accounting.reading import Told, asked, begun, links_of
from tests.web.conftest import signed_in

DAY = date(2024, 4, 1)


@pytest.fixture
def read(site: State) -> Told:
    return begun()


def test_the_whole_is_told_by_where_it_is(read: Told) -> None:
    found = asked("anna", "/accounting/totals")["totals"]["rows"]
    assert [(row["where"], row["category"], row["element"], row["U235"]) for row in found] == [
        ("inventory", "E", "2000", "400")
    ]
    assert "/accounting/book" in links_of("anna", "/accounting/totals")
    assert b"on inventory" in signed_in("anna").get("/accounting/totals").content


def test_totals_go_by_every_dimension(read: Told) -> None:
    found = {
        by: [(row[by], row["element"]) for row in asked("anna", f"/accounting/totals?by={by}")["totals"]["rows"]]
        for by in ("mba", "facility", "holder", "batch")
    }
    assert found["mba"] == [("ZZA1", "900"), ("ZZB1", "1100")]
    assert found["facility"] == [("ZZF-", "900"), ("ZZG-", "1100")]
    assert found["holder"] == [("", "2000")]
    assert ("PART-1", "400") in found["batch"]
    assert "/accounting/ledger?mba=ZZA1&category=E" in links_of("anna", "/accounting/totals?by=mba")
    assert signed_in("anna").get("/api/accounting/totals?by=colour").status_code == 400


def test_enrichment_classes_and_the_summary_by_organisation_are_told(read: Told) -> None:
    (of_class,) = asked("anna", "/accounting/totals?by=enrichment")["summary"]["rows"]
    assert (of_class["kind"], of_class["element_g"], of_class["batches"]) == ("E", "2000", 4)
    organisations = [
        row["organisation"] for row in asked("anna", "/accounting/totals?by=organisation")["summary"]["rows"]
    ]
    assert organisations == ["ZZF-", "ZZG-"]


def test_significant_quantities_are_told_by_area_with_their_total(read: Told) -> None:
    found = asked("anna", "/accounting/totals?by=quantities")["quantities"]
    assert [row["mba"] for row in found["rows"]] == ["ZZA1", "ZZB1"]
    each = [float(row["significant"]) for row in found["rows"]]
    assert float(found["totals"][0]["significant"]) == pytest.approx(sum(each), rel=1e-3)


def test_reports_tell_totals_by_some_dimensions_alone(read: Told) -> None:
    assert asked("anna", "/accounting/totals?as_reported=made")["totals"]["rows"] == []
    assert asked("clara", "/accounting/totals?by=mba&as_reported=sent")["totals"]["rows"] == []
    assert signed_in("anna").get("/api/accounting/totals?by=holder&as_reported=made").status_code == 400


def test_what_is_exempted_is_told_batch_by_batch_and_against_the_limits(read: Told) -> None:
    read.story.happened("EU", "ZZB1", "SECRET-9", DAY, grams(E="10", E_U235="2"))
    found = asked("anna", "/accounting/exemptions")
    assert [(row["batch"], row["weight"], row["amount"]) for row in found["use"]["rows"]] == [
        ("SECRET-9", "E", "10"),
        ("SECRET-9", "E/U235", "2"),
    ]
    assert found["limits"]["rows"]
    clara = asked("clara", "/accounting/exemptions")
    assert clara["use"]["rows"] == []
    assert "limits" not in clara


def test_obligations_are_told_by_area_by_batch_and_by_what_led_there(read: Told) -> None:
    weights = grams(E="50", E_U235="10")
    read.story.happened("RF", "ZZA1", "OBL-1", DAY, weights, counterpart="YY", obligation="A", shipper_batch="Q")
    read.story.happened("RF", "ZZB1", "SECRET-1", DAY, weights, counterpart="YY", obligation="S", shipper_batch="Q")
    balances = asked("anna", "/accounting/obligations")["obligations"]["rows"]
    assert {(row["mba"], row["obligation"]) for row in balances} >= {("ZZA1", "A"), ("ZZB1", "S")}
    batches = asked("anna", "/accounting/obligations?mba=ZZA1&show=batches")["obligations"]["rows"]
    assert ("OBL-1", "A", "50") in [(row["batch"], row["obligation"], row["grams"]) for row in batches]
    assert asked("anna", "/accounting/obligations?show=moves")["obligations"]["rows"]
    assert {row["mba"] for row in asked("clara", "/accounting/obligations")["obligations"]["rows"]} == {"ZZA1"}


def test_no_total_counts_what_lies_beyond_the_reach(read: Told) -> None:
    clara = signed_in("clara")
    found = asked("clara", "/accounting/totals")["totals"]["rows"]
    assert [(row["where"], row["element"]) for row in found] == [("inventory", "900")]
    for by in ("state", "category", "mba", "facility", "holder", "batch", "enrichment", "organisation", "quantities"):
        for form in ("", "&as=csv"):
            for prefix in ("", "/api"):
                content = clara.get(f"{prefix}/accounting/totals?by={by}{form}").content
                assert not [each for each in (b"SECRET", b"ZZB1", b"ZZG-") if each in content]
    for path in ("obligations", "exemptions", "obligations?show=moves", "obligations?show=batches"):
        for prefix in ("", "/api"):
            content = clara.get(f"{prefix}/accounting/{path}").content
            assert not [each for each in (b"SECRET", b"ZZB1", b"ZZG-") if each in content]
    assert clara.get("/api/accounting/obligations?mba=ZZB1").status_code == 404
