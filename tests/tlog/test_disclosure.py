import base64
import hashlib
import json
import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime
from os import urandom
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openmpca.tlog.disclosure import (
    Body,
    DisclosureError,
    commit,
    commit_many,
    entry_of,
    fields_and_entry_of,
    fields_of,
    line_digests,
)

FIELDS: list[tuple[str, object]] = [
    ("mba", "MF01"),
    ("day", date(2026, 1, 31)),
    ("items", 3),
    ("weights", {"E": "9581", "E/U235": "1892"}),
    ("note", None),
    ("operator", "Möbius — 核"),
    ("closed", False),
    ("lines", [1, "two", [3]]),
]
AS_READ = dict(FIELDS) | {"day": "2026-01-31"}
ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
BARE = ["A" * 43, "B" + "A" * 42]

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=6,
)
rows = st.dictionaries(names, values, min_size=1, max_size=34)


def repeatable(seed: int = 1) -> Callable[[int], bytes]:
    return Random(seed).randbytes


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def digest_by_the_book(line: str) -> bytes:
    return hashlib.sha256(base64url(line.encode()).encode()).digest()


def entry_by_the_book(text: str) -> bytes:
    """The entry by rules 4 to 7, written a second time, slowly, for bodies that keep the rules."""
    digests = []
    for line in text.split("\n"):
        if not line.startswith("["):
            digests.append(base64.urlsafe_b64decode(line + "="))
        elif len(item := json.loads(line)) == 3:
            digests.append(digest_by_the_book(line))
        else:
            salt, count = item
            decoys = hashlib.shake_256(f"openmpca/decoys/v1\n{salt}".encode()).digest(32 * count)
            digests += [decoys[32 * i : 32 * i + 32] for i in range(count)]
    assert len(digests) % 16 == 0
    return hashlib.sha256(b"openmpca/statement/v1\n" + b"".join(sorted(digests))).digest()


def padded(*lines: str, decoys: int | None = None) -> str:
    count = -len(lines) % 16 if decoys is None else decoys
    return "\n".join([*lines, f'["{"A" * 22}",{count}]'])


def line(name: str = "a", value: str = "1", salt: str = "A" * 22) -> str:
    return f'["{salt}","{name}",{value}]'


def test_a_body_gives_the_fields_back_and_its_entry() -> None:
    made = commit(FIELDS, repeatable())
    body = Body.parse(made.body)
    assert body.fields == AS_READ == fields_of(made.body)
    assert list(body.fields) == sorted(AS_READ)
    assert (body.withheld, body.decoys, body.text) == ((), 8, made.body)
    assert fields_and_entry_of(made.body) == (AS_READ, made.entry)
    assert made.entry == body.entry() == entry_of(made.body) == entry_by_the_book(made.body)
    assert len(body.digests()) == 16
    assert body.digests() == sorted(body.digests())


@given(rows)
def test_any_fields_can_be_committed_and_read(row: dict[str, object]) -> None:
    made = commit(row.items(), urandom)
    assert Body.parse(made.body).fields == row
    assert made.entry == entry_of(made.body) == entry_by_the_book(made.body)
    assert len(Body.parse(made.body).digests()) % 16 == 0


@given(rows, st.data())
def test_withholding_leaves_the_entry_and_hides_which_lines_are_decoys(
    row: dict[str, object], data: st.DataObject
) -> None:
    made = commit(row.items(), urandom)
    hidden = data.draw(st.sets(st.sampled_from(sorted(row))))
    body = Body.parse(made.body).withhold(hidden)
    assert body.fields == {name: value for name, value in row.items() if name not in hidden}
    assert body.entry() == made.entry == entry_of(body.text) == entry_by_the_book(body.text)
    assert body.decoys == 0
    assert len(body.withheld) == -len(row) % 16 + len(hidden)
    assert list(body.withheld) == sorted(body.withheld)
    again = body.withhold(body.fields)
    assert again.fields == {}
    assert again.entry() == made.entry


def test_withholding_in_two_steps_is_withholding_at_once() -> None:
    body = Body.parse(commit(FIELDS, repeatable()).body)
    assert body.withhold(["mba"]).withhold(["day"]) == body.withhold(["day", "mba"])


def test_a_field_that_is_not_there_cannot_be_withheld() -> None:
    body = Body.parse(commit(FIELDS, repeatable()).body)
    with pytest.raises(DisclosureError, match="no such open field: batch, weight"):
        body.withhold(["weight", "mba", "batch"])
    with pytest.raises(DisclosureError, match="no such open field: mba"):
        body.withhold(["mba"]).withhold(["mba"])


def test_sixteen_fields_need_no_padding() -> None:
    made = commit([(f"f{number:02}", number) for number in range(16)], urandom)
    body = Body.parse(made.body)
    assert (body.decoys, len(body.fields)) == (0, 16)
    assert body.withhold([]).text == made.body


def test_statements_in_bulk_are_those_made_one_by_one() -> None:
    many = [[("number", number), *FIELDS[: number % 8]] for number in range(600)]
    bodies, entries = commit_many(many, urandom)
    assert [fields_of(text)["number"] for text in bodies] == list(range(600))
    assert [len(fields_of(text)) for text in bodies] == [1 + number % 8 for number in range(600)]
    assert [entry_of(text) for text in bodies] == entries
    salts = [json.loads(one)[0] for text in bodies for one in text.split("\n")]
    assert len(set(salts)) == len(salts)
    alone = commit(FIELDS, repeatable())
    assert commit_many([FIELDS], repeatable()) == ([alone.body], [alone.entry])
    assert commit_many([], urandom) == ([], [])


def test_bulk_work_can_be_sent_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(commit_many)) is commit_many  # noqa: S301


def test_the_same_fields_never_have_the_same_entry_twice() -> None:
    assert commit(FIELDS, urandom).entry != commit(FIELDS, urandom).entry


def test_digests_are_those_of_the_published_examples() -> None:
    # RFC 9901 (SD-JWT). The examples have a space after each comma, which our own lines have not.
    field = '["_26bc4LT-ac6q2KI6cBW5es", "family_name", "Möbius"]'.encode()
    element = b'["lklxF5jMYlGTPUovMNIvCA", "FR"]'
    assert base64url(field) == "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
    assert [base64url(digest) for digest in line_digests([field, element])] == [
        "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0",
        "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs",
    ]


def test_times_and_dates_are_written_as_iso_8601() -> None:
    made = commit([("at", datetime(2026, 1, 31, 12, tzinfo=UTC)), ("on", date(2026, 1, 31))], urandom)
    assert fields_of(made.body) == {"at": "2026-01-31T12:00:00Z", "on": "2026-01-31"}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ([], "at least one field"),
        ([("", 1)], "each field a name"),
        ([("b", 1), ("a", 1), ("b", 2)], "field given twice: b"),
        ([("a", {1: 2, "1": 3})], "holds a key twice"),
        ([("a", object())], "cannot be written"),
        ([("a", "\ud800")], "cannot be written"),
        ([("a", 10**5000)], "cannot be written"),
    ],
)
def test_what_could_not_be_read_again_is_not_written(fields: list[tuple[str, object]], message: str) -> None:
    with pytest.raises(DisclosureError, match=message):
        commit(fields, urandom)


def test_a_source_that_gives_too_little_randomness_is_refused() -> None:
    with pytest.raises(DisclosureError, match="gave 5 bytes for 32"):
        commit([("a", 1)], lambda count: bytes(5))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1 is neither a field nor a digest"),
        (line(), "1 fields, 0 withheld lines and 0 decoys do not make a multiple of 16"),
        (padded(line(), decoys=14), "do not make a multiple"),
        (f'["{"A" * 22}",15]', "do not make a multiple"),
        ("\n".join([*(line(f"f{number:02}") for number in range(16)), f'["{"A" * 22}",16]']), "line 17 is not"),
        (padded(line()) + "\n", "line 3 is neither"),
        ("\n" + padded(line()), "line 1 is not"),
        (padded(line("a"), "", line("b")), "line 2 is not"),
        (padded(line("a"), line("a", "2")), "line 2 has no name, repeats one, or stands out of order: 'a'"),
        (padded(line("b"), line("a")), "line 2 .* stands out of order: 'a'"),
        (padded(line("")), "line 1 has no name"),
        (padded(line("a", "1,2")), "line 1 is not"),
        (padded(line("a", " 1")), "line 1 is not in its canonical form"),
        (padded(line("a", '"\\u0041"')), "line 1 is not in its canonical form"),
        (padded(line("a", '{"x":1,"x":2}')), "line 1 is not in its canonical form"),
        (padded(line("a", "[1,\n[2]]")), "line 1 is not"),
        (padded('["' + "A" * 22 + '",7,1]'), "line 1 is not"),
        (padded(line(), line("b") + "\r"), "line 2 is not in its canonical form|line 2 is not"),
        (padded(line("a", salt="A" * 21)), "line 1 has a salt"),
        (padded(line("a", salt="A" * 23)), "line 1 has a salt"),
        (padded(line("a", salt="A" * 21), line("b", salt="A" * 23)), "line 1 has a salt"),
        (padded(line("a"), line("b", salt="A" * 21 + "B")), "line 2 has a salt"),
        (padded(line("a", salt="A" * 21 + "+")), "line 1 has a salt"),
        (padded(line(), BARE[0][:-1]), "line 2 is neither"),
        (padded(line(), BARE[0] + "="), "line 2 is neither"),
        (padded(line(), "A" * 42 + "B"), "line 2 is neither"),
        (padded(line(), "A" * 42 + "+"), "line 2 is neither"),
        (padded(line(), *BARE[::-1]), "line 3 repeats a digest or stands out of order"),
        (padded(line(), BARE[0], BARE[0]), "line 3 repeats"),
        (padded(BARE[0], line()), "line 1 is not"),
        (padded(padded(line(), decoys=7), decoys=8), "line 2 is not"),
        (f'{line()}\n["{"A" * 21}B",15]', "line 2 is not"),
        (f'{line()}\n["{"A" * 22}",015]', "line 2 is not"),
        (f'{line()}\n["{"A" * 22}", 15]', "line 2 is not"),
        (padded(line("a", "[" * 5000 + "]" * 5000)), "line 1 is not"),
        (padded(line("a", '"\ud800"')), "the body is not text"),
        (padded(line("a", '"\\ud800"')), "line 1 is not"),
    ],
)
@pytest.mark.parametrize("read", [Body.parse, entry_of, fields_of, fields_and_entry_of])
def test_a_malformed_body_is_refused_with_its_line(read: Callable[[str], object], text: str, message: str) -> None:
    with pytest.raises(DisclosureError, match=message):
        read(text)


def test_a_withheld_line_that_repeats_an_open_one_is_refused() -> None:
    text = padded(line(), base64url(digest_by_the_book(line())))
    for read in (Body.parse, entry_of, fields_and_entry_of):
        with pytest.raises(DisclosureError, match="is the digest of another line"):
            read(text)


def test_an_example_body_has_this_entry_for_ever() -> None:
    text = padded(line("day", '"2026-01-31"'), line("mba", '"MF01"'), BARE[0])
    assert (
        entry_of(text).hex()
        == entry_by_the_book(text).hex()
        == "c5820d5ef64b74412406d6c20d314a27de1b75504b2e8bfd70c98e47b916e791"
    )


def outcome(text: str) -> bytes | None:
    try:
        return entry_of(text)
    except DisclosureError:
        return None


@settings(max_examples=30)
@given(rows, st.booleans(), st.randoms(use_true_random=False))
def test_a_changed_byte_is_noticed(row: dict[str, object], shown: bool, random: Random) -> None:
    made = commit(row.items(), random.randbytes)
    text = Body.parse(made.body).withhold(sorted(row)[::2]).text if shown else made.body
    whole = text.encode()
    for _ in range(30):
        at = random.randrange(len(whole))
        for byte in (random.randrange(256), random.choice(ALPHABET), whole[at] ^ 0x20, random.choice(b'\n[]",\\ 09')):
            changed = whole[:at] + bytes([byte]) + whole[at + 1 :]
            for other in (changed, whole[:at] + whole[at + 1 :], whole[:at] + bytes([byte]) + whole[at:]):
                if other != whole:
                    assert outcome(other.decode(errors="surrogateescape")) != made.entry


def test_every_byte_of_a_body_counts() -> None:
    made = commit(FIELDS, repeatable())
    for text in (made.body, Body.parse(made.body).withhold(["mba", "day"]).text):
        whole = text.encode()
        for at in range(len(whole)):
            for bit in range(8):
                changed = whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :]
                assert outcome(changed.decode(errors="surrogateescape")) != made.entry


def test_lines_in_another_order_are_refused() -> None:
    text = Body.parse(commit(FIELDS, repeatable()).body).withhold(["mba"]).text
    lines = text.split("\n")
    for at in range(len(lines) - 1):
        swapped = [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]
        with pytest.raises(DisclosureError):
            entry_of("\n".join(swapped))
