"""Finding by names and texts gives the same on both databases, and only what is wanted."""

import pytest

from tests.accounting.story import LATER
from tests.state import State, founded
from tests.web.accounting.reading import Told, register, told

AREAS = ["ZZA1", "ZZB1"]


@pytest.fixture
def read(each_state_home: State) -> Told:
    return told(register(founded()))


def test_names_are_found_by_how_they_begin(read: Told) -> None:
    from openmpca.accounting import finding

    view = read.story.view()
    assert finding.batches("part", view, AREAS) == [("PART-1", ["ZZA1"])]
    assert [each.batch for each in finding.batches("S", view, AREAS)] == ["SECRET-8", "SECRET-9"]
    assert finding.batches("SECRET", view, ["ZZA1"]) == []
    assert [each.number for each in finding.transfers("yank", view, ["ZZB1"])] == [read.abroad]
    assert [each.code for each in finding.parts("shelf", view, AREAS)] == ["SHELF-1"]
    assert [each.code for each in finding.areas("secret", LATER, view)] == ["ZZB1"]
    assert finding.reports("ICR 1", view, AREAS) == []


def test_texts_are_found_in_any_case_and_signs_are_only_signs(read: Told) -> None:
    from openmpca.record import texts

    def found(text: str) -> list[int]:
        return [each.stored.number for each in texts.find(text, read.corrected + 1, 10, lambda each: True).found]

    assert found("sn-77") == [read.corrected, read.received]
    assert found("A SECRET NOTE") == [read.abroad]
    assert found("sn_77") == found("%77") == found("!") == found('"') == []


def test_the_lineage_of_a_batch_crosses_areas(read: Told) -> None:
    from openmpca.accounting.lineage import walk

    view = read.story.view()
    assert [each.edge.batch for each in walk("FUEL-1", "descendants", view)] == ["PART-1", "SECRET-8"]
    assert [each.edge.parent for each in walk("SECRET-8", "ancestors", view)] == ["PART-1", "FUEL-1", "YANK-7"]
