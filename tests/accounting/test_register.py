"""The register of any day, as known at any statement."""

from datetime import date
from typing import Any

import pytest

from tests.accounting.story import BEGIN, Story, begun
from tests.state import State

LATER, AGO = date(2025, 1, 1), date(2024, 6, 1)


@pytest.fixture
def story(each_state_home: State) -> Story:
    return begun()


def area(**fields: Any) -> Any:
    from openmpca.accounting.statements import Mba

    return Mba(**{"day": LATER, "code": "ZZA1", "facility": "ZZF-", "name": "new"} | fields)


def test_an_area_is_what_the_last_statement_of_its_day_says(story: Story) -> None:
    from openmpca.accounting.register import mba

    before = story.view().number
    story.state(area())
    story.state(area(day=AGO, name="between"))
    names = {day: entry and entry.fields.name for day in (BEGIN, AGO, LATER) for entry in [mba("ZZA1", day)]}
    assert names == {BEGIN: "ZZA1", AGO: "between", LATER: "new"}
    entry = mba("ZZA1", LATER, known_at=before)
    assert entry is not None
    assert entry.fields.name == "ZZA1"
    story.state(area(name="newest"))
    latest = mba("ZZA1", LATER)
    assert latest is not None
    assert (latest.fields.name, latest.number) == ("newest", story.view().number)
    assert mba("ZZA1", date(2023, 1, 1)) is None


def test_what_has_ended_is_shown_when_asked_for(story: Story) -> None:
    from openmpca.accounting.register import mba, register
    from openmpca.accounting.statements import Mba

    story.state(area(ended=True))
    assert "ZZA1" not in [each.fields.code for each in register(Mba, LATER)]
    assert "ZZA1" in [each.fields.code for each in register(Mba, LATER, ended=True)]
    assert "ZZA1" in [each.fields.code for each in register(Mba, AGO)]
    assert mba("ZZA1", LATER) is not None


def test_points_holders_and_places_belong_to_their_area(story: Story) -> None:
    from openmpca.accounting.register import holders, kmps, places
    from openmpca.accounting.statements import Holder, Kmp, Place

    story.state(
        *(Kmp(day=AGO, mba=mba, code="1", name=mba) for mba in ("ZZA1", "ZZB1")),
        Holder(day=AGO, mba="ZZA1", code="H1", name="Hospital"),
    )
    story.state(
        Place(day=AGO, mba="ZZA1", code="B", name="Building"),
        Place(day=AGO, mba="ZZA1", code="R", name="Room", within="B"),
        Place(day=AGO, mba="ZZA1", code="P", name="Position", within="R"),
    )
    assert [each.fields.name for each in kmps("ZZB1", AGO)] == ["ZZB1"]
    assert [each.fields.code for each in holders("ZZA1", AGO)] == ["H1"]
    assert kmps("ZZB1", BEGIN) == []
    (building,) = places("ZZA1", LATER)
    assert [(each.place.code, [inner.place.code for inner in each.within]) for each in building.within] == [
        ("R", ["P"])
    ]
    story.state(Place(day=LATER, mba="ZZA1", code="R", name="Room", within="B", ended=True))
    assert [each.place.code for each in places("ZZA1", LATER)] == ["B", "P"], "what stood in it stands at the top"


def test_a_document_is_due_then_late_then_sent_and_answered(story: Story) -> None:
    from openmpca.accounting.register import documents
    from openmpca.accounting.statements import Document

    given = {"code": "DI", "sort": "design information", "title": "Reactor", "due": date(2024, 3, 1)}
    story.state(Document(day=BEGIN, **given))
    first = story.view().number
    story.state(
        Document(day=date(2024, 4, 1), **given, sent=date(2024, 4, 1)),
        Document(day=date(2024, 5, 1), **given, sent=date(2024, 4, 1), answered=date(2024, 5, 1)),
    )
    days = [date(2024, 3, 1), date(2024, 3, 2), date(2024, 4, 1), date(2024, 5, 1)]
    assert [documents(day)[0].standing for day in days] == ["due", "late", "sent", "answered"]
    assert documents(days[-1], known_at=first)[0].standing == "late"


def test_the_authority_and_the_own_state_are_known_once_they_are_there(each_state_home: State) -> None:
    from openmpca.accounting.register import facility_of, founding_party, own_country
    from openmpca.record.known import Known

    empty = Known("default", 0)
    assert (founding_party(empty), own_country(empty), facility_of(["ZZA1"], empty)) == ("", "", {})
    begun()
    assert (founding_party(empty), own_country(empty), facility_of(["ZZA1"], empty)) == ("SRA", "ZZ", {"ZZA1": "ZZF-"})
