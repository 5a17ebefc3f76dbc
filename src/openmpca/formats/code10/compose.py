"""The typed view of a report to entries: labels ascending, deletions bare, what was written otherwise as it was.

Source: SG-FM-1172, section 4.
"""

from openmpca.formats.code10.contents import write_about, write_date, write_measurement, write_place, write_weight
from openmpca.formats.code10.lexer import Element, Entry
from openmpca.formats.code10.profile import AGENCY, Profile
from openmpca.formats.code10.records import (
    BalanceEntry,
    ChangeEntry,
    InventoryEntry,
    Line,
    NoteEntry,
    Report,
    ReportHeader,
)
from openmpca.nuclear.categories import CategoryError, label_of, unit_of

Contents = dict[str, str]


def to_entries(report: Report, profile: Profile = AGENCY) -> list[Entry]:
    """The entries of a report, accounting entries before notes. Weights without a label in Code 10 are left out.

    ``check_report`` finds such weights (rule 147) and everything else that cannot be written; check before sending.
    """
    return [entry_of(report.header, line, profile) for line in (*report.entries, *report.notes)]


def entry_of(header: ReportHeader, line: Line, profile: Profile = AGENCY) -> Entry:
    """One line of a report as an entry."""
    contents = contents_of(header, line, profile)
    for label, (ours, theirs) in line.as_written.items():
        if contents.get(label) == ours:
            contents.pop(label, None)
            if theirs is not None:
                contents[label] = theirs
    elements = [Element(label, content) for label, content in contents.items()]
    return Entry(tuple(sorted((*elements, *line.extra), key=lambda element: (not element.label, element.label))))


def contents_of(header: ReportHeader, line: Line, profile: Profile) -> Contents:
    """What this program writes for a line: content by label, without what is not given."""
    contents = header_contents(header, line, profile)
    contents["002"] = f"{line.number}/{line.total}" if line.total is not None else f"{line.number}"
    match line:
        case NoteEntry():
            contents |= {"099": write_about(line.about) if line.about else "", "391": line.text}
        case ChangeEntry():
            contents |= _accounting(line, profile) | _batch(line, profile) | _change(line, profile)
        case InventoryEntry():
            contents |= _accounting(line, profile) | _batch(line, profile)
        case _:
            contents |= _accounting(line, profile) | {"411": line.code}
    return {label: content for label, content in contents.items() if content}


def header_contents(header: ReportHeader, line: Line, profile: Profile) -> Contents:
    """The labels that repeat the heading in an entry."""
    note = isinstance(line, NoteEntry)
    contents = {
        "001": f"{'NC' if note else 'OI'}/{header.country};{header.number}",
        "003": write_date(header.day, profile) if header.day else "",
        "207": header.facility,
        "307": header.mba,
    }
    if not note or header.kind == "T":
        contents["010"] = header.kind
    if not note:
        dates = (write_date(day, profile) for day in (header.start, header.end) if day)
        contents |= {"006": header.encoder, "015": "/".join(dates)}
    return contents


def _accounting(line: ChangeEntry | InventoryEntry | BalanceEntry, profile: Profile) -> Contents:
    status = f"{line.status}/{line.reference}" if line.reference else line.status
    contents: Contents = {"309": status, "390": "Y" if line.noted else ""}
    if profile.emit_record_id:
        contents["310"] = line.record_id
    code = "" if isinstance(line, InventoryEntry) else line.code
    for key, ug in line.weights.items():
        if label := weight_label(key):
            contents[label] = write_weight(profile.sign(code) * ug, unit_of(key), profile)
    return contents


def weight_label(key: str) -> str:
    """The label of a weight key, empty where Code 10 has none.

    >>> weight_label("E/U235"), weight_label("Np237")
    ('670', '')
    """
    try:
        return label_of(key)
    except CategoryError:
        return ""


def _batch(line: ChangeEntry | InventoryEntry, profile: Profile) -> Contents:
    return {
        "407": line.kmp,
        "430": profile.description_separator.join(line.description),
        "435": line.own_description,
        "436": line.own_text,
        "445": line.alphabet,
        "446": line.batch,
        "469": write_measurement(line.measurement) if line.measurement else "",
        "470": "" if line.items is None else str(line.items),
    }


def _change(line: ChangeEntry, profile: Profile) -> Contents:
    return {
        "370": write_place(line.shipper) if line.shipper else "",
        "372": write_place(line.receiver) if line.receiver else "",
        "411": line.code,
        "412": write_date(line.day, profile) if line.day else "",
        "447": line.shippers_batch,
    }
