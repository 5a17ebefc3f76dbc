"""Some hostile files and a moment of random ones; `trials/hostile.py` has many and takes minutes."""

import random
from pathlib import Path

import pytest

from tests.state import close_home
from trials import _hostile_files as files
from trials import _state, hostile

SOME = (
    "truncated",
    "binary",
    "UTF-32",
    "truncated workbook",
    "workbook of entities",
    "mass '1e3'",
    "mass '1,5'",
    "mass '１２３'",
)


@pytest.mark.slow
def test_hostile_files_are_told_apart_and_change_nothing(tmp_path: Path) -> None:
    _state.begin(tmp_path / "home", 3)
    try:
        chosen = [each for each in (*files.TABLES, *files.CODE10) if each.name in SOME]
        met = [hostile.meet(tmp_path / "home", each, tmp_path) for each in chosen]
        assert len(met) >= len(SOME)
        assert not [each.wrong for each in met if each.wrong]
        assert not hostile.injected(tmp_path / "home", tmp_path)
    finally:
        close_home()


def test_readers_bear_random_and_mutated_files(state_home: object, tmp_path: Path) -> None:
    report = Path(__file__).parents[1] / "formats" / "code10"
    seeds = [b"001:OI/ZZ;7#002:1/1#003:20260331#010:I#015:20260301/20260331#207:ZZA-#307:ZZA1#309:N#411:RF#"]
    seeds += [each.read_bytes()[:5000] for each in sorted(report.glob("**/*.txt"))[:5]]
    for _, count, wrong in hostile.fuzzed(0.1, random.Random("mutations"), seeds):
        assert count
        assert not wrong
