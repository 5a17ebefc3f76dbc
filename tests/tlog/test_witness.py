"""The witness: the published script of another implementation, then each status on a log of our own.

Source of the script: torchwood (5133cdeb, ISC licence), cmd/litewitness/testdata/litewitness.txt.
"""

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmpca.tlog.checkpoint import Checkpoint
from openmpca.tlog.cosignature import cosigned, cosigned_at
from openmpca.tlog.merkle import EMPTY_ROOT, leaf_hash, root
from openmpca.tlog.note import Note, Signature, signed
from openmpca.tlog.tree import Tree
from openmpca.tlog.vkey import COSIGNATURE, ED25519, Signer, Verifier
from openmpca.tlog.witness import (
    MAX_REQUEST_BYTES,
    SIZE,
    AddCheckpoint,
    Held,
    Outcome,
    RequestError,
    answered,
    cosignatures,
    decide,
    refused,
)

PUBLISHED = "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562"
PUBLISHED_KEY = Verifier(
    PUBLISHED, ED25519, bytes.fromhex("ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f")
)
ROOTS = {
    1: "KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    3: "RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=",
    5: "QrtXrQZCCvpIgsSmOsah7HdICzMLLyDfxToMql9WTjY=",
}
SIGNATURES = {
    1: "UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=",
    3: "UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go=",
    5: "UgIomw/EOJmWi0i1FQsOj+etB7F8IccFam/jgd6wzRns4QPVmyEZtdvl1U2KEmLOZ/ASRcWJi0tW90dJWAShei7sDww=",
}
TAMPERED = SIGNATURES[3].replace("WVrx6go=", "WVrx6gx=")
RIGHT_1_TO_3 = [b"\x2a\x01" + bytes(30), b"\x2a\x02" + bytes(30)]
RIGHT_3_TO_5 = [
    b"\x2a\x02" + bytes(30),
    b"\x2a\x03" + bytes(30),
    base64.b64decode("wgiIFdZfYNv6WU1OllBKsWnLYIS/DBMqt8Uh/S4OukE="),
    b"\x2a\x04" + bytes(30),
]


def published(old: int, size: int, proof: list[bytes], signature: str = "", origin: str = PUBLISHED) -> bytes:
    lines = [f"old {old}", *[base64.b64encode(each).decode() for each in proof], ""]
    checkpoint = [origin, str(size), ROOTS[size], "", f"— {origin} {signature or SIGNATURES[size]}", ""]
    return "\n".join([*lines, *checkpoint]).encode()


class Witness:
    """A witness that keeps what it holds in memory, and answers as one over a network does."""

    def __init__(self, key: Verifier = PUBLISHED_KEY) -> None:
        self.key = key
        self.held: Held | None = None

    def asked(self, body: bytes) -> Outcome:
        try:
            request = AddCheckpoint.parse(body)
        except RequestError as error:
            return refused(400, str(error))
        outcome = decide(self.held, request, [self.key], self.key.name)
        if outcome.checkpoint is not None:
            self.held = Held(outcome.checkpoint.size, outcome.checkpoint.root)
        return outcome


def test_the_published_script_is_answered_as_published() -> None:
    witness = Witness()
    script = [
        (published(0, 1, []), 200),
        (published(1, 3, RIGHT_1_TO_3, TAMPERED), 400),  # no base64 in its one spelling, so here no request at all
        (published(1, 3, RIGHT_1_TO_3, SIGNATURES[5]), 403),
        (published(1, 3, []), 422),
        (published(1, 3, [RIGHT_1_TO_3[0], RIGHT_1_TO_3[1][:-2] + b"\x00\x10"]), 422),
        (published(1, 3, RIGHT_1_TO_3), 200),
        (published(1, 5, RIGHT_3_TO_5[:3]), 409),
        (published(3, 5, RIGHT_3_TO_5), 200),
        (published(0, 5, []), 409),
    ]
    answers = [witness.asked(body) for body, _ in script]
    assert [answer.status for answer in answers] == [status for _, status in script]
    assert (answers[6].body, answers[6].content_type) == (b"3\n", SIZE)
    assert (answers[8].body, answers[8].content_type) == (b"5\n", "text/x.tlog.size")
    assert witness.held == Held(5, base64.b64decode(ROOTS[5]))


LOG = Signer.made("example.com/log", ED25519, bytes(32))
LEAVES = [leaf_hash(b"%d" % number) for number in range(200)]
TREE = Tree(lambda level, n: b"", lambda start, end: LEAVES[start:end])


def checkpoint(size: int, leaves: list[bytes] = LEAVES, origin: str = LOG.name, signer: Signer = LOG) -> Note:
    return signed(Checkpoint(origin, size, root(leaves[:size])).text(), signer)


def asking(old: int, size: int) -> AddCheckpoint:
    proof = TREE.consistency_proof(old, size) if old else []
    return AddCheckpoint(old, tuple(proof), checkpoint(size))


def decided(held: int | None, asked: AddCheckpoint) -> Outcome:
    return decide(
        None if held is None else Held(held, root(LEAVES[:held])),
        asked,
        [LOG.verifier, LOG.verifier.as_cosigner()],
        LOG.name,
    )


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_tree_that_grows_from_what_is_held_is_cosigned(one: int, two: int) -> None:
    old, size = sorted([one, two])
    outcome = decided(old, asking(old, size))
    assert (outcome.status, outcome.checkpoint) == (200, Checkpoint(LOG.name, size, root(LEAVES[:size])))
    assert outcome.note == checkpoint(size)


def test_a_log_that_is_met_for_the_first_time_begins_with_any_size() -> None:
    assert decided(None, asking(0, 77)).status == 200
    assert decided(None, asking(0, 0)).status == 200


def test_a_proof_from_nothing_is_refused() -> None:
    asked = replace(asking(0, 3), proof=(LEAVES[0],))
    assert decided(None, asked).status == 422


def test_a_tree_of_size_0_with_a_root_is_refused() -> None:
    note = signed(Checkpoint(LOG.name, 0, LEAVES[0]).text(), LOG)
    assert decided(None, AddCheckpoint(0, (), note)).status == 422
    assert decided(0, AddCheckpoint(0, (), note)).status == 422
    assert root([]) == EMPTY_ROOT


def test_another_root_at_the_same_size_is_refused() -> None:
    other = checkpoint(5, LEAVES[1:])
    assert decided(5, AddCheckpoint(5, (), other)).status == 422


def test_an_old_size_beyond_the_checkpoint_is_a_bad_request() -> None:
    outcome = decided(7, replace(asking(5, 5), old=7))
    assert (outcome.status, outcome.content_type) == (400, "text/plain; charset=utf-8")


def test_who_asks_from_another_size_is_told_the_one_that_is_held() -> None:
    assert decided(7, asking(5, 9)).body == b"7\n"
    assert decided(None, asking(5, 9)).body == b"0\n"


def test_a_look_alike_name_another_key_or_another_origin_is_forbidden() -> None:
    alike = Signer.made("example.com/1og", ED25519, bytes(32))
    other = Signer.made(LOG.name, ED25519, bytes([1] * 32))
    for signer, origin in ((alike, LOG.name), (other, LOG.name), (LOG, "example.com/other")):
        note = checkpoint(3, origin=origin, signer=signer)
        assert decided(None, AddCheckpoint(0, (), note)).status == 403


def test_a_note_that_is_no_checkpoint_is_forbidden() -> None:
    assert decided(None, AddCheckpoint(0, (), signed("Hello\n", LOG))).status == 403


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_request_is_read_as_it_was_written(one: int, two: int) -> None:
    asked = asking(min(one, two), max(one, two))
    assert AddCheckpoint.parse(asked.encode()) == asked


GOOD = asking(3, 5).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 3\n",
        GOOD.replace(b"old 3", b"new 3"),
        GOOD.replace(b"old 3", b"old 03"),
        GOOD.replace(b"old 3", b"old -3"),
        GOOD.replace(b"old 3", b"old 9223372036854775808"),
        GOOD.replace(b"old 3\n", b"old 3\nAAAA\n"),
        GOOD.replace(b"old 3\n", b"old 3\n*\n"),
        GOOD.replace(b"old 3\n", b"old 3\n\xff\n"),
        GOOD.replace(b"old 3\n", b"old 3\n" + 63 * (base64.b64encode(bytes(32)) + b"\n")),
        GOOD + b"x",
        GOOD + bytes(MAX_REQUEST_BYTES),
    ],
)
def test_what_is_no_request_is_refused(body: bytes) -> None:
    with pytest.raises(RequestError):
        AddCheckpoint.parse(body)


def test_63_hashes_are_taken() -> None:
    body = replace(asking(0, 5), proof=(bytes(32),) * 63)
    assert AddCheckpoint.parse(body.encode()) == body


def test_an_answer_is_lines_of_cosignatures() -> None:
    witness = Signer.made("example.com/witness", COSIGNATURE, bytes(32))
    note = checkpoint(5)
    made = cosigned(note, witness, 1_700_000_000)
    assert cosignatures(answered([made, made])) == [made, made]
    assert cosigned_at(note, cosignatures(answered([made]))[0], witness.verifier) == 1_700_000_000


@pytest.mark.parametrize("body", [b"", b"\n", b"\xff\n", "— a AAAA".encode(), b"hello\n", b"x" * MAX_REQUEST_BYTES * 2])
def test_another_answer_is_none(body: bytes) -> None:
    with pytest.raises(RequestError):
        cosignatures(body)


def test_a_signature_too_long_for_an_answer_is_none() -> None:
    with pytest.raises(RequestError, match="not one or more lines"):
        cosignatures(answered([Signature("a", bytes(4), bytes(MAX_REQUEST_BYTES))]))


@given(st.one_of(st.binary(max_size=300), st.tuples(st.integers(0, len(GOOD)), st.binary(max_size=40))))
def test_whatever_comes_is_a_request_or_is_refused_with_a_reason(given_: bytes | tuple[int, bytes]) -> None:
    body = given_ if isinstance(given_, bytes) else GOOD[: given_[0]] + given_[1] + GOOD[given_[0] + len(given_[1]) :]
    try:
        asked = AddCheckpoint.parse(body)
    except RequestError:
        return
    assert AddCheckpoint.parse(asked.encode()) == asked
    assert decided(3, asked).status in (200, 400, 403, 409, 422)


@given(st.binary(max_size=300))
def test_whatever_comes_is_an_answer_or_is_refused_with_a_reason(body: bytes) -> None:
    try:
        found = cosignatures(body)
    except RequestError:
        return
    assert answered(found) == body
