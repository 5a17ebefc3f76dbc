"""Physical inventory listings from the book.

Rules kept here:

1. A listing has one entry for each line of the inventory that counts; an empty one has a single entry of status U.
2. Once the listing of a day is made, a later one of that day holds what changed: additions, corrections and deletions.
3. The inventory of an opening is listed the same way: it is the initial report of its area.

Sources: Code 10, sections 3 and 4; INFCIRC/153 paragraphs 62 and 67.
"""

from datetime import date

import msgspec

from openmpca.accounting.reporting.area import Area
from openmpca.accounting.reporting.changes import measurement_of, reference_to
from openmpca.accounting.reporting.draft import Made, same_content
from openmpca.accounting.statements import Listed
from openmpca.formats.code10.contents import read_description
from openmpca.formats.code10.records import CrossReference, InventoryEntry
from openmpca.record.reading import stored_many


def listing_entries(area: Area, day: date) -> list[Made]:
    """The entries of the listing of a day: all lines, or what changed since it was made."""
    cutoff = area.cutoff(day)
    lines = _lines(area, cutoff.inventory) if cutoff else []
    before = listing_of(area, day)
    if before is not None:
        return _changed(area, before, lines)
    if not lines:
        return [Made(InventoryEntry(number=0, status="U"))]
    return [Made(entry_of(area, number, line), number, line.note) for number, line in lines]


def listing_of(area: Area, day: date) -> int | None:
    """The report number of the listing of a day, if it is made."""
    found = [each.report for each in area.reported.reports if each.sort == "P" and each.end == day]
    return found[0] if found else None


def _lines(area: Area, inventory: int) -> list[tuple[int, Listed]]:
    found = [(each.number, each.statement) for each in stored_many(area.listed(inventory), area.using)]
    lines = [(number, line) for number, line in found if isinstance(line, Listed)]
    return [(number, line) for number, line in lines if area.printed_grams(line.weights)]


def _changed(area: Area, report: int, lines: list[tuple[int, Listed]]) -> list[Made]:
    made: list[Made] = []
    next_entry = area.reported.last_entry(report) + 1
    for number, line in lines:
        key = area.standing.get(area.first_of.get(number, number))
        entry = entry_of(area, number, line)
        if key is None:
            reference = CrossReference(area.country, report, next_entry)
            made.append(Made(msgspec.structs.replace(entry, status="A", reference=reference), number, line.note))
            next_entry += 1
        elif number not in area.reported.ever and not _says_the_same(area, number, entry):
            reference = reference_to(area, key)
            made.append(Made(msgspec.structs.replace(entry, status="C", reference=reference), number, line.note))
    return made + _deleted(area, report)


def _says_the_same(area: Area, number: int, entry: InventoryEntry) -> bool:
    before = area.reported.live.get(area.standing[area.first_of.get(number, number)])
    return before is not None and same_content(area.reported.typed(before), entry)


def _deleted(area: Area, report: int) -> list[Made]:
    """Reported lines of the listing that were deleted since."""
    days = {each.report: each.end for each in area.reported.reports if each.sort == "P"}
    made = []
    for first, key in sorted(area.standing.items()):
        if days.get(key.report) != days[report]:
            continue
        if (deletion := area.deleted(first)) is not None:
            made.append(Made(InventoryEntry(number=0, status="D", reference=reference_to(area, key)), deletion))
    return made


def entry_of(area: Area, number: int, line: Listed) -> InventoryEntry:
    """A line of the inventory as an entry, new and without a number of its own."""
    return InventoryEntry(
        number=0,
        record_id=str(number),
        kmp=line.kmp,
        description=read_description(line.description) or line.description,
        own_description=f"N/{line.operator_code}" if line.operator_code else "",
        own_text=line.operator_text,
        batch=line.name or line.batch,
        measurement=measurement_of(line.basis, line.measured_at),
        items=line.items,
        weights=area.printed_grams(line.weights),
    )
