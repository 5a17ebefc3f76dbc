"""Three kills of a small import; `trials/kills.py` does twenty of a large one."""

import random
from pathlib import Path

import pytest

from trials import _state, kills

COUNT = 6_000


@pytest.mark.long
def test_an_import_that_is_killed_leaves_all_or_nothing(tmp_path: Path) -> None:
    from tests.state import close_home

    home = kills.Sqlite(tmp_path / "home")
    table = tmp_path / "changes.csv"
    _state.write_changes(table, COUNT, kills.AREAS, kills.YEARS)
    close_home()
    before, wrong = kills.examined(home.folder)
    assert not wrong
    chance = random.Random("three kills")
    for share in (0.3, 0.6, 0.9):
        found = kills.kill(home.folder, table, share * 6 * chance.uniform(0.9, 1.1), before, COUNT)
        assert found.left in ("nothing", "all")
        assert not found.wrong
        if found.left == "all":
            home.put_back()
    assert kills.undisturbed(home.folder, table) > 0
    assert kills.examined(home.folder) == (before + COUNT, "")
