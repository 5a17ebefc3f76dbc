"""Which entries of an MBA's reports count, after corrections, deletions and additions.

An entry is known by report and entry number. A correction puts itself in the place of the entry it names and is named
by its own number from then on; a deletion takes the entry away; an addition gets the number that it asks for. Whatever
takes the place of an entry belongs to the report of the first in the chain.
Sources: SG-FM-1172, label 309; INFCIRC/153 paragraph 103. That a further correction names the latest valid entry is
practice, not a text seen here.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from openmpca.formats.code10 import consistency_rules as rules
from openmpca.formats.code10.records import AccountingEntry, CrossReference, Report, line_name
from openmpca.problems import Problem, Rule


class EntryKey(NamedTuple):
    """Report and entry number."""

    report: int
    entry: int


class Standing(NamedTuple):
    """An entry that counts, and the number of the report whose content it is."""

    root: int
    entry: AccountingEntry


class Ledger:
    """The entries that count after the reports applied so far, in the order of their numbers."""

    def __init__(self) -> None:
        self.kinds: dict[int, str] = {}
        self.live: dict[EntryKey, Standing] = {}
        self.roots: dict[int, set[EntryKey]] = {}
        self.dead: set[EntryKey] = set()

    def apply(self, report: Report) -> list[Problem]:
        """Take a report in; the problems of its references (rules 258 to 262)."""
        number = report.header.number
        self.kinds[number] = report.header.kind
        return [
            problem for line in report.entries for problem in self._line(report, EntryKey(number, line.number), line)
        ]

    def of_report(self, number: int) -> Iterator[AccountingEntry]:
        """The entries that make up a report now."""
        return (self.live[key].entry for key in sorted(self.roots.get(number, ())))

    def of_kind(self, kind: str) -> Iterator[AccountingEntry]:
        """The entries that make up all reports of a type now."""
        return (standing.entry for standing in self.live.values() if self.kinds.get(standing.root, kind) == kind)

    def _line(self, report: Report, own: EntryKey, line: AccountingEntry) -> Iterable[Problem]:
        if line.status == "N":
            self._stand(own, own.report, line)
        if line.status not in ("C", "D", "A") or line.reference is None:
            return []
        target = EntryKey(line.reference.report, line.reference.entry)
        rule = self._fault(report, line.reference, target, adds=line.status == "A")
        if rule is not None:
            shown = f"{line.status} names entry {line.reference}."
            return [rule.problem(shown, record=line_name(report.header, line), field="309")]
        self._change(own, target, line)
        return []

    def _change(self, own: EntryKey, target: EntryKey, line: AccountingEntry) -> None:
        if line.status == "A":
            self._stand(target, target.report, line)
            return
        before = self.live.pop(target, None)
        root = before.root if before else target.report
        self.roots.get(root, set()).discard(target)
        self.dead.add(target)
        if line.status == "C":
            self._stand(own, root, line)

    def _stand(self, key: EntryKey, root: int, line: AccountingEntry) -> None:
        before = self.live.get(key)
        if before is not None:
            self.roots[before.root].discard(key)
        self.live[key] = Standing(root, line)
        self.roots.setdefault(root, set()).add(key)

    def _fault(self, report: Report, reference: CrossReference, target: EntryKey, *, adds: bool) -> Rule | None:
        """The rule that the reference breaks, as far as the reports at hand can tell."""
        if reference.country != report.header.country or target.report >= report.header.number:
            return rules.LATER_TARGET
        if self.kinds.get(target.report, report.header.kind) != report.header.kind:
            return rules.OTHER_TYPE
        if adds:
            return rules.NUMBER_TAKEN if target in self.live or target in self.dead else None
        if target in self.dead:
            return rules.DEAD_TARGET
        return rules.NO_TARGET if target.report in self.kinds and target not in self.live else None
