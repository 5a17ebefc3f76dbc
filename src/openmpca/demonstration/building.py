"""Building the demonstration State in a home of its own, and telling whether one is there already.

Rules kept here:

1. It is built beside its place and moved there when it is whole: what is there is never half a State.
2. Only a demonstration is ever replaced; a home that holds anything else is left alone.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from openmpca.demonstration import rules
from openmpca.demonstration.generator import whole_state
from openmpca.demonstration.player import SEED, Played, play
from openmpca.demonstration.scenario import Scenario
from openmpca.record import home
from openmpca.record.opening import make_tables, open_home
from openmpca.record.reading import stored
from openmpca.record.record import Refused, head
from openmpca.record.verify import verify

BY: Final = "ines"
Progress = Callable[[int], None]


def stands(folder: Path) -> bool:
    """Whether a demonstration stands in a folder and its record holds; it is then open. Refused where something else
    does.
    """
    if not folder.exists() or not any(folder.iterdir()):
        return False
    if not (folder / home.CONFIGURATION).exists():
        raise Refused([rules.NOT_REAL.problem(f"{folder} is no home of OpenMPCA, and it is not empty.")])
    open_home(folder)
    if not is_demonstration():
        raise Refused([rules.NOT_REAL.problem(f"{folder} is the home of a State that is no demonstration.")])
    return verify().holds


def is_demonstration() -> bool:
    """Whether the record that is open was founded as that of a demonstration."""
    return head()[0] > 0 and bool(stored(0).fields.get("demonstration"))


def build(
    folder: Path, scenario: Scenario, *, by: str = BY, seed: str = SEED, progress: Progress | None = None
) -> Played:
    """Build a State anew from a scenario; the one before, if it was a demonstration, is replaced when it is whole."""
    stands(folder)
    beside = folder.with_name(f"{folder.name}.building")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(mode=0o700, parents=True)
    (beside / home.CONFIGURATION).write_text(home.written(home.Configuration(by=by)), encoding="utf-8")
    with _open(beside):
        make_tables()
        played = play(scenario, seed=seed, progress=progress)
    if folder.exists():
        shutil.rmtree(folder)
    beside.rename(folder)
    open_home(folder)
    return played


@contextmanager
def _open(folder: Path) -> Iterator[None]:
    """A home that is closed again, so that its folder can be moved."""
    from django.db import connections

    open_home(folder)
    try:
        yield
    finally:
        connections.close_all()


def the_state(seed: str = SEED) -> Scenario:
    """The scenario of the demonstration State."""
    return whole_state(seed)
