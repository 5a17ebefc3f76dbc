"""The log as files that anybody may have: checkpoint, tiles of hashes, bundles of entries, in the layout of C2SP.

Rules kept here:

1. Nothing is shown beyond the last signed checkpoint, and nothing at all where the record does not lead to the root
   that was signed. A width that the signed tree has is given for as long as somebody may hold an older checkpoint.
2. An entry is the 32 bytes to which a statement commits, with salts that nobody is shown. So the files tell how many
   statements there are and when the log grew, and neither what one says nor that two say the same.
3. As a folder: tiles first, brought to the disk, the checkpoint last, each in one step. Whoever reads meanwhile, or
   after a power cut, finds a checkpoint and all that it needs.
4. No link in the folder leads a file elsewhere: one in the place of a file is replaced (`placing`), and a folder that
   has one in the place of a folder of tiles is left as it is.
5. A full tile never changes: what lies below the checkpoint of the folder is not made again. A folder that shows
   another log, or a later or another tree of this one, is left as it is.

Source: C2SP tlog-tiles v0.1.0 (5ba5ee83).
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from openmpca.proof.publishing import placing
from openmpca.proof.witnesses.shown_rules import SHOWN
from openmpca.record import record
from openmpca.record.models import Row
from openmpca.record.record import Refused
from openmpca.tlog.checkpoint import Checkpoint
from openmpca.tlog.note import Note, NoteError
from openmpca.tlog.remote import NotThere
from openmpca.tlog.tiles import TileError, TileName, full_count, name_of, path_of, tiles_of, write_bundle
from openmpca.tlog.tree import TILE_WIDTH, StoredLogError, Tree

CHECKPOINT: Final = "checkpoint"

Progress = Callable[[int], None]


@dataclass(frozen=True)
class LogFiles:
    """The files as of one signed checkpoint; ``note`` is that, with its cosignatures."""

    note: bytes
    checkpoint: Checkpoint
    tree: Tree

    @classmethod
    def of(cls, note: bytes, tree: Tree | None = None) -> "LogFiles":
        """The files below a checkpoint that this log has signed. Raises `Refused` where the record is another one."""
        signed, tree = Checkpoint.parse(Note.parse(note).text), tree or record.tree()
        size = record.head()[0]
        if size < signed.size:
            message = f"{signed.size} statements are signed, and the record has {size}."
            raise Refused([SHOWN.problem(message, record="checkpoint")])
        if tree.root(signed.size) != signed.root:
            message = f"The first {signed.size} statements do not lead to the root that was signed."
            raise Refused([SHOWN.problem(message, record="checkpoint")])
        return cls(note, signed, tree)

    def content(self, path: str) -> bytes:
        """What stands at a path. Raises `NotThere`, whatever the path is."""
        if path == CHECKPOINT:
            return self.note
        try:
            return self.tile(name_of(path))
        except (TileError, StoredLogError) as error:
            raise NotThere(path) from error

    def tile(self, name: TileName) -> bytes:
        """A tile or bundle of the signed tree. Raises `StoredLogError` for what that does not have."""
        if name.level is not None:
            return self.tree.tile(name.level, name.n, name.width, self.checkpoint.size)
        start = name.n * TILE_WIDTH
        if start + name.width > self.checkpoint.size:
            raise StoredLogError(f"the signed tree has no bundle {name.n} of {name.width} entries")
        return write_bundle(_entries(start, start + name.width))


def _entries(start: int, end: int) -> list[bytes]:
    found = Row.objects.filter(number__gte=start, number__lt=end).order_by("number").values_list("entry", flat=True)
    return list(map(bytes, found))


@dataclass(frozen=True)
class Exported:
    """What came of writing the folder: how many files were written, how many were there already."""

    size: int
    written: int
    kept: int


def names(size: int) -> Iterator[TileName]:
    """Every tile and bundle of a tree of this size."""
    for name in tiles_of(size):
        yield name
        if name.level == 0:
            yield name._replace(level=None)


def export(folder: Path, files: LogFiles, *, anew: bool = False, progress: Progress | None = None) -> Exported:
    """Bring a folder to the signed checkpoint. With ``anew`` every file is compared, not only those that are new.

    Raises `Refused` for a folder that shows what this log did not sign.
    """
    folder.mkdir(parents=True, exist_ok=True)
    size, before = files.checkpoint.size, _shown(folder, files)
    _check_links(folder)
    written = kept = 0
    for name in names(size):
        below = not anew and name.width == TILE_WIDTH and name.n < full_count(name.level or 0, before)
        path = folder / path_of(name)
        if (below and path.is_file()) or not _changed(path, files.tile(name)):
            kept += 1
        else:
            written += 1
        if progress is not None:
            progress(1)
    if hasattr(os, "sync"):
        os.sync()
    changed = _changed(folder / CHECKPOINT, files.note)
    _drop_partial(folder, before, size)
    return Exported(size, written + changed, kept + (not changed))


def _shown(folder: Path, files: LogFiles) -> int:
    """The size that the folder shows, 0 where it shows none."""
    path = folder / CHECKPOINT
    if not path.exists():
        return 0
    try:
        shown = Checkpoint.parse(Note.parse(path.read_bytes()).text)
    except NoteError as error:
        raise _foreign(path, f"It is no checkpoint: {error}") from None
    if shown.origin != files.checkpoint.origin:
        raise _foreign(path, f"It is of {shown.origin}, not of {files.checkpoint.origin}")
    if shown.size > files.checkpoint.size:
        raise _foreign(path, f"It has {shown.size} statements, more than the {files.checkpoint.size} last signed")
    if files.tree.root(shown.size) != shown.root:
        raise _foreign(path, f"It shows another tree of {shown.size} statements")
    return shown.size


def _foreign(path: Path, message: str) -> Refused:
    mend = "Name another folder, or find out where this one comes from; nothing was changed in it."
    return Refused([SHOWN.problem(f"{message}.", record=str(path), mend=mend)])


def _changed(path: Path, content: bytes) -> bool:
    """Put a file in place in one step; False where it stood there already."""
    with suppress(FileNotFoundError):
        if not path.is_symlink() and path.read_bytes() == content:
            return False
    path.parent.mkdir(parents=True, exist_ok=True)
    placing.place(path, content, to_disk=path.name == CHECKPOINT)
    return True


def _check_links(folder: Path) -> None:
    """Refuse a folder in which a link stands for a folder of tiles."""
    tiles = folder / "tile"
    for found in (tiles, *(Path(here, each) for here, below, _ in os.walk(tiles) for each in below)):
        if found.is_symlink():
            raise _foreign(found, "It is a link, not a folder of this log")


def _drop_partial(folder: Path, before: int, size: int) -> None:
    """Partial tiles go when the full one is there: whoever holds an older checkpoint reads that."""
    for level in (None, *range(8)):
        for n in range(full_count(level or 0, before), full_count(level or 0, size)):
            full = folder / path_of(TileName(level, n))
            shutil.rmtree(full.with_name(f"{full.name}.p"), ignore_errors=True)
