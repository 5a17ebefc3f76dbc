"""Values as XML writes them."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmpca.formats.markup.values import read, written
from tests.formats.markup.elements import VALUES

KINDS = st.sampled_from(sorted(VALUES, key=lambda kind: kind.__name__))


@given(st.data(), KINDS)
def test_what_is_written_is_read_back(data, kind):
    value = data.draw(VALUES[kind])
    assert read(kind, written(value)) == value


@given(KINDS, st.text(max_size=30))
def test_no_text_breaks_the_reading(kind, text):
    value = read(kind, text)
    assert value is None or isinstance(value, kind)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (int, "1.0"), (int, "9" * 19), (int, "1_000"), (int, ""),
        (bool, "yes"), (bool, ""),
        (Decimal, "1e3"), (Decimal, "NaN"), (Decimal, "1,5"), (Decimal, "9" * 41), (Decimal, "."), (Decimal, "1_0"),
        (datetime.date, "2026-02-30"), (datetime.date, "20260201"), (datetime.date, "2026-02-01T00:00:00"),
        (datetime.datetime, "2026-02-01"), (datetime.datetime, "2026-02-01T25:00:00"),
        (datetime.datetime, "2026-02-01 08:00:00"),
        (datetime.time, "8:00"), (datetime.time, "24:00:01"),
        (datetime.timedelta, "P"), (datetime.timedelta, "PT"), (datetime.timedelta, "P1Y"),
        (datetime.timedelta, "P1DT"), (datetime.timedelta, "8H"),
    ],
)  # fmt: skip
def test_what_is_not_of_the_form_is_no_value(kind, text):
    assert read(kind, text) is None


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (bool, "true", True), (bool, "0", False),
        (Decimal, "+.50", Decimal("0.50")), (Decimal, "7.", Decimal(7)),
        (datetime.date, "2026-02-01Z", datetime.date(2026, 2, 1)),
        (datetime.datetime, "2026-02-01T08:00:00Z", datetime.datetime(2026, 2, 1, 8, tzinfo=datetime.UTC)),
        (datetime.timedelta, "P1DT1H", datetime.timedelta(hours=25)),
        (datetime.timedelta, "-PT1.5S", datetime.timedelta(seconds=-1.5)),
    ],
)  # fmt: skip
def test_other_ways_of_writing_a_value_are_read(kind, text, value):
    assert read(kind, text) == value


def test_every_digit_of_a_decimal_stays():
    assert written(Decimal("1234567.8900")) == "1234567.8900"


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("1E+50"), 10**18, datetime.timedelta.max])
def test_a_number_that_could_not_be_read_again_is_not_written(value):
    with pytest.raises(ValueError, match="no number that can be written"):
        written(value)


def test_a_time_in_utc_is_written_with_its_letter():
    assert written(datetime.datetime(2026, 11, 22, 9, 30, tzinfo=datetime.UTC)) == "2026-11-22T09:30:00Z"
