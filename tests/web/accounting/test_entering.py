"""Entering what happened: forms that know their area, a check before anything is stated, stated once."""

import re
from datetime import date
from typing import Any

import msgspec
import pytest
from django.test import Client

from tests.accounting.story import BEGIN, Story, begun, grams
from tests.state import State
from tests.web.conftest import signed_in
from tests.web.test_proposals import narrow

G = 1_000_000


@pytest.fixture
def story(site: State) -> Story:
    return begun()


@pytest.fixture
def anna(story: Story) -> Client:
    return signed_in("anna")


def blocks(answer: Any) -> dict[str, Any]:
    found = msgspec.json.decode(answer.content)
    assert "blocks" in found, answer.content
    return dict(found["blocks"])


def opened(client: Client, address: str) -> dict[str, str]:
    """The fields of a form as a browser would send them."""
    return {name: text for name, text in blocks(client.get(f"/api{address}"))["form"].items() if text}


def sent(client: Client, address: str, step: str, **fields: str) -> Any:
    """A form opened, filled in and sent."""
    typed = {name.replace("__", ":").replace("_U235", "/U235"): text for name, text in fields.items()}
    return client.post(address, {**opened(client, address), **typed, "step": step})


FRESH = {"batch": "NEW", "counterpart": "XX", "weights__E": "100", "weights__E_U235": "5", "day": "2024-02-01"}


def test_a_check_shows_balance_and_postings_and_records_nothing(anna: Client, story: Story) -> None:
    address = "/accounting/receive?mba=ZZA1"
    page = sent(anna, address, "check", **FRESH)
    assert page.status_code == 200
    shown = page.content.decode()
    assert 'id="effect"' in shown
    assert "Balance of the batches" in shown
    assert re.search(r"NEW.*E/U235.*5", shown, re.S)
    assert story.held("ZZA1") == {}


def test_a_receipt_is_stated_and_leads_on(anna: Client, story: Story) -> None:
    gone = sent(anna, "/accounting/receive?mba=ZZA1", "state", **FRESH, seals="S1, S2")
    assert gone.status_code == 302
    assert story.held("ZZA1") == {"E": 100, "E/U235": 5}
    followed = anna.get(gone.headers["Location"])
    assert "Recorded as statement" in followed.content.decode()


def test_the_same_form_sent_twice_states_once(anna: Client, story: Story) -> None:
    address = "/accounting/receive?mba=ZZA1"
    form = {**opened(anna, address), "batch": "NEW", "counterpart": "XX", "weights:E": "100", "weights:E/U235": "5"}
    first = anna.post(address, {**form, "step": "state"})
    again = anna.post(address, {**form, "step": "state"}, follow=True)
    assert first.status_code == 302
    assert "This form was sent before, and recorded as statement" in again.content.decode()
    assert story.held("ZZA1") == {"E": 100, "E/U235": 5}


def test_a_refused_form_keeps_every_typed_value_and_a_draft(anna: Client, story: Story) -> None:
    refused = sent(anna, "/accounting/ship?mba=ZZA1", "state", batch="NONE", counterpart="ZZ/ZZB1", note="keep me <b>")
    assert refused.status_code == 422
    shown = refused.content.decode()
    assert "holds nothing on the book" in shown
    assert 'value="ZZ/ZZB1"' in shown
    assert "keep me &lt;b&gt;" in shown
    assert "kept as a draft" in shown
    found = re.search(r'name="draft" value="(\d+)"', shown)
    assert found
    kept = opened(anna, f"/accounting/ship?mba=ZZA1&draft={found[1]}")
    assert (kept["batch"], kept["note"]) == ("NONE", "keep me <b>")


def test_what_cannot_be_read_is_told_at_its_field(anna: Client) -> None:
    refused = sent(
        anna, "/accounting/receive?mba=ZZA1", "state", day="1.2.24", weights__E="ten", items="x", shipment="y"
    ).content.decode()
    for text in ("1.2.24 is no day.", "x is no number.", "y is no number.", "This is needed.", "ten:"):
        assert text in refused
    assert 'aria-invalid="true"' in refused


def test_a_shipment_on_its_way_is_offered_and_received_with_a_difference(anna: Client, story: Story) -> None:
    story.happened("RF", "ZZA1", "B", date(2024, 2, 1), grams(E="100", E_U235="5"), counterpart="XX")
    number = story.happened("SD", "ZZA1", "B", date(2024, 2, 2), grams(E="100", E_U235="5"), counterpart="ZZ/ZZB1")
    address = f"/accounting/receive?mba=ZZB1&shipment={number}"
    shown = anna.get(address).content.decode()
    assert f'<option value="{number}" selected>B from ZZA1 on 2024-02-02</option>' in shown
    gone = sent(anna, address, "state", measured__E="99.5", measured__E_U235="4.9")
    assert gone.status_code == 302, gone.content.decode()
    assert story.held("ZZB1") == {"E": 99.5, "E/U235": 4.9}
    assert story.held("ZZA1") == {}


def test_every_operation_goes_from_its_form_to_the_book(anna: Client, story: Story) -> None:
    told = {"counterpart": "XX", "items": 4}
    story.happened("RF", "ZZA1", "B", date(2024, 1, 2), grams(E="100", E_U235="5"), **told)
    story.happened("RF", "ZZA1", "C", date(2024, 1, 2), grams(E="10", E_U235="1"), **told)
    day = "2024-03-01"
    steps = (
        ("split", {"batch": "B", "parts": "B1: E=40 E/U235=2 #=2\nB2: E=20, E/U235=1"}),
        ("merge", {"batches": "B1, B2", "into": "M"}),
        ("rename", {"batch": "M", "into": "N"}),
        ("discard", {"batch": "N", "how": "discard", "weights__E": "10", "weights__E_U235": "0.5"}),
        ("waste", {"batch": "C", "how": "retain"}),
        ("waste", {"batch": "C", "how": "retrieve"}),
        ("exempt", {"batch": "C", "how": "exempt-use"}),
        ("exempt", {"batch": "C", "how": "de-exempt-use"}),
        ("lose", {"batch": "N", "weights__E": "1", "weights__E_U235": "0.05"}),
        ("gain", {"batch": "N", "weights__E": "2", "weights__E_U235": "0.1"}),
        ("change", {"code": "LD", "batch": "N", "weights__E": "1", "weights__E_U235": "0.05"}),
        ("produce", {"batch": "B", "after__E": "30", "after__E_U235": "1", "after:P": "0.5"}),
    )
    for path, fields in steps:
        gone = sent(anna, f"/accounting/{path}?mba=ZZA1", "state", day=day, **fields)
        assert gone.status_code == 302, (path, re.findall(r'(?s)<li class="error">.*?</li>', gone.content.decode()))
    assert story.held("ZZA1") == {"E": 90, "E/U235": pytest.approx(4.5), "P": 0.5}


def test_a_batch_is_moved_to_a_place_and_a_receipt_is_measured_later(anna: Client, story: Story) -> None:
    from openmpca.accounting.statements import Place

    story.state(Place(day=BEGIN, mba="ZZA1", code="S1", name="Shelf"))
    received = story.happened("RF", "ZZA1", "B", date(2024, 2, 1), grams(E="100", E_U235="5"), counterpart="XX")
    assert 'value="S1"' in anna.get("/accounting/move?mba=ZZA1&batch=B").content.decode()
    assert sent(anna, "/accounting/move?mba=ZZA1", "state", batch="B", place="S1").status_code == 302
    address = f"/accounting/measure?mba=ZZA1&receipt={received}"
    assert sent(anna, address, "state", measured__E="99", measured__E_U235="5").status_code == 302
    assert story.held("ZZA1") == {"E": 99, "E/U235": 5}
    assert "nothing differs" in sent(anna, address, "check", measured__E="100", measured__E_U235="5").content.decode()
    assert "is no receipt" in sent(anna, address, "check", receipt="99999", measured__E="1").content.decode()


def test_what_takes_two_persons_becomes_a_proposal(anna: Client, story: Story) -> None:
    from openmpca.record.statements import Duty

    story.state(Duty(day=date(2000, 1, 1), of="accounting.change", persons=2, prepare=["officer"], approve=["officer"]))
    address = "/accounting/receive?mba=ZZA1"
    form = {**opened(anna, address), "batch": "NEW", "counterpart": "XX", "weights:E": "100", "weights:E/U235": "5"}
    gone = anna.post(address, {**form, "step": "state"})
    assert gone.headers["Location"].startswith("/record/proposal?number=")
    again = anna.post(address, {**form, "step": "state"})
    assert again.headers["Location"] == gone.headers["Location"]
    assert story.held("ZZA1") == {}
    assert signed_in("boris").post(gone.headers["Location"].replace("proposal", "approve", 1)).status_code == 302
    assert story.held("ZZA1") == {"E": 100, "E/U235": 5}


def test_a_narrow_grant_enters_in_its_own_area_only(story: Story) -> None:
    story.happened("RF", "ZZB1", "SECRET", date(2024, 2, 1), grams(E="777", E_U235="5"), counterpart="XX")
    number = story.happened("SD", "ZZB1", "SECRET", date(2024, 2, 2), grams(E="7", E_U235="1"), counterpart="ZZ/ZZC1")
    carla = narrow(story, "carla", "mba:ZZA1")
    assert "ZZA1" in carla.get("/accounting/ship").content.decode()
    for wrong in ("ZZB1", "NOPE"):
        assert carla.get(f"/accounting/ship?mba={wrong}").status_code == 404
        assert carla.post("/accounting/ship", {"mba": wrong, "batch": "SECRET", "step": "check"}).status_code == 404
    told = sent(carla, "/accounting/receive?mba=ZZA1", "check", shipment=str(number))
    assert "comes to this area" in told.content.decode()
    assert "777" not in told.content.decode()
    assert "SECRET" not in told.content.decode()
    assert sent(carla, "/accounting/receive?mba=ZZA1", "state", **FRESH).status_code == 302


def test_who_may_only_read_is_refused_by_the_records_own_rules(story: Story) -> None:
    rita = narrow(story, "rita", "mba:ZZA1", role="reader")
    refused = sent(rita, "/accounting/receive?mba=ZZA1", "state", **FRESH)
    assert refused.status_code == 422
    assert "holds no grant" in refused.content.decode()
    assert story.held("ZZA1") == {}


def test_a_form_offers_what_the_area_is_allowed_and_holds(site: State) -> None:
    story = begun(codes=["RF", "SD"], categories=["E"])
    story.happened("RF", "ZZC1", "FUEL", date(2024, 2, 1), grams(E="10", E_U235="1"), counterpart="XX")
    anna = signed_in("anna")
    assert 'value="FUEL"' in anna.get("/accounting/ship?mba=ZZC1").content.decode()
    codes = anna.get("/accounting/change?mba=ZZC1").content.decode()
    assert 'value="RF"' in codes
    assert 'value="LA"' not in codes
    assert "ZZC1" not in anna.get("/accounting/lose").content.decode()
    receive = anna.get("/accounting/receive?mba=ZZC1").content.decode()
    assert 'name="weights:E/U235"' in receive
    assert 'name="weights:P"' not in receive
    assert "holds 10" in anna.get("/accounting/ship?mba=ZZC1&batch=FUEL").content.decode()


def test_a_soft_rule_is_overridden_with_a_reason_in_the_form(anna: Client, story: Story) -> None:
    ahead = {**FRESH, "day": "2999-01-01"}
    refused = sent(anna, "/accounting/receive?mba=ZZA1", "state", **ahead).content.decode()
    found = re.search(r'name="(override-\d+)"', refused)
    assert found
    assert story.held("ZZA1") == {}
    reason = {found[1]: "agreed by letter"}
    gone = sent(anna, "/accounting/receive?mba=ZZA1", "state", **ahead, **reason)
    assert gone.status_code == 302


def test_who_checks_while_somebody_else_writes_is_told_and_loses_nothing(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    from django.db import connections

    from openmpca.pages import answering
    from openmpca.record import turn
    from openmpca.record.record import writing
    from tests.state import alone

    monkeypatch.setattr(turn, "TELL_AFTER", 0.1)
    monkeypatch.setattr(answering, "PATIENCE", 0.2)
    anna, came = signed_in("anna"), dict[str, Any]()
    form = {**opened(anna, "/accounting/receive?mba=ZZA1"), "batch": "N", "counterpart": "XX", "weights:E": "1"}

    def send() -> None:
        for step in ("check", "state"):
            came[step] = anna.post("/accounting/receive?mba=ZZA1", {**form, "step": step})
        connections.close_all()

    with writing(alone(story.act, "boris")):
        sending = threading.Thread(target=send)
        sending.start()
        sending.join(30)
    assert "somebody else is writing" in came["check"].content.decode()
    assert "Balance of the batches" in came["check"].content.decode()
    assert came["state"].status_code == 422
    assert "boris has been writing" in came["state"].content.decode()
    assert "kept as a draft" in came["state"].content.decode()
    assert (
        anna.post("/accounting/receive?mba=ZZA1", {**form, "weights:E/U235": "0.1", "step": "state"}).status_code == 302
    )
