"""Results: what was to come out, how it is measured, where it began, what was aimed at and what was reached.

Type of a result: 1 output, 2 outcome, 3 impact, 9 other. Measure of an indicator: 1 unit, 2 percentage, 3 nominal, 4
ordinal, 5 qualitative; those of 1 to 4 have numbers as values.

Source: IATI activity standard 2.03.
"""

import datetime
from typing import Annotated

from openmpca.formats.iati.texts import CODE, DAY, Document, Narratives
from openmpca.formats.markup.shape import Attribute, Child, Node


class Dimension(Node, frozen=True, kw_only=True):
    """What a value is broken down by: a name and which part of it."""

    name: Annotated[str | None, Attribute("name")] = None
    value: Annotated[str | None, Attribute("value")] = None


class At(Node, frozen=True, kw_only=True):
    """A location of the activity, by its ``ref``."""

    ref: Annotated[str | None, Attribute("ref")] = None


class Baseline(Node, frozen=True, kw_only=True):
    """Where an indicator stood before."""

    year: Annotated[int, Attribute("year")]
    on: Annotated[datetime.date | None, Attribute(DAY)] = None
    value: Annotated[str | None, Attribute("value")] = None
    locations: Annotated[tuple[At, ...], Child("location")] = ()
    dimensions: Annotated[tuple[Dimension, ...], Child("dimension")] = ()
    documents: Annotated[tuple[Document, ...], Child("document-link")] = ()
    comment: Annotated[Narratives, Child("narrative", within="comment")] = ()


class Measured(Node, frozen=True, kw_only=True):
    """What was aimed at in a period, or reached."""

    value: Annotated[str | None, Attribute("value")] = None
    locations: Annotated[tuple[At, ...], Child("location")] = ()
    dimensions: Annotated[tuple[Dimension, ...], Child("dimension")] = ()
    comment: Annotated[Narratives, Child("narrative", within="comment")] = ()
    documents: Annotated[tuple[Document, ...], Child("document-link")] = ()


class Period(Node, frozen=True, kw_only=True):
    """A period with its targets and what was reached."""

    start: Annotated[datetime.date, Child("period-start", DAY)]
    end: Annotated[datetime.date, Child("period-end", DAY)]
    targets: Annotated[tuple[Measured, ...], Child("target")] = ()
    actuals: Annotated[tuple[Measured, ...], Child("actual")] = ()


class Reference(Node, frozen=True, kw_only=True):
    """A standard result of some vocabulary."""

    vocabulary: Annotated[str, Attribute("vocabulary")]
    code: Annotated[str, Attribute(CODE)]
    vocabulary_uri: Annotated[str | None, Attribute("vocabulary-uri")] = None


class IndicatorReference(Node, frozen=True, kw_only=True):
    """A standard indicator of some vocabulary."""

    vocabulary: Annotated[str, Attribute("vocabulary")]
    code: Annotated[str, Attribute(CODE)]
    indicator_uri: Annotated[str | None, Attribute("indicator-uri")] = None


class Indicator(Node, frozen=True, kw_only=True):
    """How a result is measured; ``ascending`` says whether more is better."""

    measure: Annotated[str, Attribute("measure")]
    ascending: Annotated[bool | None, Attribute("ascending")] = None
    aggregated: Annotated[bool | None, Attribute("aggregation-status")] = None
    title: Annotated[Narratives, Child("narrative", within="title")]
    description: Annotated[Narratives, Child("narrative", within="description")] = ()
    documents: Annotated[tuple[Document, ...], Child("document-link")] = ()
    references: Annotated[tuple[IndicatorReference, ...], Child("reference")] = ()
    baselines: Annotated[tuple[Baseline, ...], Child("baseline")] = ()
    periods: Annotated[tuple[Period, ...], Child("period")] = ()


class Result(Node, frozen=True, kw_only=True):
    """A result with the indicators that measure it."""

    type: Annotated[str, Attribute("type")]
    aggregated: Annotated[bool | None, Attribute("aggregation-status")] = None
    title: Annotated[Narratives, Child("narrative", within="title")]
    description: Annotated[Narratives, Child("narrative", within="description")] = ()
    documents: Annotated[tuple[Document, ...], Child("document-link")] = ()
    references: Annotated[tuple[Reference, ...], Child("reference")] = ()
    indicators: Annotated[tuple[Indicator, ...], Child("indicator")]
