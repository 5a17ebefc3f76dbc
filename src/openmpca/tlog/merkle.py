"""The Merkle tree of a log, and the proofs that a party checks without the log: SHA-256, RFC 6962 and RFC 9162.

Rules:

1.  A leaf is SHA-256(0x00 || entry), a node SHA-256(0x01 || left || right), the empty tree SHA-256 of nothing.
2.  A proof is checked to its end: the leaf and every hash of it are 32 bytes, and none is left over.
3.  Consistency from the empty tree is refused here: it is true of every tree and proves nothing. A witness that
    meets a log for the first time decides that for itself.

Source: RFC 6962 section 2.1; RFC 9162 sections 2.1.3.2 (inclusion) and 2.1.4.2 (consistency).
"""

from collections.abc import Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


class ProofError(ValueError):
    """A proof does not show what it claims; the message says why."""


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, level by level; an odd one at the end goes up unchanged."""
    level = list(leaf_hashes)
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        level = [sha256(b"\x01" + one + two).digest() for one, two in zip(level[::2], level[1::2], strict=False)]
        level += odd
    return level[0]


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Raise ProofError unless the leaf hash stands at `index` of the tree with this size and root."""
    if not 0 <= index < size:
        raise ProofError(f"index {index} is not in a tree of size {size}")
    _check_hashes([leaf, *proof])
    place, last, computed = index, size - 1, leaf
    for step in proof:
        if last == 0:
            raise ProofError("the inclusion proof is too long")
        if place & 1 or place == last:
            computed = node_hash(step, computed)
            place, last = _past_missing_siblings(place, last)
        else:
            computed = node_hash(computed, step)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise ProofError("the inclusion proof is too short")
    if computed != root:
        raise ProofError("the inclusion proof leads to another root")


def verify_consistency(size1: int, size2: int, proof: Sequence[bytes], root1: bytes, root2: bytes) -> None:
    """Raise ProofError unless the tree of `size2` and `root2` begins with the whole tree of `size1` and `root1`."""
    if not 1 <= size1 <= size2:
        raise ProofError(f"sizes {size1} and {size2} cannot be compared: from 1, and not shrinking")
    if size1 == size2:
        if proof or root1 != root2:
            raise ProofError("trees of one size need the same root and no proof")
        return
    _check_hashes(proof)
    if not proof:
        raise ProofError("the consistency proof is empty")
    # A perfect old tree is itself the first hash, which the proof therefore leaves out.
    steps = list(proof) if size1 & (size1 - 1) else [root1, *proof]
    if _walk_consistency(size1, size2, steps) != (root1, root2):
        raise ProofError("the consistency proof leads to other roots")


def _walk_consistency(size1: int, size2: int, steps: Sequence[bytes]) -> tuple[bytes, bytes]:
    place, last = size1 - 1, size2 - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise ProofError("the consistency proof is too long")
        if place & 1 or place == last:
            old, new = node_hash(step, old), node_hash(step, new)
            place, last = _past_missing_siblings(place, last)
        else:
            new = node_hash(new, step)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise ProofError("the consistency proof is too short")
    return old, new


def _past_missing_siblings(place: int, last: int) -> tuple[int, int]:
    """Climb from a right-most node to where it is a right child: levels on the way have no sibling to hash."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _check_hashes(proof: Sequence[bytes]) -> None:
    if any(len(step) != HASH_BYTES for step in proof):
        raise ProofError(f"a hash of the proof is not {HASH_BYTES} bytes")
