"""The book and the register on the command line."""

import json
from datetime import date
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.accounting.story import Story, begun, grams
from tests.state import State

DAY = date(2024, 3, 1)


@pytest.fixture
def story(state_home: State) -> Story:
    from openmpca.accounting.statements import Document, Kmp, Place

    made = begun()
    made.state(
        Kmp(day=DAY, mba="ZZA1", code="A", name="store", inventory=True),
        Place(day=DAY, mba="ZZA1", code="B1", name="Building", level="building"),
        Place(day=DAY, mba="ZZA1", code="R1", name="Room", within="B1", level="room", kmp="A"),
        Document(day=DAY, code="DI-1", sort="design information", title="Reactor", due=date(2024, 4, 1)),
        Document(day=DAY, code="AP-1", sort="declaration", title="2.a", due=date(2024, 5, 1), sent=date(2024, 4, 20)),
        Document(day=DAY, code="N-1", sort="notice", title="Export", answered=date(2024, 4, 1)),
        Document(day=DAY, code="X-1", sort="request", title="Open"),
    )
    first = made.happened(
        "RF", "ZZA1", "A", DAY, grams(E="1000.5", E_U235="100"), counterpart="YY", place="R1", items=2
    )
    made.happened(
        "RF", "ZZA1", "A", DAY, grams(E="1001", E_U235="100"), counterpart="YY", items=2, corrects=first, reason="x"
    )
    made.happened("SD", "ZZA1", "A", date(2024, 4, 1), grams(E="1", E_U235="0.1"), counterpart="ZZ/ZZB1")
    made.happened("RF", "ZZB1", "P", DAY, grams(P="5"), counterpart="YY")
    return made


def said(*arguments: str, code: int = 0) -> str:
    from openmpca.cli import app

    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == code, (result.output, result.exception)
    return result.stdout


def told(*arguments: str) -> Any:
    return json.loads(said(*arguments, "--json"))


def test_the_book_is_shown_by_area_and_category_with_totals(story: Story) -> None:
    text = said("book")
    assert "1\u2009000  " in text
    assert text.count("E  ") >= 2
    assert told("book", "ZZA1") == [
        {"mba": "ZZA1", "category": "E", "weights": {"E": "1000", "E/#": 2, "E/U235": "99.9"}}
    ]


def test_the_book_is_shown_as_of_a_day_and_as_known_at_a_statement(story: Story) -> None:
    first = story.view().number - 3
    (row,) = told("book", "ZZA1", "--as-of", "2024-03-31", "--known-at", str(first))
    assert row["weights"]["E"] == "1000.5"
    assert told("book", "ZZA1", "--as-of", "2024-02-01") == []


def test_the_book_is_shown_by_batch_and_by_account(story: Story) -> None:
    assert told("book", "ZZA1", "--by-batch")[0]["batch"] == "A"
    assert "total" in said("book", "ZZA1", "--by-batch")
    assert told("book", "--account", "SD")[0]["weights"]["E"] == "1"
    said("book", "--by-batch", code=2)
    said("book", "--account", "XX", code=2)
    said("book", "NONE", code=4)
    assert told("book", "--as-reported", "sent") == []
    said("book", "--as-reported", "dreamt", code=2)


def test_the_ledger_shows_each_statement_with_the_balance_after_it(story: Story) -> None:
    lines = told("ledger", "ZZA1", "--category", "E")
    assert [each["code"] for each in lines] == ["RF", "RF", "SD"]
    assert [each["balance"]["E"] for each in lines] == ["1000.5", "1001", "1000"]
    assert lines[1]["moved"]["E"] == "0.5"
    assert "corrects" in lines[1]["about"]
    text = said("ledger", "ZZA1", "--since", "2024-04-01", "--by-booking")
    assert "ZZA1 E" in text
    assert "No lines" in said("ledger", "ZZC1")


def test_a_batch_is_found_with_its_history(story: Story) -> None:
    found = told("batch", "A")
    assert [(each["mba"], each["account"]) for each in found["holdings"]] == [("ZZA1", "book inventory")]
    assert [each["what"].partition(",")[0] for each in found["history"]] == ["RF", "RF", "SD"]
    assert "corrected by" in found["history"][0]["standing"]
    assert "E 1\u2009000 g" in said("batch", "A", "--mba", "ZZA1")
    said("batch", "NONE", code=4)


def test_the_register_is_shown_as_of_a_day(story: Story) -> None:
    assert [each["code"] for each in told("register", "mba")["mba"]] == ["ZZA1", "ZZB1", "ZZC1"]
    assert told("register", "mba", "--as-of", "2023-12-31") == {"mba": []}
    assert [each["code"] for each in told("register", "--mba", "ZZA1", "--code", "R1")["place"]] == ["R1"]
    assert "kmp:" in said("register")
    assert "Nothing." in said("register", "holder")
    said("register", "nonsense", code=2)


def test_the_places_of_an_area_are_a_tree(story: Story) -> None:
    (building,) = told("places", "ZZA1")
    assert [each["code"] for each in building["within"]] == ["R1"]
    assert "  R1" in said("places", "ZZA1")


def test_documents_are_listed_with_what_is_late(story: Story) -> None:
    found = {each["code"]: each["standing"] for each in told("documents", "--as-of", "2024-04-25")}
    assert found == {"DI-1": "late", "AP-1": "sent", "N-1": "answered", "X-1": "open"}
    assert [each["code"] for each in told("documents", "--late", "--as-of", "2024-04-25")] == ["DI-1"]
    assert [each["standing"] for each in told("documents", "--as-of", "2024-04-01") if each["code"] == "DI-1"] == [
        "due"
    ]


def test_rules_changes_and_categories_are_listed(state_home: State) -> None:
    numbers = {each["rule"] for each in told("rules")}
    assert {1, 310, 402} <= numbers
    assert "A batch gives no more than it holds" in said("rules", "402")
    said("rules", "9999", code=4)
    assert "Receipt, foreign" in said("changes")
    assert "E/U235" in said("categories")


def test_a_balance_of_an_area_that_is_not_there_is_not_found_as_its_book_is(story: Story) -> None:
    said("balance", "NOPE", code=4)
    said("book", "NOPE", code=4)
    assert "Nothing was ever there" in said("balance", "ZZC1")


def test_the_history_of_a_batch_counts_its_items_and_one_is_no_plural(story: Story) -> None:
    assert [each["weights"].get("E/#") for each in told("batch", "A")["history"]] == [2, 2, None]
    assert "2 items" in said("batch", "A")
    story.happened("RF", "ZZB1", "ONE", DAY, grams(E="5", E_U235="1"), counterpart="YY", items=1)
    assert "1 item," in said("batch", "ONE")
    assert "1 items" not in said("batch", "ONE")


def test_a_statement_says_which_other_corrected_or_deleted_it(story: Story) -> None:
    first = next(each["statement"] for each in told("batch", "A")["history"])
    assert told("show", str(first))["standing"] == f"corrected by {first + 1}"
    assert f"Statement {first}, corrected by {first + 1}" in said("show", str(first))
    assert told("show", str(first + 1))["standing"] == ""


def test_a_time_before_the_record_begins_is_said_to_know_nothing(
    story: Story, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from openmpca.accounting.cli import times

    assert times.known_at("1999-01-01T00:00:00Z") == -1
    assert "Nothing was known yet at 1999-01-01" in capfd.readouterr().err
    assert times.known_at("2999-01-01T00:00:00Z") == story.view().number
    assert capfd.readouterr().err == ""


def test_what_follows_from_a_refused_statement_of_the_same_act_is_not_told(story: Story) -> None:
    from openmpca.accounting.statements import Inventory, Listed
    from openmpca.record.record import Refused
    from openmpca.record.references import to_come

    lines = [
        Listed(day=DAY, mba=mba, inventory=number, batch="A", weights=grams(E="1", E_U235="0.1"), kmp="A", basis="M")
        for mba, number in (("ZZA1", to_come(0)), ("ZZA1", 9999))
    ]
    with pytest.raises(Refused) as refused:
        story.state(Inventory(day=DAY, mba="NOPE"), *lines)
    unknown = [(each.record, each.message) for each in refused.value.problems if each.rule == 380]
    assert unknown == [("accounting.listed 2", "Statement 9999 is no physical inventory.")]
