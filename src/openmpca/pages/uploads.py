"""Files that somebody sent and has not stated yet: in a private folder of the home, theirs alone, deleted afterwards.

Rules kept here:

1. A file is found by its mark together with its person; that of another person is as none.
2. The name that it was sent under is kept as a plain name in a folder of our own: it leads nowhere else.
3. What is larger than `LARGEST` is refused before it is kept. What nobody stated within `KEPT` goes, and of a person
   who has more than `MOST` files the oldest.
4. A file that could not be written whole is not there: it is named when it is complete.
5. What is on its way lies in the same folder, not in one that others of this machine share; what a server that was
   killed left of it goes when the next one begins.
"""

import re
import shutil
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from openmpca.record import clock
from openmpca.record.home import home
from openmpca.record.once import new_mark

FOLDER: Final = "uploads"
LARGEST: Final = 32 << 20
KEPT: Final = timedelta(days=2)
MOST: Final = 20
ON_ITS_WAY: Final = timedelta(hours=1)
_UNSAFE: Final = re.compile(r"[^\w.-]+", re.ASCII)
_PARTIAL: Final = ".part"


class TooLarge(Exception):  # noqa: N818
    """A file that is larger than is taken; the text says so."""


def begin() -> Path:
    """The folder of files that are sent, made where there is none (rule 5)."""
    folder, now = home() / FOLDER, clock.now_us() / 1_000_000
    folder.mkdir(mode=0o700, exist_ok=True)
    for each in folder.iterdir():
        if each.is_file() and now - _age(each) > ON_ITS_WAY.total_seconds():
            each.unlink(missing_ok=True)
    return folder


def must_fit(sent: Any) -> None:
    """Raises `TooLarge` for a file of a form that is."""
    if sent.size > LARGEST:
        told = {"size": sent.size, "largest": LARGEST}
        raise TooLarge(_("The file has %(size)s bytes; at most %(largest)s are taken.") % told)


def keep(person: str, sent: Any) -> str:
    """Keep a file that a form sent; gives its mark."""
    _forget_old()
    must_fit(sent)
    mark = new_mark()
    folder = _folder(person, mark)
    begin()
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    for old in sorted(folder.parent.iterdir(), key=_age)[: -MOST + 1]:
        shutil.rmtree(old, ignore_errors=True)
    folder.mkdir(mode=0o700)
    name = _UNSAFE.sub("-", str(sent.name))[-60:].strip(".-") or "table"
    partial = folder / f"{name}{_PARTIAL}"
    with partial.open("xb") as file:
        for part in sent.chunks():
            file.write(part)
    partial.rename(folder / name)
    return mark


def path(person: str, mark: str) -> Path | None:
    """The file of a person by its mark; None when there is none, or no longer."""
    folder = _folder(person, mark)
    found = [each for each in folder.iterdir() if each.suffix != _PARTIAL] if folder.is_dir() else []
    return found[0] if found else None


def drop(person: str, mark: str) -> None:
    """Delete the file of a person."""
    shutil.rmtree(_folder(person, mark), ignore_errors=True)


def _folder(person: str, mark: str) -> Path:
    return home() / FOLDER / _named(person) / _named(mark)


def _named(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _age(path: Path) -> float:
    """When something was last changed, in seconds; 0 for what is gone meanwhile."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0


def _forget_old() -> None:
    now = clock.now_us() / 1_000_000
    for each in (*(home() / FOLDER).glob("*"), *(home() / FOLDER).glob("*/*")):
        if now - _age(each) > KEPT.total_seconds():
            shutil.rmtree(each, ignore_errors=True)
