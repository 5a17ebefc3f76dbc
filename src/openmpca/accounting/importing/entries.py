"""From reports received to the statements that they tell of: which entry says what of which earlier one.

An entry is known by area, report and entry number. A correction takes the place of the entry it names and has its own
number from then on; a deletion takes it away; an addition has the number that it asks for.

Source: Code 10, label 309 and section 4; INFCIRC/153 paragraph 103.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from openmpca.accounting.importing.before import Before
from openmpca.accounting.importing.items import (
    CHANGE,
    CLOSING,
    CORRECTED,
    DELETION,
    INVENTORY,
    LISTED,
    REPORT,
    Item,
    Wave,
)
from openmpca.accounting.importing.received import Received
from openmpca.accounting.importing.rules import NO_BATCH, NO_CHANGE, NO_TARGET
from openmpca.accounting.reporting.standing import EntryKey
from openmpca.formats.code10.contents import write_place
from openmpca.formats.code10.records import (
    AccountingEntry,
    ChangeEntry,
    CrossReference,
    InventoryEntry,
    Place,
    Report,
)
from openmpca.nuclear.changes import CHANGES
from openmpca.nuclear.mass import format_grams
from openmpca.problems import Problem, Rule

UNKNOWN: Final = "UNKNOWN"
Target = Item | int


@dataclass(frozen=True)
class Standing:
    """The statement that an entry which counts stands for, with what its corrections take over."""

    target: Target
    kind: str
    day: date
    inventory: Target | None = None
    after_cutoff: bool = False


class Telling:
    """The reports told so far: which entries count, which inventories were taken, what books have begun."""

    def __init__(self, found: list[Received], before: Before) -> None:
        self.before = before
        self.problems: list[Problem] = []
        self.live: dict[tuple[str, EntryKey], Standing] = {}
        self.loaded: set[str] = set()
        self.inventories: dict[tuple[str, date], Target] = dict(before.inventories)
        self.first: dict[str, date] = dict.fromkeys(before.books, date.min)
        self.heads = {(each.mba, each.number): each for each in found}
        self.listings = _first_numbers(found, "P")
        self.balances = {(each.mba, each.end) for each in found if each.sort == "M"}
        self._wave = Wave()
        self._last: Target = before.known

    def wave(self, reports: list[Received]) -> Wave:
        """The statements that reports of one day make."""
        self._wave = Wave()
        told: list[tuple[Received, list[Target]]] = []
        for received in sorted(reports, key=lambda each: "IPMT".find(each.sort)):
            told.append((received, self._entries(received)))
        for item in self._wave.items():
            self._last = item
        for received, about in sorted(told, key=lambda each: (each[0].mba, each[0].number)):
            self._wave.add(_report(received, about, self._last))
        return self._wave

    def _entries(self, received: Received) -> list[Target]:
        if received.sort == "P":
            self._inventory(received)
        notes = _notes(received.report)
        return [self._entry(received, each, notes.get(each.number, "")) for each in received.report.entries]

    def _entry(self, received: Received, entry: AccountingEntry, note: str) -> Target:
        if not isinstance(entry, ChangeEntry | InventoryEntry) or entry.status in ("U", ""):
            return 0
        if entry.status == "D":
            return self._deletion(received, entry, note)
        if entry.status == "N":
            return self._new(received, entry, EntryKey(received.number, entry.number), note)
        aim = self._aim(received, entry)
        if aim is None:
            return 0
        if entry.status == "A":
            if self._standing(received.mba, aim) is not None:
                self._wrong(NO_TARGET, received, entry, f"Entry {entry.reference} is there already.", "309")
                return 0
            return self._new(received, entry, aim, note)
        return self._correction(received, entry, aim, note)

    def _aim(self, received: Received, entry: AccountingEntry) -> EntryKey | None:
        reference = entry.reference
        if isinstance(reference, CrossReference) and reference.country == received.report.header.country:
            return EntryKey(reference.report, reference.entry)
        self._wrong(NO_TARGET, received, entry, f"{entry.status} names no entry of this State.", "309")
        return None

    def _standing(self, mba: str, key: EntryKey) -> Standing | None:
        if mba not in self.loaded:
            self.loaded.add(mba)
            for known, number in self.before.entries(mba).items():
                self.live.setdefault((mba, known), self._recorded(number))
        return self.live.get((mba, key))

    def _recorded(self, number: int) -> Standing:
        kind, fields = self.before.fields(number)
        inventory = fields.get("inventory")
        return Standing(
            number,
            kind,
            date.fromisoformat(str(fields["day"])),
            inventory if isinstance(inventory, int) else None,
            bool(fields.get("after_cutoff")),
        )

    def _taken(self, received: Received, entry: AccountingEntry, aim: EntryKey) -> Standing | None:
        """The entry that is corrected or deleted, which counts no more."""
        wanted = CHANGE if isinstance(entry, ChangeEntry) else LISTED
        found = self._standing(received.mba, aim)
        if found is None or (found.kind != wanted and entry.status == "C"):
            self._wrong(NO_TARGET, received, entry, f"No entry {aim.report}/{aim.entry} counts.", "309")
            return None
        del self.live[received.mba, aim]
        return found

    def _deletion(self, received: Received, entry: AccountingEntry, note: str) -> Target:
        aim = self._aim(received, entry)
        target = self._taken(received, entry, aim) if aim else None
        if aim is None or target is None:
            return 0
        fields = {
            "day": target.day,
            "mba": received.mba,
            "corrects": target.target,
            "reason": note or f"deleted by report {received.number}, entry {entry.number}",
            "reported": f"{received.number}/{entry.number}",
        }
        return self._wave.add(Item(DELETION, fields, _source(received, entry)))

    def _new(self, received: Received, entry: ChangeEntry | InventoryEntry, key: EntryKey, note: str) -> Target:
        if isinstance(entry, InventoryEntry):
            return self._line(received, entry, key, note)
        if not self._is_change(received, entry) or entry.day is None:
            return 0
        fields = self._change(received, entry, note)
        fields["after_cutoff"] = self._is_after(received, entry.day, key)
        item = self._wave.add(Item(CHANGE, fields, _source(received, entry)))
        self.live[received.mba, key] = Standing(item, CHANGE, entry.day, after_cutoff=bool(fields["after_cutoff"]))
        self.first[received.mba] = min(self.first.get(received.mba, entry.day), entry.day)
        return item

    def _correction(self, received: Received, entry: ChangeEntry | InventoryEntry, aim: EntryKey, note: str) -> Target:
        if isinstance(entry, ChangeEntry) and not self._is_change(received, entry):
            return 0
        target = self._taken(received, entry, aim)
        if target is None:
            return 0
        reason = note or f"corrected by report {received.number}, entry {entry.number}"
        own = EntryKey(received.number, entry.number)
        if isinstance(entry, ChangeEntry):
            fields = self._change(received, entry, note)
            day = entry.day or target.day
            same = day == target.day and target.after_cutoff
            fields |= {"corrects": target.target, "reason": reason, "after_cutoff": same}
            item = self._wave.add(Item(CHANGE, fields, _source(received, entry)))
            self.live[received.mba, own] = Standing(item, CHANGE, day, after_cutoff=same)
            return item
        fields = self._listed(received, entry, target.inventory, target.day, note)
        fields |= {"corrects": target.target, "reason": reason}
        item = self._wave.add(Item(LISTED, fields, _source(received, entry)), CORRECTED)
        self.live[received.mba, own] = Standing(item, LISTED, target.day, target.inventory)
        return item

    def _is_change(self, received: Received, entry: ChangeEntry) -> bool:
        if entry.code in CHANGES and entry.day is not None:
            return True
        shown = f"Code {entry.code or 'missing'}, date {entry.day or 'missing'}."
        self._wrong(NO_CHANGE, received, entry, shown, "411" if entry.day else "412")
        return False

    def _is_after(self, received: Received, day: date, key: EntryKey) -> bool:
        """Whether a change on the day of a physical inventory is after its cut-off (rule 5 of the history)."""
        head = self.heads.get((received.mba, key.report), received)
        listing = self.listings.get((received.mba, day))
        return listing is not None and head.begin == day < head.end and head.number > listing

    def _change(self, received: Received, entry: ChangeEntry, note: str) -> dict[str, object]:
        shippers = "" if entry.shippers_batch == UNKNOWN else entry.shippers_batch
        return {
            **self._batch(received, entry, note),
            "day": entry.day,
            "code": entry.code,
            "counterpart": _other_side(entry, Place(received.report.header.country, received.mba)),
            "shipper_batch": shippers,
        }

    def _inventory(self, received: Received) -> None:
        key = (received.mba, received.end)
        new = any(each.status in ("N", "U") for each in received.report.entries)
        if not new or key in self.inventories:
            return
        source = f"{received.file}: {received.report.name}"
        opening = self._opens(received)
        fields: dict[str, object] = {"day": received.end, "mba": received.mba, "opening": opening}
        inventory = self._wave.add(Item(INVENTORY, fields, source))
        self.inventories[key] = inventory
        self.first.setdefault(received.mba, received.end)
        closing: dict[str, object] = {"day": received.end, "mba": received.mba, "inventory": inventory}
        self._wave.add(Item(CLOSING, closing, source))

    def _opens(self, received: Received) -> bool:
        """Whether a listing is the opening of its area: nothing was on its book before, and no balance ends on it."""
        begun = self.first.get(received.mba)
        return (begun is None or begun > received.end) and (received.mba, received.end) not in self.balances

    def _line(self, received: Received, entry: InventoryEntry, key: EntryKey, note: str) -> Target:
        head = self.heads.get((received.mba, key.report), received)
        inventory = self.inventories.get((received.mba, head.end))
        if inventory is None:
            self._wrong(NO_TARGET, received, entry, f"No listing of {head.end} is known.", "309")
            return 0
        if not entry.batch and not entry.weights:
            return 0
        fields = self._listed(received, entry, inventory, head.end, note)
        item = self._wave.add(Item(LISTED, fields, _source(received, entry)))
        self.live[received.mba, key] = Standing(item, LISTED, head.end, inventory)
        return item

    def _listed(
        self, received: Received, entry: InventoryEntry, inventory: Target | None, day: date, note: str
    ) -> dict[str, object]:
        return {**self._batch(received, entry, note), "day": day, "inventory": inventory}

    def _batch(self, received: Received, entry: ChangeEntry | InventoryEntry, note: str) -> dict[str, object]:
        measured = entry.measurement
        if not entry.batch:
            self._wrong(NO_BATCH, received, entry, "There is no label 446.", "446")
        return {
            "mba": received.mba,
            "batch": entry.batch or f"{received.number}-{entry.number}",
            "weights": {key: format_grams(ug) for key, ug in entry.weights.items()},
            "kmp": entry.kmp,
            "description": entry.description,
            "basis": measured.basis if measured else "",
            "measured_at": measured.kmp if measured else "",
            "method": measured.method if measured else "",
            "items": entry.items or 0,
            "operator_code": entry.own_description.partition("/")[2],
            "operator_text": entry.own_text,
            "note": note,
            "reported": f"{received.number}/{entry.number}",
        }

    def _wrong(self, rule: Rule, received: Received, entry: AccountingEntry, message: str, field: str) -> None:
        self.problems.append(rule.problem(message, record=_source(received, entry), field=field))


def _source(received: Received, entry: AccountingEntry) -> str:
    return f"{received.file}: {received.report.name}, entry {entry.number}"


def _first_numbers(found: list[Received], sort: str) -> dict[tuple[str, date], int]:
    """The lowest number of a report of a type by area and last day."""
    numbers: dict[tuple[str, date], int] = {}
    for each in found:
        if each.sort == sort:
            key = (each.mba, each.end)
            numbers[key] = min(each.number, numbers.get(key, each.number))
    return numbers


def _notes(report: Report) -> dict[int, str]:
    """The concise notes by the number of the entry that they speak of."""
    notes: dict[int, list[str]] = {}
    for note in report.notes:
        about = note.about
        if about and about.scope == "E" and about.entry and about.report in (None, report.header.number):
            notes.setdefault(about.entry, []).append(note.text)
    return {number: " ".join(texts) for number, texts in notes.items()}


def _other_side(entry: ChangeEntry, own: Place) -> str:
    change = CHANGES.get(entry.code)
    if change is None or change.counterpart == "none":
        return ""
    sides = (entry.shipper, entry.receiver) if change.effect > 0 else (entry.receiver, entry.shipper)
    return next((write_place(each) for each in sides if each and each != own), "")


def _report(received: Received, about: list[Target], last: Target) -> Item:
    fields: dict[str, object] = {
        "day": received.day,
        "mba": received.mba,
        "sort": received.sort,
        "report": received.number,
        "begin": received.begin,
        "end": received.end,
        "known": last,
        "text": received.text,
        "entries": list(about),
        "origin": "received",
    }
    return Item(REPORT, fields, f"{received.file}: {received.report.name}")
