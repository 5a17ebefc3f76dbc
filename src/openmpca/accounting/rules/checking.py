"""How a rule is held against many statements at once.

A check is an expression that is true where a row breaks a rule, and one that says so. All checks of a frame are
evaluated in one pass; words are made only for the rows that were found. So the same check holds for one row and for a
million. No more than `SHOWN` rows are told for each check; the rest is counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import msgspec
import polars as pl

from openmpca.problems import ERROR, WARNING, Problem, Rule

SHOWN: Final = 1000


@dataclass(frozen=True)
class Check:
    """A rule as columns: ``bad`` is true where it is broken, ``message`` says how, ``field`` names the culprit.

    ``hard`` checks refuse reported history too: the book could not represent it.
    """

    rule: Rule
    field: str
    bad: pl.Expr
    message: pl.Expr
    hard: bool = False

    @cached_property
    def found(self) -> pl.Expr:
        """Whether any row breaks the rule; made once, since making it costs more than asking it of a single row."""
        return self.bad.fill_null(False).any()


def run(checks: Sequence[Check], frame: pl.DataFrame, kind: str) -> list[Problem]:
    """The problems of a frame with a column ``row`` (from 1) and, where history is reported, a column ``reported``."""
    if not frame.height:
        return []
    flags = frame.select(each.found.alias(str(at)) for at, each in enumerate(checks)).row(0)
    broken = [each for each, flag in zip(checks, flags, strict=True) if flag]
    return [problem for each in broken for problem in _told(each, frame, kind)]


def _told(check: Check, frame: pl.DataFrame, kind: str) -> list[Problem]:
    forgiven = pl.col("reported") if "reported" in frame.columns and not check.hard else pl.lit(False)
    rows = frame.filter(check.bad.fill_null(False)).select("row", message=check.message, forgiven=forgiven).sort("row")
    return problems(
        check.rule,
        ((f"{kind} {row}", message, mild) for row, message, mild in rows.head(SHOWN).iter_rows()),
        field=check.field,
        more=rows.slice(SHOWN)["forgiven"],
    )


def problems(
    rule: Rule, told: Iterable[tuple[str, str, bool]], *, field: str, more: pl.Series | None = None
) -> list[Problem]:
    """The problems of (record, message, forgiven) and one that counts ``more``, forgiven when all of them are."""
    found = [_problem(rule, record, message, field, mild) for record, message, mild in told]
    if more is not None and len(more):
        found.append(_problem(rule, "", f"So it is with {len(more)} more.", field, bool(more.all())))
    return found


def _problem(rule: Rule, record: str, message: str, field: str, mild: bool) -> Problem:
    made = rule.problem(message, record=record, field=field)
    return msgspec.structs.replace(made, severity=WARNING) if mild and made.severity == ERROR else made


def text(*names: str) -> list[pl.Expr]:
    """Columns as text for a message; what is null is a dash."""
    return [pl.col(name).cast(pl.String).fill_null("–") for name in names]
