"""Bytes to entries and back: nothing lost, nothing invented, whatever the bytes."""

import io
import itertools
import string
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openmpca.formats.code10.lexer import Element, Entry
from openmpca.formats.code10.profile import AGENCY, PROFILES, Profile, profile
from openmpca.formats.code10.reader import read_entries
from openmpca.formats.code10.writer import write_entries
from openmpca.problems import Problem
from tests.formats.code10 import reports

LOSSY = {100, 105, 106}
SMALL = Profile(name="small", title="", max_element=40, max_elements=3)


def read(*chunks: bytes, profile: Profile = AGENCY) -> tuple[list[Entry], list[Problem]]:
    found = list(read_entries(chunks, profile))
    return [x for x in found if isinstance(x, Entry)], [x for x in found if isinstance(x, Problem)]


def write(entries: list[Entry], profile: Profile = AGENCY) -> bytes:
    return b"".join(write_entries(entries, profile))


def numbers(problems: list[Problem]) -> list[int]:
    return [problem.rule for problem in problems]


ALL = b"".join(
    (
        reports.RECEIPT_6,
        reports.CHANGES_7,
        reports.CORRECTION_8,
        reports.LISTING_9,
        reports.BALANCE_10,
        reports.EMPTY_LISTING_11,
    )
)


def test_the_reports_of_a_reactor_are_read_without_a_problem_and_written_byte_for_byte() -> None:
    entries, problems = read(ALL)
    assert problems == []
    assert len(entries) == 22
    assert write(entries) == ALL
    assert entries[1].elements[9] == Element("370", "YY/YYB1")


@given(st.lists(st.integers(1, len(ALL) - 1), max_size=8))
def test_it_does_not_matter_where_the_bytes_are_cut(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(ALL)]
    pieces = [ALL[start:end] for start, end in itertools.pairwise(edges)]
    assert read(*pieces) == read(ALL)


def test_a_stream_is_read_in_pieces_and_gives_the_same() -> None:
    assert list(read_entries(io.BytesIO(ALL))) == list(read_entries([ALL]))


@given(st.binary(max_size=400), st.sampled_from(sorted(PROFILES)))
def test_any_bytes_are_read_and_written_back(raw: bytes, name: str) -> None:
    entries, problems = read(raw, profile=profile(name))
    if not LOSSY & set(numbers(problems)):
        assert write(entries, profile(name)) == raw


_PIECES = st.sampled_from(
    [b"001:", b"OI/ZZ;7", b"#", b"#", b"\n", b" ", b"\r\n", b"630:", b"5G", b"x", b":", b"\xff", b"\0", b"12", b"/"]
)


@settings(max_examples=400)
@given(st.lists(_PIECES, max_size=60).map(b"".join), st.integers(1, 30))
def test_damaged_files_are_read_and_written_back(raw: bytes, size: int) -> None:
    pieces = [raw[start : start + size] for start in range(0, len(raw), size)]
    entries, problems = read(*pieces)
    if not LOSSY & set(numbers(problems)):
        assert write(entries) == raw
    read(*pieces, profile=SMALL)


_CONTENT = st.text(string.ascii_uppercase + string.digits + " /;:.,-+", max_size=20)
_LABEL = st.integers(2, 999).map("{:03d}".format)
_ENTRY = st.builds(
    lambda first, rest, tail: Entry((Element("001", first), *rest), tail),
    _CONTENT,
    st.lists(st.builds(Element, _LABEL, _CONTENT, st.just(True), st.sampled_from([None, " ", "\r\n"])), max_size=5),
    st.sampled_from([None, "", "\r\n", "\n\n"]),
)


@given(st.lists(_ENTRY, min_size=1, max_size=5))
def test_what_is_written_is_read_as_the_same(entries: list[Entry]) -> None:
    assert read(write(entries)) == (entries, [])


def test_separators_are_those_of_the_profile() -> None:
    lines = Profile(name="lines", title="", element_separator="\r\n", entry_separator="\r\n\r\n")
    entry = Entry((Element("001", "OI/ZZ;7"), Element("002", "1/1")))
    raw = b"001:OI/ZZ;7#\r\n002:1/1#\r\n\r\n"
    assert write([entry, entry], lines) == raw + raw
    assert read(raw, raw, profile=lines) == ([entry, entry], [])


def test_a_separator_cannot_look_like_data() -> None:
    with pytest.raises(ValueError, match="separator"):
        Profile(name="bad", title="", entry_separator="#")


def test_an_unknown_profile_names_those_there_are() -> None:
    with pytest.raises(KeyError, match="agency"):
        profile("nobody")


def test_an_entry_without_a_last_line_end_stays_without_it() -> None:
    [entry], problems = read(b"001:OI/ZZ;7#002:1/1#")
    assert (entry.tail, problems) == ("", [])


def test_a_missing_number_sign_ends_the_element_at_the_line_and_is_a_problem() -> None:
    raw = b"001:OI/ZZ;7#470:11\n001:OI/ZZ;7#002:2"
    entries, problems = read(raw)
    assert [entry.contents() for entry in entries] == [
        {"001": "OI/ZZ;7", "470": "11"},
        {"001": "OI/ZZ;7", "002": "2"},
    ]
    assert numbers(problems) == [107, 107]
    assert problems[0].field == "470"
    assert write(entries) == raw


def test_text_outside_elements_is_kept_and_remarked() -> None:
    raw = b"FROM: ZZ\n001:OI/ZZ;7#xx002:1/1# nonsense #\nEND"
    [entry], problems = read(raw)
    assert numbers(problems) == [101, 101, 102, 101]
    assert [element.label for element in entry.elements] == ["001", "002", ""]
    assert write([entry]) == raw


def test_what_stands_before_a_later_entry_is_remarked_there() -> None:
    _, problems = read(b"001:OI/ZZ;7#\nPAGE 2\n001:OI/ZZ;7#")
    assert [(problem.rule, problem.record) for problem in problems] == [(101, "entry 2 of the file, byte 12")]


def test_elements_before_the_first_001_are_a_problem_and_kept() -> None:
    raw = b" 002:1/1# 001:OI/ZZ;7#"
    entries, problems = read(raw)
    assert numbers(problems) == [103]
    assert len(entries) == 2
    assert write(entries) == raw


def test_bytes_outside_the_encoding_are_a_problem_and_kept() -> None:
    raw = b"001:OI/ZZ;7#446:\xd0\x91\x00#"
    entries, problems = read(raw)
    assert numbers(problems) == [104]
    assert write(entries) == raw
    [entry], problems = read(raw[:-2] + b"#", profile=profile("state"))
    assert (entry.contents()["446"], problems) == ("Б", [])


def test_a_text_in_another_encoding_altogether_is_read_to_the_end() -> None:
    _, problems = read(ALL.decode().encode("utf-16"))
    assert {100, 102, 106} <= set(numbers(problems))


@pytest.mark.parametrize("raw", [b"", b" \r\n", b"no report at all"])
def test_a_file_without_elements_says_so(raw: bytes) -> None:
    entries, problems = read(raw)
    assert entries == []
    assert 100 in numbers(problems)


def test_an_overlong_element_is_skipped_up_to_the_next_entry() -> None:
    good = b"001:OI/ZZ;8#\n"
    entries, problems = read(good, b"001:OI/ZZ;7#391:" + b"x" * 100, b"x" * 100 + b"#412:1#\n", good, profile=SMALL)
    assert [entry.contents()["001"] for entry in entries] == ["OI/ZZ;8", "OI/ZZ;8"]
    assert numbers(problems) == [105]


def test_a_whole_file_without_number_signs_resumes_at_each_line_that_begins_an_entry() -> None:
    line = b"\n001:OI/ZZ;7 " + b"x" * 50
    entries, problems = read(line * 3, profile=SMALL)
    assert entries == []
    assert numbers(problems) == [105, 105, 105, 100]


def test_an_entry_with_too_many_elements_is_skipped() -> None:
    entries, problems = read(b"001:a#002:b#003:c#004:d#005:e#\n001:z#", profile=SMALL)
    assert [entry.contents() for entry in entries] == [{"001": "z"}]
    assert numbers(problems) == [106]


class Endless:
    """A file of one line of very many bytes that counts what is asked of it."""

    def __init__(self, piece: bytes, pieces: int) -> None:
        self.piece, self.left, self.most = piece, pieces, 0

    def read(self, size: int = -1) -> bytes:
        self.most = max(self.most, size)
        self.left -= 1
        return self.piece if self.left >= 0 else b""

    def __iter__(self) -> Iterator[bytes]:
        raise AssertionError("a line may be as long as the file")


@pytest.mark.parametrize("piece", [b"x" * 65536, b"#" * 65536, b" " * 65536, b"1:2" * 20000, b"\0" * 65536])
def test_a_hostile_file_costs_neither_memory_nor_many_problems(piece: bytes) -> None:
    stream = Endless(piece, 40)
    found = list(read_entries(stream))  # type: ignore[arg-type]
    assert len(found) < 1000
    assert 0 < stream.most <= 65536


def test_a_large_piece_is_read_in_linear_time() -> None:
    entries, problems = read(ALL * 200)
    assert (len(entries), problems) == (4400, [])


@pytest.mark.parametrize("text", ["5G#630:9G", "NOTE\n630:9G"])
def test_a_text_cannot_forge_an_element(text: str) -> None:
    with pytest.raises(ValueError, match="more than one element"):
        write([Entry((Element("001", "OI/ZZ;7"), Element("391", text)))])


def test_a_character_that_the_encoding_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="ordinal"):
        write([Entry((Element("446", "Б"),))])
