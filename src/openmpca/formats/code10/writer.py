"""Entries to bytes. What was read is written byte for byte; what was made here is written as the profile says.

``read_entries(write_entries(x)) == x``, and ``write_entries(read_entries(b)) == b`` for every ``b`` that was read
without a problem of rule 100, 105 or 106 (the only ones that leave bytes out).
"""

from collections.abc import Iterable, Iterator

from openmpca.formats.code10.lexer import Entry, element_bytes, encode
from openmpca.formats.code10.profile import AGENCY, Profile


def entry_bytes(entry: Entry, profile: Profile = AGENCY) -> bytes:
    """The bytes of one entry with what separates it from the next."""
    parts = [
        element_bytes(element, profile.element_separator if place else "", profile)
        for place, element in enumerate(entry.elements)
    ]
    parts.append(encode(profile.entry_separator if entry.tail is None else entry.tail, profile))
    return b"".join(parts)


def write_entries(entries: Iterable[Entry], profile: Profile = AGENCY) -> Iterator[bytes]:
    """The bytes of a file, one piece an entry. Raises ValueError where a text cannot stand in such a file."""
    for entry in entries:
        yield entry_bytes(entry, profile)
