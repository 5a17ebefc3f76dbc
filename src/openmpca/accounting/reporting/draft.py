"""A report that is made and not yet stated: its entries, what each of them reports, and its text.

The text is what is sent, word for word; the statement keeps it beside the numbers of the statements that it reports.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar, cast

import msgspec

from openmpca.accounting.statements import Report as ReportStatement
from openmpca.formats.code10.compose import to_entries
from openmpca.formats.code10.profile import AGENCY, Profile
from openmpca.formats.code10.records import (
    AccountingEntry,
    NoteEntry,
    NoteReference,
    Report,
    ReportHeader,
    ReportKind,
    numbered,
)
from openmpca.formats.code10.writer import write_entries

E = TypeVar("E", bound=AccountingEntry)
NOTE_LENGTH = 2000


@dataclass(frozen=True)
class Made:
    """An accounting entry, the statement that it reports (0: none) and the concise note that goes with it."""

    entry: AccountingEntry
    about: int = 0
    note: str = ""


@dataclass(frozen=True)
class Draft:
    """A report as it would be stated; ``known`` is the number of the last statement that it knew."""

    report: Report
    about: tuple[int, ...]
    known: int
    begin: date
    profile: Profile = field(default=AGENCY)

    @property
    def sort(self) -> str:
        """I, P, M or T."""
        return self.report.header.kind

    @property
    def text(self) -> str:
        """The text that is sent."""
        return text_of(self.report, self.profile)

    def statement(self) -> ReportStatement:
        """The statement that keeps it."""
        header = self.report.header
        assert header.day is not None and header.end is not None  # noqa: S101, PT018  a draft has both
        return ReportStatement(
            day=header.day,
            mba=header.mba,
            sort=header.kind,
            report=header.number,
            begin=self.begin,
            end=header.end,
            known=self.known,
            text=self.text,
            entries=list(self.about),
        )


def text_of(report: Report, profile: Profile) -> str:
    """The text of a report. Raises ValueError where it cannot stand in such a file."""
    return b"".join(write_entries(to_entries(report, profile), profile)).decode(profile.encoding)


def drafted(
    header: ReportHeader, made: list[Made], *, known: int, begin: date, profile: Profile, note: str = ""
) -> Draft:
    """The report that the entries make, numbered, with the notes on entries and the note on the whole."""
    entries = tuple(_noted(each) for each in made)
    notes = [NoteEntry(number=0, text=text, about=NoteReference("R")) for text in pieces(note)]
    for place, each in enumerate(made, 1):
        about = NoteReference("E", entry=place)
        notes += [NoteEntry(number=0, text=text, about=about) for text in pieces(each.note)]
    report = numbered(Report(header=header, entries=entries, notes=tuple(notes)))
    return Draft(report, tuple(each.about for each in made), known, begin, profile)


def _noted(made: Made) -> AccountingEntry:
    return msgspec.structs.replace(made.entry, noted=True) if made.note else made.entry


def pieces(text: str) -> list[str]:
    """A text cut into notes of the length that one entry takes.

    >>> [len(each) for each in pieces("x" * 4500)], pieces("")
    ([2000, 2000, 500], [])
    """
    return [text[start : start + NOTE_LENGTH] for start in range(0, len(text), NOTE_LENGTH)]


def heading(kind: str, country: str, number: int, facility: str, mba: str) -> ReportHeader:
    """A heading without its dates."""
    return ReportHeader(
        country=country, number=number, day=None, kind=cast(ReportKind, kind), facility=facility, mba=mba
    )


def same_content(before: AccountingEntry | None, now: AccountingEntry) -> bool:
    """Whether two entries say the same, their numbers, status and record identifiers apart."""
    return before is not None and _bare(before) == _bare(now)


def _bare(entry: E) -> E:
    return msgspec.structs.replace(
        entry,
        number=0,
        total=None,
        status="N",
        reference=None,
        record_id="",
        noted=False,
        extra=(),
        as_written={},
        weights=dict(sorted(entry.weights.items())),
    )
