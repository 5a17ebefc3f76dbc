"""Inventories of all areas at once."""

from datetime import date

from openmpca.accounting.inventory import taking as inventory
from openmpca.accounting.inventory.differences import inventories
from tests.accounting.inventory.area import begun
from tests.state import State


def test_the_inventories_of_all_areas_are_listed(each_state_home: State) -> None:
    story = begun()
    first = story.frozen(date(2026, 1, 31))
    second = inventory.freeze("ZZB1", date(2026, 1, 30), story.anna).numbers[0]
    assert [(each.number, each.mba) for each in inventories()] == [(second, "ZZB1"), (first, "ZZA1")]
