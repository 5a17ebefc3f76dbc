"""The views of money as rows, the same for the command line, the pages and files; words are those of the record.

What is exact is shown exactly; what was converted or is a share is rounded once, half to even, to two decimals.
"""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Any, Final

from openmpca.cooperation.claims import Claim
from openmpca.cooperation.money.books import Booked, Total
from openmpca.cooperation.money.categories import EXACT, named
from openmpca.cooperation.money.funds import Standing
from openmpca.cooperation.money.journal import Line, Sum
from openmpca.cooperation.money.rates import Converted, Rates
from openmpca.cooperation.money.reconciled import Match
from openmpca.cooperation.money.shares import Measured
from openmpca.cooperation.money.statements import ExchangeRate

Row = dict[str, Any]
_CENT: Final = Decimal("0.01")
_WIDE: Final = Context(prec=EXACT.prec, rounding=ROUND_HALF_EVEN)


def rounded(value: Decimal | Fraction | None) -> Decimal | None:
    """A value with two decimals, rounded half to even; None stays so.

    >>> rounded(Fraction(200, 3)), rounded(Decimal("0.125"))
    (Decimal('66.67'), Decimal('0.12'))
    """
    if value is None:
        return None
    exact = Fraction(value)
    cents = round(exact * 100)
    return Decimal(cents).scaleb(-2, _WIDE)


def line(each: Line) -> Row:
    """A line of the journal."""
    entry = each.entry
    return {
        "day": each.day,
        "code": each.code,
        "category": named(each.category),
        "book": each.book,
        "giver": entry.giver,
        "receiver": entry.receiver,
        "project": entry.project,
        "costline": entry.costline,
        "amount": each.figure.amount,
        "currency": each.figure.unit,
        "hours": each.hours.amount if each.hours else "",
        "evidence": entry.evidence,
        "reverses": entry.reverses,
    }


def summed(each: Sum) -> Row:
    """A sum, without its key."""
    return {
        "book": each.book,
        "category": named(each.figure.category),
        "amount": each.figure.amount,
        "currency": each.figure.unit,
        "hours": each.hours.amount if each.hours else "",
        "entries": len(each.lines),
    }


def booked(each: Booked) -> Row:
    """A line of a book with its worth in another currency, by which rate."""
    worth = each.worth
    rate = worth.rate if isinstance(worth, Converted) else None
    return {
        **line(each.line),
        "worth": rounded(worth.figure.amount) if isinstance(worth, Converted) else None,
        "rate": Decimal(rate.said.rate) if rate else "",
        "since": rate.said.day if rate else "",
        "source": rate.said.source if rate else "",
    }


def rate(each: Claim[ExchangeRate], rates: Rates) -> Row:
    """An exchange rate, and who states the same."""
    said = each.said
    return {
        "currency": said.currency,
        "into": said.into,
        "rate": Decimal(said.rate),
        "begins": said.day,
        "ends": said.ends,
        "source": said.source,
        "book": each.party,
        "agreed": ", ".join(rates.agreed(each)),
    }


def total(each: Total, into: str) -> Row:
    """The total of a category in one currency."""
    return {
        "category": named(each.category),
        "worth": rounded(each.figure.amount) if each.figure else None,
        "currency": into,
    }


def match(each: Match) -> list[Row]:
    """What each party says under a code, a row each."""
    return [
        {
            "code": each.code,
            "standing": each.standing,
            "book": one.book,
            "day": one.day,
            "category": named(one.category),
            "giver": one.giver,
            "receiver": one.entry.receiver,
            "amount": one.figure.amount,
            "currency": one.figure.unit,
            "differs": ", ".join(each.differs),
            "silent": ", ".join(each.silent),
            "perhaps": ", ".join(each.perhaps),
        }
        for one in each.lines
    ]


def fund(each: Standing) -> Row:
    """A fund line with what is left of it and until when."""
    said = each.claim.said
    return {
        "fund": each.claim.code,
        "title": said.title,
        "holder": said.holder,
        "book": each.claim.party,
        "authority": said.authority,
        "agreement": said.agreement,
        "currency": said.currency,
        "ceiling": each.ceiling,
        "obligated": rounded(each.obligated.amount) if each.obligated else None,
        "left": rounded(each.left),
        "disbursed": rounded(each.disbursed.amount) if each.disbursed else None,
        "until": said.last or "",
        "standing": each.standing,
    }


def shares(each: Measured) -> list[Row]:
    """The shares of a rule, a row for each party."""
    said = each.rule.said
    return [
        {
            "of": said.of,
            "category": said.category,
            "book": each.rule.party,
            "begins": said.begins,
            "ends": said.ends,
            "party": one.party,
            "planned": one.planned,
            "actual": rounded(one.actual),
            "difference": rounded(one.difference),
            "amount": rounded(one.figure.amount) if one.figure else None,
            "currency": each.unit,
        }
        for one in each.shares
    ]
