"""Rank correlation with ties: figures made with SciPy 1.17.1, and what must hold for all scores."""

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmpca.cooperation.priorities import agreement
from openmpca.cooperation.priorities.agreement import spearman, tau_b

PAIRS = ((5, 4, 3, 2, 1, 5, 3), (1, 3, 3, 4, 5, 2, 2))
MANY = ((5, 4, 4, 3, 2, 1, 5, 3, 2, 1), (4, 5, 3, 3, 1, 2, 4, 4, 1, 2))
UNTIED = ((7, 1, 6, 3, 5, 2, 4, 8, 9, 10), (6, 2, 7, 1, 5, 3, 4, 10, 8, 9))
DOZEN = (tuple(range(1, 13)), (2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11))
BY_SCIPY = [
    # both lists, tau-b, its p, exact or not, rho
    ((12, 2, 1, 12, 2), (1, 4, 7, 1, 0), -0.4714045207910316, 0.36666666666666664, True, -0.5407380704358752),
    (*PAIRS, -0.7894736842105262, 0.01984126984126984, True, -0.8611111111111113),
    (*UNTIED, 0.7777777777777777, 0.0009463183421516755, True, 0.9151515151515152),
    (*MANY, 0.5823251360731083, 0.03122861694852946, False, 0.7673107732756071),
    (*DOZEN, 0.8181818181818181, 4.4129288920955584e-05, True, 0.9580419580419581),
    ((1, 2, 3), (3, 2, 1), -1.0, 1 / 3, True, -1.0),
]
RHO_EXACT = [((12, 2, 1, 12, 2), (1, 4, 7, 1, 0), 0.36666666666666664), (*PAIRS, 0.01984126984126984)]
scores = st.integers(2, 7).flatmap(
    lambda n: st.tuples(*[st.lists(st.integers(1, 5), min_size=n, max_size=n) for _side in range(2)])
)


@pytest.mark.parametrize(("one", "other", "tau", "p", "exact", "rho"), BY_SCIPY)
def test_the_coefficients_are_those_of_scipy(
    one: list[int], other: list[int], tau: float, p: float, exact: bool, rho: float
) -> None:
    found, ranked = tau_b(one, other), spearman(one, other)
    assert found is not None
    assert ranked is not None
    assert (found.value, found.p, found.exact) == (pytest.approx(tau), pytest.approx(p), exact)
    assert ranked.value == pytest.approx(rho)


@pytest.mark.parametrize(("one", "other", "p"), RHO_EXACT)
def test_a_small_sample_is_tried_in_every_order(one: list[int], other: list[int], p: float) -> None:
    found = spearman(one, other)
    assert found is not None
    assert (found.p, found.exact) == (pytest.approx(p), True)
    many = spearman(*MANY)
    assert many is not None
    assert not many.exact
    assert many.p < 0.05


def test_where_all_scores_are_alike_nothing_is_correlated() -> None:
    for both in (([3, 3], [1, 2]), ([], []), ([1], [5])):
        assert tau_b(*both) is None
        assert spearman(*both) is None


@given(scores)
def test_agreement_is_symmetric_and_turns_its_sign_with_the_scale(pair: tuple[list[int], list[int]]) -> None:
    one, other = pair
    turned = [6 - each for each in other]
    for measure in (tau_b, spearman):
        found, back, against = measure(one, other), measure(other, one), measure(one, turned)
        if found is None or back is None or against is None:
            assert found is back is against is None
            continue
        assert isclose(found.value, back.value)
        assert isclose(found.value, -against.value)
        assert isclose(found.p, back.p)
        assert isclose(found.p, against.p)
        assert -1 - 1e-12 <= found.value <= 1 + 1e-12
        assert 0 < found.p <= 1


@given(st.permutations(range(6)))
def test_counting_inversions_gives_what_trying_every_order_gives(order: list[int]) -> None:
    plain = list(range(6))
    found = tau_b(plain, order)
    assert found is not None
    s = agreement._concordance(plain, order)
    assert found.p == pytest.approx(agreement._share(agreement._concordances(plain, order), s))
