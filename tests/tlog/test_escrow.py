"""Escrow: the vector of the format, what is refused, and what somebody tries who wants to cheat with it."""

import hashlib
import json
import os
import random
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmpca.tlog import merkle
from openmpca.tlog.escrow import (
    DEEPEST,
    LARGEST,
    MOST_SIZE,
    Escrow,
    EscrowError,
    Leaf,
    Opened,
    Openings,
    canonical,
    read,
    size_for,
)

TUBES: list[dict[str, Any] | None] = [
    {"id": "LT-0001", "kind": "slbm-launch-tube", "site": "S-01", "status": "declared"},
    {"id": "LT-0002", "kind": "slbm-launch-tube", "site": "S-01", "status": "declared"},
    {"id": "LT-0003", "kind": "slbm-launch-tube", "site": "S-02", "status": "declared"},
    None,
]


def vector() -> Escrow:
    return Escrow(tuple(Leaf.of(record, bytes([n]) * 32) for n, record in enumerate(TUBES, 1)))


def records(count: int) -> list[dict[str, Any]]:
    return [{"id": f"I-{n:04}", "grams": str(n * 7)} for n in range(count)]


def made(count: int = 5, size: int = 16, seed: int = 1) -> Escrow:
    return Escrow.made(records(count), size, random.Random(seed).randbytes)


def test_the_vector_of_the_format_comes_out_byte_for_byte() -> None:
    escrow = vector()
    assert [leaf.hash.hex() for leaf in escrow.leaves] == [
        "b297a1db9434cb5b3f5b7b904844dcecc1bda9808665935caa7fb228b754de15",
        "051111935ecf820bae84b0c0c6e346f4fb8875936e159411458edea5f5bec249",
        "c9df1b31539b8826d85bdd3423111f76d69cdf92cb44846e6bd2b62f67494072",
        "2d5a428d58464160d86964a50ebd0847a836d8c7d8dcf8f55fbc519845f4704c",
    ]
    assert escrow.root.hex() == "3ab4e7d3ccd2c509e7533bdbfca33a737b570b946dbf5d40f25734db551f1bd5"
    hashes = [leaf.hash for leaf in escrow.leaves]
    assert escrow.proof(1) == [hashes[0], merkle.node_hash(hashes[2], hashes[3])]


def test_canonical_json_is_that_of_rfc_8785() -> None:
    # RFC 8785, section 3.2.2 (literals and escapes) and 3.2.3 (order of names), its fractions left out.
    assert (
        canonical({"string": '\u20ac$\u000f\nA\'B"\\\\"/', "literals": [None, True, False]})
        == b'{"literals":[null,true,false],"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
    names = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}
    assert [json.loads(canonical(names))[name] for name in json.loads(canonical(names))] == [2, 4, 6, 7, 1, 5, 3]
    assert canonical([-LARGEST, 0, LARGEST, "\b\t\f\r\x7f"]) == (
        b'[-9007199254740991,0,9007199254740991,"\\b\\t\\f\\r\x7f"]'
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_reading_canonical_json_gives_what_was_written(value: object) -> None:
    assert read(canonical(value)) == value


@given(st.binary(max_size=60))
def test_no_bytes_are_read_in_two_ways(data: bytes) -> None:
    try:
        value = read(data)
    except EscrowError:
        return
    assert canonical(value) == data


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"id": "A", "mass": 1.5}, "mass: a fraction"),
        ({"a": [1, {"b": 2.0}]}, r"a\[1\].b: a fraction"),
        (float("nan"), "value: a fraction"),
        (1 << 53, "beyond"),
        (-(1 << 53), "beyond"),
        ({1: "a"}, "no text"),
        (b"bytes", "a bytes"),
        ("\ud83d", "half of a character"),
        ({"a\udc00": 1}, "half of a character"),
    ],
)
def test_what_programs_write_differently_is_refused(value: object, said: str) -> None:
    with pytest.raises(EscrowError, match=said):
        canonical(value)


def test_what_stands_too_deep_is_refused() -> None:
    deep: object = "end"
    for _ in range(DEEPEST):
        deep = [deep]
    assert read(canonical(deep)) == deep
    with pytest.raises(EscrowError, match="too deep"):
        canonical([deep])
    with pytest.raises(EscrowError, match="no JSON"):
        read(b"[" * 100_000)


@pytest.mark.parametrize(
    "data", [b'{"a":1,"a":1}', b'{"b":1,"a":2}', b"[1, 2]", b'"\\u0041"', b"1e3", b"-0", b"", b"{"]
)
def test_json_in_another_spelling_is_refused(data: bytes) -> None:
    with pytest.raises(EscrowError):
        read(data)


@pytest.mark.parametrize("record", [{}, {"id": ""}, {"id": " "}, {"id": 7}, {"name": "A"}])
def test_a_record_needs_an_id_that_is_text(record: dict[str, Any]) -> None:
    with pytest.raises(EscrowError, match="no id"):
        Leaf.of(record, bytes(32))


def test_a_fraction_in_a_record_is_told_with_its_place() -> None:
    with pytest.raises(EscrowError, match="record A: mass: a fraction"):
        Leaf.of({"id": "A", "mass": 1.5}, bytes(32))


def test_a_salt_is_thirty_two_bytes() -> None:
    with pytest.raises(EscrowError, match="31 bytes"):
        Leaf.of(None, bytes(31))


def test_no_id_stands_twice_in_an_escrow() -> None:
    with pytest.raises(EscrowError, match="two records have the id I-0000"):
        Escrow.made([*records(2), records(1)[0]], 16, os.urandom)


def test_a_broken_source_of_randomness_is_refused() -> None:
    with pytest.raises(EscrowError, match="a salt stands twice"):
        Escrow.made(records(2), 16, bytes)
    with pytest.raises(EscrowError, match="gave 3 bytes"):
        Escrow.made(records(2), 16, lambda _: b"abc")


def test_an_escrow_has_room_for_its_records() -> None:
    with pytest.raises(EscrowError, match="do not fit"):
        made(count=17)
    for wrong in (0, MOST_SIZE + 1):
        with pytest.raises(EscrowError, match="1 to"):
            Escrow((Leaf.of(None, bytes(32)),) * wrong)
    assert [size_for(count) for count in (0, 1, 16, 17, 32, 33)] == [16, 16, 16, 32, 32, 64]


@pytest.mark.parametrize("size", [1, 2, 3, 16, 17, 31, 100])
def test_every_leaf_is_proven_and_the_whole_is_whole(size: int) -> None:
    escrow = made(count=size // 2, size=size)
    assert escrow.root == merkle.root([leaf.hash for leaf in escrow.leaves])
    seen = Openings(escrow.size, escrow.root)
    for leaf in range(size):
        assert not seen.whole
        seen.take(escrow.opened(leaf))
    assert seen.whole
    assert (len(seen.records), seen.decoys, seen.unopened) == (size // 2, size - size // 2, 0)
    assert sorted(each["id"] for each in seen.records) == [each["id"] for each in records(size // 2)]


def test_records_are_opened_by_their_ids_and_others_stay_closed() -> None:
    escrow = made()
    seen = Openings(escrow.size, escrow.root)
    leaf = seen.take(escrow.opened(escrow.leaf_of("I-0003")))
    assert (leaf.id, leaf.record) == ("I-0003", {"id": "I-0003", "grams": "21"})
    assert (seen.unopened, seen.whole) == (15, False)
    with pytest.raises(KeyError):
        escrow.leaf_of("I-0009")
    for nowhere in (-1, 16):
        with pytest.raises(EscrowError, match="no leaf"):
            escrow.opened(nowhere)


def test_root_and_size_tell_nothing_of_content_or_count() -> None:
    some, none, again = made(5), made(0, seed=3), made(5, seed=2)
    assert {escrow.size for escrow in (some, none, again)} == {16}
    assert len({escrow.root for escrow in (some, none, again)}) == 3
    hashes = [leaf.hash for escrow in (some, none, again) for leaf in escrow.leaves]
    assert len(set(hashes)) == 48
    guessed = {hashlib.sha256(b"\x00escrow/v1\n" + canonical(each)).digest() for each in records(5)}
    assert guessed.isdisjoint(hashes)
    assert [some.leaf_of(each["id"]) for each in records(5)] != [again.leaf_of(each["id"]) for each in records(5)]
    assert not some.salts & again.salts


def test_what_is_secret_is_not_in_a_representation() -> None:
    escrow = made()
    assert escrow.leaves[0].salt.hex()[:8] not in repr(escrow) + repr(escrow.leaves[0])
    assert "I-000" not in repr(escrow) + repr(escrow.leaves)


def opened_record(escrow: Escrow, name: str = "I-0001") -> Opened:
    return escrow.opened(escrow.leaf_of(name))


def decoy(escrow: Escrow) -> Opened:
    return escrow.opened(next(at for at, leaf in enumerate(escrow.leaves) if not leaf.body))


ATTACKS: dict[str, Callable[[Escrow], Opened]] = {
    "record altered": lambda e: msgspec.structs.replace(opened_record(e), record={"id": "I-0001", "grams": "8"}),
    "record without id": lambda e: msgspec.structs.replace(opened_record(e), record={"grams": "7"}),
    "record passed as decoy": lambda e: msgspec.structs.replace(opened_record(e), record=None),
    "decoy passed as record": lambda e: msgspec.structs.replace(decoy(e), record={"id": "X"}),
    "leaf used for another record": lambda e: msgspec.structs.replace(
        opened_record(e), record=opened_record(e, "I-0002").record
    ),
    "another place": lambda e: msgspec.structs.replace(opened_record(e), leaf=e.leaf_of("I-0002")),
    "no place of the tree": lambda e: msgspec.structs.replace(opened_record(e), leaf=16),
    "below zero": lambda e: msgspec.structs.replace(opened_record(e), leaf=-1),
    "proof of another leaf": lambda e: msgspec.structs.replace(
        opened_record(e), proof=opened_record(e, "I-0002").proof
    ),
    "proof in another order": lambda e: msgspec.structs.replace(opened_record(e), proof=opened_record(e).proof[::-1]),
    "proof cut short": lambda e: msgspec.structs.replace(opened_record(e), proof=opened_record(e).proof[:-1]),
    "wrong salt": lambda e: msgspec.structs.replace(opened_record(e), salt="00" * 32),
    "salt in capitals": lambda e: msgspec.structs.replace(opened_record(e), salt=opened_record(e).salt.upper()),
    "salt with spaces": lambda e: msgspec.structs.replace(opened_record(e), salt=" " + opened_record(e).salt[1:]),
    "proof of another escrow": lambda e: msgspec.structs.replace(
        opened_record(e), proof=opened_record(made(seed=9)).proof
    ),
    "leaf of another escrow": lambda _: opened_record(made(seed=9)),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_opening_that_was_tampered_with_is_refused(attack: str) -> None:
    escrow = made()
    seen = Openings(escrow.size, escrow.root)
    with pytest.raises(EscrowError, match="is not what was declared"):
        seen.take(ATTACKS[attack](escrow))
    assert (seen.records, seen.unopened) == ([], 16)


def forged(*leaves: Leaf) -> tuple[Escrow, Openings]:
    """An escrow made by somebody who does not keep the rules."""
    escrow = object.__new__(Escrow)
    object.__setattr__(escrow, "leaves", leaves)
    return escrow, Openings(len(leaves), escrow.root)


def test_one_id_in_two_leaves_is_found_when_both_are_opened() -> None:
    one, two = {"id": "A", "site": "S-01"}, {"id": "A", "site": "S-02"}
    escrow, seen = forged(Leaf.of(one, bytes(32)), Leaf.of(two, b"\x01" * 32))
    seen.take(escrow.opened(0))
    with pytest.raises(EscrowError, match="another record with the id A of leaf 0"):
        seen.take(escrow.opened(1))


def test_one_salt_in_two_leaves_is_found_when_both_are_opened() -> None:
    escrow, seen = forged(Leaf.of(TUBES[0], bytes(32)), Leaf.of(TUBES[1], bytes(32)))
    seen.take(escrow.opened(0))
    with pytest.raises(EscrowError, match="has the salt of leaf 0"):
        seen.take(escrow.opened(1))


def test_a_leaf_opened_twice_counts_once() -> None:
    escrow = made()
    seen = Openings(escrow.size, escrow.root)
    for _ in range(2):
        seen.take(opened_record(escrow))
    assert (len(seen.records), seen.unopened, seen.decoys) == (1, 15, 0)


def test_another_size_is_never_proven_whole() -> None:
    escrow = made(count=3, size=16)
    smaller = Openings(15, escrow.root)
    taken = []
    for leaf in range(15):
        try:
            taken.append(smaller.take(escrow.opened(leaf)))
        except EscrowError:
            continue
    # What RFC 6962 proves alone: most leaves stand in a tree of 15 with this root too.
    assert len(taken) == 14
    assert not smaller.whole
    larger = Openings(17, escrow.root)
    with pytest.raises(EscrowError):
        larger.take(escrow.opened(0))


@pytest.mark.parametrize(("size", "root"), [(0, bytes(32)), (MOST_SIZE + 1, bytes(32)), (16, bytes(31))])
def test_openings_need_a_size_and_a_root(size: int, root: bytes) -> None:
    with pytest.raises(EscrowError, match="1 to"):
        Openings(size, root)
