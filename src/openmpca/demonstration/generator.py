"""The State of the demonstration: the files told by hand and the routine of its facilities, from a seed.

The routine is written as the same blocks that a person would write (`openmpca demonstration --write-scenario FOLDER`
writes all of them as files).
"""

from importlib.resources import files
from pathlib import Path
from typing import Final

from openmpca.demonstration.authority import authority
from openmpca.demonstration.fuel_plant import plant
from openmpca.demonstration.reactors import pool, unit
from openmpca.demonstration.scenario import Block, Scenario, checked, in_order, of_texts, written
from openmpca.demonstration.verbs import Verbs
from openmpca.record.record import Refused

TOLD: Final = "state"


def told() -> dict[str, bytes]:
    """The files told by hand."""
    folder = files("openmpca.demonstration") / TOLD
    named = sorted((each.name, each) for each in folder.iterdir() if each.name.endswith(".toml"))
    return {name: each.read_bytes() for name, each in named}


def routine(seed: str) -> list[Block]:
    """The blocks of the State's facilities and of its authority."""
    return [*unit(seed), *pool(seed), *plant(seed), *authority(seed)]


def whole_state(seed: str) -> Scenario:
    """Everything that happens in the demonstration State, in order. Raises `Refused` when something does not fit."""
    by_hand = of_texts(told())
    scenario = in_order([*by_hand.blocks, *routine(seed)], by_hand.titles)
    if problems := checked(scenario, Verbs()):
        raise Refused(problems)
    return scenario


def write_scenario(folder: Path, seed: str) -> list[Path]:
    """Write everything as scenario files."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {name: text.decode() for name, text in told().items()}
    by_file: dict[str, list[Block]] = {}
    for block in routine(seed):
        by_file.setdefault(block.file, []).append(block)
    texts |= {
        name: written(blocks, title=name.removesuffix(".toml").replace("-", " ")) for name, blocks in by_file.items()
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return sorted(folder / name for name in texts)
