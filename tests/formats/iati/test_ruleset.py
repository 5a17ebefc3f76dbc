"""The rules language of IATI on the official cases: good ones hold, bad ones fail."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from openmpca.formats.iati.ruleset import KINDS, decoded, failures
from tests.formats.iati.example import NOW, vectors

GOOD = """
    empty: empty | title_exists: empty title | title_text_exists: title_text | no_paths: empty
    no_more_than_one_title: title empty_activity | dependent_title_description: empty_activity title_description
    sum: sum_good | sum_two: sum_two_good | date_order: empty_activity date_good | regex_matches: regex_good
    regex_no_matches: regex_bad | starts_with: identifiers | unique: unique_good
    unique_title_description: title_description_content | if_then: if_then_good
    condition: empty_activity activity_status_2
    only_one_of: only_one_of_activity_good only_one_of_transaction_good | period_time: period_time_good
    time_limit: time_limit_good | date_now: date_now_good
    at_least_one: at_least_one_ref at_least_one_narrative at_least_one_no_element_good
    one_or_all: one_or_all_lang_good one_or_all_lang_good_all one_or_all_sector_good one_or_all_sector_all_good
    one_or_all: one_or_all_currency_good one_or_all_currency_all_good | one_or_all_org: one_or_all_org_currency_good
    between_dates: between_dates_good | range: range_good | forloop: forloop_good
    recipient_country: recipient_country_good | recipient_region_budget: recipient_region_budget_good
    sector_percentage_sum: sector_percentage_sum_good | total_expenditure: total_expenditure_good
    results_references: results_refs_good
    result_indicator_baseline_selector_with_conditions: results_indicator_baseline_value_good
    result_indicator_baseline_selector_with_conditions: results_indicator_baseline_value_not_relevant
    result_indicator_period_actual_selector_with_conditions: results_indicator_period_actual_value_good
    result_indicator_period_actual_selector_with_conditions: results_indicator_period_actual_value_not_relevant
    result_indicator_period_target_selector_with_conditions: results_indicator_period_target_value_good
    result_indicator_period_target_selector_with_conditions: results_indicator_period_target_value_not_relevant
"""
BAD = """
    title_exists: empty_activity | title_text_exists: title | no_paths: empty_activity
    no_more_than_one_title: title_twice | dependent_title_description: title description | sum: sum_bad
    sum_two: sum_two_bad | date_order: date_bad | regex_matches: regex_bad | regex_no_matches: regex_good
    starts_with: identifiers_bad | unique: unique_bad | if_then: if_then_bad | condition: activity_status_3
    only_one_of: only_one_of_activity_bad only_one_of_transaction_bad | period_time: period_time_bad
    time_limit: time_limit_bad | date_now: date_now_bad | at_least_one: at_least_one_bad
    one_or_all: one_or_all_lang_bad one_or_all_lang_bad_all one_or_all_sector_bad one_or_all_sector_all_bad
    one_or_all: one_or_all_currency_bad one_or_all_currency_all_bad | one_or_all_org: one_or_all_org_currency_bad
    between_dates: between_dates_bad | range: range_bad | forloop: forloop_bad
    recipient_country: recipient_country_bad | recipient_region_budget: recipient_region_budget_bad
    sector_percentage_sum: sector_percentage_sum_bad | total_expenditure: total_expenditure_bad
    results_references: results_refs_bad
    result_indicator_baseline_selector_with_conditions: results_indicator_baseline_value_bad
    result_indicator_period_actual_selector_with_conditions: results_indicator_period_actual_value_bad
    result_indicator_period_target_selector_with_conditions: results_indicator_period_target_value_bad
"""
"""The pairs as meta_tests.sh of IATI-Rulesets has them, and those that the names of later files say."""


def pairs(listed: str) -> list[tuple[str, str]]:
    lines = [each.strip().partition(": ") for line in listed.strip().splitlines() for each in line.split("|")]
    return [(rules, file) for rules, _, names in lines for file in names.split()]


def failing(rules: dict[str, Any], xml: str, **known: Any) -> list[str]:
    """The kinds of rule that fail for a file, with a question mark where they could not be asked."""
    found = failures(decoded(json.dumps(rules).encode()), etree.fromstring(xml), now=NOW, **known)
    return [each.kind + ("?" if each.verdict == "unknown" else "") for each in found]


def of_activity(inside: str, kind: str, attributes: str = "", **case: Any) -> list[str]:
    rules = {"//iati-activity": {kind: {"cases": [case]}}}
    return failing(rules, f"<iati-activities><iati-activity {attributes}>{inside}</iati-activity></iati-activities>")


@pytest.mark.parametrize(
    ("rules", "file", "holds"),
    [(*pair, True) for pair in pairs(GOOD)] + [(*pair, False) for pair in pairs(BAD)],
)
def test_official_cases_come_out_as_published(shared_folder: Path, rules: str, file: str, holds: bool):
    folder = vectors(shared_folder) / "ruleset-cases"
    ruleset = decoded((folder / f"{rules}.json").read_bytes())
    found = list(failures(ruleset, etree.parse(folder / f"{file}.xml").getroot(), now=NOW))
    assert (not found) is holds


def test_every_official_case_is_asked(shared_folder: Path):
    files = {path.name for path in (vectors(shared_folder) / "ruleset-cases").iterdir()}
    asked = {name for rules, file in pairs(GOOD) + pairs(BAD) for name in (f"{rules}.json", f"{file}.xml")}
    assert files == asked


def test_every_kind_of_rule_of_the_standard_is_known(shared_folder: Path):
    rules = json.loads((vectors(shared_folder) / "ruleset-standard.json").read_text())
    assert {kind for kinds in rules.values() for kind in kinds} - {"loop"} <= set(KINDS)


DATES = {"less": "date/@d", "more": "NOW"}


@pytest.mark.parametrize(
    ("inside", "kind", "case", "failed"),
    [
        ("<date d='2026-11-21'/><date d='2026-11-23'/>", "date_order", DATES, True),
        ("<date d='2026-11-22'/>", "date_order", DATES, False),
        ("<date d='2026-11-22T00:00:01Z'/>", "date_order", DATES, True),
        ("<date d='soon'/>", "date_order", DATES, False),
        ("<p s='2024-01-01' e='2024-12-31'/>", "time_limit", {"start": "p/@s", "end": "p/@e"}, False),
        ("<p s='2024-01-01' e='2025-01-01'/>", "time_limit", {"start": "p/@s", "end": "p/@e"}, True),
        ("<p v='33.33333'/><p v='66.66666'/>", "strict_sum", {"paths": ["p/@v"], "sum": 100}, False),
        ("<p v='33.3333'/><p v='66.6666'/>", "strict_sum", {"paths": ["p/@v"], "sum": 100}, True),
        ("<p v='hundred'/>", "strict_sum", {"paths": ["p/@v"], "sum": 100}, True),
        ("", "strict_sum", {"paths": ["p/@v"], "sum": 100}, True),
        ("", "sum", {"paths": ["p/@v"], "sum": 100}, False),
        ("<p v='1e9'/>", "range", {"paths": ["p/@v"], "min": 0}, True),
        ("<p v='-1'/>", "range", {"paths": ["p/@v"], "max": 100}, False),
        ("<p v='101'/>", "range", {"paths": ["p/@v"], "max": 100}, True),
        ("<p v=' x'/>", "no_spaces", {"paths": ["p/@v"]}, True),
        ("<p v='x'/>", "no_spaces", {"paths": ["p/@v"]}, False),
        ("<p v=''/>", "regex_matches", {"paths": ["p/@v"], "regex": "^[^/]+$"}, False),
        ("<p v='a-b'/>", "startswith", {"paths": ["p/@v"], "prefix": ["q/@v"], "separator": "-"}, True),
        ("<p v='a-b'/><q v='a'/>", "startswith", {"paths": ["p/@v"], "prefix": ["q/@v"], "separator": "-"}, False),
        ("<p v='x'/>", "if_then", {"if": "number(p/@v)", "then": "false()"}, False),
        ("<p v='x'/>", "if_then", {"if": "p", "then": "q"}, True),
        ("<p v='x'/>", "atleast_one", {"paths": ["q"], "condition": "q"}, False),
        ("<transaction/>", "one_or_all", {"one": "@x", "all": "recipient-country|recipient-region"}, True),
    ],
)  # fmt: skip
def test_each_kind_of_rule_at_its_edges(inside, kind, case, failed):
    assert of_activity(inside, kind, **case) == ([kind] if failed else [])


def test_the_agencies_that_register_are_asked_where_they_are_known():
    rules = {"//a": {"startswith": {"cases": [{"prefix": ["ORG-ID-PREFIX"], "paths": ["@ref"]}]}}}
    assert failing(rules, "<a ref='ZZ-GOV-1'/>") == ["startswith?"]
    assert failing(rules, "<a ref='ZZ-GOV-1'/>", agencies=frozenset({"ZZ-GOV"})) == []
    assert failing(rules, "<a ref='ZZ-GOV-1'/>", agencies=frozenset({"XM-DAC"})) == ["startswith"]


LOOP = {
    "//a": {
        "loop": {
            "cases": [
                {
                    "foreach": "s/@v",
                    "do": {
                        "strict_sum": {"cases": [{"condition": "s[@v = '$1']", "paths": ["s[@v = '$1']/@p"], "sum": 9}]}
                    },
                }
            ]
        }
    }
}


def test_a_loop_asks_once_for_each_value():
    assert failing(LOOP, "<a><s v='2' p='4'/><s v='2' p='5'/><s v='3' p='8'/></a>") == ["strict_sum"]


@pytest.mark.parametrize("value", ["' or '1' = '1", "$1", "] | //a", "$value"])
def test_a_value_from_the_file_never_becomes_a_part_of_the_question(value):
    root = etree.Element("a")
    etree.SubElement(root, "s", v=value, p="9")
    etree.SubElement(root, "s", v="other", p="9")
    assert failing(LOOP, etree.tostring(root).decode()) == []


def test_a_loop_without_end_is_not_walked():
    many = "".join(f"<s v='{each}' p='8'/>" for each in range(1001))
    assert failing(LOOP, f"<a>{many}</a>") == ["strict_sum?"]


def test_many_beginnings_of_many_texts_are_not_compared():
    many = "<p v='x'/>" * 1000 + "<q v='y'/>" * 1001
    assert of_activity(many, "startswith", paths=["p/@v"], prefix=["q/@v"]) == ["startswith?"]


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("[]", "Expected `object`"),
        ("{", "truncated"),
        ('{"//a": {"guess": {"cases": []}}}', "no kind of rule is called guess"),
        ('{"//a[": {}}', r"//a\[ is no path"),
        ('{"//a": {"unique": {"cases": [{"paths": ["b["]}]}}}', r"b\[ is no path"),
        ('{"//a": {"regex_matches": {"cases": [{"regex": "("}]}}}', "is no pattern"),
        ('{"//a": {"one_or_all": {"cases": [{"one": "b", "all": "c"}]}}}', "nothing is known as all of c"),
        ('{"//a": {"loop": {"cases": [{"foreach": "b", "do": {"guess": {"cases": []}}}]}}}', "no kind of rule"),
    ],
)
def test_a_ruleset_that_cannot_be_asked_is_refused(rules, said):
    with pytest.raises(ValueError, match=said):
        decoded(rules.encode())


def test_days_are_compared_from_midnight_utc():
    late = datetime.datetime(2026, 11, 23, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))
    ruleset = decoded(b'{"//a": {"date_now": {"cases": [{"date": "@d"}]}}}')
    assert [each.kind for each in failures(ruleset, etree.fromstring("<a d='2026-11-23'/>"), now=late)] == ["date_now"]
