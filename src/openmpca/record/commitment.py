"""Bodies and entries of many statements, in worker processes when there are many.

A statement's lines are its envelope (kind, version, party, who prepared and approved, when recorded, overrides) and its
fields. What is empty is left out: the padding of the digests hides how many there are.
"""

import importlib
import io
import os
import random as pseudo
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache
from typing import Final

import polars as pl

from openmpca.record import workers
from openmpca.record.frames import Segment, lines
from openmpca.tlog.disclosure import commit_many

CHUNK: Final = 20_000
POOLED: Final = 5_000
AHEAD: Final = 8

Lines = list[tuple[str, object]]
Random = Callable[[int], bytes]
Committed = tuple[list[str], list[bytes]]


def seeded(seed: str) -> Random:
    """Salts that can be made again: for demonstrations only."""
    return pseudo.Random(seed).randbytes  # noqa: S311  never used for a real record


def commit(segment: Segment, envelope: Lines, random: Random = os.urandom) -> Committed:
    """The bodies and the entries of a segment."""
    head: Lines = [("kind", segment.kind.name), ("version", segment.kind.version), *envelope]
    return commit_many((head + own for own in lines(segment.kind.name, segment.frame)), random)


def committed(segment: Segment, envelope: Lines, random: Random = os.urandom) -> Iterator[Callable[[], Committed]]:
    """For each chunk of a segment, in order, a call that waits for its bodies and entries."""
    if segment.frame.height < POOLED or random is not os.urandom:
        for part in segment.frame.iter_slices(CHUNK):
            yield lambda part=part: commit(Segment(segment.kind, part), envelope, random)  # type: ignore[misc]
        return
    # A window keeps what is not yet written from filling the memory.
    waiting: deque[Future[Committed]] = deque()
    for part in segment.frame.iter_slices(CHUNK):
        waiting.append(
            _pool().submit(_commit_ipc, _ipc(part), segment.kind.name, segment.kind.struct.__module__, envelope)
        )
        if len(waiting) > AHEAD:
            yield waiting.popleft().result
    while waiting:
        yield waiting.popleft().result


def _ipc(part: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    part.write_ipc(stream)
    return stream.getvalue()


def _commit_ipc(data: bytes, name: str, module: str, envelope: Lines) -> Committed:
    importlib.import_module(module)
    from openmpca.record.statements import KINDS

    with workers.without_collecting():
        return commit(Segment(KINDS[name], pl.read_ipc(io.BytesIO(data))), envelope)


@cache
def _pool() -> ProcessPoolExecutor:
    return workers.pool()
