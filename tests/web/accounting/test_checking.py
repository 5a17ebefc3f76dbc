"""A report file and the Agency's statement, looked at on pages: problems where they stand, nothing recorded."""

import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from openmpca.record.record import head
from tests.accounting.story import Story, begun, grams
from tests.state import State
from tests.web.conftest import signed_in
from tests.web.test_proposals import narrow

FOREIGN = (
    "001:OI/ZZ;7#002:1/2#003:20240405#006:ROTH,K.#010:I#015:20240301/20240331#207:ZZF-#307:ZZA1#309:N#407:1#411:SF"
    "#412:20240403#430:O/G/U/B#446:C30B-0011#469:M#470:1#630:1540260#\n"
    "001:OI/ZZ;7#002:2#003:20240405#006:ROTH,K.#010:I#015:20240301/20240331#207:ZZF-#307:ZZA1#309:N#407:1#411:SF"
    "#412:20240303#430:O/G/U/B#446:C30B-0012#469:M#470:1#630:1540260G#670:70000G#\n"
)
STATEMENT = """Statement of book inventories;;;
;;;
Material balance area;Element;Book inventory (kg);Fissile (g)
ZZA1;E;{mass};300
Total;;{mass};
"""


@pytest.fixture
def story(site: State) -> Story:
    made = begun()
    made.happened(
        "RF",
        "ZZA1",
        "B",
        datetime.date(2024, 1, 5),
        grams(E="10000.5", E_U235="300"),
        counterpart="XX",
        shipper_batch="B",
    )
    return made


def sent(client: Client, path: str, text: str, name: str, **more: str) -> str:
    file: Any = SimpleUploadedFile(name, text.encode())
    answer = client.post(f"/accounting/{path}", {"file": file, **more})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def test_each_problem_of_a_foreign_file_stands_at_its_entry_and_nothing_is_recorded(story: Story) -> None:
    anna, before = signed_in("anna"), head()
    address = sent(anna, "check", FOREIGN, "foreign.c10")
    found = anna.get(f"/api{address}").json()
    assert found["lead"].startswith("1 report, ")
    first = found["blocks"]["entries"]["rows"][0]
    assert first["entry"] == "report ZZ;7 OI entry 1"
    assert "'1540260' is no weight." in first["problems"]
    assert "2024-04-03 is not from 2024-03-01 to 2024-03-31" in first["problems"]
    assert "630:1540260" in first["text"]
    assert anna.get(f"{address}&as=csv").status_code == 200
    assert head() == before
    assert anna.post(address, {}).headers["Location"] == "/accounting/check"
    assert anna.get(address).status_code == 404


def test_a_file_is_held_against_the_book_only_of_areas_that_one_may_read(story: Story) -> None:
    anna, clara = signed_in("anna"), narrow(story, "clara", "mba:ZZB1")
    against = anna.get(f"/api{sent(anna, 'check', FOREIGN, 'a.c10', with_book='yes')}").json()["blocks"]["problems"]
    assert any(each["rule"] >= 300 for each in against)
    address = sent(clara, "check", FOREIGN, "a.c10", with_book="yes")
    told = clara.get(f"/api{address}").json()["blocks"]["problems"]
    assert "There is no MBA ZZA1 that you may read." in [each["message"] for each in told]
    assert not any(each["rule"] >= 300 for each in told)
    assert anna.get(address).status_code == 404


def test_what_is_no_report_is_said_to_be_none(story: Story) -> None:
    anna = signed_in("anna")
    assert anna.post("/accounting/check", {}).status_code == 422
    page = anna.get(sent(anna, "check", "Dear colleagues,\n", "letter.txt")).content.decode()
    assert "No entry can be read in it." in page


def test_the_statement_of_the_agency_is_explained_figure_by_figure(story: Story) -> None:
    anna, before = signed_in("anna"), head()
    address = sent(anna, "reconcile", STATEMENT.format(mass="10,0005"), "statement.csv")
    agreed = anna.get(f"/api{address}").json()["blocks"]
    assert [(row["weight"], row["theirs_g"], row["class"]) for row in agreed["inventories"]["rows"]] == [
        ("E", "10000.5", "agrees"),
        ("E/U235", "300", "agrees"),
    ]
    assert [row["row"] for row in agreed["left_out"]["rows"]] == [1, 5] or [
        row["row"] for row in agreed["left_out"]["rows"]
    ] == [5]
    other = sent(anna, "reconcile", STATEMENT.format(mass="0"), "statement.csv")
    differs = anna.get(f"/api{other}").json()["blocks"]["inventories"]["rows"][0]
    assert (differs["class"], differs["difference_g"]) == ("ours", "-10000.5")
    assert "the book has more than was reported" in anna.get(other).content.decode()
    told = anna.post(f"/api{other}", {"step": "check", "tolerance": "much"}).json()["blocks"]["problems"]
    assert [each["field"] for each in told if each["severity"] == "error"] != []
    assert head() == before


def test_a_list_of_transits_is_known_by_its_columns(story: Story) -> None:
    story.happened("SF", "ZZA1", "B", datetime.date(2024, 2, 1), grams(E="100", E_U235="3"), counterpart="XX/XXA1")
    listed = "Code,Date,Shipper,Receiver,Batch,Element,Weight (g)\nSF,2024-02-01,ZZ/ZZA1,XX/XXA1,B,E,100\n"
    anna = signed_in("anna")
    rows = anna.get(f"/api{sent(anna, 'reconcile', listed, 'transits.csv')}").json()["blocks"]["transits"]["rows"]
    assert [(row["batch"], row["theirs_g"], row["ours_g"]) for row in rows if row["row"]] == [("B", "100", "100")]


def test_obligations_are_exchanged_by_two_persons(story: Story) -> None:
    received = grams(E="500", E_U235="20")
    story.happened(
        "RF", "ZZA1", "OB", datetime.date(2024, 1, 6), received, counterpart="XX", shipper_batch="OB", obligation="A+S"
    )
    anna = signed_in("anna")
    form = {
        "given": "A+S",
        "taken": "A",
        "weights:E": "100",
        "weights:E/U235": "4",
        "day": "2024-02-01",
        "step": "state",
    }
    gone = anna.post("/accounting/exchange?mba=ZZA1", form)
    assert gone.headers["Location"].startswith("/record/proposal?number=")
    lacking = anna.post("/api/accounting/exchange?mba=ZZA1", {"step": "check", "given": "A+S"}).json()
    assert {each["field"] for each in lacking["blocks"]["problems"]} == {"taken", "weights"}
    assert "/accounting/exchange" in anna.get("/accounting/obligations").content.decode()
