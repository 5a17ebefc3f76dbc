"""This month's entries as last month's: what stood then is offered, and opens a form with the same values."""

from datetime import date

import pytest

from tests.accounting.story import Story, begun, grams
from tests.state import State
from tests.web.accounting.test_entering import opened, sent
from tests.web.conftest import signed_in
from tests.web.test_proposals import narrow

PAGE = "/accounting/again?mba=ZZA1&month=2024-02-15"


@pytest.fixture
def story(site: State) -> Story:
    return begun()


def test_the_changes_of_a_month_that_stand_are_offered_and_entered_again(story: Story) -> None:
    first = story.happened(
        "RF", "ZZA1", "B", date(2024, 2, 1), grams(E="100", E_U235="5"), counterpart="XX", seals=["S"]
    )
    last = story.happened("LD", "ZZA1", "B", date(2024, 2, 29), grams(E="1", E_U235="0.05"), note="monthly")
    story.happened("LD", "ZZA1", "B", date(2024, 3, 1), grams(E="2", E_U235="0.1"))
    wrong = story.happened("LD", "ZZA1", "B", date(2024, 2, 20), grams(E="3", E_U235="0.1"))
    right = story.happened(
        "LD", "ZZA1", "B", date(2024, 2, 20), grams(E="4", E_U235="0.1"), corrects=wrong, reason="mistyped"
    )
    anna = signed_in("anna")
    rows = anna.get(f"/api{PAGE}").json()["blocks"]["changes"]["rows"]
    assert [each["number"] for each in rows] == [first, right, last]
    address = f"/accounting/change?mba=ZZA1&like={last}"
    form = opened(anna, address)
    assert (form["code"], form["batch"], form["weights:E"], form["note"]) == ("LD", "B", "1", "monthly")
    assert form["day"] > "2026"
    assert sent(anna, address, "state").status_code == 302
    assert story.held("ZZA1")["E"] == 100 - 1 - 2 - 4 - 1
    assert "seals" not in opened(anna, f"/accounting/change?mba=ZZA1&like={first}")


def test_nothing_of_another_area_is_entered_again(story: Story) -> None:
    other = story.happened("RF", "ZZB1", "SECRET", date(2024, 2, 1), grams(E="7", E_U235="5"), counterpart="XX")
    carla = narrow(story, "carla", "mba:ZZA1")
    assert carla.get("/accounting/again?mba=ZZB1").status_code == 404
    for number in (other, 0, 99999):
        assert carla.get(f"/accounting/change?mba=ZZA1&like={number}").status_code == 404
    shown = carla.get("/accounting/again?month=2024-02-01").content.decode()
    assert "Nothing was entered for that month." in shown
    assert "ZZB1" not in shown


def test_all_of_a_month_are_prepared_as_drafts_once_and_nothing_is_stated(story: Story) -> None:
    story.happened("RF", "ZZA1", "B", date(2024, 2, 1), grams(E="100", E_U235="5"), counterpart="XX", seals=["S"])
    story.happened("LD", "ZZA1", "B", date(2024, 2, 29), grams(E="1", E_U235="0.05"), note="monthly")
    anna, before = signed_in("anna"), story.held("ZZA1")
    made = anna.post(f"/api{PAGE}", {"step": "prepare"}).json()
    assert (made["message"], made["address"]) == ("2 drafts are prepared.", "/drafts")
    assert anna.post(f"/api{PAGE}", {"step": "prepare"}).json()["message"] == "0 drafts are prepared."
    assert story.held("ZZA1") == before
    drafts = anna.get("/").content.decode()
    assert drafts.count("draft=") >= 2
    address = drafts.split("LD B · ZZA1")[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    form = opened(anna, address)
    assert (form["code"], form["batch"], form["weights:E"], form["note"]) == ("LD", "B", "1", "monthly")
    assert form["day"] > "2026"
    carla = narrow(story, "carla", "mba:ZZB1")
    assert carla.post(PAGE, {"step": "prepare"}).status_code == 404
