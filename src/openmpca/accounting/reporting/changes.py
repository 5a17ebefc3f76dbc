"""Inventory change reports from the book.

Rules kept here:

1. A change of the period that was never reported is a new entry (N). One dated in a period whose report is made
   already is an addition (A): it asks for the next free entry number of that report.
2. A change that corrects a reported one is a correction (C) of the entry that counts now; a reported change that was
   deleted is a deletion (D). What was never reported is never corrected: its last version is reported as new, or
   nothing where it was deleted.
3. A correction that changes nothing that is printed is no entry.
4. New entries come first, in the order of the day and of the record; then additions, corrections and deletions as
   recorded.

Sources: Code 10, labels 309 to 470; INFCIRC/153 paragraphs 63, 64 and 103.
"""

from collections.abc import Iterable
from datetime import date

import msgspec

from openmpca.accounting.reporting.area import Area
from openmpca.accounting.reporting.draft import Made, same_content
from openmpca.accounting.reporting.standing import EntryKey
from openmpca.accounting.statements import Change
from openmpca.formats.code10.contents import read_description, read_measurement, read_place
from openmpca.formats.code10.records import ChangeEntry, CrossReference, Measurement, Place
from openmpca.nuclear.changes import CHANGES
from openmpca.record.reading import stored, stored_many

RECEIPTS = frozenset({"RD", "RF"})
SHIPMENTS = frozenset({"SD", "SF"})
UNKNOWN = "UNKNOWN"


def change_entries(area: Area, begin: date, end: date) -> list[Made]:
    """The entries of the report of a period: what is new in it, and every correction that is due."""
    return [*new_entries(area, begin, end), *correcting_entries(area)]


def new_entries(area: Area, begin: date, end: date) -> list[Made]:
    """The changes of the period that were never reported and whose period has no report yet."""
    span = area.span(begin, end)
    wanted = [
        number
        for number, day in area.pending_changes()
        if span.first <= day <= span.last
        and area.first_of.get(number, number) not in area.standing
        and area.reported_in(day) is None
    ]
    changes = dict(_changes(wanted, area))
    made = [(number, entry_of(area, number, changes[number])) for number in wanted if number in changes]
    return [Made(entry, number, changes[number].note) for number, entry in made if entry.weights]


def correcting_entries(area: Area) -> list[Made]:
    """The additions, corrections and deletions that are due."""
    return [*_additions(area), *_corrections(area), *_deletions(area)]


def owed(area: Area) -> list[tuple[int, int]]:
    """The pending changes that some report has to say: statement number and posting day, in order."""
    correcting = {each.about for each in correcting_entries(area)}
    return [
        (number, day)
        for number, day in area.pending_changes()
        if number in correcting
        or (area.first_of.get(number, number) not in area.standing and area.reported_in(day) is None)
    ]


def _additions(area: Area) -> list[Made]:
    made: list[Made] = []
    taken: dict[int, int] = {}
    made_of_changes = any(each.sort == "I" for each in area.reported.reports)
    late = {
        number: report
        for number, day in (area.pending_changes() if made_of_changes else ())
        if area.first_of.get(number, number) not in area.standing and (report := area.reported_in(day)) is not None
    }
    for number, change in _changes(late, area):
        entry = entry_of(area, number, change)
        if entry.weights:
            report = late[number]
            taken[report] = taken.get(report, area.reported.last_entry(report)) + 1
            reference = CrossReference(area.country, report, taken[report])
            made.append(Made(msgspec.structs.replace(entry, status="A", reference=reference), number, change.note))
    return made


def _corrections(area: Area) -> list[Made]:
    made = []
    due = {
        number: area.standing[first]
        for number, _ in area.pending_changes()
        if (first := area.first_of.get(number, number)) in area.standing
    }
    for number, change in _changes(due, area):
        key = due[number]
        entry = entry_of(area, number, change)
        if not entry.weights:
            made.append(Made(ChangeEntry(number=0, status="D", reference=reference_to(area, key)), number))
        elif not _says_the_same(area, key, entry):
            corrected = msgspec.structs.replace(entry, status="C", reference=reference_to(area, key))
            made.append(Made(corrected, number, change.note))
    return made


def _deletions(area: Area) -> list[Made]:
    return [
        Made(ChangeEntry(number=0, status="D", reference=reference_to(area, key)), deletion)
        for first, key in sorted(area.standing.items())
        if (deletion := area.deleted(first)) is not None and _is_change(area, key, first)
    ]


def _is_change(area: Area, key: EntryKey, first: int) -> bool:
    entry = area.reported.live.get(key)
    return entry.sort == "I" if entry else isinstance(stored(first, area.using).statement, Change)


def _says_the_same(area: Area, key: EntryKey, entry: ChangeEntry) -> bool:
    before = area.reported.live.get(key)
    return before is not None and same_content(area.reported.typed(before), entry)


def reference_to(area: Area, key: EntryKey) -> CrossReference:
    """The entry as other entries name it."""
    return CrossReference(area.country, key.report, key.entry)


def _changes(numbers: Iterable[int], area: Area) -> Iterable[tuple[int, Change]]:
    for each in stored_many(numbers, area.using):
        change = each.statement
        if isinstance(change, Change) and change.code in CHANGES and "ICR" in CHANGES[change.code].reports:
            yield each.number, change


def entry_of(area: Area, number: int, change: Change) -> ChangeEntry:
    """A change as an entry, new and without a number of its own."""
    other = read_place(change.counterpart) if change.counterpart else None
    here = Place(area.country, area.code)
    receipt, shipment = change.code in RECEIPTS, change.code in SHIPMENTS
    return ChangeEntry(
        number=0,
        record_id=str(number),
        code=change.code,
        day=change.day,
        shipper=other if receipt else here if shipment else None,
        receiver=here if receipt else other if shipment else None,
        shippers_batch=(change.shipper_batch or UNKNOWN) if receipt else "",
        kmp=change.kmp,
        description=read_description(change.description) or change.description,
        own_description=f"N/{change.operator_code}" if change.operator_code else "",
        own_text=change.operator_text,
        batch=change.name or change.batch,
        measurement=measurement_of(change.basis, change.measured_at),
        items=change.items,
        weights=area.printed_grams(change.weights),
    )


def measurement_of(basis: str, measured_at: str) -> Measurement | None:
    """The measurement basis as reports have it; the method stays in the book unless it stands in the basis itself.

    >>> measurement_of("M", "3"), measurement_of("", "")
    (Measurement(basis='M', kmp='3', method=''), None)
    """
    found = read_measurement(basis) if basis else None
    if found is None or found.kmp or not measured_at or found.basis != "M":
        return found
    return msgspec.structs.replace(found, kmp=measured_at)
