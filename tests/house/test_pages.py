"""The documentation says what the code says: rules, inventory changes, commands, settings."""

import difflib
import re

import pytest

from tests.house.tree import ROOT, text_of, tracked
from tools.pages import BLOCKS, import_everything, pages

VARIABLE = re.compile(r"\bOPENMPCA_[A-Z][A-Z_]*\b")


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_page_that_is_made_from_the_code_is_what_the_code_says(name: str) -> None:
    written, made = text_of(ROOT / "docs" / name), pages()[name]()
    difference = difflib.unified_diff(written.splitlines(), made.splitlines(), "written", "made", lineterm="", n=0)
    assert written == made, "run `make docs`:\n" + "\n".join(list(difference)[:40])


def test_every_rule_has_one_section_and_every_section_a_rule() -> None:
    from openmpca.problems import RULES

    import_everything()
    sections = [int(number) for number in re.findall(r"^### (\d+)\. ", text_of(ROOT / "docs/rules.md"), re.M)]
    assert sorted(sections) == sorted(RULES)


def test_every_rule_has_a_number_of_a_block_and_says_how_to_mend() -> None:
    from openmpca.problems import RULES

    import_everything()
    outside = [number for number in RULES if not any(first <= number <= last for first, last, _ in BLOCKS)]
    assert outside == []
    assert [rule.number for rule in RULES.values() if not (rule.mend and rule.source and rule.title)] == []


def test_an_unverified_rule_never_refuses() -> None:
    from openmpca.problems import ERROR, RULES

    import_everything()
    assert [rule.number for rule in RULES.values() if rule.unverified and rule.severity == ERROR] == []


def test_every_inventory_change_code_has_an_entry() -> None:
    from openmpca.nuclear.changes import CHANGES, MBR_ENTRIES

    entries = re.findall(r"^###? (\w+)\. ", text_of(ROOT / "docs/inventory-changes.md"), re.M)
    assert set(entries) == {*CHANGES, *MBR_ENTRIES}


def test_every_setting_has_an_entry() -> None:
    from openmpca.record.home import Configuration

    page = text_of(ROOT / "docs/settings.md")
    read = {
        name
        for path in tracked()
        if path.is_relative_to(ROOT / "src") and path.suffix == ".py"
        for name in VARIABLE.findall(text_of(path))
    }
    asked = {f"`{name}`" for name in read | set(Configuration.__struct_fields__)}
    asked |= {f"`OPENMPCA_{name.upper()}`" for name in Configuration.__struct_fields__}
    assert {each for each in asked if each not in page} == set()
