"""From reports, sendings and answers to tables, so that *as reported* is a query.

Rules kept here:

1. The text of a report is the truth; its entries are read from it with the profile of its area, whoever wrote it.
2. An entry has the posting day of its event: the side of a cut-off is that of the statement it reports.
3. A text that cannot be read makes a report without entries; it is never refused here.
"""

import json
from datetime import date
from typing import Any, Final

import polars as pl

from openmpca.accounting import accounts, models
from openmpca.accounting.reporting.practice import profile_name
from openmpca.formats.code10.interpret import read_reports
from openmpca.formats.code10.profile import AGENCY, PROFILES, Profile
from openmpca.formats.code10.records import AccountingEntry, ChangeEntry, InventoryEntry
from openmpca.nuclear.categories import split_key
from openmpca.record.known import Known, placeholders
from openmpca.record.rooms import Tables

_CLAIMED: Final = {"number": pl.Int64, "mba": pl.String, "report": pl.Int64, "entry": pl.Int64}
ENTRY: Final = {
    "number": pl.Int64,
    "line": pl.Int64,
    "mba": pl.String,
    "entry": pl.Int64,
    "about": pl.Int64,
    "status": pl.String,
    "ref_report": pl.Int64,
    "ref_entry": pl.Int64,
    "code": pl.String,
    "day": pl.Int64,
    "batch": pl.String,
    "category": pl.String,
    "nuclide": pl.String,
    "ug": pl.Int64,
}


def reports(frame: pl.DataFrame, known: Known) -> Tables:
    """Reports and the weights of their entries."""
    profiles = {mba: profile_of(mba, known) for mba in frame["mba"].unique()}
    phases = _phases(frame, known)
    rows: list[tuple[Any, ...]] = []
    for number, mba, text, about in frame.select("number", "mba", "text", "entries").iter_rows():
        rows += _entry_rows(number, mba, entries_of(text, profiles[mba]), about or [], phases)
    heads = frame.select("number", "mba", "sort", "report", "day", "known", "origin", begin_day="begin", end_day="end")
    return {models.Report: heads, models.Entry: pl.DataFrame(rows, schema=ENTRY, orient="row")}


def sendings(frame: pl.DataFrame, known: Known) -> Tables:
    """Sendings."""
    return {models.Sending: frame.select("number", "mba", "day", of_report="of")}


def answers(frame: pl.DataFrame, known: Known) -> Tables:
    """Answers with their remarks by entry."""
    heads = frame.select("number", "mba", "day", "acknowledged", of_report="of")
    remarks = frame.select("number", "remarks", of_report="of").explode("remarks").drop_nulls("remarks")
    read = remarks.unnest("remarks").with_columns(entry=pl.col("key").str.strip_chars().cast(pl.Int64, strict=False))
    joined = (
        read.with_columns(entry=pl.col("entry").fill_null(0))
        .group_by("number", "of_report", "entry", maintain_order=True)
        .agg(remark=pl.col("value").str.join("; "))
    )
    return {models.Answer: heads, models.Remark: joined}


def claimed(frame: pl.DataFrame) -> pl.DataFrame:
    """Statements that say which entry has reported them: number, mba, report, entry."""
    said = frame.filter(pl.col("reported") != "").select("number", "mba", "reported")
    if not said.height:
        return pl.DataFrame(schema=_CLAIMED)
    parts = said["reported"].str.split_exact("/", 1).struct.rename_fields(["report", "entry"]).struct.unnest()
    numbers = parts.with_columns(pl.all().cast(pl.Int64, strict=False))
    return pl.concat([said.select("number", "mba"), numbers], how="horizontal").drop_nulls()


def profile_of(mba: str, known: Known) -> Profile:
    """The profile in which the reports of an area are written."""
    found = known.frame(
        "SELECT fields FROM accounting_register WHERE thing = 'mba' AND code = %s ORDER BY number DESC LIMIT 1",
        [mba],
        {"fields": pl.String},
    )
    name = json.loads(found["fields"][0])["profile"] if found.height else AGENCY.name
    return PROFILES.get(profile_name(name), AGENCY)


def entries_of(text: str, profile: Profile) -> list[AccountingEntry]:
    """The accounting entries of a report's text."""
    raw = text.encode(profile.encoding, errors="replace")
    return [entry for report, _ in read_reports([raw], profile) if report for entry in report.entries]


def _phases(frame: pl.DataFrame, known: Known) -> dict[int, int]:
    """The posting days of the statements reported."""
    numbers = frame["entries"].explode().drop_nulls().unique().to_list()
    found: dict[int, int] = {}
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        sql = (
            "SELECT number, MIN(day) FROM accounting_posting WHERE line = 0"  # noqa: S608  placeholders only
            f" AND number IN {placeholders(part)} GROUP BY number"
        )
        found |= dict(known.frame(sql, part, {"number": pl.Int64, "day": pl.Int64}).iter_rows())
    return found


def _entry_rows(
    number: int, mba: str, entries: list[AccountingEntry], about: list[int], phases: dict[int, int]
) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for place, entry in enumerate(entries):
        of = about[place] if place < len(about) else 0
        batch = entry.batch if isinstance(entry, ChangeEntry | InventoryEntry) else ""
        code = "" if isinstance(entry, InventoryEntry) else entry.code
        day = _day(entry.day, phases.get(of)) if isinstance(entry, ChangeEntry) and entry.day else None
        ref = entry.reference
        head = (mba, entry.number, of, entry.status, ref.report if ref else None, ref.entry if ref else None, code, day)
        for key, ug in (entry.weights or {"": 0}).items():
            category, nuclide = split_key(key) if key else ("", "")
            rows.append((number, len(rows), *head, batch, category, nuclide, ug))
    return rows


def _day(day: date, posted: int | None) -> int:
    if posted is not None and accounts.date_of(posted) == day:
        return posted
    return accounts.day_number(day, accounts.BEFORE_CUTOFF)
