"""The papers of accounting: a report to sign, a list to tick, a move sheet, labels; by queries and as typed."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from openmpca.accounting.documents import codes
from tests.pages.pdf_text import pages, text
from tests.state import State

APRIL = date(2026, 4, 30)


def reported() -> tuple[Any, int]:
    """A State with a receipt, a loss, and the report of them that anna made and boris approved."""
    from tests.accounting.reporting.story import Story

    story = Story()
    story.change("2026-03-10", "RF", "A-1", {"E": "1000.5", "E/U235": "200"}, shipper_batch="S-1", items=2)
    story.change("2026-03-11", "RF", "A-2", {"E": "999.5", "E/U235": "100"}, shipper_batch="S-2", items=1)
    story.change("2026-03-12", "LD", "A-1", {"E": "0.25", "E/U235": "0.05"})
    return story, story.report("I", "2026-03-31", "2026-04-05").stated.numbers[0]


def test_a_report_to_sign_has_its_heading_entries_totals_and_who_signs(state_home: State) -> None:
    from openmpca.accounting.documents.reports import report

    _story, number = reported()
    made = report(number)
    shown = text(made.drawn())
    assert (made.file_name, made.mba) == ("ZZA1-0001-ICR.pdf", "ZZA1")
    for told in (
        "Inventory change report (ICR): report 1 of ZZA1",
        "ZZA- · Research reactor",
        "ZZA1 · Reactor",
        "2026-03-01 to 2026-03-31",
        "SMITH,J.",
        "Prepared by",
        "Anna",
        "Approved by",
        "Boris",
        "Demonstration: nothing here is real.",
    ):
        assert told in shown
    assert "1\u2009000.5" in shown
    assert "2\u2009000" in shown
    assert shown.count("Total") == 2


def test_the_same_record_gives_the_same_report_whenever_it_is_printed(state_home: State) -> None:
    from openmpca.accounting.documents.reports import report

    _story, number = reported()
    assert report(number).drawn() == report(number).drawn()


def test_listing_and_balance_are_printed_too(state_home: State) -> None:
    from openmpca.accounting.documents.reports import report
    from tests.accounting.reporting.story import Story

    story = Story()
    story.inventory(
        "2026-01-31", {"A-1": {"E": "10", "E/U235": "2", "#": "1"}, "A-2": {"E": "5", "E/U235": "1"}}, opening=True
    )
    listing = story.report("P", "2026-01-31", "2026-02-05").stated.numbers[0]
    shown = text(report(listing).drawn())
    assert "Physical inventory listing (PIL): report 1 of ZZA1" in shown
    assert "Total" in shown
    story.inventory("2026-03-31", {"A-1": {"E": "9", "E/U235": "2", "#": "1"}, "A-2": {"E": "5", "E/U235": "1"}})
    balance = story.report("M", "2026-03-31", "2026-04-05").stated.numbers[0]
    shown = text(report(balance).drawn())
    assert "Material balance report (MBR)" in shown
    assert "MF" in shown


def test_a_report_speaks_the_language_of_its_reader_and_leaves_codes_alone(state_home: State) -> None:
    from openmpca.accounting.documents.reports import report

    _story, number = reported()
    with translation.override("ru"):
        shown = text(report(number).drawn())
    assert "ZZA1" in shown
    assert "RF" in shown


def test_what_is_no_report_has_no_paper(state_home: State) -> None:
    from openmpca.accounting.documents.made import NoDocument
    from openmpca.accounting.documents.reports import report

    _story, number = reported()
    with pytest.raises(NoDocument, match="no report"):
        report(0)
    with pytest.raises(NoDocument, match="not known then"):
        report(number, number - 1)


def taken() -> int:
    """An inventory that is frozen: two batches at V1, one at V2."""
    from tests.accounting.inventory.area import begun, line, weights

    story = begun()
    story.opened(
        line(
            "B-1",
            place="V1",
            items=2,
            item_numbers=["I-1", "I-2"],
            seals=["S-1"],
            weights=weights(E="1000", E_U235="197"),
        ),
        line("B-2", place="V1", items=1, weights=weights(E="500", E_U235="98.5")),
        line('*B* $x$ "3"', place="V2", items=1, weights=weights(E="500", E_U235="98")),
    )
    return story.frozen(date(2026, 3, 31))


def test_the_list_to_tick_goes_by_place_and_shows_what_users_wrote_as_it_is(state_home: State) -> None:
    from openmpca.accounting.documents.inventories import to_tick
    from openmpca.accounting.documents.made import NoDocument

    number = taken()
    made = to_tick(number)
    shown = text(made.drawn())
    assert (made.file_name, made.mba) == ("ZZA1-2026-03-31-inventory.pdf", "ZZA1")
    assert shown.index("KMP A: V1") < shown.index("B-1") < shown.index("B-2") < shown.index("V2")
    assert '*B* $x$ "3"' in shown
    assert "I-1; I-2" in shown
    one = text(to_tick(number, place="V2").drawn())
    assert "B-1" not in one
    with pytest.raises(NoDocument, match="nothing at V9"):
        to_tick(number, place="V9")
    with pytest.raises(NoDocument, match="no physical inventory"):
        to_tick(0)


def test_labels_name_batches_or_their_items_and_what_they_hold(state_home: State) -> None:
    from openmpca.accounting.documents.labels import labels
    from openmpca.accounting.documents.made import NoDocument
    from openmpca.accounting.queries import View

    taken()
    view = View.of(APRIL)
    whole = labels("ZZA1", view)
    assert whole.file_name == "ZZA1-labels.pdf"
    shown = text(whole.drawn())
    assert "B-1" in shown
    assert "E/U235\u00a098.5\u00a0g" in shown
    assert "1 item" in shown
    items = labels("ZZA1", view, "B-1", by_item=True)
    shown = text(items.drawn())
    assert "I-1" in shown
    assert "I-2" in shown
    assert "B-2" not in shown
    with pytest.raises(NoDocument, match="holds no batch"):
        labels("ZZA1", view, "B-9")
    with pytest.raises(NoDocument, match="holds nothing"):
        labels("ZZX1", view)


def test_a_move_sheet_has_all_that_leaves_under_one_document_with_room_to_sign(state_home: State) -> None:
    from openmpca.accounting.documents.made import NoDocument
    from openmpca.accounting.documents.moves import move
    from openmpca.accounting.queries import View

    story, number = reported()
    sent = {"counterpart": "ZZ/ZZC1", "seals": ["SEAL-7"]}
    first = story.change("2026-04-02", "SD", "A-1", {"E": "100", "E/U235": "20"}, document="T-9", items=1, **sent)
    story.change("2026-04-02", "SD", "A-2", {"E": "50.5", "E/U235": "5"}, document="T-9", items=1, **sent)
    story.change("2026-04-02", "SD", "A-2", {"E": "1.5", "E/U235": "0.1"}, document="T-10", **sent)
    view = View.of(APRIL)
    made = move(first, view)
    (sheet,) = pages(made.drawn())
    assert made.mba == "ZZA1"
    for told in (
        "ZZA1 to ZZ/ZZC1",
        "ZZC1 · Store",
        "T-9",
        "SEAL-7",
        "A-1",
        "A-2",
        "150.5",
        "Received by",
        "Taken over by the carrier",
    ):
        assert told in sheet
    assert "1.5" not in sheet.replace("151.5", "")
    hidden = text(move(first, view, lambda mba: mba == "ZZA1").drawn())
    assert "Store" not in hidden
    with pytest.raises(NoDocument, match="no shipment"):
        move(number, view)


def test_a_code_says_area_batch_and_item_and_is_read_back() -> None:
    for told in (("ZZA1", "P-1", ""), ("ZZA1", "P-1", "SN/7-2")):
        assert codes.read(codes.written(*told)) == told
    assert codes.read(" P-1\n") == ("", "P-1", "")


class Typed:
    """Types commands in the home of a State."""

    def __init__(self, state: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        monkeypatch.setenv("OPENMPCA_HOME", str(state.folder))
        self.capsys = capsys

    def __call__(self, *words: str) -> tuple[int, str, str]:
        from openmpca.cli import app

        self.capsys.readouterr()
        code = 0
        try:
            code = app(list(words), standalone_mode=False) or 0
        except SystemExit as end:
            code = int(end.code or 0)
        return code, *self.capsys.readouterr()


@pytest.fixture
def typed(state_home: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    return Typed(state_home, monkeypatch, capsys)


def test_documents_are_written_as_typed(typed: Typed, tmp_path: Path) -> None:
    story, number = reported()
    shipped = story.change("2026-04-02", "SD", "A-1", {"E": "100", "E/U235": "20"}, document="T-9")
    for words in (["report", str(number)], ["move", str(shipped), "--as-of", "2026-04-30"], ["labels", "ZZA1"]):
        file = tmp_path / f"{words[0]}.pdf"
        code, out, _said = typed("document", *words, "--output", str(file), "--json")
        assert code == 0
        assert json.loads(out) == {"file": str(file), "mba": "ZZA1", "bytes": file.stat().st_size}
        assert file.read_bytes()[:5] == b"%PDF-"


def test_the_list_to_tick_is_written_as_typed(typed: Typed, tmp_path: Path) -> None:
    number, file = taken(), tmp_path / "list.pdf"
    assert typed("document", "inventory", str(number), "--output", str(file), "--language", "ru")[0] == 0
    assert "B-1" in text(file.read_bytes())


def test_what_cannot_be_printed_is_told(typed: Typed, tmp_path: Path) -> None:
    reported()
    there = tmp_path / "there.pdf"
    there.write_bytes(b"mine")
    for words, code, said in (
        (["report", "0", "--output", str(tmp_path / "a.pdf")], 4, "Statement 0 is no report."),
        (["labels", "ZZA1", "--output", str(tmp_path / "a.txt")], 2, "does not end in .pdf"),
        (["labels", "ZZA1", "--output", str(there)], 2, "is there already"),
        (["labels", "ZZA1", "--output", str(tmp_path / "a.pdf"), "--language", "xx"], 2, "none of en, ru"),
    ):
        found = typed("document", *words)
        assert (found[0], said in found[2]) == (code, True)
    assert there.read_bytes() == b"mine"
    assert typed("document", "labels", "ZZA1", "--output", str(there), "--replace")[0] == 0
