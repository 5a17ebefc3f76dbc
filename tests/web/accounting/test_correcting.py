"""The correction wizard: what stands, what is changed, what that does before it is stated; deletion; who may."""

from datetime import date

import pytest
from django.test import Client

from tests.accounting.story import Story, begun, grams
from tests.state import State
from tests.web.accounting.test_entering import opened, sent
from tests.web.conftest import signed_in
from tests.web.test_proposals import narrow


@pytest.fixture
def story(site: State) -> Story:
    return begun()


@pytest.fixture
def anna(story: Story) -> Client:
    return signed_in("anna")


@pytest.fixture
def received(story: Story) -> int:
    given = {"counterpart": "XX", "items": 4, "description": "BQ2F", "basis": "N", "seals": ["S1", "S2"], "note": "n"}
    return story.happened("RF", "ZZA1", "B", date(2024, 2, 1), grams(E="100", E_U235="5"), **given)


def test_the_statement_stands_in_the_form_as_it_is(anna: Client, received: int) -> None:
    form = opened(anna, f"/accounting/correct?number={received}")
    assert form["weights:E"] == "100"
    assert (form["day"], form["seals"], form["items"], form["note"]) == ("2024-02-01", "S1, S2", "4", "n")
    assert "As it stands" in anna.get(f"/accounting/correct?number={received}").content.decode()


def test_only_what_was_changed_is_changed(anna: Client, story: Story, received: int) -> None:
    from openmpca.record.reading import stored

    address = f"/accounting/correct?number={received}"
    checked = sent(anna, address, "check", reason="mistyped", weights__E="90", note="").content.decode()
    assert "Balance of the batches" in checked
    assert story.held("ZZA1")["E"] == 100
    gone = sent(anna, address, "state", reason="mistyped", weights__E="90", note="", seals="S1")
    assert gone.status_code == 302, gone.content.decode()
    assert story.held("ZZA1") == {"E": 90, "E/U235": 5}
    from openmpca.accounting.queries import latest

    correction = stored(latest()).statement
    said = {name: getattr(correction, name) for name in ("corrects", "reason", "note", "seals", "items", "description")}
    wanted = {"corrects": received, "reason": "mistyped", "note": "", "seals": ["S1"], "items": 4}
    assert said == {**wanted, "description": "BQ2F"}
    assert "It no longer stands" in anna.get(address).content.decode()


def test_a_reason_and_a_change_are_needed(anna: Client, story: Story, received: int) -> None:
    address = f"/accounting/correct?number={received}"
    refused = sent(anna, address, "state", weights__E="90")
    assert refused.status_code == 422
    assert "This is needed." in refused.content.decode()
    assert 'value="90"' in refused.content.decode()
    assert "Nothing is changed" in sent(anna, address, "check", reason="why").content.decode()
    assert story.held("ZZA1")["E"] == 100


def test_a_change_is_deleted_with_a_reason(anna: Client, story: Story, received: int) -> None:
    address = f"/accounting/delete?number={received}"
    assert sent(anna, address, "state").status_code == 422
    assert story.held("ZZA1")["E"] == 100
    assert sent(anna, address, "state", reason="never came").status_code == 302
    assert story.held("ZZA1") == {}


def test_the_other_side_is_corrected_with_a_shipment(anna: Client, story: Story, received: int) -> None:
    shipped = story.happened("SD", "ZZA1", "B", date(2024, 2, 2), grams(E="50", E_U235="2"), counterpart="ZZ/ZZB1")
    story.happened(
        "RD", "ZZB1", "B", date(2024, 2, 3), grams(E="50", E_U235="2"), counterpart="ZZ/ZZA1", shipment=shipped
    )
    address = f"/accounting/correct?number={shipped}"
    checked = sent(anna, address, "check", reason="r", weights__E="40").content.decode()
    assert "Due on the other side" in checked
    assert sent(anna, address, "state", reason="r", weights__E="40", pair="yes").status_code == 302
    assert story.held("ZZB1")["E"] == 40
    assert story.held("ZZA1")["E"] == 60


def test_a_statement_beyond_the_reach_is_as_none(story: Story, received: int) -> None:
    carla = narrow(story, "carla", "mba:ZZB1")
    for verb in ("correct", "delete"):
        theirs = carla.get(f"/api/accounting/{verb}?number={received}")
        none = carla.get(f"/api/accounting/{verb}?number=99999")
        assert theirs.status_code == none.status_code == 404
        assert theirs.content.replace(str(received).encode(), b"") == none.content.replace(b"99999", b"")
        assert carla.post(f"/accounting/{verb}?number={received}", {"step": "state", "reason": "x"}).status_code == 404
    assert signed_in("anna").get("/accounting/correct?number=0").status_code == 404
    assert story.held("ZZA1")["E"] == 100


def test_a_line_of_a_closed_inventory_takes_two_persons_and_shows_the_muf(anna: Client, story: Story) -> None:
    from openmpca.accounting.statements import Closing, Inventory, Listed
    from openmpca.record.references import to_come

    day = date(2024, 3, 31)
    numbers = story.state(
        Inventory(day=day, mba="ZZA1", opening=True),
        Listed(day=day, mba="ZZA1", inventory=to_come(0), batch="L", weights=grams(E="10", E_U235="1")),
        Closing(day=day, mba="ZZA1", inventory=to_come(0)),
    )
    address = f"/accounting/correct?number={numbers[1]}"
    gone = sent(anna, address, "state", reason="counted again", weights__E="11")
    assert gone.status_code == 302
    assert gone.headers["Location"].startswith("/record/proposal?number=")


def test_a_correction_before_a_closed_inventory_shows_muf_and_what_it_makes_due(site: State) -> None:
    from tests.accounting.reporting.story import Story as Reported
    from tests.accounting.reporting.test_corrections import closed_twice

    change, _ = closed_twice(Reported())
    address = f"/accounting/correct?number={change}"
    checked = sent(signed_in("anna"), address, "check", reason="weighed again", weights__E_U235="49").content.decode()
    assert "MUF of closed periods" in checked
    assert "Entries that it makes due in reports" in checked
