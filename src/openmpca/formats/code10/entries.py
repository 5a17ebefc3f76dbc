"""Rules 200 to 223: what must agree within one entry, and between the entries and notes of one report.

Source: SG-FM-1172, section 3; the codes and their properties are those of ``openmpca.nuclear``.
"""

from collections import Counter
from collections.abc import Hashable, Iterator

from openmpca.formats.code10 import consistency_rules as rules
from openmpca.formats.code10.records import (
    AccountingEntry,
    BalanceEntry,
    ChangeEntry,
    InventoryEntry,
    Line,
    Place,
    Report,
    line_name,
)
from openmpca.nuclear.basis import BASES
from openmpca.nuclear.changes import CHANGES, InventoryChange, mbr_codes, rounded_code
from openmpca.nuclear.description import DescriptionError, unusual_pairings
from openmpca.nuclear.mass import format_grams
from openmpca.problems import Problem, Rule


def check_entries(report: Report) -> Iterator[Problem]:
    """What does not agree in the report, the balance apart."""
    for line in report.entries:
        if line.status not in ("D", "U"):
            yield from _entry(report, line)
    yield from _repeated(report)
    yield from _rebatching(report)
    yield from _notes(report)


def found(rule: Rule, report: Report, line: Line, label: str, message: str) -> Problem:
    """A problem of one entry."""
    return rule.problem(message, record=line_name(report.header, line), field=label)


def _entry(report: Report, line: AccountingEntry) -> Iterator[Problem]:
    if isinstance(line, BalanceEntry):
        if line.code and line.code not in mbr_codes() and not rounded_code(line.code):
            yield found(rules.WRONG_CODE, report, line, "411", f"{line.code!a} is no code of an MBR.")
        return
    yield from _batch(report, line)
    if isinstance(line, ChangeEntry):
        yield from _change(report, line)


def _batch(report: Report, line: ChangeEntry | InventoryEntry) -> Iterator[Problem]:
    if line.description:
        try:
            for pairing in unusual_pairings(line.description):
                yield found(rules.DESCRIPTION_PAIR, report, line, "430", f"{line.description}: {pairing.reason}.")
        except DescriptionError as fault:
            yield found(rules.DESCRIPTION_CODE, report, line, "430", str(fault))
    measured = line.measurement
    if measured and (measured.basis not in BASES or (measured.kmp and measured.basis != "M")):
        yield found(rules.BASIS, report, line, "469", f"{measured.basis} {measured.kmp}".strip())
    if not line.alphabet and not (line.batch + report.header.encoder).isascii():
        yield found(rules.ALPHABET, report, line, "445", "The alphabet is not named.")


def _change(report: Report, line: ChangeEntry) -> Iterator[Problem]:
    change = CHANGES.get(line.code)
    if change is None:
        if line.code:
            yield found(rules.WRONG_CODE, report, line, "411", f"{line.code!a} is no inventory change.")
        return
    yield from _period(report, line)
    if change.kind in ("receipt", "shipment") and change.counterpart != "none":
        yield from _transfer(report, line, change)
    receipt = change.kind == "receipt" and change.counterpart != "none"
    if receipt != bool(line.shippers_batch):
        message = "It is missing on a receipt." if receipt else f"{line.code} has no shipper's batch."
        yield found(rules.SHIPPERS_BATCH, report, line, "447", message)
    if change.kind == "category" and {*line.categories} != {change.from_category, change.to_category}:
        message = f"{line.code} carries {' '.join(line.categories) or 'no weight'}."
        yield found(rules.CATEGORY_CHANGE, report, line, "411", message)


def _period(report: Report, line: ChangeEntry) -> Iterator[Problem]:
    start, end = report.header.start, report.header.end
    if line.status == "N" and line.day and start and end and not start <= line.day <= end:
        yield found(rules.OUTSIDE_PERIOD, report, line, "412", f"{line.day} is not from {start} to {end}.")


def _transfer(report: Report, line: ChangeEntry, change: InventoryChange) -> Iterator[Problem]:
    receives = change.effect == 1
    other, other_label = (line.shipper, "370") if receives else (line.receiver, "372")
    own, own_label = (line.receiver, "372") if receives else (line.shipper, "370")
    if other is None:
        yield found(rules.DIRECTION, report, line, other_label, f"{line.code} has no {other_label}.")
    else:
        yield from _party(report, line, change, other, other_label)
    if own is None:
        yield found(rules.BOTH_PARTIES, report, line, own_label, f"{own_label} is not given.")
    elif own != Place(report.header.country, report.header.mba):
        message = f"{own.country}/{own.mba} is not the MBA of the report."
        yield found(rules.OWN_PARTY, report, line, own_label, message)


def _party(report: Report, line: ChangeEntry, change: InventoryChange, other: Place, label: str) -> Iterator[Problem]:
    header = report.header
    at_home = other.country == header.country
    if change.counterpart == "foreign" and at_home:
        yield found(rules.FOREIGN_PARTY, report, line, label, f"{other.country} is the own country.")
    if change.counterpart == "domestic" and (not at_home or other.mba in ("", header.mba)):
        message = f"{other.country}/{other.mba} is no other MBA of {header.country}."
        yield found(rules.DOMESTIC_PARTY, report, line, label, message)


def _repeated(report: Report) -> Iterator[Problem]:
    seen: dict[Hashable, int] = {}
    same: dict[Hashable, int] = {}
    for line in report.entries:
        if line.status != "N":
            continue
        key = _occasion(line)
        weights = frozenset(line.weights.items())
        if key is not None and (key, weights) in same:
            message = f"It is the same as entry {same[key, weights]}."
            yield found(rules.SAME_ENTRY, report, line, "", message)
        elif key is not None and key in seen:
            rule = rules.LISTED_TWICE if isinstance(line, InventoryEntry) else rules.BATCH_TWICE
            yield found(rule, report, line, "446", f"It stands in entry {seen[key]} already.")
        seen[key] = same[key, weights] = line.number


def _occasion(line: AccountingEntry) -> Hashable:
    """What may stand once in a report; nothing (None) for what cannot be told."""
    if isinstance(line, ChangeEntry) and line.batch and line.day:
        return line.batch, line.day, line.code
    if isinstance(line, InventoryEntry) and line.batch:
        return line.batch, line.kmp
    return None


def _rebatching(report: Report) -> Iterator[Problem]:
    sums: Counter[str] = Counter()
    for line in report.changes:
        if line.status == "N" and line.code in ("RM", "RP"):
            for key, ug in line.weights.items():
                sums[key] += ug if line.code == "RP" else -ug
    for key, ug in sums.items():
        if ug:
            message = f"RP less RM of {key} is {format_grams(ug)} g."
            yield rules.REBATCHING.problem(message, record=report.name, field="411")


def _notes(report: Report) -> Iterator[Problem]:
    numbers = {line.number for line in report.entries}
    own = [note for note in report.notes if note.about and note.about.report in (None, report.header.number)]
    about = {note.about.entry for note in own if note.about and note.about.scope == "E"}
    whole = any(note.about and note.about.scope == "R" for note in own) or any(not note.about for note in report.notes)
    for note in report.notes if report.header.kind != "T" else ():
        if note in own and note.about and note.about.scope == "E" and note.about.entry not in numbers:
            message = f"There is no entry {note.about.entry}."
            yield found(rules.NOTE_TARGET, report, note, "099", message)
    for line in report.entries:
        if line.number in about and not line.noted:
            yield found(rules.NOTE_FLAG, report, line, "390", "A note speaks of this entry.")
        if line.noted and line.number not in about and not whole:
            yield found(rules.NOTE_ABSENT, report, line, "390", "No note speaks of this entry.")
