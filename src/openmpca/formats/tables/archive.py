"""The zip archive that a spreadsheet is, looked through before anybody unpacks it.

Rules kept:

* What the archive declares (members, sizes, ratio, passwords, double names) is checked before a byte is unpacked.
* What it declares is not believed: a member is unpacked to its true end, piece by piece, and refused when longer.
* Pieces end before a tag begins, so that whoever looks for tags finds each whole.

Source: PKWARE APPNOTE 6.3; the limits are ours.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final, Literal

from openmpca.formats.tables.limits import MIB, Limits
from openmpca.formats.tables.rules import BOMB, DAMAGED, NO_TABLE, Refused

Kind = Literal["xlsx", "ods"]

PIECE: Final = MIB
ENDLESS: Final = 16 * MIB
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED: Final = 1
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError, IndexError)


def open_archive(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """The archive, its table of contents checked; raises ``Refused``."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN as error:
        raise Refused(DAMAGED.problem(f"The file cannot be unpacked: {error}.")) from None
    _check_contents(archive.infolist(), limits)
    return archive


def kind_of(archive: zipfile.ZipFile) -> Kind:
    """Which spreadsheet format the archive holds; raises ``Refused`` for any other content."""
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise Refused(NO_TABLE.problem("The file is a zip archive, but neither an .xlsx nor an .ods spreadsheet."))


def pieces(archive: zipfile.ZipFile, name: str, limits: Limits) -> Iterator[bytes]:
    """The unpacked member, in pieces that each end where a tag begins; raises ``Refused``."""
    info = archive.getinfo(name)
    declared, info.file_size = info.file_size, limits.unpacked + 1  # unpack to the true end of the stream
    rest, unpacked = b"", 0
    try:
        with archive.open(info) as member:
            while piece := member.read(PIECE):
                unpacked += len(piece)
                _check_piece(name, piece, unpacked > declared, len(rest))
                whole, tag, begun = (rest + piece).rpartition(b"<")
                yield whole
                rest = tag + begun
    except _BROKEN as error:
        raise Refused(DAMAGED.problem(f"The part {name} cannot be unpacked: {error}.")) from None
    finally:
        info.file_size = declared
    yield rest


def _check_piece(name: str, piece: bytes, longer: bool, rest: int) -> None:
    if longer:
        raise Refused(BOMB.problem(f"The part {name} is longer than the file declares."))
    if rest > ENDLESS:
        raise Refused(BOMB.problem(f"The part {name} holds a text longer than {ENDLESS} bytes."))
    if b"\0" in piece or b"<!DOCTYPE" in piece:
        raise Refused(NO_TABLE.problem(f"The part {name} is not the plain UTF-8 XML of a spreadsheet."))


def _check_contents(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise Refused(NO_TABLE.problem("The spreadsheet is protected by a password."))
    names = {member.filename for member in members}
    if len(members) > limits.members or len(names) < len(members):
        raise Refused(BOMB.problem(f"The spreadsheet has {len(members)} parts with {len(names)} names."))
    if any(member.compress_type not in _METHODS for member in members):
        raise Refused(DAMAGED.problem("The spreadsheet is packed in a way that spreadsheet programs do not use."))
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.unpacked:
        raise Refused(BOMB.problem(f"The spreadsheet unpacks to {unpacked} bytes; allowed are {limits.unpacked}."))
    for member in members:
        if member.file_size > MIB + limits.ratio * member.compress_size:
            raise Refused(
                BOMB.problem(
                    f"The part {member.filename} grows from {member.compress_size} to {member.file_size} bytes when "
                    f"unpacked; allowed is {limits.ratio} times."
                )
            )
