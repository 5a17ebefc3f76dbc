"""The calendar of deadlines: what is written is unfolded and read back, and no text breaks out of its line."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmpca.formats.icalendar import Deadline, Feed, escaped, write

STATED = datetime.datetime(2026, 11, 22, 9, 30, tzinfo=datetime.UTC)
DAY = STATED.date()
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.sampled_from("\n\t;,:\\"), max_size=90
)
MOMENTS = st.datetimes(
    min_value=datetime.datetime(2, 1, 1),  # noqa: DTZ001 - the zone is drawn beside it
    max_value=datetime.datetime(9998, 1, 1),  # noqa: DTZ001 - the zone is drawn beside it
    timezones=st.sampled_from([datetime.UTC, datetime.timezone(datetime.timedelta(hours=-5))]),
)


def due(day: datetime.date | datetime.datetime = DAY, **others: object) -> Deadline:
    given = {"uid": "agreement-7@tessara.example", "summary": "Liability clause lapses", "changed": STATED}
    return Deadline(due=day, **{**given, **others})


def feed(*deadlines: Deadline) -> Feed:
    return Feed(name="Deadlines", product="-//OpenMPCA//EN", deadlines=deadlines)


def unfolded(data: bytes) -> list[tuple[str, str]]:
    """Every line as its name and value, as RFC 5545 has them read."""
    assert data.endswith(b"\r\n")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    lines = data.decode().replace("\r\n ", "").split("\r\n")[:-1]
    return [(name, value) for name, _, value in (line.partition(":") for line in lines)]


def unescaped(value: str) -> str:
    out, signs = "", iter(value)
    for sign in signs:
        following = next(signs) if sign == "\\" else ""
        out += {"n": "\n"}.get(following, following) if following else sign
    return out


def test_a_deadline_is_a_whole_day_that_stays_free():
    data = write(feed(due(warned=(90, 7), categories=("agreements", "liability"), url="https://tessara.example/7")))
    assert data.decode() == "\r\n".join(
        [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//OpenMPCA//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
            "NAME:Deadlines", "X-WR-CALNAME:Deadlines", "REFRESH-INTERVAL;VALUE=DURATION:PT24H",
            "BEGIN:VEVENT", "UID:agreement-7@tessara.example", "DTSTAMP:20261122T093000Z",
            "LAST-MODIFIED:20261122T093000Z", "SEQUENCE:0", "DTSTART;VALUE=DATE:20261122",
            "SUMMARY:Liability clause lapses", "CATEGORIES:agreements,liability", "URL:https://tessara.example/7",
            "STATUS:CONFIRMED", "TRANSP:TRANSPARENT",
            "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-P90D", "DESCRIPTION:Liability clause lapses", "END:VALARM",
            "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-P7D", "DESCRIPTION:Liability clause lapses", "END:VALARM",
            "END:VEVENT", "END:VCALENDAR", "",
        ]
    )  # fmt: skip


def test_a_deadline_that_is_void_is_cancelled_under_its_identifier():
    lines = unfolded(write(feed(due(sequence=2, cancelled=True))))
    assert ("STATUS", "CANCELLED") in lines
    assert ("SEQUENCE", "2") in lines


@given(TEXTS, TEXTS, st.lists(TEXTS, min_size=1, max_size=3))
def test_no_text_breaks_out_of_its_line(summary: str, description: str, categories: list[str]):
    deadline = due(summary=summary, description=description, categories=tuple(categories))
    lines = unfolded(write(feed(deadline)))
    read = dict(lines)
    assert unescaped(read["SUMMARY"]) == summary
    assert unescaped(read.get("DESCRIPTION", "")) == description
    assert unescaped(read["CATEGORIES"]) == ",".join(categories)
    usual = [name for name, _ in unfolded(write(feed(due(categories=("a",)))))]
    assert [name for name, _ in lines if name != "DESCRIPTION"] == usual


@given(MOMENTS)
def test_a_moment_is_told_in_utc(moment: datetime.datetime):
    [start] = [value for name, value in unfolded(write(feed(due(moment)))) if name == "DTSTART"]
    read = datetime.datetime.strptime(start, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
    assert read == moment.astimezone(datetime.UTC).replace(microsecond=0)


@given(st.dates())
def test_a_day_is_told_as_it_is(day: datetime.date):
    [start] = [value for name, value in unfolded(write(feed(due(day)))) if name == "DTSTART;VALUE=DATE"]
    assert (len(start), datetime.date.fromisoformat(start)) == (8, day)


def test_a_long_line_is_folded_between_characters():
    data = write(feed(due(summary="Хранилище " * 20)))
    assert unescaped(dict(unfolded(data))["SUMMARY"]) == "Хранилище " * 20
    assert data.count(b"\r\n ") == 5


@pytest.mark.parametrize("text", ["\x00", "a\rb", "\x1f", "\x7f", "\ud800"])
def test_what_no_calendar_can_hold_is_a_mistake_of_the_caller(text: str):
    with pytest.raises(ValueError, match="control character"):
        escaped(text)


@pytest.mark.parametrize("url", ["https://a b", "https://a\r\nATTENDEE:x", "a\x00"])
def test_an_address_that_is_none_is_a_mistake_of_the_caller(url: str):
    with pytest.raises(ValueError, match="is no address"):
        write(feed(due(url=url)))


def test_a_moment_without_a_time_zone_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="has no time zone"):
        write(feed(due(STATED.replace(tzinfo=None))))
