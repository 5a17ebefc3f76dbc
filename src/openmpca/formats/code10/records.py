"""What the entries of a report say, typed: the heading once, then one struct for each kind of entry.

Weights are whole micrograms by weight key (``E``, ``E/U235``, ``N/fissile``); dates are dates; a material description
is its four characters. MF is book minus physical and DI shipper minus receiver, whatever the profile of the file.

Nothing that was read is lost between entries and this view: elements that have no place here are in ``extra``, and a
content written in another way than this program would (``125.400K``, a six-digit date, an unreadable value) is kept in
``as_written`` beside what the program would have written. It comes back as long as the value is unchanged.

Text that is not given is empty, a number that is not given 0 (entries and reports count from 1) or None.
Source: SG-FM-1172, sections 3 and 4.
"""

from datetime import date
from typing import Literal, TypeAlias

import msgspec

from openmpca.formats.code10.lexer import Element
from openmpca.nuclear.categories import split_key

ReportKind = Literal["I", "P", "M", "T", ""]
Status = Literal["N", "U", "C", "D", "A", ""]
Spelling: TypeAlias = tuple[str | None, str | None]
"""What this program writes for a label, and what stood there; None for nothing."""


class CrossReference(msgspec.Struct, frozen=True):
    """The entry of an earlier report that a correction, deletion or addition speaks of."""

    country: str
    report: int
    entry: int

    def __str__(self) -> str:
        return f"{self.country};{self.report}/{self.entry}"


class Place(msgspec.Struct, frozen=True):
    """A shipper or receiver: country and MBA; the MBA of a foreign one may be unknown (empty)."""

    country: str
    mba: str = ""


class Measurement(msgspec.Struct, frozen=True):
    """How a batch was measured: basis, and where given the key measurement point and the method."""

    basis: str
    kmp: str = ""
    method: str = ""


class NoteReference(msgspec.Struct, frozen=True):
    """What a note speaks of: a whole report (R) or an entry (E); ``report`` is None in a note of the report itself."""

    scope: Literal["R", "E"]
    report: int | None = None
    entry: int | None = None


class ReportHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What all entries of a report repeat. In a PIL ``start`` is None and ``end`` the date of the inventory."""

    country: str
    number: int
    day: date | None
    kind: ReportKind
    facility: str
    mba: str
    encoder: str = ""
    start: date | None = None
    end: date | None = None


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    total: int | None = None
    extra: tuple[Element, ...] = ()
    as_written: dict[str, Spelling] = {}


class _AccountingEntry(_Entry, frozen=True, kw_only=True):
    status: Status = "N"
    reference: CrossReference | None = None
    record_id: str = ""
    noted: bool = False
    weights: dict[str, int] = {}

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories of material that have a weight here, in order of appearance."""
        return tuple(dict.fromkeys(split_key(key)[0] for key in self.weights))


class _BatchEntry(_AccountingEntry, frozen=True, kw_only=True):
    kmp: str = ""
    description: str = ""
    own_description: str = ""
    own_text: str = ""
    alphabet: str = ""
    batch: str = ""
    measurement: Measurement | None = None
    items: int | None = None


class ChangeEntry(_BatchEntry, frozen=True, kw_only=True):
    """One inventory change (ICR)."""

    code: str = ""
    day: date | None = None
    shipper: Place | None = None
    receiver: Place | None = None
    shippers_batch: str = ""


class InventoryEntry(_BatchEntry, frozen=True, kw_only=True):
    """One batch of a physical inventory listing (PIL)."""


class BalanceEntry(_AccountingEntry, frozen=True, kw_only=True):
    """One line of a material balance report (MBR)."""

    code: str = ""


class NoteEntry(_Entry, frozen=True, kw_only=True):
    """A concise note inside a report, or a piece of a textual report."""

    text: str
    about: NoteReference | None = None


AccountingEntry: TypeAlias = ChangeEntry | InventoryEntry | BalanceEntry
Line: TypeAlias = AccountingEntry | NoteEntry


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One report of one MBA. A textual report is of kind T and has notes only."""

    header: ReportHeader
    entries: tuple[AccountingEntry, ...] = ()
    notes: tuple[NoteEntry, ...] = ()

    @property
    def name(self) -> str:
        """How problems name the report.

        >>> Report(header=ReportHeader(country="ZZ", number=7, day=None, kind="I", facility="", mba="ZZA1")).name
        'report ZZ;7 of ZZA1'
        """
        return f"report {self.header.country};{self.header.number} of {self.header.mba or '(no MBA)'}"

    @property
    def changes(self) -> tuple[ChangeEntry, ...]:
        """The entries that are inventory changes."""
        return tuple(entry for entry in self.entries if isinstance(entry, ChangeEntry))

    @property
    def listed(self) -> tuple[InventoryEntry, ...]:
        """The entries that are lines of a listing."""
        return tuple(entry for entry in self.entries if isinstance(entry, InventoryEntry))

    @property
    def balance(self) -> tuple[BalanceEntry, ...]:
        """The entries that are lines of a material balance."""
        return tuple(entry for entry in self.entries if isinstance(entry, BalanceEntry))


def line_name(header: ReportHeader, line: Line) -> str:
    """How problems name an entry."""
    kind = "NC" if isinstance(line, NoteEntry) else "OI"
    return f"report {header.country};{header.number} {kind} entry {line.number}"


def numbered(report: Report) -> Report:
    """The report with its entries, and its notes by themselves, numbered from 1 and the totals in the first of each."""

    def total(place: int, count: int) -> int | None:
        return count if place == 1 else None

    entries = tuple(
        msgspec.structs.replace(entry, number=place, total=total(place, len(report.entries)))
        for place, entry in enumerate(report.entries, 1)
    )
    notes = tuple(
        msgspec.structs.replace(note, number=place, total=total(place, len(report.notes)))
        for place, note in enumerate(report.notes, 1)
    )
    return Report(header=report.header, entries=entries, notes=notes)
