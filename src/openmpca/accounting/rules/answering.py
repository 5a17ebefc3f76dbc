"""Who answers for what a statement touches, beyond what it names: parties, areas and persons.

Rules kept here:

1. The State's authority, which founded the record, keeps the register of countries, facilities and areas. What stands
in an area, and its documents, is stated by the party that answers for its facility, or by the authority.
2. Who dates a statement before the register knew the area does not slip past the party that answers for it.
3. A document that is stated again is still one of the area that it was of before.
4. What changes an inventory that two persons closed takes two persons as well; so does history that is brought in as
   reported, since it is accepted with its faults.

Source: design ideas 1 and 7.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

import polars as pl

from openmpca.accounting import register
from openmpca.accounting.rules import declared as rules
from openmpca.accounting.rules import segments as segment_rules
from openmpca.problems import Problem
from openmpca.record import grants
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known, placeholders
from openmpca.record.statements import KINDS

_STATES_OWN: Final = frozenset({"accounting.country", "accounting.facility", "accounting.mba"})
_PARTS: Final = frozenset(f"accounting.{thing}" for thing in (*register.OF_AN_AREA, "document"))
_DOCUMENT: Final = "accounting.document"
_CLOSING: Final = "accounting.closing"
_REPORT: Final = "accounting.report"
_PART: Final = 500

_States = dict[str, list[tuple[date, str]]]


def check(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """Statements of a party about what another party answers for (rules 1 and 2); others see `entry_rules`."""
    founder = register.founding_party(known)
    if act.party == founder:
        return []
    kind, frame = segment.kind.name, segment.frame.with_row_index("row", 1)
    if kind in _STATES_OWN:
        message = f"{founder} keeps the register, not {act.party}."
        return [rules.PARTY_ANSWERS.problem(message, record=kind, field="party")]
    touched = _touched(frame, kind, known)
    areas = _states(register.mba_table(known, touched["mba"].unique().to_list()), "mba", "facility")
    parties = _states(register.facility_table(known), "facility", "for_party")
    return list(_foreign(touched, kind, areas, parties, act.party, founder))


def _touched(frame: pl.DataFrame, kind: str, known: Known) -> pl.DataFrame:
    """The row, area, facility and day of what is touched."""
    facility = pl.col("facility") if "facility" in frame.columns else pl.lit("").alias("facility")
    touched = frame.select("row", "mba", facility, "day")
    if kind != _DOCUMENT:
        return touched
    before = _documents(frame["code"].unique().to_list(), known)
    again = frame.select("row", "code", "day").join(before, on="code").select(touched.columns)
    return pl.concat([touched, again])


def _documents(codes: list[str], known: Known) -> pl.DataFrame:
    """The areas and facilities that documents were of so far: code, mba, facility."""
    rows = known.frame(
        "SELECT code, mba, fields FROM accounting_register"  # noqa: S608  placeholders only
        f" WHERE thing = 'document' AND code IN {placeholders(codes)}",
        codes,
        {"code": pl.String, "mba": pl.String, "fields": pl.String},
    )
    facility = pl.col("fields").str.json_decode(pl.Struct({"facility": pl.String})).struct.field("facility")
    return rows.select("code", "mba", facility.alias("facility")).unique()


def _states(table: pl.DataFrame, thing: str, field: str) -> _States:
    found: _States = {}
    for name, since, value in table.select(thing, "from_day", field).iter_rows():
        found.setdefault(name, []).append((since, value))
    return found


def _on(states: list[tuple[date, str]], day: date) -> str:
    """What stood on a day, or first."""
    return next((value for since, value in reversed(states) if since <= day), states[0][1])


def _foreign(
    touched: pl.DataFrame, kind: str, areas: _States, parties: _States, party: str, founder: str
) -> Iterator[Problem]:
    told = set()
    for row, mba, named, day in touched.iter_rows():
        if mba not in areas and (mba or kind not in _PARTS):
            continue
        if kind not in _PARTS and areas[mba][0][0] <= day:
            continue
        facility = _on(areas[mba], day) if mba else named
        answers = (_on(parties[facility], day) if facility in parties else "") or founder
        if answers != party and (row, answers) not in told:
            told.add((row, answers))
            message = f"{answers} answers for {mba or facility or 'the State'}, not {party}."
            yield rules.PARTY_ANSWERS.problem(message, record=f"{kind} {row}", field="mba")


def scopes(segment: Segment, known: Known) -> list[frozenset[str]]:
    """The scopes of grants that cover a segment; documents keep those of the areas that they were of (rule 3)."""
    if segment.kind.name != _DOCUMENT:
        return segment_rules.scopes(segment, known)
    before = _documents(segment.frame["code"].unique().to_list(), known).select("mba")
    touched = pl.concat([segment.frame.select("mba"), before])
    return segment_rules.scopes(Segment(segment.kind, touched), known)


def persons(segment: Segment, known: Known, day: date) -> int:
    """How many persons a segment takes at least.

    What changes a closed inventory takes as many as closing does, history brought in as reported as many as a report.
    """
    if "reported" in segment.frame.columns and (segment.frame["reported"].fill_null("") != "").any():
        return grants.duty(KINDS[_REPORT], known, day).persons
    column = {"accounting.listed": "inventory", "accounting.deletion": "corrects"}.get(segment.kind.name)
    if column is None or not _of_a_closed_inventory(segment.frame[column].unique().to_list(), column, known):
        return 1
    return grants.duty(KINDS[_CLOSING], known, day).persons


def _of_a_closed_inventory(numbers: list[int], column: str, known: Known) -> bool:
    lines = "SELECT 1 FROM accounting_closing c WHERE c.inventory IN"
    if column == "corrects":
        lines = (
            "SELECT 1 FROM accounting_closing c JOIN accounting_listed l ON l.inventory = c.inventory WHERE l.number IN"
        )
    return any(
        known.frame(f"{lines} {placeholders(part)} LIMIT 1", part, {"one": pl.Int64}).height
        for part in (numbers[start : start + _PART] for start in range(0, len(numbers), _PART))
    )
