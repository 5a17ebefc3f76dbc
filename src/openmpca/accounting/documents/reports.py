"""A report on paper, to sign: heading, entries with their totals, notes, who prepared and who approved it.

The figures are those of the text that is sent, in grams, with the signs of the receiver. Totals are given by inventory
change in a report of changes and over all in a listing; a balance is its own sum and has none.
Source: Code 10 (SG-FM-1172), sections 3 and 4, for what a report says.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from openmpca.accounting.documents import words
from openmpca.accounting.documents.made import Document, NoDocument, of_paper
from openmpca.accounting.reporting.contents import Contents, entry_rows
from openmpca.accounting.reporting.queries import all_reports
from openmpca.accounting.reporting.standing import ReportedReport
from openmpca.formats.code10.contents import write_measurement, write_place
from openmpca.formats.code10.records import ChangeEntry, InventoryEntry, NoteEntry, Report
from openmpca.nuclear.mass import format_grams, parse_grams
from openmpca.pages.documents.paper import Paper, Part, Signature, cell, facts, listed
from openmpca.record.reading import Stored, stored

Row = dict[str, object]
ORDER = (
    *("entry", "status", "refers_to", "code", "day", "from", "to"),
    *("kmp", "batch", "description", "measurement", "items"),
)


def report(number: int, known: int | None = None) -> Document:
    """The report that a statement keeps. Raises `NoDocument`."""
    try:
        contents = Contents.of(number)
    except KeyError:
        raise NoDocument(_("Statement %(number)s is no report.") % {"number": number}) from None
    standing = [each for each in all_reports(contents.stated.mba, known) if each.number == number]
    if not standing:
        raise NoDocument(_("Report %(number)s was not known then.") % {"number": number})
    name = contents.file_name.removesuffix(".txt")
    return of_paper(name, contents.stated.mba, _paper(contents, standing[0], stored(number)))


def _paper(contents: Contents, standing: ReportedReport, statement: Stored) -> Paper:
    stated = contents.stated
    given = {"number": stated.report, "mba": stated.mba}
    title = f"{words.SORTS[stated.sort]}: {_('report %(number)s of %(mba)s') % given}"
    parts = [Part(facts=facts(_heading(contents, standing)))]
    for each in contents.reports:
        parts += [*_entries(each, contents), *_notes(each)]
    if not contents.reports:
        parts.append(Part(_("As sent"), text=[cell(stated.text)]))
    return Paper(title, parts=parts, signatures=signatures(statement.prepared_by, statement.approved_by))


def signatures(prepared_by: str, approved_by: Sequence[str]) -> list[Signature]:
    """The lines to sign of who prepared and who approved."""
    approved = [Signature(_("Approved by"), words.person(each)) for each in approved_by]
    return [Signature(_("Prepared by"), words.person(prepared_by)), *(approved or [Signature(_("Approved by"))])]


def _heading(contents: Contents, standing: ReportedReport) -> dict[str, object]:
    stated = contents.stated
    encoders = {each.header.encoder for each in contents.reports if each.header.encoder}
    countries = {each.header.country for each in contents.reports}
    return {
        pgettext("country", "State"): ", ".join(sorted(countries)),
        _("Facility"): words.facility_of(stated.mba, stated.end),
        _("Material balance area"): words.area(stated.mba, stated.end),
        _("Period"): words.period(None if stated.sort == "P" else stated.begin, stated.end),
        _("Dated"): words.day(stated.day),
        _("Responsible official"): ", ".join(sorted(encoders)),
        _("Statement"): contents.number,
        _("Drawn up from the book as known at statement"): stated.known if stated.origin == "made" else "",
        _("Standing"): _standing(standing),
    }


def _standing(standing: ReportedReport) -> str:
    on = standing.answered or standing.sent
    told = str(words.STATES.get(standing.state, standing.state))
    return f"{told}, {words.day(on)}" if on else told


def _entries(report: Report, contents: Contents) -> list[Part]:
    rows = [
        row | _besides(entry) for row, entry in zip(entry_rows(report, contents.profile), report.entries, strict=True)
    ]
    used = {name for row in rows for name, value in row.items() if value not in ("", None)}
    masses = [name for name in dict.fromkeys(name for row in rows for name in row) if name.endswith(" g")]
    heads = words.heads([*(name for name in ORDER if name in used), *masses])
    if not rows:
        return []
    return [listed(heads, rows, totals=_totals(rows, report.header.kind, masses), caption=_("Entries"))]


def _besides(entry: object) -> Row:
    """What an entry says besides what lists of entries show."""
    row: Row = {}
    if isinstance(entry, ChangeEntry):
        row |= {"from": write_place(entry.shipper) if entry.shipper else ""}
        row |= {"to": write_place(entry.receiver) if entry.receiver else ""}
    if isinstance(entry, ChangeEntry | InventoryEntry):
        row |= {"kmp": entry.kmp, "measurement": write_measurement(entry.measurement) if entry.measurement else ""}
    return row


def _totals(rows: Sequence[Row], kind: str, masses: Sequence[str]) -> list[Row]:
    if kind == "P":
        return [{"batch": _("Total"), **summed(rows, masses)}]
    if kind != "I":
        return []
    codes = sorted({str(row.get("code", "")) for row in rows} - {""})
    return [
        {
            "entry": "",
            "code": code,
            "batch": _("Total"),
            **summed((row for row in rows if row.get("code") == code), masses),
        }
        for code in codes
    ]


def summed(rows: Iterable[Mapping[str, object]], masses: Sequence[str]) -> Row:
    """The sums of columns of masses, exact, and of the numbers of items; blank where no row has one."""
    given = list(rows)
    found: Row = {}
    for name in masses:
        told = [parse_grams(str(row[name])) for row in given if row.get(name)]
        found[name] = format_grams(sum(told)) if told else ""
    counted: list[Any] = [row["items"] for row in given if isinstance(row.get("items"), int)]
    return found | ({"items": sum(counted)} if counted else {})


def _notes(report: Report) -> list[Part]:
    if not report.notes:
        return []
    return [Part(_("Notes"), text=[cell(_note(each)) for each in report.notes])]


def _note(note: NoteEntry) -> str:
    if note.about is None or not note.about.entry:
        return note.text
    return _("On entry %(entry)s: %(text)s") % {"entry": note.about.entry, "text": note.text}
