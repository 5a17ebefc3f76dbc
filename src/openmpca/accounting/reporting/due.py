"""What is due when, and what is late: from the book, the reports, the register's documents and the agreement's dates.

Rules kept here:

1. Each item says what is due for which subject, by which day, how it stands, and by which document and answer where
   there is one.
2. Limits are counted from the day that their data names; an unverified limit is shown as such.
3. A change is due after the month in which it occurred, whenever it was typed in. A correction or addition to what was
   reported is due after the month in which it was established, that of its statement; of several the first counts. A
   balance has to be corrected since the first statement that moved it.
4. The initial report is one for the State: only areas that open by the end of the month of entry into force, or in
   the month of the State's first openings, owe a part of it (INFCIRC/153 paragraph 62). An area that opens later owes
   the listing of its opening inventory like any other.
5. History that was brought in as reported elsewhere owes no notice and no request here.
6. Which transfers take an advance notice is said in `notices`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final, Literal

import msgspec
import polars as pl

from openmpca.accounting.queries import View
from openmpca.accounting.register import documents
from openmpca.accounting.reporting import due_rules
from openmpca.accounting.reporting.announced import announced
from openmpca.accounting.reporting.area import areas_with_books, own_state
from openmpca.accounting.reporting.owed import KEPT, OWED, OfArea, Row
from openmpca.accounting.reporting.practice import DECLARATIONS, add_months, month_end
from openmpca.accounting.statements import Country, Document
from openmpca.problems import RULES, Problem, Rule

Standing = Literal["late", "due", "waiting"]
_ORDER: Final = ["due", "mba", "rule", "subject"]


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is due. ``days`` are left until the day, negative when it has passed."""

    rule: int
    what: str
    subject: str
    due: date
    days: int
    state: Standing
    mba: str = ""
    about: int | None = None
    document: str = ""
    answer: str = ""
    source: str = ""
    unverified: bool = False

    @property
    def problem(self) -> Problem:
        """The same as a problem of its rule."""
        late = f"{-self.days} days late" if self.days < 0 else f"due in {self.days} days"
        return RULES[self.rule].problem(f"{self.what}: {late}, by {self.due}.", record=self.subject)


@dataclass(frozen=True)
class Owing:
    """Everything that is due on a day, in columns (`OWED`), of which some may be asked for: what ``fits``."""

    as_of: date
    every: pl.DataFrame
    fits: pl.Expr = field(default_factory=lambda: pl.lit(value=True))

    @property
    def items(self) -> pl.DataFrame:
        """What is due, in columns."""
        return self.every.filter(self.fits)

    def where(self, wanted: pl.Expr) -> "Owing":
        """Those that fit an expression."""
        return Owing(self.as_of, self.every, self.fits & wanted)

    def of(self, rules: Collection[int], *, but: bool = False) -> "Owing":
        """Those of some rules, or all ``but`` those."""
        fits = pl.any_horizontal(pl.col("rule") == each for each in sorted(rules))
        return self.where(~fits if but else fits)

    @property
    def late(self) -> "Owing":
        """Those that are late."""
        return self.where((pl.col("due") < self.as_of) & (pl.col("rule") != due_rules.WAITING.number))

    @cached_property
    def count(self) -> int:
        """How many there are."""
        return int(self.every.select(pl.col("due").filter(self.fits).len()).item())

    def some(self, begin: int = 0, count: int | None = None) -> list[Due]:
        """Some of them, the earliest first; all when no count is given."""
        end = self.count if count is None else begin + count
        if not self.count:
            return []
        first = self.items if end >= self.count else self._before(end)
        return [self._due(*row) for row in first.sort(_ORDER, maintain_order=True)[begin:end].iter_rows()]

    def _before(self, end: int) -> pl.DataFrame:
        """At least as many of the earliest, so that the rest need not be sorted."""
        last = self.every.select(pl.col("due").filter(self.fits).bottom_k(max(end, 1)).max()).item()
        return self.every.filter(self.fits & (pl.col("due") <= last))

    def _due(self, *row: Any) -> Due:
        each = Row(*row)
        days = (each.due - self.as_of).days
        state: Standing = "waiting" if each.rule == due_rules.WAITING.number else "late" if days < 0 else "due"
        fields = {name: value for name, value in each._asdict().items() if name != "takes"}
        return Due(**fields, days=days, state=state)


def due(
    as_of: date,
    known_at: int | None = None,
    *,
    mba: str | None = None,
    within: Callable[[str], bool] = lambda _: True,
) -> list[Due]:
    """Everything that is due on a day as known at a number, the earliest first; of all areas those that are
    ``within``."""
    return owing(as_of, known_at, mba=mba, within=within).some()


def owing(
    as_of: date,
    known_at: int | None = None,
    *,
    mba: str | None = None,
    within: Callable[[str], bool] = lambda _: True,
) -> Owing:
    """The same, to be asked for in parts."""
    view = View.of(as_of, known_at)
    every = areas_with_books(view.number)
    of_areas = KEPT.of(view, every if mba is None or mba in every else [mba])
    wanted = [mba] if mba else list(filter(within, every))
    notices = announced({code: each.abroad for code, each in of_areas.items()}, view)
    items = [of_areas[each].items for each in wanted]
    items += [_empty_months(each, of_areas[each], as_of) for each in wanted if of_areas[each].empty]
    items.append(notices if len(wanted) == len(every) else notices.filter(pl.col("mba").is_in(wanted)))
    papers = [each.document for each in documents(as_of, view.number)]
    found = _answered(pl.concat([pl.DataFrame(schema=OWED), *items]), papers)
    if mba is None:
        own = [*_of_documents(as_of, view.number), *_of_declarations(as_of, papers, own_state(view.number))]
        found = pl.concat([found, pl.DataFrame(own, schema=OWED, orient="row")])
    return Owing(as_of, found)


def problems(items: Iterable[Due]) -> list[Problem]:
    """What is late, as problems."""
    return [each.problem for each in items if each.state == "late"]


def _empty_months(mba: str, of: OfArea, as_of: date) -> pl.DataFrame:
    """Months without a change, where the receiver wants a report of each."""
    rows: list[Row] = []
    empty, rule = of.empty, due_rules.CHANGES
    end = empty.first if empty else as_of
    while empty and end < as_of:
        if end not in empty.taken:
            by = empty.limit
            told = (rule.number, f"Empty ICR of {end:%Y-%m}", mba, by.after(end), mba)
            rows.append(Row(*told, None, "", "", by.source, by.unverified, ""))
        end = month_end(add_months(end, 1))
    return pl.DataFrame(rows, schema=OWED, orient="row")


def _answered(items: pl.DataFrame, papers: list[Document]) -> pl.DataFrame:
    """The items with the document that a change names or that speaks of it, without those that it settles."""
    taking = pl.col("takes") != ""
    if not papers:
        return items.with_columns(document=pl.lit(""))
    named = pl.col("document").is_in([each.code for each in papers])
    spoken = pl.col("about").is_in([number for each in papers for number in each.about])
    concerned = taking & (named | spoken.fill_null(value=False))
    rows = [row for each in items.filter(concerned).iter_rows() if (row := _with_paper(Row(*each), papers))]
    others = items.filter(~concerned).with_columns(document=pl.lit(""))
    return pl.concat([others, pl.DataFrame(rows, schema=OWED, orient="row")])


def _with_paper(row: Row, papers: list[Document]) -> Row | None:
    paper = next(each for each in papers if each.code == row.document or row.about in each.about)
    settled = paper.answered if row.takes == "request" else paper.sent
    return None if settled else row._replace(document=paper.code, answer=paper.answer)


def _row(rule: Rule, what: str, subject: str, day: date, **more: Any) -> Row:
    given = {"mba": "", "about": None, "document": "", "answer": "", "takes": "", **more}
    return Row(
        **{"rule": rule.number, "source": rule.source, "unverified": rule.unverified, **given},
        what=what,
        subject=subject,
        due=day,
    )


def _of_documents(as_of: date, known: int) -> Iterator[Row]:
    for each in documents(as_of, known):
        paper = each.document
        if paper.due is None or each.standing == "answered":
            continue
        told = {"document": paper.code, "answer": paper.answer, "mba": paper.mba, "about": each.number}
        subject = paper.mba or paper.facility or paper.code
        made = _row(due_rules.DOCUMENT, f"{paper.sort}: {paper.title}", subject, paper.due, **told)
        yield made._replace(rule=due_rules.WAITING.number) if each.standing == "sent" else made


def _of_declarations(as_of: date, papers: list[Document], state: Country | None) -> Iterator[Row]:
    if state is None or state.protocol_in_force is None:
        return
    first = max(state.protocol_in_force.year + 1, as_of.year - 1)
    for year in range(first, as_of.year + 1):
        for each in DECLARATIONS:
            sent = [p for p in papers if p.sort == each.code and p.sent is not None and p.sent.year == year]
            if not sent:
                told = {"source": each.source, "unverified": each.unverified}
                day = date(year, each.month, each.day)
                yield _row(due_rules.DECLARATION, f"{each.code}: {each.title}", state.code, day, **told)
