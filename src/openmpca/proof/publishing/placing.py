"""Files that are written where others may write too, such as a stick or a folder that a web server shows.

Rules kept here:

1. A file is written under a name that nobody can foretell, new or not at all, and then takes its place in one step: no
   link that lies there is followed, neither in the place of the file nor in that of its partial one.

Source: POSIX, open (O_EXCL, O_NOFOLLOW) and rename.
"""

import os
import secrets
from pathlib import Path
from typing import Final

_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def place(path: Path, content: bytes, *, to_disk: bool = False) -> None:
    """Put a file in place of whatever was there; with ``to_disk`` it is on the disk before it takes its place."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(8)}.partial")
    try:
        with os.fdopen(os.open(partial, _NEW, 0o666), "wb") as opened:
            opened.write(content)
            if to_disk:
                opened.flush()
                os.fsync(opened.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
