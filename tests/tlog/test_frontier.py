import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmpca.tlog.frontier import Frontier, FrontierError
from openmpca.tlog.merkle import EMPTY_ROOT, leaf_hash, root

LEAVES = [leaf_hash(b"%d" % number) for number in range(300)]


@given(st.lists(st.integers(0, 60), max_size=5))
def test_a_frontier_grows_to_the_root_of_all_leaves_in_any_steps(steps: list[int]) -> None:
    frontier = Frontier()
    for step in steps:
        frontier = frontier.extended(LEAVES[frontier.size : frontier.size + step])
        frontier = Frontier.from_bytes(frontier.size, frontier.to_bytes())
    assert frontier.size == sum(steps)
    assert frontier.root() == root(LEAVES[: frontier.size])
    assert len(frontier.peaks) == frontier.size.bit_count()


def test_the_frontier_of_nothing_is_the_empty_tree() -> None:
    assert Frontier().root() == EMPTY_ROOT
    assert Frontier().to_bytes() == b""


@pytest.mark.parametrize(("size", "joined"), [(0, bytes(32)), (3, bytes(32)), (4, bytes(31)), (-1, bytes(32))])
def test_hashes_that_do_not_fit_the_size_are_refused(size: int, joined: bytes) -> None:
    with pytest.raises(FrontierError, match="are not the frontier"):
        Frontier.from_bytes(size, joined)
