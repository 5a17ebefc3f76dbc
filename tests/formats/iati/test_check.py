"""A file of activities held against the official schema, code lists and ruleset."""

import datetime
from pathlib import Path

import msgspec
import pytest
from lxml import etree

from openmpca.formats.iati.activity import Activities
from openmpca.formats.iati.check import MOST, check
from openmpca.formats.iati.file import write
from openmpca.formats.iati.standard import Standard, load, paths_of_codes
from openmpca.formats.iati.texts import Sector, narratives
from openmpca.formats.markup.rules import SHOWN
from openmpca.formats.tables.rules import Refused
from openmpca.problems import Problem
from tests.formats.iati.example import ACTIVITY, FILE, NOW, vectors

UNLISTED = {
    "DisbursementChannel", "FileFormat", "GeographicExactness", "GeographicLocationClass", "GeographicLocationReach",
    "GeographicVocabulary", "LocationType", "OtherIdentifierType",
}  # fmt: skip
"""Lists of the standard that are not among the vectors."""


NOBODY = msgspec.structs.replace(ACTIVITY.participants[0], ref=None, narratives=())


def copied(source: Path, folder: Path) -> Path:
    """The standard in a folder where it can be changed."""
    (folder / "codelists").mkdir(parents=True)
    for path in (*source.glob("*.*"), *source.glob("codelists/*")):
        (folder / path.relative_to(source)).write_bytes(path.read_bytes())
    return folder


@pytest.fixture(scope="module")
def standard(shared_folder: Path) -> Standard:
    return load(vectors(shared_folder))


def changed(**fields: object) -> bytes:
    return write(Activities(activities=(msgspec.structs.replace(ACTIVITY, **fields),)))


def graver(problems: list[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity != "note"]


def test_the_example_holds_to_schema_code_lists_and_rules(standard: Standard):
    problems = check(write(FILE), standard, now=NOW)
    assert graver(problems) == []
    assert {problem.rule for problem in problems} == {1016}
    told = " ".join(problem.message for problem in problems)
    assert all(f"The list {name} is not there" in told for name in UNLISTED)
    assert "Rule 1.14.8 could not be asked for 1 elements." in told


def test_every_list_of_the_vectors_is_looked_up(standard: Standard):
    assert set(standard.lists) - set(paths_of_codes()) == {"GazetteerAgency"}  # of version 1


@pytest.mark.parametrize(
    ("fields", "rule", "said"),
    [
        ({"status": "7"}, 1012, "7 is not on the list ActivityStatus."),
        ({"language": "xx"}, 1013, "xx is not on the list Language."),
        ({"currency": "ZZZ"}, 1012, "ZZZ is not on the list Currency."),
        ({"dates": ACTIVITY.dates[2:]}, 1014, "6.11.1: "),
        ({"identifier": "P1"}, 1015, "1.1.21: "),
        ({"sectors": ()}, 1014, "6.2.2: "),
        ({"sectors": ACTIVITY.sectors[1:]}, 1015, "102.1.1: "),
        ({"countries": ACTIVITY.countries[:1]}, 1014, "3.1.4: "),
        ({"countries": ()}, 1014, "3.7.1: "),
        ({"updated": NOW + datetime.timedelta(days=1)}, 1014, "11.1.1: "),
        ({"participants": (NOBODY,)}, 1014, "6.10.1: "),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_activity_place_and_rule(standard: Standard, fields, rule, said):
    [problem] = [each for each in graver(check(changed(**fields), standard, now=NOW)) if each.message.startswith(said)]
    assert problem.rule == rule
    assert problem.record == fields.get("identifier", ACTIVITY.identifier)
    assert problem.field.startswith("iati-activity")
    assert " (line " in problem.field


def test_sectors_of_our_own_must_come_to_a_hundred(standard: Standard):
    own = [
        Sector(vocabulary="99", code=code, percentage=share, narratives=narratives(en=code))
        for code, share in (("A", 50), ("B", 49))
    ]
    problems = graver(check(changed(sectors=(ACTIVITY.sectors[0], *own)), standard, now=NOW))
    assert [problem.message[:6] for problem in problems] == ["2.1.2:"]


def test_elements_out_of_their_order_break_the_schema(standard: Standard):
    root = etree.fromstring(write(FILE))
    activity = root[0]
    activity.append(activity.find("title"))
    [problem] = graver(check(etree.tostring(root), standard, now=NOW))
    assert (problem.rule, problem.record) == (1011, "line 7")
    assert "This element is not expected" in problem.message


def test_an_identifier_that_stands_twice_is_told(standard: Standard):
    problems = graver(check(write(Activities(activities=(ACTIVITY, ACTIVITY))), standard, now=NOW))
    assert [(each.rule, each.record) for each in problems] == [(1017, ACTIVITY.identifier)]


def test_another_version_is_told(standard: Standard):
    [problem] = graver(check(write(msgspec.structs.replace(FILE, version="2.01")), standard, now=NOW))
    assert (problem.rule, problem.message) == (1018, "The file says version 2.01.")


@pytest.mark.parametrize(("data", "rule"), [(b"<a>", 1000), (b"<!DOCTYPE a><a/>", 1001), (b"<a/>", 1004)])
def test_a_file_that_is_none_is_told(standard: Standard, data, rule):
    assert [problem.rule for problem in check(data, standard, now=NOW)] == [rule]


def test_a_file_of_too_many_activities_is_not_begun(standard: Standard):
    data = b"<iati-activities>" + b"<iati-activity/>" * (MOST + 1) + b"</iati-activities>"
    [problem] = check(data, standard, now=NOW)
    assert (problem.rule, problem.message) == (
        1002,
        "The file has 20001 activities; at most 20000 are checked at once.",
    )


def test_a_code_outside_any_activity_still_has_a_place(standard: Standard):
    problems = check(b"<iati-activities><iati-activity xml:lang='xx'/></iati-activities>", standard, now=NOW)
    assert {problem.rule for problem in problems} >= {1011, 1013, 1014, 1018}
    assert {problem.record for problem in problems if problem.rule == 1014} == {""}


def test_only_the_first_problems_of_each_part_are_listed(standard: Standard):
    wrong = "".join(f"<sector code='{each}'/>" for each in range(SHOWN + 20))
    problems = check(
        f"<iati-activities><iati-activity>{wrong}</iati-activity></iati-activities>".encode(), standard, now=NOW
    )
    assert sum(problem.rule == 1012 for problem in problems) == SHOWN
    assert "20 more problems are not listed." in [problem.message for problem in problems]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("iati-activities-schema.xsd", None, "iati-activities-schema.xsd cannot be read"),
        ("iati-activities-schema.xsd", "<a>", "iati-activities-schema.xsd cannot be read"),
        ("iati-activities-schema.xsd", "<a/>", "iati-activities-schema.xsd cannot be read"),
        ("iati-common.xsd", None, "iati-activities-schema.xsd cannot be read"),
        ("ruleset-standard.json", None, "ruleset-standard.json cannot be read"),
        ("ruleset-standard.json", '{"//a": {"guess": {"cases": []}}}', "no kind of rule is called guess"),
        ("codelists/Sector.xml", "<codelist>", "Sector.xml cannot be read"),
    ],
)  # fmt: skip
def test_a_standard_that_is_not_whole_is_refused(shared_folder: Path, tmp_path: Path, name, content, said):
    folder = copied(vectors(shared_folder), tmp_path / "iati")
    (folder / name).unlink()
    if content:
        (folder / name).write_text(content)
    with pytest.raises(Refused, match=said) as refused:
        load(folder)
    assert refused.value.problem.rule == 1010


def test_the_agencies_are_those_of_the_list_that_is_there(shared_folder: Path, tmp_path: Path):
    folder = copied(vectors(shared_folder), tmp_path / "iati")
    (folder / "ruleset-standard.json").rename(folder / "standard.json")
    agency = "<codelist-items><codelist-item><code>ZZ-GOV</code></codelist-item></codelist-items>"
    agencies = f"<codelist name='OrganisationRegistrationAgency'>{agency}</codelist>"
    (folder / "codelists" / "OrganisationRegistrationAgency.xml").write_text(agencies)
    standard = load(folder)
    assert standard.agencies == {"ZZ-GOV"}
    assert not [each for each in check(write(FILE), standard, now=NOW) if "1.14.8" in each.message]
