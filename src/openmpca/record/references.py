"""Statements of one act that speak of each other before they have numbers.

Inside an act, the number that a statement of the same act will have is written below zero: -1 is the first statement of
the act, -2 the second. Which fields hold such numbers, a kind says in ``refers``. They become numbers when the act is
written, so a proposal may wait while the record grows.
"""

import polars as pl

from openmpca.problems import Problem
from openmpca.record.frames import Segment


def to_come(place: int) -> int:
    """The number, before it is known, of the statement at a place of the act, counted from 0.

    >>> to_come(0), to_come(1)
    (-1, -2)
    """
    return -1 - place


def resolved(segment: Segment, first: int) -> Segment:
    """The segment with numbers where it speaks of statements of its own act, whose first has the number ``first``."""
    fields = [name for name in segment.kind.refers if _speaks(segment.frame[name])]
    if not fields:
        return segment
    columns = [_column(name, segment.frame.schema[name], first) for name in fields]
    return Segment(segment.kind, segment.frame.with_columns(columns), segment.told)


def _speaks(values: pl.Series) -> bool:
    if isinstance(values.dtype, pl.List):
        values = values.list.min()
    least = values.min()
    return isinstance(least, int) and least < 0


def _column(name: str, of: pl.DataType, first: int) -> pl.Expr:
    if isinstance(of, pl.List):
        return pl.col(name).list.eval(_number(pl.element(), first)).alias(name)
    return _number(pl.col(name), first).alias(name)


def _number(value: pl.Expr, first: int) -> pl.Expr:
    return pl.when(value < 0).then(first - 1 - value).otherwise(value)


def follows(problem: Problem, segment: Segment, refused: range) -> bool:
    """Whether a problem of a segment says only that it speaks of statements of its own act which were refused."""
    if problem.field not in segment.kind.refers:
        return False
    values = segment.frame[problem.field]
    kind, _, place = problem.record.rpartition(" ")
    if kind == segment.kind.name and place.isdecimal():
        values = values[int(place) - 1 : int(place)]
    named = values.explode() if isinstance(values.dtype, pl.List) else values
    return bool(named.is_between(refused.start, refused.stop - 1).any())
