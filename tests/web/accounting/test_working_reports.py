"""Reports on pages: made from the book beside them, approved by another, sent, answered, corrected, as a file."""

from typing import Any

import msgspec
import pytest

from tests.accounting.reporting.story import Story
from tests.web.accounting.narrow import blocks, shown, somebody
from tests.web.conftest import signed_in

MARCH = "accounting/make?mba=ZZA1&sort=I&begin=2026-03-01&end=2026-03-31"


@pytest.fixture
def story(site: Any) -> Story:
    """ZZA1 is opened empty and has received batch A in March 2026."""
    told = Story()
    told.inventory("2026-01-31", {}, opening=True)
    told.change("2026-03-10", "RF", "A", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    return told


def test_what_an_area_owes_leads_to_its_drafts(story: Story) -> None:
    rows = blocks(signed_in("anna"), "accounting/make?mba=ZZA1")["owed"]["rows"]
    assert [(row["report"], row["end"]) for row in rows] == [("I", "2026-03-31"), ("P", "2026-01-31")]
    page = shown(signed_in("anna"), "accounting/make?mba=ZZA1")
    assert f"/{MARCH}".replace("&", "&amp;") in page
    assert "/accounting/make?mba=ZZA1" in shown(signed_in("anna"), "accounting/make")


def test_a_draft_stands_beside_the_book_that_it_is_made_of(story: Story) -> None:
    from openmpca.accounting.queries import latest

    anna = signed_in("anna")
    found = blocks(anna, MARCH)
    (entry,), (booked,) = found["entries"]["rows"], found["book"]["rows"]
    assert (entry["code"], entry["batch"], entry["E g"]) == ("RF", "A", "10")
    assert (booked["statement"], booked["batch"], booked["E g"]) == (latest(), "A", "10")
    assert found["problems"] == []
    assert found["verbatim"].startswith("001:")
    assert f"/record/statement?number={latest()}" in shown(anna, MARCH)
    assert blocks(anna, "accounting/reports")["reports"]["rows"] == []


def test_a_report_of_one_person_becomes_a_proposal_and_is_there_once_another_approves(story: Story) -> None:
    from openmpca.record import commands

    anna = signed_in("anna")
    answer = anna.post(f"/{MARCH}", {"dated": "2026-04-05", "encoder": "SMITH,J.", "note": "", "notes": ""})
    assert answer.status_code == 302
    address = answer.headers["Location"]
    assert address.startswith("/record/proposal?number=")
    number = commands.approve(int(address.rpartition("=")[2]), "boris").numbers[0]
    (row,) = blocks(anna, "accounting/reports?mba=ZZA1")["reports"]["rows"]
    assert (row["statement"], row["type"], row["state"]) == (number, "I", "made")
    found = blocks(anna, f"accounting/report?number={number}")
    assert found["entries"]["rows"][0]["batch"] == "A"
    assert "SMITH,J." in found["text"]
    assert found["problems"] == []


def test_what_is_refused_is_told_on_top_with_all_that_was_typed(story: Story) -> None:
    anna = signed_in("anna")
    story.report("I", "2026-03-31", "2026-04-05")
    story.change("2026-04-10", "RF", "B", {"E": "5", "E/U235": "1"}, shipper_batch="T")
    overlapping = "/accounting/make?mba=ZZA1&sort=I&begin=2026-03-15&end=2026-04-30"
    typed = {"dated": "2026-05-06", "encoder": "DOE,J.", "note": "SECOND TRY", "notes": ""}
    answer = anna.post(overlapping, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "meets report 1 of 2026-03-01 to 2026-03-31" in page
    assert "SECOND TRY" in page
    assert "DOE,J." in page
    wrong = anna.post(overlapping, {**typed, "dated": "6.5.2026"})
    assert wrong.status_code == 422
    assert "is no day" in wrong.content.decode()
    assert "SECOND TRY" in wrong.content.decode()


def test_sending_and_a_return_with_remarks_are_stated_and_the_correction_is_chained(story: Story) -> None:
    anna = signed_in("anna")
    change = story.change("2026-03-12", "RF", "B", {"E": "5", "E/U235": "1"}, shipper_batch="T")
    number = story.report("I", "2026-03-31", "2026-04-05").stated.numbers[0]
    here = f"/accounting/report?number={number}"
    early = anna.post(here, {"step": "answer", "day": "2026-04-08", "answer": "returned", "remarks": "2=wrong"})
    assert early.status_code == 422
    assert anna.post(here, {"step": "send", "day": "2026-04-06"}).headers["Location"] == here
    unread = anna.post(here, {"step": "answer", "day": "2026-04-08", "answer": "returned", "remarks": "entry two"})
    assert unread.status_code == 422
    assert "does not read ENTRY=TEXT" in unread.content.decode()
    said = {"step": "answer", "day": "2026-04-08", "answer": "returned", "remarks": "2=the shipper says 6 g"}
    assert anna.post(here, said).status_code == 302
    found = blocks(anna, here[1:])
    assert [(each["entry"], each["about"]) for each in found["remarks"]["rows"]] == [(2, change)]
    corrected = story.correct(change, "2026-04-10", weights={"E": "6", "E/U235": "1"})
    second = story.report("I", "2026-03-31", "2026-04-12", corrections_only=True).stated.numbers[0]
    for each in (number, second):
        (link,) = blocks(anna, f"accounting/report?number={each}")["corrections"]["rows"]
        assert (link["status"], link["refers_to"], link["about"]) == ("C", "1/2", corrected)
    rows = blocks(anna, "accounting/reports")["reports"]["rows"]
    assert [row["state"] for row in rows] == ["made", "returned"]
    before = blocks(anna, f"accounting/reports?known_at={number}")["reports"]["rows"]
    assert [row["state"] for row in before] == ["made"]


def test_the_file_of_a_report_is_its_bytes_exactly_as_made(story: Story) -> None:
    made = story.report("I", "2026-03-31", "2026-04-05")
    number = made.stated.numbers[0]
    for address in (f"/accounting/report-file?number={number}", f"/api/accounting/report-file?number={number}"):
        answer = signed_in("anna").get(address)
        assert answer.content == made.draft.text.encode(made.draft.profile.encoding)
        assert answer.headers["Content-Disposition"] == 'attachment; filename="ZZA1-0001-ICR.txt"'


def test_a_textual_report_asks_for_its_text_first(story: Story) -> None:
    anna = signed_in("anna")
    here = "accounting/make?mba=ZZA1&sort=T"
    assert "text" not in blocks(anna, here)
    looked = anna.post(f"/api/{here}", {"step": "draw", "dated": "2026-04-05", "note": "WE MOVED"}, "application/json")
    assert "WE MOVED" in msgspec.json.decode(looked.content)["blocks"]["verbatim"]
    stated = anna.post(f"/{here}", {"step": "state", "dated": "2026-04-05", "note": "WE MOVED"})
    assert stated.headers["Location"].startswith("/record/proposal")
    for step in ("draw", "state"):
        foreign = anna.post(f"/{here}", {"step": step, "dated": "2026-04-05", "note": "МЫ ПЕРЕЕХАЛИ"})
        assert foreign.status_code == 422
        assert "cannot stand in a file in ascii" in foreign.content.decode()
        assert "МЫ ПЕРЕЕХАЛИ" in foreign.content.decode()


def test_where_nothing_is_to_be_reported_the_page_says_so(story: Story) -> None:
    anna = signed_in("anna")
    assert "nothing to report" in shown(anna, "accounting/make?mba=ZZA1&sort=I&end=2025-12-31").lower()
    assert "no physical inventory" in shown(anna, "accounting/make?mba=ZZA1&sort=P&end=2025-12-31")
    assert anna.get("/accounting/make?mba=NONE").status_code == 404


def test_a_narrow_grant_reads_reports_of_its_area_alone(story: Story) -> None:
    number = story.report("I", "2026-03-31", "2026-04-05").stated.numbers[0]
    clara = somebody(story.act, scope="mba:ZZC1")
    assert blocks(clara, "accounting/reports")["reports"]["rows"] == []
    assert clara.get("/accounting/reports?mba=ZZA1").status_code == 404
    assert clara.get(f"/{MARCH}").status_code == 404
    assert clara.post(f"/{MARCH}", {"dated": "2026-04-05"}).status_code == 404
    assert "ZZA1" not in shown(clara, "accounting/make")
    for page in ("report", "report-file"):
        beyond, missing = (clara.get(f"/api/accounting/{page}?number={each}") for each in (number, 99999))
        assert beyond.status_code == missing.status_code == 404
        assert beyond.content == missing.content.replace(b"99999", str(number).encode())
    sending = clara.post(f"/accounting/report?number={number}", {"step": "send", "day": "2026-04-06"})
    assert sending.status_code == 404
