"""How much a table from outside may ask of this machine, before anything of it is opened."""

from typing import Final

import msgspec

MIB: Final = 1 << 20


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Upper bounds; what is over one of them is refused with a problem.

    ``bytes`` counts the file as it lies on disk, ``unpacked`` what the parts of a spreadsheet come to, ``ratio`` how
    far one part (beyond its first MiB) may expand, ``line`` the bytes of one row of text, ``text`` the bytes of one
    cell's text times the cells that may repeat it.
    """

    bytes: int = 512 * MIB
    unpacked: int = 2048 * MIB
    ratio: int = 200
    members: int = 5000
    line: int = MIB
    columns: int = 1000
    cells: int = 40_000_000
    spreadsheet_cells: int = 16_000_000
    text: int = 4096 * MIB


LIMITS: Final = Limits()
