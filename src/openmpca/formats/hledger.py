"""A journal that hledger and ledger read, for anybody who wants to check the sums with another program.

Rules kept:

* Every commodity of a transaction sums to zero; one that does not is a mistake of the caller's (``ValueError``).
* Masses are grams with all six decimals, so that no reader takes a point for a separator of thousands, and none rounds;
  so have amounts of money four or eight.
* A name from the book cannot break the journal: what might end or begin something (two spaces, semicolon, brackets,
  quotes, colon, line break) is written as ``%`` and two hexadecimal digits of its UTF-8, and no two names become one.
* Commodities stand in double quotes, tags each on a line of their own: both programs read these alike.

Source: hledger 1.25 manual, "Journal format"; ledger 3.3 manual, 5 "Keeping a journal".
"""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from openmpca.formats.journal import Transaction, amount, check_balance, hexadecimal

_PLAIN_SIGNS: Final = frozenset(" -_./+,#&'")
_LETTER_CLASSES: Final = ("L", "M", "N")
_EMPTY: Final = "%"


def write_journal(transactions: Iterable[Transaction]) -> Iterator[str]:
    """The text of each transaction in turn; raises ``ValueError`` for one that does not balance."""
    for transaction in transactions:
        check_balance(transaction)
        code, told = _escaped(str(transaction.code)), _description(transaction.description)
        lines = [f"{transaction.date.isoformat()} ({code}) {told}"]
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


def _escaped(name: str) -> str:
    if not name:
        return _EMPTY
    out = []
    for place, sign in enumerate(name):
        outer = place in (0, len(name) - 1)
        plain = sign in _PLAIN_SIGNS or unicodedata.category(sign)[0] in _LETTER_CLASSES
        doubled = sign == " " and (outer or name[place - 1] == " ")
        out.append(sign if plain and not doubled else hexadecimal(sign))
    return "".join(out)


def _description(text: str) -> str:
    """A description on one line, without what would begin a comment or split it."""
    return "".join(hexadecimal(sign) if sign in ";|%" or not sign.isprintable() else sign for sign in text)


def _tags(tags: dict[str, str]) -> list[str]:
    return [
        f"    ; {_escaped(name).replace(' ', '%20')}: {_escaped(value)}".replace(",", "%2C")
        for name, value in tags.items()
    ]
