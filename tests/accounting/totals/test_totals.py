"""Totals of the State, by every dimension that is asked for."""

from datetime import date
from fractions import Fraction

import polars as pl
import pytest

from tests.accounting.story import Story, begun, grams
from tests.state import State

D = date
KG = 10**9


def elements(frame: pl.DataFrame, by: str) -> dict[tuple[str, str], float]:
    rows = frame.filter(pl.col("nuclide") == "").select(by, "category", "ug").iter_rows()
    return {(name, category): ug / KG for name, category, ug in rows}


def received(story: Story, batch: str, weights: dict[str, str], mba: str = "ZZA1", **fields: object) -> int:
    return story.happened("RF", mba, batch, D(2024, 1, 1), weights, counterpart="XX", **fields)


def test_totals_by_area_facility_programme_and_owner(each_state_home: State) -> None:
    from openmpca.accounting import totals

    story = begun()
    first = received(story, "A", grams(E="1000", E_U235="40"), programme="P1", owner="O1", items=3)
    received(story, "B", grams(E="2000", E_U235="80"), owner="O2")
    received(story, "C", {"P": "500", "P/Pu239": "400"}, mba="ZZB1", programme="P1")
    view = story.view()
    assert elements(totals.held(view, "mba"), "mba") == {("ZZA1", "E"): 3, ("ZZB1", "P"): 0.5}
    assert elements(totals.held(view, "facility"), "facility") == {("ZZF-", "E"): 3, ("ZZF-", "P"): 0.5}
    assert elements(totals.held(view, "programme"), "programme") == {("", "E"): 2, ("P1", "E"): 1, ("P1", "P"): 0.5}
    assert elements(totals.held(view, "owner"), "owner") == {("", "P"): 0.5, ("O1", "E"): 1, ("O2", "E"): 2}
    assert elements(totals.held(view, "batch", ["ZZB1"]), "batch") == {("C", "P"): 0.5}
    assert totals.held(view).filter(nuclide="#")["ug"].to_list() == [3]
    story.happened(
        "RF",
        "ZZA1",
        "A",
        D(2024, 1, 1),
        grams(E="1000", E_U235="40"),
        counterpart="XX",
        owner="O2",
        corrects=first,
        reason="o",
    )
    assert elements(totals.held(story.view(), "owner"), "owner") == {("", "P"): 0.5, ("O2", "E"): 3}
    assert elements(totals.held(view, "owner"), "owner")["O1", "E"] == 1, "as known before the correction"


def test_totals_by_holder_follow_the_tree_of_places(state_home: State) -> None:
    from openmpca.accounting import totals
    from openmpca.accounting.statements import Holder, Place, Placement

    story, day = begun(), D(2024, 1, 1)
    story.state(
        Holder(day=day, mba="ZZA1", code="HOSPITAL", name="General hospital"),
        Place(day=day, mba="ZZA1", code="HOSPITAL", name="General hospital"),
        Place(day=day, mba="ZZA1", code="CELLAR", name="Cellar", within="HOSPITAL"),
        Place(day=day, mba="ZZA1", code="HALL", name="Hall"),
    )
    received(story, "A", {"D": "3000"}, place="CELLAR")
    received(story, "B", {"D": "1000"})
    assert elements(totals.held(story.view(), "holder"), "holder") == {("", "D"): 1, ("HOSPITAL", "D"): 3}
    story.state(Placement(day=D(2024, 2, 1), mba="ZZA1", batch="A", place="HALL"))
    assert elements(totals.held(story.view(), "holder"), "holder") == {("", "D"): 4}


def test_quantities_are_summed_batch_by_batch(state_home: State) -> None:
    from openmpca.accounting.quantities import quantities

    story = begun()
    received(story, "PU", {"P": "4000"})
    received(story, "LEU", {"E": "1000000", "E/U235": "49500"})
    found = quantities(story.view())
    assert found.significant == Fraction(1, 2) + Fraction(49_500, 75_000)
    assert found.effective_kg == Fraction(645025, 100_000)
    assert found.unknown == []


def test_section_37_worked_example_is_live(each_state_home: State) -> None:
    from openmpca.accounting import operations
    from openmpca.accounting.quantities import exemptions

    story = begun()
    batches = {
        "PU": {"P": "200"},
        "HEU": grams(E="300", E_U235="270"),
        "LEU": grams(E="10000", E_U235="400"),
    }
    for batch, weights in batches.items():
        received(story, batch, weights)
        story.state(*operations.take_off("exempt-quantity", "ZZA1", batch, D(2024, 2, 1), story.view()))
    found = exemptions(story.view())
    assert found.total.special / KG == Fraction(55, 100)
    assert found.limits().row(0) == ("special", "Special fissionable material, weighted", 550_000_000, KG)
    assert (found.problems, found.unknown) == ([], [])
    assert sorted(set(found.quantity["batch"])) == ["HEU", "LEU", "PU"]
    story.state(*operations.bring_back("de-exempt-quantity", "ZZA1", "HEU", D(2024, 3, 1), story.view()))
    assert exemptions(story.view()).total.special / KG == Fraction(28, 100)
    assert exemptions(story.view(D(2024, 2, 15))).total.special / KG == Fraction(55, 100)


def test_more_than_a_limit_is_a_warning(state_home: State) -> None:
    from openmpca.accounting import operations
    from openmpca.accounting.quantities import exemptions

    story = begun()
    received(story, "T", {"T": "20000001"})
    story.state(*operations.take_off("exempt-quantity", "ZZA1", "T", D(2024, 2, 1), story.view()))
    assert [(each.rule, each.field) for each in exemptions(story.view()).problems] == [(482, "thorium")]


def test_every_gram_of_the_state_is_somewhere(state_home: State) -> None:
    from openmpca.accounting import operations, totals

    story, part = begun(), {"E": KG // 10, "E/U235": KG // 250}
    for batch in "ABCD":
        received(story, batch, grams(E="1000", E_U235="40"))
    story.state(*operations.take_off("retain", "ZZA1", "A", D(2024, 2, 1), story.view(), weights=part))
    story.state(*operations.take_off("exempt-use", "ZZA1", "B", D(2024, 2, 1), story.view(), weights=part))
    story.state(*operations.ship("ZZA1", "C", "ZZ/ZZB1", D(2024, 2, 1), story.view()))
    found = totals.of_state(story.view())
    assert {
        where: ug / KG for where, nuclide, ug in found.select("where", "nuclide", "ug").iter_rows() if not nuclide
    } == {
        "inventory": 2.8,
        "transit": 1,
        "retained_waste": 0.1,
        "exempted_use": 0.1,
    }
    waste = totals.of_group(story.view(), "retained_waste")
    assert waste.row(0) == ("ZZA1", "A", "E", "", KG // 10)


def test_the_national_summary_counts_by_organisation_kind_class_programme_and_owner(state_home: State) -> None:
    from openmpca.accounting import totals

    story = begun()
    for batch, u235 in (("A", "40"), ("B", "45"), ("C", "197.5")):
        received(story, batch, grams(E="1000", E_U235=u235), programme="P1", items=2)
    received(story, "N", {"N": "5000"})
    found = totals.summary(story.view()).drop("organisation", "owner")
    assert found.rows() == [
        ("E", "up-to-20", "P1", KG, 197_500_000, 2, 1),
        ("E", "up-to-5", "P1", 2 * KG, 85_000_000, 4, 2),
        ("N", "natural", "", 5 * KG, 0, 0, 1),
    ]
    assert totals.summary(story.view())["organisation"].unique().to_list() == ["ZZF-"]


@pytest.mark.parametrize(
    ("category", "weights", "of"),
    [
        ("E", {"E": 100, "E/U235": 25}, "high"),
        ("E", {"E": 100}, "unknown"),
        ("D", {"D": 100}, "below-natural"),
        ("D", {"D": 100_000, "D/fissile": 300}, "below-natural"),
        ("P", {"P": 100}, ""),
        ("Np237", {"Np237": 100}, ""),
    ],
)
def test_a_class_goes_by_enrichment(category: str, weights: dict[str, int], of: str) -> None:
    from openmpca.accounting.totals import enrichment_class

    assert enrichment_class(category, weights) == of
