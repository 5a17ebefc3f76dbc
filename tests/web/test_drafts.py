"""Drafts: kept, opened, deleted, gone when stated; theirs alone."""

import re
from datetime import date

import msgspec
import pytest
from django.test import Client

from openmpca.pages import drafting
from tests.accounting.story import Story, begun, grams
from tests.state import State
from tests.web.conftest import signed_in

SHIP = "/accounting/ship?mba=ZZA1"


@pytest.fixture
def story(site: State) -> Story:
    told = begun()
    told.happened("RF", "ZZA1", "B", date(2024, 1, 1), grams(E="100", E_U235="5"), counterpart="XX")
    return told


def kept(client: Client, **fields: str) -> str:
    """The address of a draft of a shipment."""
    return str(client.post(SHIP, {"step": "draft", **fields}).headers["Location"])


def fields(client: Client, address: str) -> dict[str, str]:
    return dict(msgspec.json.decode(client.get(f"/api{address}").content)["blocks"]["form"])


def test_a_draft_keeps_what_was_typed_and_is_opened_again(story: Story) -> None:
    anna = signed_in("anna")
    address = kept(anna, batch="B", counterpart="half typ", weights="", note="line\nline")
    assert fields(anna, address)["counterpart"] == "half typ"
    assert fields(anna, address)["note"] == "line\nline"
    assert address.replace("&", "&amp;") in anna.get("/drafts").content.decode()


def test_a_draft_is_of_who_typed_it_alone(story: Story) -> None:
    anna, boris = signed_in("anna"), signed_in("boris")
    address = kept(anna, batch="B", note="private")
    number = address.rpartition("=")[2]
    assert boris.get(address).status_code == 404
    assert "You have no drafts." in boris.get("/drafts").content.decode()
    assert boris.post("/drafts", {"number": number}).status_code == 404
    boris.post(SHIP, {"step": "draft", "batch": "C", "draft": number})
    assert fields(anna, address)["batch"] == "B"
    assert boris.get("/drafts").content.decode().count("draft=") == 2


def test_a_draft_that_is_changed_stays_one_and_goes_when_it_is_stated(story: Story) -> None:
    anna = signed_in("anna")
    address = kept(anna, batch="B")
    form = {**fields(anna, address), "counterpart": "ZZ/ZZB1", "day": "2024-02-01"}
    assert anna.post(SHIP, {**form, "step": "draft"}).headers["Location"] == address
    assert len(drafting.of("anna")) == 1
    stated = anna.post(SHIP, {**form, "step": "state"})
    assert stated.status_code == 302
    assert drafting.of("anna") == []
    assert anna.get(address).status_code == 404
    assert story.held("ZZA1") == {}


def test_a_draft_is_deleted(story: Story) -> None:
    anna = signed_in("anna")
    number = kept(anna, batch="B").rpartition("=")[2]
    gone = anna.post("/drafts", {"number": number}, follow=True).content.decode()
    assert re.search(rf"Draft {number} is deleted", gone)
    assert "You have no drafts." in gone
    assert anna.post("/drafts", {"number": "x" * 30}).status_code == 404


def test_the_oldest_draft_goes_when_there_are_too_many(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafting, "MOST", 2)
    anna = signed_in("anna")
    for batch in ("ONE", "TWO", "THREE"):
        kept(anna, batch=batch)
    assert [each.fields["batch"] for each in drafting.of("anna")] == ["THREE", "TWO"]


def test_what_is_kept_has_a_bound(story: Story) -> None:
    number = drafting.keep("anna", "/x", "t", {"a": "1", "b": "x" * drafting.LONGEST, "c": "3"})
    found = drafting.one("anna", number)
    assert found is not None
    assert found.fields == {"a": "1"}
    assert drafting.one("anna", 1 << 70) is None
    assert not drafting.drop("anna", 1 << 70)
