"""A stored log as a tree: its roots and proofs at any size it has had, and the tiles that an append makes.

Rules:

1.  Only full tiles are stored: 256 hashes of a level, which never change once they are there. Tile (0, n) holds the
    leaf hashes from 256n; tile (l, n) the roots of the tiles (l - 1, 256n) to (l - 1, 256n + 255).
2.  The leaf hashes after the last full tile come from the entries themselves.
3.  A tree of a size is cut into perfect subtrees, largest first. Each is the root of a run of hashes in one tile.

Source: C2SP tlog-tiles (5ba5ee83); RFC 6962 section 2.1.1 and 2.1.2 for the proofs.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from openmpca.tlog.merkle import EMPTY_ROOT, HASH_BYTES, node_hash

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
TILE_BYTES = TILE_WIDTH * HASH_BYTES
TILES_KEPT = 64
FLOORS_KEPT = 256
TILE_ROOTS_KEPT = 4096

ReadTile = Callable[[int, int], bytes]
ReadLeaves = Callable[[int, int], list[bytes]]


class StoredLogError(ValueError):
    """The stored log lacks, or holds in a wrong length, what a tree of this size needs."""


class FullTile(NamedTuple):
    """A tile that is complete: 256 hashes of its level, joined."""

    level: int
    n: int
    hashes: bytes


class Proofs(ABC):
    """Roots and proofs of a tree at any size, made from the hashes of its tiles."""

    @abstractmethod
    def hashes(self, level: int, first: int, count: int, size: int) -> bytes:
        """`count` hashes of a level from `first`, all in one tile, at a size that has them."""

    def root(self, size: int) -> bytes:
        _check(size >= 0, f"a tree has no size {size}")
        return self._span(0, size, size) if size else EMPTY_ROOT

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """The hashes from the sibling of the leaf up to the root."""
        _check(0 <= index < size, f"index {index} is not in a tree of size {size}")
        proof: list[bytes] = []
        start, end = 0, size
        while end - start > 1:
            middle = start + _largest_power_below(end - start)
            if index < middle:
                proof.append(self._span(middle, end, size))
                end = middle
            else:
                proof.append(self._span(start, middle, size))
                start = middle
        return proof[::-1]

    def consistency_proof(self, size1: int, size2: int) -> list[bytes]:
        """The hashes that show the tree of `size1` at the beginning of that of `size2`; none for equal sizes."""
        _check(1 <= size1 <= size2, f"sizes {size1} and {size2} cannot be compared: from 1, and not shrinking")
        proof: list[bytes] = []
        start, end = 0, size2
        while end != size1:
            middle = start + _largest_power_below(end - start)
            if size1 <= middle:
                proof.append(self._span(middle, end, size2))
                end = middle
            else:
                proof.append(self._span(start, middle, size2))
                start = middle
        # The proof begins with the subtree both trees share, unless that is the whole old tree, whose root is known.
        if start:
            proof.append(self._span(start, end, size2))
        return proof[::-1]

    def _span(self, start: int, end: int, size: int) -> bytes:
        """The root of leaves start to end, where start is a multiple of a power of two not less than their number."""
        parts: list[bytes] = []
        while start < end:
            height = (end - start).bit_length() - 1
            parts.append(self._perfect(height, start >> height, size))
            start += 1 << height
        computed = parts.pop()
        while parts:
            computed = node_hash(parts.pop(), computed)
        return computed

    def _perfect(self, height: int, n: int, size: int) -> bytes:
        """The root of the n-th subtree of 2**height leaves, from the highest stored level that is not above it."""
        level, rest = divmod(height, TILE_HEIGHT)
        first, count = n << rest, 1 << rest
        return _fold(self.hashes(level, first, count, size))


class Tree(Proofs):
    """The tree over a stored log.

    `read_tile(level, n)` gives a full tile, `read_leaves(start, end)` the leaf hashes of the incomplete end, start a
    multiple of 256 and end at most 255 further. Nothing a log holds ever changes, so what was read is kept for the
    next question, and one Tree may serve for as long as the log only grows.
    """

    def __init__(self, read_tile: ReadTile, read_leaves: ReadLeaves) -> None:
        tile = lru_cache(TILES_KEPT)(_checked(read_tile))
        self._tile = tile
        self._floors = lru_cache(FLOORS_KEPT)(lambda level, n: _floors(tile(level, n)))
        self._tile_root = lru_cache(TILE_ROOTS_KEPT)(lambda level, n: _fold(tile(level, n)))
        self._leaves = lru_cache(1)(_checked_leaves(read_leaves))

    def _perfect(self, height: int, n: int, size: int) -> bytes:
        level, rest = divmod(height, TILE_HEIGHT)
        tile, at = divmod(n << rest, TILE_WIDTH)
        if (tile + 1) << (TILE_HEIGHT * (level + 1)) > size:
            return super()._perfect(height, n, size)
        return self._floors(level, tile)[rest][(at >> rest) * HASH_BYTES :][:HASH_BYTES]

    def hashes(self, level: int, first: int, count: int, size: int) -> bytes:
        n, at = divmod(first, TILE_WIDTH)
        if (n + 1) << (TILE_HEIGHT * (level + 1)) <= size:
            return self._tile(level, n)[at * HASH_BYTES : (at + count) * HASH_BYTES]
        if level:
            return b"".join([self._tile_root(level - 1, one) for one in range(first, first + count)])
        return self._leaves(n * TILE_WIDTH, size)[at * HASH_BYTES : (at + count) * HASH_BYTES]

    def tile(self, level: int, n: int, width: int, size: int) -> bytes:
        """The first `width` hashes of a tile, all of which a tree of this size has."""
        whole = n >= 0 and 1 <= width <= TILE_WIDTH and (n * TILE_WIDTH + width) << (TILE_HEIGHT * level) <= size
        _check(whole, f"a tree of size {size} has no {width} hashes in tile {n} of level {level}")
        return self.hashes(level, n * TILE_WIDTH, width, size)


def full_tiles(old_size: int, tail: list[bytes], new: Sequence[bytes], read_tile: ReadTile) -> list[FullTile]:
    """The tiles that become full when leaf hashes are appended, lower levels first.

    `tail` is the leaf hashes after the last full tile of the old size. `read_tile` is asked only for tiles of
    before the append, one level below a tile that they help to fill.
    """
    _check(len(tail) == old_size % TILE_WIDTH, f"{len(tail)} leaf hashes are not the end of a log of {old_size}")
    made: list[FullTile] = []
    first, hashes = old_size - len(tail), [*tail, *new]
    _check(set(map(len, hashes)) <= {HASH_BYTES}, f"a leaf hash is not {HASH_BYTES} bytes")
    read, level = _checked(read_tile), 0
    while len(hashes) >= TILE_WIDTH:
        joined = b"".join(hashes[: len(hashes) // TILE_WIDTH * TILE_WIDTH])
        begin = first // TILE_WIDTH
        tiles = [
            FullTile(level, begin + at // TILE_BYTES, joined[at : at + TILE_BYTES])
            for at in range(0, len(joined), TILE_BYTES)
        ]
        made += tiles
        first = begin - begin % TILE_WIDTH
        if begin + len(tiles) - first < TILE_WIDTH:
            break
        hashes = [_fold(read(level, n)) for n in range(first, begin)]
        hashes += [_fold(tile.hashes) for tile in tiles]
        level += 1
    return made


def _fold(hashes: bytes) -> bytes:
    """The root of a power of two of joined hashes."""
    while len(hashes) > HASH_BYTES:
        hashes = _paired(hashes)
    return hashes


def _floors(tile: bytes) -> list[bytes]:
    """The hashes of a tile, and of each height in it below its root."""
    floors = [tile]
    while len(floors) < TILE_HEIGHT:
        floors.append(_paired(floors[-1]))
    return floors


def _paired(hashes: bytes) -> bytes:
    pairs = range(0, len(hashes), 2 * HASH_BYTES)
    return b"".join([sha256(b"\x01" + hashes[at : at + 2 * HASH_BYTES]).digest() for at in pairs])


def _largest_power_below(count: int) -> int:
    return 1 << ((count - 1).bit_length() - 1)


def _checked(read_tile: ReadTile) -> ReadTile:
    def read(level: int, n: int) -> bytes:
        tile = read_tile(level, n)
        _check(len(tile) == TILE_BYTES, f"tile {n} of level {level} has {len(tile)} bytes, not {TILE_BYTES}")
        return tile

    return read


def _checked_leaves(read_leaves: ReadLeaves) -> Callable[[int, int], bytes]:
    def read(start: int, end: int) -> bytes:
        leaves = read_leaves(start, end)
        whole = len(leaves) == end - start and set(map(len, leaves)) == {HASH_BYTES}
        _check(whole, f"the hashes of the leaves from {start} to before {end} are not all there")
        return b"".join(leaves)

    return read


def _check(holds: bool, message: str) -> None:
    if not holds:
        raise StoredLogError(message)
