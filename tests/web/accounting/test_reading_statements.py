"""A statement on its page, and the log: what they lead to, the times, the reach."""

from datetime import date

import pytest

from openmpca.pages.reach import reach
from tests.state import State
from tests.web.accounting.reading import Told, asked, begun, links_of
from tests.web.conftest import signed_in


@pytest.fixture
def read(site: State) -> Told:
    return begun()


def test_a_statement_says_who_stated_what_and_what_came_of_it(read: Told) -> None:
    found = asked("anna", f"/record/statement?number={read.received}")
    assert found["fields"]["batch"] == "FUEL-1"
    assert found["stated"]["prepared_by"] == "anna"
    assert found["stated"]["approved_by"] == ["boris"]
    assert found["stated"]["standing"] == f"corrected by {read.corrected}"
    assert [(row["statement"], row["what"]) for row in found["corrections"]["rows"]] == [
        (read.corrected, f"corrects statement {read.received}")
    ]
    assert [(row["account"], row["element"]) for row in found["postings"]["rows"]] == [
        ("MAIN", "1000"),
        ("RF", "-1000"),
    ]
    assert len(found["commitment"]["entry"]) == 64


def test_a_statement_leads_to_its_area_its_batch_and_the_statement_that_it_corrects(read: Told) -> None:
    leads = links_of("anna", f"/record/statement?number={read.corrected}")
    wanted = ["/accounting/mba?mba=ZZA1", "/accounting/batch?batch=FUEL-1&mba=ZZA1"]
    assert {*wanted, f"/record/statement?number={read.received}"} <= set(leads)


def test_what_was_not_known_then_is_not_there(read: Told) -> None:
    anna = signed_in("anna")
    then = f"known_at={read.shipped}"
    assert anna.get(f"/api/record/statement?number={read.corrected}&{then}").status_code == 404
    assert "corrections" not in asked("anna", f"/record/statement?number={read.received}&{then}")
    assert max(row["number"] for row in asked("anna", f"/record/log?{then}")["log"]["rows"]) == read.shipped


def test_a_statement_beyond_the_reach_answers_as_one_that_there_is_not(read: Told) -> None:
    clara = signed_in("clara")
    beyond, none = (
        clara.get(f"/api/record/statement?number={read.abroad}"),
        clara.get("/api/record/statement?number=999"),
    )
    assert beyond.status_code == none.status_code == 404
    assert beyond.content.replace(str(read.abroad).encode(), b"") == none.content.replace(b"999", b"")
    assert asked("clara", f"/record/statement?number={read.shipped}")["fields"]["code"] == "SD"


def test_the_log_is_cut_to_the_reach_in_every_form(read: Told) -> None:
    clara = signed_in("clara")
    for address in ("/record/log", "/api/record/log", "/record/log?as=csv", "/record/log?as=json"):
        content = clara.get(address).content
        assert b"ZZB1" not in content
        assert b"SECRET" not in content
        assert b"PART-1" in content


def test_the_log_goes_on_before_a_number_and_by_kind(read: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openmpca.web.pages.statements.SHOWN", 2)
    first = asked("anna", "/record/log?kind=accounting.change")["log"]["rows"]
    assert [row["number"] for row in first] == [read.corrected, read.secret]
    assert f"/record/log?kind=accounting.change&before={read.secret}" in links_of(
        "anna", "/record/log?kind=accounting.change"
    )
    later = asked("clara", f"/record/log?kind=accounting.change&before={read.corrected}")["log"]["rows"]
    assert [row["number"] for row in later] == [read.shipped, read.split[1]]
    assert signed_in("anna").get("/api/record/log?kind=nothing").status_code == 404


def test_the_first_statement_has_a_page_that_can_be_led_to(read: Told) -> None:
    assert "/record/statement?number=0" in links_of("anna", "/record/log?before=3")
    assert asked("anna", "/record/statement?number=0")["stated"]["kind"] == "record.founding"


def test_documents_that_were_of_an_area_beyond_the_reach_stay_there(read: Told) -> None:
    from openmpca.accounting.statements import Document
    from openmpca.pages.reach import readable_statements
    from openmpca.record.reading import stored_many
    from tests.accounting.story import BEGIN

    documents = [
        Document(day=BEGIN, code=code, sort="request", title=code, mba=mba)
        for code, mba in (("D-1", "ZZA1"), ("D-2", "ZZB1"), ("D-2", "ZZA1"), ("D-3", "ZZA1"))
    ]
    numbers = [read.story.state(each)[0] for each in documents]
    clara = reach("clara", date(2024, 6, 1))
    readable = [
        each.number for each in readable_statements(clara, stored_many([*numbers, 0, read.shipped, read.secret]))
    ]
    assert readable == [read.shipped, numbers[0], numbers[3]]


def test_what_stands_can_be_corrected_by_who_states_and_not_what_was_corrected_already(read: Told) -> None:
    way = f"/accounting/correct?number={read.corrected}"
    assert way in links_of("anna", f"/record/statement?number={read.corrected}")
    assert way not in links_of("clara", f"/record/statement?number={read.corrected}")
    old = links_of("anna", f"/record/statement?number={read.received}")
    assert not [each for each in old if each.startswith("/accounting/correct?")]
