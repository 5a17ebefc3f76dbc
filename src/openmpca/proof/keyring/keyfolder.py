"""The folder of keys beside the database: `keys` in the home, for its owner alone.

Rules kept here:

1. The folder is made 0700 and its files 0600, before anything is written into them. A file that somebody else may read,
   or a folder in which somebody else may write, is refused until that is mended. (Windows keeps such permissions
   elsewhere: there the folder of the home says who reads.)
2. A key file is made new or not at all: nothing is written over. What changes (the last signed checkpoint) is written
   under another name, brought to the disk and renamed; then the folder is brought to the disk. So after a power cut
   there is the old or the new, whole.
3. One process at a time decides what is signed: who signs holds the lock of the folder.

Source: issue "Prove it", keys and checkpoints.
"""

import os
import secrets
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from openmpca.problems import rule
from openmpca.record.home import home
from openmpca.record.record import Refused

LOCK: Final = "lock"
_FOLDER: Final = "keys"
_OTHERS_READ: Final = stat.S_IRWXG | stat.S_IRWXO
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH

KEY_FILE = rule(
    52,
    "A key file is whole, and its owner alone may read it",
    source="issue: private keys in files readable by the owner alone",
    mend="Give the file to the user of OpenMPCA alone; make a new key where others may have read it.",
)


def folder() -> Path:
    """Where the keys of the open home lie, whether or not it is there."""
    return home() / _FOLDER


def made() -> Path:
    """The folder, made where it was missing. Raises `Refused` where others may write in it."""
    found = folder()
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.name == "posix" and found.stat().st_mode & _OTHERS_WRITE:
        message = f"Others may write in {found}."
        raise Refused([KEY_FILE.problem(message, record=str(found), mend=f"Run `chmod 700 {found}`.")])
    return found


def create(path: Path, text: str) -> None:
    """Write a new file for its owner alone, on the disk when this returns. FileExistsError where there is one."""
    _write(path, text.encode())
    _to_disk(path.parent)


def replace(path: Path, data: bytes) -> None:
    """Put a file in place, the old one or none before: on the disk when this returns."""
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}.partial")
    try:
        _write(partial, data)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    _to_disk(path.parent)


def read(path: Path) -> str:
    """The text of a file of the folder. Raises `Refused` where others may read it or it is no text."""
    with path.open("rb") as opened:
        if os.name == "posix":
            _check_owner(path, os.fstat(opened.fileno()))
        data = opened.read()
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Refused([KEY_FILE.problem("It is no text.", record=str(path))]) from None


def others_read(path: Path) -> bool:
    """Whether somebody else may read a file or look into a folder."""
    return os.name == "posix" and bool(path.stat().st_mode & _OTHERS_READ)


@contextmanager
def alone(*, wait: bool = True) -> Iterator[bool]:
    """The lock of the folder, for the length of a block; gives whether it was got, which it always is when waiting."""
    handle = os.open(made() / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        got = _lock(handle)
        while wait and not got:
            time.sleep(0.02)
            got = _lock(handle)
        yield got
    finally:
        os.close(handle)


if sys.platform == "win32":  # pragma: no cover

    def _lock(handle: int) -> bool:
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:

    def _lock(handle: int) -> bool:
        import fcntl

        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _write(path: Path, data: bytes) -> None:
    made()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())


def _to_disk(where: Path) -> None:
    if os.name == "posix":
        handle = os.open(where, os.O_RDONLY)
        try:
            with suppress(OSError):  # Some file systems bring no folder to the disk.
                os.fsync(handle)
        finally:
            os.close(handle)


def _check_owner(path: Path, found: os.stat_result) -> None:
    if found.st_mode & _OTHERS_READ:
        message = f"Others may read {path}."
        raise Refused([KEY_FILE.problem(message, record=str(path), mend=f"Run `chmod 600 {path}`.")])
    if os.geteuid() not in (found.st_uid, 0):
        message = f"{path} belongs to another user."
        raise Refused([KEY_FILE.problem(message, record=str(path), mend="Give it to the user of OpenMPCA.")])
