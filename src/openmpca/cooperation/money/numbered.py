"""The numbered rules about money: 780 to 790 and 810 to 816."""

from typing import Final

from openmpca.problems import rule

_SHARED: Final = "research on joint programmes, 2.4: the ledger of shared costs"
_LAYERS: Final = "research on joint programmes, 1.1: agreements, their ceilings and their ends"

SUM = rule(
    780,
    "The shares of a rule sum to 100 %",
    source=_SHARED,
    mend="Give each party that bears a part its share, exactly; together they are 100.",
)
OVERLAP = rule(
    781,
    "The share rules of a party for one thing and category do not overlap in time",
    source=_SHARED,
    mend="End the earlier rule the day before, or replace it.",
)
PERIOD = rule(
    782,
    "A period begins before it ends",
    source=_SHARED,
    mend="Correct the first or the last day.",
)
RATE = rule(
    783,
    "A rate is between two currencies, and has a source",
    source=_SHARED,
    mend="Name two currencies, and say who published the rate.",
)
RATES_OVERLAP = rule(
    784,
    "A party has one rate between two currencies for a day",
    source=_SHARED,
    mend="End the earlier rate the day before, or replace it.",
)
SIGN = rule(
    785,
    "Amounts are above zero; only what reverses a named entry is below",
    source=_SHARED,
    mend="Give an amount above zero, or name in `reverses` the entry that is taken out of the book.",
)
REVERSAL = rule(
    786,
    "A reversal is of an entry of one's own, in the same words, and of no more than that",
    source=_SHARED,
    mend="Name a standing entry of your party, with its giver, receiver, project, fund and currency.",
)
ONCE = rule(
    787,
    "A party states an entry once",
    source=_SHARED,
    mend="Use another code, or give in `replaces` the number of the statement whose place this one takes.",
)
LINE_OF = rule(
    788,
    "A cost line is one of the project",
    source=_SHARED,
    mend="Name the project to which the cost line belongs.",
)
COMPLETE = rule(
    789,
    "An entry says what it is for, from what it comes, and what it was",
    source=_SHARED,
    mend="Fill in the field.",
)
OWN = rule(
    790,
    "Money comes from the giver's own fund and obligation",
    source=_SHARED,
    mend="Name a fund or obligation of the giver for this project.",
)
IN_TIME = rule(
    810,
    "A fund is obligated from its first to its last day",
    source=_SHARED,
    mend="Obligate from a fund that is open on that day, or state the extension of the fund first.",
)
FUND_CEILING = rule(
    811,
    "No more is obligated than the ceiling of the fund",
    source=_SHARED,
    mend="Lower the amount, use another fund, or state the raised ceiling of the fund first.",
)
AGREEMENT_CEILING = rule(
    812,
    "No more is obligated under an agreement than its ceiling",
    source=_LAYERS,
    mend="Lower the amount, or state the amendment that raises the ceiling first.",
)
DISBURSED = rule(
    813,
    "No more is disbursed than was obligated",
    source=_SHARED,
    mend="Lower the amount, or state a further obligation first.",
)
NO_RATE = rule(
    815,
    "Another currency is converted by a recorded rate",
    source=_SHARED,
    mend="State the exchange rate that holds on that day, with its source.",
)
IN_FORCE = rule(
    816,
    "New money is obligated under an agreement that is in force",
    source=_LAYERS,
    mend="State the extension of the agreement, or under what new authority goes on for the project.",
    soft=True,
)
