"""The journal of money as hledger and beancount read it, for whoever checks the sums with another program.

Rules kept here:

1. Every line of the journal is one transaction: from its giver, to its project and receiver. The accounts begin with
   the category and the book, so no balance of any account adds two categories or two parties' words.
2. Amounts are exact: with four decimals, those of staff time with eight, for they are hours at a rate.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from openmpca.cooperation.money.categories import named
from openmpca.cooperation.money.journal import Line
from openmpca.cooperation.money.statements import StaffTime
from openmpca.formats import beancount, hledger
from openmpca.formats.journal import Posting, Transaction, units_of

FORMS: Final[dict[str, Callable[[Iterator[Transaction]], Iterator[str]]]] = {
    "hledger": hledger.write_journal,
    "beancount": beancount.write_journal,
}
ENDINGS: Final = {"hledger": "journal", "beancount": "beancount"}
_DECIMALS: Final = 4
_OF_A_PRODUCT: Final = 8


def written(lines: Sequence[Line], form: str) -> Iterator[str]:
    """The text of each transaction, for a program of `FORMS`."""
    return FORMS[form](transaction(each) for each in lines)


def transaction(line: Line) -> Transaction:
    """A line as a transaction (rule 1)."""
    decimals = _OF_A_PRODUCT if line.category is StaffTime else _DECIMALS
    units, entry = units_of(line.figure.amount, decimals), line.entry
    given = (named(line.category).capitalize(), line.book, "From", line.giver)
    taken = (*given[:2], "To", entry.project or "None", entry.receiver or "None")
    postings = [
        Posting(account=account, commodity=line.figure.unit, units=sign * units, decimals=decimals)
        for account, sign in ((given, -1), (taken, 1))
    ]
    told = {"costline": entry.costline, "evidence": entry.evidence, "reverses": entry.reverses}
    tags = {name: value for name, value in told.items() if value}
    description = f"{named(line.category)} stated by {line.book}"
    return Transaction(date=line.day, code=line.code, description=description, postings=tuple(postings), tags=tags)
