"""Each rule meets the report that breaks it, and leaves alone the reports that are right."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmpca.formats.code10 import consistency_rules, syntax_rules
from openmpca.formats.code10.arithmetic import adjusted_ending
from openmpca.formats.code10.interpret import read_reports
from openmpca.formats.code10.lexer import Element
from openmpca.formats.code10.profile import profile
from openmpca.formats.code10.records import BalanceEntry, Report, numbered
from openmpca.formats.code10.rules import EXPLANATIONS, check_file, check_report, read_and_check
from openmpca.problems import RULES, Rule, errors
from tests.formats.code10 import reports


def read(*files: bytes) -> list[Report]:
    return [report for report, _ in read_reports(files) if report is not None]


def found(raw: bytes) -> list[int]:
    return sorted({problem.rule for _, problems in read_and_check([raw]) for problem in problems})


def changed(raw: bytes, *swaps: tuple[str, str]) -> bytes:
    for old, new in swaps:
        assert old.encode() in raw, old
        raw = raw.replace(old.encode(), new.encode(), 1)
    return raw


REPORTS = [
    reports.RECEIPT_6,
    reports.CHANGES_7,
    reports.CORRECTION_8,
    reports.LISTING_9,
    reports.BALANCE_10,
    reports.EMPTY_LISTING_11,
]
PERIOD = [reports.RECEIPT_6, reports.CHANGES_7, reports.DELETION_8, reports.LISTING_9, reports.BALANCE_10]


@pytest.mark.parametrize("raw", REPORTS)
def test_the_reports_of_a_reactor_break_no_rule(raw: bytes) -> None:
    assert found(raw) == []


def test_the_reports_of_a_period_agree_when_only_the_deletion_was_sent() -> None:
    assert check_file(read(*PERIOD, reports.EMPTY_LISTING_11), complete=True) == []


def test_a_correction_that_the_balance_does_not_know_shows_in_its_consolidated_line() -> None:
    files = [reports.CORRECTION_8 if raw is reports.DELETION_8 else raw for raw in PERIOD]
    [problem] = check_file(read(*files), complete=True)
    assert (problem.rule, problem.record) == (256, "report ZZ;10 of ZZA1")
    assert "RF of E/U235 is 8772 g" in problem.message
    assert "8770 g is wanted" in problem.message


def test_a_balance_that_knows_the_correction_has_a_muf_of_minus_two_grams() -> None:
    figures = {"PB": 0, "RF": 8770, "LN": 568, "PE": 8204}
    assert adjusted_ending(figures, "E") - figures["PE"] == -2
    balance = changed(
        reports.BALANCE_10,
        ("670:8772G", "670:8770G"),
        ("670:8204G", "670:8202G"),
        ("411:MF#630:0G#670:0G", "411:MF#630:0G#670:-2G"),
    )
    assert found(balance) == []
    files = [reports.RECEIPT_6, reports.CHANGES_7, reports.CORRECTION_8, reports.LISTING_9, balance]
    assert check_file(read(*files), complete=True) == []


def test_without_all_reports_of_the_period_sums_are_left_alone() -> None:
    assert check_file(read(reports.CHANGES_7, reports.CORRECTION_8, reports.LISTING_9, reports.BALANCE_10)) == []


R7, R8, R9, R10, R11 = REPORTS[1:]


@pytest.mark.parametrize(
    ("rule", "raw", "swaps"),
    [
        (108, R7, [("470:11#", "470:11#480:X#")]),
        (109, R7, [("470:11#", "470:11#470:12#")]),
        (110, R7, [("446:CRR41-51#447:GSB0041#", "447:GSB0041#446:CRR41-51#")]),
        (111, R7, [("446:CRR41-51", "446:CRR41:51")]),
        (111, R7, [("446:CRR41-51", "446:CRR41/51")]),
        (112, R7, [("446:CRR41-51", "446:CRR41-51-ABCDEFGHIJ")]),
        (112, R7, [("307:ZZA1", "307:ZZA")]),
        (113, R7, [("446:CRR41-51", "446:Crr41-51")]),
        (114, R7, [("470:11#", "")]),
        (114, R7, [("446:CRR41-51", "446: ")]),
        (114, R8, [("003:20260505#", "")]),
        (115, R9, [("430:B/U/2/F#", "412:20260520#430:B/U/2/F#")]),
        (115, R7, [("LICENCE 123. SHIPPER DATA ACCEPTED PENDING MEASUREMENT.#", "X#630:5G#")]),
        (116, R7, [("370:YY/YYB1", "370:YY/YYB1/1")]),
        (120, R11, [("010:P", "010:X")]),
        (122, R9, [("015:20260520", "015:20260101/20260520")]),
        (122, R7, [("015:20260301/20260331", "015:20260331")]),
        (122, R7, [("015:20260301/20260331", "015:20260331/20260301")]),
        (123, R7, [("003:20260405", "003:20260330")]),
        (130, R7, [("002:3#", "002:5#")]),
        (131, R7, [("002:1/4#", "002:1#")]),
        (132, R7, [("002:1/4#", "002:1/5#")]),
        (134, R8, [("309:C/ZZ;7/1", "309:C")]),
        (134, R7, [("309:N", "309:N/ZZ;6/1")]),
        (135, R8, [("309:D/ZZ;7/4#", "309:D/ZZ;7/4#446:X#")]),
        (142, R7, [("630:9581G", "630:9581.0001G")]),
        (143, R7, [("700:170G#", "")]),
        (144, R7, [("#670:1892G", "")]),
        (145, R7, [("630:9581G#", "")]),
        (146, R7, [("630:9581G#", "600:1G#630:9581G#")]),
        (200, R7, [("411:LN", "411:PB")]),
        (200, R10, [("411:BA", "411:XX")]),
        (201, R7, [("370:YY/YYB1#", "")]),
        (202, R7, [("372:ZZ/ZZA1#", "")]),
        (203, R7, [("447:GSB0041#", "")]),
        (203, R7, [("446:CORE-26A#", "446:CORE-26A#447:X#")]),
        (204, R7, [("370:YY/YYB1", "370:ZZ/ZZC1")]),
        (205, R7, [("370:ZZ/ZZC1", "370:YY/YYC1")]),
        (205, R7, [("370:ZZ/ZZC1", "370:ZZ/ZZA1")]),
        (206, R7, [("372:ZZ/ZZA1", "372:ZZ/ZZB1")]),
        (207, R7, [("670:1892G", "670:9582G")]),
        (207, R7, [("670:1892G", "650:5000G#670:5000G")]),
        (208, R7, [("670:1892G", "640:10G#660:1892G#670:1892G")]),
        (208, R9, [("700:170G", "700:170G#710:10G#720:100G#730:10G#740:10G#750:10G")]),
        (209, R7, [("670:1892G", "670:68G")]),
        (210, R7, [("630:9581G", "630:-9581G")]),
        (211, R7, [("446:CRR41-51", "446:CORE-26A"), ("412:20260329", "412:20260331"), ("411:RF", "411:NP")]),
        (212, R9, [("446:CORE-26A", "446:CRR41-51"), ("407:B", "407:A")]),
        (213, R7, [("411:LN", "411:RM")]),
        (213, R7, [("411:LN", "411:RP")]),
        (214, R7, [("412:20260329", "412:20260401")]),
        (215, R7, [("099:E/1", "099:E/9")]),
        (216, R7, [("390:Y#", "")]),
        (217, R7, [("099:E/1", "099:E/2")]),
        (218, R7, [("430:B/U/2/F", "430:0/U/2/F")]),
        (219, R7, [("430:F/Q/M/B", "430:F/Q/M/F")]),
        (220, R7, [("469:N", "469:X")]),
        (220, R7, [("469:N", "469:N/3")]),
        (221, R7, [("411:LN", "411:EN")]),
        (224, R8, [("309:C/ZZ;7/1", "309:U")]),
        (230, R10, [("411:PB", "411:RD"), ("411:RF", "411:PB")]),
        (231, R10, [("411:BA", "411:BE")]),
        (232, R10, [("411:LN", "411:RF")]),
        (233, R10, [("411:BA", "411:BE"), ("630:43050G", "630:43051G")]),
        (234, R10, [("411:BA#630:43050G", "411:BA#630:43051G")]),
        (235, R10, [("411:MF#630:0G", "411:MF#630:1G")]),
        (236, R10, [("411:LN#630:1371G#670:568G", "411:RABA#630:50G#670:0G")]),
        (237, R10, [("411:LN#630:1371G#670:568G", "411:RARD#630:1G#670:0G")]),
    ],
)  # fmt: skip
def test_a_report_that_breaks_a_rule_is_found_out(rule: int, raw: bytes, swaps: list[tuple[str, str]]) -> None:
    assert rule in found(changed(raw, *swaps))


def test_letters_of_another_alphabet_need_their_indicator() -> None:
    [report] = read(reports.RECEIPT_6)
    line = msgspec.structs.replace(report.changes[0], batch="ТВС-1")
    problems = check_report(msgspec.structs.replace(report, entries=(line,)), profile("state"))
    assert {problem.rule for problem in problems} == {113, 223}


def test_a_weight_without_label_cannot_be_reported() -> None:
    [report] = read(reports.RECEIPT_6)
    line = msgspec.structs.replace(report.changes[0], weights={"Am241": 10**6})
    assert {problem.rule for problem in check_report(msgspec.structs.replace(report, entries=(line,)))} == {147}


def test_notes_alone_are_a_textual_report_or_a_mistake() -> None:
    note = reports.CHANGES_7.splitlines(keepends=True)[-1]
    assert found(note.replace(b"099:E/1#", b"")) == []
    [report] = read(note)
    header = msgspec.structs.replace(report.header, kind="I")
    assert 133 in {problem.rule for problem in check_report(msgspec.structs.replace(report, header=header))}
    assert check_report(Report(header=header))[0].rule == 133


def test_a_note_on_the_whole_report_covers_every_entry() -> None:
    assert 217 not in found(changed(reports.CHANGES_7, ("099:E/1", "099:R")))
    assert 217 not in found(changed(reports.CHANGES_7, ("099:E/1#", "")))


def test_a_note_on_an_entry_of_another_report_is_left_alone() -> None:
    assert 215 not in found(changed(reports.CHANGES_7, ("390:Y#", ""), ("099:E/1", "099:E/3/9")))


def test_rebatching_that_conserves_mass_is_right() -> None:
    given = reports.CHANGES_7.splitlines(keepends=True)[1].replace(b"002:2#", b"002:1/2#").replace(b"LN", b"RM")
    taken = changed(given, ("002:1/2#", "002:2#"), ("411:RM", "411:RP"), ("446:CORE-26A", "446:CORE-26B"))
    assert found(given + taken) == []


def test_rounding_adjustments_make_printed_figures_agree() -> None:
    """Three losses reported as 10 g each come to 31.2 g; PB 100, RD 50, SD 20 print a BA of 131 g."""
    lines = [("PB", 100), ("RD", 50), ("SD", 20), ("BA", 131), ("RABA", -1), ("PE", 131), ("MF", 0)]
    header = read(reports.BALANCE_10)[0].header
    entries = [BalanceEntry(number=0, code=code, weights={"P": grams * 10**6}) for code, grams in lines]
    report = numbered(Report(header=header, entries=tuple(entries)))
    assert check_report(report) == []
    without = numbered(msgspec.structs.replace(report, entries=tuple(x for x in entries if x.code != "RABA")))
    assert [problem.rule for problem in check_report(without)] == [234]


def test_an_entry_entered_twice_is_remarked() -> None:
    first = reports.CHANGES_7.splitlines(keepends=True)[1]
    raw = first.replace(b"002:2#", b"002:1/2#") + first
    assert found(raw) == [222]
    assert found(changed(raw, ("446:CORE-26A", "446:CORE-26B"))) == []
    assert 211 not in found(raw.replace(b"412:20260331#", b""))
    assert 212 not in found(reports.LISTING_9.replace(b"446:CRR41-51#", b"").replace(b"446:CORE-26A#", b""))


def test_a_batch_may_be_lost_and_produced_on_one_day() -> None:
    assert 211 not in found(reports.CHANGES_7)


def test_the_isotopes_of_a_loss_may_exceed_its_element() -> None:
    assert found(changed(reports.CHANGES_7, ("630:1371G#670:568G", "630:500G#670:568G"))) == []


def test_all_isotopes_of_plutonium_that_come_to_the_element_are_right() -> None:
    raw = changed(reports.LISTING_9, ("700:170G", "700:170G#710:10G#720:100G#730:20G#740:20G#750:20G#760:120G"))
    assert found(raw) == []


def test_a_change_without_date_or_of_a_category_in_both_is_taken_as_it_is() -> None:
    raw = changed(reports.CHANGES_7, ("411:LN", "411:EN"), ("630:1371G#670:568G", "610:1.371K#630:1371G#670:568G"))
    assert found(raw) == []
    assert 214 not in found(changed(reports.CHANGES_7, ("412:20260329#", "")))


def test_an_unreadable_code_is_reported_once_as_missing() -> None:
    assert 200 not in found(changed(reports.CHANGES_7, ("411:LN#", "")))
    assert 200 not in found(changed(reports.BALANCE_10, ("411:LN#", "")))


# Between the reports of one file.


def file_rules(*files: bytes, complete: bool = False) -> list[int]:
    return [problem.rule for problem in check_file(read(*files), complete=complete)]


def test_a_number_that_is_missing_or_used_twice_is_found() -> None:
    assert file_rules(reports.RECEIPT_6, reports.LISTING_9) == [250]
    again = reports.CHANGES_7.replace(b"207:ZZA-", b"207:ZZB-")
    assert file_rules(reports.CHANGES_7, reports.RECEIPT_6, again) == [251, 252]


def test_each_area_has_its_own_numbers() -> None:
    assert file_rules(reports.RECEIPT_6, reports.BALANCE_10.replace(b"307:ZZA1", b"307:ZZB1")) == []


def test_a_listing_of_another_day_does_not_belong_to_the_balance() -> None:
    early = reports.LISTING_9.replace(b"015:20260520", b"015:20260519")
    assert file_rules(early, reports.BALANCE_10) == [253]
    assert file_rules(reports.BALANCE_10) == []
    assert 253 in file_rules(reports.BALANCE_10, complete=True)
    undated = reports.BALANCE_10.replace(b"015:20260225/20260520", b"015:X")
    assert file_rules(reports.LISTING_9, undated) == [253]


def test_a_listing_that_does_not_come_to_the_ending_inventory_is_found() -> None:
    [problem] = check_file(read(changed(reports.LISTING_9, ("630:9581G", "630:9580G")), reports.BALANCE_10))
    assert problem.rule == 257
    assert "the difference is 1 g" in problem.message


def test_a_listing_that_is_sent_after_the_balance_is_still_compared() -> None:
    late = reports.LISTING_9.replace(b"ZZ;9#", b"ZZ;11#")
    assert file_rules(reports.BALANCE_10, late) == []
    assert file_rules(reports.BALANCE_10, changed(late, ("700:170G", "700:171G"))) == [257]


NEXT = b"""\
001:OI/ZZ;11#002:1/4#003:20270525#006:SMITH,J.#010:M#015:20260521/20270520#207:ZZA-#307:ZZA1#309:N#411:PB#630:43050G#670:8204G#700:170G#
001:OI/ZZ;11#002:2#003:20270525#006:SMITH,J.#010:M#015:20260521/20270520#207:ZZA-#307:ZZA1#309:N#411:BA#630:43050G#670:8204G#700:170G#
001:OI/ZZ;11#002:3#003:20270525#006:SMITH,J.#010:M#015:20260521/20270520#207:ZZA-#307:ZZA1#309:N#411:PE#630:43050G#670:8204G#700:170G#
001:OI/ZZ;11#002:4#003:20270525#006:SMITH,J.#010:M#015:20260521/20270520#207:ZZA-#307:ZZA1#309:N#411:MF#630:0G#670:0G#700:0G#
"""


def test_a_balance_begins_with_what_the_one_before_ended_with() -> None:
    assert found(NEXT) == []
    assert file_rules(reports.BALANCE_10, NEXT) == []
    lower = changed(NEXT, ("PB#630:43050G", "PB#630:43049G"))
    assert file_rules(reports.BALANCE_10, lower) == [254]
    rounded = lower + NEXT[: NEXT.index(b"411:")].replace(b"002:1/4", b"002:5") + b"411:RAPB#630:1G#\n"
    assert 254 not in file_rules(reports.BALANCE_10, rounded)


def test_a_balance_begins_on_the_last_day_of_the_one_before_or_the_day_after() -> None:
    for day, rules in (("20260520", []), ("20260521", []), ("20260522", [255])):
        assert file_rules(reports.BALANCE_10, NEXT.replace(b"015:20260521/", f"015:{day}/".encode())) == rules
    assert file_rules(reports.BALANCE_10, NEXT.replace(b"015:20260521/", b"015:")) == []


def test_between_two_balances_with_all_numbers_sums_are_compared() -> None:
    change = reports.RECEIPT_6.replace(b"ZZ;6#", b"ZZ;11#").replace(b"20260227", b"20260601")
    after = NEXT.replace(b"ZZ;11#", b"ZZ;12#")
    assert file_rules(reports.BALANCE_10, change, after) == [256, 256]
    cut_off = change.replace(b"20260601", b"20260520")
    on_the_day = after.replace(b"015:20260521/", b"015:20260520/")
    assert file_rules(reports.BALANCE_10, cut_off, on_the_day) == []


def test_from_number_one_on_sums_are_compared() -> None:
    renumbered = [raw.replace(b"ZZ;%d" % old, b"ZZ;%d" % (old - 5)) for old, raw in enumerate(PERIOD, 6)]
    renumbered[2] = renumbered[2].replace(b"D/ZZ;7/4", b"D/ZZ;2/4")
    assert file_rules(*renumbered) == []
    assert file_rules(renumbered[0], changed(renumbered[1], ("700:170G", "700:160G")), *renumbered[2:]) == [256]


def test_rebatching_and_unknown_codes_are_no_part_of_the_sums() -> None:
    odd = changed(reports.CHANGES_7, ("411:RD", "411:RP"), ("411:NP", "411:XX"))
    assert {*file_rules(reports.RECEIPT_6, odd, *PERIOD[2:], complete=True)} == {256}
    kept = changed(reports.CHANGES_7, ("411:RD", "411:RP"))
    assert file_rules(reports.RECEIPT_6, kept, *PERIOD[2:], complete=True) == []


LATER = reports.CORRECTION_8.replace(b"ZZ;8#", b"ZZ;9#")


@pytest.mark.parametrize(
    ("rule", "raw", "reference"),
    [
        (258, reports.CORRECTION_8, "C/ZZ;7/9"),
        (260, reports.CORRECTION_8, "A/ZZ;7/1"),
        (261, reports.CORRECTION_8, "C/ZZ;6/1"),
        (262, reports.CORRECTION_8, "C/ZZ;8/2"),
        (262, reports.CORRECTION_8, "C/YY;7/1"),
    ],
)
def test_a_reference_that_leads_nowhere_is_found(rule: int, raw: bytes, reference: str) -> None:
    listing = reports.LISTING_9.replace(b"ZZ;9#", b"ZZ;6#")
    assert rule in file_rules(listing, reports.CHANGES_7, changed(raw, ("C/ZZ;7/1", reference)))


def test_a_correction_of_a_superseded_line_is_found_and_one_of_the_latest_is_right() -> None:
    before = (reports.CHANGES_7, reports.CORRECTION_8)
    again = LATER[: LATER.index(b"\n") + 1]
    assert file_rules(*before, again) == [259]
    assert file_rules(*before, again.replace(b"C/ZZ;7/1", b"C/ZZ;8/1")) == []
    assert file_rules(*before, again.replace(b"C/ZZ;7/1", b"C/ZZ;7/4")) == [259]


def test_a_report_number_used_twice_does_not_upset_the_corrections() -> None:
    twice = reports.CHANGES_7.replace(b"ZZ;7#", b"ZZ;8#")
    deletion = reports.DELETION_8.replace(b"ZZ;8#", b"ZZ;9#").replace(b"D/ZZ;7/4", b"D/ZZ;8/1")
    balance = reports.BALANCE_10
    before = (reports.CORRECTION_8, reports.RECEIPT_6, reports.CHANGES_7)
    assert {*file_rules(*before, twice, deletion, balance)} == {251}
    assert 251 in file_rules(reports.LISTING_9.replace(b"ZZ;9#", b"ZZ;10#"), reports.LISTING_9, balance)


def test_an_addition_takes_a_free_number_and_counts() -> None:
    added = changed(reports.CORRECTION_8, ("C/ZZ;7/1", "A/ZZ;7/5"))
    assert file_rules(reports.CHANGES_7, added) == []
    assert 256 in file_rules(PERIOD[0], PERIOD[1], added, *PERIOD[3:], complete=True)


def test_a_reference_to_a_report_outside_the_file_is_left_alone() -> None:
    assert file_rules(reports.CORRECTION_8) == []
    assert file_rules(changed(reports.CORRECTION_8, ("309:C/ZZ;7/1", "309:C"))) == []


def test_a_correction_of_a_balance_is_put_in_its_place_and_added_up_again() -> None:
    wrong = changed(reports.BALANCE_10, ("411:MF#630:0G", "411:MF#630:1G"))
    assert 235 in found(wrong)
    line = reports.BALANCE_10.splitlines(keepends=True)[5]
    mended = changed(line, ("ZZ;10#002:6#", "ZZ;11#002:1/1#"), ("309:N", "309:C/ZZ;10/6"))
    assert found(mended) == []
    assert file_rules(reports.LISTING_9, wrong, mended) == []
    assert file_rules(reports.LISTING_9, wrong, changed(mended, ("630:0G", "630:2G"))) == [235]


# The catalogue itself.


def test_every_rule_of_this_package_is_in_its_range_explained_and_sourced() -> None:
    own = [value for module in (syntax_rules, consistency_rules) for value in vars(module).values()]
    rules = [value for value in own if isinstance(value, Rule)]
    assert {rule.number for rule in rules} == EXPLANATIONS.keys()
    for rule in rules:
        assert RULES[rule.number] is rule
        assert 100 <= rule.number < 300
        assert len(EXPLANATIONS[rule.number]) > 40
        assert rule.mend.endswith(".")
        assert rule.source
        assert not (rule.unverified and rule.severity == "error")


@given(st.lists(st.sampled_from(b"".join(REPORTS).replace(b"\n", b"").split(b"#")), max_size=30), st.booleans())
def test_any_shuffle_of_elements_is_checked_without_falling_over(elements: list[bytes], complete: bool) -> None:
    made = []
    for report, problems in read_and_check([b"".join(element + b"#" for element in elements)]):
        assert report is not None or problems
        if report is not None:
            made.append(report)
    check_file(made, complete=complete)


def test_problems_name_the_entry_and_the_label() -> None:
    [(_, problems)] = read_and_check([changed(reports.CHANGES_7, ("#670:1892G", ""))])
    [problem] = errors(problems)
    assert str(problem).startswith("error 144 at report ZZ;7 OI entry 1 630: One of U233 U233+U235 U235 is needed.")


def test_elements_of_a_partner_are_remarked_where_they_stand() -> None:
    [report] = read(reports.RECEIPT_6)
    line = msgspec.structs.replace(report.changes[0], extra=(Element("", "junk"), Element("999", "X")))
    assert {problem.rule for problem in check_report(msgspec.structs.replace(report, entries=(line,)))} == {108}
    assert report.header.day == date(2026, 3, 5)


def test_the_mend_of_a_wrong_length_fits_a_code_of_fixed_length_and_a_text_that_is_too_long() -> None:
    from openmpca.formats.code10.labels import LABELS
    from openmpca.formats.code10.structure import _mend_length

    assert "exactly 4 characters" in _mend_length(LABELS["307"])
    assert _mend_length(LABELS["446"]) == "Shorten the text to 16 characters."
    assert "further entry" in _mend_length(LABELS["391"])
