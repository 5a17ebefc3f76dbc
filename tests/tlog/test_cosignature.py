from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from openmpca.tlog.checkpoint import Checkpoint, CheckpointError
from openmpca.tlog.cosignature import CosignatureError, cosigned, cosigned_at
from openmpca.tlog.note import Note, Signature, signed
from openmpca.tlog.vkey import COSIGNATURE, ED25519, ML_DSA_44, Signer, Verifier
from tests.tlog import published

LOG = published.own_log()
ROOT = bytes(range(32))
NOTE = signed(Checkpoint(LOG.name, 7, ROOT).text(), LOG)
WITNESS = published.own_witness("witness.example.org", 3)


def post_quantum_key(seed: bytes = bytes(32), name: str = "witness.example.org") -> tuple[MLDSA44PrivateKey, Verifier]:
    key = MLDSA44PrivateKey.from_seed_bytes(seed)
    return key, Verifier(name, ML_DSA_44, key.public_key().public_bytes_raw())


def subtree(cosigner: str, seconds: int, origin: str, size: int, root: bytes) -> bytes:
    """What is signed, written out from the text of tlog-cosignature and not taken from the code under test."""
    return (
        b"subtree/v1\n\x00"
        + bytes([len(cosigner.encode())])
        + cosigner.encode()
        + seconds.to_bytes(8, "big")
        + bytes([len(origin.encode())])
        + origin.encode()
        + b"\x00\x00\x00\x00\x00\x00\x00\x00"
        + size.to_bytes(8, "big")
        + root
    )


def post_quantum_cosignature(note: Note, seconds: int, name: str = "witness.example.org") -> tuple[Signature, Verifier]:
    key, verifier = post_quantum_key(name=name)
    checkpoint = Checkpoint.parse(note.text)
    signature = key.sign(subtree(name, seconds, checkpoint.origin, checkpoint.size, checkpoint.root))
    return Signature(name, verifier.key_id, seconds.to_bytes(8, "big") + signature), verifier


def test_the_deterministic_cosignature_comes_out_byte_for_byte(shared_folder: Path) -> None:
    note = Note.parse((shared_folder / "vectors/tlog/tessera-log/checkpoint.15").read_bytes())
    witness = Signer.parse(published.WITNESS_SECRET).as_cosigner()
    cosignature = cosigned(note, witness, published.WITNESS_TIME)
    assert str(cosignature) == published.WITNESS_LINE
    assert len(cosignature.key_id + cosignature.signature) == 76
    whole = note.with_signatures([cosignature])
    assert whole.encode() == note.encode() + published.WITNESS_LINE.encode() + b"\n"
    found = Note.parse(whole.encode()).signatures[1]
    assert cosigned_at(note, found, Verifier.parse(published.WITNESS_COSIGNER_KEY)) == published.WITNESS_TIME


@given(st.integers(1, 2**63 - 1))
def test_the_time_of_a_cosignature_reads_back(seconds: int) -> None:
    assert cosigned_at(NOTE, cosigned(NOTE, WITNESS, seconds), WITNESS.verifier) == seconds


def test_the_times_of_two_cosignatures_cannot_be_swapped() -> None:
    early, late = cosigned(NOTE, WITNESS, 1000), cosigned(NOTE, WITNESS, 2000)
    swapped = early._replace(signature=late.signature[:8] + early.signature[8:])
    with pytest.raises(CosignatureError, match="is false"):
        cosigned_at(NOTE, swapped, WITNESS.verifier)


def test_a_cosignature_does_not_hold_for_another_tree_origin_or_extension() -> None:
    cosignature = cosigned(NOTE, WITNESS, 1000)
    for other in (
        Checkpoint(LOG.name, 8, ROOT),
        Checkpoint(LOG.name, 7, ROOT[::-1]),
        Checkpoint("example.org/1og", 7, ROOT),
        Checkpoint(LOG.name, 7, ROOT, ("more",)),
    ):
        with pytest.raises(CosignatureError, match="is false"):
            cosigned_at(signed(other.text(), LOG), cosignature, WITNESS.verifier)


def test_a_cosignature_of_a_look_alike_or_of_another_key_is_refused() -> None:
    alike = published.own_witness("wıtness.example.org", 3)
    for other in (alike, published.own_witness(WITNESS.name, 4)):
        with pytest.raises(CosignatureError, match="not one of 'witness"):
            cosigned_at(NOTE, cosigned(NOTE, other, 1000), WITNESS.verifier)
    forged = cosigned(NOTE, published.own_witness(WITNESS.name, 4), 1000)._replace(key_id=WITNESS.verifier.key_id)
    with pytest.raises(CosignatureError, match="is false"):
        cosigned_at(NOTE, forged, WITNESS.verifier)


def test_a_plain_signature_is_no_cosignature_and_its_key_no_cosigner() -> None:
    plain = Signer.made(WITNESS.name, ED25519, WITNESS.seed)
    signature = signed(NOTE.text, plain).signatures[0]
    with pytest.raises(CosignatureError, match="not one of"):
        cosigned_at(NOTE, signature, WITNESS.verifier)
    with pytest.raises(CosignatureError, match="wrong length"):
        cosigned_at(NOTE, signature._replace(key_id=WITNESS.verifier.key_id), WITNESS.verifier)
    with pytest.raises(CosignatureError, match="not that of a cosigner"):
        cosigned_at(NOTE, signature, plain.verifier)
    with pytest.raises(CosignatureError, match="not that of a cosigner"):
        cosigned(NOTE, plain, 1000)


@pytest.mark.parametrize("seconds", [-1, 0, 2**63])
def test_a_time_that_is_none_is_not_signed(seconds: int) -> None:
    with pytest.raises(CosignatureError, match="from 1 to"):
        cosigned(NOTE, WITNESS, seconds)


@pytest.mark.parametrize("time", [bytes(8), b"\x80" + bytes(7), b"\xff" * 8])
def test_a_time_that_is_none_is_refused_even_if_signed(time: bytes) -> None:
    text = f"cosignature/v1\ntime {int.from_bytes(time, 'big')}\n{NOTE.text}"
    cosignature = Signature(WITNESS.name, WITNESS.verifier.key_id, time + WITNESS.sign(text.encode()))
    with pytest.raises(CosignatureError, match="tells no time"):
        cosigned_at(NOTE, cosignature, WITNESS.verifier)


def test_only_a_checkpoint_is_cosigned() -> None:
    note = signed("All is well.\n", LOG)
    with pytest.raises(CheckpointError):
        cosigned(note, WITNESS, 1000)
    text = f"cosignature/v1\ntime 1000\n{note.text}".encode()
    cosignature = Signature(WITNESS.name, WITNESS.verifier.key_id, (1000).to_bytes(8, "big") + WITNESS.sign(text))
    with pytest.raises(CheckpointError):
        cosigned_at(note, cosignature, WITNESS.verifier)


def test_what_a_log_signs_can_never_be_taken_for_a_cosignature() -> None:
    """The text that a cosigner signs begins with two lines which no checkpoint has."""
    with pytest.raises(CheckpointError):
        Checkpoint.parse(f"cosignature/v1\ntime 1000\n{NOTE.text}")


def test_a_post_quantum_cosignature_is_verified() -> None:
    cosignature, verifier = post_quantum_cosignature(NOTE, 1679315147)
    assert cosigned_at(NOTE, cosignature, verifier) == 1679315147
    with_extension = signed(Checkpoint(LOG.name, 7, ROOT, ("more",)).text(), LOG)
    assert cosigned_at(with_extension, cosignature, verifier) == 1679315147
    for other in (Checkpoint(LOG.name, 8, ROOT), Checkpoint("x", 7, ROOT), Checkpoint(LOG.name, 7, ROOT[::-1])):
        with pytest.raises(CosignatureError, match="is false"):
            cosigned_at(signed(other.text(), LOG), cosignature, verifier)
    late = cosignature._replace(signature=(1679315148).to_bytes(8, "big") + cosignature.signature[8:])
    with pytest.raises(CosignatureError, match="is false"):
        cosigned_at(NOTE, late, verifier)


def test_a_post_quantum_cosignature_holds_for_the_name_it_was_made_under() -> None:
    cosignature, verifier = post_quantum_cosignature(NOTE, 1000)
    renamed = Verifier("another.example.org", ML_DSA_44, verifier.public)
    with pytest.raises(CosignatureError, match="is false"):
        cosigned_at(NOTE, cosignature._replace(name=renamed.name, key_id=renamed.key_id), renamed)


def test_a_post_quantum_cosignature_without_a_time_is_refused() -> None:
    cosignature, verifier = post_quantum_cosignature(NOTE, 0)
    with pytest.raises(CosignatureError, match="tells no time"):
        cosigned_at(NOTE, cosignature, verifier)


def test_a_post_quantum_cosignature_takes_origins_of_255_bytes() -> None:
    for length in (255, 256):
        note = signed(Checkpoint("o" * length, 7, ROOT).text(), LOG)
        verifier = post_quantum_key()[1]
        cosignature = Signature(verifier.name, verifier.key_id, (1).to_bytes(8, "big") + bytes(2420))
        with pytest.raises(CosignatureError, match="is false" if length == 255 else "at most 255 bytes"):
            cosigned_at(note, cosignature, verifier)


@given(st.binary(max_size=90), st.booleans())
def test_any_bytes_are_a_cosignature_or_are_refused(signature: bytes, named: bool) -> None:
    key = WITNESS.verifier.key_id if named else b"abcd"
    with pytest.raises(CosignatureError):
        cosigned_at(NOTE, Signature(WITNESS.name, key, signature), WITNESS.verifier)


def test_an_ed25519_key_of_a_cosigner_has_its_own_id() -> None:
    assert WITNESS.type == COSIGNATURE
    assert WITNESS.verifier.key_id != Signer.made(WITNESS.name, ED25519, WITNESS.seed).verifier.key_id
