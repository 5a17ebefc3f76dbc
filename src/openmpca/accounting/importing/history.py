"""A State's whole history brought in from the Code 10 files of a former system, so that the book is rebuilt.

Rules kept here:

1. Reported history is accepted as reported: gaps, a beginning that differs from the last ending, figures below zero
   stay open problems; only what the book cannot represent is refused. All is recorded in one transaction, or nothing.
2. Every entry of an inventory change report becomes a change that says which entry reported it; a correction a change
   that corrects the last valid one of its chain, a deletion a deletion, an addition a change. Every listing becomes a
   physical inventory with its lines, closed; the first of an area without a book before is its opening.
3. A material balance report posts nothing. It is compared with the book when all is in.
4. The reports themselves are recorded word for word, as received. Their dates are claims: see `claimed_number`.
5. A batch is known by its name: names that recur are one batch. A change on the day of a physical inventory is after
   the cut-off when it stands in a later report whose period begins on that day.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import polars as pl

from openmpca.accounting.importing.balances import compare
from openmpca.accounting.importing.before import Before
from openmpca.accounting.importing.entries import Telling
from openmpca.accounting.importing.items import BUCKETS, CORRECTED, REGISTER, Wave, placed, segments
from openmpca.accounting.importing.received import LIMIT, Received, read_files, waves
from openmpca.accounting.importing.registering import missing_areas, registered
from openmpca.accounting.importing.rules import REPORT_KNOWN, REPORT_TWICE
from openmpca.formats.code10.profile import AGENCY, Profile
from openmpca.problems import Problem, errors
from openmpca.record import commands
from openmpca.record.act import Act
from openmpca.record.known import query
from openmpca.record.record import Refused

KINDS = (*REGISTER, *(each for each in BUCKETS if each != CORRECTED))


@dataclass(frozen=True)
class History:
    """What came of bringing a history in: how many reports and statements, and what was stated; its open problems."""

    reports: int
    statements: int
    stated: commands.Stated


def import_history(
    paths: Sequence[Path],
    act: Act,
    *,
    register: bool = False,
    profile: Profile = AGENCY,
    limit: int = LIMIT,
    when: commands.Circumstances = commands.NOW,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> History:
    """Bring in the files of a history. ``register`` makes what the files name and the register lacks.

    Raises `Refused` with all problems when one of them is an error.
    """
    found, problems = read_files(paths, profile=profile, limit=limit)
    before = Before(sorted({each.mba for each in found}))
    fresh, known = _fresh(found, before)
    problems += known
    laid, wrong = lay_out(fresh, before, register=register, profile=profile)
    problems += wrong
    if errors(problems) or not fresh:
        raise Refused(problems)
    stream = commands.Stream(
        KINDS if any(each.sort == "P" for each in fresh) else tuple(kind for kind in KINDS if _needed(kind, laid)),
        partial(segments, laid),
        before=tuple(problems),
        afterwards=partial(compare, fresh),
    )
    stated = commands.state(stream, act, when=when, dry_run=dry_run, progress=progress)
    return History(len(fresh), sum(1 for wave in laid for _ in wave.items()), stated)


def _needed(kind: str, laid: list[Wave]) -> bool:
    return any(kind in wave.buckets for wave in laid)


def _fresh(found: list[Received], before: Before) -> tuple[list[Received], list[Problem]]:
    """The reports that the record does not have; the same text again is passed over, another is refused."""
    fresh, problems = [], []
    for each in found:
        text = before.text(each.mba, each.number)
        if text is None:
            fresh.append(each)
            continue
        rule = REPORT_KNOWN if text.split() == each.text.split() else REPORT_TWICE
        problems.append(rule.problem("It is in the record already.", record=f"{each.file}: {each.report.name}"))
    return fresh, problems


def lay_out(
    found: list[Received], before: Before, *, register: bool, profile: Profile
) -> tuple[list[Wave], list[Problem]]:
    """The statements of a history in their order, and what cannot be represented."""
    made = [Wave()]
    problems = missing_areas(found, profile)
    if register:
        made = [registered(found, profile)]
        problems = [each for each in problems if each.field != "307"]
    telling = Telling(found, before)
    made += [telling.wave(wave) for wave in waves(found)]
    return placed(made), [*problems, *telling.problems]


def claimed_number(day: date, *, using: str = "default") -> int:
    """The number of the last statement that the reports dated up to a day brought: *known at* as the reports claim it.

    Record time is proved by the log; this is what somebody wrote on a report. -1 when no report received is as old.
    """
    found = query(
        "SELECT MAX(number) FROM accounting_report WHERE origin = 'received' AND day <= %s",
        [day],
        {"number": pl.Int64},
        using,
    )
    return -1 if found["number"][0] is None else int(found["number"][0])
