"""Reporting from the command line."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.accounting.reporting.story import Story


def run(*arguments: str, code: int = 0) -> str:
    """What a command prints."""
    from openmpca.cli import app
    from openmpca.record import console

    ended, result = 0, None
    try:
        with console.reporting("--json" in arguments):
            result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
            ended = result.exit_code
    except SystemExit as stop:
        ended = int(str(stop.code))
    output = result.stdout if result else ""
    assert ended == code, output
    return output


def test_a_report_goes_from_proposal_to_answer(state_home: Any) -> None:
    story = Story()
    story.change("2026-03-10", "RF", "A", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    assert "ICR" in run("report", "due", "ZZA1")
    made = json.loads(
        run("report", "icr", "ZZA1", "--end", "2026-03-31", "--dated", "2026-04-05", "--by", "anna", "--json")
    )
    assert made["proposal"] == 1
    assert made["statement"] is None
    assert Path(made["file"]).read_text() == made["text"]
    assert made["text"].startswith("001:OI/ZZ;1#002:1/1#003:20260405#006:ANNA#")
    run("approve", "1", "--by", "boris")
    [report] = json.loads(run("reports", "--json"))
    number = str(report["statement"])
    assert report["state"] == "made"
    run("send", number, "--day", "2026-04-06", "--by", "anna")
    run("answer", number, "--returned", "--remark", "1=ENRICHMENT", "--day", "2026-04-20", "--by", "anna")
    shown = json.loads(run("report", "show", number, "--json"))
    assert shown["state"] == "returned"
    assert [each["text"] for each in shown["remarks"]] == ["ENRICHMENT"]
    told = run("report", "show", number)
    assert "ICR 1 of ZZA1, 2026-03-01 to 2026-03-31, dated 2026-04-05" in told
    assert "Remark on entry 1: ENRICHMENT" in told
    assert run("report", "show", number, "--text").strip() == made["text"].strip()
    figures = json.loads(run("report", "figures", "ZZA1", "--as-reported", "sent", "--json"))
    assert figures[0] == {"weight": "E", "reported_g": "10", "book_g": "10", "difference_g": "0"}
    due = json.loads(run("due", "--as-of", "2026-05-30", "--json"))
    assert [each["state"] for each in due if each["rule"] == 707] == ["late"]


def test_listing_balance_and_text_are_made_by_command(state_home: Any) -> None:
    story = Story()
    story.inventory("2026-01-31", {}, opening=True)
    story.inventory("2026-03-31", {})
    assert "U" in run("report", "pil", "ZZA1", "--day", "2026-03-31", "--by", "anna", "--dry-run")
    assert "MBR 1 of ZZA1" in run("report", "mbr", "ZZA1", "--day", "2026-03-31", "--by", "anna", "--dry-run")
    told = run("report", "text", "ZZA1", "--text", "HELLO", "--by", "anna", "--dry-run")
    assert "Note: HELLO" in told
    run("report", "icr", "ZZA1", "--end", "2026-03-31", "--by", "anna", code=4)
    run("report", "show", "3", code=4)


def test_a_file_is_checked_alone_and_against_the_book(state_home: Any, tmp_path: Path) -> None:
    story = Story()
    story.inventory("2026-01-31", {}, opening=True)
    story.change("2026-03-10", "RF", "A", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    text = story.report("I", "2026-03-31", "2026-04-05").draft.text
    good, wrong = tmp_path / "good.txt", tmp_path / "wrong.txt"
    good.write_text(text)
    wrong.write_text(text.replace("630:10G", "630:11G"))
    assert json.loads(run("check", str(good), "--against-book", "--json"))["problems"] == []
    assert json.loads(run("check", str(wrong), "--json"))["problems"] == []
    found = json.loads(run("check", str(wrong), "--against-book", "--json", code=1))["problems"]
    assert [each["message"] for each in found if each["rule"] == 614] == [
        "The book has RF 2026-03-10 A E 10 g E/U235 1 g; the report has not.",
        "The report has RF 2026-03-10 A E 11 g E/U235 1 g; the book has not.",
    ]
    run("check", str(tmp_path / "none.txt"), code=4)


def test_a_statement_of_book_inventories_is_reconciled(state_home: Any, tmp_path: Path) -> None:
    from openmpca.accounting.reporting import commands

    story = Story()
    numbers = []
    for month, batch in ((3, "A"), (4, "B"), (5, "C")):
        weights = {"E": "10", "E/U235": str(month), "N": "1000"}
        story.change(
            f"2026-0{month}-10", "RF", batch, {"E": weights["E"], "E/U235": weights["E/U235"]}, shipper_batch="S"
        )
        end = {3: "31", 4: "30", 5: "31"}[month]
        made = story.report("I", f"2026-0{month}-{end}", f"2026-0{month + 1}-05")
        numbers.append(made.stated.numbers[0])
    commands.send(numbers[0], date(2026, 6, 6), story.act)
    commands.answer(numbers[0], date(2026, 6, 6), story.act, acknowledged=True)
    commands.send(numbers[1], date(2026, 6, 6), story.act)
    story.change("2026-06-10", "RF", "D", {"E": "5", "E/U235": "1"}, shipper_batch="S")
    table = tmp_path / "statement.csv"

    def classes(rows: str) -> list[str]:
        table.write_text("MBA,Category,Book inventory,Unit,U-235\n" + rows)
        lines = json.loads(run("reconcile", str(table), "--as-of", "2026-06-30", "--json"))
        return [f"{each['weight']} {each['class']}" for each in lines]

    assert classes("ZZA1,E,35,g,13\n") == ["E agrees", "E/U235 agrees"]
    assert classes("ZZA1,E,30,g,12\n") == ["E ours", "E/U235 ours"]
    assert classes("ZZA1,E,10,g,3\n") == ["E timing", "E/U235 timing"]
    assert classes("ZZA1,E,20,g,9\n") == ["E timing", "E/U235 theirs"]
    assert classes("ZZA1,E,1,kg,12\nZZX1,N,5,kg,\n") == ["E unexplained", "E/U235 ours", "N unexplained"]
    assert classes("ZZC1,N,0,kg,\n") == ["N agrees"]


def test_no_listing_is_made_of_a_day_without_a_closed_inventory(state_home: Any) -> None:
    Story().change("2026-03-10", "RF", "A", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    run("report", "pil", "ZZA1", "--day", "2026-03-31", "--by", "anna", code=4)
    run("inventory", "freeze", "ZZA1", "--day", "2026-03-31", "--by", "anna")
    run("report", "pil", "ZZA1", "--day", "2026-03-31", "--by", "anna", code=4)


def test_a_second_proposal_of_the_same_report_number_is_warned_of(state_home: Any) -> None:
    story = Story()
    story.change("2026-03-10", "RF", "A", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    words = ("report", "icr", "ZZA1", "--end", "2026-03-31", "--dated", "2026-04-05", "--by", "anna", "--json")
    first, second = json.loads(run(*words)), json.loads(run(*words))
    assert [each["rule"] for each in first["problems"]] == []
    (found,) = second["problems"]
    assert (found["rule"], found["severity"]) == (619, "warning")
    assert found["message"] == "Proposal 1 waits with report 1 of ZZA1 too."


def test_a_proposal_says_in_words_what_is_proposed(state_home: Any) -> None:
    story = Story()
    story.change("2026-03-10", "RF", "A", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    run("report", "icr", "ZZA1", "--end", "2026-03-31", "--dated", "2026-04-05", "--by", "anna")
    run("grant", "boris", "reader", "--by", "anna")
    told = [each["title"] for each in json.loads(run("proposals", "--json"))]
    assert told == ["ICR 1 of ZZA1", "grant reader boris"]


def test_several_files_are_checked_at_once_each_with_its_count(state_home: Any, tmp_path: Path) -> None:
    story = Story()
    story.change("2026-03-10", "RF", "A", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    words = ("report", "icr", "ZZA1", "--end", "2026-03-31", "--dated", "2026-04-05", "--by", "anna", "--json")
    first, second = tmp_path / "a.txt", tmp_path / "b.txt"
    for file in (first, second):
        file.write_text(json.loads(run(*words, "--dry-run"))["text"])
    both = run("check", str(first), str(second))
    assert both.splitlines() == [f"{first}: 1 report, 0 problems.", f"{second}: 1 report, 0 problems."]
    assert run("check", str(first)) == "1 report, 0 problems.\n"
    assert len(json.loads(run("check", str(first), str(second), "--json"))["reports"]) == 2
    run("check", str(first), str(tmp_path / "none.txt"), code=4)


def test_a_file_of_another_kind_is_told_in_a_few_lines(state_home: Any, tmp_path: Path) -> None:
    other = tmp_path / "scan.pdf"
    other.write_bytes(bytes([*range(128, 256), 35]) * 200)
    first, *more = json.loads(run("check", str(other), "--json", code=1))["problems"]
    assert (first["rule"], first["message"][:26]) == (100, "It is not a Code 10 file: ")
    assert len(more) == 3
    assert "\\udc" not in json.dumps([first, *more])
    assert "\\\\x8" in json.dumps(more)
    other.write_bytes(b"")
    assert len(json.loads(run("check", str(other), "--json", code=1))["problems"]) == 1


def test_an_area_with_signs_of_its_own_is_shown_and_checked_as_its_reports_are_written(
    state_home: Any, tmp_path: Path
) -> None:
    story = Story(profile="euratom")
    story.inventory("2026-01-31", {"A": {"E": "100", "E/U235": "20"}}, opening=True)
    made = story.report("P", "2026-01-31", "2026-02-05")
    story.change("2026-02-11", "RF", "B", {"E": "500", "E/U235": "25"}, shipper_batch="S")
    story.change("2026-02-11", "DI", "B", {"E": "15", "E/U235": "0.75"}, basis="M")
    story.inventory("2026-02-28", {"A": {"E": "99", "E/U235": "20"}, "B": {"E": "485", "E/U235": "24.25"}})
    texts = [made.draft.text]
    for sort in ("I", "P", "M"):
        texts.append(story.report(sort, "2026-02-28", "2026-03-05").draft.text)
    sent = tmp_path / "sent.txt"
    sent.write_text("".join(texts), newline="")
    assert "411:MF#630:-1G" in sent.read_text()
    number = str(json.loads(run("reports", "--json"))[-1]["statement"])
    rows = json.loads(run("report", "show", number, "--json"))["entries"]
    told = {row["code"]: row["weights"]["E"] for row in rows}
    assert (told["DI"], told["MF"]) == ("-15", "-1")
    for asked in ([], ["--against-book"], ["--profile", "euratom"], ["--profile", "physical-minus-book"]):
        assert json.loads(run("check", str(sent), *asked, "--json"))["problems"] == []
    assert [
        each["rule"]
        for each in json.loads(run("check", str(sent), "--profile", "agency", "--json", code=1))["problems"]
    ]
    run("check", str(sent), "--profile", "elsewhere", code=2)


def test_a_report_is_read_in_the_characters_of_its_area(state_home: Any, tmp_path: Path) -> None:
    story = Story(profile="state")
    story.inventory("2026-01-31", {"A": {"E": "100", "E/U235": "20"}}, opening=True)
    sent = tmp_path / "sent.txt"
    sent.write_text(story.report("P", "2026-01-31", "2026-02-05", note="Ä").draft.text, "utf-8", newline="")
    own = json.loads(run("check", str(sent), "--json"))["problems"]
    assert [each["severity"] for each in own] == ["warning"]
    assert len(json.loads(run("check", str(sent), "--profile", "agency", "--json", code=1))["problems"]) > len(own)


def test_a_file_is_checked_where_there_is_no_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENMPCA_HOME", str(tmp_path))
    (tmp_path / "nothing.txt").write_text("")
    assert [
        each["rule"] for each in json.loads(run("check", str(tmp_path / "nothing.txt"), "--json", code=1))["problems"]
    ] == [100]
    assert not (tmp_path / "openmpca.sqlite3").exists()


def test_a_report_that_cannot_be_made_is_shown_and_names_statement_and_batch(
    state_home: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    from openmpca.cli import app

    story = Story()
    story.change("2026-03-10", "RF", "A", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    number = story.change("2026-03-11", "RF", "B", {"E": "10", "E/U235": "1"}, shipper_batch="S2", kmp="")
    words = ["report", "icr", "ZZA1", "--end", "2026-03-31", "--by", "anna"]
    with pytest.raises(SystemExit):
        app(words, standalone_mode=False)
    told = capsys.readouterr()
    assert "ICR 1 of ZZA1, 2026-03-01 to 2026-03-31" in told.out
    assert f"The entry reports statement {number}, batch B." in told.err
    assert f"statement {number - 1}" not in told.err


def test_a_balance_stands_in_the_order_of_a_report_category_by_category(state_home: Any) -> None:
    story = Story()
    story.inventory("2026-01-31", {"A": {"N": "100"}, "B": {"HEU": "50", "HEU/U235": "30"}}, opening=True)
    story.change("2026-02-10", "LD", "A", {"N": "1"}, basis="M")
    story.change("2026-02-11", "RF", "C", {"HEU": "20", "HEU/U235": "10"}, shipper_batch="S")
    held = {"A": {"N": "99"}, "B": {"HEU": "50", "HEU/U235": "30"}, "C": {"HEU": "20", "HEU/U235": "10"}}
    story.inventory("2026-02-28", held)
    parts = run("balance", "ZZA1", "--period", "2026-02-28").split("\n\n")
    first = [[line.split()[0] for line in part.splitlines()[3:]] for part in parts[1:]]
    assert [part.splitlines()[0] for part in parts[1:]] == ["ZZA1 N", "ZZA1 HEU"]
    assert first == [["PB", "LD", "BE", "BA", "PE", "MF"], ["PB", "RF", "BE", "BA", "PE", "MF"]]


def test_a_word_in_the_place_of_a_number_or_of_a_state_is_told_plainly(
    state_home: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from openmpca import cli

    Story()
    wrong = "--as-reported bogus is none of made, sent, acknowledged."
    for words, said in (
        (("report", "show", "ZZA1"), "Invalid value for 'STATEMENT': not a whole number."),
        (("book", "--as-reported", "bogus"), wrong),
        (("report", "figures", "ZZA1", "--as-reported", "bogus"), wrong),
    ):
        monkeypatch.setattr("sys.argv", ["openmpca", *words])
        with pytest.raises(SystemExit, match="2"):
            cli.main()
        assert said in capsys.readouterr().err
