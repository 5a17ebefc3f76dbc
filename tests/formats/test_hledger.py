"""The journal, read by hledger and ledger themselves where they are installed."""

import csv
import datetime
import io
import os
import shutil
import subprocess
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openmpca.formats.hledger import account, commodity, write_journal
from openmpca.formats.journal import Posting, Transaction

DAY = datetime.date(2026, 3, 1)


def moved(number: int, ug: int, source: tuple[str, ...], sink: tuple[str, ...], name: str = "E") -> Transaction:
    return Transaction(
        date=DAY + datetime.timedelta(days=number),
        code=number,
        description=f"Change {number}",
        tags={"code": "RF", "batch": "A, B"},
        postings=(
            Posting(account=source, commodity=name, units=-ug),
            Posting(account=sink, commodity=name, units=ug, tags={"kind": "receipt"}),
        ),
    )


def printed_by(command: list[str]) -> str:
    """What a program prints; these read a journal in the encoding of the locale."""
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    return subprocess.run(
        command, check=True, capture_output=True, encoding="utf-8", timeout=60, env=environment
    ).stdout


def balances(program: list[str]) -> dict[tuple[str, str], Decimal]:
    """The balance of each account and commodity as the program prints them, one posting a line."""
    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    output = printed_by(program)
    for name, quantity, unit in csv.reader(io.StringIO(output)):
        found[name, unit] += Decimal(quantity)
    return {key: total for key, total in found.items() if total}


def hledger(journal: Path) -> dict[tuple[str, str], Decimal]:
    if not shutil.which("hledger"):
        pytest.skip("hledger is not installed")
    output = printed_by(["hledger", "-f", str(journal), "print", "-O", "csv"])
    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in csv.DictReader(io.StringIO(output)):
        found[row["account"], row["commodity"]] += Decimal(row["amount"])
    return {key: total for key, total in found.items() if total}


def ledger(journal: Path) -> dict[tuple[str, str], Decimal]:
    if not shutil.which("ledger"):
        pytest.skip("ledger is not installed")
    line = "%(quoted(account)),%(quantity(amount)),%(commodity(amount))\n"
    return balances(["ledger", "-f", str(journal), "register", "--format", line])


def expected(transactions: list[Transaction]) -> dict[tuple[str, str], Decimal]:
    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for transaction in transactions:
        for posting in transaction.postings:
            size = Decimal(posting.units).scaleb(-posting.decimals)
            found[account(posting.account), commodity(posting.commodity)[1:-1]] += size
    return {key: total for key, total in found.items() if total}


NAMES = st.lists(st.text(max_size=12), min_size=1, max_size=3).map(tuple)
UG = st.integers(-(10**15), 10**15)


def test_a_transaction_is_written_with_its_tags_and_all_six_decimals():
    text = "".join(write_journal([moved(1, 1_500_000, ("MBA A", "RF"), ("MBA A", "MAIN"))]))
    assert text == (
        "2026-03-02 (1) Change 1\n"
        "    ; code: RF\n"
        "    ; batch: A%2C B\n"
        '    MBA A:RF  -1.500000 "E"\n'
        '    MBA A:MAIN  1.500000 "E"\n'
        "    ; kind: receipt\n"
        "\n"
    )


def test_a_transaction_that_does_not_balance_is_refused():
    lonely = Transaction(date=DAY, code=7, description="", postings=(Posting(account=("A",), commodity="E", units=1),))
    with pytest.raises(ValueError, match="transaction 7 does not balance"):
        list(write_journal([lonely]))


def test_pieces_are_written_whole():
    pieces = Transaction(
        date=DAY,
        code=1,
        description="two items",
        postings=(
            Posting(account=("A",), commodity="#", units=2, decimals=0),
            Posting(account=("B",), commodity="#", units=-2, decimals=0),
        ),
    )
    assert 'A  2 "#"' in "".join(write_journal([pieces]))


@given(NAMES, NAMES)
def test_two_accounts_never_get_one_name(one: tuple[str, ...], other: tuple[str, ...]):
    assert (account(one) == account(other)) == (one == other)
    assert "  " not in account(one)
    assert not set(account(one)) & set(';()[]"\n\r\t')


@pytest.mark.parametrize("read", [hledger, ledger])
def test_the_programs_print_the_balances_of_the_book(read, tmp_path: Path):
    accounts = [("MBA A", "MAIN"), ("MBA A", "RF"), ("Ünïcode (old)", "K;1"), ("[x]", "a  b"), ("* star", "", "50%")]
    transactions = [
        moved(i, i * 1_234_567 + 1, accounts[i % 5], accounts[(i + 1) % 5], ["E", "E/U235", "P/Pu239+Pu241"][i % 3])
        for i in range(200)
    ]
    journal = tmp_path / "book.journal"
    journal.write_text("".join(write_journal(transactions)), encoding="utf-8")
    assert read(journal) == expected(transactions)


def test_hledger_prints_the_balance_of_a_past_day(tmp_path: Path):
    if not shutil.which("hledger"):
        pytest.skip("hledger is not installed")
    transactions = [moved(i, 1_000_001, ("MBA A", "RF"), ("MBA A", "MAIN")) for i in range(30)]
    journal = tmp_path / "book.journal"
    journal.write_text("".join(write_journal(transactions)), encoding="utf-8")
    command = ["hledger", "-f", str(journal), "balance", "--flat", "-N", "-e", "2026-03-11", "-O", "csv", "MBA A:MAIN"]
    assert printed_by(command).splitlines()[1] == '"MBA A:MAIN","10.000010 E"'


@pytest.mark.parametrize("read", [hledger, ledger])
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(UG, NAMES, NAMES, st.text(max_size=8), st.text(max_size=20)), min_size=1, max_size=30))
def test_no_name_or_description_breaks_the_journal(read, tmp_path: Path, changes):
    transactions = [
        Transaction(
            date=DAY,
            code=number,
            description=description,
            tags={description: description},
            postings=(
                Posting(account=source, commodity=name, units=-ug),
                Posting(account=sink, commodity=name, units=ug, tags={name: name}),
            ),
        )
        for number, (ug, source, sink, name, description) in enumerate(changes)
    ]
    journal = tmp_path / "book.journal"
    journal.write_text("".join(write_journal(transactions)), encoding="utf-8")
    assert read(journal) == expected(transactions)
