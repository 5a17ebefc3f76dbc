"""Documents in the browser: what can be printed, cut to the reach; each list as PDF as it is filtered."""

from datetime import date

import pytest
from django.test import Client

from tests.pages.pdf_text import text
from tests.state import State
from tests.web.accounting.reading import Told, asked, begun
from tests.web.conftest import signed_in


@pytest.fixture
def read(site: State) -> Told:
    return begun()


def taken(read: Told, mba: str) -> int:
    """A physical inventory that is being taken."""
    from openmpca.accounting.statements import Inventory

    return int(read.story.state(Inventory(day=date(2024, 5, 31), mba=mba))[0])


def reported(read: Told, mba: str) -> int:
    """The report of the changes of an area."""
    from openmpca.accounting.reporting.make import Wanted, draft

    end = date(2024, 3, 31)
    wanted = Wanted(mba=mba, sort="I", begin=date(2024, 2, 1), end=end, day=end, encoder="X")
    return int(read.story.state(draft(wanted).statement())[0])


def paper(client: Client, address: str) -> str:
    """The text of a document, given as a file of its own kind."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.content[:500]
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    return text(answer.content)


def test_what_can_be_printed_is_listed_and_leads_to_each_document(read: Told) -> None:
    numbers = {taken(read, "ZZA1"), reported(read, "ZZA1"), read.shipped}
    rows = asked("anna", "/accounting/documents?mba=ZZA1&as_of=2024-12-31")["documents"]["rows"]
    assert [row["document"] for row in rows[:2]] == ["Labels", "List to tick"]
    assert {row["statement"] for row in rows} - {""} == numbers
    page = signed_in("anna").get("/accounting/documents?mba=ZZA1&as_of=2024-12-31").content.decode()
    since = asked("anna", "/accounting/documents?mba=ZZA1&as_of=2024-12-31&since=2024-05-01")["documents"]["rows"]
    assert [row["document"] for row in since] == ["Labels", "List to tick"]
    for path in ("labels-file?mba=ZZA1", "tick-list-file?number=", "report-paper?number=", "move-sheet-file?number="):
        assert f"/accounting/{path}" in page


def test_each_document_is_a_file_and_its_twin_the_same_bytes(read: Told) -> None:
    anna = signed_in("anna")
    inventory, report = taken(read, "ZZA1"), reported(read, "ZZA1")
    for address, said in (
        ("labels-file?mba=ZZA1", "PART-1"),
        ("labels-file?mba=ZZA1&batch=FUEL-1&by_item=yes", "SN-77"),
        (f"tick-list-file?number={inventory}", "KMP A: SHELF-1"),
        (f"tick-list-file?number={inventory}&at=SHELF-1", "FUEL-1"),
        (f"report-paper?number={report}", "Inventory change report (ICR): report 1 of ZZA1"),
        (f"move-sheet-file?number={read.shipped}", "SECRET store"),
    ):
        assert said in paper(anna, f"/accounting/{address}")
        twin = anna.get(f"/api/accounting/{address}")
        assert twin.content == anna.get(f"/accounting/{address}").content


def test_a_document_beyond_the_reach_answers_as_one_that_there_is_not(read: Told) -> None:
    clara = signed_in("clara")
    secret = {
        "tick-list-file": taken(read, "ZZB1"),
        "report-paper": reported(read, "ZZB1"),
        "move-sheet-file": read.secret,
    }
    for path, number in secret.items():
        beyond = clara.get(f"/api/accounting/{path}?number={number}")
        nowhere = clara.get(f"/api/accounting/{path}?number=99999")
        assert beyond.status_code == nowhere.status_code == 404
        assert beyond.content.replace(str(number).encode(), b"") == nowhere.content.replace(b"99999", b"")
    assert clara.get("/accounting/labels-file?mba=ZZB1").status_code == 404
    assert clara.get("/accounting/labels-file?mba=ZZA1&batch=SECRET-9").status_code == 404
    assert {row["mba"] for row in asked("clara", "/accounting/documents?since=2024-01-01")["documents"]["rows"]} == {
        "ZZA1"
    }
    assert clara.get("/accounting/documents?mba=ZZB1").status_code == 404


def test_a_move_sheet_tells_nothing_of_an_area_beyond_the_reach(read: Told) -> None:
    shown = paper(signed_in("clara"), f"/accounting/move-sheet-file?number={read.shipped}")
    assert "PART-1" in shown
    assert "SECRET" not in shown


def test_a_document_speaks_of_the_times_that_were_asked(read: Told) -> None:
    anna = signed_in("anna")
    assert "PART-1" not in paper(anna, "/accounting/labels-file?mba=ZZA1&as_of=2024-02-15")
    assert anna.get("/accounting/labels-file?mba=ZZA1&as_of=2024-01-15").status_code == 404
    assert anna.get(f"/accounting/move-sheet-file?number={read.shipped}&as_of=2024-03-01").status_code == 404


def test_every_list_is_printed_as_it_is_filtered_with_its_times(read: Told) -> None:
    shown = paper(signed_in("anna"), "/accounting/book?mba=ZZA1&by_batch=yes&as_of=2024-03-31&as=pdf")
    for told in ("FUEL-1", "PART-1", "Demonstration: nothing here is real.", "2024-03-31", "Page 1 of 1"):
        assert told in shown
    assert "SECRET" not in shown
    assert "ZZB1" not in paper(signed_in("clara"), "/accounting/book?as=pdf")


def test_a_list_in_another_language_has_its_words_in_it(read: Told) -> None:
    from django.utils import translation
    from django.utils.translation import gettext

    anna = signed_in("anna")
    anna.cookies["django_language"] = "ru"
    with translation.override("ru"):
        title = gettext("Book")
    assert title != "Book"
    assert title in paper(anna, "/accounting/book?as=pdf")


def test_a_list_that_is_too_long_for_paper_says_so(read: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    from openmpca.pages.documents import lists

    monkeypatch.setattr(lists, "MOST_CELLS", 1)
    answer = signed_in("anna").get("/accounting/book?as=pdf")
    assert answer.status_code == 422
    assert "too many for paper" in answer.content.decode()


def test_the_pages_of_a_consignment_and_of_batches_lead_to_their_documents(read: Told) -> None:
    clara = signed_in("clara")
    for page, path in (
        (f"consignment?number={read.shipped}", f"move-sheet-file?number={read.shipped}"),
        ("batches?mba=ZZA1", "labels-file?mba=ZZA1"),
        ("batch?batch=FUEL-1", "labels-file?mba=ZZA1&amp;batch=FUEL-1"),
    ):
        assert f"/accounting/{path}" in clara.get(f"/accounting/{page}").content.decode()
    assert "move-sheet" not in signed_in("anna").get(f"/accounting/consignment?number={read.abroad}").content.decode()


def test_more_codes_than_somebody_waits_for_are_refused_to_who_may_read_them(
    read: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openmpca.accounting.pages import documents

    monkeypatch.setattr(documents, "MOST", 0)
    anna, clara = signed_in("anna"), signed_in("clara")
    number = taken(read, "ZZB1")
    for address in ("labels-file?mba=ZZA1", f"tick-list-file?number={number}"):
        answer = anna.get(f"/accounting/{address}")
        assert answer.status_code == 422
        assert "more than 0" in answer.content.decode()
    assert clara.get(f"/accounting/tick-list-file?number={number}").status_code == 404
