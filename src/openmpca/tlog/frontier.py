"""The right edge of a tree: all that is needed to append to it and to know its root, without reading the log.

    >>> from openmpca.tlog.merkle import leaf_hash, root
    >>> leaves = [leaf_hash(entry) for entry in (b"one", b"two", b"three")]
    >>> Frontier().extended(leaves).root() == root(leaves)
    True

Rule: a tree of a size is cut into perfect subtrees, one for each binary one of the size, largest first; the frontier
is their roots. `to_bytes` and `from_bytes` join them, at most 64 hashes. It says nothing that the log does not say:
`openmpca.tlog.tree.Tree.root` finds the same root from the tiles, which is how a stored frontier is verified.

Source: RFC 6962 section 2.1.
"""

from collections.abc import Iterable
from typing import NamedTuple

from openmpca.tlog.merkle import EMPTY_ROOT, HASH_BYTES, node_hash


class FrontierError(ValueError):
    """The hashes are not the frontier of a tree of this size."""


class Frontier(NamedTuple):
    """The roots of the perfect subtrees of a tree of this size, the largest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    @classmethod
    def from_bytes(cls, size: int, joined: bytes) -> "Frontier":
        """The frontier of a size from its joined hashes. Raises FrontierError where there are too few or too many."""
        if size < 0 or len(joined) != size.bit_count() * HASH_BYTES:
            raise FrontierError(f"{len(joined)} bytes are not the frontier of a tree of size {size}")
        return cls(size, tuple(joined[at : at + HASH_BYTES] for at in range(0, len(joined), HASH_BYTES)))

    def to_bytes(self) -> bytes:
        return b"".join(self.peaks)

    def extended(self, leaf_hashes: Iterable[bytes]) -> "Frontier":
        """The frontier after these leaf hashes are appended."""
        size, peaks = self.size, list(self.peaks)
        for leaf in leaf_hashes:
            grown, left = leaf, size
            while left & 1:
                grown = node_hash(peaks.pop(), grown)
                left >>= 1
            peaks.append(grown)
            size += 1
        return Frontier(size, tuple(peaks))

    def root(self) -> bytes:
        if not self.peaks:
            return EMPTY_ROOT
        computed = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            computed = node_hash(peak, computed)
        return computed
