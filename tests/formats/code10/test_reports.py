"""The typed view of reports: what they say, and that nothing is lost on the way there and back."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmpca.formats.code10.compose import to_entries
from openmpca.formats.code10.contents import read_weight, write_weight
from openmpca.formats.code10.interpret import from_entries, read_reports
from openmpca.formats.code10.labels import Unit
from openmpca.formats.code10.lexer import Element, Entry
from openmpca.formats.code10.profile import AGENCY, Profile, profile
from openmpca.formats.code10.reader import read_entries
from openmpca.formats.code10.records import (
    BalanceEntry,
    ChangeEntry,
    CrossReference,
    InventoryEntry,
    Measurement,
    NoteEntry,
    NoteReference,
    Place,
    Report,
    ReportHeader,
    numbered,
)
from openmpca.formats.code10.rules import read_and_check
from openmpca.formats.code10.writer import write_entries
from openmpca.nuclear.mass import UG_PER_G
from tests.formats.code10 import reports

G = UG_PER_G
HEAD = b"001:OI/ZZ;7#002:1/1#003:20260405#006:SMITH,J.#010:I#015:20260301/20260331#207:ZZA-#307:ZZA1#"


def only(raw: bytes, profile: Profile = AGENCY) -> Report:
    [(report, _)] = read_reports([raw], profile)
    assert report is not None
    return report


def written(report: Report, profile: Profile = AGENCY) -> bytes:
    return b"".join(write_entries(to_entries(report, profile), profile))


def rules_of(raw: bytes, profile: Profile = AGENCY) -> list[int]:
    return [problem.rule for _, problems in read_reports([raw], profile) for problem in problems]


def test_an_import_says_what_came_from_where() -> None:
    report = only(reports.CHANGES_7)
    assert report.header == ReportHeader(
        country="ZZ",
        number=7,
        day=date(2026, 4, 5),
        kind="I",
        facility="ZZA-",
        mba="ZZA1",
        encoder="SMITH,J.",
        start=date(2026, 3, 1),
        end=date(2026, 3, 31),
    )
    receipt = report.changes[0]
    assert (receipt.code, receipt.day, receipt.shipper) == ("RF", date(2026, 3, 29), Place("YY", "YYB1"))
    assert receipt.weights == {"E": 9581 * G, "E/U235": 1892 * G}
    assert (receipt.description, receipt.measurement, receipt.items) == ("BU2F", Measurement("N"), 11)
    assert report.changes[3].weights == {"N": 125_400 * G}
    assert report.notes[0].about == NoteReference("E", None, 1)
    assert report.notes[0].text.startswith("IMPORT UNDER LICENCE")


def test_a_correction_names_the_entry_it_replaces_and_a_deletion_is_bare() -> None:
    corrected, deleted = only(reports.CORRECTION_8).changes
    assert (corrected.status, corrected.reference) == ("C", CrossReference("ZZ", 7, 1))
    assert (deleted.status, deleted.reference) == ("D", CrossReference("ZZ", 7, 4))
    assert (deleted.code, deleted.batch, deleted.items, deleted.weights) == ("", "", None, {})


def test_an_empty_listing_is_one_void_entry() -> None:
    report = only(reports.EMPTY_LISTING_11)
    assert [(line.status, line.weights) for line in report.listed] == [("U", {})]
    assert (report.header.start, report.header.end) == (None, date(2027, 1, 1))


@pytest.mark.parametrize(
    "raw",
    [
        reports.CHANGES_7,
        reports.CORRECTION_8,
        reports.LISTING_9,
        reports.BALANCE_10,
        reports.EMPTY_LISTING_11,
        b"001:NC/ZZ;12#002:1/1#003:20270110#010:T#391:A TEXT#\n",
        b"001:NC/ZZ;12#002:1/1#003:20270110#099:E/7/1#391:A TEXT WITHOUT TYPE#\n",
        HEAD + b"309:N#412:250101#430:BQ2F#469:M/A/ID#470:007#610:+125.400K#999:OUR OWN#\n",
        HEAD + b"309:N#310:7#412:2026#446:#470:MANY#610:1.5G#670:X#670:2G#junk#\n",
        b"001:OI/zz;7#002:x#010:Q#309:Z#391:NOTE IN THE WRONG PLACE#\n",
        b"002:1/1#010:I#\n",
        b"001:NC/ZZ;7#002:1/1#003:20260405#010:I#207:ZZA-#307:ZZA1#391:X#630:5G#\n",
    ],
)
@pytest.mark.parametrize("name", ["agency", "state", "physical-minus-book"])
def test_what_is_read_is_written_as_it_was(raw: bytes, name: str) -> None:
    assert written(only(raw, profile(name)), profile(name)) == raw


def test_the_order_of_labels_is_mended_in_writing() -> None:
    raw = b"002:1#001:OI/ZZ;7#\n"
    [entry] = [found for found in read_entries([b"001:OI/ZZ;7#309:N#002:1#"]) if isinstance(found, Entry)]
    report, problems = from_entries([entry])
    assert 110 in [problem.rule for problem in problems]
    assert written(report) == b"001:OI/ZZ;7#002:1#309:N#\n"
    assert 103 in rules_of(raw)


def test_a_value_that_is_changed_is_written_in_our_way() -> None:
    report = only(HEAD + b"309:N#470:007#610:125.400K#\n")
    line = msgspec.structs.replace(report.changes[0], weights={"N": 10**9})
    changed = msgspec.structs.replace(report, entries=(line,))
    assert written(changed).endswith(b"470:007#610:1K#\n")


@pytest.mark.parametrize(
    ("element", "rule"),
    [
        (b"309:Z#", 116),
        (b"309:N#390:X#", 116),
        (b"309:N#370:Germany#", 116),
        (b"309:N#430:BQ2#", 116),
        (b"309:N#469:#", 116),
        (b"309:N#470:-1#", 116),
        (b"309:N#412:20260231#", 117),
        (b"309:N#412:2026-03-01#", 117),
        (b"309:N#412:260301#", 118),
        (b"309:N#630:5#", 140),
        (b"309:N#630:5,5G#", 140),
        (b"309:N#630:-5-G#", 140),
        (b"309:N#630:1.2.3G#", 140),
        (b"309:N#630:1.00000001G#", 140),
        (b"309:N#630:5K#", 141),
    ],
)
def test_what_cannot_be_read_is_a_problem(element: bytes, rule: int) -> None:
    assert rule in rules_of(HEAD + element + b"\n")


@pytest.mark.parametrize(
    ("good", "bad", "rule"),
    [
        (b"001:OI/ZZ;7", b"001:XX/ZZ;7", 116),
        (b"002:1/1", b"002:1 of 1", 116),
        (b"003:20260405", b"003:05.04.2026", 117),
        (b"015:20260301/20260331", b"015:MARCH", 117),
        (b"015:20260301/20260331", b"015:X/20260331", 117),
        (b"015:20260301/20260331", b"015:260301/20260331", 118),
        (b"010:I", b"010:T", 120),
    ],
)
def test_a_heading_that_cannot_be_read_is_a_problem(good: bytes, bad: bytes, rule: int) -> None:
    assert rule in rules_of(HEAD.replace(good, bad) + b"309:N#\n")


def test_a_note_reference_that_cannot_be_read_is_a_problem() -> None:
    assert rules_of(reports.CHANGES_7.replace(b"099:E/1", b"099:ENTRY 1")) == [116]


def test_a_heading_that_differs_within_a_report_is_a_problem_at_its_label() -> None:
    raw = HEAD + b"309:N#\n" + HEAD.replace(b"20260405", b"20260406") + b"309:N#\n"
    [(report, problems)] = read_reports([raw])
    assert [(problem.rule, problem.field) for problem in problems] == [(121, "003")]
    assert report is not None
    assert written(report) == raw


def test_short_dates_lie_within_a_hundred_years_of_the_first_year() -> None:
    for text, year in ((b"700101", 1970), (b"690101", 2069)):
        assert only(HEAD + b"412:" + text + b"#\n").changes[0].day == date(year, 1, 1)
    strict = Profile(name="strict", title="", accept_short_dates=False)
    assert 117 in rules_of(HEAD + b"412:260101#\n", strict)


def test_isotopes_belong_to_unified_uranium_where_that_is_given() -> None:
    assert only(HEAD + b"600:5G#670:1G#\n").changes[0].weights == {"U": 5 * G, "U/U235": G}


def test_reports_of_several_areas_and_types_come_one_by_one() -> None:
    other = reports.LISTING_9.replace(b"307:ZZA1", b"307:ZZB1")
    text = b"001:NC/ZZ;12#002:1/2#003:20270110#391:A#\n001:NC/ZZ;12#002:2#003:20270110#391:B#\n"
    found = [report for report, _ in read_reports([reports.CHANGES_7, reports.LISTING_9, other, text])]
    assert [(x.header.number, x.header.mba, len(x.entries), len(x.notes)) for x in found if x] == [
        (7, "ZZA1", 4, 1),
        (9, "ZZA1", 2, 0),
        (9, "ZZB1", 2, 0),
        (12, "", 0, 2),
    ]
    assert found[3] is not None
    assert found[3].header.kind == "T"


def test_a_file_without_a_report_gives_its_problems_alone() -> None:
    [(report, problems)] = read_and_check([b"hello"])
    assert report is None
    assert [problem.rule for problem in problems] == [101, 100]


def test_a_report_with_too_many_entries_is_cut_and_says_so() -> None:
    small = Profile(name="small", title="", max_entries=2)
    [(report, problems)] = read_reports([reports.BALANCE_10], small)
    assert report is not None
    assert len(report.entries) == 2
    assert [problem.rule for problem in problems] == [106]


def test_reading_ends_where_a_file_holds_more_than_any_file_does() -> None:
    small = Profile(name="small", title="", max_found=2)
    found = list(read_reports([b"001:OI/ZZ;1#001:OI/ZZ;2#001:OI/ZZ;3#"], small))
    assert len(found) == 2
    assert 106 in [problem.rule for problem in found[-1][1]]


def test_muf_and_shipper_receiver_difference_turn_their_sign_with_the_profile() -> None:
    header = msgspec.structs.replace(only(reports.BALANCE_10).header)
    lines = [("MF", {"E": 2100 * G, "E/U235": 50 * G}), ("DI", {"E": 15 * G, "E/U235": 750_000}), ("PE", {"E": G})]
    report = numbered(
        Report(header=header, entries=tuple(BalanceEntry(number=0, code=code, weights=ug) for code, ug in lines))
    )
    physical = profile("physical-minus-book")
    assert written(report).count(b"-") == written(report).count(b"ZZA-")
    assert b"411:MF#630:-2100G#670:-50G#" in written(report, physical)
    assert b"411:DI#630:-15G#670:-0.75G#" in written(report, physical)
    assert b"411:PE#630:1G#" in written(report, physical)
    assert only(written(report, physical), physical) == report
    assert only(written(report)) == report


def test_a_sign_may_stand_behind_where_the_receiver_wants_it() -> None:
    trailing = Profile(name="trailing", title="", negative="trailing", gram_decimals=(1, 3))
    assert write_weight(-15 * G, "G", trailing) == "15.0-G"
    assert write_weight(-400, "G", AGENCY) == "0G"
    for text in ("15-G", "15G-", "-15G"):
        assert read_weight(text) == (-15 * G, "G")


def test_dates_and_description_are_written_as_the_profile_says() -> None:
    short = Profile(name="short", title="", date_length=6, description_separator="")
    report = only(reports.RECEIPT_6)
    assert b"412:260227#430:BU2F#" in written(report, short)
    assert only(written(report, short), short) == report


def test_numbering_counts_entries_and_notes_apart() -> None:
    report = only(reports.CHANGES_7)
    scrambled = msgspec.structs.replace(
        report, entries=tuple(msgspec.structs.replace(line, number=9, total=None) for line in report.entries)
    )
    assert numbered(scrambled) == report


def test_a_weight_that_the_agency_has_no_label_for_is_left_out() -> None:
    line = BalanceEntry(number=1, total=1, code="PE", weights={"Am241": G, "E": G})
    report = Report(header=only(reports.BALANCE_10).header, entries=(line,))
    assert written(report).endswith(b"309:N#411:PE#630:1G#\n")


_GRAMS = st.integers(-(10**17), 10**17)


@given(_GRAMS, st.sampled_from(["G", "K"]))
def test_any_weight_is_written_and_read_again_to_the_microgram(ug: int, unit: Unit) -> None:
    assert read_weight(write_weight(ug, unit, profile("state"))) == (ug, unit)


_TEXT = st.text("ABC019 .,-", min_size=1, max_size=16)
_DAY = st.dates(date(1970, 1, 1), date(2069, 12, 31))
_WEIGHTS = st.dictionaries(
    st.sampled_from(["E", "E/U235", "N", "N/fissile", "P", "P/Pu239", "T", "D", "D/fissile"]),
    st.integers(0, 10**12).map(lambda mg: mg * 1000),
    min_size=1,
)
_BATCH = {
    "kmp": st.text("AB1", min_size=1, max_size=2),
    "description": st.sampled_from(["", "BQ2F", "QS1A"]),
    "own_text": _TEXT,
    "batch": _TEXT,
    "measurement": st.sampled_from([None, Measurement("M", "3"), Measurement("T", "", "ID"), Measurement("N")]),
    "items": st.sampled_from([None, 0, 40]),
    "weights": _WEIGHTS,
    "noted": st.booleans(),
}
_HEADER = st.builds(
    ReportHeader,
    country=st.just("ZZ"),
    number=st.integers(1, 10**8),
    day=_DAY,
    facility=st.just("ZZA-"),
    mba=st.just("ZZA1"),
    encoder=_TEXT,
    start=_DAY,
    end=_DAY,
    kind=st.just("I"),
)
_CHANGE = st.builds(
    ChangeEntry,
    number=st.just(0),
    status=st.sampled_from(["N", "C", "A"]),
    reference=st.sampled_from([None, CrossReference("ZZ", 3, 1)]),
    code=st.sampled_from(["RF", "LN", "DI"]),
    day=_DAY,
    shipper=st.sampled_from([None, Place("YY"), Place("ZZ", "ZZC1")]),
    shippers_batch=st.sampled_from(["", "UNKNOWN"]),
    **_BATCH,  # type: ignore[arg-type]
)
_NOTE = st.builds(
    NoteEntry,
    number=st.just(0),
    text=_TEXT,
    about=st.sampled_from([None, NoteReference("R"), NoteReference("E", None, 1), NoteReference("E", 3, 1)]),
)


@given(_HEADER, st.lists(_CHANGE, min_size=1, max_size=4), st.lists(_NOTE, max_size=2))
def test_any_report_is_written_and_read_again_the_same(
    header: ReportHeader, entries: list[ChangeEntry], notes: list[NoteEntry]
) -> None:
    report = numbered(Report(header=header, entries=tuple(entries), notes=tuple(notes)))
    assert only(written(report)) == report
    physical = profile("physical-minus-book")
    assert only(written(report, physical), physical) == report


@given(st.builds(InventoryEntry, number=st.just(1), total=st.just(1), **_BATCH))  # type: ignore[arg-type]
def test_any_listed_batch_is_written_and_read_again_the_same(line: InventoryEntry) -> None:
    report = Report(header=only(reports.LISTING_9).header, entries=(line,))
    assert only(written(report)) == report


_LABEL = st.sampled_from(["001", "002", "003", "010", "015", "099", "307", "309", "391", "411", "412", "430", "470",
                          "469", "370", "600", "630", "670", "999", ""])  # fmt: skip
_CONTENT = st.sampled_from(["", "OI/ZZ;7", "NC/ZZ;7", "I", "P", "M", "T", "1/2", "20260101", "N", "C/ZZ;7/1", "5G",
                            "-1K", "E/1", "RF", "PB", "RAXX", "B/Q/2/F", "\udcff", "²", "99999999999999G"])  # fmt: skip


@given(st.lists(st.builds(Element, _LABEL, _CONTENT), min_size=1, max_size=25))
def test_whatever_elements_come_the_view_gives_them_back(elements: list[Element]) -> None:
    entries = [Entry(tuple(elements))]
    report, _ = from_entries(entries)
    assert sorted(map(repr, to_entries(report)[0].elements)) == sorted(map(repr, elements))
