"""How far two parties' scores agree: Kendall's tau-b and Spearman's rank correlation, with ties, with a p-value.

Rules kept here:

1. Only what both have scored is compared. Where one gives every thing the same score nothing is correlated: None.
2. A p-value is two-sided: how often an order drawn by lot would agree, or disagree, at least as much. It is exact up to
   eight things, every order of one side being tried, and for tau without ties up to any number, by counting inversions;
   beyond that it is the normal approximation, and says so.
3. Sums are whole numbers; only the quotient and the p-value are floating-point.

Method and sources: docs/theory/agreement.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, permutations
from math import erfc, factorial, sqrt
from typing import Any, Final

import numpy as np

TRIED: Final = 8
"""Up to how many things every order is tried."""


@dataclass(frozen=True)
class Correlation:
    """A coefficient from -1 to 1, its p-value, and whether that is exact."""

    value: float
    p: float
    exact: bool


def doubled_ranks(values: Sequence[int]) -> list[int]:
    """Twice the rank of each value, the lowest 1; equal values share the mean of their ranks.

    >>> doubled_ranks([10, 30, 30, 20])
    [2, 7, 7, 4]
    """
    return [sum((each < value) + (each <= value) for each in values) + 1 for value in values]


def tau_b(one: Sequence[int], other: Sequence[int]) -> Correlation | None:
    """Kendall's tau-b of two lists of scores of the same things.

    >>> tau_b([1, 2, 3, 4], [1, 3, 2, 4])
    Correlation(value=0.6666666666666666, p=0.3333333333333333, exact=True)
    """
    pairs = len(one) * (len(one) - 1) // 2
    tied_one, tied_other = _tied(one), _tied(other)
    root = sqrt((pairs - tied_one) * (pairs - tied_other))
    if not root:
        return None
    s = _concordance(one, other)
    p, exact = _p_of_tau(one, other, s, ties=bool(tied_one or tied_other))
    return Correlation(s / root, p, exact)


def spearman(one: Sequence[int], other: Sequence[int]) -> Correlation | None:
    """Spearman's rank correlation: that of the ranks, tied ones with their mean.

    >>> spearman([1, 2, 3, 4], [1, 3, 2, 4])
    Correlation(value=0.8, p=0.3333333333333333, exact=True)
    """
    count = len(one)
    centred = [[rank - count - 1 for rank in doubled_ranks(each)] for each in (one, other)]
    root = sqrt(_square(centred[0]) * _square(centred[1]))
    if not root:
        return None
    product = sum(a * b for a, b in zip(*centred, strict=True))
    if count <= TRIED:
        drawn = np.array(centred[1], dtype=np.int64)[_orders(count)] @ np.array(centred[0], dtype=np.int64)
        return Correlation(product / root, _share(drawn, product), exact=True)
    return Correlation(product / root, erfc(abs(product / root) * sqrt((count - 1) / 2)), exact=False)


def _square(values: Sequence[int]) -> int:
    return sum(each * each for each in values)


def _tied(values: Sequence[int]) -> int:
    """How many pairs have the same value."""
    return sum(each * (each - 1) // 2 for each in _groups(values))


def _groups(values: Sequence[int]) -> list[int]:
    return [values.count(each) for each in set(values)]


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


def _concordance(one: Sequence[int], other: Sequence[int]) -> int:
    """Concordant pairs less discordant ones."""
    return sum(_sign(one[at] - one[to]) * _sign(other[at] - other[to]) for at, to in combinations(range(len(one)), 2))


def _p_of_tau(one: Sequence[int], other: Sequence[int], s: int, *, ties: bool) -> tuple[float, bool]:
    count = len(one)
    if not ties:
        return _p_by_inversions(count, s), True
    if count <= TRIED:
        return _share(_concordances(one, other), s), True
    return erfc(abs(s) / sqrt(2 * _variance(one, other))), False


def _p_by_inversions(count: int, s: int) -> float:
    """The share of all orders whose inversions are as far from the middle; pairs - 2 * inversions is S."""
    pairs = count * (count - 1) // 2
    far = sum(ways for inversions, ways in enumerate(_inversions(count)) if abs(pairs - 2 * inversions) >= abs(s))
    return far / factorial(count)


@cache
def _inversions(count: int) -> tuple[int, ...]:
    """How many orders of some things have 0, 1, 2... inversions.

    >>> _inversions(3)
    (1, 2, 2, 1)
    """
    if count <= 1:
        return (1,)
    before = _inversions(count - 1)
    most = len(before) + count - 1
    return tuple(sum(before[max(0, at - count + 1) : at + 1]) for at in range(most))


def _concordances(one: Sequence[int], other: Sequence[int]) -> Any:
    """S for every order of the second list."""
    drawn = np.array(other, dtype=np.int64)[_orders(len(one))]
    total = np.zeros(len(drawn), dtype=np.int64)
    for at, to in combinations(range(len(one)), 2):
        total += _sign(one[at] - one[to]) * np.sign(drawn[:, at] - drawn[:, to])
    return total


@cache
def _orders(count: int) -> Any:
    return np.array(list(permutations(range(count))), dtype=np.int64)


def _share(drawn: Any, seen: int) -> float:
    return float(np.count_nonzero(np.abs(drawn) >= abs(seen)) / len(drawn))


def _variance(one: Sequence[int], other: Sequence[int]) -> float:
    """The variance of S where both lists have ties and the order is drawn by lot (Kendall)."""
    n, ties = len(one), (_groups(one), _groups(other))
    v0 = n * (n - 1) * (2 * n + 5)
    vt, vu = (sum(t * (t - 1) * (2 * t + 5) for t in each) for each in ties)
    pairs = [sum(t * (t - 1) for t in each) for each in ties]
    triples = [sum(t * (t - 1) * (t - 2) for t in each) for each in ties]
    v1 = pairs[0] * pairs[1] / (2 * n * (n - 1))
    v2 = triples[0] * triples[1] / (9 * n * (n - 1) * (n - 2))
    return (v0 - vt - vu) / 18 + v1 + v2
