"""Some random tampering with a small State; `trials/tampering.py` does hundreds of it with the demonstration State."""

import random
from pathlib import Path

from tests.state import State
from trials import _state, tampering


def small(folder: Path) -> tampering.Kept:
    from openmpca.accounting.importing.tables import Source, import_table

    _state.begin(folder, 5)
    _state.write_changes(folder / "changes.csv", 500, 5, 2)
    import_table(Source(folder / "changes.csv", "change"), _state.act())
    return tampering.Kept(folder)


def test_what_is_tampered_with_is_named(state_home: State, tmp_path: Path) -> None:
    home, chance = small(tmp_path / "small"), random.Random("tampering")
    told = [tampering.unnamed(home, tamper, chance)[1] for tamper in tampering.IN_RECORD for _ in range(2)]
    told += [tampering.unnamed(home, tampering.derived, chance)[1] for _ in range(8)]
    assert not [each for each in told if each]


def test_a_consistent_forgery_is_named_by_a_checkpoint_alone(state_home: State, tmp_path: Path) -> None:
    home, chance = small(tmp_path / "small"), random.Random("forgery")
    assert not [
        told for forge in (tampering.cut, tampering.rewritten) if (told := tampering.forged(home, forge, chance))
    ]
