"""Which rows of a table with wrong cells are held against the other rules too, so that all is told in one run.

Rules kept here:

1. A row whose required cells could be read is checked in all that could be read of it; what its wrong cells lead to
   is not told a second time.
2. The rows without any error are held against the book as if they stood alone, but for those of a batch that a wrong
   row names too: without that row, more would seem wrong than is.
"""

import re
from collections.abc import Sequence
from typing import Final

import msgspec
import polars as pl

from openmpca.problems import Problem, errors

_ROW: Final = "row "
_STATEMENT: Final = re.compile(r"\bstatement ([0-9]+)")
_OF_MASSES: Final = ("weights", "items")


def wrong_rows(problems: list[Problem]) -> list[int]:
    """The rows that have an error."""
    return [int(each.record[len(_ROW) :]) for each in errors(problems) if each.record.startswith(_ROW)]


def readable(frame: pl.DataFrame, problems: list[Problem], required: Sequence[str]) -> pl.DataFrame:
    """The rows in which every required cell could be read."""
    there = [each for each in required if each in frame.columns]
    if not errors(problems):
        return frame
    return frame.drop_nulls(there) if len(there) == len(required) else frame.clear()


def without_echoes(found: list[Problem], cells: list[Problem]) -> list[Problem]:
    """The problems found, ``cells`` first, without those that a wrong cell of the row has led to."""
    wrong: dict[str, set[str]] = {}
    for each in errors(cells):
        if each.record.startswith(_ROW):
            wrong.setdefault(each.record, set(_OF_MASSES)).add(each.field)
    kept = [each for each in found if each in cells or each.field not in wrong.get(each.record, ())]
    return list(dict.fromkeys([*cells, *kept]))


def alone(frame: pl.DataFrame, problems: list[Problem]) -> pl.DataFrame:
    """The rows that may be held against the book although others are wrong; none where a problem names no row."""
    wrong = wrong_rows(problems)
    if len(wrong) < len(errors(problems)) or "batch" not in frame.columns:
        return frame.clear()
    left = pl.col("row").is_in(wrong)
    names = frame.filter(left)["batch"].drop_nulls().to_list()
    named = pl.col("batch").is_in(names)
    if "parents" in frame.columns:
        parents = pl.col("parents").fill_null("").str.replace_all("\n", ";").str.split(";")
        named |= parents.list.eval(pl.element().str.strip_chars().is_in(names)).list.any()
    return frame.filter(~(left | named))


def by_row(problem: Problem, rows: pl.Series, first: int) -> Problem:
    """The problem in which statements that the rows would have become are called by their rows."""

    def named(found: re.Match[str]) -> str:
        place = int(found[1]) - first
        return f"row {rows[place]}" if 0 <= place < rows.len() else found[0]

    return msgspec.structs.replace(problem, message=_STATEMENT.sub(named, problem.message))
