"""Lineage: from which batches a batch came and which came from it, as of a day and as known at a statement.

Rules kept here:

1. An edge is what a statement that stands said: a batch names its parents (rebatching, clean-out of hold-up), or a
   receipt names the shipper's batch (label 447) and gives it another identifier.
2. The mass of an edge is known where the statement names one parent: it is what the statement moved. With several
   parents it is what left that parent by rebatching on the same day, where exactly one statement says so.
3. A batch is walked once: cycles, which names that recur can make, end the walk there and are told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeVar

import polars as pl

from openmpca.accounting import accounts
from openmpca.accounting.accounts import ITEMS, MAIN
from openmpca.accounting.book import NEGATED
from openmpca.accounting.queries import View
from openmpca.nuclear.mass import format_grams
from openmpca.record.known import placeholders, query

Direction = Literal["ancestors", "descendants"]

_PART: Final = 300
_EDGE: Final = {
    "number": pl.Int64,
    "parent": pl.String,
    "batch": pl.String,
    "mba": pl.String,
    "day": pl.Int64,
    "code": pl.String,
}


@dataclass(frozen=True)
class Edge:
    """``batch`` came from ``parent`` by statement ``number``; ``weights`` (ug by key) are None if unknown."""

    parent: str
    batch: str
    number: int
    mba: str
    day: date
    code: str
    weights: dict[str, int] | None


@dataclass(frozen=True)
class Step:
    """One edge of a walk, ``depth`` generations from where it began; ``again`` where the walk has been before."""

    depth: int
    edge: Edge
    again: bool


def walk(batch: str, direction: Direction, view: View, generations: int = 100) -> list[Step]:
    """The edges from a batch back to its ancestors, or on to its descendants, generation by generation."""
    steps: list[Step] = []
    seen, front = {batch}, [batch]
    for depth in range(1, generations + 1):
        found = edges(front, direction, view)
        front = []
        for edge in found:
            reached = edge.parent if direction == "ancestors" else edge.batch
            steps.append(Step(depth, edge, reached in seen))
            if reached not in seen:
                seen.add(reached)
                front.append(reached)
        if not front:
            break
    return steps


def edges(batches: Sequence[str], direction: Direction, view: View) -> list[Edge]:
    """The edges that lead from some batches one generation back or on."""
    rows = pl.concat([_named(batches, direction, view), _received(batches, direction, view)])
    rows = rows.unique(["parent", "batch", "number"]).sort("day", "number", "parent")
    numbers = rows["number"].unique().to_list()
    weights, parents = _weights(numbers, view), _parents(numbers, view)
    made = []
    for row in rows.iter_rows(named=True):
        alone = parents.get(row["number"], 0) <= 1
        mass = weights[row["number"]] if alone else _left(row["parent"], row["mba"], row["day"], view)
        made.append(Edge(**{**row, "day": accounts.date_of(row["day"])}, weights=mass))
    return made


def _left(batch: str, mba: str, day: int, view: View) -> dict[str, int] | None:
    """What left a batch by rebatching at a posting day; None where not exactly one statement says so."""
    rows = query(
        "SELECT DISTINCT p.number FROM accounting_posting p JOIN accounting_account a ON a.id = p.account"  # noqa: S608
        f" WHERE p.batch = %s AND a.mba = %s AND a.code = 'RM' AND p.day = %s AND p.line < %s AND {_STANDS}",
        [batch, mba, day, NEGATED, view.number, view.number],
        {"number": pl.Int64},
        view.using,
    )["number"].to_list()
    return _weights(rows, view)[rows[0]] if len(rows) == 1 else None


def _parents(numbers: Sequence[int], view: View) -> dict[int, int]:
    """How many parents statements name."""
    found: dict[int, int] = {}
    for part in _parts(numbers):
        inside = f"number IN {placeholders(part)}"
        sql = f"SELECT number, COUNT(*) FROM accounting_parent WHERE {inside} GROUP BY number"  # noqa: S608
        found |= dict(query(sql, part, {"number": pl.Int64, "parents": pl.Int64}, view.using).iter_rows())
    return found


_STANDS: Final = (
    "p.number <= %s"
    " AND NOT EXISTS (SELECT 1 FROM accounting_correction c WHERE c.corrects = p.number AND c.number <= %s)"
)
_CODE: Final = (
    "SELECT p.number, p.parent, p.batch, p.mba, MIN(x.day), MIN(a.code) FROM {table} p"
    " JOIN accounting_posting x ON x.number = p.number AND x.line < %s AND x.day <= %s"
    " JOIN accounting_account a ON a.id = x.account AND a.code NOT IN ('MAIN', 'ISO')"
)


def _named(batches: Sequence[str], direction: Direction, view: View) -> pl.DataFrame:
    column = "batch" if direction == "ancestors" else "parent"
    found = [pl.DataFrame(schema=_EDGE)]
    for part in _parts(batches):
        sql = (
            _CODE.format(table="accounting_parent")
            + f" WHERE {_STANDS} AND p.{column} IN {placeholders(part)} GROUP BY p.number, p.parent, p.batch, p.mba"
        )
        given = [NEGATED, view.day, view.number, view.number, *part]
        found.append(query(sql, given, _EDGE, view.using))
    return pl.concat(found)


_SPOKEN_OF: Final = "(SELECT x.number FROM accounting_posting x WHERE x.batch IN {inside})"
"""The statements that posted some batches: the index of postings leads to them, transfers have none by batch."""


def _received(batches: Sequence[str], direction: Direction, view: View) -> pl.DataFrame:
    """Receipts that gave the shipper's batch another identifier; the parent is a name where it was never ours."""
    back = direction == "ancestors"
    column = "batch" if back else "parent"
    found = [pl.DataFrame(schema=_EDGE)]
    for part in _parts(batches):
        inside = placeholders(part)
        sql = (
            _CODE.format(table=_receipts(inside, back))
            + f" WHERE {_STANDS} AND p.{column} IN {inside} AND p.parent <> p.batch"
            + " GROUP BY p.number, p.parent, p.batch, p.mba"
        )
        given = [*(part if back else [*part, *part]), NEGATED, view.day, view.number, view.number, *part]
        found.append(query(sql, given, _EDGE, view.using))
    return pl.concat(found)


def _receipts(inside: str, back: bool) -> str:
    """The receipts that may be meant, with the shipper's identifier of their batch, as a table."""
    spoken_of = _SPOKEN_OF.format(inside=inside)
    shipped = "(SELECT MAX(s.batch) FROM accounting_transfer s WHERE s.key = t.key AND s.code = 'SD')"
    sent = f"SELECT s.key FROM accounting_transfer s WHERE s.code = 'SD' AND s.number IN {spoken_of}"  # noqa: S608
    meant = f"t.number IN {spoken_of}" if back else f"(t.key IN {inside} OR t.key IN ({sent}))"
    return (
        f"(SELECT t.number, t.batch, t.mba, COALESCE({shipped}, t.key) AS parent"  # noqa: S608  names of our own
        f" FROM accounting_transfer t WHERE t.code IN ('RD', 'RF') AND {meant})"
    )


def _weights(numbers: Sequence[int], view: View) -> dict[int, dict[str, int]]:
    """What statements moved on the main accounts, without sign, by weight key."""
    found: dict[int, dict[str, int]] = {number: {} for number in numbers}
    for part in _parts(numbers):
        rows = query(
            "SELECT p.number, p.category, p.nuclide, p.ug FROM accounting_posting p"  # noqa: S608  placeholders only
            " JOIN accounting_account a ON a.id = p.account AND a.code = %s"
            f" WHERE p.line < %s AND p.number IN {placeholders(part)}",
            [MAIN, NEGATED, *part],
            {"number": pl.Int64, "category": pl.String, "nuclide": pl.String, "ug": pl.Int64},
            view.using,
        )
        for number, category, nuclide, ug in rows.iter_rows():
            key = ITEMS if nuclide == ITEMS else f"{category}/{nuclide}" if nuclide else category
            found[number][key] = found[number].get(key, 0) + abs(ug)
    return found


Part = TypeVar("Part", str, int)


def _parts(some: Sequence[Part]) -> Iterator[list[Part]]:
    for start in range(0, len(some), _PART):
        yield list(some[start : start + _PART])


def tree(batch: str, direction: Direction, view: View, generations: int = 100) -> list[str]:
    """The walk as lines of an indented tree, beginning with the batch."""
    steps = walk(batch, direction, view, generations)
    under: dict[str, list[Step]] = {}
    for step in steps:
        under.setdefault(step.edge.batch if direction == "ancestors" else step.edge.parent, []).append(step)
    return [batch, *_branches(batch, direction, under, "")]


def _branches(batch: str, direction: Direction, under: dict[str, list[Step]], indent: str) -> Iterator[str]:
    here = under.get(batch, [])
    for at, step in enumerate(here):
        last = at == len(here) - 1
        edge = step.edge
        reached = edge.parent if direction == "ancestors" else edge.batch
        mass = ", ".join(f"{format_grams(ug)} g {key}" for key, ug in (edge.weights or {}).items() if key != ITEMS)
        told = f"{reached}  {edge.day} {edge.mba} {edge.code} {mass or 'mass not known'} (statement {edge.number})"
        yield f"{indent}{'└─' if last else '├─'} {told}{', shown above' if step.again else ''}"
        if not step.again:
            yield from _branches(reached, direction, under, indent + ("   " if last else "│  "))
