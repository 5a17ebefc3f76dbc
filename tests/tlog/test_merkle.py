import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree  # type: ignore[import-untyped]

from openmpca.tlog import merkle
from openmpca.tlog.merkle import ProofError, leaf_hash, node_hash, root, verify_consistency, verify_inclusion

WORDS = b"one two three four five six seven eit nain ten ileven twelf threeten fourten fivten".split()


def vectors(shared_folder: Path, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shared_folder / "vectors/tlog/merkle-proofs.json").read_text())[kind]
    return found


def taken(check: Callable[..., None], *arguments: object) -> bool:
    try:
        check(*arguments)
    except ProofError:
        return False
    return True


def plain(value: str | None) -> bytes:
    return base64.b64decode(value or "", validate=True)


def test_the_hashes_are_those_of_rfc_6962() -> None:
    # transparency-dev/merkle 417fb0c3, rfc6962_test.go
    assert merkle.EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root([]) == merkle.EMPTY_ROOT
    assert leaf_hash(b"").hex().startswith("6e340b9c")
    assert leaf_hash(b"L123456").hex().startswith("395aa064")
    assert node_hash(b"N123", b"N456").hex().startswith("aa217fe8")


def test_published_inclusion_proofs_are_taken_and_refused(shared_folder: Path) -> None:
    cases = vectors(shared_folder, "inclusion")
    assert len(cases) == 98
    for name, case in cases.items():
        proof = [plain(step) for step in case["proof"] or []]
        leaf, root = plain(case["leafHash"]), plain(case["root"])
        as_told = taken(verify_inclusion, case["leafIdx"], case["treeSize"], leaf, proof, root)
        assert as_told is not case["wantErr"], name


def test_published_consistency_proofs_are_taken_and_refused(shared_folder: Path) -> None:
    cases = vectors(shared_folder, "consistency")
    assert len(cases) == 98
    for name, case in cases.items():
        proof = [plain(step) for step in case["proof"] or []]
        roots = plain(case["root1"]), plain(case["root2"])
        as_told = taken(verify_consistency, case["size1"], case["size2"], proof, *roots)
        assert as_told is not case["wantErr"], name


def test_consistency_from_the_empty_tree_is_refused() -> None:
    one = leaf_hash(b"one")
    with pytest.raises(ProofError, match="cannot be compared"):
        verify_consistency(0, 1, [], merkle.EMPTY_ROOT, one)


def test_the_written_out_proofs_for_the_log_of_fifteen_words_hold() -> None:
    whole = [leaf_hash(word) for word in WORDS]
    proof = [
        plain("2Q0P5jSR+TdkwdXWyx+GbBWX0KZbNZkWzCjyTPSozsw="),
        plain("ycRkkNklus5eMVRUvkD1pK321vMrA+jjOiZKU8aOcY4="),
        plain("zY1lN35vrXYAPixXSd59LsU29xUJtuW4o2dNNg5Y2Co="),
        plain("5jLpqTgjsBDSEX6SgZiRnbTMdTuRd8bQ5tSsAOxe0Ks="),
    ]
    assert root(whole) == plain("rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=")
    assert whole[7] == plain("ThcgoV2DYcK+VCxBUDWAlNxmLy2r7dq7dK7+OlgQKWs=")
    verify_inclusion(7, 15, whole[7], proof, root(whole))
    verify_consistency(7, 15, [proof[0], whole[7], *proof[1:]], root(whole[:7]), root(whole))


def test_a_proof_that_breaks_off_or_goes_on_is_refused() -> None:
    whole = [leaf_hash(word) for word in WORDS[:3]]
    old, new = root(whole[:2]), root(whole)
    verify_consistency(2, 3, [whole[2]], old, new)
    with pytest.raises(ProofError, match="too long"):
        verify_consistency(2, 3, [whole[2], whole[2]], old, new)
    with pytest.raises(ProofError, match="too short"):
        verify_consistency(1, 3, [whole[1]], whole[0], new)
    with pytest.raises(ProofError, match="too short"):
        verify_inclusion(0, 3, whole[0], [whole[1]], new)
    with pytest.raises(ProofError, match="too long"):
        verify_inclusion(2, 3, whole[2], [old, old], new)


def test_a_proof_with_a_hash_of_another_length_is_refused() -> None:
    left, right = leaf_hash(b"left"), leaf_hash(b"right")
    with pytest.raises(ProofError, match="not 32 bytes"):
        verify_inclusion(0, 2, left + right[:1], [right[1:]], node_hash(left, right))


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_the_root_is_that_of_an_independent_library(entries: list[bytes]) -> None:
    other = InmemoryTree(algorithm="sha256")
    for entry in entries:
        other.append_entry(entry)
    assert root([leaf_hash(entry) for entry in entries]) == other.get_root()
