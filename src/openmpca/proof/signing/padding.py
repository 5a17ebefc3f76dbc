"""Padding: statements that say nothing fill a checkpoint up, so that the growth of the log tells no tempo of work.

Rules kept here:

1. A padded checkpoint is signed at a multiple of `pad`: the next one above the last signed size that covers the record
   as it stands. A quiet period and a busy one look alike, as long as `pad` is above what the busiest states.
2. What others state meanwhile lies behind the multiple and waits for the next checkpoint.
3. A filler has an entry like any other, a commitment with salts; the log does not show which entries are fillers.
   The record does, to those who hold it.

Source: issue "Prove it": checkpoints can be padded and put on a schedule.
"""

import polars as pl

from openmpca.proof.signing import checkpoints
from openmpca.record import commands
from openmpca.record.act import Act
from openmpca.record.commands import NOW, Circumstances
from openmpca.record.frames import Segment
from openmpca.record.record import head
from openmpca.record.statements import KINDS

FILLER = "proof.filler"


def target(signed: int, size: int, pad: int) -> int:
    """The next multiple of ``pad`` above the last signed size that is not below the size of the record.

    >>> target(16, 16, 16), target(16, 25, 16), target(16, 32, 16), target(16, 33, 16), target(0, 7, 16)
    (32, 32, 32, 48, 16)
    """
    return max(signed // pad + 1, -(-size // pad)) * pad


def fill(act: Act, pad: int, *, when: Circumstances = NOW) -> int:
    """Fill the record up to the next multiple; gives the size at which the checkpoint is to be signed."""
    checkpoints.check()
    last, size = checkpoints.last(), head()[0]
    signed = last.checkpoint.size if last is not None and last.checkpoint.origin == checkpoints.origin() else 0
    wanted = target(signed, size, pad)
    if wanted > size:
        days = pl.Series("day", [when.today] * (wanted - size), pl.Date)
        commands.state([Segment(KINDS[FILLER], pl.DataFrame([days]))], act, when=when)
    return wanted
