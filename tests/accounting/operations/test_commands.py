"""The commands about material and transit, as typed."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from openmpca.cli import app
from tests.accounting.story import Story, begun, grams
from tests.state import State

D = date


class Typed:
    """Types commands in the home of a State as anna."""

    def __init__(self, story: Story, capsys: pytest.CaptureFixture[str]) -> None:
        self.story, self.capsys, self.code = story, capsys, 0

    def __call__(self, *words: str) -> str:
        self.capsys.readouterr()
        try:
            self.code = app(list(words), standalone_mode=False) or 0
        except SystemExit as end:
            self.code = int(end.code or 0)
        return self.capsys.readouterr().out

    def json(self, *words: str) -> Any:
        return json.loads(self(*words, "--json"))

    def stated(self, *words: str) -> int:
        made = self.json(*words, "--by", "anna")
        assert self.code == 0, made
        return made["numbers"][0]


@pytest.fixture
def typed(state_home: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    monkeypatch.setenv("OPENMPCA_HOME", str(state_home.folder))
    story = begun()
    story.happened("RF", "ZZA1", "B", D(2024, 1, 1), grams(E="1000", E_U235="40"), counterpart="XX", items=10)
    return Typed(story, capsys)


def test_a_shipment_is_typed_received_corrected_and_brought_into_step(typed: Typed) -> None:
    shipped = typed.stated("ship", "ZZA1", "B", "ZZ/ZZB1", "--day", "2024-02-01")
    assert "in transit" in typed("transit", "--as-of", "2024-02-02")
    assert typed.json("transit", "--as-of", "2024-08-01")["consignments"][1]["state"] == "overdue"
    measured = ("--measured", "E=995", "--measured", "E/U235=39.8")
    done = typed.json("receive", str(shipped), "--day", "2024-02-05", *measured, "--by", "anna")
    assert [row["account"] for row in done["postings"] if row["account"] != "MAIN"].count("DI") == 2
    shown = typed(
        "correct", str(shipped), "--reason", "weighed again", "--weight", "E=998", "--by", "anna", "--dry-run"
    )
    assert "Due in ZZB1: RD of B" in shown
    assert "Nothing was recorded" in shown
    typed.stated("correct", str(shipped), "--reason", "weighed again", "--weight", "E=998")
    due = typed.json("transit", "--due")
    assert [(each["code"], each["weights"]["E"]) for each in due] == [("RD", "998"), ("DI", "3")]
    assert "RD" in typed("transit", "--due")


def test_a_pair_is_corrected_in_one_command(typed: Typed) -> None:
    shipped = typed.stated("ship", "ZZA1", "B", "ZZ/ZZB1", "--day", "2024-02-01")
    typed.stated("receive", str(shipped), "--day", "2024-02-05")
    typed.stated("correct", str(shipped), "--reason", "weighed again", "--weight", "E=998", "--pair")
    assert typed.json("transit", "--due") == []
    assert "in step" in typed("transit", "--due")


def test_a_receipt_from_abroad_is_typed(typed: Typed) -> None:
    words = (
        "receive",
        "--mba",
        "ZZA1",
        "--batch",
        "N",
        "--from",
        "XX/XXA1",
        "--day",
        "2024-02-01",
        "--weight",
        "N=500",
    )
    typed.stated(*words, "--items", "2", "--set", "description=BQ2F")
    assert typed.story.held("ZZA1")["N"] == 500
    typed("receive", "--mba", "ZZA1", "--by", "anna")
    assert typed.code == 2


def test_a_receipt_is_typed_before_its_shipment_is_stated(typed: Typed) -> None:
    words = ("--mba", "ZZB1", "--batch", "B", "--from", "ZZ/ZZA1", "--weight", "E=1000", "--weight", "E/U235=40")
    done = typed.json("receive", *words, "--day", "2024-02-03", "--set", "items=10", "--by", "anna")
    assert {row["account"] for row in done["postings"]} == {"MAIN", "RD"}
    typed.stated("ship", "ZZA1", "B", "ZZ/ZZB1", "--day", "2024-02-01")
    found = typed.json("transit", "--as-of", "2024-02-04")["consignments"]
    assert [each["state"] for each in found] == ["received"]


def test_batches_are_split_merged_and_renamed_and_their_lineage_shown(typed: Typed) -> None:
    part = "B1:E=400,E/U235=16,#=4"
    typed.stated("split", "ZZA1", "B", "--into", part, "--day", "2024-02-01")
    typed.stated("merge", "ZZA1", "B", "B1", "--into", "M", "--day", "2024-03-01")
    typed.stated("rebatch", "ZZA1", "M", "--into", "N", "--day", "2024-04-01")
    assert [line.strip("│├└─ ").split(" ")[0] for line in typed("lineage", "N").splitlines()] == [
        "N",
        "M",
        "B",
        "B1",
        "B",
    ]
    assert typed.json("lineage", "B", "--descendants")[0]["weights"]["E"] == "400"
    for wrong in ("B1", "B1:E=400,#=x", "B1:E"):
        typed("split", "ZZA1", "N", "--into", wrong, "--by", "anna")
        assert typed.code == 2
    typed("split", "ZZA1", "N", "--into", "B9:E=1,5", "--by", "anna")
    assert typed.code != 0


def test_discharge_and_decay_are_typed(typed: Typed) -> None:
    after = ("--after", "E=990", "--after", "E/U235=30", "--after", "P=5", "--after", "P/Pu241=2")
    typed.stated("discharge", "ZZA1", "B", *after, "--day", "2025-01-01")
    assert typed.story.held("ZZA1") == {"E": 990, "E/U235": 30, "P": 5, "P/Pu241": 2}
    typed.json("decay", "ZZA1", "B", "--since", "2025-01-01", "--day", "2026-01-01", "--by", "anna", "--dry-run")
    assert typed.code in (0, 1)
    typed("discharge", "ZZA1", "B", "--after", "E=990", "--day", "2025-01-02", "--by", "anna")
    assert typed.code == 1, "blank is not zero"


def test_a_discharge_of_more_uranium_than_there_was_is_refused_with_a_clear_problem(typed: Typed) -> None:
    after = ("--after", "E=1195", "--after", "E/U235=30")
    refused = typed.json("discharge", "ZZA1", "B", *after, "--day", "2025-01-01", "--by", "anna")
    assert typed.code == 1
    assert "E by 195 g" in refused["problems"][0]["message"]
    assert typed.story.held("ZZA1") == {"E": 1000, "E/U235": 40}


def test_an_import_is_never_overdue_for_want_of_the_shippers_word(typed: Typed) -> None:
    told = typed.json("transit", "--as-of", "2026-01-01")["consignments"]
    assert [(each["state"], each["age_days"], each["alert"]) for each in told] == [("received", 0, "")]


def test_waste_and_exemptions_are_typed_and_shown(typed: Typed) -> None:
    part = ("--weight", "E=100", "--weight", "E/U235=4", "--items", "1")
    typed.stated("waste", "ZZA1", "B", *part, "--day", "2024-02-01")
    typed.stated("waste", "ZZA1", "B", "--back", "--day", "2024-02-02")
    typed.stated("exempt", "ZZA1", "B", "--quantity", *part, "--day", "2024-02-03")
    typed.stated("exempt", "ZZA1", "B", "--use", *part, "--day", "2024-02-03")
    found = typed.json("exemptions")
    assert found["limits"][0]["counted_g"] == "0.8"
    assert "Against the limits" in typed("exemptions")
    typed.stated("exempt", "ZZA1", "B", "--quantity", "--back", "--day", "2024-02-04")
    assert typed.json("exemptions")["quantity"] == []
    typed.stated("take-off", "ZZA1", "B", "--how", "discard", *part, "--day", "2024-02-05")
    where = {row["where"] for row in typed.json("totals")["totals"]}
    assert where == {"inventory", "exempted_use"}
    assert "Significant quantities" in typed("totals", "--by", "mba")
    assert "up-to-5" in typed("totals", "--by", "organisation")


def test_a_statement_is_deleted_with_a_reason(typed: Typed) -> None:
    number = typed.story.happened("RF", "ZZA1", "C", D(2024, 1, 1), {"N": "5"}, counterpart="XX")
    typed.stated("delete", str(number), "--reason", "never came")
    assert "N" not in typed.story.held("ZZA1")
    typed("delete", "99999", "--reason", "x", "--by", "anna")
    assert typed.code == 4


def test_obligations_are_shown_and_exchanged(typed: Typed) -> None:
    typed.story.happened(
        "RF", "ZZA1", "O", D(2024, 1, 1), grams(E="10", E_U235="0.4"), counterpart="XX", obligation="A"
    )
    made = typed.json(
        "swap", "ZZA1", "A", "C", "--weight", "E=4", "--weight", "E/U235=0.1", "--day", "2024-02-01", "--by", "anna"
    )
    assert made["proposal"] is not None, "two persons"
    assert "Recorded" in typed("approve", str(made["proposal"]), "--by", "boris")
    rows = typed.json("obligations", "ZZA1")["rows"]
    assert {row["obligation"]: row["grams"] for row in rows if row["obligation"]} == {"A": "6", "C": "4"}
    assert "A" in typed("obligations", "--batches")
    assert "RF" in typed("obligations", "ZZA1", "--moves")


def test_the_other_sides_list_is_read(typed: Typed, tmp_path: Path) -> None:
    typed.stated("ship", "ZZA1", "B", "XX/XXA1", "--day", "2024-02-01", "--set", "name=EXPORT")
    file = tmp_path / "list.csv"
    head = "code,day,shipper,receiver,batch,category,grams\n"
    file.write_text(head + "RF,2024-02-20,ZZ/ZZA1,XX/XXA1,EXPORT,E,1000\n", encoding="utf-8")
    rows = typed.json("transit", "--all", "--other-side", str(file))["consignments"]
    assert [row["receipts"] for row in rows if row["batch"] == "EXPORT"] == [[-1]]
    file.write_text("code,day\nRF,2024-02-20\n", encoding="utf-8")
    typed("transit", "--other-side", str(file))
    assert typed.code == 2


def test_fields_are_set_by_name_and_type(typed: Typed) -> None:
    typed.json(
        "ship", "ZZA1", "B", "ZZ/ZZB1", "--day", "2024-02-01", "--set", "seals=S1,S2", "--by", "anna", "--dry-run"
    )
    assert typed.code == 0
    for wrong in ("colour=red", "items=many", "seals", "weights=1"):
        typed("ship", "ZZA1", "B", "ZZ/ZZB1", "--set", wrong, "--by", "anna", "--dry-run")
        assert typed.code == 2
    typed("ship", "ZZA1", "B", "ZZ/ZZB1", "--weight", "E=1e3", "--by", "anna", "--dry-run")
    assert typed.code == 2
    typed("ship", "ZZA1", "B", "ZZ/ZZB1", "--items", "3", "--by", "anna", "--dry-run")
    assert typed.code == 2


def told(typed: Typed, *words: str) -> str:
    """What a command that ends says is wrong, and what mends it, in one line."""
    return " ".join(str(typed.json(*words)["problems"][0][name]) for name in ("message", "mend"))


def test_what_is_typed_wrong_is_told_with_what_was_meant(typed: Typed) -> None:
    assert "There is no area ZZX9. See `openmpca register mba`." in told(
        typed, "ship", "ZZX9", "B", "ZZ/ZZB1", "--by", "anna"
    )
    typed.story.happened("RF", "ZZA1", "FUEL01", D(2024, 1, 1), grams(N="1"), counterpart="XX")
    assert "Did you mean FUEL01?" in told(typed, "ship", "ZZA1", "fuel1", "ZZ/ZZB1", "--by", "anna")
    assert "Did you mean FUEL01?" in told(typed, "batch", "Fuel01")
    assert "Did you mean" not in told(typed, "batch", "OTHER")
    wrong = told(typed, "ship", "ZZA1", "B", "ZZ/ZZB1", "--weight", "E=1,1", "--by", "anna")
    assert wrong.startswith("--weight E=1,1: '1,1' is not a mass in grams: use a point for the decimals")
    assert wrong.endswith("Write the grams of E as in --weight E=10.5.")


def test_what_is_known_at_a_statement_to_come_is_not_told(typed: Typed) -> None:
    from openmpca.record.record import head

    last = head()[0] - 1
    assert f"There is no statement {last + 1} yet: the last is {last}." in told(
        typed, "book", "--known-at", str(last + 1)
    )
    assert typed.json("book", "--known-at", str(last)) == typed.json("book")


def test_a_change_gets_another_day(typed: Typed) -> None:
    number = typed.story.happened("RF", "ZZA1", "L", D(2024, 1, 1), {"N": "5"}, counterpart="XX")
    words = ("correct", str(number), "--reason", "mistyped", "--day", "2024-01-03", "--by", "anna")
    made = typed.json(*words)
    assert {row["day"] for row in made["postings"]} >= {"2024-01-03"}


def test_what_came_from_abroad_is_not_open_but_lacks_the_word_of_the_shipper(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    typed.story.happened("RF", "ZZA1", "F", D(2024, 1, 1), {"N": "5"}, counterpart="XX/XXA1")
    shown = next(line for line in typed("transit").splitlines() if " F " in line)
    assert "no word of the shipper" in shown
    assert "5" not in shown.partition("2024-01-01")[2]


@pytest.mark.parametrize("words", [("totals", "--by", "colour"), ("take-off", "ZZA1", "C", "--how", "burn")])
def test_choices_are_named_where_another_is_given(typed: Typed, words: tuple[str, ...]) -> None:
    from typer.testing import CliRunner

    from openmpca.cli import app

    told = CliRunner().invoke(app, list(words))
    assert told.exit_code == 2
