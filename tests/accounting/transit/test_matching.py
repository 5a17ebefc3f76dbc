"""Which receipts answer which shipment: a pure matter of statements."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from openmpca.accounting.transit.consignments import Transfer, consign

G = 1_000_000
DAY = date(2024, 3, 1)


def transfer(number: int, code: str, mba: str, other: str, ug: int = 100 * G, **others: Any) -> Transfer:
    fields: dict[str, Any] = {
        "root": number,
        "batch": "B",
        "key": "B",
        "day": DAY,
        "category": "E",
        "weights": {"E": ug},
    } | others
    return Transfer(number=number, code=code, mba=mba, other=other, **fields)


def standings(*transfers: Transfer, on: date = DAY) -> list[str]:
    return [each.state for each in consign(transfers, on)]


def test_what_was_shipped_is_in_transit_until_it_is_received() -> None:
    shipped = transfer(1, "SD", "ZZA1", "ZZ/ZZB1")
    assert standings(shipped) == ["in transit"]
    assert standings(shipped, transfer(2, "RD", "ZZB1", "ZZ/ZZA1")) == ["matched"]


def test_a_receipt_may_come_before_its_shipment() -> None:
    received = transfer(1, "RD", "ZZB1", "ZZA1")
    assert standings(received) == ["received before shipped"]
    assert standings(received, transfer(2, "SD", "ZZA1", "ZZB1", day=DAY + timedelta(3))) == ["matched"]
    assert standings(received, transfer(2, "SD", "ZZA1", "ZZB1", day=DAY + timedelta(60))) == [
        "received before shipped",
        "in transit",
    ]


def test_a_shipment_may_be_received_in_lots() -> None:
    shipped = transfer(1, "SD", "ZZA1", "ZZB1")
    first, second = (transfer(number, "RD", "ZZB1", "ZZA1", ug) for number, ug in ((2, 40 * G), (3, 60 * G)))
    assert standings(shipped, first) == ["partly matched"]
    assert standings(shipped, first, second) == ["matched"]


def test_a_batch_received_twice_differs() -> None:
    shipped = transfer(1, "SD", "ZZA1", "ZZB1")
    found = consign([shipped, *(transfer(number, "RD", "ZZB1", "ZZA1") for number in (2, 3))], DAY)
    assert [(each.standing, each.open_ug) for each in found] == [("differs", -100 * G)]


def test_of_two_shipments_of_one_name_the_one_of_this_mass_is_received() -> None:
    small, large = transfer(1, "SD", "ZZA1", "ZZB1", 10 * G), transfer(2, "SD", "ZZA1", "ZZB1", 90 * G)
    found = consign([small, large, transfer(3, "RD", "ZZB1", "ZZA1", 90 * G)], DAY)
    assert [each.standing for each in found] == ["in transit", "matched"]


def test_a_receipt_that_names_its_shipment_belongs_to_it() -> None:
    near, far = transfer(1, "SD", "ZZA1", "ZZB1"), transfer(2, "SD", "ZZA1", "ZZB1", day=DAY - timedelta(9))
    found = consign([near, far, transfer(3, "RD", "ZZB1", "ZZA1", key="OTHER", shipment=2)], DAY)
    assert [(each.first.number, each.standing) for each in found] == [(2, "matched"), (1, "in transit")]


def test_a_named_shipment_is_found_although_the_category_has_changed() -> None:
    found = consign(
        [
            transfer(1, "SD", "ZZA1", "ZZB1"),
            transfer(2, "RD", "ZZB1", "ZZA1", shipment=1, category="N", weights={"N": 100 * G}),
        ],
        DAY,
    )
    assert [each.standing for each in found] == ["differs"]


def test_another_receiver_another_category_another_batch_are_no_match() -> None:
    shipped = transfer(1, "SD", "ZZA1", "ZZB1")
    for wrong in (
        transfer(2, "RD", "ZZC1", "ZZA1"),
        transfer(2, "RD", "ZZB1", "ZZA1", category="P", weights={"P": 100 * G}),
        transfer(2, "RD", "ZZB1", "ZZA1", key="C"),
    ):
        assert standings(shipped, wrong) == ["in transit", "received before shipped"]


def test_an_isotope_that_differs_is_seen() -> None:
    shipped = transfer(1, "SD", "ZZA1", "ZZB1", weights={"E": 100 * G, "E/U235": 4 * G})
    received = transfer(2, "RD", "ZZB1", "ZZA1", weights={"E": 100 * G, "E/U235": 5 * G})
    assert standings(shipped, received) == ["differs"]


def test_a_national_class_does_not_part_a_shipment_from_its_receipt() -> None:
    shipped = transfer(1, "SD", "ZZA1", "ZZB1", weights={"LEU": 100 * G})
    assert standings(shipped, transfer(2, "RD", "ZZB1", "ZZA1", weights={"E": 100 * G})) == ["matched"]


def test_what_is_open_too_long_is_warned_of_then_overdue() -> None:
    shipped = transfer(1, "SD", "ZZA1", "ZZB1")
    seen = [consign([shipped], DAY + timedelta(days))[0] for days in (59, 60, 89, 90)]
    assert [each.alert for each in seen] == ["", "warn", "warn", "alarm"]
    assert [each.state for each in seen] == ["in transit", "in transit", "in transit", "overdue"]
    assert seen[3].standing == "in transit"


def test_abroad_our_shipment_waits_for_the_other_states_receipt() -> None:
    ours = transfer(1, "SF", "ZZA1", "XX/XXA1", 100 * G)
    theirs = transfer(-1, "RF", "XX/XXA1", "ZZ/ZZA1", 99 * G)
    assert standings(ours) == ["shipped"]
    assert standings(ours, theirs) == ["matched"], "a gram either way is rounding"
    assert standings(ours, transfer(-1, "RF", "XX/XXA1", "ZZ/ZZA1", 97 * G)) == ["partly matched"]
    assert standings(transfer(2, "RF", "ZZB1", "XX")) == ["received"]


def test_our_own_import_never_answers_our_own_export() -> None:
    assert standings(transfer(1, "SF", "ZZA1", "XX"), transfer(2, "RF", "ZZB1", "XX")) == ["shipped", "received"]


statement = st.builds(
    lambda number, ships, key, day, ug: transfer(
        number,
        "SD" if ships else "RD",
        "ZZA1" if ships else "ZZB1",
        "ZZB1" if ships else "ZZA1",
        ug,
        key=key,
        day=DAY + timedelta(day),
    ),
    st.integers(0, 10**6),
    st.booleans(),
    st.sampled_from("BC"),
    st.integers(0, 400),
    st.integers(1, 5 * G),
)


@given(st.lists(statement, unique_by=lambda each: each.number))
def test_every_statement_stands_in_exactly_one_consignment_and_no_mass_is_lost(some: list[Transfer]) -> None:
    found = consign(some, DAY)
    parts = [part.number for each in found for part in ((each.shipment,) if each.shipment else ()) + each.receipts]
    assert sorted(parts) == sorted(each.number for each in some)
    assert sum(each.open_ug for each in found) == sum(
        each.element_ug if each.ships else -each.element_ug for each in some
    )


def test_a_receipt_from_abroad_waits_for_the_shippers_word_and_does_not_age() -> None:
    received = transfer(1, "RF", "ZZA1", "XX/XXA1")
    late = DAY + timedelta(400)
    assert standings(received, on=late) == ["received"]
    assert standings(transfer(1, "SF", "ZZA1", "XX/XXA1"), on=late) == ["overdue"]
    assert standings(transfer(1, "RD", "ZZA1", "ZZB1"), on=late) == ["overdue"]


def test_a_receipt_that_the_shippers_state_does_not_list_becomes_overdue() -> None:
    received, late = transfer(1, "RF", "ZZA1", "XX/XXA1"), DAY + timedelta(400)
    another = transfer(-1, "SF", "XX/XXA1", "ZZ/ZZA1", key="OTHER")
    elsewhere = transfer(-1, "SF", "YY/YYA1", "ZZ/ZZA1", key="OTHER")
    assert standings(received, another, on=late) == ["overdue", "overdue"]
    assert standings(received, elsewhere, on=late) == ["overdue", "received"]


def test_a_receipt_that_another_state_claims_of_us_ages() -> None:
    assert standings(transfer(-1, "RF", "XX/XXA1", "ZZ/ZZA1"), on=DAY + timedelta(400)) == ["overdue"]


def test_days_at_the_ends_of_the_calendar_match_nothing_and_stop_nothing() -> None:
    for shipped, received in ((date.min, DAY), (DAY, date.min), (date.max, date.max)):
        both = (transfer(1, "SD", "ZZA1", "ZZB1", day=shipped), transfer(2, "RD", "ZZB1", "ZZA1", day=received))
        assert (standings(*both, on=date.max) == ["matched"]) == (shipped == received)
