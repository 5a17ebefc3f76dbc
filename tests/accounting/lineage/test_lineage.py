"""From which batches a batch came, and which came from it."""

from datetime import date

import pytest

from tests.accounting.story import Story, begun, grams
from tests.state import State

D = date
G = 1_000_000


@pytest.fixture
def story(each_state_home: State) -> Story:
    """B is split into B1 and B2; both, less a little, are merged into M; M goes to ZZB1 and is there called OURS."""
    from openmpca.accounting import operations

    made = begun()
    made.happened(
        "RF", "ZZA1", "B", D(2024, 1, 1), grams(E="100", E_U235="5"), counterpart="XX", shipper_batch="ABROAD"
    )
    parts = {"B1": {"E": 40 * G, "E/U235": 2 * G}, "B2": {"E": 60 * G, "E/U235": 3 * G}}
    made.state(*operations.split("ZZA1", "B", parts, D(2024, 2, 1), made.view()))
    made.state(*operations.merge("ZZA1", ["B1", "B2"], "M", D(2024, 3, 1), made.view()))
    shipped = made.state(*operations.ship("ZZA1", "M", "ZZ/ZZB1", D(2024, 4, 1), made.view()))[0]
    made.state(*operations.receive_with_measurement(shipped, D(2024, 4, 2), made.view(), batch="OURS"))
    return made


def test_ancestors_are_walked_back_to_the_import_with_their_masses(story: Story) -> None:
    from openmpca.accounting import lineage

    steps = lineage.walk("OURS", "ancestors", story.view())
    seen = [
        (each.depth, each.edge.parent, each.edge.code, (each.edge.weights or {}).get("E"), each.again) for each in steps
    ]
    assert seen == [
        (1, "M", "RD", 100 * G, False),
        (2, "B1", "RP", 40 * G, False),
        (2, "B2", "RP", 60 * G, False),
        (3, "B", "RP", 40 * G, False),
        (3, "B", "RP", 60 * G, True),
        (4, "ABROAD", "RF", 100 * G, False),
    ]


def test_descendants_are_walked_on_and_drawn_as_a_tree(story: Story) -> None:
    from openmpca.accounting import lineage

    drawn = lineage.tree("B", "descendants", story.view())
    assert [line.strip("│├└─ ").split(" ")[0] for line in drawn] == ["B", "B1", "M", "OURS", "B2", "M"]
    assert drawn[1].startswith("├─ B1  2024-02-01 ZZA1 RP 40 g E, 2 g E/U235 (statement ")
    assert drawn[-1].endswith("shown above")


def test_lineage_is_as_of_and_as_known(story: Story) -> None:
    from openmpca.accounting import lineage
    from openmpca.accounting.operations import rebatch
    from openmpca.accounting.statements import Deletion

    assert lineage.walk("M", "ancestors", story.view(D(2024, 2, 28))) == []
    out, into = story.state(*rebatch("ZZB1", "OURS", "N", D(2024, 5, 1), story.view()))
    before = story.view()
    fields = {"day": D(2024, 5, 1), "mba": "ZZB1", "reason": "another batch"}
    story.state(*(Deletion(corrects=number, **fields) for number in (into, out)))
    assert lineage.walk("N", "ancestors", story.view()) == []
    assert len(lineage.walk("N", "ancestors", before)) == 7


def test_cycles_do_not_hang(state_home: State) -> None:
    from openmpca.accounting import lineage

    story = begun()
    for day, (batch, parent) in enumerate([("A", "B"), ("B", "C"), ("C", "A")], 1):
        story.happened("GA", "ZZA1", batch, D(2024, 1, day), {"N": "1"}, parents=[parent])
    steps = lineage.walk("A", "ancestors", story.view())
    assert [(each.edge.parent, each.again) for each in steps] == [("B", False), ("C", False), ("A", True)]
    assert len(lineage.tree("A", "descendants", story.view())) == 4


def test_the_mass_from_one_of_several_parents_is_not_guessed(state_home: State) -> None:
    from openmpca.accounting import lineage

    story = begun()
    story.happened("GA", "ZZA1", "H", D(2024, 1, 1), {"N": "10"}, parents=["X", "Y"])
    assert [each.edge.weights for each in lineage.walk("H", "ancestors", story.view())] == [None, None]
    assert "mass not known" in lineage.tree("H", "ancestors", story.view())[1]
