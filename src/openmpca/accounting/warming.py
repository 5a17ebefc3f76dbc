"""Counting the whole State once when the server starts, so that nobody waits for it at a page.

Rules kept here:

1. What is prepared is what the first pages ask: of today, as known now. Nothing depends on it; a page that comes first
   counts by itself, and one that comes meanwhile is told so (`kept`).
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from openmpca.accounting import accounts, kept
from openmpca.accounting.pictures import PICTURES, Subject
from openmpca.accounting.queries import View
from openmpca.accounting.reporting.due import owing
from openmpca.accounting.transit import abroad, unmatched
from openmpca.pages.routes import NotYet
from openmpca.record import clock
from openmpca.record.opening import readable


def start(*further: Callable[[], object]) -> threading.Thread:
    """Count in a thread of its own, and do what else is to be done."""
    thread = threading.Thread(target=_count, args=further, name="counting", daemon=True)
    kept.counted_by(thread)
    thread.start()
    return thread


def _count(*further: Callable[[], object]) -> None:
    from django.db import connections

    try:
        for each in further:
            each()
        if readable():
            today = clock.day(clock.now_us())
            for count in PREPARED:
                with suppress(NotYet):
                    count(View.of(today))
    finally:
        connections.close_all()


def _pictures(view: View) -> None:
    for each in PICTURES.values():
        each(Subject(view))


PREPARED: Final[tuple[Callable[[View], object], ...]] = (
    unmatched.judged,
    lambda view: owing(accounts.date_of(view.day), view.number),
    _pictures,
    kept.balances,
    abroad.abroad,
)
