"""Several processes that answer at one address, so that the pages use every core of a machine.

Rules kept here:

1. The first process listens, brings the tables to this version, says the one-time secret and counts the whole State,
   all of it once; it serves from the first moment. The others are begun when it has counted, are handed what it
   counted, and take requests from then on.
2. All take requests from the same line: who is free takes the next. Nothing that decides who may do what, or how often
   somebody tried, is kept in a process; it stands in the record or in the pages' database.
3. One that ends is told of, and another takes its place: at once, or after a pause when it did not live long.
4. When the first ends, all end: by word where it is ended itself, else because they notice that it is gone.

Source: decision 19.
"""

import gc
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from threading import Event, Thread
from types import FrameType
from typing import Final, NoReturn

MOST: Final = 4
"""As many processes as serve unless more are asked for: each has its own memory."""
SHORT: Final = 30.0
PAUSE: Final = 10.0
"""Seconds that a process should live, and the pause after which one that did not is replaced (rule 3)."""
LOOK: Final = 0.2
"""Seconds after which it is looked again whether all processes live."""
PATIENCE: Final = 10.0
"""Seconds within which processes that are told to end do so."""
_LOG: Final = logging.getLogger(__name__)


def usual() -> int:
    """How many processes serve when nobody says: one for each core that this program may use, and no more than four."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST)


@contextmanager
def beside(first: Thread, sockets: Sequence[socket.socket], count: int, threads: int) -> Iterator[None]:
    """So many further processes at the sockets of this one, begun when a ``first`` thread has ended; they end with the
    block."""
    ended = Event()
    keeping = Thread(target=_keep, args=(first, sockets, count, threads, ended), name="processes", daemon=True)
    keeping.start()
    try:
        yield
    finally:
        ended.set()
        keeping.join(PATIENCE)


def _keep(first: Thread, sockets: Sequence[socket.socket], count: int, threads: int, ended: Event) -> None:
    while first.is_alive() and not ended.wait(LOOK):
        pass
    pass_over()
    running = [_Place(sockets, threads) for _ in range(count)]
    while not ended.wait(LOOK):
        for each in running:
            each.fill()
    for each in running:
        each.tell()
    for each in running:
        each.clear()


class _Place:
    """A place beside the first process, and the process that fills it."""

    def __init__(self, sockets: Sequence[socket.socket], threads: int) -> None:
        self._sockets, self._threads = sockets, threads
        self.process: SpawnProcess | None = None
        self._begun, self._not_before = 0.0, 0.0

    def fill(self) -> None:
        """Begin a process where there is none, or none any more (rule 3)."""
        if self.process is not None and not self.process.is_alive():
            _LOG.error("A process of the server ended with %s; another takes its place.", self.process.exitcode)
            short = time.monotonic() - self._begun < SHORT
            self._not_before = time.monotonic() + (PAUSE if short else 0)
            self.process = None
        if self.process is None and time.monotonic() >= self._not_before:
            self._begin()

    def _begin(self) -> None:
        from openmpca.accounting import handing_on

        context = get_context("spawn")
        receiving, sending = context.Pipe(duplex=False)
        given = (list(self._sockets), self._threads, receiving)
        made, self._begun = context.Process(target=_another, args=given, name="pages"), time.monotonic()
        try:
            made.start()
        except OSError as error:
            _LOG.error("No further process of the server can be begun: %s.", error)
            self._not_before = time.monotonic() + PAUSE
            return
        self.process = made
        receiving.close()
        with sending, suppress(BrokenPipeError):
            sending.send_bytes(handing_on.packed())

    def tell(self) -> None:
        """Tell the process that is here to end."""
        if self.process is not None:
            self.process.terminate()

    def clear(self) -> None:
        """Wait for it to end, and end it where it does not."""
        if self.process is not None:
            self.process.join(PATIENCE)
            self.process.kill()


def _another(sockets: list[socket.socket], threads: int, receiving: Connection) -> None:
    """What a further process does: it takes what was counted, and serves until it is told to end."""
    from openmpca.record.workers import end_with_parent

    begin_quickly()
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from openmpca.record.opening import open_home

    open_home()
    from django.urls import get_resolver

    from openmpca.accounting import handing_on
    from openmpca.accounting.rule_list import all_rules
    from openmpca.web import serving

    serving.tell_errors()
    application = serving.another_application()
    all_rules()
    _ = get_resolver().url_patterns
    with receiving:
        handing_on.unpack(receiving.recv_bytes())
    pass_over()
    made = serving.server(application, threads, kept=False, sockets=sockets)
    ending_by_word()
    made.run()
    leave()


def begin_quickly() -> None:
    """Search for no cycles until `pass_over`: a quarter of the time that it takes to begin."""
    gc.disable()


def pass_over() -> None:
    """Have what is there now, which stays, passed over by the search for cycles; it took longer than most pages."""
    gc.collect()
    gc.freeze()
    gc.enable()


def ending_by_word() -> None:
    """Have this process end in order when it is told to: what is being answered is, as far as that is done soon."""
    signal.signal(signal.SIGTERM, _end)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def leave() -> NoReturn:
    """End this process now, whatever its threads still count: libraries do not bear that Python is taken down below."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
