import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmpca.tlog.checkpoint import Checkpoint
from openmpca.tlog.lines import bytes_of
from openmpca.tlog.merkle import ProofError, leaf_hash, node_hash
from openmpca.tlog.note import NoteError, signed
from openmpca.tlog.policy import Policy
from openmpca.tlog.proof import MAX_PROOF_BYTES, TlogProof, TlogProofError
from tests.tlog import published

LOG = published.own_log()
ENTRIES = (b"one", b"two")
ROOT = node_hash(*map(leaf_hash, ENTRIES))
NOTE = signed(Checkpoint(LOG.name, 2, ROOT).text(), LOG).encode()
PROOF = TlogProof(0, (leaf_hash(b"two"),), NOTE)
POLICY = Policy.parse(f"log {LOG.verifier}\nquorum none\n")
hashes = st.binary(min_size=32, max_size=32)


def proof_of_eit(shared_folder: Path) -> bytes:
    checkpoint = (shared_folder / "vectors/tlog/tessera-log/checkpoint.15").read_text(encoding="utf-8")
    lines = ["c2sp.org/tlog-proof@v1", "index 7", *published.PROOF_OF_EIT, ""]
    return ("\n".join(lines) + "\n" + checkpoint + published.WITNESS_LINE + "\n").encode()


def test_the_published_proof_is_read_verified_and_written_byte_for_byte(shared_folder: Path) -> None:
    data = proof_of_eit(shared_folder)
    proof = TlogProof.parse(data)
    assert proof.encode() == data
    assert (proof.index, proof.hashes) == (7, tuple(map(bytes_of, published.PROOF_OF_EIT)))
    policy = Policy.parse(f"log {published.LOG_KEY}\nwitness one {published.WITNESS_KEY}\nquorum one\n")
    judgement = proof.verified(b"eit", policy, published.LOG_NAME)
    assert judgement.no_later_than == published.WITNESS_TIME
    for entry in (*published.WORDS[:7], *published.WORDS[8:], b"", b"eit\n"):
        with pytest.raises(ProofError, match="leads to another root"):
            proof.verified(entry, policy, published.LOG_NAME)


def test_a_proof_without_the_cosignature_that_the_policy_wants_proves_nothing(shared_folder: Path) -> None:
    data = proof_of_eit(shared_folder).replace(published.WITNESS_LINE.encode() + b"\n", b"")
    policy = Policy.parse(f"log {published.LOG_KEY}\nwitness one {published.WITNESS_KEY}\nquorum one\n")
    with pytest.raises(TlogProofError, match="not signed by the log and the quorum"):
        TlogProof.parse(data).verified(b"eit", policy, published.LOG_NAME)


def test_a_proof_for_one_place_does_not_hold_for_another() -> None:
    assert PROOF.verified(b"one", POLICY, LOG.name).met
    with pytest.raises(ProofError, match="leads to another root"):
        TlogProof(1, PROOF.hashes, NOTE).verified(b"one", POLICY, LOG.name)
    with pytest.raises(ProofError, match="not in a tree"):
        TlogProof(2, PROOF.hashes, NOTE).verified(b"one", POLICY, LOG.name)
    with pytest.raises(ProofError, match="too short"):
        TlogProof(0, (), NOTE).verified(b"one", POLICY, LOG.name)


def test_a_node_cannot_be_shown_as_an_entry() -> None:
    with pytest.raises(ProofError):
        TlogProof(0, (), NOTE).verified(leaf_hash(b"one") + leaf_hash(b"two"), POLICY, LOG.name)


def test_a_proof_of_another_log_or_with_a_false_signature_is_refused() -> None:
    with pytest.raises(TlogProofError, match="knows no log"):
        PROOF.verified(b"one", POLICY, "example.org/other")
    other = signed(Checkpoint("example.org/other", 2, ROOT).text(), LOG).encode()
    with pytest.raises(TlogProofError, match=r"not of 'example\.org/log'"):
        TlogProof(0, PROOF.hashes, other).verified(b"one", POLICY, LOG.name)
    false = signed(Checkpoint(LOG.name, 3, ROOT).text(), LOG).encode().replace(b"\n3\n", b"\n2\n")
    with pytest.raises(TlogProofError, match="is false"):
        TlogProof(0, PROOF.hashes, false).verified(b"one", POLICY, LOG.name)


def test_extra_data_is_carried_and_authenticated_by_nothing() -> None:
    proof = TlogProof(0, PROOF.hashes, NOTE, b"\x00anything")
    assert TlogProof.parse(proof.encode()) == proof
    assert proof.encode().split(b"\n")[1] == b"extra AGFueXRoaW5n"
    assert proof.verified(b"one", POLICY, LOG.name) == PROOF.verified(b"one", POLICY, LOG.name)


@given(
    st.integers(0, 2**63 - 1), st.lists(hashes, max_size=63).map(tuple), st.none() | st.binary(min_size=1, max_size=99)
)
def test_a_proof_reads_back(index: int, steps: tuple[bytes, ...], extra: bytes | None) -> None:
    proof = TlogProof(index, steps, NOTE, extra)
    assert TlogProof.parse(proof.encode()) == proof


GOOD = PROOF.encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"c2sp.org/tlog-proof@v1",
        b"c2sp.org/tlog-proof@v1\n\n" + NOTE,
        GOOD.replace(b"@v1", b"@v2"),
        GOOD.replace(b"\n", b"\r\n"),
        b"\n" + GOOD,
        b" " + GOOD,
        GOOD.replace(b"index 0", b"index 00"),
        GOOD.replace(b"index 0", b"index -1"),
        GOOD.replace(b"index 0", b"index  0"),
        GOOD.replace(b"index 0", b"Index 0"),
        GOOD.replace(b"index 0", b"index 9223372036854775808"),
        GOOD.replace(b"index 0\n", b""),
        GOOD.replace(b"index", b"extra AA==\nextra AA==\nindex"),
        GOOD.replace(b"index", b"extra \nindex"),
        GOOD.replace(b"index", b"extra AB==\nindex"),
        GOOD.replace(b"index", b"extra\nindex"),
        GOOD.replace(b"index", "extra Ａ===\nindex".encode()),
        GOOD.replace(b"index", b"extra \xff\nindex"),
        GOOD.replace(b"index 0\n", b"index 0\n\n"),
        GOOD.replace(b"index 0\n", b"index 0\nAAAA\n"),
        GOOD.replace(b"=\n\n", b"\n\n"),
        GOOD.replace(NOTE, b""),
        GOOD.replace(NOTE, NOTE[:-1]),
        GOOD.replace(NOTE, b"\n" + NOTE),
        GOOD.replace(NOTE, signed("No checkpoint.\n", LOG).encode()),
        TlogProof(0, (bytes(32),) * 63, NOTE).encode().replace(b"index 0\n", b"index 0\n" + b"A" * 43 + b"=\n"),
    ],
)
def test_what_is_no_proof_is_refused(data: bytes) -> None:
    with pytest.raises(TlogProofError):
        TlogProof.parse(data)


@given(
    st.binary(max_size=200)
    | st.integers(0, len(GOOD)).flatmap(
        lambda at: st.binary(max_size=4).map(lambda new: GOOD[:at] + new + GOOD[at + 1 :])
    )
)
def test_whatever_is_taken_as_a_proof_would_be_written_so(data: bytes) -> None:
    try:
        proof = TlogProof.parse(data)
    except TlogProofError:
        return
    assert proof.encode() == data


@pytest.mark.parametrize(
    ("index", "steps", "checkpoint", "extra"),
    [
        (-1, (), NOTE, None),
        (2**63, (), NOTE, None),
        (0, (bytes(31),), NOTE, None),
        (0, (bytes(32),) * 64, NOTE, None),
        (0, (), NOTE, b""),
        (0, (), b"no note", None),
    ],
)
def test_a_proof_that_could_not_be_read_back_is_not_made(
    index: int, steps: tuple[bytes, ...], checkpoint: bytes, extra: bytes | None
) -> None:
    with pytest.raises(TlogProofError):
        TlogProof(index, steps, checkpoint, extra)


def test_the_largest_proofs_are_read_in_time_and_larger_ones_are_not() -> None:
    begun = time.process_time()
    TlogProof.parse(TlogProof(0, (bytes(32),) * 63, NOTE, bytes(1_400_000)).encode())
    for data in (
        GOOD.replace(b"index 0\n", b"index 0\n" + b"A\n" * 900_000),
        GOOD.replace(b"index 0", b"index " + b"9" * 1_900_000),
        b"\n" * MAX_PROOF_BYTES,
        b"c2sp.org/tlog-proof@v1\n" + b"\xff" * 1_900_000 + b"\n\n",
    ):
        with pytest.raises(TlogProofError):
            TlogProof.parse(data)
    assert time.process_time() - begun < 3
    with pytest.raises(TlogProofError, match="at most 2000000 bytes"):
        TlogProof.parse(b"x" * (MAX_PROOF_BYTES + 1))


def test_every_error_of_a_proof_is_an_error_of_proofs_or_notes() -> None:
    assert issubclass(TlogProofError, ProofError)
    assert not issubclass(TlogProofError, NoteError)
