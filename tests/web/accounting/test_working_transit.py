"""The board of transit on a page: by age, differences, the other side; and what a narrow grant sees of it."""

from datetime import date

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.accounting.story import Story, begun, grams
from tests.state import State
from tests.web.accounting.narrow import blocks, shown, somebody
from tests.web.conftest import signed_in

D = date
W = grams(E="10000", E_U235="300")


def moving() -> tuple[Story, int, int]:
    """B is on its way from ZZA1 to ZZB1, C went from ZZA1 to ZZC1; gives both shipments."""
    story = begun()
    story.happened("RF", "ZZA1", "B", D(2024, 1, 5), W, counterpart="XX", shipper_batch="B")
    story.happened("RF", "ZZA1", "C", D(2024, 1, 5), W, counterpart="XX", shipper_batch="C")
    first = story.happened("SD", "ZZA1", "B", D(2024, 2, 1), W, counterpart="ZZ/ZZB1")
    second = story.happened("SD", "ZZA1", "C", D(2024, 2, 2), W, counterpart="ZZ/ZZC1")
    return story, first, second


def test_the_board_shows_what_is_on_its_way_the_oldest_first(site: State) -> None:
    _, first, second = moving()
    anna = signed_in("anna")
    found = blocks(anna, "accounting/transit?as_of=2024-02-10")
    assert [(row["shipment"], row["age_days"]) for row in found["open"]["rows"]] == [(first, 9), (second, 8)]
    assert {row["weight"]: row["amount"] for row in found["in_transit"]["rows"]}["E"] == "20000"
    assert [row["open_g"] for row in found["open"]["rows"]] == ["10000", "10000"]
    assert [row["batch"] for row in found["waiting"]["rows"]] == ["B", "C"]
    page = shown(anna, "accounting/transit?as_of=2024-02-10")
    assert f"/accounting/consignment?number={first}&amp;as_of=2024-02-10" in page
    assert blocks(anna, "accounting/transit?as_of=2024-01-31")["open"]["rows"] == []


def test_a_receipt_matches_and_both_sides_are_seen(site: State) -> None:
    story, first, _ = moving()
    story.happened("RD", "ZZB1", "B", D(2024, 2, 5), W, counterpart="ZZ/ZZA1", shipper_batch="B", shipment=first)
    anna = signed_in("anna")
    assert "matched" not in blocks(anna, "accounting/transit")
    assert [row["shipment"] for row in blocks(anna, "accounting/transit?everything=1")["matched"]["rows"]] == [first]
    found = blocks(anna, f"accounting/consignment?number={first}")
    assert [(row["code"], row["mba"]) for row in found["sides_E"]["rows"]] == [("SD", "ZZA1"), ("RD", "ZZB1")]
    assert {row["weight"]: row["open"] for row in found["weights_E"]["rows"]} == {"E": "0", "E/U235": "0"}
    assert f"/record/statement?number={first}" in shown(anna, f"accounting/consignment?number={first}")


def test_a_corrected_shipment_makes_the_correction_of_its_receipt_due(site: State) -> None:
    story, first, _ = moving()
    received = story.happened(
        "RD", "ZZB1", "B", D(2024, 2, 5), W, counterpart="ZZ/ZZA1", shipper_batch="B", shipment=first
    )
    again = story.change("SD", "ZZA1", "B", D(2024, 2, 1), grams(E="9990", E_U235="300"), counterpart="ZZ/ZZB1")
    corrected = story.state(msgspec.structs.replace(again, corrects=first, reason="typing error"))[0]
    found = blocks(signed_in("anna"), f"accounting/consignment?number={corrected}")
    assert [(row["mba"], row["corrects"]) for row in found["due"]["rows"]] == [("ZZB1", received)]


def test_a_narrow_grant_sees_the_consignments_of_its_area_and_no_other(site: State) -> None:
    story, first, second = moving()
    clara = somebody(story.act)
    found = blocks(clara, "accounting/transit")
    assert [row["shipment"] for row in found["open"]["rows"]] == [first]
    assert {row["weight"]: row["amount"] for row in found["in_transit"]["rows"]}["E"] == "10000"
    assert "waiting" not in found
    assert clara.get("/accounting/transit?mba=ZZC1").status_code == 404
    assert clara.get(f"/accounting/consignment?number={first}").status_code == 200
    beyond, missing = (clara.get(f"/api/accounting/consignment?number={each}") for each in (second, 99999))
    assert beyond.status_code == missing.status_code == 404
    assert beyond.content == missing.content.replace(b"99999", str(second).encode())
    assert "ZZC1" not in clara.get("/accounting/transit?as=csv&everything=1").content.decode()
    assert f"/record/statement?number={first}" not in shown(clara, f"accounting/consignment?number={first}")


def test_what_the_other_side_stated_is_compared_and_a_table_that_cannot_be_read_is_told(site: State) -> None:
    moving()
    anna = signed_in("anna")
    table = b"code,day,shipper,receiver,batch,category,grams\nSF,2024-01-03,XX,ZZ/ZZA1,B,E,10000\n"
    answer = anna.post("/accounting/transit", {"other_side": SimpleUploadedFile("theirs.csv", table)})
    assert answer.status_code == 200
    twin = anna.post("/api/accounting/transit?everything=1", {"other_side": table.decode()}, "application/json")
    found = msgspec.json.decode(twin.content)["blocks"]
    assert [row["batch"] for row in found["matched"]["rows"]] == ["B"]
    wrong = anna.post("/accounting/transit", {"other_side": SimpleUploadedFile("theirs.csv", b"code,day\nSF,soon\n")})
    assert wrong.status_code == 422
    assert "There is no column shipper" in wrong.content.decode()


def test_a_table_of_the_other_side_that_is_none_or_too_large_is_told(
    site: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openmpca.accounting.transit.other_side import ROW
    from openmpca.pages import uploads

    begun()
    anna, head = signed_in("anna"), ",".join(ROW).encode()
    for content in (head + b"\n" + b"x" * 200_000, head + b"\nSD,2024-01-01\n", b"\xff\xfe"):
        told = anna.post("/accounting/transit", {"other_side": SimpleUploadedFile("t.csv", content)})
        assert told.status_code == 422
        assert "cannot be read" in told.content.decode()
    monkeypatch.setattr(uploads, "LARGEST", 10)
    told = anna.post("/accounting/transit", {"other_side": SimpleUploadedFile("t.csv", head)})
    assert told.status_code == 422
    assert "at most 10 are taken" in told.content.decode()
