"""Rules 108 to 135: what an entry and a report must be made of, whatever the figures say.

The checks look at the entries as they will be written. Source: SG-FM-1172, sections 3 and 4; its table of the
composition of records is ``labels.toml``.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from openmpca.formats.code10 import consistency_rules, labels
from openmpca.formats.code10 import syntax_rules as rules
from openmpca.formats.code10.compose import entry_of
from openmpca.formats.code10.labels import LABELS, Label
from openmpca.formats.code10.lexer import Element
from openmpca.formats.code10.lines import HEADING, record_kind
from openmpca.formats.code10.profile import Profile
from openmpca.formats.code10.records import Line, NoteEntry, Report, line_name
from openmpca.problems import Problem

_WITH_SLASH: Final = frozenset({"370", "372", "435", "469"})
_BARE: Final = frozenset({*HEADING, "002", "309"})
_BESIDE_DELETION: Final = frozenset({*_BARE, "310", "390"})
_PLAIN: Final = re.compile(r"[ -~]*")


def check_structure(report: Report, profile: Profile) -> Iterator[Problem]:
    """What is wrong with the make of the report and of each of its entries."""
    yield from _heading(report)
    yield from _numbering(report, report.entries)
    yield from _numbering(report, report.notes)
    for line in (*report.entries, *report.notes):
        elements = entry_of(report.header, line, profile).elements
        yield from _composition(report, line, elements)
        for element in elements:
            yield from _text(report, line, element)
        yield from _status(report, line, elements)


def _heading(report: Report) -> Iterator[Problem]:
    header, name = report.header, report.name
    if not report.entries and header.kind != "T":
        yield rules.NO_ENTRY.problem("There is no OI entry.", record=name)
    single = header.kind == "P"
    if header.kind in ("I", "P", "M") and header.end and (header.start is None) != single:
        wanted = "one date" if single else "a first and a last day"
        yield rules.PERIOD_SHAPE.problem(f"A report of type {header.kind} has {wanted}.", record=name, field="015")
    if header.start and header.end and header.start > header.end:
        yield rules.PERIOD_SHAPE.problem(f"{header.start} is after {header.end}.", record=name, field="015")
    if header.day and header.end and header.day < header.end:
        message = f"The report is of {header.day}, its period ends on {header.end}."
        yield rules.REPORTED_BEFORE.problem(message, record=name, field="003")


def _numbering(report: Report, lines: Sequence[Line]) -> Iterator[Problem]:
    if not lines:
        return
    found = [line.number for line in lines]
    if found != list(range(1, len(lines) + 1)):
        shown = " ".join(str(number) for number in found[:40])
        yield rules.NUMBERING.problem(
            f"The numbers are {shown}.", record=line_name(report.header, lines[0]), field="002"
        )
    if lines[0].total is None:
        yield rules.NO_TOTAL.problem("No total.", record=line_name(report.header, lines[0]), field="002")
    for line in lines:
        if line.total is not None and line.total != len(lines):
            message = f"The total is {line.total}, there are {len(lines)}."
            yield rules.WRONG_TOTAL.problem(message, record=line_name(report.header, line), field="002")


def _composition(report: Report, line: Line, elements: Sequence[Element]) -> Iterator[Problem]:
    kind = record_kind(report.header, note=isinstance(line, NoteEntry))
    record = line_name(report.header, line)
    present = {element.label: element.content for element in reversed(elements)}
    for place, element in enumerate(elements):
        label = element.label
        if not label:
            continue
        if place and elements[place - 1].label == label:
            yield rules.REPEATED_LABEL.problem(f"{label} stands twice.", record=record, field=label)
        elif not labels.is_known(label):
            yield rules.UNKNOWN_LABEL.problem(f"{label} is no label of Code 10.", record=record, field=label)
        elif labels.need_of(label, kind) == "-":
            name = LABELS[label].name if label in LABELS else "weight"
            yield rules.NOT_HERE.problem(f"{label} ({name}) has no place in such an entry.", record=record, field=label)
    bare = not isinstance(line, NoteEntry) and line.status in ("D", "U")
    for label in labels.mandatory(kind):
        if not present.get(label, "").strip() and (not bare or label in _BARE):
            yield rules.MISSING.problem(f"{label} ({LABELS[label].name}) is missing.", record=record, field=label)


def _mend_length(label: Label) -> str:
    """How a text comes to the length of its label: the mend fits whether it is too long or too short."""
    if label.fixed:
        return f"Use the code or text of exactly {label.length} characters that is agreed for it; do not cut or pad it."
    onward = "; a note may go on in a further entry" if label.number == "391" else ""
    most = "1 character" if label.length == 1 else f"{label.length} characters"
    return f"Shorten the text to {most}{onward}."


def _text(report: Report, line: Line, element: Element) -> Iterator[Problem]:
    label = LABELS.get(element.label)
    if label is None:
        return
    content = element.content
    record = line_name(report.header, line)
    if label.length is not None and (len(content) > label.length or (label.fixed and len(content) != label.length)):
        wanted = f"{'exactly' if label.fixed else 'at most'} {label.length}"
        message = f"{len(content)} characters; {wanted} are allowed."
        yield rules.LENGTH.problem(message, record=record, field=label.number, mend=_mend_length(label))
    if not label.text:
        return
    delimiters = [mark for mark in (":;#" if label.number in _WITH_SLASH else ":/;#") if mark in content]
    if delimiters:
        yield rules.DELIMITER.problem(f"It holds {' '.join(delimiters)}", record=record, field=label.number)
    if not _PLAIN.fullmatch(content) or content != content.upper():
        shown = ascii(content[:40])
        yield rules.REPERTOIRE.problem(f"{shown} uses other characters.", record=record, field=label.number)


def _status(report: Report, line: Line, elements: Sequence[Element]) -> Iterator[Problem]:
    if isinstance(line, NoteEntry):
        return
    record = line_name(report.header, line)
    if line.status in ("C", "D", "A") and line.reference is None:
        yield rules.STATUS_REFERENCE.problem(f"{line.status} names no entry.", record=record, field="309")
    if line.status == "N" and line.reference is not None:
        yield rules.STATUS_REFERENCE.problem(f"N names entry {line.reference}.", record=record, field="309")
    if line.status == "D":
        carried = sorted({element.label for element in elements} - _BESIDE_DELETION)
        if carried:
            yield rules.FULL_DELETION.problem(f"It carries {' '.join(carried)}.", record=record, field="309")
    if line.status == "U" and len(report.entries) > 1:
        yield consistency_rules.VOID_ENTRY.problem("U among other entries.", record=record, field="309")
