"""The journal of the book, added up by hledger, has the balances that the book has."""

import csv
import io
import os
import shutil
import subprocess
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.accounting.importing.test_round_trip import DAYS, a_year
from tests.accounting.reporting.story import Story
from tests.state import State


def journal_file(path: Path, known: int | None = None) -> Path:
    from openmpca.accounting.exporting import journal

    with path.open("w", encoding="utf-8") as target:
        journal.write(target.write, known)
    return path


def hledger_balances(journal: Path, day: date, accounts: str = "^MBA:") -> dict[tuple[str, str], Decimal]:
    """What hledger says stands on the accounts at the end of a day: account and commodity to grams or pieces."""
    if not shutil.which("hledger"):
        pytest.skip("hledger is not installed")
    command = ["hledger", "-f", str(journal), "balance", accounts, "--flat", "-N", "-O", "csv", "--layout=bare"]
    output = subprocess.run(
        [*command, "-e", str(day + timedelta(days=1))],
        check=True,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
    ).stdout
    rows = list(csv.reader(io.StringIO(output)))[1:]
    return {(account, name): Decimal(amount) for account, name, amount in rows if Decimal(amount)}


def book_balances(
    day: date, known: int | None = None, codes: list[str] | None = None
) -> dict[tuple[str, str], Decimal]:
    from openmpca.accounting.exporting.journal import account_name, commodity
    from openmpca.accounting.queries import View

    found = {}
    for mba, code, category, nuclide, ug in View.of(day, known).balances(None, codes).iter_rows():
        size = Decimal(ug) if nuclide == "#" else Decimal(ug).scaleb(-6)
        found[":".join(account_name(mba, code)), commodity(category, nuclide)] = size
    return found


def test_hledger_prints_the_balances_of_every_area_element_and_day(each_state_home: State, tmp_path: Path) -> None:
    a_year(Story())
    path = journal_file(tmp_path / "book.journal")
    for day in DAYS:
        assert hledger_balances(path, day) == book_balances(day, codes=["MAIN"])
    assert hledger_balances(path, DAYS[-1], ".") == book_balances(DAYS[-1])


def test_the_journal_is_as_known_at_a_statement(state_home: State, tmp_path: Path) -> None:
    from openmpca.accounting.queries import latest

    a_year(Story())
    known = latest() - 6
    path = journal_file(tmp_path / "book.journal", known)
    assert hledger_balances(path, DAYS[-1]) == book_balances(DAYS[-1], known, ["MAIN"])
    assert book_balances(DAYS[-1], known) != book_balances(DAYS[-1])


def test_what_follows_the_cut_off_follows_the_closing(state_home: State, tmp_path: Path) -> None:
    a_year(Story())
    lines = journal_file(tmp_path / "book.journal").read_text(encoding="utf-8").splitlines()
    sides = [
        lines[place + 1].strip()
        for place, line in enumerate(lines)
        if line.startswith("2026-05-20 ") and "side" in lines[place + 1]
    ]
    assert set(sides) == {"; side: cut-off", "; side: after%20the%20cut-off"} or sides[-1].endswith("cut-off")
    assert sides == sorted(sides, key=lambda side: "after" in side)
