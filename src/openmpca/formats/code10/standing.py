"""The entries of a file as they stand in it, letter for letter, under the names by which problems call them."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from openmpca.formats.code10.interpret import from_entries, read_runs
from openmpca.formats.code10.lexer import Entry
from openmpca.formats.code10.lines import is_note, read_line
from openmpca.formats.code10.profile import AGENCY, Profile
from openmpca.formats.code10.records import line_name


def entries_of(source: Iterable[bytes] | BinaryIO, profile: Profile = AGENCY) -> Iterator[tuple[str, str]]:
    """The name and the text of each entry of a file, in order."""
    for entries, _ in read_runs(source, profile):
        if not entries:
            continue
        header = from_entries(entries, profile)[0].header
        raws = [each.contents() for each in entries]
        first = next((raw for raw in raws if not is_note(raw)), raws[0])
        for each in entries:
            line, _ = read_line(each, header, first, profile)
            yield line_name(header, line), as_text(each)


def as_text(entry: Entry) -> str:
    """An entry in one line."""
    parts = (f"{each.label}:{each.content}" if each.label else each.content for each in entry.elements)
    return " # ".join(part.encode("utf-8", "replace").decode().strip() for part in parts)
