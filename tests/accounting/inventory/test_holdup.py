"""Hold-up: estimated at every inventory, cleaned out now and then."""

from datetime import date

from openmpca.accounting.inventory import taking as inventory
from openmpca.accounting.inventory.holdup import holdup, summary
from openmpca.accounting.statements import Change
from tests.accounting.inventory.area import AREA, begun, line, weights
from tests.state import State

OPENED = date(2025, 12, 31)
FIRST = date(2026, 3, 31)
SECOND = date(2026, 6, 30)


def test_estimates_of_hold_up_are_held_against_clean_outs(each_state_home: State) -> None:
    story = begun()
    held = {"description": "FQ6E", "holdup": True, "method": "NDA", "uncertainty": "20 %", "basis": "M"}
    story.opened(line("HELD-UP", weights=weights(E="100", E_U235="4"), **held), day=OPENED)
    taken = story.frozen(FIRST)
    story.found(taken, "HELD-UP", weights=weights(E="120", E_U235="4.8"), measured=True)
    story.closed(taken)
    scrap = {"day": date(2026, 4, 10), "mba": AREA, "description": "RQLD", "basis": "M", "kmp": "1"}
    cleaned = weights(E="110", E_U235="4.4")
    story.state(
        Change(code="RM", batch="HELD-UP", weights=cleaned, **scrap),
        Change(code="RP", batch="SCRAP-1", weights=cleaned, parents=["HELD-UP"], **scrap),
    )
    later = story.frozen(SECOND)
    story.found(later, "HELD-UP", weights=weights(E="20", E_U235="0.8"), measured=True)
    story.found(later, "SCRAP-1")
    found = holdup(AREA).filter(key="E")
    assert found.select("day", "event", "ug", "into", "estimated").rows() == [
        (OPENED, "estimate", 100_000_000, "", None),
        (FIRST, "estimate", 120_000_000, "", None),
        (date(2026, 4, 10), "clean-out", 110_000_000, "SCRAP-1", 120_000_000),
        (SECOND, "estimate", 20_000_000, "", None),
    ]
    assert found["uncertainty"][1] == "20 %"
    assert summary(AREA).select("key", "recovered", "estimated", "ug").rows()[0] == (
        "E",
        110_000_000,
        120_000_000,
        -10_000_000,
    )


def test_hold_up_that_is_not_estimated_again_is_warned_of(each_state_home: State) -> None:
    story = begun()
    held = {"description": "FQ6E", "holdup": True, "method": "NDA", "basis": "M"}
    lines = [line(batch, weights=weights(E="100", E_U235="4"), **held) for batch in ("H1", "H2", "H3")]
    story.opened(*lines, day=OPENED)
    taken = story.frozen(FIRST)
    story.found(taken, "H1")
    story.found(taken, "H2", weights=weights(E="101", E_U235="4"), measured=True)
    told = {each.rule: each.message for each in inventory.close(taken, story.both).problems}
    assert told[653] == "2 batches of hold-up not estimated again: H1, H3."
