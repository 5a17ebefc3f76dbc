"""Worker processes, as many as there are processors, which end when the process that they work for does.

A worker waits on a pipe whose other end it holds itself, so it would never notice that whoever sent it work was killed.
"""

import gc
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread


def pool() -> ProcessPoolExecutor:
    """A pool of workers that were begun afresh, on every system alike."""
    return ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn"), initializer=end_with_parent)


@contextmanager
def without_collecting() -> Iterator[None]:
    """No search for cycles among millions of rows, which have none: a tenth of the time of an import."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def end_with_parent() -> None:
    """Have this process end when the one that began it does."""
    Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
