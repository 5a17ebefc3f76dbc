"""Sets of obligations through changes, told event by event."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from openmpca.accounting.obligations.replay import Event, Part, Replay, Sets, obligation_set


def event(number: int, code: str, *parts: Part, mba: str = "A", day: int = 1, **others: Any) -> Event:
    return Event(number=number, day=day, mba=mba, code=code, parts=parts, **others)


def held(*events: Event, mba: str = "A", category: str = "E") -> Sets:
    replayed = Replay()
    replayed.apply(events)
    return {name: ug for name, ug in sorted(replayed.totals[mba, category].items()) if ug}


def in_batches(*events: Event, mba: str = "A", category: str = "E") -> dict[str, Sets]:
    replayed = Replay()
    replayed.apply(events)
    kept = {
        batch: {name: ug for name, ug in sorted(sets.items()) if ug}
        for batch, sets in replayed.batches[mba, category].items()
    }
    return {batch: sets for batch, sets in kept.items() if sets}


RECEIVED = (
    event(1, "RF", Part("B", "E", 60, "A")),
    event(2, "RF", Part("B", "E", 40, "S")),
)


def test_a_set_is_written_in_one_way() -> None:
    assert obligation_set("S+A+S") == "A+S"


def test_what_comes_in_under_a_set_stands_under_it() -> None:
    assert held(*RECEIVED) == {"A": 60, "S": 40}
    assert held(event(1, "RF", Part("B", "E", 5))) == {"": 5}


def test_a_loss_takes_its_share_of_every_set() -> None:
    assert held(*RECEIVED, event(3, "LN", Part("B", "E", -10))) == {"A": 54, "S": 36}
    assert held(*RECEIVED, event(3, "LN", Part("B", "E", -1))) == {"A": 59, "S": 40}


def test_a_batch_keeps_its_set_until_it_is_consumed() -> None:
    two = (event(1, "RF", Part("B", "E", 60, "A")), event(2, "RF", Part("C", "E", 40, "S")))
    assert in_batches(*two, event(3, "LD", Part("C", "E", -40))) == {"B": {"A": 60}}


def test_a_shipment_under_a_set_takes_it_from_other_batches_by_changing_places() -> None:
    two = (event(1, "RF", Part("B", "E", 60, "A")), event(2, "RF", Part("C", "E", 60, "S")))
    shipped = event(3, "SF", Part("B", "E", -50, "S"))
    assert held(*two, shipped) == {"A": 60, "S": 10}
    assert in_batches(*two, shipped) == {"B": {"A": 10}, "C": {"A": 50, "S": 10}}


def test_more_taken_than_held_is_a_shortfall_and_is_recorded() -> None:
    replayed = Replay()
    replayed.apply([*RECEIVED, event(3, "SF", Part("B", "E", -50, "S"))])
    assert [(each.number, each.obligation, each.ug) for each in replayed.shortfalls] == [(3, "S", 10)]
    assert dict(replayed.totals["A", "E"]) == {"A": 60, "S": -10}


def test_a_receipt_inherits_the_sets_of_its_shipment() -> None:
    shipped = event(3, "SD", Part("B", "E", -50))
    assert held(*RECEIVED, shipped, event(4, "RD", Part("X", "E", 50), mba="B", shipment=3), mba="B") == {
        "A": 30,
        "S": 20,
    }
    first, second = (event(n, "RD", Part("X", "E", 25), mba="B", shipment=3) for n in (4, 5))
    assert held(*RECEIVED, shipped, first, second, mba="B") == {"A": 30, "S": 20}
    assert held(event(4, "RD", Part("X", "E", 50), mba="B"), mba="B") == {"": 50}


def test_waste_comes_back_under_the_sets_under_which_it_went() -> None:
    gone = event(3, "TW", Part("B", "E", -10, "S"))
    assert held(*RECEIVED, gone) == {"A": 60, "S": 30}
    assert held(*RECEIVED, gone, event(4, "FW", Part("B", "E", 10))) == {"A": 60, "S": 40}


def test_a_rebatched_batch_inherits_the_sets_of_its_parents() -> None:
    two = (event(1, "RF", Part("B", "E", 60, "A")), event(2, "RF", Part("C", "E", 60, "S")))
    split = (event(3, "RM", Part("C", "E", -30)), event(4, "RP", Part("D", "E", 30), parents=("C",)))
    assert in_batches(*two, *split) == {"B": {"A": 60}, "C": {"S": 30}, "D": {"S": 30}}
    merged = (
        event(3, "RM", Part("B", "E", -60)),
        event(4, "RM", Part("C", "E", -60)),
        event(5, "RP", Part("D", "E", 120), parents=("B", "C")),
    )
    assert in_batches(*two, *merged) == {"D": {"A": 60, "S": 60}}


def test_plutonium_inherits_the_sets_of_the_uranium_consumed() -> None:
    burnt = event(3, "LN", Part("B", "E", -10))
    made = event(4, "NP", Part("B", "P", 5))
    assert held(*RECEIVED, burnt, made, category="P") == {"A": 3, "S": 2}
    assert held(*RECEIVED, made, category="P") == {"A": 3, "S": 2}, "without a loss, of the uranium of the batch"
    elsewhere = event(4, "NP", Part("Z", "P", 5))
    assert held(*RECEIVED, elsewhere, category="P") == {"A": 3, "S": 2}, "else of the area"
    assert held(made, category="P") == {"": 5}


def test_a_category_change_takes_its_sets_along() -> None:
    changed = event(3, "EN", Part("B", "E", -50), Part("B", "N", 50))
    assert held(*RECEIVED, changed) == {"A": 30, "S": 20}
    assert held(*RECEIVED, changed, category="N") == {"A": 30, "S": 20}


def test_an_exchange_moves_sets_without_moving_material() -> None:
    swapped = event(3, "exchange", Part("", "E", -15, "S"), Part("", "E", 15, "C"))
    assert held(*RECEIVED, swapped) == {"A": 60, "C": 15, "S": 25}
    nothing = event(3, "exchange", Part("", "E", -15, "S"), Part("", "E", 15, "S"))
    assert held(*RECEIVED, nothing) == {"A": 60, "S": 40}


def test_an_exchange_of_more_than_is_held_is_a_shortfall() -> None:
    replayed = Replay()
    replayed.apply([*RECEIVED, event(3, "exchange", Part("", "E", -50, "S"), Part("", "E", 50, "C"))])
    assert [(each.obligation, each.ug) for each in replayed.shortfalls] == [("S", 10)]
    assert dict(replayed.totals["A", "E"]) == {"A": 60, "S": -10, "C": 50}


def test_a_difference_is_shared_both_ways() -> None:
    assert held(*RECEIVED, event(3, "DI", Part("B", "E", -10))) == {"A": 54, "S": 36}
    assert held(*RECEIVED, event(3, "DI", Part("B", "E", 10))) == {"A": 66, "S": 44}


def test_at_a_closing_what_was_found_takes_over_and_the_muf_is_shared() -> None:
    closed = event(3, "MF", Part("B", "E", -100), Part("C", "E", 90))
    assert in_batches(*RECEIVED, closed) == {"C": {"A": 54, "S": 36}}
    stated = event(3, "MF", Part("B", "E", -100), Part("C", "E", 60), Part("D", "E", 40, "S"))
    assert in_batches(*RECEIVED, stated) == {"C": {"A": 60}, "D": {"S": 40}}
    gained = event(3, "MF", Part("B", "E", 10))
    assert held(*RECEIVED, gained) == {"A": 66, "S": 44}


def test_without_batch_follow_up_the_area_shares() -> None:
    assert held(*RECEIVED, event(3, "LD", Part("ANY", "E", -50))) == {"A": 30, "S": 20}


CODES = ("RF", "RD", "SD", "SF", "LN", "NP", "LD", "TW", "FW", "DI", "RM", "RP", "GA", "MF", "exchange", "EN")
names = st.sampled_from(["", "A", "S", "A+S"])


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    made = []
    for number in range(draw(st.integers(0, 30))):
        code, ug = draw(st.sampled_from(CODES)), draw(st.integers(1, 1000))
        batch, mba, name = draw(st.sampled_from("BCD")), draw(st.sampled_from("AB")), draw(names)
        if code == "exchange":
            parts = (Part("", "E", -ug, name), Part("", "E", ug, draw(names)))
        elif code == "EN":
            parts = (Part(batch, "E", -ug, name), Part(batch, "N", ug, name))
        elif code == "MF":
            parts = tuple(
                Part(each, "E", draw(st.integers(-500, 500).filter(bool)), draw(names))
                for each in draw(st.sets(st.sampled_from("BCD")))
            )
            parts = tuple(each if each.ug > 0 else Part(each.batch, "E", each.ug) for each in parts)
        else:
            sign = 1 if code in ("RF", "RD", "NP", "FW", "RP", "GA") or (code == "DI" and draw(st.booleans())) else -1
            parts = (Part(batch, "P" if code == "NP" else "E", sign * ug, name),)
        shipment = draw(st.integers(0, number)) if code == "RD" else None
        parents = tuple(draw(st.sets(st.sampled_from("BCD")))) if code == "RP" else ()
        made.append(event(number, code, *parts, mba=mba, day=number // 4, shipment=shipment, parents=parents))
    return made


@given(histories())
def test_the_sets_always_sum_to_the_book_of_every_batch(history: list[Event]) -> None:
    replayed = Replay()
    replayed.apply(history)
    book: dict[tuple[str, str, str], int] = {}
    for each in history:
        for part in each.parts if each.code != "exchange" else ():
            key = (each.mba, part.category, part.batch)
            book[key] = book.get(key, 0) + part.ug
    for (mba, category), batches in replayed.batches.items():
        for batch, sets in batches.items():
            assert sum(sets.values()) == book.get((mba, category, batch), 0)
        summed: dict[str, int] = {}
        for sets in batches.values():
            for name, ug in sets.items():
                summed[name] = summed.get(name, 0) + ug
        assert {k: v for k, v in summed.items() if v} == {k: v for k, v in replayed.totals[mba, category].items() if v}
