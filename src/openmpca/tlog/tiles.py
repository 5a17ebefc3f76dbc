"""Where the tiles of a log lie as files, how wide they are, and how entries are bundled.

A path is `tile/<level>/<n>` or `tile/entries/<n>`. The number stands in groups of three digits, all but the last
marked with an x: 1234067 is `x001/x234/067`. A tile that is not full ends in `.p/<width>`.

Source: C2SP tlog-tiles (5ba5ee83).
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from openmpca.tlog.tree import TILE_HEIGHT, TILE_WIDTH

MAX_LEVEL = 63
MAX_ENTRY_BYTES = 0xFFFF
ENTRIES = "entries"

_PATH = re.compile(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)


class TileError(ValueError):
    """No tile, path or bundle of a log is like this."""


class TileName(NamedTuple):
    """A tile of hashes of a level, or of entries where level is None; width 256 is a full one."""

    level: int | None
    n: int
    width: int = TILE_WIDTH


def path_of(name: TileName) -> str:
    """The path of a tile below the log's prefix."""
    level, n, width = name
    if not (level is None or 0 <= level <= MAX_LEVEL) or n < 0 or not 1 <= width <= TILE_WIDTH:
        raise TileError(f"no tile has level {level}, number {n}, width {width}")
    *higher, last = [f"{int(group):03}" for group in f"{n:,}".split(",")]
    number = "".join([f"x{group}/" for group in higher]) + last
    partial = "" if width == TILE_WIDTH else f".p/{width}"
    return f"tile/{ENTRIES if level is None else level}/{number}{partial}"


def name_of(path: str) -> TileName:
    """The tile at a path; only the one spelling that `path_of` writes is taken."""
    found = _PATH.fullmatch(path)
    if not found:
        raise TileError(f"not the path of a tile: {path!r}")
    kind, number, width = found.groups()
    level = None if kind == ENTRIES else int(kind)
    name = TileName(level, int(re.sub("[x/]", "", number)), int(width or TILE_WIDTH))
    if path_of(name) != path:
        raise TileError(f"not the path of a tile: {path!r}")
    return name


def partial_width(level: int, size: int) -> int:
    """How many hashes the incomplete tile of a level has in a tree of this size; 0 where there is none."""
    return (size >> (TILE_HEIGHT * level)) % TILE_WIDTH


def full_count(level: int, size: int) -> int:
    """How many full tiles a level has in a tree of this size."""
    return size >> (TILE_HEIGHT * (level + 1))


def tiles_of(size: int) -> Iterator[TileName]:
    """All tiles of hashes of a tree of this size, level by level, the incomplete one last in its level."""
    level = 0
    while size >> (TILE_HEIGHT * level):
        full, width = full_count(level, size), partial_width(level, size)
        yield from (TileName(level, n) for n in range(full))
        if width:
            yield TileName(level, full, width)
        level += 1


def write_bundle(entries: Sequence[bytes]) -> bytes:
    """The entries of one tile, each after its length in two bytes, the high one first."""
    if not 1 <= len(entries) <= TILE_WIDTH:
        raise TileError(f"a bundle holds 1 to {TILE_WIDTH} entries, not {len(entries)}")
    if any(len(entry) > MAX_ENTRY_BYTES for entry in entries):
        raise TileError(f"an entry is longer than {MAX_ENTRY_BYTES} bytes")
    return b"".join([len(entry).to_bytes(2, "big") + entry for entry in entries])


def read_bundle(bundle: bytes, width: int = TILE_WIDTH) -> list[bytes]:
    """The entries of a bundle that is to hold `width` of them and nothing else."""
    entries: list[bytes] = []
    at = 0
    while at < len(bundle):
        begin = at + 2
        at = begin + int.from_bytes(bundle[at:begin], "big")
        entries.append(bundle[begin:at])
    if at != len(bundle) or len(entries) != width:
        raise TileError(f"the bundle does not hold {width} whole entries")
    return entries
