"""The key that signs sessions: made once for a home, in a file that its owner alone may read."""

import os
import secrets
from pathlib import Path

FILE = "keys/web.secret"


def secret_key(folder: Path) -> str:
    """The key of a home; made and kept when there is none yet. A folder that is no home gets one that is not kept."""
    path = folder / FILE
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        if not folder.is_dir():
            return secrets.token_urlsafe(48)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(made, "w", encoding="ascii") as file:
        file.write(key := secrets.token_urlsafe(48))
    return key
