"""The register on pages: what stands in it, an area with all that it may do, places; cut to the reach."""

import pytest

from tests.state import State
from tests.web.accounting.reading import Told, asked, begun, links_of
from tests.web.conftest import signed_in


@pytest.fixture
def read(site: State) -> Told:
    return begun()


def test_the_register_shows_states_facilities_and_areas_and_leads_to_the_rest(read: Told) -> None:
    found = asked("anna", "/accounting/register")
    assert {name: [row["code"] for row in found[name]["rows"]] for name in ("country", "facility", "mba")} == {
        "country": ["YY", "ZZ"],
        "facility": ["ZZF-", "ZZG-"],
        "mba": ["ZZA1", "ZZB1"],
    }
    leads = links_of("anna", "/accounting/register")
    assert {"/accounting/mba?mba=ZZA1", "/accounting/register?thing=kmp"} <= set(leads)
    of_facility = asked("anna", "/accounting/register?thing=mba&facility=ZZG-")["mba"]["rows"]
    assert [row["code"] for row in of_facility] == ["ZZB1"]
    assert signed_in("anna").get("/api/accounting/register?thing=nothing").status_code == 404


def test_the_register_stands_as_of_a_day_and_with_what_has_ended(read: Told) -> None:
    from datetime import date

    from openmpca.accounting.statements import Holder

    read.story.state(Holder(day=date(2024, 5, 1), mba="ZZA1", code="H1", name="Hospital", ended=True))
    thing = "/accounting/register?thing=holder&mba=ZZA1"
    for times, codes in (("", []), ("&ended=yes", ["H1"]), ("&as_of=2024-04-01", ["H1"])):
        assert [row["code"] for row in asked("anna", f"{thing}{times}")["holder"]["rows"]] == codes


def test_a_document_is_listed_with_how_it_stands(read: Told) -> None:
    from openmpca.accounting.statements import Document
    from tests.accounting.story import BEGIN

    for code, mba in (("D-1", "ZZA1"), ("D-SECRET", "ZZB1")):
        read.story.state(Document(day=BEGIN, code=code, sort="request", title=f"title {code}", mba=mba, due=BEGIN))
    rows = asked("anna", "/accounting/register?thing=document")["document"]["rows"]
    assert [(row["code"], row["standing"]) for row in rows] == [("D-1", "late"), ("D-SECRET", "late")]
    assert [row["code"] for row in asked("clara", "/accounting/register?thing=document")["document"]["rows"]] == ["D-1"]


def test_an_area_tells_its_book_codes_points_holders_and_facility(read: Told) -> None:
    found = asked("anna", "/accounting/mba?mba=ZZA1")
    assert [row["element"] for row in found["held"]["rows"]] == ["900"]
    assert found["area"]["facility"] == "ZZF-"
    assert [row["code"] for row in found["codes"]["rows"]] == ["RF", "SD", "RM", "RP", "LD"]
    assert [row["code"] for row in found["kmps"]["rows"]] == ["A"]
    assert [row["code"] for row in found["holders"]["rows"]] == ["H1"]
    assert asked("anna", "/accounting/mba?mba=ZZB1")["codes"] == "Every code of inventory change is allowed."
    assert {"/accounting/ledger?mba=ZZA1&category=E", "/accounting/places?mba=ZZA1"} <= set(
        links_of("anna", "/accounting/mba?mba=ZZA1")
    )


def test_the_places_of_an_area_are_a_tree_that_leads_to_their_batches(read: Told) -> None:
    (room,) = asked("clara", "/accounting/places?mba=ZZA1")["places"]
    assert (room["text"], room["detail"]) == ("ROOM", "Room, room, KMP A")
    assert [each["text"] for each in room["within"]] == ["SHELF-1"]
    assert "/accounting/batches?mba=ZZA1&place=SHELF-1" in links_of("clara", "/accounting/places?mba=ZZA1")


def test_nothing_of_the_register_is_shown_that_lies_beyond_the_reach(read: Told) -> None:
    clara = signed_in("clara")
    for thing in ("", "country", "facility", "mba", "kmp", "place", "holder"):
        for form in ("", "&as=csv", "&ended=yes"):
            for prefix in ("", "/api"):
                content = clara.get(f"{prefix}/accounting/register?thing={thing}{form}").content
                assert b"SECRET" not in content
                assert b"ZZB1" not in content
    for page in ("mba", "places", "register"):
        assert clara.get(f"/api/accounting/{page}?mba=ZZB1").status_code == 404
    unknown, beyond = (
        signed_in(who).get(f"/api/accounting/mba?mba={code}").content
        for who, code in (("anna", "ZZ99"), ("clara", "ZZB1"))
    )
    assert unknown.replace(b"ZZ99", b"") == beyond.replace(b"ZZB1", b"")


def test_the_codes_of_changes_and_the_categories_are_listed(read: Told) -> None:
    found = asked("clara", "/accounting/codes")
    assert "RF" in [row["code"] for row in found["changes"]["rows"]]
    assert "E" in [row["code"] for row in found["categories"]["rows"]]
