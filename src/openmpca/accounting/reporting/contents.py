"""A report in rows: its entries as written, and beside them the statements of the book that they are made of.

The weights are in grams, with the signs of the receiver on the report's side and as stated on the book's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from openmpca.accounting.reporting.check import checked_on_record
from openmpca.accounting.reporting.derivation import profile_of
from openmpca.accounting.reporting.make import TITLES
from openmpca.accounting.reporting.recorded import report_stated
from openmpca.accounting.statements import Change, Deletion, Listed
from openmpca.accounting.statements import Report as ReportStatement
from openmpca.formats.code10.interpret import read_reports
from openmpca.formats.code10.profile import Profile
from openmpca.formats.code10.records import Report
from openmpca.nuclear.mass import format_grams
from openmpca.problems import Problem
from openmpca.record.known import Known
from openmpca.record.reading import stored_many

_FILES: Final = {**TITLES, "T": "TEXT"}


@dataclass(frozen=True)
class Contents:
    """A report on record: the statement that keeps it, and what its text holds in the profile of its area."""

    number: int
    stated: ReportStatement
    profile: Profile

    @classmethod
    def of(cls, number: int) -> "Contents":
        """The report that a statement keeps. Raises KeyError when it is none."""
        stated = report_stated(number)
        return cls(number, stated, profile_of(stated.mba, Known("default", number)))

    @property
    def raw(self) -> bytes:
        """The file, byte by byte as it is sent."""
        return self.stated.text.encode(self.profile.encoding, errors="replace")

    @property
    def file_name(self) -> str:
        """The name of the file."""
        return file_name(self.stated.mba, self.stated.report, self.stated.sort)

    @property
    def reports(self) -> list[Report]:
        """The reports that the text holds: one, unless it cannot be read."""
        return [report for report, _ in read_reports([self.raw], self.profile) if report is not None]

    def problems(self, known: int | None = None) -> list[Problem]:
        """What is wrong with it by its format and against the record."""
        return checked_on_record(self.raw, self.profile, known)


def file_name(mba: str, number: int, sort: str) -> str:
    """The name of the file of a report.

    >>> file_name("ZZA1", 7, "I")
    'ZZA1-0007-ICR.txt'
    """
    return f"{mba}-{number:04d}-{_FILES[sort]}.txt"


def entry_rows(report: Report, profile: Profile) -> list[dict[str, object]]:
    """The entries as rows: what they are, and a column for each weight, in grams with the signs of the receiver."""
    keys = list(dict.fromkeys(key for entry in report.entries for key in entry.weights))
    rows: list[dict[str, object]] = []
    for entry in report.entries:
        row: dict[str, object] = {"entry": entry.number, "status": entry.status}
        row["refers_to"] = f"{entry.reference.report}/{entry.reference.entry}" if entry.reference else ""
        for name in ("code", "day", "batch", "items", "description"):
            row[name] = _plain(getattr(entry, name, None))
        written = {key: profile.sign(str(row["code"])) * ug for key, ug in entry.weights.items()}
        rows.append(row | {f"{key} g": format_grams(written[key]) if key in written else "" for key in keys})
    return _used(rows)


def entries_in_units(report: Report, profile: Profile) -> list[dict[str, object]]:
    """The entries as JSON holds them: those of `entry_rows` with their weights in grams by key."""
    rows = entry_rows(report, profile)
    for row in rows:
        masses = {name: row.pop(name) for name in list(row) if name.endswith(" g")}
        row["weights"] = {name.removesuffix(" g"): text for name, text in masses.items() if text}
    return rows


def book_rows(about: Sequence[int]) -> list[dict[str, object]]:
    """What the book states of each entry in order: the statement, its fields, a column for each weight, in grams."""
    read = {each.number: each.statement for each in stored_many(sorted({number for number in about if number}))}
    rows = []
    for place, number in enumerate(about, 1):
        found = read.get(number)
        row: dict[str, object] = {"entry": place, "statement": number or None}
        if isinstance(found, Change | Listed):
            told = {name: getattr(found, name, "") for name in ("code", "day", "batch", "items", "description")}
            row |= {name: _plain(value) for name, value in told.items()}
            row |= {f"{key} g": text for key, text in found.weights.items()}
        elif isinstance(found, Deletion):
            row |= {"code": "", "day": str(found.day), "corrects": found.corrects}
        rows.append(row)
    names = list(dict.fromkeys(name for row in rows for name in row))
    return _used([{name: row.get(name, "") for name in names} for row in rows])


def _used(rows: Iterable[dict[str, object]]) -> list[dict[str, object]]:
    """The rows without the columns that are blank in all of them."""
    given = list(rows)
    used = [name for name in given[0] if any(row[name] not in ("", None) for row in given)] if given else []
    return [{name: row[name] for name in used} for row in given]


def _plain(value: object) -> object:
    return "" if value is None else value if isinstance(value, int | str) else str(value)


class NoteError(ValueError):
    """A note that does not read NUMBER=TEXT; the text of the error is the note."""


def notes_of(given: Iterable[str]) -> tuple[tuple[int, str], ...]:
    """Notes as they are typed, NUMBER=TEXT each. Raises `NoteError`.

    >>> notes_of(["42=UNDER LICENCE"])
    ((42, 'UNDER LICENCE'),)
    """
    found = []
    for each in given:
        number, equals, words = each.partition("=")
        if not equals or not (number.strip().isascii() and number.strip().isdecimal()):
            raise NoteError(each)
        found.append((int(number), words.strip()))
    return tuple(found)


def encoder_of(person: str) -> str:
    """FAMILY,INITIALS of a person, as reports name the responsible official."""
    from openmpca.record.models import PersonName

    name = PersonName.objects.filter(person=person).values_list("name", flat=True).first() or person
    *given, family = name.upper().split() or [person.upper()]
    return f"{family},{''.join(f'{each[0]}.' for each in given)}"[:30].rstrip(",")
