"""Random histories with late corrections: what was reported always adds up to what the book says.

A whole set of reports is read by the rules of the format alone, which know nothing of the book; and figures as
reported are recomputed from the texts by the ledger of the format.
"""

import random
from datetime import date
from typing import Any

import pytest

from tests.accounting.reporting.story import Story

MONTHS = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)]
CLOSED = {date(2026, 2, 28), date(2026, 4, 30)}


class History:
    """A story that a seed tells."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.story = Story(precision={"E": "1", "N": "3"})
        self.live: list[int] = []
        self.texts: list[str] = []
        self.batches = 0

    def weights(self) -> dict[str, str]:
        if self.random.random() < 0.3:
            return {"N": f"{self.random.randint(1, 9_000_000) / 1000:.3f}"}
        grams = self.random.randint(10_000, 9_000_000)
        return {"E": f"{grams / 1000:.3f}", "E/U235": f"{grams // 20 / 1000:.3f}"}

    def receive(self, month: date, when: date) -> None:
        self.batches += 1
        day = month.replace(day=self.random.randint(1, 27))
        number = self.story.change(
            day.isoformat(), "RF", f"B{self.batches}", self.weights(), shipper_batch="S", when=when.isoformat()
        )
        self.live.append(number)

    def mend(self, when: date) -> None:
        if not self.live:
            return
        number = self.live.pop(self.random.randrange(len(self.live)))
        if self.random.random() < 0.3:
            self.story.delete(number, when.isoformat())
            return
        from openmpca.record.reading import stored

        old: Any = stored(number).statement
        scale = self.random.choice([1, 2])
        new = {key: f"{float(text) * scale + 1 / 8:.3f}" for key, text in old.weights.items()}
        self.live.append(self.story.correct(number, when.isoformat(), weights=new))

    def close(self, month: date) -> None:
        from openmpca.accounting.queries import View
        from openmpca.nuclear.categories import join_key
        from openmpca.nuclear.mass import format_grams

        found: dict[str, dict[str, str]] = {}
        for batch, category, nuclide, ug in View.of(month, phase=1).batches("ZZA1").iter_rows():
            if nuclide != "#":
                found.setdefault(batch, {})[join_key(category, nuclide)] = format_grams(ug)
        for batch in list(found)[:1]:
            key = next(iter(found[batch]))
            found[batch][key] = format_grams(round(float(found[batch][key]) * 990_000))
        self.story.inventory(month.isoformat(), found)

    def report(self, day: date) -> None:
        """Make every report that is due, corrections first, until none is."""
        from openmpca.accounting.reporting.make import proposed

        for _ in range(20):
            due = sorted(proposed("ZZA1"), key=lambda each: ("IPM".index(each.sort), each.corrects, each.end))
            if not due:
                return
            first = due[0]
            alone = first.corrects and first.sort == "I"
            made = self.story.report(
                first.sort, first.end.isoformat(), day.isoformat(), first.begin.isoformat(), corrections_only=alone
            )
            assert not [each for each in made.problems if each.severity == "error"]
            self.texts.append(made.draft.text)
        raise AssertionError("reporting does not come to an end")

    def tell(self) -> None:
        self.story.inventory("2025-12-31", {}, opening=True)
        for month, after in zip(MONTHS, [*MONTHS[1:], date(2026, 6, 30)], strict=True):
            for _ in range(self.random.randint(1, 3)):
                self.receive(month, month)
            if month in CLOSED:
                self.close(month)
            if self.random.random() < 0.7:
                self.report(month)
            for _ in range(self.random.randint(0, 3)):
                self.mend(after.replace(day=2))
            if self.random.random() < 0.5:
                self.receive(month, after.replace(day=3))
        self.report(date(2026, 7, 1))


def naive(texts: list[str], as_of: date) -> dict[str, int]:
    """The holding that the texts give: the last ending, or the first listing, and the changes since."""
    from openmpca.accounting.reporting.queries import moved
    from openmpca.formats.code10.corrections import Ledger
    from openmpca.formats.code10.interpret import read_reports

    ledger, ends, kinds = Ledger(), {}, {}
    for text in texts:
        for report, _ in read_reports([text.encode()]):
            assert report is not None
            ledger.apply(report)
            ends[report.header.number] = report.header.end or date.min
            kinds[report.header.number] = report.header.kind
    balances = [
        ends[each.root] for each in ledger.live.values() if kinds[each.root] == "M" and ends[each.root] <= as_of
    ]
    start = max(balances, default=None)
    sums: dict[str, int] = {}
    for each in ledger.live.values():
        entry: Any = each.entry
        if kinds[each.root] == "M" and ends[each.root] == start and entry.code == "PE":
            for key, ug in entry.weights.items():
                sums[key] = sums.get(key, 0) + ug
        if kinds[each.root] == "I" and (start or date.min) < entry.day <= as_of:
            for key, ug in entry.weights.items():
                sums[key] = sums.get(key, 0) + moved(entry.code, key, ug)
    return {key: ug for key, ug in sorted(sums.items()) if ug}


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 4))])
def test_reports_of_any_history_agree_with_each_other_and_with_the_book(state_home: Any, seed: int) -> None:
    from openmpca.accounting.reporting.make import proposed
    from openmpca.accounting.reporting.queries import in_book, reported
    from openmpca.formats.code10.interpret import read_reports
    from openmpca.formats.code10.rules import check_file
    from openmpca.nuclear.mass import UG_PER_KG

    history = History(seed)
    history.tell()
    assert proposed("ZZA1") == []
    reports = [report for text in history.texts for report, _ in read_reports([text.encode()]) if report is not None]
    assert [each for each in check_file(reports, complete=True) if each.severity == "error"] == []
    for day in MONTHS:
        said = reported("ZZA1", day)
        assert said == naive(history.texts, day)
        book = in_book("ZZA1", day)
        assert all(abs(book.get(key, 0) - said.get(key, 0)) < UG_PER_KG // 100 for key in {*book, *said})
