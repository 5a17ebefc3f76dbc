"""The derivation of the room: each statement to its claim and to the things that it names.

The same for every kind: what a field holds is told by its mark (`marks`), so a new kind needs no derivation of its own.
"""

from collections.abc import Iterator, Mapping

import msgspec
import polars as pl

from openmpca.cooperation import models
from openmpca.cooperation.marks import Names, introduced, marked
from openmpca.record.frames import Segment, lines
from openmpca.record.known import Known
from openmpca.record.rooms import Tables
from openmpca.record.statements import Statement

_LINK = {
    "number": pl.Int64,
    "line": pl.Int32,
    "field": pl.String,
    "source": pl.String,
    "target": pl.String,
}


def derive(segment: Segment, known: Known) -> Tables:
    """The derived rows of a segment of this room."""
    struct, frame = segment.kind.struct, segment.frame
    said = [dict(own) for own in lines(segment.kind.name, frame.select(_own(struct)))]
    things = [thing_of(struct, each) for each in said]
    claims = frame.select("number", "party", "day", "replaces", release=pl.col("release").list.join(" ")).with_columns(
        kind=pl.lit(segment.kind.name),
        thing=pl.Series(things, dtype=pl.String),
        fields=pl.Series([msgspec.json.encode(each).decode() for each in said], dtype=pl.String),
    )
    rows = [
        (number, line, field, thing, target)
        for number, thing, each in zip(frame["number"], things, said, strict=True)
        for line, (field, target) in enumerate(named(struct, each))
    ]
    return {models.Claim: claims, models.Link: pl.DataFrame(rows, schema=_LINK, orient="row")}


def _own(struct: type[Statement]) -> list[str]:
    return list(struct.__struct_fields__)


def thing_of(struct: type[Statement], fields: Mapping[str, object]) -> str:
    """The thing that a statement speaks of: that which it introduces, else the first that it names."""
    return introduces(struct, fields) or next((target for _field, target in named(struct, fields)), "")


def named(struct: type[Statement], fields: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Each field in which a statement names a thing that it does not introduce, with that thing."""
    for each in marked(struct):
        for mark, text in each.texts(fields.get(each.name)):
            if isinstance(mark, Names):
                yield each.name, mark.thing(text)


def introduces(struct: type[Statement], fields: Mapping[str, object]) -> str:
    """The thing that a statement introduces; blank where it introduces none."""
    field, sort = introduced(struct)
    return f"{sort}:{fields.get(field, '')}" if field else ""
