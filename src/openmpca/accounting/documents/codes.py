"""What the code on a label says: area, batch, item, set apart by slashes; no batch name of Code 10 has one.

>>> written("ZZA1", "P-1"), written("ZZA1", "P-1", "SN/7")
('ZZA1/P-1', 'ZZA1/P-1/SN/7')
>>> read("ZZA1/P-1/SN/7"), read("P-1")
(Scanned(mba='ZZA1', batch='P-1', item='SN/7'), Scanned(mba='', batch='P-1', item=''))
"""

from typing import NamedTuple


class Scanned(NamedTuple):
    """What was scanned; ``mba`` and ``item`` are blank where the code does not tell them."""

    mba: str
    batch: str
    item: str


def written(mba: str, batch: str, item: str = "") -> str:
    """The text of the code of a batch, or of one of its items."""
    return "/".join(part for part in (mba, batch, item) if part)


def read(text: str) -> Scanned:
    """What a code says; a text without a slash is a batch."""
    parts = text.strip().split("/", 2)
    if len(parts) == 1:
        return Scanned("", parts[0], "")
    return Scanned(parts[0], parts[1], parts[2] if len(parts) > 2 else "")
