import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openmpca.tlog import merkle
from openmpca.tlog.merkle import leaf_hash, verify_consistency, verify_inclusion
from openmpca.tlog.remote import NotThere, RemoteError, RemoteTree
from openmpca.tlog.tiles import TileName, name_of, path_of, tiles_of, write_bundle
from openmpca.tlog.tree import StoredLogError, Tree, full_tiles

ENTRIES = [b"entry %d" % number for number in range(66_000)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


class Other:
    """A log of somebody else with its files as they were at one size; what is changed in `files` is its lie."""

    def __init__(self, size: int, entries: list[bytes] = ENTRIES) -> None:
        leaves = LEAVES if entries is ENTRIES else [leaf_hash(entry) for entry in entries]
        stored = {(made.level, made.n): made.hashes for made in full_tiles(0, [], leaves[:size], lambda level, n: b"")}
        self.tree = Tree(lambda level, n: stored[level, n], lambda start, end: leaves[start:end])
        self.size, self.entries = size, entries
        self.files: dict[str, bytes] = {}
        self.read: list[str] = []

    @property
    def root(self) -> bytes:
        return self.tree.root(self.size)

    def fetch(self, path: str) -> bytes:
        self.read.append(path)
        if path in self.files:
            return self.files[path]
        return self.made(path)

    def made(self, path: str) -> bytes:
        level, n, width = name_of(path)
        if level is None:
            entries = self.entries[n * 256 : min(n * 256 + width, self.size)]
            if len(entries) != width:
                raise NotThere(path)
            return write_bundle(entries)
        try:
            return self.tree.tile(level, n, width, self.size)
        except StoredLogError as error:
            raise NotThere(path) from error

    def without_partial_tiles(self, path: str) -> bytes:
        if ".p/" in path:
            raise NotThere(path)
        return self.made(path)

    def remote(self, size: int | None = None, root: bytes | None = None) -> RemoteTree:
        at = self.size if size is None else size
        return RemoteTree(self.fetch, at, self.tree.root(at) if root is None else root)


BIG = Other(66_000)


@given(st.integers(0, 66_000))
@settings(max_examples=60)
def test_the_root_at_every_size_is_found_from_the_tiles(size: int) -> None:
    assert BIG.remote().root(size) == BIG.tree.root(size)


@pytest.mark.parametrize("size", [1, 255, 256, 257, 512, 65_535, 65_536, 65_792])
def test_levels_without_an_incomplete_tile_are_passed_over(size: int) -> None:
    remote = BIG.remote(size)
    remote.check()
    assert remote.inclusion_proof(size - 1, size) == BIG.tree.inclusion_proof(size - 1, size)


@given(st.data())
@settings(max_examples=60)
def test_proofs_at_any_size_hold(data: st.DataObject) -> None:
    signed = data.draw(st.integers(1, 66_000))
    size = data.draw(st.integers(1, signed))
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    remote = BIG.remote(signed)
    root = remote.root(size)
    verify_inclusion(index, size, LEAVES[index], remote.inclusion_proof(index, size), root)
    verify_consistency(old, size, remote.consistency_proof(old, size), remote.root(old), root)


@given(st.data())
@settings(max_examples=30)
def test_entries_of_a_range_are_given(data: st.DataObject) -> None:
    signed = data.draw(st.integers(0, 3000))
    start = data.draw(st.integers(0, signed))
    end = data.draw(st.integers(start, signed))
    assert list(BIG.remote(signed).entries(start, end)) == ENTRIES[start:end]


def test_few_files_are_read_for_a_proof() -> None:
    log = Other(66_000)
    log.remote().consistency_proof(300, 66_000)
    assert len(log.read) == len(set(log.read)) <= 6


def test_the_tiles_of_a_log_of_another_implementation_are_read(shared_folder: Path) -> None:
    folder = shared_folder / "vectors/tlog/tessera-log"

    def fetch(path: str) -> bytes:
        return (folder / path).read_bytes()

    for size in range(1, 16):
        root = merkle.root(
            [leaf_hash(entry) for entry in RemoteTree(fetch, size, _root(folder, size)).entries(0, size)]
        )
        assert root == _root(folder, size)


def _root(folder: Path, size: int) -> bytes:
    return base64.b64decode((folder / f"checkpoint.{size}").read_text().split("\n")[2])


@pytest.mark.parametrize("size", [1, 255, 257, 600])
def test_where_partial_tiles_are_gone_the_full_ones_are_read(size: int) -> None:
    remote = RemoteTree(BIG.without_partial_tiles, size, BIG.tree.root(size))
    remote.check()
    assert list(remote.entries(0, size)) == ENTRIES[:size]


def test_a_log_owes_the_partial_tiles_of_what_is_not_full_yet() -> None:
    log = Other(300)
    with pytest.raises(NotThere):
        RemoteTree(log.without_partial_tiles, 300, log.root).check()


def test_a_full_tile_that_is_missing_is_not_looked_for_elsewhere() -> None:
    log = Other(600)

    def fetch(path: str) -> bytes:
        if path == "tile/0/000":
            raise NotThere(path)
        return log.made(path)

    with pytest.raises(NotThere):
        RemoteTree(fetch, 600, log.root).root(3)


def test_an_empty_log_has_nothing_to_read() -> None:
    log = Other(0)
    remote = log.remote()
    remote.check()
    assert remote.root(0) == merkle.EMPTY_ROOT
    assert list(remote.entries(0, 0)) == log.read == []


@pytest.mark.parametrize(("size", "root"), [(0, bytes(32)), (-1, merkle.EMPTY_ROOT), (1 << 63, bytes(32))])
def test_a_size_that_cannot_have_the_root_is_refused(size: int, root: bytes) -> None:
    with pytest.raises(RemoteError, match="no tree of size"):
        RemoteTree(BIG.fetch, size, root)


def test_nothing_beyond_the_signed_size_is_given() -> None:
    remote = BIG.remote(300)
    asked: list[Callable[[], object]] = [
        lambda: remote.root(301),
        lambda: remote.inclusion_proof(0, 301),
        lambda: list(remote.entries(0, 301)),
        lambda: list(remote.entries(-1, 3)),
        lambda: list(remote.entries(4, 3)),
    ]
    for each in asked:
        with pytest.raises(RemoteError):
            each()


def test_the_last_tiles_of_another_tree_are_not_believed() -> None:
    log, other = Other(300), Other(300, [b"other %d" % number for number in range(300)])
    for name in tiles_of(300):
        if name.width < 256:
            log.files[path_of(name)] = other.fetch(path_of(name))
    remote = log.remote()
    with pytest.raises(RemoteError, match="do not lead to the root"):
        remote.check()
    with pytest.raises(RemoteError, match="do not lead to the root"):
        remote.inclusion_proof(1, 300)


def test_a_full_tile_of_another_tree_is_not_believed() -> None:
    log, other = Other(600), Other(600, [b"other %d" % number for number in range(600)])
    log.files["tile/0/001"] = other.fetch("tile/0/001")
    remote = log.remote()
    remote.check()
    assert remote.root(200)
    with pytest.raises(RemoteError, match="tile/0/001 is no tile of the signed tree"):
        remote.root(300)


def test_a_tile_at_the_place_of_another_is_not_believed() -> None:
    log = Other(600)
    log.files["tile/0/000"] = log.fetch("tile/0/001")
    with pytest.raises(RemoteError, match="tile/0/000"):
        log.remote().root(3)


@pytest.mark.parametrize("path", ["tile/0/000", "tile/0/002.p/88"])
@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data + b"x", lambda data: b""])
def test_a_tile_of_another_length_is_not_believed(path: str, change: Callable[[bytes], bytes]) -> None:
    log = Other(600)
    log.files[path] = change(log.fetch(path))
    with pytest.raises(RemoteError, match="hashes"):
        log.remote().root(3)


def test_entries_that_are_not_those_of_the_tree_are_not_believed() -> None:
    log = Other(300)
    log.files[path_of(TileName(None, 0))] = write_bundle([b"x", *ENTRIES[1:256]])
    log.files[path_of(TileName(None, 1, 44))] = write_bundle(ENTRIES[256:299])
    with pytest.raises(RemoteError, match="other entries"):
        list(log.remote().entries(0, 1))
    with pytest.raises(RemoteError, match=r"tile/entries/001\.p/44"):
        list(log.remote().entries(299, 300))


def test_a_signed_size_that_the_log_does_not_have_is_noticed() -> None:
    log = Other(300)
    with pytest.raises(NotThere):
        log.remote(301, bytes(32)).check()


def test_only_the_hashes_that_a_tree_has_are_given_as_a_tile() -> None:
    tree = BIG.tree
    assert tree.tile(0, 0, 3, 300) == b"".join(LEAVES[:3])
    assert tree.tile(1, 0, 2, 600) == tree.root(256) + merkle.root(LEAVES[256:512])
    for level, n, width, size in [(0, 1, 45, 300), (1, 0, 2, 511), (0, -1, 1, 300), (0, 0, 0, 300), (0, 0, 257, 600)]:
        with pytest.raises(StoredLogError):
            tree.tile(level, n, width, size)


@given(st.dictionaries(st.sampled_from([path_of(name) for name in tiles_of(600)]), st.binary(max_size=70)), st.data())
@settings(max_examples=60)
def test_whatever_is_served_the_tree_is_the_signed_one_or_none(lies: dict[str, bytes], data: st.DataObject) -> None:
    log = Other(600)
    for path, lie in lies.items():
        whole = log.made(path)
        cut = data.draw(st.integers(0, len(whole)))
        log.files[path] = whole[:cut] + lie + whole[cut + data.draw(st.integers(0, len(lie))) :]
    size = data.draw(st.integers(1, 600))
    remote = log.remote()
    try:
        found = remote.root(size), remote.inclusion_proof(size - 1, 600), list(remote.entries(size - 1, size))
    except (RemoteError, NotThere):
        return
    assert found == (log.tree.root(size), log.tree.inclusion_proof(size - 1, 600), [ENTRIES[size - 1]])
