"""The commands of physical inventory: from the opening to the balance, as typed."""

import json
from pathlib import Path
from typing import Any

import pytest

from openmpca.cli import app
from openmpca.record import commands
from tests.accounting.inventory.area import begun, saved
from tests.state import State

OPENING = """Batch,KMP,Place,Items,Description,Basis,E (g),E/U235 (g)
A1,A,V1,2,BQ2F,N,1000,197
A2,A,V2,1,BQ2F,N,500,98.5
"""
LISTING = (
    "001:OI/ZZ;1#002:1/1#003:20240105#006:SMITH,J.#010:P#015:20251231#207:ZZA-#307:ZZA1#309:N#407:A#430:B/Q/2/F#"
    "446:A1#469:N#470:11#630:9581G#670:1892G#\n"
)


class Typed:
    """Types commands in the home of a State as anna."""

    def __init__(self, state: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        monkeypatch.setenv("OPENMPCA_HOME", str(state.folder))
        self.capsys = capsys
        self.code = 0

    def __call__(self, *words: str) -> str:
        self.capsys.readouterr()
        try:
            self.code = app(list(words), standalone_mode=False) or 0
        except SystemExit as end:
            self.code = int(end.code or 0)
        return self.capsys.readouterr().out

    def json(self, *words: str) -> Any:
        return json.loads(self(*words, "--json"))

    def stated(self, *words: str) -> Any:
        """A command that states, as anna; gives what came of it."""
        return self.json(*words, "--by", "anna")


@pytest.fixture
def typed(state_home: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    begun()
    return Typed(state_home, monkeypatch, capsys)


def opened(typed: Typed, folder: Path) -> None:
    path = folder / "opening.csv"
    path.write_text(OPENING, encoding="utf-8")
    made = typed.stated("inventory", "open", "ZZA1", "--day", "2025-12-31", "--file", str(path))
    commands.approve(made["proposal"], "boris")


def test_from_the_opening_to_the_balance(typed: Typed, tmp_path: Path) -> None:
    opened(typed, tmp_path)
    frozen = typed.stated("inventory", "freeze", "ZZA1", "--day", "2026-03-31")["numbers"][0]
    printed = typed("inventory", "list", str(frozen))
    assert "KMP A, V1: 1" in printed
    assert "[ ]" in printed
    assert [row["batch"] for row in typed.json("inventory", "list", str(frozen))] == ["A1", "A2"]
    typed.stated("inventory", "found", str(frozen), "A1", "--weight", "E=990", "--weight", "E/U235=195", "--measured")
    path = saved(frozen, tmp_path / "list.csv", A1={"found": "no"}, A2={"place": "V1"})
    refused = typed.stated("inventory", "take", str(frozen), str(path))
    assert [each["rule"] for each in refused["problems"] if each["severity"] == "error"] == [662]
    assert typed.code == 1
    path.write_text("Found,Batch,KMP,Place,Items,E (g),E/U235 (g)\nyes,A2,A,V1,1,500,98.5\n", encoding="utf-8")
    typed.stated("inventory", "take", str(frozen), str(path))
    compared = typed.json("inventory", "differences", str(frozen))
    assert {(row["batch"], row["what"]) for row in compared["items"]} == {("A1", "mass"), ("A2", "place")}
    assert compared["totals"][0] == {"weight": "E", "book_g": "1500", "found_g": "1490", "muf_g": "10"}
    shown = typed("inventory", "differences", str(frozen))
    assert "Difference (MUF)" in shown
    assert "Batch  What  Of      Book, g  Found, g  Difference, g" in shown
    assert "A2     place  V2    V1" in shown
    proposal = typed.stated("inventory", "close", str(frozen))["proposal"]
    commands.approve(proposal, "boris")
    rows = typed.json("balance", "ZZA1", "--period", "2026-03-31")["terms"]
    terms = {(row["weight"], row["code"]): row["grams"] for row in rows if "grams" in row}
    items = {(row["weight"], row["code"]): row["items"] for row in rows if "items" in row}
    assert (terms["E", "MF"], terms["E/U235", "MF"], items["E items", "PE"]) == ("10", "2", 3)
    assert "closed by statement" in typed("balance", "ZZA1", "--period", "2026-03-31")
    assert "from 2026-03-31 to 2026-04-30, open" in typed("balance", "ZZA1", "--as-of", "2026-04-30")
    shown = typed.json("inventory", "show", "ZZA1")
    assert [(row["sort"], row["lines"]) for row in shown] == [("opening", 2), ("physical inventory", 2)]
    assert [row["lines"] for row in typed.json("inventory", "show", "--as-of", "2025-12-31")] == [2]
    assert not typed.json("inventory", "show", "--known-at", "2000-01-01")


def test_the_list_is_written_to_a_file_and_taken_back(typed: Typed, tmp_path: Path) -> None:
    opened(typed, tmp_path)
    path = tmp_path / "list.xlsx"
    text = typed("inventory", "freeze", "ZZA1", "--day", "2026-03-31", "--write", str(path), "--by", "anna")
    assert f"Written to {path}." in text
    assert path.stat().st_size > 1000
    number = typed.json("inventory", "show")[1]["inventory"]
    assert not typed("inventory", "list", str(number), "--write", str(tmp_path / "list.txt"))
    assert typed.code == 2
    refused = typed.stated("inventory", "take", str(number), str(path))
    assert {each["rule"] for each in refused["problems"]} == {660}


def test_what_is_not_there_is_said(typed: Typed, tmp_path: Path) -> None:
    typed("inventory", "list", "3")
    assert typed.code == 4
    typed("balance", "ZZA1", "--known-at", "yesterday")
    assert typed.code == 2
    typed("balance", "ZZA1", "--as-of", "31.12.2025")
    assert typed.code == 2
    assert "Nothing was ever there." in typed("balance", "ZZA1")
    assert "No hold-up is listed." in typed("inventory", "holdup", "ZZA1")
    frozen = typed.stated("inventory", "freeze", "ZZA1", "--day", "2026-03-31")["numbers"][0]
    assert "The book is empty at the cut-off." in typed("inventory", "list", str(frozen))
    typed("inventory", "found", str(frozen), "A1", "--weight", "E", "--by", "anna")
    assert typed.code == 2


def test_an_area_opens_empty_or_from_a_listing(typed: Typed, tmp_path: Path) -> None:
    words = ("inventory", "open", "ZZA1", "--day", "2025-12-31")
    assert typed.stated(*words)["problems"][0]["rule"] == 650
    assert typed.stated(*words, "--empty", "--dry-run")["dry_run"]
    path = tmp_path / "pil.txt"
    path.write_text(LISTING, encoding="ascii")
    assert typed.stated(*words, "--pil", str(path))["proposal"] is not None
    path.write_text("rubbish", encoding="ascii")
    typed.stated(*words, "--pil", str(path))
    assert typed.code == 1
    path.write_text(LISTING.replace("010:P", "010:I"), encoding="ascii")
    typed(*words, "--pil", str(path), "--by", "anna")
    assert typed.code != 0


def test_a_mapping_names_columns_of_ones_own(typed: Typed, tmp_path: Path) -> None:
    table, mapping = tmp_path / "own.csv", tmp_path / "mapping.toml"
    table.write_text("Los,Uran,U5\nA1,1.5,0.3\n", encoding="utf-8")
    mapping.write_text(
        '[constants]\nkmp = "A"\ndescription = "BQ2F"\nbasis = "N"\n'
        '[[columns]]\ncolumn = "Los"\nfield = "batch"\n'
        '[[columns]]\ncolumn = "Uran"\nfield = "E"\nunit = "kg"\n'
        '[[columns]]\ncolumn = "U5"\nfield = "E/U235"\nunit = "kg"\n',
        encoding="utf-8",
    )
    words = ("inventory", "open", "ZZA1", "--day", "2025-12-31", "--file", str(table), "--mapping", str(mapping))
    commands.approve(typed.stated(*words)["proposal"], "boris")
    terms = typed.json("balance", "ZZA1", "--as-of", "2025-12-31")["terms"]
    assert terms[0] == {"weight": "E", "code": "PB", "grams": "1500"}
    mapping.write_text("rubbish", encoding="utf-8")
    assert typed.stated(*words)["problems"][0]["rule"] == 935


def test_nothing_found_takes_in_nothing(typed: Typed, tmp_path: Path) -> None:
    opened(typed, tmp_path)
    frozen = typed.stated("inventory", "freeze", "ZZA1", "--day", "2026-03-31")["numbers"][0]
    path = saved(frozen, tmp_path / "list.csv", A1={"found": "no"}, A2={"found": "no"})
    assert "no line was taken in" in typed("inventory", "take", str(frozen), str(path), "--by", "anna")


def test_hold_up_is_shown(typed: Typed, tmp_path: Path) -> None:
    opened(typed, tmp_path)
    frozen = typed.stated("inventory", "freeze", "ZZA1", "--day", "2026-03-31")["numbers"][0]
    told = ("--weight", "E=5", "--weight", "E/U235=1", "--holdup", "--method", "NDA", "--uncertainty", "5 %")
    place = ("--kmp", "A", "--description", "FQ6E", "--measured", "--counted", "2026-04-01", "--place", "V1")
    typed.stated("inventory", "found", str(frozen), "PIPE", *told, *place)
    assert typed.json("inventory", "holdup", "ZZA1")[0]["grams"] == "5"
    assert "PIPE" in typed("inventory", "holdup", "ZZA1")


def test_a_proposal_tells_its_own_statements_in_words_and_a_closing_its_muf(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "opening.csv"
    path.write_text(OPENING, encoding="utf-8")
    waiting = typed.stated("inventory", "open", "ZZA1", "--day", "2025-12-31", "--file", str(path))["proposal"]
    shown = typed("proposals", str(waiting))
    assert "statement 1 of this proposal" in shown
    assert "If it is approved now" in shown
    assert "1\u2009500.0" in shown
    commands.approve(waiting, "boris")
    frozen = str(typed.stated("inventory", "freeze", "ZZA1", "--day", "2026-03-31")["numbers"][0])
    typed.stated("inventory", "found", frozen, "A1", "--weight", "E=999", "--weight", "E/U235=197", "--measured")
    typed.stated("inventory", "found", frozen, "A2")
    waiting = typed.stated("inventory", "close", frozen)["proposal"]
    assert "If it is approved now" in typed("proposals", str(waiting))
    (foreseen,) = typed.json("proposals", str(waiting))["foreseen"]
    assert [(row["weight"], row["muf_g"]) for row in foreseen] == [("E", "1"), ("E/U235", "0")]
