"""A physical inventory on pages: begun, ticked per place, scanned, found differently, compared, closed by two."""

import re
from datetime import date
from typing import Any

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.accounting.inventory.area import Story, begun, line, weights
from tests.state import State
from tests.web.accounting.narrow import blocks, shown, somebody
from tests.web.conftest import signed_in

DAY = date(2024, 6, 30)
HELD = weights(E="1000", E_U235="200")


@pytest.fixture
def story(site: State) -> Story:
    """ZZA1 holds P-1 and P-2 on place V2 and P-3 of three items in the vault."""
    told = begun()
    told.opened(
        line("P-1", weights=HELD, items=1, item_numbers=["SN-1"], seals=["SEAL-9"], place="V2"),
        line("P-2", weights=HELD, items=1, item_numbers=["SN-2"], place="V2"),
        line("P-3", weights=HELD, items=3, item_numbers=["SN-3", "SN-4", "SN-5"], place="V1"),
    )
    return told


def begin(client: Any) -> int:
    """An inventory begun on its page; gives its statement."""
    answer = client.post("/accounting/inventory-begin", {"mba": "ZZA1", "day": str(DAY), "note": ""})
    assert answer.status_code == 302, answer.content[-3000:]
    return int(answer.headers["Location"].rpartition("=")[2])


def left(client: Any, number: int) -> dict[str, int]:
    rows = blocks(client, f"accounting/inventory?number={number}")["places"]["rows"]
    return {row["place"]: row["left"] for row in rows}


def scanned(client: Any, number: int, code: str, **more: str) -> Any:
    answer = client.post(f"/api/accounting/inventory-scan?number={number}", {"code": code, **more}, "application/json")
    return msgspec.json.decode(answer.content)["blocks"], answer.status_code


def test_an_inventory_is_begun_and_listed_place_by_place(story: Story) -> None:
    anna = signed_in("anna")
    number = begin(anna)
    assert left(anna, number) == {"V2": 2, "V1": 1}
    rows = blocks(anna, "accounting/inventories?mba=ZZA1")["inventories"]["rows"]
    assert (rows[0]["inventory"], rows[0]["day"], rows[0]["closing"]) == (number, "2024-06-30", "open")
    assert "/accounting/inventory-place?number=" in shown(anna, f"accounting/inventory?number={number}")
    listed = blocks(anna, f"accounting/inventory-list?number={number}")["list"]["rows"]
    assert [(row["batch"], row["E g"]) for row in listed] == [("P-3", "1000"), ("P-1", "1000"), ("P-2", "1000")]


def test_what_is_wrong_with_a_beginning_stays_typed(story: Story) -> None:
    answer = signed_in("anna").post("/accounting/inventory-begin", {"mba": "ZZA1", "day": "soon", "note": "MY NOTE"})
    assert answer.status_code == 422
    assert "is no day" in answer.content.decode()
    assert "MY NOTE" in answer.content.decode()


def test_what_is_ticked_is_taken_in_as_booked(story: Story) -> None:
    anna = signed_in("anna")
    number = begin(anna)
    here = f"/accounting/inventory-place?number={number}&kmp=A&place=V2"
    page = shown(anna, here[1:])
    assert re.findall(r'name="(found:[^"]+)"', page) == ["found:P-1", "found:P-2"]
    assert "P-1 is found as booked" in page
    assert anna.post(here, {"found:P-1": "yes"}).status_code == 302
    assert left(anna, number) == {"V2": 1, "V1": 1}
    page = shown(anna, here[1:])
    assert re.findall(r'name="(found:[^"]+)"', page) == ["found:P-2"]
    assert anna.post(here, {"found:P-1": "yes", "found:P-3": "yes"}).status_code == 302
    assert left(anna, number) == {"V2": 1, "V1": 1}


def test_a_scan_answers_with_what_it_found_and_takes_it_in_when_asked(story: Story) -> None:
    anna = signed_in("anna")
    number = begin(anna)
    found, _ = scanned(anna, number, "SEAL-9")
    assert (found["batch"]["Batch"], found["batch"]["State"]) == ("P-1", "to be found")
    assert scanned(anna, number, "ZZA1/P-2/SN-2")[0]["batch"]["Batch"] == "P-2"
    assert scanned(anna, number, "P-1", step="take")[0]["said"] == "P-1 is taken in."
    again, _ = scanned(anna, number, "P-1", step="take")
    assert again["batch"]["State"] == "taken in"
    found, _ = scanned(anna, number, "SN-2", at_once="yes", place="V1")
    assert found["said"] == "P-2 is taken in. The book says that it stands at V2."
    assert left(anna, number) == {"V2": 0, "V1": 1}
    assert "Nothing in the book of ZZA1 at the cut-off is called SN-77" in scanned(anna, number, "SN-77")[0]["said"]


def test_one_item_of_several_does_not_take_in_its_batch(story: Story) -> None:
    anna = signed_in("anna")
    number = begin(anna)
    found, _ = scanned(anna, number, "SN-4", at_once="yes")
    assert "one item of several" in found["said"]
    assert left(anna, number)["V1"] == 1
    assert scanned(anna, number, "SN-4", step="take")[0]["said"] == "P-3 is taken in."


def test_scanning_works_without_a_script_and_its_script_is_our_own(story: Story) -> None:
    anna = signed_in("anna")
    number = begin(anna)
    page = shown(anna, f"accounting/inventory-scan?number={number}")
    assert re.search(r'<input type="text" id="scan-code" name="code" required autofocus', page)
    assert '<script src="/static/accounting/scanning' in page
    assert "data-camera hidden" in page


def test_a_batch_that_differs_is_taken_in_and_corrected_on_a_form_of_its_own(story: Story) -> None:
    anna = signed_in("anna")
    number = begin(anna)
    here = f"/accounting/inventory-line?number={number}&batch=P-1"
    typed = {"weight:E": "990", "weight:E/U235": "198", "items": "1", "item_numbers": "SN-1", "seals": "SEAL-9"}
    typed |= {"place": "V2", "kmp": "A", "description": "BQ2F", "measured": "yes"}
    wrong = anna.post(here, {**typed, "items": "one"})
    assert wrong.status_code == 422
    assert "990" in wrong.content.decode()
    assert anna.post(here, typed).status_code == 302
    booked = blocks(anna, here[1:])["booked"]
    assert (booked["E, g"], booked["Basis"], booked["State"]) == ("990", "M", "taken in")
    assert anna.post(here, {**typed, "weight:E": "991", "reason": "read wrongly"}).status_code == 302
    amounts = blocks(anna, f"accounting/inventory-differences?number={number}")["amounts"]["rows"]
    assert [(row["key"], row["difference"]) for row in amounts if row["batch"] == "P-1"] == [
        ("E", "9"),
        ("E/U235", "2"),
    ]


def test_a_batch_that_nobody_expected_is_taken_in_by_its_name(story: Story) -> None:
    anna = signed_in("anna")
    number = begin(anna)
    typed = {
        "batch": "X-1",
        "more": "E=5\nE/U235=1",
        "items": "1",
        "kmp": "A",
        "description": "BQ2F",
        "measured": "yes",
    }
    answer = anna.post(f"/accounting/inventory-line?number={number}", typed)
    assert answer.status_code == 302, answer.content[-3000:]
    rows = blocks(anna, f"accounting/inventory-differences?number={number}")["amounts"]["rows"]
    assert {row["what"] for row in rows if row["batch"] == "X-1"} == {"unexpected"}
    unread = anna.post(f"/accounting/inventory-line?number={number}", {**typed, "batch": "X-2", "more": "five"})
    assert unread.status_code == 422
    assert "does not read KEY=GRAMS" in unread.content.decode()


def test_the_balance_is_closed_by_two_persons_who_see_the_same_muf(story: Story) -> None:
    from openmpca.record import commands

    anna = signed_in("anna")
    number = begin(anna)
    here = f"/accounting/inventory-closing?number={number}"
    refused = anna.post(here, {"note": "MY NOTE"})
    assert refused.status_code == 422
    assert "MY NOTE" in refused.content.decode()
    anna.post(f"/accounting/inventory-place?number={number}&kmp=A&place=V2", {"found:P-1": "yes", "found:P-2": "yes"})
    seen = blocks(anna, here[1:])
    assert seen["missing"] == "Not found: P-3."
    assert {row["weight"]: row["muf"] for row in seen["muf"]["rows"]} == {"E": "1000", "E/U235": "200", "E items": 3}
    address = anna.post(here, {"note": ""}).headers["Location"]
    assert address.startswith("/record/proposal?number=")
    closing = commands.approve(int(address.rpartition("=")[2]), "boris").numbers[0]
    assert blocks(anna, here[1:])["closed"] == f"Statement {closing} closed it."
    found = blocks(anna, f"accounting/balance?mba=ZZA1&period={DAY}")
    terms = {row["code"]: row["E"] for row in found["terms_E"]["rows"]}
    assert terms["PB"] == "3000"
    assert terms["PE"] == "2000"
    assert terms["MF"] == "1000"
    page = shown(anna, f"accounting/balance?mba=ZZA1&period={DAY}")
    assert f"/accounting/inventory-differences?number={number}" in page
    assert f"/accounting/book?mba=ZZA1&amp;as_of={DAY}" in page
    assert [row["closing"] for row in found["periods"]["rows"]] == [closing]


def test_an_open_period_has_no_ending_and_no_muf(story: Story) -> None:
    story.happened(date(2024, 3, 1), "LD", "P-1", weights(E="1", E_U235="0.2"), basis="M")
    found = blocks(signed_in("anna"), "accounting/balance?mba=ZZA1&as_of=2024-04-01")
    assert [row["code"] for row in found["terms_E"]["rows"]] == ["PB", "LD", "BE", "BA"]
    assert "E" in {
        row["weight"]
        for row in blocks(signed_in("anna"), "accounting/balance?mba=ZZA1&as_reported=made")["reported"]["rows"]
    }
    assert signed_in("anna").get("/accounting/balance?mba=NONE").status_code == 404
    assert [row["mba"] for row in blocks(signed_in("anna"), "accounting/balance")["areas"]["rows"]] == ["ZZA1", "ZZB1"]


def test_a_narrow_grant_meets_no_inventory_of_another_area(story: Story) -> None:
    number = begin(signed_in("anna"))
    clara = somebody(story.both, scope="mba:ZZB1", role="custodian")
    assert blocks(clara, "accounting/inventories")["inventories"]["rows"] == []
    assert [row["mba"] for row in blocks(clara, "accounting/balance")["areas"]["rows"]] == ["ZZB1"]
    for address in ("inventories?mba=ZZA1", "balance?mba=ZZA1", "inventory-begin?mba=ZZA1"):
        assert clara.get(f"/accounting/{address}").status_code == 404
    for name in (
        "inventory",
        "inventory-list",
        "inventory-place",
        "inventory-line",
        "inventory-scan",
        "inventory-differences",
        "inventory-closing",
        "inventory-take",
        "inventory-blank",
    ):
        beyond, missing = (clara.get(f"/api/accounting/{name}?number={each}") for each in (number, 99999))
        assert beyond.status_code == missing.status_code == 404
        assert beyond.content == missing.content.replace(b"99999", str(number).encode())
    began = clara.post("/accounting/inventory-begin", {"mba": "ZZA1", "day": str(DAY)})
    assert began.status_code == 404
    for name in ("inventory-place", "inventory-line", "inventory-scan", "inventory-closing"):
        assert clara.post(f"/accounting/{name}?number={number}", {"code": "P-1", "batch": "P-1"}).status_code == 404


def test_a_ticked_list_is_taken_in_by_upload_all_or_nothing(story: Story) -> None:
    anna = signed_in("anna")
    number = begin(anna)
    here = f"/accounting/inventory-take?number={number}"
    blank = anna.get(f"/accounting/inventory-blank?number={number}")
    assert blank.headers["Content-Disposition"] == 'attachment; filename="ZZA1-2024-06-30-list.xlsx"'
    assert blank.content[:2] == b"PK"
    wrong = anna.post(here, {"list": SimpleUploadedFile("list.csv", b"batch,found\nP-1,yes\nP-1,perhaps\n")})
    assert wrong.status_code == 422
    assert "row 2" in wrong.content.decode()
    assert left(anna, number) == {"V2": 2, "V1": 1}
    for sent in ({"list": SimpleUploadedFile("list.exe", b"MZ")}, {"sheet": "One"}):
        assert anna.post(here, sent).status_code == 422
    table = b"batch,found,items,E (g),E/U235 (g)\nP-1,yes,1,1000,200\nP-2,yes,1,1000,200\nP-3,no,,,\n"
    assert anna.post(here, {"list": SimpleUploadedFile("list.csv", table)}).status_code == 302
    assert left(anna, number) == {"V2": 0, "V1": 1}


def test_hold_up_is_shown_from_one_inventory_to_the_next(story: Story) -> None:
    anna = signed_in("anna")
    assert blocks(anna, "accounting/holdup?mba=ZZA1")["holdup"]["rows"] == []
    number = begin(anna)
    typed = {"batch": "HU-1", "more": "E=5\nE/U235=1", "kmp": "A", "description": "FQ6D", "measured": "yes"}
    typed |= {"holdup": "yes", "method": "gamma scan", "uncertainty": "20 %"}
    answer = anna.post(f"/accounting/inventory-line?number={number}", typed)
    assert answer.status_code == 302, answer.content[-3000:]
    rows = blocks(anna, "accounting/holdup?mba=ZZA1")["holdup"]["rows"]
    assert {row["event"] for row in rows} == {"estimate"}
    assert {row["key"]: row["amount_g"] for row in rows} == {"E": "5", "E/U235": "1"}
    assert blocks(anna, "accounting/holdup?as_of=2024-01-31")["holdup"]["rows"] == []
