"""What one does with material, from the statements it takes to the book it makes."""

from datetime import date
from typing import Any

import pytest

from tests.accounting.story import Story, begun, grams
from tests.state import State

D = date
G = 1_000_000


@pytest.fixture
def story(state_home: State) -> Story:
    return begun()


def perform(story: Story, statements: Any, **others: Any) -> Any:
    from openmpca.accounting.preview import perform as stated

    return stated(statements, story.act, **others)


def test_w2_a_receipt_is_on_the_shippers_data_and_the_measurement_is_a_difference(each_state_home: State) -> None:
    from openmpca.accounting import operations

    story = begun()
    story.happened("RF", "ZZA1", "OLD", D(2024, 1, 1), grams(E="10000", E_U235="300"), counterpart="XX")
    due = operations.receive_from_abroad(
        "ZZA1",
        "NEW",
        "XX/XXA1",
        D(2024, 3, 1),
        {"E": 500 * G, "E/U235": 25 * G},
        measured={"E": 485 * G, "E/U235": 24_250_000},
    )
    assert [(each.code, each.weights) for each in due] == [
        ("RF", grams(E="500", E_U235="25")),
        ("DI", grams(E="15", E_U235="0.75")),
    ]
    done = perform(story, due)
    assert story.held("ZZA1") == {"E": 10485, "E/U235": 324.25}
    assert done.preview.balances.filter(nuclide="").select("before", "after").rows() == [(0, 485 * G)]


def test_w5_a_protracted_bias_sums_up_in_the_differences(story: Story) -> None:
    from openmpca.accounting import operations

    for month in range(1, 6):
        batch = f"B{month}"
        story.happened("RF", "ZZA1", batch, D(2024, month, 1), grams(E="1000", E_U235="20"), counterpart="XX")
        shipped = perform(story, operations.ship("ZZA1", batch, "ZZ/ZZB1", D(2024, month, 2), story.view()))
        measured = {"E": 995 * G, "E/U235": 19_900_000}
        perform(
            story,
            operations.receive_with_measurement(
                shipped.stated.numbers[0], D(2024, month, 3), story.view(), measured=measured
            ),
        )
    found = story.view().balances(["ZZB1"], ["DI"])
    assert dict(found.select("nuclide", "ug").iter_rows()) == {"": 25 * G, "U235": 500_000}
    assert story.held("ZZB1") == {"E": 4975, "E/U235": 99.5}
    assert story.held("ZZA1") == {}


def test_a_receipt_of_a_shipment_takes_over_its_data(story: Story) -> None:
    from openmpca.accounting import operations

    given = {"counterpart": "XX", "items": 4, "description": "BQ2F", "basis": "M", "programme": "P1"}
    story.happened("RF", "ZZA1", "B", D(2024, 1, 1), grams(E="100", E_U235="5"), **given)
    shipped = operations.ship("ZZA1", "B", "ZZ/ZZB1", D(2024, 2, 1), story.view())
    number = perform(story, shipped).stated.numbers[0]
    receipt = operations.receive_with_measurement(number, D(2024, 2, 5), story.view(), batch="OURS")[0]
    assert (receipt.mba, receipt.code, receipt.batch, receipt.shipper_batch) == ("ZZB1", "RD", "OURS", "B")
    assert (receipt.items, receipt.description, receipt.programme, receipt.counterpart) == (4, "BQ2F", "P1", "ZZ/ZZA1")
    assert [each.rule for each in perform(story, [receipt]).stated.problems if 500 <= each.rule < 600] == []


def test_a_measurement_gives_all_weights_for_blank_is_not_zero(story: Story) -> None:
    from openmpca.accounting import operations

    with pytest.raises(operations.OperationError, match="E/U235"):
        operations.receive_from_abroad("ZZA1", "B", "XX", D(2024, 1, 1), {"E": 10, "E/U235": 1}, measured={"E": 10})
    agreed = operations.receive_from_abroad("ZZA1", "B", "XX", D(2024, 1, 1), {"E": 10}, measured={"E": 10})
    assert [each.code for each in agreed] == ["RF"]
    number = story.happened("RF", "ZZA1", "B", D(2024, 1, 1), grams(E="100", E_U235="5"), counterpart="XX")
    with pytest.raises(operations.OperationError, match="no domestic shipment"):
        operations.receive_with_measurement(number, D(2024, 1, 2), story.view())


def test_split_merge_and_rebatch_conserve_mass_and_tell_parents(story: Story) -> None:
    from openmpca.accounting import operations
    from openmpca.record.known import query

    story.happened("RF", "ZZA1", "B", D(2024, 1, 1), grams(E="100", E_U235="5"), counterpart="XX", items=10)
    parts = {"B1": {"E": 40 * G, "E/U235": 2 * G, "#": 4}, "B2": {"E": 60 * G, "E/U235": 3 * G, "#": 6}}
    perform(story, operations.split("ZZA1", "B", parts, D(2024, 2, 1), story.view()))
    assert operations.contents("ZZA1", "B", story.view()) == {}
    assert operations.contents("ZZA1", "B2", story.view()) == {"#": 6, "E": 60 * G, "E/U235": 3 * G}
    perform(story, operations.merge("ZZA1", ["B1", "B2"], "M", D(2024, 3, 1), story.view()))
    perform(story, operations.rebatch("ZZA1", "M", "N", D(2024, 4, 1), story.view()))
    assert operations.contents("ZZA1", "N", story.view()) == {"#": 10, "E": 100 * G, "E/U235": 5 * G}
    import polars as pl

    edges = query("SELECT batch, parent FROM accounting_parent", [], {"b": pl.String, "p": pl.String})
    assert sorted(edges.rows()) == [("B1", "B"), ("B2", "B"), ("M", "B1"), ("M", "B2"), ("N", "M")]
    with pytest.raises(operations.OperationError, match="two batches"):
        operations.merge("ZZA1", ["N", "N"], "X", D(2024, 5, 1), story.view())
    with pytest.raises(operations.OperationError, match="at least one"):
        operations.split("ZZA1", "N", {}, D(2024, 5, 1), story.view())
    with pytest.raises(operations.OperationError, match="holds nothing"):
        operations.rebatch("ZZA1", "B1", "X", D(2024, 5, 1), story.view())


def test_the_point_of_a_merging_stands_on_what_is_merged_too(story: Story) -> None:
    from openmpca.accounting import operations

    for batch, given in (("A", {"description": "BQ2F"}), ("B", {})):
        story.happened("RF", "ZZA1", batch, D(2024, 1, 1), grams(E="1", E_U235="0.1"), counterpart="XX", **given)
    fields = {"kmp": "A", "after_cutoff": True, "description": "FG2F", "name": "NEW", "place": "R1"}
    made = operations.merge("ZZA1", ["A", "B"], "M", D(2024, 3, 1), story.view(), **fields)
    assert [(each.code, each.kmp, each.after_cutoff) for each in made] == [
        ("RM", "A", True),
        ("RM", "A", True),
        ("RP", "A", True),
    ]
    assert [(each.description, each.name, each.place) for each in made] == [
        ("BQ2F", "", ""),
        ("FG2F", "", ""),
        ("FG2F", "NEW", "R1"),
    ]


def test_a_difference_stands_on_the_side_of_the_cut_off_of_its_receipt(story: Story) -> None:
    from openmpca.accounting import operations

    given = ("ZZA1", "N", "XX", D(2024, 3, 1), {"N": 5 * G})
    made = operations.receive_from_abroad(*given, measured={"N": 4 * G}, after_cutoff=True)
    assert [(each.code, each.after_cutoff) for each in made] == [("RF", True), ("DI", True)]


def test_a_discharge_brings_the_book_to_the_weights_after(story: Story) -> None:
    from openmpca.accounting import operations

    story.happened("RF", "ZZA1", "F", D(2024, 1, 1), grams(E="2000", E_U235="90"), counterpart="XX")
    after = {"E": 1930 * G, "E/U235": 16 * G, "P": 18 * G, "P/Pu239": 11 * G}
    due = operations.discharge("ZZA1", "F", after, D(2025, 6, 30), story.view())
    assert [each.code for each in due] == ["LN", "NP"]
    assert due[0].reference_date == D(2025, 6, 30)
    perform(story, due)
    assert story.held("ZZA1") == {"E": 1930, "E/U235": 16, "P": 18, "P/Pu239": 11}
    depleted = {"E": 1900 * G, "E/U235": 9 * G, "P": 19 * G, "P/Pu239": 12 * G}
    burnt = operations.discharge("ZZA1", "F", depleted, D(2026, 6, 30), story.view())
    assert [each.code for each in burnt] == ["LN", "NP", "ED"]
    perform(story, burnt)
    assert story.held("ZZA1")["D"] == 1900


def test_a_discharge_that_makes_uranium_or_thorium_is_refused(story: Story) -> None:
    from openmpca.accounting import operations

    story.happened("RF", "ZZA1", "F", D(2024, 1, 1), grams(E="1000", E_U235="40"), counterpart="XX")
    more = {"E": 1195 * G, "E/U235": 30 * G, "P": 5 * G}
    with pytest.raises(operations.OperationError, match="E by 195 g"):
        operations.discharge("ZZA1", "F", more, D(2025, 6, 30), story.view())
    with pytest.raises(operations.OperationError, match="D by 900 g"):
        operations.discharge("ZZA1", "F", {"E": 100 * G, "E/U235": 3 * G, "D": 900 * G}, D(2025, 6, 30), story.view())
    story.happened("RF", "ZZA1", "T", D(2024, 1, 1), {"T": "1000"}, counterpart="XX")
    with pytest.raises(operations.OperationError, match="T by 1 g"):
        operations.discharge("ZZA1", "T", {"T": 1001 * G}, D(2025, 6, 30), story.view())


def test_uranium_that_thorium_breeds_is_produced(story: Story) -> None:
    from openmpca.accounting import operations

    story.happened("RF", "ZZA1", "T", D(2024, 1, 1), {"T": "1000"}, counterpart="XX")
    after = {"T": 980 * G, "E": 15 * G, "E/U233": 14 * G}
    due = operations.discharge("ZZA1", "T", after, D(2025, 6, 30), story.view())
    assert [(each.code, each.weights) for each in due] == [
        ("LN", {"T": "20"}),
        ("NP", {"E": "15", "E/U233": "14"}),
    ]


def test_a_class_that_is_one_to_the_agency_changes_by_rebatching(story: Story) -> None:
    from openmpca.accounting import operations

    story.happened("RF", "ZZA1", "F", D(2024, 1, 1), grams(HEU="100", HEU_U235="25"), counterpart="XX")
    after = {"HEU": 95 * G, "HEU/U235": 18 * G}
    due = operations.discharge("ZZA1", "F", after, D(2025, 1, 1), story.view(), scheme=("D", "N", "LEU", "HEU"))
    assert [each.code for each in due] == ["LN", "RM", "RP"]
    perform(story, due)
    assert story.held("ZZA1") == {"LEU": 95, "LEU/U235": 18}


def test_decay_is_a_nuclear_loss_with_its_reference_date(story: Story) -> None:
    from openmpca.accounting import operations

    weights = {"P": "1000", "P/Pu239": "880", "P/Pu241": "120"}
    story.happened("RF", "ZZA1", "P", D(2024, 1, 1), weights, counterpart="XX")
    due = operations.decay("ZZA1", "P", D(2024, 1, 1), D(2025, 1, 1), story.view())
    assert [(each.code, each.weights["P"], each.reference_date) for each in due] == [("LN", "5.704938", D(2025, 1, 1))]


def test_waste_and_exempted_material_go_and_come_back(story: Story) -> None:
    from openmpca.accounting import operations

    story.happened("RF", "ZZA1", "B", D(2024, 1, 1), grams(E="100", E_U235="5"), counterpart="XX")
    part = {"E": 10 * G, "E/U235": 500_000}
    for out, back, code in (
        ("retain", "retrieve", "TW"),
        ("exempt-use", "de-exempt-use", "EU"),
        ("exempt-quantity", "de-exempt-quantity", "EQ"),
    ):
        perform(story, operations.take_off(out, "ZZA1", "B", D(2024, 2, 1), story.view(), weights=part))
        assert story.view().balances(["ZZA1"], [code])["ug"].to_list() == [10 * G, 500_000]
        perform(story, operations.bring_back(back, "ZZA1", "B", D(2024, 3, 1), story.view()))
        assert story.held("ZZA1") == {"E": 100, "E/U235": 5}
    with pytest.raises(operations.OperationError, match="holds nothing there"):
        operations.bring_back("retrieve", "ZZA1", "B", D(2024, 4, 1), story.view())
    perform(story, operations.take_off("terminate", "ZZA1", "B", D(2024, 5, 1), story.view()))
    assert story.held("ZZA1") == {}


def test_w6_a_correction_moves_the_book_by_the_difference(story: Story) -> None:
    from openmpca.accounting import operations

    number = story.happened("RF", "ZZA1", "B", D(2024, 1, 1), {"N": "10000"}, counterpart="XX", description="BQ2F")
    correction = operations.correct(number, "recalibrated", {"weights": {"N": "11000"}}, story.view())
    assert correction.statement.description == "BQ2F"
    assert correction.due == []
    done = perform(story, [correction.statement], dry_run=True)
    assert done.preview.balances.select("before", "after").rows() == [(10_000 * G, 11_000 * G)]
    assert story.held("ZZA1") == {"N": 10000}, "a dry run changes nothing"
    perform(story, [correction.statement])
    assert story.held("ZZA1") == {"N": 11000}


def test_a_corrected_shipment_has_its_receipt_and_difference_corrected_as_a_pair(each_state_home: State) -> None:
    from openmpca.accounting import operations

    story = begun()
    story.happened("RF", "ZZA1", "B", D(2024, 1, 1), grams(E="1000", E_U235="50"), counterpart="XX")
    shipped = perform(story, operations.ship("ZZA1", "B", "ZZ/ZZB1", D(2024, 2, 1), story.view())).stated.numbers[0]
    measured = {"E": 995 * G, "E/U235": 49 * G}
    perform(story, operations.receive_with_measurement(shipped, D(2024, 2, 5), story.view(), measured=measured))
    found = operations.correct(shipped, "weighed again", {"weights": grams(E="998", E_U235="49.5")}, story.view())
    assert [(each.code, each.mba, each.weights) for each in found.due] == [
        ("RD", "ZZB1", grams(E="998", E_U235="49.5")),
        ("DI", "ZZB1", grams(E="3", E_U235="0.5")),
    ]
    done = perform(story, [found.statement, *found.due])
    assert [each.rule for each in done.stated.problems if each.rule in (502, 507)] == []
    assert story.held("ZZB1") == {"E": 995, "E/U235": 49}, "what the receiver measured stays"
    assert story.view().balances(None, ["SD", "RD"])["ug"].sum() == 0


def test_the_pair_of_a_shipment_corrected_alone_is_proposed_afterwards(story: Story) -> None:
    from openmpca.accounting import operations
    from openmpca.accounting.transit.board import board
    from openmpca.accounting.transit.following import proposed_corrections

    story.happened("RF", "ZZA1", "B", D(2024, 1, 1), grams(E="1000", E_U235="50"), counterpart="XX")
    shipped = perform(story, operations.ship("ZZA1", "B", "ZZ/ZZB1", D(2024, 2, 1), story.view())).stated.numbers[0]
    perform(story, operations.receive_with_measurement(shipped, D(2024, 2, 5), story.view()))
    alone = operations.correct(shipped, "weighed again", {"weights": grams(E="998", E_U235="49.5")}, story.view())
    done = perform(story, [alone.statement])
    assert 507 in [each.rule for each in done.stated.problems]
    due = proposed_corrections(done.stated.numbers[0], story.view())
    assert [each.code for each in due] == ["RD"], "nothing was measured, so no difference is due"
    perform(story, due)
    assert proposed_corrections(done.stated.numbers[0], story.view()) == []
    assert board(story.view()).open[1:] == ()


def test_lots_share_a_correction_in_proportion(story: Story) -> None:
    from openmpca.accounting import operations

    story.happened("RF", "ZZA1", "B", D(2024, 1, 1), grams(E="1000", E_U235="50"), counterpart="XX")
    shipped = perform(story, operations.ship("ZZA1", "B", "ZZ/ZZB1", D(2024, 2, 1), story.view())).stated.numbers[0]
    for batch, weights in (("B1", grams(E="400", E_U235="20")), ("B2", grams(E="600", E_U235="30"))):
        lot = operations.receive_with_measurement(shipped, D(2024, 2, 5), story.view(), batch=batch, weights=weights)
        perform(story, lot)
    found = operations.correct(shipped, "weighed again", {"weights": grams(E="500", E_U235="25")}, story.view())
    assert [(each.batch, each.weights["E"]) for each in found.due] == [("B1", "200"), ("B2", "300")]


def test_a_deletion_takes_a_statement_out(story: Story) -> None:
    from openmpca.accounting import operations

    number = story.happened("RF", "ZZA1", "B", D(2024, 1, 1), {"N": "10000"}, counterpart="XX")
    done = perform(story, operations.delete(number, "never came", story.view()))
    assert done.preview.balances.select("before", "after").rows() == [(10_000 * G, 0)]
    assert story.held("ZZA1") == {}
    with pytest.raises(operations.OperationError, match="neither"):
        operations.delete(1, "no", story.view())
    with pytest.raises(operations.OperationError, match="neither"):
        operations.correct(1, "no", {}, story.view())
    with pytest.raises(operations.OperationError, match="no such field in change"):
        operations.correct(number, "no", {"wieghts": {}}, story.view())
