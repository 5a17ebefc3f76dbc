"""Where the files of a test run lie: in memory where there is room, else where temporary files lie otherwise.

Tests make and throw away some hundred databases, each a file that is written through to the disk at every statement, or
a thousand small files of PostgreSQL. A disk takes up to a second of both cores for one of those.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

MEMORY: Final = Path("/dev/shm")  # noqa: S108  folders with names of their own are made in it
ROOM: Final = 4 * 1024**3


def in_memory() -> Path | None:
    """The folder that lies in memory, where there is one with room for the files of all tests, programs too."""
    if not os.access(MEMORY, os.W_OK) or os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        return None
    return MEMORY if shutil.disk_usage(MEMORY).free >= ROOM else None


@contextmanager
def temporary() -> Iterator[dict[str, str]]:
    """What tells a test run where its temporary files go, for the length of a block."""
    if (memory := in_memory()) is None:
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="openmpca-tests-", dir=memory, ignore_cleanup_errors=True) as folder:
        yield {"TMPDIR": folder}
