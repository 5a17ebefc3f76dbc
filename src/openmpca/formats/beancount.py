"""A journal that beancount reads, for anybody who wants to check the sums with another program.

Rules kept:

* Every commodity of a transaction sums to zero; one that does not is a mistake of the caller's (``ValueError``).
* beancount knows five roots of accounts only, and what we write is none of them: all accounts stand under ``Equity``,
  with the names that they have elsewhere below it.
* A part of an account begins with a capital letter or a figure and holds letters, figures and hyphens. Any other sign
  is written as ``·`` and two hexadecimal digits of its UTF-8, and no two names become one.
* An account is opened on the day of its first posting; so the transactions come in the order of their days.
* A commodity is capital letters and figures, as currencies are; another one is a mistake of the caller's.

Source: the language syntax of beancount, version 3.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from openmpca.formats.journal import Posting, Transaction, amount, check_balance, hexadecimal

_ROOT: Final = "Equity"
_MARK: Final = "·"
_COMMODITY: Final = re.compile(r"[A-Z](?:[A-Z0-9'._-]{0,22}[A-Z0-9])?")
_KEY: Final = re.compile(r"[a-z][a-zA-Z0-9_-]+")
_NOT_OPEN: Final = '"\\%'
"""What would end a text, begin an escape, or be taken for one of ours."""


def write_journal(transactions: Iterable[Transaction]) -> Iterator[str]:
    """The text of each transaction in turn, with the accounts that it opens; raises ``ValueError`` (rules above)."""
    opened = set[str]()
    for transaction in transactions:
        check_balance(transaction)
        day, lines = transaction.date.isoformat(), list[str]()
        for name in dict.fromkeys(account(each.account) for each in transaction.postings):
            if name not in opened:
                lines.append(f"{day} open {name}")
                opened.add(name)
        lines.append(f"{day} * {quoted(transaction.description)}")
        lines += _metadata({"code": str(transaction.code), **transaction.tags}, "  ")
        for each in transaction.postings:
            lines.append(f"  {account(each.account)}  {amount(each)} {commodity(each)}")
            lines += _metadata(each.tags, "    ")
        yield "\n".join(lines) + "\n\n"


def account(path: tuple[str, ...]) -> str:
    """The name of an account as the journal writes it.

    >>> account(("Pledge", "fence works", ""))
    'Equity:Pledge:·66ence·20works:·'
    """
    return ":".join([_ROOT, *(_part(each) for each in path)])


def commodity(posting: Posting) -> str:
    """The commodity of a posting; raises ``ValueError`` for one that beancount does not take."""
    if not _COMMODITY.fullmatch(posting.commodity):
        raise ValueError(f"beancount takes no commodity {posting.commodity!r}")
    return posting.commodity


def quoted(text: str) -> str:
    r"""A text in double quotes, on one line.

    >>> print(quoted('a "b"\nc'))
    "a %22b%22%0Ac"
    """
    signs = (hexadecimal(each) if each in _NOT_OPEN or not each.isprintable() else each for each in text)
    return f'"{"".join(signs)}"'


def _part(name: str) -> str:
    signs = [each if _plain(each, first=not at) else hexadecimal(each, _MARK) for at, each in enumerate(name)]
    return "".join(signs) or _MARK


def _plain(sign: str, *, first: bool) -> bool:
    if sign.isascii():
        return sign.isdigit() or sign.isupper() or (not first and (sign.islower() or sign == "-"))
    return unicodedata.category(sign)[0] in "LMN" and sign != _MARK


def _metadata(tags: dict[str, str], indent: str) -> Iterator[str]:
    for name, value in tags.items():
        if not _KEY.fullmatch(name):
            raise ValueError(f"beancount takes no name {name!r} for what is told of a posting")
        yield f"{indent}{name}: {quoted(value)}"
