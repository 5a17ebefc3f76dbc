"""A log that somebody else keeps, read through its tiles: nothing of it is believed before the signed root proves it.

    tree = RemoteTree(fetch, checkpoint.size, checkpoint.root)
    tree.root(seen.size) == seen.root       # the log still begins with what was seen of it

`fetch(path)` gives the bytes at a path below the log's prefix, from a folder or over a network, or raises `NotThere`.

Rules, kept whatever the other side serves:

1.  The incomplete tiles of all levels together give the signed root, or none of them is believed.
2.  A full tile is believed when its root is the hash at its place in the tile above, which was believed before it.
    So every root and every proof made here, at any size up to the signed one, is about the signed tree and no other.
3.  Entries are believed when their leaf hashes are those of their tile.
4.  A tile has exactly the bytes that its width asks for. Where a partial tile or bundle is not there (any more), the
    full one is asked for, and only as much of it is looked at as the signed size has.
5.  Nothing beyond the signed size is asked for.

Source: C2SP tlog-tiles (5ba5ee83), "Partial tiles" for rule 4; RFC 6962 section 2.1.
"""

from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache

from openmpca.tlog import merkle
from openmpca.tlog.merkle import HASH_BYTES, leaf_hash
from openmpca.tlog.tiles import TileError, TileName, full_count, partial_width, path_of, read_bundle
from openmpca.tlog.tree import TILE_HEIGHT, TILE_WIDTH, TILES_KEPT, Proofs

SIZE_LIMIT = 1 << 63

Fetch = Callable[[str], bytes]


class NotThere(LookupError):  # noqa: N818  the words of the field
    """The log does not give what stands at this path."""


class RemoteError(ValueError):
    """What the log gives is not of the tree that it signed; the message says which tile."""


class RemoteTree(Proofs):
    """The tree of a signed size and root over a log of somebody else."""

    def __init__(self, fetch: Fetch, size: int, root: bytes) -> None:
        if not 0 <= size < SIZE_LIMIT or (size == 0 and root != merkle.EMPTY_ROOT):
            raise RemoteError(f"no tree of size {size} has the root {root.hex()}")
        self.size, self.signed_root = size, root
        self._fetch = fetch
        self._full = lru_cache(TILES_KEPT)(self._read_full)

    def hashes(self, level: int, first: int, count: int, size: int) -> bytes:
        """`count` hashes of a level from `first`, all in one tile, which the signed tree has at that size."""
        if size > self.size:
            raise RemoteError(f"the log signed {self.size} entries, not {size}")
        n, at = divmod(first, TILE_WIDTH)
        return self._tile(level, n)[at * HASH_BYTES : (at + count) * HASH_BYTES]

    def check(self) -> None:
        """Read the right edge of the tree; RemoteError where it does not lead to the signed root."""
        _ = self._edge

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """The entries from `start` up to `end`, each one proven to be of the signed tree."""
        if not 0 <= start <= end <= self.size:
            raise RemoteError(f"the log signed {self.size} entries: there is no range from {start} to {end}")
        for n in range(start // TILE_WIDTH, -(-end // TILE_WIDTH)):
            first = n * TILE_WIDTH
            yield from self._bundle(n)[max(start - first, 0) : end - first]

    def _bundle(self, n: int) -> list[bytes]:
        hashes = self._tile(0, n)
        width = len(hashes) // HASH_BYTES
        name = TileName(None, n, width)
        data, found = self._partial_or_full(name)
        try:
            entries = read_bundle(data, found)[:width]
        except TileError as error:
            raise RemoteError(f"{path_of(name)}: {error}") from error
        if b"".join([leaf_hash(entry) for entry in entries]) != hashes:
            raise RemoteError(f"{path_of(name)} holds other entries than the signed tree")
        return entries

    def _tile(self, level: int, n: int) -> bytes:
        return self._full(level, n) if n < full_count(level, self.size) else self._edge[level]

    def _read_full(self, level: int, n: int) -> bytes:
        above, at = divmod(n, TILE_WIDTH)
        proven = self._tile(level + 1, above)[at * HASH_BYTES : (at + 1) * HASH_BYTES]
        name = TileName(level, n)
        hashes = self._read(name)
        if merkle.root(_split(hashes)) != proven:
            raise RemoteError(f"{path_of(name)} is no tile of the signed tree")
        return hashes

    @cached_property
    def _edge(self) -> dict[int, bytes]:
        """The incomplete tile of each level that has one."""
        edge: dict[int, bytes] = {}
        below: list[bytes] = []
        for level in range(-(-self.size.bit_length() // TILE_HEIGHT)):
            if width := partial_width(level, self.size):
                edge[level] = self._read(TileName(level, full_count(level, self.size), width))
                below = [merkle.root([*_split(edge[level]), *below])]
        if below and below[0] != self.signed_root:
            raise RemoteError(f"the last tiles of the log do not lead to the root that it signed for {self.size}")
        return edge

    def _read(self, name: TileName) -> bytes:
        data, width = self._partial_or_full(name)
        if len(data) != width * HASH_BYTES:
            raise RemoteError(f"{path_of(name)} has {len(data)} bytes, not those of {width} hashes")
        return data[: name.width * HASH_BYTES]

    def _partial_or_full(self, name: TileName) -> tuple[bytes, int]:
        """What stands there, and how many hashes or entries it is to hold."""
        try:
            return self._fetch(path_of(name)), name.width
        except NotThere:
            if name.width == TILE_WIDTH:
                raise
            return self._fetch(path_of(name._replace(width=TILE_WIDTH))), TILE_WIDTH


def _split(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]
