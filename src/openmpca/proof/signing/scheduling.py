"""Checkpoints on a schedule: one every so many seconds from the start on, until the process is told to stop.

The times do not depend on what was recorded meanwhile, nor on how long a checkpoint took. After an import there is one
too, unless checkpoints are padded: then it waits for the schedule, because its time would tell of the import.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from django.db import DatabaseError

from openmpca.proof.keyring import keys, passphrase
from openmpca.proof.signing import checkpoints
from openmpca.record.home import configuration
from openmpca.record.record import Refused
from openmpca.record.turn import Busy


def secret() -> str | None:
    """The passphrase of the log's key, asked for once; None where it is not sealed."""
    file = keys.signing("log")
    return passphrase.asked(file.path.name) if file.sealed else None


def after_many(numbers: range) -> str:
    """Sign a checkpoint after an import, where a key is there that needs nobody; gives what to say of it."""
    try:
        file = keys.signing("log")
    except Refused:
        return ""
    if configuration().pad:
        return "Checkpoints are padded: the next one covers this."
    if file.sealed and not passphrase.at_hand():
        return "The key of the log is sealed: sign a checkpoint with `openmpca checkpoint`."
    try:
        made = checkpoints.make().checkpoint
    except Refused as refused:
        return f"No checkpoint was signed. {refused.problems[0].message} See `openmpca checkpoint`."
    except (Busy, DatabaseError, OSError) as error:
        return f"No checkpoint was signed: {error} Run `openmpca checkpoint`."
    return f"Checkpoint signed: size {made.size}, root {made.root.hex()}."


def keep_on(
    every: float, once: Callable[[], object], tell: Callable[[str], None], stop: threading.Event | None = None
) -> None:
    """Do it now and every so many seconds, until ``stop`` is set, or the process is told to end.

    Where somebody else writes for too long, or the database does not answer, that is told and the next one is tried;
    a refusal ends it: somebody has to look.
    """
    ended, begun, count = stop or threading.Event(), time.monotonic(), 0
    with _until_told(ended):
        while not ended.is_set():
            try:
                once()
            except (Busy, DatabaseError) as error:
                tell(f"No checkpoint this time: {error}")
            count = max(count, int((time.monotonic() - begun) // every)) + 1
            ended.wait(begun + count * every - time.monotonic())


@contextmanager
def _until_told(ended: threading.Event) -> Iterator[None]:
    """Let the signals by which a process is told to end set the event, where this is the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, frame: FrameType | None) -> None:
        ended.set()

    before = {each: signal.signal(each, end) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
