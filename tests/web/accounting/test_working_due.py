"""What is due and late on a page, each item leading to where it is done."""

from typing import Any

from tests.accounting.reporting.story import Story
from tests.web.accounting.narrow import blocks, shown, somebody
from tests.web.conftest import signed_in


def owing() -> Story:
    story = Story()
    story.inventory("2026-01-31", {}, opening=True)
    story.change("2026-03-10", "RF", "A", {"E": "10", "E/U235": "1"}, shipper_batch="S")
    return story


def test_what_is_due_leads_to_where_it_is_done(site: Any) -> None:
    story = owing()
    made = story.report("P", "2026-01-31", "2026-05-01").stated.numbers[0]
    anna = signed_in("anna")
    rows = blocks(anna, "accounting/due?as_of=2026-05-02")["due"]["rows"]
    assert [(row["what"], row["state"]) for row in rows][:2] == [
        ("ICR of 2026-03-01 to 2026-03-31", "late"),
        ("PIL 1 made and not sent", "due"),
    ]
    page = shown(anna, "accounting/due?as_of=2026-05-02")
    assert "/accounting/make?mba=ZZA1&amp;as_of=2026-05-02" in page
    assert f"/accounting/report?number={made}&amp;as_of=2026-05-02" in page
    late = blocks(anna, "accounting/due?as_of=2026-05-02&late=yes")["due"]["rows"]
    assert {row["state"] for row in late} == {"late"}


def test_a_narrow_grant_sees_what_its_area_owes_and_nothing_of_the_state(site: Any) -> None:
    story = owing()
    clara = somebody(story.act, scope="mba:ZZC1")
    assert blocks(clara, "accounting/due?as_of=2026-05-02")["due"]["rows"] == []
    assert clara.get("/accounting/due?mba=ZZA1").status_code == 404
    assert b"ZZA1" not in clara.get("/accounting/due?as_of=2026-05-02&as=csv").content
    dora = somebody(story.act, "dora", "facility:ZZA-")
    assert {row["mba"] for row in blocks(dora, "accounting/due?as_of=2026-05-02")["due"]["rows"]} == {"ZZA1"}


def test_an_area_that_is_not_there_is_not_found(site: Any) -> None:
    owing()
    assert signed_in("anna").get("/accounting/due?mba=NONE").status_code == 404
