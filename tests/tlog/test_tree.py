import base64
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openmpca.tlog import merkle
from openmpca.tlog.merkle import leaf_hash, verify_consistency, verify_inclusion
from openmpca.tlog.tree import TILE_BYTES, FullTile, StoredLogError, Tree, full_tiles

LEAVES = [leaf_hash(b"%d" % number) for number in range(66_200)]


class StoredLog:
    """A log on a store that notes what was read of it."""

    def __init__(self) -> None:
        self.size = 0
        self.tiles: dict[tuple[int, int], bytes] = {}
        self.read: list[tuple[int, int]] = []

    def read_tile(self, level: int, n: int) -> bytes:
        self.read.append((level, n))
        return self.tiles[level, n]

    def read_leaves(self, start: int, end: int) -> list[bytes]:
        assert start % 256 == 0
        assert start < end <= min(start + 255, self.size)
        return LEAVES[start:end]

    def append(self, count: int) -> list[FullTile]:
        tail, new = LEAVES[self.size - self.size % 256 : self.size], LEAVES[self.size : self.size + count]
        made = full_tiles(self.size, tail, new, self.read_tile)
        assert not {(tile.level, tile.n) for tile in made} & self.tiles.keys()
        self.tiles.update({(tile.level, tile.n): tile.hashes for tile in made})
        self.size += len(new)
        return made

    def tree(self) -> Tree:
        return Tree(self.read_tile, self.read_leaves)


@pytest.fixture(scope="module")
def log() -> StoredLog:
    stored = StoredLog()
    stored.append(len(LEAVES))
    return stored


@given(st.lists(st.sampled_from([0, 1, 3, 255, 256, 257, 511, 700]), min_size=1, max_size=8))
def test_tiles_do_not_depend_on_how_the_log_grew(steps: list[int]) -> None:
    grown, at_once = StoredLog(), StoredLog()
    for step in steps:
        grown.append(step)
    at_once.append(sum(steps))
    assert grown.tiles == at_once.tiles
    assert len(grown.tiles) == sum(steps) // 256


def test_a_tile_of_the_second_level_is_made_with_the_roots_of_older_tiles(log: StoredLog) -> None:
    grown = StoredLog()
    grown.append(65_535)
    assert (1, 0) not in grown.tiles
    assert [(tile.level, tile.n) for tile in grown.append(1)] == [(0, 255), (1, 0)]
    assert grown.read == [(0, n) for n in range(255)]
    assert grown.tiles[1, 0] == log.tiles[1, 0]
    assert grown.tiles[1, 0][:32] == merkle.root(LEAVES[:256])


@settings(max_examples=60)
@given(st.data())
def test_every_leaf_and_every_earlier_tree_can_be_proved(log: StoredLog, data: st.DataObject) -> None:
    edges = st.sampled_from([1, 255, 256, 257, 512, 65_535, 65_536, 65_537, 65_792, len(LEAVES)])
    size = data.draw(edges | st.integers(1, len(LEAVES)))
    index = data.draw(st.integers(0, size - 1))
    earlier = data.draw(st.integers(1, size))
    tree = log.tree()
    root = tree.root(size)
    assert root == merkle.root(LEAVES[:size])
    verify_inclusion(index, size, LEAVES[index], tree.inclusion_proof(index, size), root)
    verify_consistency(earlier, size, tree.consistency_proof(earlier, size), tree.root(earlier), root)


def test_all_proofs_of_small_trees_hold_and_have_the_least_length() -> None:
    stored = StoredLog()
    stored.append(20)
    tree = stored.tree()
    for size in range(1, 21):
        for place in range(size):
            proof = tree.inclusion_proof(place, size)
            verify_inclusion(place, size, LEAVES[place], proof, tree.root(size))
            assert len(proof) <= (size - 1).bit_length()
            proof = tree.consistency_proof(place + 1, size)
            verify_consistency(place + 1, size, proof, tree.root(place + 1), tree.root(size))


def test_a_proof_reads_few_tiles_and_the_next_one_fewer(log: StoredLog) -> None:
    log.read.clear()
    tree = log.tree()
    tree.inclusion_proof(40_000, len(LEAVES))
    assert len(log.read) <= 4
    tree.inclusion_proof(40_001, len(LEAVES))
    assert len(log.read) <= 4


def test_the_empty_tree_has_a_root() -> None:
    assert StoredLog().tree().root(0) == merkle.EMPTY_ROOT


def test_the_roots_of_a_published_log_come_out(shared_folder: Path) -> None:
    folder = shared_folder / "vectors/tlog/tessera-log"
    for size in range(16):
        joined = (folder / f"tile/0/000.p/{size}").read_bytes() if size else b""
        hashes = [joined[at : at + 32] for at in range(0, len(joined), 32)]
        tree = Tree(lambda level, n: b"", lambda start, end, hashes=hashes: cast(list[bytes], hashes[start:end]))  # type: ignore[misc]
        assert base64.b64encode(tree.root(size)).decode() == (folder / f"checkpoint.{size}").read_text().split("\n")[2]


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0)])
def test_a_leaf_outside_the_tree_has_no_proof(log: StoredLog, index: int, size: int) -> None:
    with pytest.raises(StoredLogError, match="is not in a tree"):
        log.tree().inclusion_proof(index, size)


@pytest.mark.parametrize(("size1", "size2"), [(0, 5), (6, 5), (-1, 5)])
def test_sizes_that_cannot_be_compared_have_no_proof(log: StoredLog, size1: int, size2: int) -> None:
    with pytest.raises(StoredLogError, match="cannot be compared"):
        log.tree().consistency_proof(size1, size2)


def test_a_negative_size_is_no_tree(log: StoredLog) -> None:
    with pytest.raises(StoredLogError, match="no size -1"):
        log.tree().root(-1)


def test_a_damaged_store_is_told() -> None:
    with pytest.raises(StoredLogError, match="tile 0 of level 0 has 8191 bytes"):
        Tree(lambda level, n: bytes(TILE_BYTES - 1), lambda start, end: []).root(256)
    with pytest.raises(StoredLogError, match="from 0 to before 3 are not all there"):
        Tree(lambda level, n: b"", lambda start, end: LEAVES[:2]).root(3)
    with pytest.raises(StoredLogError, match="from 0 to before 1 are not all there"):
        Tree(lambda level, n: b"", lambda start, end: [b"short"]).root(1)


def test_an_append_with_the_wrong_end_or_a_wrong_hash_is_refused() -> None:
    with pytest.raises(StoredLogError, match="2 leaf hashes are not the end of a log of 257"):
        full_tiles(257, LEAVES[:2], LEAVES[:1], lambda level, n: b"")
    with pytest.raises(StoredLogError, match="not 32 bytes"):
        full_tiles(0, [], [b"short"], lambda level, n: b"")
