"""The journal as beancount reads it: names that cannot break it, every account opened once and in time."""

import datetime
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmpca.formats.beancount import account, quoted, write_journal
from openmpca.formats.journal import Posting, Transaction, units_of

DAY = datetime.date(2026, 3, 1)
ACCOUNT = re.compile(r"Equity(?::(?:[A-Z0-9]|[^\x00-\x7F])(?:[A-Za-z0-9-]|[^\x00-\x7F])*)+")
"""What beancount's own lexer takes for an account."""
NAMES = st.lists(st.text(max_size=12), min_size=1, max_size=3).map(tuple)


def paid(number: int, units: int, **others: object) -> Transaction:
    postings = (
        Posting(account=("Disbursement", "SRA", "from", "SRA"), commodity="USD", units=-units, decimals=4),
        Posting(account=("Disbursement", "SRA", "to", "Fence Works"), commodity="USD", units=units, decimals=4),
    )
    given = {"date": DAY + datetime.timedelta(days=number), "code": f"D-{number}", "description": 'Paid "in full"'}
    return Transaction(**{**given, "postings": postings, **others})


def test_accounts_are_opened_before_they_are_used_and_once() -> None:
    assert "".join(write_journal([paid(1, 12_5000), paid(2, -5000, tags={"evidence": "7;8"})])) == (
        "2026-03-02 open Equity:Disbursement:SRA:·66rom:SRA\n"
        "2026-03-02 open Equity:Disbursement:SRA:·74o:Fence·20Works\n"
        '2026-03-02 * "Paid %22in full%22"\n'
        '  code: "D-1"\n'
        "  Equity:Disbursement:SRA:·66rom:SRA  -12.5000 USD\n"
        "  Equity:Disbursement:SRA:·74o:Fence·20Works  12.5000 USD\n"
        "\n"
        '2026-03-03 * "Paid %22in full%22"\n'
        '  code: "D-2"\n'
        '  evidence: "7;8"\n'
        "  Equity:Disbursement:SRA:·66rom:SRA  0.5000 USD\n"
        "  Equity:Disbursement:SRA:·74o:Fence·20Works  -0.5000 USD\n"
        "\n"
    )


def test_what_beancount_would_not_take_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="does not balance"):
        list(write_journal([paid(1, 1, postings=(Posting(account=("A",), commodity="USD", units=1),))]))
    pair = tuple(Posting(account=("A",), commodity="E/U235", units=each) for each in (1, -1))
    with pytest.raises(ValueError, match="no commodity 'E/U235'"):
        list(write_journal([paid(1, 1, postings=pair)]))
    with pytest.raises(ValueError, match="no name 'Not so'"):
        list(write_journal([paid(1, 1, tags={"Not so": "1"})]))
    with pytest.raises(ValueError, match="more than 4 decimals"):
        units_of(Decimal("0.00001"), 4)


@given(NAMES, NAMES)
def test_every_name_is_an_account_and_no_two_are_one(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert ACCOUNT.fullmatch(account(one))
    assert (account(one) == account(other)) == (one == other)


@given(st.text())
def test_a_text_stays_within_its_quotes(text: str) -> None:
    assert re.fullmatch(r'"[^"\\\n\r]*"', quoted(text))
