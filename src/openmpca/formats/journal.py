"""Transactions as programs of plain-text accounting know them: what moved between accounts, balanced by commodity.

`hledger` and `beancount` write the same transactions for their programs.
"""

import datetime
from collections import defaultdict
from decimal import Decimal
from typing import Final

import msgspec

GRAM_DECIMALS: Final = 6


class Posting(msgspec.Struct, frozen=True, kw_only=True):
    """One line: ``units`` of the last of so many ``decimals`` (micrograms, unless said otherwise) on an account named
    from the top down."""

    account: tuple[str, ...]
    commodity: str
    units: int
    decimals: int = GRAM_DECIMALS
    tags: dict[str, str] = {}


class Transaction(msgspec.Struct, frozen=True, kw_only=True):
    """What one statement posts; ``code`` is the number or the name by which it is called."""

    date: datetime.date
    code: int | str
    description: str
    postings: tuple[Posting, ...]
    tags: dict[str, str] = {}


def amount(posting: Posting) -> str:
    """The amount of a posting with all its decimals.

    >>> amount(Posting(account=("A",), commodity="E", units=-1))
    '-0.000001'
    """
    if not posting.decimals:
        return str(posting.units)
    whole, part = divmod(abs(posting.units), 10**posting.decimals)
    return f"{'-' if posting.units < 0 else ''}{whole}.{part:0{posting.decimals}}"


def check_balance(transaction: Transaction) -> None:
    """Raise ``ValueError`` for a transaction that does not sum to zero in each commodity."""
    sums: dict[tuple[str, int], int] = defaultdict(int)
    for posting in transaction.postings:
        sums[posting.commodity, posting.decimals] += posting.units
    wrong = {name: total for (name, _), total in sums.items() if total}
    if wrong:
        raise ValueError(f"transaction {transaction.code} does not balance: {wrong}")


def units_of(number: Decimal, decimals: int) -> int:
    """An exact number in units of the last of so many decimals; raises ``ValueError`` for one with more.

    >>> units_of(Decimal("-12.5"), 4)
    -125000
    """
    scaled = number.scaleb(decimals)
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{number} has more than {decimals} decimals")
    return int(scaled)


def hexadecimal(sign: str, mark: str = "%") -> str:
    """A sign as a mark and two hexadecimal digits for each byte of its UTF-8.

    >>> hexadecimal(";"), hexadecimal("é", "·")
    ('%3B', '·C3·A9')
    """
    return "".join(f"{mark}{byte:02X}" for byte in sign.encode("utf-8", errors="surrogatepass"))
