"""Taking turns at writing: one writer holds the record, the others wait, are told for whom, and at last give up.

Rules kept here:

1. The lock is the database's own (BEGIN IMMEDIATE on SQLite, the head row FOR UPDATE on PostgreSQL); a writer that dies
   holds nothing.
2. Who waits longer than `TELL_AFTER` seconds is told once; who waits longer than `GIVE_UP_AFTER`, or than
   `giving_up_after` says where a person waits at a page, gets `Busy`, and nothing was written.
3. The note about who is writing is a small file in the home. It is a courtesy: it locks nothing, and may be stale.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Final

import msgspec
from django.db import OperationalError, connection, transaction

from openmpca.record import clock
from openmpca.record.home import home
from openmpca.record.models import Head, PersonName

TELL_AFTER: Final = 2.0
GIVE_UP_AFTER: Final = 900.0
NOTE: Final = "writing.json"

Announce = Callable[[str], None]


_GIVEN: Final[ContextVar[float | None]] = ContextVar("giving_up_after", default=None)


class Busy(Exception):  # noqa: N818
    """Somebody else was writing for too long; nothing was recorded."""


class Note(msgspec.Struct, frozen=True):
    """Who has been writing since when."""

    person: str
    since_us: int


def _silent(message: str) -> None:
    return None


_announce: list[Announce] = [_silent]


def announce_to(listener: Announce) -> None:
    """Have waiting told to ``listener`` from now on."""
    _announce[0] = listener


@contextmanager
def giving_up_after(seconds: float) -> Iterator[None]:
    """Within this, who waits for their turn gives up after so many seconds, though not before `TELL_AFTER`."""
    before = _GIVEN.set(seconds)
    try:
        yield
    finally:
        _GIVEN.reset(before)


@contextmanager
def turn(person: str) -> Iterator[Head]:
    """A transaction that holds the record's lock; gives its head."""
    block, head = _begin()
    with ExitStack() as stack:
        stack.push(block)
        note = _leave_note(person)
        try:
            yield head
        finally:
            with suppress(OSError):
                note.unlink()


def _begin() -> tuple[transaction.Atomic, Head]:
    given = _GIVEN.get()
    end, told, patience = time.monotonic() + (GIVE_UP_AFTER if given is None else given), False, TELL_AFTER
    while True:
        try:
            return _take(patience)
        except OperationalError as error:
            if not _is_wait(error):
                raise
        if not told:
            _announce[0](f"Waiting: {_who()}")
            told = True
        if time.monotonic() > end:
            raise Busy(f"Nothing was recorded: {_who()} Try again when that has ended.")
        # PostgreSQL keeps a queue, and its waiting can be interrupted; SQLite's has to come up for air.
        patience = end - time.monotonic() if connection.vendor == "postgresql" else TELL_AFTER


def _take(seconds: float) -> tuple[transaction.Atomic, Head]:
    _set_patience("PRAGMA busy_timeout={}", "sqlite", seconds)
    block = transaction.atomic(durable=True)
    block.__enter__()
    try:
        _set_patience("SET LOCAL lock_timeout = {}", "postgresql", seconds)
        head = _locked()
        _set_patience("SET LOCAL lock_timeout = {}", "postgresql", 0)
    except BaseException as error:
        block.__exit__(type(error), error, error.__traceback__)
        raise
    return block, head


def _set_patience(sql: str, vendor: str, seconds: float) -> None:
    if connection.vendor == vendor:
        with connection.cursor() as cursor:
            cursor.execute(sql.format(max(0, int(seconds * 1000))))


def _locked() -> Head:
    found = Head.objects.select_for_update().filter(id=1).first()
    return found or Head(id=1, size=0, recorded_us=0, root=b"")


def _is_wait(error: OperationalError) -> bool:
    return "locked" in str(error) or getattr(error.__cause__, "sqlstate", "") == "55P03"


def _leave_note(person: str) -> Path:
    path = home() / NOTE
    with suppress(OSError):
        path.write_bytes(msgspec.json.encode(Note(person, clock.now_us())))
    return path


def _who() -> str:
    try:
        note = msgspec.json.decode((home() / NOTE).read_bytes(), type=Note)
    except (OSError, msgspec.MsgspecError):
        return "somebody else is writing."
    return f"{PersonName.handle_of(note.person)} has been writing since {clock.to_text(note.since_us)[11:19]} UTC."
