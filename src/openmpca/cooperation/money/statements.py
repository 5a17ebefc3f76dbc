"""The statements about money: where it comes from, what it is for, which shares were agreed, and each entry.

A pledge, a commitment, an obligation, a disbursement, a gift in kind, staff time and an exemption are different things:
each is a kind of its own, and no figure adds two of them. Both sides of a payment state it, each for itself; that they
mean the same one is told by its code.

Source: the research on joint programmes, 2.4 (cost-share ledger: cash, in-kind, staff time, exemptions; agreed rate of
each period; declining schedule), 1.1 (ceilings of agreements, tax and customs exemption), 1.5 (every cost line has an
objective).
"""

from datetime import date
from typing import Annotated, Final

from openmpca.cooperation.marks import AMOUNT, CURRENCY, DIGEST, RATE, SHARE, Introduces, Names, OneOf
from openmpca.cooperation.statements import Party, Said
from openmpca.record.statements import AUTHORITY, OFFICER, kind

STATING: Final = (AUTHORITY, OFFICER)
CATEGORIES: Final = ("pledge", "commitment", "obligation", "disbursement", "in kind", "staff time", "exemption")
"""What money entries are, in the order in which money comes about; what is not money stands last."""
BASES: Final = ("market price", "cost", "book value", "agreed value", "estimate")
EXEMPTIONS: Final = ("customs duty", "value added tax", "income tax", "property tax", "social charges", "fee", "other")


@kind("cooperation.fund", prepare=STATING, approve=STATING, erasable=("note",))
class Fund(Said, frozen=True, kw_only=True):
    """A fund line: whose money it is, on what authority, how much may be obligated, under which agreement, when.

    ``first`` and ``last`` are the first and the last day on which it may be obligated.
    """

    code: Annotated[str, Introduces("fund")]
    title: str
    holder: Party
    authority: str
    currency: Annotated[str, CURRENCY]
    ceiling: Annotated[str, AMOUNT]
    agreement: Annotated[str, Names("agreement")] = ""
    first: date | None = None
    last: date | None = None
    note: str = ""


@kind("cooperation.ceiling", prepare=STATING, approve=STATING, erasable=("note",))
class Ceiling(Said, frozen=True, kw_only=True):
    """Up to how much a party may obligate under an agreement; an amendment that raises it replaces it."""

    agreement: Annotated[str, Names("agreement")]
    giver: Party
    currency: Annotated[str, CURRENCY]
    amount: Annotated[str, AMOUNT]
    note: str = ""


@kind("cooperation.cost_line", prepare=STATING, approve=STATING, erasable=("note",))
class CostLine(Said, frozen=True, kw_only=True):
    """A part of a project that is paid for: what it is, what it is planned to cost, which objective it serves."""

    code: Annotated[str, Introduces("costline")]
    project: Annotated[str, Names("project")]
    title: str
    currency: Annotated[str, CURRENCY]
    planned: Annotated[str, AMOUNT]
    objective: str = ""
    note: str = ""


@kind("cooperation.share_rule", prepare=STATING, approve=STATING, erasable=("note",))
class ShareRule(Said, frozen=True, kw_only=True):
    """Which share of one category each party bears of a project or cost line, from ``begins`` to ``ends``.

    The shares are percentages that sum to 100. A schedule of declining shares is several rules, one after the other.
    """

    of: Annotated[str, Names("project", "costline")]
    category: Annotated[str, OneOf(*CATEGORIES)]
    shares: dict[Party, Annotated[str, SHARE]]
    begins: date
    ends: date
    basis: str = ""
    note: str = ""


@kind("cooperation.exchange_rate", prepare=STATING, approve=STATING)
class ExchangeRate(Said, frozen=True, kw_only=True):
    """One unit of ``currency`` is worth ``rate`` of ``into``, from ``day`` to ``ends``, by a named source."""

    currency: Annotated[str, CURRENCY]
    into: Annotated[str, CURRENCY]
    rate: Annotated[str, RATE]
    ends: date
    source: str


class Entry(Said, frozen=True, kw_only=True):
    """What all money entries have: whose it is, for whom, for what project and cost line, with what evidence.

    The code is the reference by which both sides call it. ``reverses`` names an earlier entry of the same party that
    is taken out of the book again, in whole or in part; its amount is negative.
    """

    code: Annotated[str, Introduces("entry")]
    giver: Party
    receiver: str = ""
    project: Annotated[str, Names("project")] = ""
    costline: Annotated[str, Names("costline")] = ""
    currency: Annotated[str, CURRENCY]
    evidence: str = ""
    digest: Annotated[str, DIGEST] = ""
    reverses: Annotated[str, Names("entry")] = ""
    note: str = ""


@kind("cooperation.pledge", prepare=STATING, approve=STATING, erasable=("note",))
class Pledge(Entry, frozen=True, kw_only=True):
    """A party announces that it will give an amount; nothing binds it yet. ``until`` is by when."""

    amount: Annotated[str, AMOUNT]
    until: date | None = None


@kind("cooperation.commitment", prepare=STATING, approve=STATING, erasable=("note",))
class Commitment(Entry, frozen=True, kw_only=True):
    """A party has set an amount aside and told the others so; ``pledge`` is the pledge that it fulfils."""

    amount: Annotated[str, AMOUNT]
    pledge: Annotated[str, Names("entry")] = ""
    fund: Annotated[str, Names("fund")] = ""


@kind("cooperation.obligation", prepare=STATING, approve=STATING, erasable=("note",))
class Obligation(Entry, frozen=True, kw_only=True):
    """A party has bound itself by law or contract to pay an amount, from a fund line, to a receiver."""

    amount: Annotated[str, AMOUNT]
    fund: Annotated[str, Names("fund")] = ""
    commitment: Annotated[str, Names("entry")] = ""


@kind("cooperation.disbursement", prepare=STATING, approve=STATING, erasable=("note",))
class Disbursement(Entry, frozen=True, kw_only=True):
    """Money was paid; ``obligation`` is the one on which it was paid."""

    amount: Annotated[str, AMOUNT]
    obligation: Annotated[str, Names("entry")] = ""


@kind("cooperation.in_kind", prepare=STATING, approve=STATING, erasable=("note",))
class InKind(Entry, frozen=True, kw_only=True):
    """A thing or the use of one was given; ``amount`` is its valuation, ``basis`` how that was found."""

    what: str
    quantity: str = ""
    amount: Annotated[str, AMOUNT]
    basis: Annotated[str, OneOf(*BASES)]


@kind("cooperation.staff_time", prepare=STATING, approve=STATING, erasable=("note",))
class StaffTime(Entry, frozen=True, kw_only=True):
    """Staff of a party worked for a project: hours, and the rate of an hour by which they are valued."""

    work: str
    hours: Annotated[str, AMOUNT]
    rate: Annotated[str, AMOUNT]


@kind("cooperation.exemption", prepare=STATING, approve=STATING, erasable=("note",))
class Exemption(Entry, frozen=True, kw_only=True):
    """A party waived a tax, duty or fee; ``amount`` is what would have been due."""

    sort: Annotated[str, OneOf(*EXEMPTIONS)]
    amount: Annotated[str, AMOUNT]
    certificate: str = ""
