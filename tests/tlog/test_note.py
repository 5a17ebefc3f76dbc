import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmpca.tlog.lines import base64_of
from openmpca.tlog.note import MAX_NOTE_BYTES, Note, NoteError, Signature, by_name_and_id, signed, verified
from openmpca.tlog.vkey import COSIGNATURE, ED25519, Signer, Verifier
from tests.tlog import published
from tests.tlog.test_vkey import utf8_names

PETER, ENOCH = Verifier.parse(published.PETER_KEY), Verifier.parse(published.ENOCH_KEY)
BOTH = f"{published.ADVICE}\n{published.PETER_LINE}{published.ENOCH_LINE}".encode()

texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="".join(map(chr, [*range(10), *range(11, 32)]))),
    max_size=80,
)
signatures = st.builds(Signature, utf8_names, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=80))
notes = st.builds(Note, texts.map(lambda text: f"{text}\n"), st.lists(signatures, min_size=1, max_size=100).map(tuple))


def test_the_note_of_the_specification_is_verified() -> None:
    note = Note.parse(published.EXAMPLE_NOTE)
    assert note.text == "This is an example message.\n"
    assert verified(note, [Verifier.parse(published.EXAMPLE_KEY)]) == (Verifier.parse(published.EXAMPLE_KEY),)
    assert note.encode() == published.EXAMPLE_NOTE


def test_both_published_signatures_are_verified_and_made_again_byte_for_byte() -> None:
    note = Note.parse(BOTH)
    assert verified(note, [ENOCH, PETER]) == (PETER, ENOCH)
    assert verified(note, [PETER]) == (PETER,)
    again = signed(published.ADVICE, Signer.parse(published.PETER_SECRET))
    assert again.encode() == f"{published.ADVICE}\n{published.PETER_LINE}".encode()
    assert again.with_signatures(note.signatures).encode() == BOTH


def test_an_unknown_signature_is_ignored_whatever_it_holds() -> None:
    junk = b"\xe2\x80\x94 EnochRoot AAAAAAA=\n"
    assert verified(Note.parse(BOTH + junk), [PETER]) == (PETER,)


def test_a_note_that_nobody_known_has_signed_is_refused() -> None:
    with pytest.raises(NoteError, match="no signature of a known key"):
        verified(Note.parse(BOTH), [])
    with pytest.raises(NoteError, match="no signature of a known key"):
        verified(Note.parse(BOTH), [Verifier.parse(published.EXAMPLE_KEY)])


def test_one_false_signature_of_a_known_key_makes_the_note_fail() -> None:
    text, lines = BOTH.split(b"\n\n")
    changed = b"\n\n".join([text.replace(b"answer", b"ANSWER"), lines])
    with pytest.raises(NoteError, match="is false"):
        verified(Note.parse(changed), [PETER])
    half = signed("Another text.\n", Signer.made("a", ED25519, bytes(32))).with_signatures(Note.parse(BOTH).signatures)
    known = Signer.made("a", ED25519, bytes(32)).verifier
    assert verified(half, [known]) == (known,)
    with pytest.raises(NoteError, match="'PeterNeumann' is false"):
        verified(half, [known, PETER])


def test_of_two_signatures_of_one_key_the_first_counts() -> None:
    note = Note.parse(BOTH)
    false = note.signatures[0]._replace(signature=bytes(64))
    assert verified(Note(note.text, (note.signatures[0], false)), [PETER]) == (PETER,)
    with pytest.raises(NoteError, match="is false"):
        verified(Note(note.text, (false, note.signatures[0])), [PETER])


def test_two_known_keys_under_one_name_and_id_are_an_error_before_anything_is_verified() -> None:
    class Colliding(Verifier):
        @property
        def key_id(self) -> bytes:
            return PETER.key_id

    other = Colliding(PETER.name, ED25519, ENOCH.public)
    with pytest.raises(NoteError, match=r"two known keys are both PeterNeumann\+c74f20a3"):
        verified(signed("Unsigned by them.\n", Signer.made("a", ED25519, bytes(32))), [PETER, other])
    assert list(by_name_and_id([PETER, PETER, ENOCH]).values()) == [PETER, ENOCH]


def test_another_key_with_the_name_of_a_known_one_is_unknown() -> None:
    impostor = Signer.made(PETER.name, ED25519, b"\x07" * 32)
    with pytest.raises(NoteError, match="no signature of a known key"):
        verified(signed("I am Peter.\n", impostor), [PETER])


def test_a_known_key_under_another_name_is_unknown() -> None:
    real = Signer.parse(published.PETER_SECRET)
    for name in ("PeterNeumann2", "РeterNeumann", "PeterNeumann\u200b", "peterneumann"):
        renamed = Signer.made(name, ED25519, real.seed)
        with pytest.raises(NoteError, match="no signature of a known key"):
            verified(signed("I am Peter.\n", renamed), [PETER])


def test_an_id_that_was_put_before_a_foreign_signature_does_not_make_it_known() -> None:
    impostor = Signer.made(PETER.name, ED25519, b"\x07" * 32)
    note = signed("I am Peter.\n", impostor)
    forged = Note(note.text, (note.signatures[0]._replace(key_id=PETER.key_id),))
    with pytest.raises(NoteError, match="'PeterNeumann' is false"):
        verified(forged, [PETER])


def test_a_signature_under_one_text_does_not_hold_for_another_division_of_the_same_bytes() -> None:
    signer = Signer.made("a", ED25519, bytes(32))
    inner = signed("Inner.\n", signer)
    outer = Note.parse(inner.encode() + b"\n" + str(inner.signatures[0]).encode() + b"\n")
    assert outer.text == inner.encode().decode()
    with pytest.raises(NoteError, match="is false"):
        verified(outer, [signer.verifier])


@pytest.mark.parametrize(
    "data",
    [
        # golang/mod sumdb/note/note_test.go
        published.ADVICE,
        f"{published.ADVICE}\n",
        f"{published.ADVICE}\n{published.PETER_LINE[:-1]}",
        f"\x01{published.ADVICE}\n{published.PETER_LINE}",
        f"{published.ADVICE}\n— Bad Name {published.PETER_LINE[15:]}",
        f"{published.ADVICE}\n{published.PETER_LINE}Unexpected line.\n",
        # our own
        "",
        "\n\n",
        "text\n\n\n",
        f"{published.ADVICE}{published.PETER_LINE}",
        f"{published.ADVICE}\r\n{published.PETER_LINE}",
        f"{published.ADVICE}\n- {published.PETER_LINE[2:]}",
        f"{published.ADVICE}\n—{published.PETER_LINE[2:]}",
        f"{published.ADVICE}\n— PeterNeumann\n",
        f"{published.ADVICE}\n— PeterNeumann \n",
        f"{published.ADVICE}\n— PeterNeumann AAAAAA==\n",
        f"{published.ADVICE}\n— PeterNeumann  AAAAAAA=\n",
        f"{published.ADVICE}\n— PeterNeumann AAAAAAA= \n",
        f"{published.ADVICE}\n— PeterNeumann AAAAAAB=\n",
        f"{published.ADVICE}\n— Peter+Neumann AAAAAAA=\n",
        f"{published.ADVICE}\n—  AAAAAAA=\n",
    ],
)
def test_what_is_no_note_is_refused(data: str) -> None:
    with pytest.raises(NoteError):
        Note.parse(data.encode())


def test_what_is_not_utf_8_is_refused() -> None:
    for broken in (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"):
        with pytest.raises(NoteError, match="not UTF-8"):
            Note.parse(broken + BOTH)


def test_a_hundred_signatures_are_read_and_one_more_is_not() -> None:
    text = f"{published.ADVICE}\n"
    assert len(Note.parse((text + published.PETER_LINE * 100).encode()).signatures) == 100
    with pytest.raises(NoteError, match="at most 100"):
        Note.parse((text + published.PETER_LINE * 101).encode())
    with pytest.raises(NoteError, match="1 to 100 signatures, not 101"):
        Note(published.ADVICE, Note.parse(BOTH).signatures[:1] * 101)
    with pytest.raises(NoteError, match="1 to 100 signatures, not 0"):
        signed(published.ADVICE)


def test_the_text_may_have_empty_lines_and_the_last_one_divides() -> None:
    note = signed("One.\n\nTwo.\n", Signer.made("a", ED25519, bytes(32)))
    assert Note.parse(note.encode()) == note
    empty = signed("\n", Signer.made("a", ED25519, bytes(32)))
    assert Note.parse(empty.encode()) == empty


@given(notes)
def test_a_note_reads_back(note: Note) -> None:
    assert Note.parse(note.encode()) == note


@given(st.binary(max_size=200) | st.text("\n— aAB=+", max_size=60).map(str.encode))
def test_whatever_is_taken_as_a_note_would_be_written_so(data: bytes) -> None:
    try:
        note = Note.parse(data)
    except NoteError:
        return
    assert note.encode() == data


@given(st.integers(0, len(BOTH) - 1), st.binary(max_size=3))
def test_a_changed_note_is_refused_or_says_what_was_signed(at: int, instead: bytes) -> None:
    changed = BOTH[:at] + instead + BOTH[at + 1 :]
    try:
        note = Note.parse(changed)
        found = verified(note, [PETER, ENOCH])
    except NoteError:
        return
    assert note.text == published.ADVICE
    assert found


@pytest.mark.parametrize(
    "parts",
    [
        ("no line feed", (Signature("a", b"abcd", b"e"),)),
        ("tab\t\n", (Signature("a", b"abcd", b"e"),)),
        ("\ud800\n", (Signature("a", b"abcd", b"e"),)),
        ("text\n", (Signature("a b", b"abcd", b"e"),)),
        ("text\n", (Signature("a", b"abc", b"e"),)),
        ("text\n", (Signature("a", b"abcd", b""),)),
    ],
)
def test_a_note_that_could_not_be_read_back_is_not_made(parts: tuple[str, tuple[Signature, ...]]) -> None:
    with pytest.raises(NoteError):
        Note(*parts)


def test_a_cosigner_neither_signs_nor_verifies_a_plain_note() -> None:
    cosigner = Signer.made("w", COSIGNATURE, bytes(32))
    with pytest.raises(NoteError, match="key of a cosigner"):
        signed("text\n", cosigner)
    forged = Note("text\n", (Signature("w", cosigner.verifier.key_id, cosigner.sign(b"text\n")),))
    with pytest.raises(NoteError, match="key of a cosigner"):
        verified(forged, [cosigner.verifier])


def test_signatures_that_are_there_already_are_not_added() -> None:
    note = signed("text\n", Signer.made("a", ED25519, bytes(32)))
    other = Signature("b", b"abcd", b"e")
    assert note.with_signatures(
        [note.signatures[0]._replace(signature=b"x"), other, other, other._replace(signature=b"f")]
    ) == Note(note.text, (*note.signatures, other))


def test_the_largest_notes_are_read_in_time_and_larger_ones_are_not() -> None:
    line = f"— a {base64_of(bytes(68))}\n"
    begun = time.process_time()
    for text in ("\n" * (MAX_NOTE_BYTES - 120), "— " * 240_000 + "\n", "x" * (MAX_NOTE_BYTES - 120) + "\n"):
        data = f"{text}\n{line}".encode()[-MAX_NOTE_BYTES:]
        Note.parse(data)
    for tail in (
        b"\n" * MAX_NOTE_BYTES,
        b"a\n\n" + b"x" * 900_000 + b"\n",
        "\n\n— a ".encode() + b"A" * 900_001 + b"\n",
    ):
        with pytest.raises(NoteError):
            Note.parse(tail[-MAX_NOTE_BYTES:])
    assert time.process_time() - begun < 3
    with pytest.raises(NoteError, match="at most 1000000 bytes"):
        Note.parse(b"x" * (MAX_NOTE_BYTES + 1))
