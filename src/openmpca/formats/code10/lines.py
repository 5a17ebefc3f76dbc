"""One entry to one line of the typed view, with the problems of what cannot be read in it.

What the line cannot say is kept: elements without a place in ``extra``, contents that this program would write in
another way in ``as_written``. Source: SG-FM-1172, sections 3 and 4.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, TypeVar

import msgspec

from openmpca.formats.code10 import syntax_rules as rules
from openmpca.formats.code10.compose import contents_of
from openmpca.formats.code10.contents import (
    read_about,
    read_count,
    read_date,
    read_description,
    read_integer,
    read_measurement,
    read_period,
    read_place,
    read_reference,
    read_status,
    read_weight,
)
from openmpca.formats.code10.labels import LABELS, WEIGHTS, RecordKind, is_known, need_of, weight_key
from openmpca.formats.code10.lexer import Element, Entry
from openmpca.formats.code10.profile import Profile
from openmpca.formats.code10.records import (
    AccountingEntry,
    BalanceEntry,
    ChangeEntry,
    InventoryEntry,
    Line,
    NoteEntry,
    ReportHeader,
    Spelling,
)
from openmpca.problems import Problem, Rule

T = TypeVar("T")

HEADING: Final = ("001", "003", "006", "010", "015", "207", "307")
_DATES: Final = ("003", "015", "412")
_KINDS: Final[dict[str, RecordKind]] = {"I": "change", "P": "listing", "M": "balance"}


def record_kind(header: ReportHeader, *, note: bool) -> RecordKind:
    """The kind of record that an entry of the report is; of an unknown type of report like an inventory change."""
    if note:
        return "text" if header.kind == "T" else "note"
    return _KINDS.get(header.kind, "change")


def is_note(contents: Mapping[str, str]) -> bool:
    """Whether an entry stands under NC."""
    return contents.get("001", "").startswith("NC")


def read_line(
    entry: Entry, header: ReportHeader, first: Mapping[str, str], profile: Profile
) -> tuple[Line, list[Problem]]:
    """The line that an entry makes in the report of that heading; ``first`` is the entry the heading was taken from."""
    reading = _Reading(entry, header, profile)
    line = reading.line()
    reading.check_heading(first)
    return line, reading.problems


class _Reading:
    """The entry that is being read, and what was found wrong with it."""

    def __init__(self, entry: Entry, header: ReportHeader, profile: Profile) -> None:
        self.header = header
        self.profile = profile
        self.raw = entry.contents()
        self.note = is_note(self.raw)
        self.kind = record_kind(header, note=self.note)
        self.problems: list[Problem] = []
        self.extra = self.without_place(entry)
        self.number, self.total = self.take("002", read_count) or (0, None)

    def without_place(self, entry: Entry) -> tuple[Element, ...]:
        """The elements that the line has no place for: unknown, repeated or of another kind of record."""
        labels = [element.label for element in entry.elements if element.label]
        if labels != sorted(labels):
            self.found(rules.ORDER, "", f"The order is {' '.join(labels)}.")
        seen: set[str] = set()
        extra = []
        for element in entry.elements:
            label = element.label
            if not is_known(label) or label in seen or (need_of(label, self.kind) == "-" and label not in HEADING):
                extra.append(Element(label, element.content))
                if label not in seen:
                    self.raw.pop(label, None)
            seen.add(label)
        return tuple(extra)

    def line(self) -> Line:
        """The line, with the contents that come back as they were written."""
        if self.note:
            about = self.take("099", read_about)
            line: Line = self.made(NoteEntry, text=self.text("391"), about=about)
        else:
            line = self.accounting()
        ours = contents_of(self.header, line, self.profile)
        spelled: dict[str, Spelling] = {
            label: (ours.get(label), self.raw.get(label))
            for label in sorted({*ours, *self.raw})
            if ours.get(label) != self.raw.get(label)
        }
        return msgspec.structs.replace(line, as_written=spelled)

    def accounting(self) -> AccountingEntry:
        """The accounting entry of the kind that the report demands."""
        status, reference = self.take("309", read_status) or ("", None)
        common: dict[str, Any] = {
            "status": status,
            "reference": reference,
            "record_id": self.text("310"),
            "noted": self.take("390", lambda text: True if text == "Y" else None) or False,
            "weights": self.weights(),
        }
        if self.kind == "balance":
            return self.made(BalanceEntry, code=self.text("411"), **common)
        common |= self.batch()
        if self.kind == "listing":
            return self.made(InventoryEntry, **common)
        return self.made(
            ChangeEntry,
            code=self.text("411"),
            day=self.take("412", self.date),
            shipper=self.take("370", read_place),
            receiver=self.take("372", read_place),
            shippers_batch=self.text("447"),
            **common,
        )

    def batch(self) -> dict[str, Any]:
        """What listings and changes say of a batch."""
        return {
            "kmp": self.text("407"),
            "description": self.take("430", read_description) or "",
            "own_description": self.text("435"),
            "own_text": self.text("436"),
            "alphabet": self.text("445"),
            "batch": self.text("446"),
            "measurement": self.take("469", read_measurement),
            "items": self.take("470", read_integer),
        }

    def weights(self) -> dict[str, int]:
        """Micrograms by weight key, in our signs."""
        sign = self.profile.sign(self.raw.get("411", ""))
        weights = {}
        for label in sorted(WEIGHTS.keys() & self.raw.keys()):
            text = self.raw[label]
            weight = read_weight(text)
            if weight is None:
                self.found(rules.WEIGHT_FORM, label, f"{text[:40]!a} is no weight.")
                continue
            ug, unit = weight
            if unit != WEIGHTS[label]:
                self.found(rules.WEIGHT_UNIT, label, f"{text} is not in {WEIGHTS[label]}.")
            weights[weight_key(label, self.raw)] = sign * ug
        return weights

    def made(self, kind: Callable[..., T], **fields: Any) -> T:
        """A line of that kind with what all lines have."""
        return kind(number=self.number, total=self.total, extra=self.extra, **fields)

    def text(self, label: str) -> str:
        """A content as it stands, empty where there is none."""
        return self.raw.get(label, "")

    def take(self, label: str, read: Callable[[str], T | None]) -> T | None:
        """The value of a content; None, with a problem, where it cannot be read."""
        text = self.raw.get(label)
        if text is None:
            return None
        value = read(text)
        if value is None:
            rule = rules.NO_SUCH_DATE if label in _DATES else rules.UNREADABLE
            self.found(rule, label, f"{text[:40]!a} is not of the form {LABELS[label].mask}.")
        elif label in _DATES and re.search(r"(^|/)[0-9]{6}(/|$)", text):
            self.found(rules.SHORT_DATE, label, f"{text} has years of two digits.")
        return value

    def date(self, text: str) -> date | None:
        """A date as the profile takes it."""
        return read_date(text, self.profile)

    def check_heading(self, first: Mapping[str, str]) -> None:
        """Read the heading of this entry and compare it with that of the report."""
        self.take("001", read_reference)
        self.take("003", self.date)
        self.take("015", lambda text: read_period(text, self.profile))
        for label in HEADING:
            text = self.raw.get(label)
            if label != "001" and text is not None and text != first.get(label, text):
                self.found(rules.HEADER_DIFFERS, label, f"{text!a} here, {first[label]!a} before.")

    def found(self, rule: Rule, label: str, message: str) -> None:
        """Note a problem of this entry."""
        what = f"{self.header.country};{self.header.number} {'NC' if self.note else 'OI'}"
        record = f"report {what} entry {(read_count(self.text('002')) or (0,))[0]}"
        self.problems.append(rule.problem(message, record=record, field=label))
