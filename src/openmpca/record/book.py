"""The derivation of the record's own room: parties, persons, grants, duties."""

import polars as pl

from openmpca.record import models
from openmpca.record.frames import Segment
from openmpca.record.known import Known
from openmpca.record.rooms import Tables
from openmpca.record.statements import ADMINISTRATOR


def derive(segment: Segment, known: Known) -> Tables:
    """The derived rows of a segment of this room."""
    frame = segment.frame
    made = _DERIVATIONS[segment.kind.name](frame)
    return {model: rows.with_columns(pl.col("number").cast(pl.Int64)) for model, rows in made.items()}


def _founding(frame: pl.DataFrame) -> Tables:
    persons = frame.select("number", "day", pl.col("of_party").alias("party"), person="persons").explode("person")
    given = pl.concat_list(pl.lit([ADMINISTRATOR]), "roles").list.unique(maintain_order=True)
    roles = frame.select("number", role=given).explode("role")
    grants = persons.join(roles, on="number").with_columns(
        scope=pl.lit("*"),
        from_day=pl.col("day"),
        until_day=pl.lit(None, pl.Date),
        deputy_for=pl.lit(""),
    )
    parties = frame.select("number", "day", code="of_party", name="name")
    return {models.Party: parties, models.Person: persons, models.Grant: grants}


def _party(frame: pl.DataFrame) -> Tables:
    return {models.Party: frame}


def _person(frame: pl.DataFrame) -> Tables:
    return {models.Person: frame.select("number", "person", party="of")}


def _grant(frame: pl.DataFrame) -> Tables:
    return {
        models.Grant: frame.select(
            "number", "person", "role", "scope", "deputy_for", party="for_party", from_day="day", until_day="until"
        )
    }


def _grant_end(frame: pl.DataFrame) -> Tables:
    return {models.GrantEnd: frame}


def _duty(frame: pl.DataFrame) -> Tables:
    return {
        models.Duty: frame.with_columns(
            kind="of", prepare=pl.col("prepare").list.join(" "), approve=pl.col("approve").list.join(" ")
        )
    }


def _withholding(frame: pl.DataFrame) -> Tables:
    return {models.Withheld: frame.explode("fields").rename({"fields": "field"})}


_DERIVATIONS = {
    "record.founding": _founding,
    "record.party": _party,
    "record.person": _person,
    "record.grant": _grant,
    "record.grant_end": _grant_end,
    "record.duty": _duty,
    "record.withholding": _withholding,
}
