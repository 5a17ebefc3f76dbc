"""The book as a journal that hledger and ledger read, for anybody who wants to check the sums with another program.

Rules kept:

* Every commodity of a transaction sums to zero; one that does not is a mistake of the caller's (``ValueError``).
* Masses are grams with all six decimals, so that no reader takes a point for a separator of thousands, and none rounds.
* A name from the book cannot break the journal: what might end or begin something (two spaces, semicolon, brackets,
  quotes, colon, line break) is written as ``%`` and two hexadecimal digits of its UTF-8, and no two names become one.
* Commodities stand in double quotes, tags each on a line of their own: both programs read these alike.

Source: hledger 1.25 manual, "Journal format"; ledger 3.3 manual, 5 "Keeping a journal".
"""

import datetime
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

_PLAIN_SIGNS: Final = frozenset(" -_./+,#&'")
_LETTER_CLASSES: Final = ("L", "M", "N")
_EMPTY: Final = "%"


class Posting(msgspec.Struct, frozen=True, kw_only=True):
    """One line: ``ug`` micrograms, or that many pieces where ``counted``, on an account named from the top down."""

    account: tuple[str, ...]
    commodity: str
    ug: int
    counted: bool = False
    tags: dict[str, str] = {}


class Transaction(msgspec.Struct, frozen=True, kw_only=True):
    """What one statement posts; ``number`` stands as the transaction's code."""

    date: datetime.date
    number: int
    description: str
    postings: tuple[Posting, ...]
    tags: dict[str, str] = {}


def write_journal(transactions: Iterable[Transaction]) -> Iterator[str]:
    """The text of each transaction in turn; raises ``ValueError`` for one that does not balance."""
    for transaction in transactions:
        _check_balance(transaction)
        lines = [f"{transaction.date.isoformat()} ({transaction.number}) {_description(transaction.description)}"]
        lines += _tags(transaction.tags)
        for posting in transaction.postings:
            lines.append(f"    {account(posting.account)}  {amount(posting)} {commodity(posting.commodity)}")
            lines += _tags(posting.tags)
        yield "\n".join(lines) + "\n\n"


def account(path: tuple[str, ...]) -> str:
    """The name of an account as the journal writes it.

    >>> account(("MBA (old)", "K;1", ""))
    'MBA %28old%29:K%3B1:%'
    """
    return ":".join(_escaped(name) for name in path)


def commodity(name: str) -> str:
    """A commodity in its quotes.

    >>> commodity("E/U235")
    '"E/U235"'
    """
    return f'"{_escaped(name)}"'


def amount(posting: Posting) -> str:
    """The number of grams, or of pieces.

    >>> amount(Posting(account=("A",), commodity="E", ug=-1))
    '-0.000001'
    """
    if posting.counted:
        return str(posting.ug)
    sign = "-" if posting.ug < 0 else ""
    return f"{sign}{abs(posting.ug) // 1_000_000}.{abs(posting.ug) % 1_000_000:06}"


def _check_balance(transaction: Transaction) -> None:
    sums: dict[tuple[str, bool], int] = defaultdict(int)
    for posting in transaction.postings:
        sums[posting.commodity, posting.counted] += posting.ug
    wrong = {name: total for (name, _), total in sums.items() if total}
    if wrong:
        raise ValueError(f"transaction {transaction.number} does not balance: {wrong}")


def _escaped(name: str) -> str:
    if not name:
        return _EMPTY
    out = []
    for place, sign in enumerate(name):
        outer = place in (0, len(name) - 1)
        plain = sign in _PLAIN_SIGNS or unicodedata.category(sign)[0] in _LETTER_CLASSES
        doubled = sign == " " and (outer or name[place - 1] == " ")
        out.append(sign if plain and not doubled else _hexadecimal(sign))
    return "".join(out)


def _hexadecimal(sign: str) -> str:
    return "".join(f"%{byte:02X}" for byte in sign.encode("utf-8", errors="surrogatepass"))


def _description(text: str) -> str:
    """A description on one line, without what would begin a comment or split it."""
    return "".join(_hexadecimal(sign) if sign in ";|%" or not sign.isprintable() else sign for sign in text)


def _tags(tags: dict[str, str]) -> list[str]:
    return [
        f"    ; {_escaped(name).replace(' ', '%20')}: {_escaped(value)}".replace(",", "%2C")
        for name, value in tags.items()
    ]
