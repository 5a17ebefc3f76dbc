"""Single contents: the text of one element to a value and back. A reader gives None for what is not of its form.

Source: SG-FM-1172, section 3. Digits are ASCII digits and of bounded number, so that no text can be costly.
"""

import re
from datetime import date
from typing import Final, cast

from openmpca.formats.code10.profile import Profile
from openmpca.formats.code10.records import CrossReference, Measurement, NoteReference, Place, Status
from openmpca.nuclear.categories import Unit
from openmpca.nuclear.mass import UG_PER_G, UG_PER_KG, MassError, format_fixed, parse_grams, parse_kilograms

_NUMBER: Final = r"([0-9]{1,9})"
_COUNTRY: Final = r"([A-Z]{2})"

_REFERENCE: Final = re.compile(rf"(OI|NC)/{_COUNTRY};{_NUMBER}")
_COUNT: Final = re.compile(rf"{_NUMBER}(?:/{_NUMBER}?)?")
_STATUS: Final = re.compile(rf"([NUCDA])(?:/{_COUNTRY};{_NUMBER}/{_NUMBER})?")
_ABOUT_REPORT: Final = re.compile(rf"R(?:/{_NUMBER})?")
_ABOUT_ENTRY: Final = re.compile(rf"E/(?:{_NUMBER}/)?{_NUMBER}")
_PLACE: Final = re.compile(rf"{_COUNTRY}(?:/([^/;:#]{{1,4}}))?")
_MEASUREMENT: Final = re.compile(r"([A-Z])(?:/([^/]{0,2})(?:/([^/]{1,20}))?)?")
_DESCRIPTION: Final = re.compile(r"(.)/(.)/(.)/(.)|(.)(.)(.)(.)")
_WEIGHT: Final = re.compile(r"([+-]?)([0-9.]{1,24})([+-]?)([GK])([+-]?)")
_INTEGER: Final = re.compile(_NUMBER)

_UNITS: Final[dict[Unit, int]] = {"G": UG_PER_G, "K": UG_PER_KG}


def read_reference(text: str) -> tuple[str, str, int] | None:
    """OI or NC, country and report number of label 001.

    >>> read_reference("OI/ZZ;7")
    ('OI', 'ZZ', 7)
    """
    match = _REFERENCE.fullmatch(text)
    return (match[1], match[2], int(match[3])) if match else None


def read_count(text: str) -> tuple[int, int | None] | None:
    """Entry number and, where it is given, the total of label 002.

    >>> read_count("1/4"), read_count("2"), read_count("2/")
    ((1, 4), (2, None), (2, None))
    """
    match = _COUNT.fullmatch(text)
    return (int(match[1]), int(match[2]) if match[2] else None) if match else None


def read_date(text: str, profile: Profile) -> date | None:
    """A date of eight digits, or of six where the profile takes them."""
    if re.fullmatch(r"[0-9]{6}", text) and profile.accept_short_dates:
        first = profile.first_year_of_short_dates
        text = f"{first + (int(text[:2]) - first) % 100:04d}{text[2:]}"
    if not re.fullmatch(r"[0-9]{8}", text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def write_date(day: date, profile: Profile) -> str:
    """Eight digits, or six where the profile says so."""
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"[8 - profile.date_length :]


def read_period(text: str, profile: Profile) -> tuple[date | None, date] | None:
    """First and last day of label 015; the first is None where one date stands alone."""
    first, slash, last = text.rpartition("/")
    start, end = read_date(first, profile), read_date(last, profile)
    if end is None or (slash and start is None):
        return None
    return start, end


def read_status(text: str) -> tuple[Status, CrossReference | None] | None:
    """Status and, where it is given, the entry that it speaks of.

    >>> read_status("C/ZZ;7/1")
    ('C', CrossReference(country='ZZ', report=7, entry=1))
    """
    match = _STATUS.fullmatch(text)
    if not match:
        return None
    reference = CrossReference(match[2], int(match[3]), int(match[4])) if match[2] else None
    return cast(Status, match[1]), reference


def read_about(text: str) -> NoteReference | None:
    """What a note speaks of.

    >>> read_about("E/1"), read_about("R/7")
    (NoteReference(scope='E', report=None, entry=1), NoteReference(scope='R', report=7, entry=None))
    """
    if match := _ABOUT_REPORT.fullmatch(text):
        return NoteReference("R", int(match[1]) if match[1] else None)
    if match := _ABOUT_ENTRY.fullmatch(text):
        return NoteReference("E", int(match[1]) if match[1] else None, int(match[2]))
    return None


def write_about(about: NoteReference) -> str:
    """The content of label 099."""
    return "/".join(str(part) for part in (about.scope, about.report, about.entry) if part is not None)


def read_place(text: str) -> Place | None:
    """A shipper or receiver.

    >>> read_place("YY/YYB1"), read_place("YY")
    (Place(country='YY', mba='YYB1'), Place(country='YY', mba=''))
    """
    match = _PLACE.fullmatch(text)
    return Place(match[1], match[2] or "") if match else None


def write_place(place: Place) -> str:
    """The content of label 370 or 372."""
    return f"{place.country}/{place.mba}" if place.mba else place.country


def read_measurement(text: str) -> Measurement | None:
    """A measurement identification.

    >>> read_measurement("M/3"), read_measurement("T//ID")
    (Measurement(basis='M', kmp='3', method=''), Measurement(basis='T', kmp='', method='ID'))
    """
    match = _MEASUREMENT.fullmatch(text)
    return Measurement(match[1], match[2] or "", match[3] or "") if match else None


def write_measurement(measurement: Measurement) -> str:
    """The content of label 469."""
    return "/".join((measurement.basis, measurement.kmp, measurement.method)).rstrip("/")


def read_description(text: str) -> str | None:
    """The four characters of a material description, whatever they are.

    >>> read_description("B/Q/2/F"), read_description("BQ2F"), read_description("BQ2")
    ('BQ2F', 'BQ2F', None)
    """
    match = _DESCRIPTION.fullmatch(text)
    return "".join(part for part in match.groups() if part) if match else None


def read_integer(text: str) -> int | None:
    """A whole number of at most nine digits, without sign."""
    return int(text) if _INTEGER.fullmatch(text) else None


def read_weight(text: str) -> tuple[int, Unit] | None:
    """Micrograms and the unit letter. A sign may lead, or stand before or behind the letter.

    >>> read_weight("9581.5G"), read_weight("-15G"), read_weight("125.400K"), read_weight("12")
    ((9581500000, 'G'), (-15000000, 'G'), (125400000000, 'K'), None)
    """
    match = _WEIGHT.fullmatch(text)
    signs = match[1] + match[3] + match[5] if match else ""
    if not match or len(signs) > 1:
        return None
    unit = cast(Unit, match[4])
    try:
        ug = parse_grams(match[2]) if unit == "G" else parse_kilograms(match[2])
    except MassError:
        return None
    return (-ug if signs == "-" else ug), unit


def write_weight(ug: int, unit: Unit, profile: Profile) -> str:
    """A weight, rounded to the decimals of the profile (half away from zero), without zeros that say nothing.

    >>> from openmpca.formats.code10.profile import AGENCY
    >>> write_weight(-15000000, "G", AGENCY), write_weight(125400000000, "K", AGENCY)
    ('-15G', '125.4K')
    """
    fewest, most = profile.decimals(unit)
    whole, _, fraction = format_fixed(abs(ug), most, _UNITS[unit]).partition(".")
    fraction = fraction.rstrip("0").ljust(fewest, "0")
    number = f"{whole}.{fraction}" if fraction else whole
    if ug >= 0 or not number.strip("0."):
        return f"{number}{unit}"
    return f"-{number}{unit}" if profile.negative == "leading" else f"{number}-{unit}"


def finest(unit: Unit, profile: Profile) -> int:
    """The smallest step in micrograms that the profile writes in this unit."""
    return _UNITS[unit] // int(10 ** profile.decimals(unit)[1])
