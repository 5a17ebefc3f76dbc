from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmpca.tlog.merkle import leaf_hash
from openmpca.tlog.tiles import (
    TileError,
    TileName,
    full_count,
    name_of,
    partial_width,
    path_of,
    read_bundle,
    tiles_of,
    write_bundle,
)

WORDS = b"one two three four five six seven eit nain ten ileven twelf threeten fourten fivten".split()


@pytest.mark.parametrize(
    ("name", "path"),
    [
        # C2SP tlog-tiles; tessera api/layout/paths_test.go
        (TileName(0, 0), "tile/0/000"),
        (TileName(1, 1_234_067), "tile/1/x001/x234/067"),
        (TileName(15, 123_456_789, 41), "tile/15/x123/x456/789.p/41"),
        (TileName(None, 123_456_789), "tile/entries/x123/x456/789"),
        (TileName(None, 0, 15), "tile/entries/000.p/15"),
        (TileName(0, 1000), "tile/0/x001/000"),
    ],
)
def test_tiles_are_named_as_published(name: TileName, path: str) -> None:
    assert path_of(name) == path
    assert name_of(path) == name


@given(st.none() | st.integers(0, 63), st.integers(0, 2**64), st.integers(1, 256))
def test_a_path_leads_back_to_its_tile(level: int | None, n: int, width: int) -> None:
    assert name_of(path_of(TileName(level, n, width))) == TileName(level, n, width)


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/0",
        "tile/0/x000/000",
        "tile/00/000",
        "tile/64/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/001/000",
        "tile/0/000\n",
        "/tile/0/000",
        "tile/0/../000",
        "tile/0/٠٠٠",
    ],
)
def test_another_spelling_is_no_path(path: str) -> None:
    with pytest.raises(TileError):
        name_of(path)


@pytest.mark.parametrize("name", [TileName(64, 0), TileName(-1, 0), TileName(0, -1), TileName(0, 0, 0)])
def test_an_impossible_tile_has_no_path(name: TileName) -> None:
    with pytest.raises(TileError, match="no tile has level"):
        path_of(name)


def test_the_widths_at_seventy_thousand_are_those_of_the_specification() -> None:
    assert [(full_count(level, 70_000), partial_width(level, 70_000)) for level in range(4)] == [
        (273, 112),
        (1, 17),
        (0, 1),
        (0, 0),
    ]
    tiles = list(tiles_of(70_000))
    assert len(tiles) == 273 + 1 + 1 + 1 + 1
    assert tiles[273:] == [TileName(0, 273, 112), TileName(1, 0), TileName(1, 1, 17), TileName(2, 0, 1)]


def test_an_empty_tile_is_never_named() -> None:
    assert list(tiles_of(0)) == []
    assert list(tiles_of(256)) == [TileName(0, 0), TileName(1, 0, 1)]


def test_the_tiles_and_bundles_of_a_published_log_come_out_byte_for_byte(shared_folder: Path) -> None:
    folder = shared_folder / "vectors/tlog/tessera-log"
    for size in range(1, 16):
        bundle = (folder / path_of(TileName(None, 0, size))).read_bytes()
        assert read_bundle(bundle, size) == WORDS[:size]
        assert write_bundle(WORDS[:size]) == bundle
        hashes = b"".join(leaf_hash(word) for word in WORDS[:size])
        assert (folder / path_of(TileName(0, 0, size))).read_bytes() == hashes


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=256))
def test_a_bundle_gives_its_entries_back(entries: list[bytes]) -> None:
    assert read_bundle(write_bundle(entries), len(entries)) == entries


@pytest.mark.parametrize("bundle", [b"\x00", b"\x00\x03on", b"\x00\x03one\x00", b"\x00\x03one\x00\x00", b""])
def test_a_bundle_with_too_little_or_too_much_is_refused(bundle: bytes) -> None:
    with pytest.raises(TileError, match="does not hold 1 whole entries"):
        read_bundle(bundle, 1)


def test_what_does_not_fit_a_bundle_is_refused() -> None:
    with pytest.raises(TileError, match="1 to 256 entries, not 0"):
        write_bundle([])
    with pytest.raises(TileError, match="longer than 65535"):
        write_bundle([bytes(65_536)])
