"""Securing and eliminating: items through their procedures, counts of each viewpoint, sites in stages, clocks."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.elimination import items, notices, scoreboard, sites
from openmpca.cooperation.elimination.statements import (
    Attribute,
    Building,
    Count,
    Element,
    Increment,
    Item,
    ItemType,
    Line,
    Notification,
    Receipt,
    Site,
    Stage,
    Step,
    View,
)
from tests.cooperation.joint import DAY, HOSTED, hosting, refused, state
from tests.state import State

ALL: dict[str, Any] = {"day": DAY, "release": ["*"]}
TUBE = ItemType(**ALL, code="TUBE", title="Launch tube", sort="launch tube", steps=["removed", "cut"])
AGENT = ItemType(**ALL, code="AGENT", title="Agent", sort="chemical agent", unit="t", steps=["received", "destroyed"])


def tubes(*codes: str) -> list[Item]:
    return [Item(**ALL, code=each, type="TUBE") for each in codes]


def step(item: str, done: str, **others: Any) -> Step:
    return Step(**{**ALL, "item": item, "step": done, "evidence": "act 7", **others})


def test_what_is_eliminated_counts_for_others_only_where_they_accept_it(each_state_home: State) -> None:
    ours, theirs = hosting()
    state(ours, TUBE, *tubes("T-1", "T-2", "T-3"))
    state(ours, *(step(each, done) for each in ("T-1", "T-2", "T-3") for done in ("removed", "cut")))
    state(theirs, View(**ALL, of="item:T-1", position="accepted"))
    state(theirs, View(**ALL, of="item:T-2", position="disputed", reason="No act was shown to us"))
    found = items.progress(Claims(DAY))
    assert [each.position(HOSTED) for each in found] == ["accepted", "disputed", "open"]
    assert [each.next_step for each in found] == ["", "", ""]
    own, other = items.tallies(found, ["SRA", HOSTED])
    assert (own.declared, own.accepted, own.disputed, own.open) == (3, 3, 0, 0)
    assert (other.declared, other.accepted, other.disputed, other.open) == (3, 1, 1, 1)


def test_a_lot_goes_through_its_steps_in_parts(state_home: State) -> None:
    ours, _theirs = hosting()
    state(ours, AGENT, Item(**ALL, code="LOT-1", type="AGENT", amount="10.5"))
    assert refused(ours, step("LOT-1", "destroyed")) == [(761, "step")]
    state(ours, step("LOT-1", "received", amount="4"))
    assert refused(ours, step("LOT-1", "destroyed", amount="4.1")) == [(761, "step")]
    assert refused(ours, step("LOT-1", "received", amount="4"), step("LOT-1", "received", amount="4")) == [
        (761, "step")
    ]
    state(ours, step("LOT-1", "destroyed", amount="1.25"), step("LOT-1", "received"))
    (lot,) = items.progress(Claims(DAY))
    assert lot.done == {"received": Decimal("10.5"), "destroyed": Decimal("1.25")}
    assert (lot.eliminated, lot.left, lot.next_step) == (Decimal("1.25"), Decimal("9.25"), "destroyed")
    assert refused(ours, step("LOT-1", "burnt")) == [(761, "step")]


def test_what_cannot_be_is_refused_with_its_rule(state_home: State) -> None:
    ours, theirs = hosting()
    state(ours, TUBE, *tubes("T-1"))
    assert refused(theirs, View(**ALL, of="item:T-1", position="disputed")) == [(760, "reason")]
    assert refused(ours, View(**ALL, of="item:T-1", position="accepted")) == [(766, "of")]
    assert refused(theirs, step("T-1", "removed")) == [(761, "item")]
    assert refused(ours, ItemType(**ALL, code="X", title="X", sort="other", steps=["a", "a"])) == [(762, "steps")]
    assert refused(ours, ItemType(**ALL, code="X", title="X", sort="other", steps=["a"], notice={"b": "24"})) == [
        (762, "notice")
    ]
    assert refused(ours, Item(**ALL, code="T-2", type="TUBE", amount="-1")) == [(767, "amount")]
    note: dict[str, Any] = {**ALL, "code": "N-1", "title": "Removal", "about": ["item:T-1"]}
    assert refused(ours, Notification(**note, due="2026-02-30T10:00Z")) == [(763, "due")]
    assert refused(ours, Notification(**note, due="tomorrow")) == [(802, "due"), (763, "due")]
    state(ours, Line(**ALL, code="L", title="Tubes", definition="Tubes cut", owner="SRA", source="acts"))
    wrong = Increment(**ALL, line="L", first=date(2026, 2, 2), last=date(2026, 2, 1), amount="1", source="acts")
    assert refused(ours, wrong) == [(765, "last")]


def test_nobody_learns_from_a_refusal_what_another_keeps(state_home: State) -> None:
    ours, theirs = hosting()
    state(ours, ItemType(day=DAY, code="KEPT", title="Kept", sort="other", steps=["a"]))
    assert refused(theirs, Item(day=DAY, code="I", type="KEPT")) == [(800, "type")]
    assert refused(theirs, Item(day=DAY, code="I", type="NONE")) == [(800, "type")]


def test_a_site_is_told_by_the_stages_of_its_elements(state_home: State) -> None:
    ours, theirs = hosting()
    state(
        ours, Site(**ALL, code="S-1", title="Store", host="SRA"), Building(**ALL, code="B-1", site="S-1", title="Hall")
    )
    state(
        ours,
        *(
            Element(**ALL, code=f"E-{at}", at=where, title="Portal")
            for at, where in enumerate(["site:S-1", "building:B-1"])
        ),
    )
    state(ours, Stage(**ALL, element="E-0", stage="rapid", evidence="visit of March"))
    state(theirs, Stage(**ALL, element="E-0", stage="tested", evidence="test of March"))
    assert sites.by_site(sites.staged(Claims(DAY)))["S-1"] == {
        "not started": 1,
        "rapid": 1,
        "comprehensive": 0,
        "tested": 0,
        "sustained": 0,
        "transferred": 0,
    }
    assert [each.stage for each in sites.staged(Claims(DAY), HOSTED)] == ["tested", "not started"]


def test_a_notification_has_a_clock(state_home: State) -> None:
    ours, theirs = hosting()
    state(ours, TUBE, *tubes("T-1"))
    common: dict[str, Any] = {**ALL, "title": "Removal", "about": ["item:T-1"], "due": "2026-03-01T12:00Z"}
    sent = {"N-1": "2026-03-01T11:59Z", "N-2": "2026-03-01T12:01Z", "N-3": ""}
    state(ours, *(Notification(**common, code=code, sent=moment) for code, moment in sent.items()))
    state(theirs, Receipt(**ALL, notification="N-1", received="2026-03-01T12:00Z"))

    def states(hour: int) -> list[str]:
        return [each.state for each in notices.notices(Claims(DAY), datetime(2026, 3, 1, hour, tzinfo=UTC))]

    assert states(10) == ["in time", "late", "due"]
    assert states(13) == ["in time", "late", "overdue"]
    first, *_others = notices.notices(Claims(DAY), datetime(2026, 3, 2, tzinfo=UTC))
    assert [each.party for each in first.receipts] == [HOSTED]


def test_counts_of_parties_stand_beside_each_other(state_home: State) -> None:
    from openmpca.record import commands

    ours, theirs = hosting()
    line = Line(**ALL, code="L", title="Tubes", definition="Tubes cut", owner="SRA", type="", source="acts")

    def count(on: date, amount: str) -> Count:
        return Count(**ALL, line="L", on=on, amount=amount, source="acts")

    state(ours, line, count(date(2026, 1, 31), "5"), count(date(2026, 2, 28), "7"))
    state(theirs, count(date(2026, 2, 28), "6"))
    state(
        theirs, View(**ALL, of="line:L", on=date(2026, 2, 28), position="disputed", sees="6", reason="One was a model")
    )
    (standing,) = scoreboard.scoreboard(Claims(DAY))
    assert [(each.party, each.said.amount) for each in standing.counts] == [("SRA", "7"), (HOSTED, "6")]
    assert [each.outcome for each in standing.wrong] == ["gap in the source"]
    (position,) = scoreboard.positions(Claims(DAY), standing.counts[0], ["SRA", HOSTED])
    assert (position.position, position.sees) == ("disputed", "6")
    falling = commands.state([count(date(2026, 3, 1), "3")], ours, dry_run=True)
    assert [each.rule for each in falling.problems] == [764]


def test_an_attribute_passes_or_fails_and_tells_no_figure(state_home: State) -> None:
    ours, theirs = hosting()
    state(ours, TUBE, *tubes("T-1"))
    measured: dict[str, Any] = {
        **ALL,
        "item": "T-1",
        "attribute": "presence",
        "threshold": "agreed",
        "equipment": "EQ-1",
    }
    assert refused(theirs, Attribute(**measured, result="0.87")) == [(801, "result")]
    state(theirs, Attribute(**measured, result="pass"))
    (found,) = items.progress(Claims(DAY))
    assert [each.said.result for each in found.attributes] == ["pass"]
