"""The book told as stories: the worked examples W1 to W6 and W11 of the reference."""

from datetime import date

import polars as pl
import pytest

from tests.accounting.story import Story, begun, grams
from tests.state import State

OPENED = date(2024, 1, 31)
MONTHS = [date(2024, month, 15) for month in range(2, 12)]


@pytest.fixture
def story(state_home: State) -> Story:
    return begun()


def opening(story: Story, mba: str, **batches: dict[str, str]) -> None:
    """The opening inventory of an area, of two persons."""
    taken(story, mba, OPENED, opening=True, **batches)


def taken(story: Story, mba: str, day: date, *, opening: bool = False, **batches: dict[str, str]) -> int:
    """A physical inventory, its lines and its closing; gives the number of the inventory."""
    from openmpca.accounting.statements import Closing, Inventory, Listed

    (inventory,) = story.state(Inventory(day=day, mba=mba, opening=opening))
    lines = [Listed(day=day, mba=mba, inventory=inventory, batch=batch, weights=of) for batch, of in batches.items()]
    story.state(*lines, Closing(day=day, mba=mba, inventory=inventory))
    return inventory


def sums(story: Story, mba: str, code: str, day: date = date(2030, 1, 1), phase: int = 3) -> dict[str, float]:
    """What an account of an area holds in grams by nuclide."""
    from openmpca.accounting.queries import View

    held = View.of(day, phase=phase).balances([mba], [code]).filter(pl.col("nuclide") != "#")
    return {row["nuclide"] or "element": row["ug"] / 1e6 for row in held.iter_rows(named=True)}


def test_w1_the_ledger_of_a_research_reactor(story: Story) -> None:
    from openmpca.accounting.ledger import ledger

    taken(story, "ZZA1", date(2025, 2, 26), opening=True)
    imported = {"counterpart": "YY", "shipper_batch": "UNKNOWN"}
    story.happened("RF", "ZZA1", "CORE", date(2025, 2, 27), grams(E="34840", E_U235="6880"), items=40, **imported)
    story.happened("RF", "ZZA1", "CRR", date(2025, 3, 29), grams(E="9581", E_U235="1892"), items=11, **imported)
    story.happened("LN", "ZZA1", "CORE", date(2025, 4, 29), grams(E="1371", E_U235="568"))
    found = {"CORE": grams(E="33469", E_U235="6312"), "CRR": grams(E="9581", E_U235="1892")}
    from openmpca.accounting.statements import Closing, Inventory, Listed

    day = date(2025, 5, 20)
    (inventory,) = story.state(Inventory(day=day, mba="ZZA1"))
    for (batch, weights), items in zip(found.items(), (40, 11), strict=True):
        story.state(Listed(day=day, mba="ZZA1", inventory=inventory, batch=batch, weights=weights, items=items))
    story.state(Closing(day=day, mba="ZZA1", inventory=inventory))
    lines = ledger("ZZA1", story.view())
    told = [
        (
            each.code,
            each.moved.get("", 0),
            each.moved.get("U235", 0),
            *(each.balance.get(of, 0) for of in ("", "U235", "#")),
        )
        for each in lines
    ]
    g = 1_000_000
    assert told == [
        ("OP", 0, 0, 0, 0, 0),
        ("RF", 34840 * g, 6880 * g, 34840 * g, 6880 * g, 40),
        ("RF", 9581 * g, 1892 * g, 44421 * g, 8772 * g, 51),
        ("LN", -1371 * g, -568 * g, 43050 * g, 8204 * g, 51),
        ("MF", 0, 0, 43050 * g, 8204 * g, 51),
    ]


def test_w1_the_elements_of_the_second_receipt_add_up() -> None:
    elements = [(871, 172), (861, 170), (876, 173), (866, 171), (881, 174)] * 2 + [(871, 172)]
    assert [sum(column) for column in zip(*elements, strict=True)] == [9581, 1892]


def test_w2_a_receipt_is_booked_on_the_shippers_data(story: Story) -> None:
    opening(story, "ZZA1", STORE=grams(E="10000", E_U235="300"))
    day = date(2024, 2, 10)
    story.happened("RF", "ZZA1", "CYL", day, grams(E="500", E_U235="25"), counterpart="YY/YYB1", shipper_batch="CYL")
    story.happened("DI", "ZZA1", "CYL", day, grams(E="15", E_U235="0.75"))
    assert sums(story, "ZZA1", "RF") == {"element": -500, "U235": -25}
    assert sums(story, "ZZA1", "MAIN") == {"element": 10485, "U235": 324.25}
    assert sums(story, "ZZA1", "DI") == {"element": 15, "U235": 0.75}
    taken(story, "ZZA1", date(2024, 2, 28), STORE=grams(E="10000", E_U235="300"), CYL=grams(E="485", E_U235="24.25"))
    assert sums(story, "ZZA1", "MF") == {}


def test_w3_a_physical_inventory_without_difference(story: Story) -> None:
    opening(story, "ZZB1", A=grams(E="15000", E_U235="500"))
    opening(story, "ZZC1", C=grams(E="5000", E_U235="150"))
    story.state(
        story.change("SD", "ZZC1", "C", MONTHS[0], grams(E="5000", E_U235="150"), counterpart="ZZ/ZZB1"),
        story.change(
            "RD", "ZZB1", "C", MONTHS[0], grams(E="5000", E_U235="150"), counterpart="ZZ/ZZC1", shipper_batch="C"
        ),
        story.change("SD", "ZZB1", "C", MONTHS[1], grams(E="4000", E_U235="120"), counterpart="ZZ/ZZA1"),
    )
    assert sums(story, "ZZB1", "MAIN") == {"element": 16000, "U235": 530}
    taken(story, "ZZB1", MONTHS[2], **{f"P{at}": grams(E="4000", E_U235="132.5") for at in range(4)})
    assert sums(story, "ZZB1", "MAIN") == {"element": 16000, "U235": 530}
    assert sums(story, "ZZB1", "MF") == {}


def shipped_and_taken(story: Story) -> tuple[int, int]:
    """Worked example W4; gives the numbers of the shipment and of the inventory."""
    opening(story, "ZZA1", BULK=grams(E="100000", E_U235="2000"))
    shipment = story.happened("SD", "ZZA1", "BULK", MONTHS[0], grams(E="25000", E_U235="500"), counterpart="ZZ/ZZB1")
    found = {"K1": ("25000", "500"), "K2": ("25000", "500"), "K3": ("22900", "450")}
    inventory = taken(story, "ZZA1", MONTHS[2], **{name: grams(E=u, E_U235=f) for name, (u, f) in found.items()})
    return shipment, inventory


def test_w4_muf_is_book_less_physical(story: Story) -> None:
    shipped_and_taken(story)
    assert sums(story, "ZZA1", "MAIN", MONTHS[2], phase=1) == {"element": 75000, "U235": 1500}
    assert sums(story, "ZZA1", "MAIN", MONTHS[2], phase=2) == {"element": 72900, "U235": 1450}
    assert sums(story, "ZZA1", "MF") == {"element": 2100, "U235": 50}


def test_w4_a_late_correction_moves_the_muf_and_not_the_ending(story: Story) -> None:
    shipment, _ = shipped_and_taken(story)
    before = story.view().number
    story.happened(
        "SD",
        "ZZA1",
        "BULK",
        MONTHS[0],
        grams(E="26000", E_U235="520"),
        counterpart="ZZ/ZZB1",
        corrects=shipment,
        reason="weighed again",
    )
    assert sums(story, "ZZA1", "MAIN", MONTHS[2], phase=1) == {"element": 74000, "U235": 1480}
    assert sums(story, "ZZA1", "MAIN") == {"element": 72900, "U235": 1450}
    assert sums(story, "ZZA1", "MF") == {"element": 1100, "U235": 30}
    held = story.view(number=before).balances(["ZZA1"], ["MF"])
    assert dict(held.select("nuclide", "ug").iter_rows()) == {"": 2_100_000_000, "U235": 50_000_000}


def test_w4_a_correction_of_the_listing_moves_the_ending(story: Story) -> None:
    from openmpca.accounting.statements import Listed

    _, inventory = shipped_and_taken(story)
    from openmpca.record.reading import by_kind

    third = [each.number for each in by_kind("accounting.listed")][-1]
    story.state(
        Listed(
            day=MONTHS[2],
            mba="ZZA1",
            inventory=inventory,
            batch="K3",
            weights=grams(E="24900", E_U235="490"),
            corrects=third,
            reason="a drum was missed",
        )
    )
    assert sums(story, "ZZA1", "MAIN") == {"element": 74900, "U235": 1490}
    assert sums(story, "ZZA1", "MF") == {"element": 100, "U235": 10}


def test_w5_a_small_bias_adds_up(story: Story) -> None:
    opening(story, "ZZB1", **{f"R{at}": grams(E="1000", E_U235="20") for at in range(5)})
    for at, day in enumerate(MONTHS[:5]):
        weights = grams(E="1000", E_U235="20")
        story.state(
            story.change("SD", "ZZB1", f"R{at}", day, weights, counterpart="ZZ/ZZA1"),
            story.change("RD", "ZZA1", f"R{at}", day, weights, counterpart="ZZ/ZZB1", shipper_batch=f"R{at}"),
            story.change("DI", "ZZA1", f"R{at}", day, grams(E="5", E_U235="0.1")),
        )
    assert sums(story, "ZZA1", "DI") == {"element": 25, "U235": 0.5}
    assert sums(story, "ZZA1", "MAIN") == {"element": 4975, "U235": 99.5}


def test_w6_the_ledger_books_a_correction_as_the_difference(story: Story) -> None:
    from openmpca.accounting.ledger import ledger

    others = {"counterpart": "YY", "shipper_batch": "UNKNOWN"}
    day = date(2024, 3, 5)
    first = story.happened("RF", "ZZA1", "DRUM", day, grams(N="10000"), **others)
    (second,) = story.state(
        story.change("RF", "ZZA1", "DRUM", day, grams(N="11000"), corrects=first, reason="misread", **others)
    )
    kg = 1_000_000_000
    lines = ledger("ZZA1", story.view())
    assert [(each.number, each.code, each.moved[""], each.balance[""]) for each in lines] == [
        (first, "RF", 10 * kg, 10 * kg),
        (second, "RF", 1 * kg, 11 * kg),
    ]
    assert [each.corrects for each in lines] == [None, first]


def test_a_correction_is_booked_in_the_month_in_which_it_was_stated(story: Story) -> None:
    from openmpca.accounting.ledger import ledger

    others = {"counterpart": "YY", "shipper_batch": "UNKNOWN"}
    first = story.state(story.change("RF", "ZZA1", "A", date(2024, 3, 5), grams(N="10000"), **others))[0]
    story.happened("LD", "ZZA1", "A", date(2024, 4, 5), grams(N="500"))
    fixed = story.change(
        "RF",
        "ZZA1",
        "A",
        date(2024, 3, 5),
        grams(N="11000"),
        corrects=first,
        reason="misread",
        booked=date(2024, 5, 2),
        **others,
    )
    story.state(fixed)
    by_day = [each.balance[""] // 10**9 for each in ledger("ZZA1", story.view())]
    booked = ledger("ZZA1", story.view(), by_booking=True)
    assert by_day == [10, 11, 10]
    assert [each.balance[""] / 10**9 for each in booked] == [10, 9.5, 10.5]
    assert booked[-1].booked == date(2024, 5, 2)
    assert [each.code for each in ledger("ZZA1", story.view(), since=date(2024, 4, 1))] == ["LD"]


def tonnes(text: str) -> dict[str, str]:
    whole, _, tenth = text.partition(".")
    return {"P": str(int(whole + tenth) * 100_000)}


W11 = {
    "NP": ["103.4", "0.6"],
    "RN": ["1.7"],
    "RF": ["5.7"],
    "LD": ["3.4"],
    "LN": ["1.2", "0.4"],
    "SN": ["0.1", "3.4"],
    "SF": ["0.7"],
}


def stated_w11(story: Story) -> None:
    """The published plutonium balance of the United States, 1944 to 30 September 1994, line by line."""
    from openmpca.accounting.statements import Mba

    begin, end = date(1944, 1, 1), date(1994, 9, 30)
    story.state(Mba(day=begin, code="USPU", facility="ZZF-", name="United States plutonium", follow_up=False))
    changes = [
        story.change(code, "USPU", "PU", end, tonnes(text), **({"counterpart": "XX"} if code in ("RF", "SF") else {}))
        for code, texts in W11.items()
        for text in texts
    ]
    story.state(*changes)
    taken(story, "USPU", end, PU=tonnes("99.5"))


def test_w11_a_published_national_balance_typed_in_gives_the_published_table(story: Story) -> None:
    stated_w11(story)
    t = 1_000_000  # grams of a tonne

    def of(code: str, phase: int = 3) -> float:
        return round(sums(story, "USPU", code, date(1994, 9, 30), phase).get("element", 0) / t, 1)

    acquired = -sum(of(code) for code in ("NP", "RN", "RF"))
    removed = sum(of(code) for code in ("LD", "LN", "SN", "SF"))
    assert (round(acquired, 1), round(removed, 1)) == (111.4, 9.2)
    assert of("MAIN", phase=1) == 102.2
    assert of("MAIN") == 99.5
    derived, published, rounding = of("MF"), 2.8, 0.1
    assert derived == 2.7
    assert round(published - derived, 1) == rounding


def test_a_loss_that_the_book_cannot_cover_is_recorded_with_its_reason(story: Story) -> None:
    from openmpca.record.record import Refused

    opening(story, "ZZA1", A=grams(P="10"))
    loss = story.change("LA", "ZZA1", "A", MONTHS[0], grams(P="11"))
    with pytest.raises(Refused, match="402"):
        story.state(loss)
    story.state(loss, overrides={"402": "a spill, weighed after"})
    assert story.held("ZZA1") == {"P": -1}


def test_a_balance_that_was_negative_is_not_told_again(story: Story) -> None:
    opening(story, "ZZA1", A=grams(P="10"))
    story.state(story.change("LA", "ZZA1", "A", MONTHS[0], grams(P="11")), overrides={"402": "a spill"})
    made = story.stated(story.change("GA", "ZZA1", "A", MONTHS[1], grams(P="0.5")))
    assert [each.rule for each in made.problems if 400 <= each.rule < 500] == []
