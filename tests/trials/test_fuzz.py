"""A moment of what `trials/fuzz.py` does for minutes, with hypothesis, and that the trial sees what it is to see."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trials import fuzz
from trials._parsers import PARSERS, Parser

parsers = pytest.mark.parametrize("parser", PARSERS, ids=[each.name for each in PARSERS])


def mutated(parser: Parser) -> st.SearchStrategy[bytes]:
    """A good text with some pieces of it replaced, doubled or taken out."""
    piece = st.sampled_from((*fuzz.UNITS, *parser.pieces, b"")) | st.binary(max_size=4)
    edits = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 60), piece), min_size=1, max_size=5)
    return st.builds(edited, st.sampled_from(parser.seeds), edits)


def edited(seed: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    data = seed
    for at, length, instead in edits:
        begin = at % (len(data) + 1)
        data = data[:begin] + instead + data[begin + length :]
    return data


@parsers
def test_a_parser_takes_what_it_should(parser: Parser) -> None:
    for seed in parser.seeds:
        parser.read(seed)


@parsers
def test_a_parser_bears_any_text(parser: Parser) -> None:
    @settings(max_examples=150)
    @given(mutated(parser) | st.binary(max_size=300))
    def bears(data: bytes) -> None:
        parser.read(data)

    bears()


@parsers
def test_a_parser_takes_time_and_memory_in_proportion_to_the_text(parser: Parser) -> None:
    grown = fuzz.grown(parser, min(parser.limit // 2, 120_000), every=23)
    assert grown.texts
    assert not grown.wrong


def raising(data: bytes) -> None:
    if b"!" in data:
        raise KeyError("not a typed error")


def quadratic(data: bytes) -> None:
    end = time.process_time() + (len(data) / 40_000) ** 2
    while time.process_time() < end:
        pass


def hoarding(data: bytes) -> None:
    kept = [bytes(1000) for _ in range(len(data))]
    assert kept is not data


def broken(read: Callable[[bytes], object]) -> Parser:
    return Parser(read.__name__, read, (b"seed",), 40_000, (b"!",))


BROKEN = [broken(each) for each in (raising, quadratic, hoarding)]


def test_a_parser_that_grows_too_fast_is_found() -> None:
    assert "time grows faster than length" in fuzz.grown(BROKEN[1], 20_000, every=50).wrong[0]
    assert "bytes held" in fuzz.grown(BROKEN[2], 20_000, every=50).wrong[0]


@pytest.mark.slow
def test_an_untyped_error_is_found_and_shown() -> None:
    pytest.importorskip("atheris")
    found = fuzz.fuzzed("raising", 5, 7, where="tests.trials.test_fuzz:BROKEN")
    assert "not a typed error" in found.wrong
    assert "!" in found.wrong


@pytest.mark.slow
def test_atheris_runs_a_parser_for_its_time() -> None:
    pytest.importorskip("atheris")
    found = fuzz.fuzzed("note", 2, 7)
    assert found.wrong == ""
    assert found.inputs > 100
