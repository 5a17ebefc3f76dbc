"""Rules are data with numbers, problems are values.

A check never raises on bad data: it returns every problem it finds, each naming the rule, the record, the field, what
is wrong and how to mend it. Numbers are given once and never reused:

=========  ==========================================================
1 to 99    the record: persons, grants, statements
100s       syntax and structure of one Code 10 file
200s       consistency inside one report
300s       entries and the register
400s       balances and batches of the book
500s       transit
600s       physical inventory, material balance and reports against the book
700 to 719 timeliness
720 to 899 cooperation
900s       import of tables
1000s      files exchanged with partners: XML, IATI, MSPDI
=========  ==========================================================
"""

from typing import Final, Literal

import msgspec

Severity = Literal["error", "warning", "note"]

ERROR: Final = "error"
WARNING: Final = "warning"
NOTE: Final = "note"


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One numbered check.

    ``soft`` rules may be overridden with a reason that goes on record; ``unverified`` rules rest on a text that nobody
    here could read, so they never refuse.
    """

    number: int
    title: str
    severity: Severity
    source: str
    mend: str
    soft: bool = False
    unverified: bool = False

    def problem(self, message: str, *, record: str = "", field: str = "", mend: str = "") -> "Problem":
        """The problem that this rule found: ``message`` says what is wrong with which values."""
        return Problem(
            rule=self.number,
            severity=self.severity,
            record=record,
            field=field,
            message=message,
            mend=mend or self.mend,
        )


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule found wrong with one field of one record, and how to mend it."""

    rule: int
    severity: Severity
    record: str
    field: str
    message: str
    mend: str

    def __str__(self) -> str:
        where = " ".join(part for part in (self.record, self.field) if part)
        return f"{self.severity} {self.rule}{' at ' + where if where else ''}: {self.message} Mend: {self.mend}"


RULES: Final[dict[int, Rule]] = {}


def rule(
    number: int,
    title: str,
    *,
    severity: Severity = ERROR,
    source: str,
    mend: str,
    soft: bool = False,
    unverified: bool = False,
) -> Rule:
    """Register a rule under its number; a number is given once.

    >>> RULES.get(0) is None
    True
    """
    if number in RULES:
        raise ValueError(f"rule {number} is already given to {RULES[number].title!r}")
    made = Rule(
        number=number, title=title, severity=severity, source=source, mend=mend, soft=soft, unverified=unverified
    )
    RULES[number] = made
    return made


def of_asking(message: str, *, field: str = "", mend: str = "") -> Problem:
    """A problem of how something was asked, not of what it says: it falls under no rule, so its number is 0."""
    return Problem(rule=0, severity=ERROR, record="", field=field, message=message, mend=mend)


def errors(problems: list[Problem]) -> list[Problem]:
    """Only the problems that refuse."""
    return [problem for problem in problems if problem.severity == ERROR]
