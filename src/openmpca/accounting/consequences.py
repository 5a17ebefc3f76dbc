"""What a correction makes due in reports already made: known before it is recorded.

The entries are those that making the reports would give. They are asked for inside the writing of the correction,
recorded or only tried, and compared with what was due before.

Source: Code 10, label 309 (corrections of reported entries); INFCIRC/153, paragraph 63.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from openmpca.accounting.reporting.area import NoArea
from openmpca.accounting.reporting.draft import Made
from openmpca.accounting.reporting.make import TITLES, due_corrections
from openmpca.record.statements import Statement


@dataclass(frozen=True)
class Owed:
    """An entry that is due in corrections of a report: the report's sort, the end of its period, and the entry."""

    mba: str
    report: str
    end: date
    made: Made


def areas_corrected(statements: Sequence[Statement]) -> list[str]:
    """The areas of statements that correct or delete."""
    return sorted({str(each.mba) for each in statements if getattr(each, "corrects", None) is not None})  # type: ignore[attr-defined]


def owed(areas: Iterable[str], known: int) -> list[Owed]:
    """The corrections that areas owe as known at a statement, by area and report."""
    found: list[Owed] = []
    for mba in areas:
        try:
            proposed = due_corrections(mba, known)
        except NoArea:
            continue
        found += [Owed(mba, TITLES[each.sort], each.end, made) for each in proposed for made in each.entries]
    return found


def owing(owed: Sequence[Owed]) -> list[dict[str, object]]:
    """Entries that corrections of reports owe, each with what it replaces."""
    found: list[dict[str, object]] = []
    for each in owed:
        entry = each.made.entry
        found.append(
            {
                "mba": each.mba,
                "report": each.report,
                "until": each.end,
                "status": entry.status,
                "replaces": f"{entry.reference.report}/{entry.reference.entry}" if entry.reference else "",
                "code": getattr(entry, "code", ""),
                "batch": getattr(entry, "batch", ""),
            }
        )
    return found
