"""Home: my work and nothing beyond my reach, each line leading to where it is done; the picture of what I may read."""

import re
from datetime import UTC, date, datetime
from typing import Any
from unittest.mock import patch

import pytest

from tests.accounting.story import Story, begun, grams
from tests.state import State
from tests.web.accounting.narrow import blocks, shown, somebody
from tests.web.conftest import signed_in

D = date
W = grams(E="10000", E_U235="300")
AT = "?as_of=2024-03-10"
WORK = {"to_approve", "prepared", "due", "mend", "to_receive", "unmatched", "differences", "drafts"}


@pytest.fixture
def story(site: State) -> Story:
    return begun()


def moved(story: Story) -> tuple[int, int]:
    """B is on its way from ZZA1 to ZZB1, C from ZZA1 to ZZC1; gives both shipments."""
    for batch in ("B", "C", "KEPT-1"):
        story.happened("RF", "ZZA1", batch, D(2024, 1, 5), W, counterpart="XX/XXA1", shipper_batch=batch)
    first = story.happened("SD", "ZZA1", "B", D(2024, 2, 1), W, counterpart="ZZ/ZZB1")
    return first, story.happened("SD", "ZZA1", "C", D(2024, 2, 2), W, counterpart="ZZ/ZZC1")


def proposed(story: Story, mba: str, batch: str) -> int:
    from openmpca.record import commands
    from openmpca.record.statements import Duty
    from tests.state import alone

    duty = Duty(day=D(2000, 1, 1), of="accounting.change", persons=2, prepare=["officer"], approve=["officer"])
    story.state(duty)
    receipt = story.change("RF", mba, batch, D(2024, 3, 1), W, counterpart="XX")
    return int(commands.state([receipt], alone(story.act)).proposal or 0)


def rows_of(found: Any, name: str, *columns: str) -> list[Any]:
    return [tuple(row[each] for each in columns) for row in found[name]["rows"]]


def test_nothing_to_do_is_said_in_one_line_each(story: Story) -> None:
    anna = signed_in("anna")
    found = blocks(anna, AT)
    assert {name for name in WORK if found[name]["rows"]} == set()
    assert WORK | {"flow", "inventory", "quantities"} == set(found)
    page = shown(anna, AT)
    assert "Nothing waits for your approval." in page
    assert "Nothing is to be received." in page
    assert "<svg" not in page


def test_what_i_prepared_waits_for_another_and_what_others_prepared_for_me(story: Story) -> None:
    number = proposed(story, "ZZA1", "B1")
    anna, boris = blocks(signed_in("anna"), AT), blocks(signed_in("boris"), AT)
    assert (rows_of(anna, "to_approve", "proposal"), rows_of(anna, "prepared", "proposal")) == ([], [(number,)])
    assert (rows_of(boris, "to_approve", "proposal"), rows_of(boris, "prepared", "proposal")) == ([(number,)], [])
    page = shown(signed_in("boris"), AT)
    assert f"/record/proposal?number={number}&amp;as_of=2024-03-10" in page
    assert "Prepared by" in page


def test_shipments_lead_to_their_receipt_and_go_when_received(story: Story) -> None:
    first, second = moved(story)
    anna = signed_in("anna")
    assert rows_of(blocks(anna, AT), "to_receive", "days", "receiver", "batch") == [
        (38, "ZZB1", "B"),
        (37, "ZZC1", "C"),
    ]
    assert f"/accounting/receive?mba=ZZB1&amp;shipment={first}" in shown(anna, AT)
    story.happened("RD", "ZZB1", "B-HERE", D(2024, 3, 1), W, counterpart="ZZ/ZZA1", shipper_batch="B", shipment=first)
    assert rows_of(blocks(anna, AT), "to_receive", "batch") == [("C",)]
    assert rows_of(blocks(anna, "?as_of=2024-02-20"), "to_receive", "batch") == [("B",), ("C",)]
    assert rows_of(blocks(anna, f"{AT}&known_at={second}"), "to_receive", "batch") == [("B",), ("C",)]
    assert rows_of(blocks(anna, "?as_of=2024-01-31"), "to_receive", "batch") == []


def test_the_same_batch_shipped_again_waits_again(story: Story) -> None:
    from openmpca.accounting.transit.waiting import waiting

    first, _ = moved(story)
    half = grams(E="5000", E_U235="150")
    story.happened("RD", "ZZB1", "B", D(2024, 2, 3), W, counterpart="ZZ/ZZA1", shipper_batch="B", shipment=first)
    story.happened("SD", "ZZB1", "B", D(2024, 2, 5), W, counterpart="ZZ/ZZA1")
    assert [(each.batch, each.shipper) for each in waiting(story.view(D(2024, 3, 1)), ["ZZB1"])] == [("B", "ZZB1")]
    again = story.happened("SD", "ZZA1", "KEPT-1", D(2024, 2, 6), half, counterpart="ZZ/ZZB1")
    late = story.happened("RD", "ZZB1", "KEPT-1", D(2024, 2, 9), half, counterpart="ZZ/ZZA1", shipment=again)
    from openmpca.accounting.statements import Deletion

    story.state(Deletion(day=D(2024, 2, 9), mba="ZZB1", corrects=late, reason="not here"))
    assert again in [each.number for each in waiting(story.view(D(2024, 3, 1)))]


def test_an_inventory_that_is_not_closed_says_how_much_differs(story: Story) -> None:
    from openmpca.accounting.inventory import taking

    moved(story)
    made = taking.freeze("ZZA1", D(2024, 2, 20), story.act)
    anna = signed_in("anna")
    assert rows_of(blocks(anna, AT), "differences", "mba", "day") == [("ZZA1", "2024-02-20")]
    assert blocks(anna, AT)["differences"]["rows"][0]["differences"] > 0
    assert f"/accounting/inventory-differences?number={made.numbers[0]}" in shown(anna, AT)
    clara = somebody(story.act, scope="mba:ZZB1")
    assert blocks(clara, AT)["differences"]["rows"] == []


def test_drafts_are_ones_own(story: Story) -> None:
    from openmpca.record.commands import person_of
    from openmpca.web.models import Draft

    now = datetime(2026, 1, 1, 12, tzinfo=UTC)
    mine = Draft.objects.create(
        person=person_of("anna"), path="/accounting/receive", title="Receipt of B", fields={}, changed=now
    )
    assert rows_of(blocks(signed_in("anna"), ""), "drafts", "title") == [("Receipt of B",)]
    assert f'href="/accounting/receive?draft={mine.pk}"' in shown(signed_in("anna"), "")
    assert blocks(signed_in("boris"), "")["drafts"]["rows"] == []


def test_a_list_shows_the_first_and_says_of_how_many(story: Story) -> None:
    for at in range(10):
        story.happened("RF", "ZZA1", f"N{at}", D(2024, 1, 5), W, counterpart="XX", shipper_batch=f"N{at}")
        story.happened("SD", "ZZA1", f"N{at}", D(2024, 2, 1 + at), W, counterpart="ZZ/ZZB1")
    assert rows_of(blocks(signed_in("anna"), AT), "to_receive", "batch") == [(f"N{at}",) for at in range(8)]
    assert "To be received: the first 8 of 10" in shown(signed_in("anna"), AT)


def test_the_picture_of_the_state_is_drawn_with_its_figures(story: Story) -> None:
    moved(story)
    anna = signed_in("anna")
    found = blocks(anna, AT)
    assert found["flow"]["data"]["rows"] == [
        {"source": "XX/XXA1", "target": "ZZA1", "category": "E", "g": "30000"},
        {"source": "ZZA1", "target": "ZZB1", "category": "E", "g": "10000"},
        {"source": "ZZA1", "target": "ZZC1", "category": "E", "g": "10000"},
    ]
    assert found["inventory"]["data"]["rows"][-1] == {"day": "2024-03-10", "E": "10000"}
    page = shown(anna, AT)
    assert page.count('role="img"') == 6
    assert not re.search(r"<svg[^>]*style=|<style|<script(?![^>]*src=)", page)
    exported = anna.get(f"/{AT}&as=csv&table=flow_figures").content.decode()
    assert exported.splitlines()[1:] == ["XX/XXA1,ZZA1,E,30000", "ZZA1,ZZB1,E,10000", "ZZA1,ZZC1,E,10000"]


def test_a_narrow_grant_sees_its_own_work_and_picture_only(story: Story) -> None:
    moved(story)
    proposed(story, "ZZA1", "HIDDEN-1")
    clara = somebody(story.act, scope="mba:ZZB1")
    found = blocks(clara, AT)
    assert rows_of(found, "to_receive", "batch") == [("B",)]
    assert (found["to_approve"]["rows"], found["unmatched"]["rows"], found["flow"]["data"]["rows"]) == ([], [], [])
    for address in (f"/{AT}", f"/api/{AT}", f"/{AT}&as=json&table=to_receive", f"/accounting/picture{AT}"):
        content = clara.get(address).content.decode()
        assert not re.search("ZZC1|KEPT-1|HIDDEN-1|XXA1|30.?000", content), address
    assert clara.get("/accounting/picture?mba=ZZA1").status_code == 404
    assert clara.get("/api/accounting/picture?mba=NONE").status_code == 404
    dora = somebody(story.act, "dora", "mba:ZZA1")
    assert rows_of(blocks(dora, AT), "unmatched", "batch") == [("B",), ("C",)]
    assert rows_of(blocks(dora, AT), "to_receive", "batch") == []


def test_who_holds_no_grant_has_only_what_is_theirs(story: Story) -> None:
    from openmpca.record.people import introduce

    moved(story)
    introduce("eve", "Eve", story.act.party, D(2000, 1, 1), story.act)
    assert set(blocks(signed_in("eve"), AT)) == {"to_approve", "prepared", "drafts"}


def test_while_the_state_is_counted_home_comes_at_once_and_a_page_says_so(story: Story) -> None:
    from openmpca.accounting.reporting.owed import KEPT

    anna = signed_in("anna")
    with KEPT.turn as turn:
        turn.is_long = True
        found = blocks(anna, AT)
        answer = anna.get(f"/accounting/due{AT}")
    assert "being counted" in found["due"]
    assert found["to_receive"]["rows"] == []
    assert answer.status_code == 503
    assert "Ask again in a moment" in answer.content.decode()
    assert blocks(anna, AT)["due"]["rows"] == []


def test_a_page_right_to_left_draws_its_pictures_mirrored(story: Story) -> None:
    moved(story)
    anna = signed_in("anna")
    with patch("openmpca.accounting.pages.picture.get_language_bidi", return_value=True):
        mirrored = shown(anna, f"accounting/picture{AT}")
    assert 'direction="rtl"' in mirrored
    assert 'direction="rtl"' not in shown(anna, f"accounting/picture{AT}")
